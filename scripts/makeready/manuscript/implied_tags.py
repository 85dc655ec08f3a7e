"""End tags that HTML lets an author leave out, and the start tags that imply them.

Source: HTML, 13.1.2.4, optional tags.
"""

from __future__ import annotations

from collections.abc import Sequence

from makeready.manuscript.allowed_html import BLOCKS

OPTIONAL = frozenset(
    {
        *("li", "dt", "dd", "p", "rt", "rp", "option", "optgroup"),
        *("caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"),
    }
)
_CELLS = frozenset({"td", "th", "p"})
_ROWS = _CELLS | {"tr", "caption", "colgroup"}
_CLOSED_BY = {
    "li": frozenset({"li", "p"}),
    **dict.fromkeys(("dt", "dd"), frozenset({"dt", "dd", "p"})),
    **dict.fromkeys(("td", "th"), _CELLS),
    "tr": _ROWS,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _ROWS | {"thead", "tbody", "tfoot"}),
    "colgroup": frozenset({"caption", "colgroup"}),
    "option": frozenset({"option"}),
    "optgroup": frozenset({"option", "optgroup"}),
    **dict.fromkeys(("rt", "rp"), frozenset({"rt", "rp"})),
}
_CLOSES_PARAGRAPH = BLOCKS - OPTIONAL | {"p"} | {"fieldset", "form"}
_PARAGRAPH = frozenset({"p"})


def implied_ends(open_tags: Sequence[str], start_tag: str) -> int:
    """Return how many of the open elements, the innermost last, a start tag closes."""
    closed_tags = _CLOSED_BY.get(start_tag)
    if closed_tags is None:
        closed_tags = _PARAGRAPH if start_tag in _CLOSES_PARAGRAPH else frozenset()
    count = 0
    for depth, tag in enumerate(reversed(open_tags), 1):
        if tag not in OPTIONAL:
            break
        if tag in closed_tags:
            count = depth
    return count
