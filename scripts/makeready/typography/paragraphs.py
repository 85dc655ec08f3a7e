"""The lines of a text block parted into paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from makeready.typography.lines import Line
from makeready.typography.text_block import TextBlock

Paragraph = list[Line]

_INDENT_EM = 0.6
"""A line that begins farther in than this begins a paragraph."""
_NEXT_LINE = 1.3
"""A line farther below the one before than so many leadings begins a paragraph."""
_PAGE_TOP = 1.5
"""A page whose text begins lower than so many leadings begins something new."""
_ENDS_OF_SENTENCES = frozenset(".!?…:;”’»\"'")


def paragraphs_of(block: TextBlock) -> list[Paragraph]:
    """Return the paragraphs of the text in its size: by indents, space, and lines that end early.

    What is in another size, such as notes and headings, is left out, and parts paragraphs.
    """
    paragraphs: list[Paragraph] = []
    before: Line | None = None
    for line, is_parted in _body_lines(block):
        if before is None or is_parted or _begins(block, before, line):
            paragraphs.append([])
        paragraphs[-1].append(line)
        before = line
    return paragraphs


def _body_lines(block: TextBlock) -> Iterator[tuple[Line, bool]]:
    """Yield the lines of the text, and whether others part each from the one before it."""
    for page in block.pages:
        body = set(map(id, page.body))
        is_parted = is_begun = False
        for line in page.lines:
            if id(line) not in body:
                is_parted = is_begun
                continue
            yield line, is_parted
            is_parted, is_begun = False, True


def _begins(block: TextBlock, before: Line, line: Line) -> bool:
    if before.page == line.page:
        if before.baseline - line.baseline > _NEXT_LINE * block.leading_pt:
            return True
    elif block.top - line.baseline > _PAGE_TOP * block.leading_pt:
        return True
    if not block.is_full(before):
        return True
    # Left and right pages have other margins.
    indent = line.left - block.main_left(line)
    before_indent = before.left - block.main_left(before)
    if indent - before_indent > _INDENT_EM * block.size_pt:
        return True
    # A paragraph of one full line, and another one: or the lines of an indented list.
    is_indented = min(indent, before_indent) > _INDENT_EM * block.size_pt
    return is_indented and before.text[-1] in _ENDS_OF_SENTENCES
