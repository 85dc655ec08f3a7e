"""The words of a text at the ends of its lines: hyphens, and spaces that are not in the file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from makeready.checks.reading.tagged_document import TaggedDocument
from makeready.checks.tagged_pdf.reported import Reporter
from makeready.pdf_content.structure_tree import GROUPS, Element, MarkedContent, ObjectId

_HYPHEN = "\u2010"
_INLINE = frozenset(
    {"Span", "Quote", "Reference", "BibEntry", "Link", "Em", "Strong", "Sub", "Annot", "NonStruct"}
)
_WITHOUT_LINES = frozenset({"Code", "Figure", "Formula"})
_WITH_SPACES = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "ARMENIAN", "GEORGIAN")
"""Scripts whose words have spaces between them."""
_LEAST_LINE_ENDS = 3
"""So few may be long words and addresses that are divided."""


@dataclass(frozen=True, slots=True)
class _LineEnd:
    """The end of a line and the beginning of the next one, in one block."""

    before: str
    after: str
    page: int | None


def check_words(document: TaggedDocument, report: Reporter) -> None:
    """Report hyphens of divided words that are read as hyphens, and words that run together."""
    hyphens: list[_LineEnd] = []
    joined: list[_LineEnd] = []
    parted = 0
    for end in _line_ends(document):
        if end.before.endswith(_HYPHEN) and _is_letter(end.after[:1]):
            hyphens.append(end)
        elif end.before[-1:].isspace() or end.after[:1].isspace():
            parted += 1
        elif _is_letter(end.before[-1:]) and _is_letter(end.after[:1]):
            joined.append(end)
    if hyphens:
        first = hyphens[0]
        report.of_text("ACC-060", _sample(first), first.page, count=len(hyphens))
    if len(joined) >= _LEAST_LINE_ENDS and len(joined) > parted:
        first = joined[0]
        report.of_text("ACC-061", _sample(first), first.page, count=len(joined))


@lru_cache(maxsize=10_000)
def _is_letter(character: str) -> bool:
    name = unicodedata.name(character, "") if character.isalpha() else ""
    return name.startswith(_WITH_SPACES)


def _sample(end: _LineEnd) -> str:
    return f"{end.before[-30:]}{end.after[:30]}"


def _line_ends(document: TaggedDocument) -> Iterator[_LineEnd]:
    """Yield the ends of the lines of all blocks but code and pictures."""
    blocks: dict[Element, Element | None] = {}
    for element in document.elements:
        blocks[element] = _block_of(element, blocks)
    last: tuple[Element, ObjectId, float, float, str] | None = None
    for element, kid in _contents(document):
        block = blocks[element]
        marked = document.marked_text(kid)
        if block is None or marked is None or marked.lines is None:
            last = None if block is None else last
            continue
        page = document.page_numbers.get(kid.page)
        first_line, last_line = marked.lines
        text = marked.text
        follows = last is not None and last[:2] == (block, kid.holder)
        if last is not None and follows and abs(last[2] - first_line) > last[3] / 2:
            yield _LineEnd(last[4], text, page)
        yield from (_LineEnd(before, after, page) for before, after in marked.line_ends)
        last = (block, kid.holder, last_line, marked.size, text)


def _block_of(element: Element, blocks: dict[Element, Element | None]) -> Element | None:
    """Return the block whose lines an element is in; None in code, pictures, what is replaced."""
    parent = element.parent
    if element.role in _WITHOUT_LINES or element.actual_text is not None:
        return None
    if parent is None:
        return element
    is_in_line = element.role in _INLINE and (parent.role not in GROUPS or parent.role in _INLINE)
    return blocks[parent] if is_in_line or blocks[parent] is None else element


def _contents(document: TaggedDocument) -> Iterator[tuple[Element, MarkedContent]]:
    """Yield the marked content of all elements in the order of reading."""
    stack: list[tuple[Element, object]] = [(top, top) for top in reversed(document.tree.tops)]
    while stack:
        owner, kid = stack.pop()
        if isinstance(kid, MarkedContent):
            yield owner, kid
        elif isinstance(kid, Element):
            stack.extend((kid, one) for one in reversed(kid.kids))
