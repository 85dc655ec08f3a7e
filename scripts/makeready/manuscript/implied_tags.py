"""End tags that HTML lets an author leave out, and the start tags that imply them.

Source: HTML, 13.1.2.4, optional tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from makeready.manuscript.allowed_html import BLOCKS, HTML_VOID
from makeready.manuscript.source import Lines

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
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>")
_PARAGRAPH_TAG = re.compile(r"<(/?)[pP](?=[\s>])")
_STARTS = re.compile(rf"[ ]{{0,3}}<(?:{'|'.join(sorted(OPTIONAL))})[\s>]", re.IGNORECASE)


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


def close_at_blank_lines(lines: Lines) -> Lines:
    """Return the lines with the end tags of HTML that a blank line ends.

    Otherwise the parser takes the text after a paragraph without an end tag for a part of it.
    """
    if not any("<" in text and _STARTS.match(text) for text in lines.text):
        return lines
    text = list(lines.text)
    start = 0
    for end in [*(i for i, line in enumerate(text) if not line), len(text)]:
        if start < end and _STARTS.match(text[start]):
            unclosed = _unclosed_tags("\n".join(text[start:end]))
            if unclosed and not _ends_later(text, end):
                text[end - 1] += "".join(f"</{tag}>" for tag in reversed(unclosed))
        start = end + 1
    return Lines(text, lines.origin)


def _unclosed_tags(markup: str) -> list[str]:
    """Return the tags that are open at the end of HTML, if their end tags may be left out."""
    stack: list[str] = []
    for match in _TAG.finditer(markup):
        tag = match[2].lower()
        if tag in HTML_VOID or tag not in BLOCKS or match[0].endswith("/>"):
            continue
        if not match[1]:
            stack.append(tag)
        elif tag in stack:
            while stack.pop() != tag:
                pass
        else:
            # It ends an element that is around this one.
            return []
    return stack if OPTIONAL.issuperset(stack) else []


def _ends_later(text: Sequence[str], start: int) -> bool:
    """Return whether the next tag of a paragraph is an end tag."""
    for line in text[start:]:
        if "<" in line and (match := _PARAGRAPH_TAG.search(line)):
            return bool(match[1])
    return False
