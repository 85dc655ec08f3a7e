"""Numbers and anchors of the whole book: sections, headings, figures, tables, ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import PurePosixPath

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.labels import numbered
from makeready.book.model import BOOK_FILE, Anchor, Element
from makeready.book.slugs import slug_of
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import GIVEN_NUMBER, HEADING_MARK, HEADINGS, LISTING
from makeready.manuscript.anchor_names import AnchorNames
from makeready.manuscript.anchors import names_of
from makeready.manuscript.caption_numbers import SaidNumber, take_number
from makeready.manuscript.draft import Draft
from makeready.manuscript.figures import NUMBER, classes
from makeready.manuscript.formulas import EQUATION, ROW_NUMBER, TAG
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.section_numbers import group_label, number_sections
from makeready.manuscript.statement_kinds import SOLUTION, UNNUMBERED
from makeready.manuscript.statement_numbers import (
    LABEL_CLASS,
    number_statement,
    statement_kind,
    title_of_statement,
)
from makeready.manuscript.structure import plain_text
from makeready.manuscript.subfigures import LETTER
from makeready.manuscript.subtables import TABLE_GROUP

_CAPTIONS = {"figure": "figcaption", "table": "caption"}
_MAX_SLUG = 60
_NUMERAL = re.compile(r"[IVXLCDM]+|[A-Z]")
# XML Namespaces 1.0, NCName, of the letters that all reading systems take.
_VALID_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_RESERVED = re.compile(r"-(?:title|note-\d+|noteref-\d+(?:-\d+)?|figure-[\w.:-]+)")


def number_book(
    drafts: list[Draft], config: BookConfig, findings: Findings
) -> tuple[dict[str, Anchor], AnchorNames]:
    """Set all numbers, and the ids of headings; return the anchors of the book and their names."""
    labels = config.labels
    typed_titles = {draft.name: draft.title for draft in drafts}
    number_sections(drafts, config, findings)
    anchors: dict[str, Anchor] = {}
    for draft in drafts:
        number = draft.numeral or (str(draft.number) if draft.number is not None else "")
        within = group_label(draft.within, labels)
        anchors[draft.name] = Anchor(
            draft.name, draft.name, draft.kind.name, number, draft.title, within
        )
    registry = _AnchorRegistry(anchors, AnchorNames(anchors), findings)
    for draft in drafts:
        line = source_line(draft.title_tree)
        registry.sections[draft.name] = SourceLocation(draft.path or BOOK_FILE, line)
    counts: dict[tuple[str, str], Counter[str]] = {}
    captions = config.numbering.get("captions", "")
    for draft in drafts:
        registry.add_section(draft)
        prefix = _caption_prefix(draft, by_chapter=captions == "chapter")
        group = draft.within.name if draft.within is not None else ""
        numbers = _CaptionNumbers(prefix, counts.setdefault((group, prefix), Counter()), labels)
        statements = counts.setdefault((group, "statement"), Counter())
        of_statements = prefix.removesuffix(".") if captions else _prefix(draft)
        # Labels change the trees that they are put into.
        for element in [e for tree in draft.trees for e in tree.iter()]:
            numbers.number_captioned(element)
            numbers.number_equation(element)
            number_statement(element, of_statements, statements, labels)
            registry.add(element, draft)
    _number_solutions(drafts, registry)
    _assign_heading_ids(drafts, typed_titles, anchors, registry.names)
    for draft in drafts:
        for file in draft.files:
            registry.names.add_file(draft.name, file, _start_of(file, draft, anchors))
    return anchors, registry.names


def _prefix(draft: Draft) -> str:
    """Return what the numbers in a section begin with: its own, in letters or numerals."""
    if draft.number is None:
        return ""
    return draft.numeral if _NUMERAL.fullmatch(draft.numeral) else str(draft.number)


def _number_solutions(drafts: list[Draft], registry: _AnchorRegistry) -> None:
    """Give each solution the number of what it solves, by which references name it."""
    for draft in drafts:
        for element in (e for tree in draft.trees for e in tree.iter("div")):
            link = element.find(f".//span[@class='{LABEL_CLASS}']/a")
            anchor = registry.anchors.get(element.get("id") or "")
            kind = statement_kind(element)
            if link is None or anchor is None or kind is None or kind.name != SOLUTION:
                continue
            file = draft.file_at(source_line(element))
            found = registry.names.find(file, (link.get("href") or "").removeprefix("#"))
            if len(found) == 1:
                number = registry.anchors[found[0]].number
                registry.anchors[anchor.id] = replace(anchor, kind=SOLUTION, number=number)


def _caption_prefix(draft: Draft, *, by_chapter: bool) -> str:
    """Return what stands before the numbers of a section's captions: “A.” in Appendix A."""
    kind, prefix = draft.kind.name, _prefix(draft)
    is_by_section = kind == "appendix" or (by_chapter and kind == "chapter")
    return f"{prefix}." if prefix and is_by_section else ""


@dataclass(frozen=True, slots=True)
class _CaptionNumbers:
    """Numbers captions and formulas of a section; ``counts`` are those of the kinds before."""

    prefix: str
    counts: Counter[str]
    labels: dict[str, str]

    def _next(self, kind: str) -> str:
        self.counts[kind] += 1
        return f"{self.prefix}{self.counts[kind]}"

    def number_captioned(self, element: Element) -> None:
        """Set the number of a figure, table or listing with a caption."""
        tag = str(element.tag)
        caption = element.find(_CAPTIONS[tag]) if tag in _CAPTIONS else None
        kind = _kind_of_captioned(element)
        given = str(element.attrib.pop(GIVEN_NUMBER, ""))
        is_subfigure = element.get(LETTER) is not None
        is_unnumbered = kind == LISTING and UNNUMBERED in classes(element)
        if caption is None or is_subfigure or is_unnumbered:
            return
        said = SaidNumber(given) if given else take_number(caption, kind)
        number = said.number or self._next(kind)
        if number.isdecimal() and not self.prefix:
            self.counts[kind] = max(self.counts[kind], int(number))
        element.set(NUMBER, number)
        for part in element.iter("figure", "table"):
            if letter := part.get(LETTER):
                part.set(NUMBER, f"{number}{letter}")
        label = etree.Element("span", {"class": "label"})
        label.text = f"{numbered(self.labels, kind, number)}{said.aside}."
        is_block = len(caption) and not caption.text and caption[0].tag == "p"
        target = caption[0] if is_block else caption
        if len(target) or target.text:
            label.tail = f" {target.text or ''}"
        target.text = None
        target.insert(0, label)

    def number_equation(self, element: Element) -> None:
        """Set the number of a displayed formula that has an id, or that its author gave it."""
        if element.tag == "span" and ROW_NUMBER in classes(element):
            self._number_row(element)
            return
        if element.tag != "div" or EQUATION not in classes(element):
            return
        number = str(element.attrib.pop(TAG, ""))
        if element.find("math") is None:
            return
        first_row = element.find(f"span[@class='{ROW_NUMBER}']")
        if first_row is not None:
            # The id of the whole is that of its first row that has a number.
            next_number = f"{self.prefix}{self.counts[EQUATION] + 1}"
            element.set(NUMBER, str(first_row.get(TAG) or next_number))
            element.set("class", f"{element.get('class')} numbered")
            return
        if not (number or element.get("id")):
            return
        element.set("class", f"{element.get('class')} numbered")
        number = number or self._next(EQUATION)
        element.set(NUMBER, number)
        etree.SubElement(element, "span", {"class": "equation-number"}).text = f"({number})"

    def _number_row(self, element: Element) -> None:
        """Set the number of a row of a displayed formula."""
        number = str(element.attrib.pop(TAG, "")) or self._next(EQUATION)
        element.set(NUMBER, number)
        element.set("class", f"equation-number {ROW_NUMBER}")
        element.text = f"({number})"


@dataclass(slots=True)
class _AnchorRegistry:
    """Adds the ids of elements to a book's anchors and names.

    ``sections`` are the locations of sections by their names, ``locations`` those of other names
    by file and name, ``equations`` those of the labels of equations.
    """

    anchors: dict[str, Anchor]
    names: AnchorNames
    findings: Findings
    sections: dict[str, SourceLocation] = field(default_factory=dict)
    locations: dict[tuple[str, str], SourceLocation] = field(default_factory=dict)
    equations: dict[tuple[str, str], SourceLocation] = field(default_factory=dict)

    def add_section(self, draft: Draft) -> None:
        """Add the ids of a section's title, which are further names of the section."""
        for name, line in draft.names:
            self._add_name(draft, name, draft.name, SourceLocation(draft.path, line))

    def add(self, element: Element, draft: Draft) -> None:
        """Add the ids of an element; give it an id that is unique in the book and valid."""
        names = names_of(element)
        if not names:
            return
        first = names[0]
        is_free = first not in self.anchors and not _is_reserved(first, draft.name)
        anchor = (
            first
            if is_free and _VALID_ID.fullmatch(first)
            else make_anchor(draft.name, first, "anchor", self.anchors)
        )
        location = SourceLocation(draft.path, source_line(element))
        is_equation = bool({EQUATION, ROW_NUMBER} & set(classes(element)))
        add = self._add_equation if is_equation else self._add_name
        new = [name for name in names if add(draft, name, anchor, location)]
        if not new:
            # An EPUB with an id twice is not valid; references lead to the first.
            element.attrib.pop("id", "")
            return
        element.set("id", anchor)
        number, title = element.get(NUMBER, ""), _title_of(element)
        within = self.anchors[draft.name].within if number else ""
        self.anchors[anchor] = Anchor(
            anchor, draft.name, _anchor_kind(element), number, title, within
        )

    def _add_equation(self, draft: Draft, name: str, anchor: str, location: SourceLocation) -> bool:
        """Add the label of an equation; report one that another in its file has.

        Equations have names of their own: a heading or figure may be called the same.
        """
        file = draft.file_at(location.line or 1)
        first = self.equations.get((file, name))
        if first is not None:
            self.findings.add("REF-007", location, id=name, first=first)
            return False
        self.equations[file, name] = location
        self.names.add_equation(file, name, anchor)
        return True

    def _add_name(self, draft: Draft, name: str, anchor: str, location: SourceLocation) -> bool:
        """Add a name; report one that its file has already, or that is that of a section."""
        if name == anchor == draft.name:
            return True
        file = draft.file_at(location.line or 1)
        first = self.sections.get(name) or self.locations.get((file, name))
        if first is not None:
            self.findings.add("REF-007", location, id=name, first=first)
            return False
        self.locations[file, name] = location
        self.names.add(file, name, anchor)
        return True


def _anchor_kind(element: Element) -> str:
    tag = str(element.tag)
    if tag in HEADINGS:
        return "heading"
    if {EQUATION, ROW_NUMBER} & set(classes(element)) and element.get(NUMBER):
        return EQUATION
    statement = statement_kind(element)
    if statement is not None and element.get(NUMBER):
        return statement.name
    is_numbered = tag in _CAPTIONS and element.get(NUMBER)
    return _kind_of_captioned(element) if is_numbered else "other"


def _kind_of_captioned(element: Element) -> str:
    if TABLE_GROUP in classes(element):
        return "table"
    return LISTING if LISTING in classes(element) else str(element.tag)


def _title_of(element: Element) -> str:
    """Return the title of an anchor: the text of a heading, or of a caption without its label."""
    tag = str(element.tag)
    if ROW_NUMBER in classes(element):
        return ""
    if tag in HEADINGS or tag in {"dt", "span"}:
        return plain_text(element)
    if statement_kind(element) is not None:
        return title_of_statement(element)
    if tag == "aside":
        title = element.find("p[@class='callout-title']")
        return "" if title is None else plain_text(title)
    caption = element.find(_CAPTIONS[tag]) if tag in _CAPTIONS else None
    if caption is None:
        return ""
    label = caption.find(".//span[@class='label']")
    labels = plain_text(caption)
    return labels.removeprefix(plain_text(label)).strip() if label is not None else labels


def _assign_heading_ids(
    drafts: list[Draft],
    typed_titles: dict[str, str],
    anchors: dict[str, Anchor],
    names: AnchorNames,
) -> None:
    """Give each heading without an id one made from its section's name and its text.

    Those that are paragraphs in callouts and tabs are named after the others. A title is found by
    its ``typed_titles`` too, with the number that it is typed with.
    """
    for draft in drafts:
        file = draft.file_at(source_line(draft.title_tree))
        names.add_heading(file, draft.title, draft.name)
        if typed_titles[draft.name] != draft.title:
            names.add_heading(file, typed_titles[draft.name], draft.name)
        in_callouts = [p for p in draft.tree.iter("p") if p.get(HEADING_MARK) is not None]
        for heading in [*draft.tree.iter(*HEADINGS[1:]), *in_callouts]:
            title = plain_text(heading)
            if not heading.get("id"):
                anchor = make_anchor(draft.name, title, "heading", anchors)
                heading.set("id", anchor)
                anchors[anchor] = Anchor(anchor, draft.name, "heading", "", title)
            file = draft.file_at(source_line(heading))
            names.add_heading(file, title, str(heading.get("id")))


def _start_of(file: str, draft: Draft, anchors: dict[str, Anchor]) -> str:
    """Return the id of where a file of a section begins, that of its first block.

    One that is listed gets an id for it; an included file is found by the section.
    """
    if file == draft.files[0]:
        return draft.name
    blocks = (block for block in draft.tree if draft.file_at(source_line(block)) == file)
    first = next(blocks, None)
    if first is None:
        return draft.name
    anchor = first.get("id")
    if anchor is None or anchor not in anchors:
        if file not in draft.listed_files:
            return draft.name
        anchor = make_anchor(draft.name, PurePosixPath(file).stem, "file", anchors)
        first.set("id", anchor)
        anchors[anchor] = Anchor(anchor, draft.name, "other", "", draft.title)
    return anchor


def make_anchor(section: str, title: str, fallback: str, anchors: Collection[str]) -> str:
    """Return an id made from a section's name and a title that is not in use."""
    stem = f"{section}-{slug_of(title)[:_MAX_SLUG].strip('-') or fallback}"
    if stem not in anchors and not _is_reserved(stem, section):
        return stem
    # The numbers in use are consecutive: the first that is free is found by halving.
    low, high = 1, 2
    while f"{stem}-{high}" in anchors:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{stem}-{middle}" in anchors else (low, middle)
    return f"{stem}-{high}"


def _is_reserved(anchor: str, section: str) -> bool:
    """Return whether the layouts give an id to something else."""
    return _RESERVED.fullmatch(anchor.removeprefix(section)) is not None


def free_anchors(section: str, word: str, anchors: Collection[str]) -> Iterator[str]:
    """Yield ids made from a section's name, a word and a number that are not in use."""
    ids = (f"{section}-{word}-{number}" for number in count(1))
    return (anchor for anchor in ids if anchor not in anchors)
