r"""Breaks that a text asks for between pages, in the spellings of other tools.

``\newpage``, ``\pagebreak``, ``\clearpage`` of LaTeX, and ``\mainmatter``, which begins one, also
as text of that format; ``{pagebreak}``
of Markua and Leanpub; ``{{< pagebreak >}}`` of Quarto; in HTML a style, ``page-break-after:
always``, or the class ``page-break``. The block after a break gets the class ``new-page``.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from makeready.book.model import Element
from makeready.manuscript.allowed_html import INLINES, NEW_PAGE, PAGE_BREAK
from makeready.manuscript.parse_run import line_text
from makeready.manuscript.sanitise import remove_element

_COMMAND = (
    r"\\(?:newpage|pagebreak|clearpage|cleardoublepage|(?:front|main|back)matter)"
    r"(?:\{\}|\[[0-4]\])?"
)
_MARK = re.compile(
    rf"(?:{_COMMAND}|\{{pagebreak\}}|\{{\{{[<%][ \t]*pagebreak[ \t]*[>%]\}}\}}"
    rf"|`{_COMMAND}`\{{=(?:la)?tex\}})[ \t]*"
)
_RAW_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*\{=(?:la)?tex\}[ \t]*")
_RAW_LINE = re.compile(rf"(?:[ \t]*{_COMMAND})+[ \t]*")
_MOST_RAW_LINES = 6
_IN_TABLES = frozenset({"caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"})


def new_page(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line that asks for a new page."""
    text = line_text(state, start)
    if text[:1] not in {"\\", "{", "`", "~"} or state.is_code_block(start):
        return False
    if _MARK.fullmatch(text):
        stop = start + 1
    elif fence := _RAW_FENCE.fullmatch(text):
        stop = _end_of_raw_text(state, start, end, fence[1])
    else:
        return False
    if stop > start and not silent:
        token = state.push("page_break_open", "div", 1)
        token.map, token.attrs = [start, stop], {"class": PAGE_BREAK}
        state.push("page_break_close", "div", -1)
        state.line = stop
    return stop > start


def _end_of_raw_text(state: StateBlock, start: int, end: int, fence: str) -> int:
    """Return the line after a fence that contains nothing but breaks; else its first line."""
    found = False
    for line in range(start + 1, min(end, start + _MOST_RAW_LINES)):
        text = line_text(state, line)
        if text.startswith(fence) and not text.strip(fence[0] + " \t"):
            return line + 1 if found else start
        if text and not _RAW_LINE.fullmatch(text):
            return start
        found = found or bool(text)
    return start


def mark_new_pages(tree: Element) -> None:
    """Give the blocks after breaks their class, and remove the breaks that are blocks."""
    marks = [element for element in tree.iter() if PAGE_BREAK in _classes(element)]
    # From the last one on: of several breaks in a row, the first is before the block itself.
    for mark in reversed(marks):
        _begin_page(_block_after(mark, tree))
        _remove_class(mark)
        parent = mark.getparent()
        if parent is None or len(mark) or (mark.text or "").strip():
            continue
        if (mark.tail or "").strip():
            remove_element(mark)
        else:
            parent.remove(mark)
    first = next(iter(tree), None)
    if first is not None:
        # The section begins a page itself.
        _remove_class(first, NEW_PAGE)


def _block_after(mark: Element, tree: Element) -> Element | None:
    element: Element | None = mark
    while element is not None and element is not tree:
        following = element.getnext() if element.tag not in INLINES else None
        if following is not None and following.tag not in _IN_TABLES:
            return following
        element = element.getparent()
    return None


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _begin_page(block: Element | None) -> None:
    if block is not None:
        block.set("class", " ".join(dict.fromkeys([*_classes(block), NEW_PAGE])))


def _remove_class(element: Element, name: str = PAGE_BREAK) -> None:
    names = [n for n in _classes(element) if n != name]
    if names:
        element.set("class", " ".join(names))
    else:
        element.attrib.pop("class", "")
