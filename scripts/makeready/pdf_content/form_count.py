"""How many forms a page paints, counting a form each time that it is painted.

Ten forms that each paint the next one ten times are 10¹⁰ forms. Programs that paint them one by one
never end, so that such a page has to be found before it is given to any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf

from makeready.pdf_content.resources import entries, entry

MOST_FORMS = 200_000
"""Far more forms than any page needs, and few enough to be painted in seconds."""

_Key = tuple[int, int]


class _Content(NamedTuple):
    """A page or a form, with the resources that its operators name."""

    stream: Any
    resources: Any

    @property
    def key(self) -> _Key:
        number, generation = self.stream.objgen
        return number, generation


class FormCounter:
    """A count of the forms on the pages of one PDF, which reads a form once."""

    def __init__(self) -> None:
        self._painted: dict[_Key, list[tuple[_Content, int]]] = {}
        self._counts: dict[_Key, int] = {}

    def count(self, page: pikepdf.Page) -> int:
        """Return how many forms a page paints, at most one more than `MOST_FORMS`.

        A form that paints itself counts once, as programs stop there. Where no form can paint
        another there are no more than the page itself paints: that counts as none.
        """
        if not any(map(_may_paint_forms, _forms(page.resources))):
            return 0
        root = _Content(page.obj, page.resources)
        pending = [root]
        while pending:
            content = pending[-1]
            if content.key in self._counts:
                pending.pop()
            elif content.key in self._painted:
                pending.pop()
                self._counts[content.key] = self._sum(content)
            else:
                painted = list(_painted_forms(content))
                self._painted[content.key] = painted
                pending += [form for form, _ in painted if form.key not in self._painted]
        return self._counts[root.key]

    def _sum(self, content: _Content) -> int:
        painted = self._painted[content.key]
        count = sum(times * (1 + self._counts.get(form.key, 0)) for form, times in painted)
        return min(count, MOST_FORMS + 1)


def _may_paint_forms(form: Any) -> bool:
    """Return whether a form names forms; one without resources takes those around it."""
    resources = entry(form, "/Resources")
    return resources is None or any(True for _ in _forms(resources))


def _forms(resources: Any) -> Iterator[Any]:
    for named in entries(resources, "/XObject"):
        if named.get("/Subtype") == "/Form":
            yield named


def _painted_forms(content: _Content) -> Iterator[tuple[_Content, int]]:
    """Yield the forms that a page or a form paints, each with how often."""
    names: Counter[Any] = Counter()
    for instruction in pikepdf.parse_content_stream(content.stream, "Do"):
        if instruction.operands and isinstance(instruction.operands[-1], pikepdf.Name):
            names[instruction.operands[-1]] += 1
    for name, times in names.items():
        form = entry(content.resources, "/XObject", name)
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form":
            resources = form.get("/Resources", content.resources)
            yield _Content(form, resources), times
