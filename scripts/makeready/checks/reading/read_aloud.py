"""What a screen reader says of a tagged PDF, in order, with the role of each part.

It is taken from the structure tree and from the marked content only: what is in no tag is not
said. Spaces are those in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pikepdf

from makeready.checks.reading.tagged_document import TaggedDocument, read_tagged_document
from makeready.pdf_content.structure_tree import GROUPS, Element, MarkedContent, text_of
from makeready.wording import counted

_INLINE = frozenset(
    {"Span", "Quote", "Reference", "BibEntry", "Code", "Link", "Annot", "Em", "Strong", "Sub"}
    | {"Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Lbl"}
)
_PICTURES = frozenset({"Figure", "Formula"})
_TEXT_HOLDERS = _INLINE | {"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "Title"}
_TRANSPARENT = frozenset(
    {"Document", "DocumentFragment", "Div", "NonStruct", "Private", "LBody"}
    | {"THead", "TBody", "TFoot"}
)
"""Groups of which nothing is said."""
_WITHOUT_LINES = GROUPS - {"TOCI"}
"""Types with blocks in them, and no text of their own."""
_WITH_FIRST_PARAGRAPH = frozenset({"LBody", "LI", "TD", "TH", "TOCI", "Note", "FENote"})
"""Types with their text in a first paragraph, which is said with them."""
_KINDS = {
    "": "element",
    "P": "paragraph",
    "L": "list",
    "LI": "item",
    "TR": "row",
    "TH": "header cell",
    "TD": "cell",
    "TOC": "contents",
    "TOCI": "entry",
    "Sect": "section",
    "Art": "article",
    "BlockQuote": "quotation",
    "FENote": "note",
    "BibEntry": "bibliography entry",
    "Span": "text",
    "Em": "text",
    "Strong": "text",
    "Sub": "text",
    "Lbl": "label",
    "Form": "form field",
}
_BRACKETED = {"Link": "link", "Annot": "annotation", "Quote": "quote", "Figure": "figure"}
_BRACKETED["Formula"] = "formula"
_ASIDE = "Aside"
"""A type of PDF 2.0, which in PDF 1.7 is mapped to a group of which nothing is said."""
_SOFT_HYPHEN = "\u00ad"
_TABLE_GROUPS = frozenset({"THead", "TBody", "TFoot"})
_MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class Spoken:
    """A part of a book as it is said; ``page`` counts from 0, None where it is not known.

    ``kind`` is its role in words, with the size of a list or table in ``size``; ``tag`` is the one
    in the file. ``depth`` is how deep it is in parts that are said too; ``is_empty`` is one with
    neither text nor parts.
    """

    depth: int
    kind: str
    tag: str
    text: str
    page: int | None = None
    level: int = 0
    size: str = ""
    language: str | None = None
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """A file as a screen reader says it. ``unread_pages``, from 0, have content in no tag."""

    title: str
    language: str
    labels: tuple[str, ...]
    parts: tuple[Spoken, ...]
    unread_pages: tuple[int, ...]


def read_aloud(pdf: pikepdf.Pdf) -> ReadAloud | None:
    """Return what a screen reader says of a PDF; None if it has no tags."""
    document = read_tagged_document(pdf)
    if document is None:
        return None
    language = text_of(pdf.Root.get("/Lang")) or ""
    unread = (number for number, page in enumerate(document.contents.pages) if page.has_unmarked)
    return ReadAloud(
        text_of(pdf.docinfo.get("/Title")) or "",
        language,
        tuple(page.label for page in pdf.pages) if "/PageLabels" in pdf.Root else (),
        tuple(_Speaker(document, language).parts()),
        tuple(unread),
    )


class _Pending(NamedTuple):
    element: Element
    depth: int
    language: str


class _Lines:
    """Which elements of a tree are in a line of text."""

    def __init__(self, elements: list[Element]) -> None:
        self._inline: set[Element] = set()
        self._with_blocks: set[Element] = set()
        self.simple_rows: set[Element] = set()
        for element in elements:
            self._find_inline(element)
        # Those in an element come after it.
        for element in reversed(elements):
            self._find_blocks(element)

    def _find_inline(self, element: Element) -> None:
        awaits_paragraph = element.role in _WITH_FIRST_PARAGRAPH
        for kid in element.elements:
            if self._begins_inline(kid, element):
                self._inline.add(kid)
            elif awaits_paragraph:
                awaits_paragraph = False
                if kid.role in ("P", "Div"):
                    self._inline.add(kid)

    def _begins_inline(self, kid: Element, parent: Element) -> bool:
        is_in_line = parent in self._inline and parent.role not in _WITH_FIRST_PARAGRAPH
        holds_text = is_in_line or parent.role in _TEXT_HOLDERS
        if kid.role in _PICTURES or kid.role in ("NonStruct", "Private"):
            return holds_text
        if kid.role == "LBody":
            return parent.role == "LI"
        return kid.role in _INLINE and (is_in_line or parent.role not in _WITHOUT_LINES)

    def _find_blocks(self, element: Element) -> None:
        if any(kid not in self._inline or kid in self._with_blocks for kid in element.elements):
            self._with_blocks.add(element)
        if element.role == "TR" and all(
            cell.role in ("TH", "TD") and cell not in self._with_blocks for cell in element.elements
        ):
            self.simple_rows.add(element)

    def is_inline(self, element: Element) -> bool:
        """Return whether an element is in a line of the text around it."""
        return element in self._inline

    def has_blocks(self, element: Element) -> bool:
        """Return whether an element has parts that are said by themselves."""
        return element in self._with_blocks

    def blocks(self, element: Element) -> Iterator[Element]:
        """Yield the elements in an element that are said by themselves."""
        stack = element.elements[::-1]
        while stack:
            kid = stack.pop()
            if kid in self._inline:
                stack.extend(kid.elements[::-1])
            else:
                yield kid


class _Speaker:
    def __init__(self, document: TaggedDocument, language: str) -> None:
        self._document = document
        self._language = language
        self._lines = _Lines(document.elements)

    def parts(self) -> Iterator[Spoken]:
        stack = [_Pending(top, 0, self._language) for top in reversed(self._document.tree.tops)]
        while stack:
            element, depth, outer = stack.pop()
            text = self._own_text(element)
            if _is_said(element) or text:
                yield self._part(element, depth, text, _said_language(element, outer))
                depth += 1
            is_whole = element.actual_text is not None or element.role in _PICTURES
            if not is_whole and element not in self._lines.simple_rows:
                inner = element.language or outer
                blocks = list(self._lines.blocks(element))
                stack.extend(_Pending(kid, depth, inner) for kid in reversed(blocks))

    def _part(self, element: Element, depth: int, text: str, language: str | None) -> Spoken:
        is_heading = element.level or element.role == "H"
        role = _ASIDE if element.tag == _ASIDE else element.role
        if role == "P" and element.kids and _is_code(element):
            role = "Code"
        kind = "heading" if is_heading else _KINDS.get(role, role.lower())
        return Spoken(
            depth,
            kind if _is_said(element) else "text",
            element.tag,
            text,
            self._document.page_of.get(element),
            element.level,
            _size_of(element),
            language,
            is_empty=not text and not self._lines.has_blocks(element),
        )

    def _own_text(self, element: Element) -> str:
        """Return the text of an element, without the blocks in it."""
        if element.actual_text is not None:
            return _plain(element.actual_text)
        if element.role in _PICTURES:
            return _plain(element.alt or "")
        if element in self._lines.simple_rows:
            return " | ".join(map(self._cell_text, element.elements))
        pieces: list[str] = []
        # The language around an inline element matters only for elements in the same line.
        stack: list[tuple[object, str]] = [(kid, "") for kid in reversed(element.kids)]
        while stack:
            kid, around = stack.pop()
            if isinstance(kid, str):
                pieces.append(kid)
            elif isinstance(kid, MarkedContent):
                marked = self._document.marked_text(kid)
                pieces.append(marked.text if marked else "")
            elif isinstance(kid, Element) and self._lines.is_inline(kid):
                before, after = _around(kid, around)
                pieces.append(before)
                stack.append((after, around))
                if kid.actual_text is not None or kid.role in _PICTURES:
                    pieces.append(kid.actual_text or kid.alt or "")
                else:
                    inner = kid.language or around
                    stack.extend((one, inner) for one in reversed(kid.kids))
        return _plain("".join(pieces))

    def _cell_text(self, cell: Element) -> str:
        text = self._own_text(cell)
        return f"[header] {text}".rstrip() if cell.role == "TH" else text


def _is_said(element: Element) -> bool:
    """Return whether something is said of an element besides its text."""
    return element.role not in _TRANSPARENT or element.tag == _ASIDE


def _is_code(paragraph: Element) -> bool:
    return all(isinstance(kid, Element) and kid.role == "Code" for kid in paragraph.kids)


def _said_language(element: Element, outer: str) -> str | None:
    language = element.language
    return language if language and language.casefold() != outer.casefold() else None


def _around(element: Element, language: str) -> tuple[str, str]:
    """Return what is said before and after an element in a line."""
    words = []
    if element.role in _BRACKETED:
        words.append(_BRACKETED[element.role])
    if shown := _said_language(element, language):
        words.append(shown)
    after = f" ({element.expansion})" if element.expansion else ""
    if element.role == "Lbl":
        after += " "
    if not words:
        return "", after
    return f"[{' '.join(words)}: ", f"]{after}"


def _size_of(element: Element) -> str:
    """Return the size of a list, a table of contents or a table."""
    if element.role == "L":
        return counted(sum(kid.role == "LI" for kid in element.elements), "item")
    if element.role == "TOC":
        return counted(sum(kid.role == "TOCI" for kid in element.elements), "entry", "entries")
    if element.role == "Table":
        rows = list(rows_of(element))
        columns = max((sum(map(_columns, row.elements)) for row in rows), default=0)
        return f"{counted(len(rows), 'row')} and {counted(columns, 'column')}"
    return ""


def rows_of(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those in its head, bodies and foot too."""
    for kid in table.elements:
        if kid.role == "TR":
            yield kid
        elif kid.role in _TABLE_GROUPS:
            yield from (row for row in kid.elements if row.role == "TR")


def _columns(cell: Element) -> int:
    span = cell.attributes.get("ColSpan", 1)
    return span if isinstance(span, int) and 0 < span < _MOST_COLUMNS else 1


def _plain(text: str) -> str:
    return " ".join(text.replace(_SOFT_HYPHEN, "").split())
