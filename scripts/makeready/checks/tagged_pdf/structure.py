"""The tags of headings, lists, tables, contents, pictures and notes, and how they nest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from makeready.checks.reading.tagged_document import TaggedDocument, elements_of_role
from makeready.checks.tagged_pdf.reported import Reporter
from makeready.pdf_content.structure_tree import Element

_ALLOWED = {
    "L": frozenset({"LI", "L", "Caption"}),
    "LI": frozenset({"Lbl", "LBody"}),
    "TOC": frozenset({"TOC", "TOCI", "Caption"}),
    "TOCI": frozenset({"Lbl", "Reference", "NonStruct", "P", "TOC"}),
    "Table": frozenset({"TR", "THead", "TBody", "TFoot", "Caption"}),
    "THead": frozenset({"TR"}),
    "TBody": frozenset({"TR"}),
    "TFoot": frozenset({"TR"}),
    "TR": frozenset({"TH", "TD"}),
}
"""The types allowed in lists, tables and contents (ISO 32000-1, tables 333, 336 and 337)."""
_AROUND = {
    "LI": frozenset({"L"}),
    "LBody": frozenset({"LI"}),
    "TOCI": frozenset({"TOC"}),
    "TR": frozenset({"Table", "THead", "TBody", "TFoot"}),
    "THead": frozenset({"Table"}),
    "TBody": frozenset({"Table"}),
    "TFoot": frozenset({"Table"}),
    "TH": frozenset({"TR"}),
    "TD": frozenset({"TR"}),
}
_RULES = {
    **dict.fromkeys(("L", "LI", "LBody"), "ACC-051"),
    **dict.fromkeys(("Table", "THead", "TBody", "TFoot", "TR", "TH", "TD"), "ACC-052"),
    **dict.fromkeys(("TOC", "TOCI"), "ACC-053"),
}
_MAY_BE_EMPTY = frozenset({"TH", "TD", "NonStruct", "Private", "Artifact"})
_ROW_GROUPS = frozenset({"THead", "TBody", "TFoot"})
_MOST_SPAN = 1000
_MOST_CELLS = 1_000_000


def check_structure(document: TaggedDocument, report: Reporter) -> None:
    """Check the elements of the structure tree."""
    _check_headings(document, report)
    for element in document.elements:
        _check_nesting(element, report)
        if not element.kids and element.role not in _MAY_BE_EMPTY:
            report.of_element("ACC-058", element, tag=element.tag)
        if element.role == "Figure" and not _has_words(element):
            report.of_element("ACC-056", element)
        elif element.role == "Formula" and not _has_words(element):
            report.of_element("ACC-057", element)
    _check_notes(document, report)
    _check_tables(document, report)


def _has_words(element: Element) -> bool:
    """Return whether a picture has an alternative text, or a text that replaces it."""
    return bool((element.alt or "").strip()) or element.actual_text is not None


def _check_headings(document: TaggedDocument, report: Reporter) -> None:
    """Report headings that are deeper than the one before by more than one level."""
    level, unnumbered, numbered = 0, None, None
    for element in document.elements:
        if element.role == "H":
            unnumbered = unnumbered or element
        if not element.level:
            continue
        numbered = element
        if element.level > level + 1:
            before = f"after level {level}" if level else "and it is the first heading"
            report.of_element("ACC-049", element, level=element.level, before=before)
        level = element.level
    if unnumbered is not None and numbered is not None:
        report.of_element("ACC-050", unnumbered)


def _check_nesting(element: Element, report: Reporter) -> None:
    allowed = _ALLOWED.get(element.role)
    if allowed is not None:
        for kid in element.kids:
            if not isinstance(kid, Element):
                problem = "has text or a picture outside its parts"
            elif kid.role in allowed or kid.role in ("", "Artifact"):
                continue
            else:
                problem = f"has a {kid.tag} in it"
            report.of_element(_RULES[element.role], element, tag=element.tag, problem=problem)
            break
    around = _AROUND.get(element.role)
    outer = element.parent.role if element.parent is not None else "the document"
    # Faults inside a list or a table are reported there.
    if around is not None and outer and outer not in around and outer not in _ALLOWED:
        problem = f"is in {outer}, and not in {' or '.join(sorted(around))}"
        report.of_element(_RULES[element.role], element, tag=element.tag, problem=problem)


def _check_notes(document: TaggedDocument, report: Reporter) -> None:
    notes = list(elements_of_role(document, "Note", "FENote"))
    counts = Counter(note.id for note in notes)
    for note in notes:
        if not note.id:
            report.of_element("ACC-059", note, reason="has no ID")
        elif counts[note.id] > 1:
            report.of_element("ACC-059", note, reason=f"has the ID “{note.id}” of another")


def _check_tables(document: TaggedDocument, report: Reporter) -> None:
    for table in elements_of_role(document, "Table"):
        rows = list(_rows(table))
        if not any("Headers" in cell.attributes for row in rows for cell in row.elements):
            for row in rows:
                for cell in row.elements:
                    if cell.role == "TH" and "Scope" not in cell.attributes:
                        report.of_element("ACC-054", cell)
        if (widths := _uneven(rows)) is not None:
            report.of_element("ACC-055", table, least=widths[0], most=widths[1])


def _rows(table: Element) -> Iterator[Element]:
    for kid in table.elements:
        if kid.role == "TR":
            yield kid
        elif kid.role in _ROW_GROUPS:
            yield from (row for row in kid.elements if row.role == "TR")


def _uneven(rows: list[Element]) -> tuple[int, int] | None:
    """Return the fewest and the most columns of a table's rows; None where all have as many.

    A cell that spans rows counts in each of them.
    """
    widths = [0] * len(rows)
    cells = 0
    for number, row in enumerate(rows):
        for cell in row.elements:
            columns, height = _span(cell, "ColSpan"), _span(cell, "RowSpan")
            for below in range(number, min(number + height, len(rows))):
                widths[below] += columns
                cells += 1
            if cells > _MOST_CELLS:
                return None
    least, most = min(widths, default=0), max(widths, default=0)
    return (least, most) if least != most else None


def _span(cell: Element, name: str) -> int:
    span = cell.attributes.get(name, 1)
    return span if isinstance(span, int) and 0 < span <= _MOST_SPAN else 1
