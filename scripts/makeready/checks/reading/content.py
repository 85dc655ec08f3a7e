"""All that pages paint with: themselves, and the forms, patterns and images that they show.

Objects of structure are left unread: a long book has a hundred thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

_DIRECT = (0, 0)
_KINDS = pikepdf.Dictionary | pikepdf.Stream


class Visited:
    """Objects that were met before; one that stands within another never was."""

    def __init__(self) -> None:
        self._places: set[tuple[int, int]] = set()

    def again(self, item: Any) -> bool:
        """Tell whether an object was met before, and remember it."""
        place = item.objgen
        if place in self._places:
            return True
        if place != _DIRECT:
            self._places.add(place)
        return False


def painted(pages: Iterable[pikepdf.Page]) -> Iterator[tuple[Any, Any]]:
    """Yield pages and what they show, each once, with its resources.

    A form may show itself.
    """
    met = Visited()
    queue: list[tuple[Any, Any]] = []
    for page in pages:
        queue.append((page.obj, page.resources))
        queue += [(shown, entry(shown, "/Resources")) for shown in appearances(page)]
    while queue:
        holder, resources = queue.pop()
        if not isinstance(holder, _KINDS) or met.again(holder):
            continue
        yield holder, resources
        if isinstance(resources, pikepdf.Dictionary) and not met.again(resources):
            queue += [(shown, entry(shown, "/Resources")) for shown in _shown(resources)]


def appearances(page: pikepdf.Page) -> Iterator[Any]:
    """Yield what the annotations of a page look like: a form each, or one for each state."""
    for annotation in page.obj.get("/Annots", ()):
        shown = entry(annotation, "/AP", "/N")
        if isinstance(shown, pikepdf.Stream):
            yield shown
        elif isinstance(shown, pikepdf.Dictionary):
            yield from (state for _, state in shown.items() if isinstance(state, pikepdf.Stream))


def _shown(resources: Any) -> Iterator[Any]:
    for family in ("/XObject", "/Pattern", "/Font"):
        yield from entries(resources, family)
    for state in entries(resources, "/ExtGState"):
        yield entry(state, "/SMask", "/G")


def entry(dictionary: Any, *keys: str) -> Any:
    """Return what stands under the keys, one inside the other, or None."""
    for key in keys:
        if not isinstance(dictionary, _KINDS):
            return None
        dictionary = dictionary.get(key)
    return dictionary


def entries(resources: Any, family: str) -> list[Any]:
    """Return the resources of a family that are dictionaries or streams."""
    held = entry(resources, family)
    if not isinstance(held, pikepdf.Dictionary):
        return []
    return [value for _, value in held.items() if isinstance(value, _KINDS)]
