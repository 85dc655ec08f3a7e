"""Numbers and anchors of the whole book: sections, headings, figures, tables, ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import PurePosixPath

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.kinds import Division, Kind
from makeready.book.line_origins import LineOrigins, LineRun
from makeready.book.model import BOOK_FILE, Anchor, Element, Note, Query
from makeready.book.roman import roman
from makeready.book.slugs import slug_of
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import HEADING_MARK, HEADINGS
from makeready.manuscript.anchor_names import AnchorNames
from makeready.manuscript.anchors import names_of
from makeready.manuscript.figures import NUMBER, classes
from makeready.manuscript.formulas import EQUATION, TAG
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.statement_kinds import SOLUTION
from makeready.manuscript.statement_numbers import (
    LABEL_CLASS,
    number_statement,
    statement_kind,
    title_of_statement,
)
from makeready.manuscript.structure import plain_text
from makeready.manuscript.subfigures import LETTER
from makeready.manuscript.title_numbers import number_in_title, number_in_words
from makeready.manuscript.tree import NO_BREAK_SPACE

_CAPTIONS = {"figure": "figcaption", "table": "caption"}
_LISTING = "listing"
_NO_WORDS = "MET-041"
"""That numbers have no words, which is said of the first one."""
_MAX_SLUG = 60
_ROMAN = re.compile(r"[IVXLCDM]+")
# XML Namespaces 1.0, NCName, of the letters that all reading systems take.
_VALID_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_RESERVED = re.compile(r"-(?:title|note-\d+|noteref-\d+(?:-\d+)?|figure-\d+)")


@dataclass(slots=True)
class Draft:
    """A section while the book is being read; ``path`` is empty if it has no file.

    ``path`` is that of its first file, ``line_runs`` are the lines of the others, which are in
    ``listed_files`` or included. ``names`` are the ids of its title, each with its line.
    ``numbered`` is whether it counts among its kind, ``numeral`` its number as it is shown if not
    in Arabic numerals.
    """

    name: str
    kind: Kind
    division: Division
    path: str
    title: str
    title_tree: Element
    tree: Element
    notes: list[Note]
    queries: list[Query]
    names: Sequence[tuple[str, int]] = ()
    number: int | None = None
    has_title: bool = True
    line_runs: tuple[LineRun, ...] = ()
    listed_files: tuple[str, ...] = ()
    numbered: bool = True
    numeral: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of its files, or its name if it has none."""
        return LineOrigins(self.path or self.name, self.line_runs).paths

    def file_at(self, line: int) -> str:
        """Return the file of one of its lines."""
        return LineOrigins(self.path or self.name, self.line_runs).location(line).path

    @property
    def trees(self) -> list[Element]:
        """All the trees of the section."""
        return [self.title_tree, self.tree, *(note.tree for note in self.notes)]


def number_book(
    drafts: list[Draft], config: BookConfig, findings: Findings
) -> tuple[dict[str, Anchor], AnchorNames]:
    """Set all numbers, and the ids of headings; return the anchors of the book and their names."""
    labels = config.labels
    counts: Counter[str] = Counter()
    anchors: dict[str, Anchor] = {}
    for draft in drafts:
        form = config.numbering.get(draft.kind.name, "")
        if draft.kind.numbered and draft.numbered and form != "none":
            counts[draft.kind.name] += 1
            draft.number = counts[draft.kind.name]
            _take_number_off(draft, draft.number, labels.get(draft.kind.name, ""), findings)
            draft.numeral = _numeral(draft.number, form, config, findings)
        number = draft.numeral or (str(draft.number) if draft.number is not None else "")
        anchors[draft.name] = Anchor(draft.name, draft.name, draft.kind.name, number, draft.title)
    registry = _AnchorRegistry(anchors, AnchorNames(anchors), findings)
    for draft in drafts:
        line = source_line(draft.title_tree)
        registry.sections[draft.name] = SourceLocation(draft.path or BOOK_FILE, line)
    for draft in drafts:
        registry.add_section(draft)
        # Labels change the trees that they are put into.
        for element in [e for tree in draft.trees for e in tree.iter()]:
            _number_captioned(element, counts, labels)
            _number_equation(element, counts)
            number_statement(element, _prefix(draft), counts, labels)
            registry.add(element, draft)
    _number_solutions(drafts, registry)
    _assign_heading_ids(drafts, anchors, registry.names)
    for draft in drafts:
        for file in draft.files:
            registry.names.add_file(draft.name, file, _start_of(file, draft, anchors))
    return anchors, registry.names


def _numeral(number: int, form: str, config: BookConfig, findings: Findings) -> str:
    """Return a number in Roman numerals or words; empty for one in Arabic numerals."""
    if form == "roman":
        return roman(number).upper()
    if form != "words":
        return ""
    language = config.metadata.language
    words = number_in_words(number, language)
    if not words and not any(finding.id == _NO_WORDS for finding in findings):
        location = SourceLocation(BOOK_FILE, config.lines.get("numbering", 1))
        findings.add(_NO_WORDS, location, number=number, language=language)
    return words


def _take_number_off(draft: Draft, number: int, label: str, findings: Findings) -> None:
    """Take the number off a title that begins with it, and report it.

    A title that is nothing but its number stays the title, and is set once, as the number.
    """
    said = number_in_title(draft.title, draft.kind.name, label)
    if said is None or (said.value != number and not said.is_certain):
        return
    text, rest = draft.title[: said.end], draft.title[said.end :]
    words = "".join(map(str, draft.title_tree.itertext())).replace(NO_BREAK_SPACE, " ")
    has_call = any(True for _ in draft.title_tree.iter("a"))
    is_alone = not rest and not has_call
    can_take_off = said.value == number and (is_alone or (rest and words.startswith(text)))
    location = SourceLocation(draft.path, source_line(draft.title_tree))
    if can_take_off and is_alone:
        findings.add("MAN-041", location, text=text)
        draft.has_title = False
        return
    outcome = "so it was left out" if can_take_off else f"which is {number} here"
    findings.add("MAN-040", location, text=text.rstrip(" .:—–-"), outcome=outcome)
    if can_take_off:
        draft.title = rest
        _remove_letters(draft.title_tree, said.end)


def _remove_letters(element: Element, count: int) -> int:
    """Remove letters from the start of an element's text; return how many are left to remove."""
    text = element.text or ""
    element.text, count = text[count:], max(0, count - len(text))
    for child in list(element):
        if count:
            count = _remove_letters(child, count)
            tail = child.tail or ""
            child.tail, count = tail[count:], max(0, count - len(tail))
            if not child.text and len(child) == 0:
                remove_element(child)
    return count


def _prefix(draft: Draft) -> str:
    """Return what the numbers in a section begin with: its own, in Roman or Arabic numerals."""
    if draft.number is None:
        return ""
    return draft.numeral if _ROMAN.fullmatch(draft.numeral) else str(draft.number)


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


def _number_captioned(element: Element, counts: Counter[str], labels: dict[str, str]) -> None:
    tag = str(element.tag)
    caption = element.find(_CAPTIONS[tag]) if tag in _CAPTIONS else None
    kind = _kind_of_captioned(element)
    # The title of a listing may be the name of its file; it has a number to refer to it.
    is_subfigure = element.get(LETTER) is not None
    if caption is None or is_subfigure or (kind == _LISTING and not element.get("id")):
        return
    counts[kind] += 1
    element.set(NUMBER, str(counts[kind]))
    for subfigure in element.iterfind(f".//figure[@{LETTER}]"):
        subfigure.set(NUMBER, f"{counts[kind]}{subfigure.get(LETTER)}")
    label = etree.Element("span", {"class": "label"})
    label.text = f"{labels[kind]}{NO_BREAK_SPACE}{counts[kind]}."
    target = caption[0] if len(caption) and not caption.text and caption[0].tag == "p" else caption
    if len(target) or target.text:
        label.tail = f" {target.text or ''}"
    target.text = None
    target.insert(0, label)


def _number_equation(element: Element, counts: Counter[str]) -> None:
    """Set the number of a displayed formula that has an id, or that its author gave it."""
    if element.tag != "div" or EQUATION not in classes(element):
        return
    number = str(element.attrib.pop(TAG, ""))
    if not (number or element.get("id")) or element.find("math") is None:
        return
    if not number:
        counts[EQUATION] += 1
        number = str(counts[EQUATION])
    element.set(NUMBER, number)
    element.set("class", f"{element.get('class')} numbered")
    etree.SubElement(element, "span", {"class": "equation-number"}).text = f"({number})"


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
        is_equation = element.tag == "div" and EQUATION in classes(element)
        add = self._add_equation if is_equation else self._add_name
        new = [name for name in names if add(draft, name, anchor, location)]
        if not new:
            # An EPUB with an id twice is not valid; references lead to the first.
            element.attrib.pop("id", "")
            return
        element.set("id", anchor)
        number, title = element.get(NUMBER, ""), _title_of(element)
        self.anchors[anchor] = Anchor(anchor, draft.name, _anchor_kind(element), number, title)

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
    if tag == "div" and EQUATION in classes(element) and element.get(NUMBER):
        return EQUATION
    statement = statement_kind(element)
    if statement is not None and element.get(NUMBER):
        return statement.name
    is_numbered = tag in _CAPTIONS and element.get(NUMBER)
    return _kind_of_captioned(element) if is_numbered else "other"


def _kind_of_captioned(element: Element) -> str:
    return _LISTING if _LISTING in classes(element) else str(element.tag)


def _title_of(element: Element) -> str:
    """Return the title of an anchor: the text of a heading, or of a caption without its label."""
    tag = str(element.tag)
    if tag in HEADINGS or tag in {"dt", "span"}:
        return plain_text(element)
    if statement_kind(element) is not None:
        return title_of_statement(element)
    caption = element.find(_CAPTIONS[tag]) if tag in _CAPTIONS else None
    if caption is None:
        return ""
    label = caption.find(".//span[@class='label']")
    labels = plain_text(caption)
    return labels.removeprefix(plain_text(label)).strip() if label is not None else labels


def _assign_heading_ids(
    drafts: list[Draft], anchors: dict[str, Anchor], names: AnchorNames
) -> None:
    """Give each heading without an id one made from its section's name and its text.

    Those that are paragraphs in callouts and tabs are named after the others.
    """
    for draft in drafts:
        names.add_heading(draft.file_at(source_line(draft.title_tree)), draft.title, draft.name)
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
