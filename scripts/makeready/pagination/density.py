"""Estimates of how many lines and pages a book takes in a type size, without typesetting it.

The lines of each block are counted from its letters and their widths in the font for text, and the
heights of what is not text from the rules of ``print.css``. What the estimate cannot know are the
heights of images, and where pages end early for a heading or a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import uharfbuzz
from lxml import etree

from makeready.book.model import Book, Section
from makeready.fonts import Font
from makeready.pagination.imposition import impose
from makeready.pagination.page_geometry import PageGeometry
from makeready.printers.padding import padding_of
from makeready.printers.print_job import PrintJob

_OPENER_LINES, _GROUP_LINES = 8.0, 14.0
_INDENT_EM = 1.25
_BLANK_LINES = {"h2": 2.0, "h3": 1.0, "h4": 1.0, "h5": 1.0, "h6": 1.0, "hr": 2.0}
"""The empty lines around a block, of those that have some of their own."""

_WITH_BLANKS = frozenset({"blockquote", "ul", "ol", "dl", "table", "figure", "pre"})
_TEXT = frozenset({"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_IMAGE_LINES, _FORMULA_LINES = 14.0, 2.3
_CODE_LEADING, _CODE_EM = 1.4, 0.6
_CONTENTS_LINES, _INDEX_LINES = 1.5, 0.4
_PAGE_END_SHARE = 0.985
"""The share of its lines that a page has on average, as paragraphs and headings are kept whole."""

_CLOSER = 1.02
"""How many more letters a line has than their widths say: they are kerned, and words divided."""

_WITHOUT_LETTER_EM = 0.55


@dataclass(frozen=True, slots=True)
class Density:
    """How densely a book is set in a type size; all but ``lines`` are estimates.

    ``words`` are those of a page that is full of text, ``pages`` with the blank ones.
    """

    size_pt: float
    leading_pt: float
    lines: int
    letters: float
    words: int
    pages: int


def density_of(book: Book, job: PrintJob, geometry: PageGeometry, fonts: Iterable[Font]) -> Density:
    """Return the density of an edition of a book with pages of a geometry."""
    text = [str(t) for s in book.sections for tree in _trees(s) for t in tree.itertext()]
    counts = Counter(letter for part in text for letter in " ".join(part.split()))
    letter_em = mean_width_em(counts, next(iter(fonts)))
    letters = geometry.measure_pt / geometry.size_pt / letter_em * _CLOSER
    page = _Page(geometry, letters, letter_em)
    lines = {section.name: page.lines_of(section, book) for section in book.sections}
    pages = {
        name: max(1, ceil(count / (geometry.line_count * _PAGE_END_SHARE)))
        for name, count in lines.items()
    }
    imposed = impose(job.edition.chapters_open, book.sections, pages, padding_of(job))
    words = sum(len(part.split()) for part in text)
    in_word = sum(counts.values()) / max(1, words)
    return Density(
        size_pt=geometry.size_pt,
        leading_pt=geometry.leading_pt,
        lines=geometry.line_count,
        letters=letters,
        words=round(letters * geometry.line_count * page.fullness / max(1.0, in_word)),
        pages=imposed.page_count,
    )


def mean_width_em(counts: Counter[str], font: Font) -> float:
    """Return the mean width of letters in a font, in ems; the letters come with their numbers."""
    face = uharfbuzz.Face(uharfbuzz.Blob(font.path.read_bytes()))
    shown = uharfbuzz.Font(face)
    width, number = 0.0, 0
    for letter, count in counts.items():
        glyph = shown.get_nominal_glyph(ord(letter))
        em = shown.get_glyph_h_advance(glyph) / face.upem if glyph else _WITHOUT_LETTER_EM
        width, number = width + em * count, number + count
    return width / number if number else _WITHOUT_LETTER_EM


def _trees(section: Section) -> tuple[etree._Element, ...]:
    return section.tree, *(note.tree for note in section.notes)


class _Page:
    """A page with lines of ``letters``; `fullness` is the share of the lines that is filled."""

    def __init__(self, geometry: PageGeometry, letters: float, letter_em: float) -> None:
        self._geometry, self._letters, self._letter_em = geometry, letters, letter_em
        self._full, self._lines = 0.0, 0.0

    @property
    def fullness(self) -> float:
        return self._full / self._lines if self._lines else 1.0

    def lines_of(self, section: Section, book: Book) -> float:
        """Return how many lines a section takes, its notes too."""
        if section.kind.name == "toc":
            return _OPENER_LINES + _CONTENTS_LINES * len(book.sections)
        if section.kind.layout == "index":
            return _OPENER_LINES + _INDEX_LINES * len(list(section.tree.iter()))
        if section.kind.display:
            return 1.0
        opener = _GROUP_LINES if section.kind.layout == "part" else _OPENER_LINES
        note_lines = self._notes(section)
        return (opener if section.has_title else 0.0) + self._blocks(section.tree) + note_lines

    def _notes(self, section: Section) -> float:
        geometry = self._geometry
        note_em = geometry.type.note_em
        leading = geometry.type.note_leading_pt * geometry.scale / geometry.leading_pt
        letters = self._letters / note_em
        return sum(ceil(_letters_in(note.tree) / letters) * leading for note in section.notes)

    def _blocks(self, tree: etree._Element, indented_em: float = 0.0) -> float:
        """Return the lines of the blocks of a tree; those of a quotation are shorter."""
        lines = 0.0
        children = [child for child in tree if isinstance(child.tag, str)]
        for child in children:
            tag = etree.QName(child).localname
            if tag == "pre":
                lines += self._code(child) + 2
            elif tag == "table":
                lines += self._table(child) + 2
            elif tag == "figure" and child.find(".//img") is not None:
                lines += _IMAGE_LINES + 2
            elif tag in _TEXT and not any(_is_block(inner) for inner in child):
                lines += self._paragraph(child, indented_em) + _BLANK_LINES.get(tag, 0.0)
            elif tag == "hr":
                lines += 1 + _BLANK_LINES[tag]
            else:
                deeper = indented_em + (2 * _INDENT_EM if tag == "blockquote" else 0.0)
                deeper += _INDENT_EM if tag in ("ul", "ol", "dd") else 0.0
                lines += self._blocks(child, deeper) + (1.0 if tag in _WITH_BLANKS else 0.0)
        # The empty lines after one block and before the next are one.
        tags = [etree.QName(child).localname for child in children]
        return lines + sum(
            tag in _WITH_BLANKS and after not in _WITH_BLANKS for tag, after in pairwise(tags)
        )

    def _paragraph(self, element: etree._Element, indented_em: float) -> float:
        if element.find(".//math") is not None and not _letters_in(element):
            return _FORMULA_LINES
        letters = self._letters - indented_em / self._letter_em
        count = _letters_in(element) + _INDENT_EM / self._letter_em
        lines = max(verse_lines(element), ceil(count / max(letters, 10.0)), 1.0)
        self._lines, self._full = self._lines + lines, self._full + count / self._letters
        return lines

    def _code(self, element: etree._Element) -> float:
        geometry = self._geometry
        code = "".join(map(str, element.itertext())).rstrip("\n").split("\n")
        letters = geometry.measure_pt / (geometry.code_pt * _CODE_EM)
        lines = sum(max(1, ceil(len(line) / letters)) for line in code)
        return lines * geometry.code_pt * _CODE_LEADING / geometry.leading_pt

    def _table(self, element: etree._Element) -> float:
        lines = 0.0
        for row in element.iter("tr"):
            cells = [max(1, _letters_in(cell)) for cell in row]
            # Columns are as wide as their cells need.
            room = self._letters * 0.85
            lines += 1 if sum(cells) <= room else ceil(sum(cells) / room * 1.15)
        return lines


def verse_lines(paragraph: etree._Element) -> int:
    """Return how many lines of verse a paragraph has, 0 if it is none."""
    is_verse = any(
        "verse" in (outer.get("class") or "").split() for outer in paragraph.iterancestors("div")
    )
    return 1 + len(list(paragraph.iter("br"))) if is_verse else 0


def _is_block(element: etree._Element) -> bool:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    return name in _TEXT or name in _WITH_BLANKS or name == "div"


def _letters_in(element: etree._Element) -> int:
    return len(" ".join("".join(map(str, element.itertext())).split()))
