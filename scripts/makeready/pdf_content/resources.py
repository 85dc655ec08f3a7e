"""The objects that pages are painted with: themselves, and their forms, patterns and images.

Objects of structure are left unread: a long book has a hundred thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

_DIRECT = (0, 0)
_DICTIONARIES = pikepdf.Dictionary | pikepdf.Stream


class VisitedObjects:
    """The indirect objects that were read before; a direct one counts as new every time."""

    def __init__(self) -> None:
        self._ids: set[tuple[int, int]] = set()

    def seen_before(self, item: Any) -> bool:
        """Return whether an object was asked about before, and remember it."""
        object_id = item.objgen
        if object_id in self._ids:
            return True
        if object_id != _DIRECT:
            self._ids.add(object_id)
        return False


def painting_objects(pages: Iterable[pikepdf.Page]) -> Iterator[tuple[Any, Any]]:
    """Yield pages and the objects they can paint with, each once, with its resources.

    A form may name itself among its resources.
    """
    visited = VisitedObjects()
    queue: list[tuple[Any, Any]] = []
    for page in pages:
        queue.append((page.obj, page.resources))
        queue += [(form, entry(form, "/Resources")) for form in appearances(page)]
    while queue:
        holder, resources = queue.pop()
        if not isinstance(holder, _DICTIONARIES) or visited.seen_before(holder):
            continue
        yield holder, resources
        if isinstance(resources, pikepdf.Dictionary) and not visited.seen_before(resources):
            queue += [(named, entry(named, "/Resources")) for named in _named(resources)]


def appearances(page: pikepdf.Page) -> Iterator[Any]:
    """Yield the appearance forms of a page's annotations: one each, or one for each state."""
    for annotation in page.obj.get("/Annots", ()):
        normal = entry(annotation, "/AP", "/N")
        if isinstance(normal, pikepdf.Stream):
            yield normal
        elif isinstance(normal, pikepdf.Dictionary):
            yield from (form for _, form in normal.items() if isinstance(form, pikepdf.Stream))


def _named(resources: Any) -> Iterator[Any]:
    """Yield the objects that resources name and that may paint, or hold what paints."""
    for category in ("/XObject", "/Pattern", "/Font"):
        yield from entries(resources, category)
    for state in entries(resources, "/ExtGState"):
        yield entry(state, "/SMask", "/G")


def entry(dictionary: Any, *keys: Any) -> Any:
    """Return the value under the keys, each inside the one before; None where one is missing.

    A key is a name, as text or as content gives it; anything else is missing.
    """
    for key in keys:
        if not isinstance(dictionary, _DICTIONARIES) or not isinstance(key, str | pikepdf.Name):
            return None
        dictionary = dictionary.get(key)
    return dictionary


def entries(resources: Any, category: str) -> list[Any]:
    """Return the resources of a category that are dictionaries or streams."""
    named = entry(resources, category)
    if not isinstance(named, pikepdf.Dictionary):
        return []
    return [value for _, value in named.items() if isinstance(value, _DICTIONARIES)]


def name_text(name: Any) -> str:
    """Return a name or number as text; a name that is no UTF-8 as it is written in the file."""
    try:
        return str(name)
    except UnicodeDecodeError:
        written: bytes = name.unparse()
        return written.decode("ascii")
