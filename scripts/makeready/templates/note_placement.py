"""The notes of an edition: their numbers, and their place at the end of chapters or of the book.

At the foot of pages the engine places them, and in an e-book the layout. At the end of a chapter
or of the book they become text of a section, with links to their calls and back.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count

from lxml import etree

from makeready.book.kinds import ENDNOTES, GROUPS, KINDS, Division
from makeready.book.labels import numbered
from makeready.book.line_origins import LineRun
from makeready.book.model import (
    Anchor,
    Book,
    Edition,
    EditionKind,
    Element,
    Note,
    NoteNumbering,
    NotePlace,
    NoteStyle,
    PageMap,
    Section,
)
from makeready.book.text_position import GENERATED
from makeready.manuscript.notes import elements_with_notes
from makeready.manuscript.sanitise import remove_element
from makeready.templates.references import label_of

NUMBER = "data-number"
"""The number of a note as it is shown, on a call, if it is not the note's own."""

OWNER = "data-section"
"""The section of a call that stands among the notes at the end of the book."""

_HEAD = "data-head"
_NAMED_WITH_NUMBER = frozenset({*GROUPS, "appendix"})
"""Kinds whose titles in the list of notes have their labels too."""

_AFTER_ENDNOTES = frozenset(
    {"glossary", "bibliography", "index", "colophon", "about-the-author", "copyright-page"}
)
"""The kinds at the end of a book that come after its notes."""


@dataclass
class NotePlacement:
    """The books of editions; sections that were made before are used again if unchanged."""

    _made: dict[tuple[str, NoteStyle], tuple[Section, int, Section]] = field(default_factory=dict)

    def book_of(self, book: Book, edition: Edition) -> Book:
        """Return a book with its notes numbered and placed as an edition has them.

        Sections whose notes are at their end or at that of the book have none any more.
        """
        style = edition.notes
        if edition.kind is EditionKind.EPUB:
            style = replace(style, place=NotePlace.FOOT)
        at_end = style.place is NotePlace.BOOK_END
        sections: list[Section] = []
        endnotes = _Endnotes(book)
        first = 1
        for section in book.sections:
            numbers = _numbers(section, style.numbering, first)
            first += len(section.notes)
            if at_end:
                endnotes.add(section, numbers)
            if section.kind.name != ENDNOTES or section.source_path or at_end:
                sections.append(self._placed(book, section, style, numbers))
        if at_end:
            return endnotes.insert(book, sections)
        return replace(book, sections=tuple(sections))

    def _placed(
        self, book: Book, section: Section, style: NoteStyle, numbers: Mapping[int, str]
    ) -> Section:
        if not section.notes or style == NoteStyle():
            return section
        first = next(iter(numbers.values()))
        key = section.name, style
        made = self._made.get(key)
        if made is None or made[0] is not section or made[1] != int(first):
            placed = _placed(book, section, style.place, numbers)
            made = self._made[key] = section, int(first), placed
        return made[2]


def _numbers(section: Section, numbering: NoteNumbering, first: int) -> dict[int, str]:
    """Return the numbers of a section's notes as they are shown, by their own numbers.

    ``first`` is that of the section's first note where the numbers run on through the book.
    """
    own = [note.number for note in section.notes]
    if numbering is NoteNumbering.BOOK:
        return {number: str(shown) for shown, number in enumerate(own, start=first)}
    if numbering is NoteNumbering.CHAPTER:
        return {number: str(number) for number in own}
    return {
        number: str(shown)
        for _, numbers in _by_heading(section)
        for shown, number in enumerate(numbers, start=1)
    }


def _by_heading(section: Section) -> list[tuple[Element | None, list[int]]]:
    """Return the numbers of a section's notes by the heading ``h2`` that they are called under."""
    groups: list[tuple[Element | None, list[int]]] = [(None, [])]
    trees = {note.number: note.tree for note in section.notes}
    for tree in (section.title_tree, section.tree):
        for element in elements_with_notes(tree, trees):
            if element.tag == "h2" and element.getparent() is section.tree:
                groups.append((element, []))
            number = element.get("data-note")
            if number is not None and element.get("data-call") is None:
                groups[-1][1].append(int(number))
    return [group for group in groups if group[1]]


def _placed(book: Book, section: Section, place: NotePlace, numbers: Mapping[int, str]) -> Section:
    """Return a section with its calls numbered, and with its notes at their place."""
    title_tree, tree = copy.deepcopy(section.title_tree), copy.deepcopy(section.tree)
    notes = [
        replace(note, tree=copy.deepcopy(note.tree), shown=numbers[note.number])
        for note in section.notes
    ]
    for one in (title_tree, tree, *(note.tree for note in notes)):
        _number_calls(one, numbers)
    section = replace(section, title_tree=title_tree, tree=tree, notes=tuple(notes))
    if place is NotePlace.FOOT:
        return section
    if place is NotePlace.CHAPTER_END:
        container = _container(numbers.values())
        container.append(_heading("h2", "end-notes-title", book.labels["notes"]))
        container.extend(_listed(section, numbers, "h3"))
        tree.append(container)
    return replace(section, notes=())


def shown_numbers(section: Section) -> dict[str, str]:
    """Return the numbers of a section's notes as they are shown, by their own numbers."""
    return {str(note.number): note.shown or str(note.number) for note in section.notes}


def _number_calls(tree: Element, numbers: Mapping[int, str]) -> None:
    for call in tree.iter("a"):
        number = call.get("data-note")
        if number is not None and numbers[int(number)] != number:
            call.set(NUMBER, numbers[int(number)])


def _container(numbers: Iterable[str]) -> Element:
    digits = max(len(number) for number in numbers)
    return etree.Element("div", {"class": f"end-notes digits-{digits}"})


def _heading(tag: str, name: str, text: str) -> Element:
    heading = etree.Element(tag, {"class": name, GENERATED: ""})
    heading.text = text
    return heading


def _listed(section: Section, numbers: Mapping[int, str], tag: str) -> Iterator[Element]:
    """Yield a section's notes as they are set at the end of the text.

    Where their numbers start again under each heading, the headings are repeated as ``tag``.
    """
    notes = {note.number: note for note in section.notes}
    if len(numbers) == len(set(numbers.values())):
        for note in section.notes:
            yield _end_note(section, note, numbers[note.number])
        return
    for heading, own in _by_heading(section):
        if heading is not None:
            yield _copied_heading(heading, tag, "end-notes-heading")
        for number in own:
            yield _end_note(section, notes[number], numbers[number])


def _copied_heading(heading: Element, tag: str, name: str) -> Element:
    """Return a copy of a heading's text, without its ids and calls."""
    copied = copy.deepcopy(heading)
    copied.tag, copied.tail = tag, None
    for call in list(copied.iter("a")):
        if call.get("data-note") is not None:
            remove_element(call)
    for element in copied.iter(etree.Element):
        element.attrib.pop("id", "")
        element.attrib.pop("data-line", "")
    copied.set("class", name)
    copied.set(GENERATED, "")
    return copied


def _end_note(section: Section, note: Note, number: str) -> Element:
    """Return a note as a block that begins with its number, a link to its first call."""
    block = copy.deepcopy(note.tree)
    block.attrib.clear()
    block.set("class", "end-note")
    block.set("id", f"{section.name}-note-{note.number}")
    for call in block.iter("a"):
        if call.get("data-note") is not None:
            call.set(OWNER, section.name)
    mark = etree.Element("span", {"class": "end-note-number", GENERATED: ""})
    href = f"#{section.name}-noteref-{note.number}"
    link = etree.SubElement(mark, "a", {"href": href, "role": "doc-backlink"})
    link.text = f"{number}."
    first = block[0] if len(block) else None
    if first is None or first.tag != "p":
        first = etree.Element("p", {"class": "end-note-mark", GENERATED: ""})
        block.insert(0, first)
    mark.tail, first.text = first.text, None
    first.insert(0, mark)
    return block


@dataclass
class _Endnotes:
    """The section with the notes of a whole book, as it grows."""

    book: Book
    _blocks: list[Element] = field(default_factory=list)
    _numbers: list[str] = field(default_factory=list)
    _runs: list[LineRun] = field(default_factory=list)

    def add(self, section: Section, numbers: Mapping[int, str]) -> None:
        """Add the notes of a section, under its title."""
        if not section.notes:
            return
        notes = [replace(note, tree=copy.deepcopy(note.tree)) for note in section.notes]
        for note in notes:
            _number_calls(note.tree, numbers)
        section = replace(section, notes=tuple(notes))
        blocks = [self._title(section), *_listed(section, numbers, "h3")]
        self._runs += _moved_lines(section, blocks, self._next_line)
        self._blocks += blocks
        self._numbers += numbers.values()

    @property
    def _next_line(self) -> int:
        """A line after all lines of the section."""
        listed = next((s for s in self.book.sections if s.kind.name == ENDNOTES), None)
        own = [listed.tree] if listed is not None else []
        return 1 + max((_line(e) for tree in (*own, *self._blocks) for e in tree.iter()), default=0)

    def _title(self, section: Section) -> Element:
        """Return the title of a section as a heading above its notes."""
        anchor = self.book.anchors.get(section.name)
        name = "end-notes-of"
        if not section.has_title and anchor is not None:
            return _heading("h2", name, label_of(self.book, anchor))
        heading = _copied_heading(section.title_tree, "h2", name)
        number = section.numeral or (section.number if section.number is not None else "")
        if number:
            kind = section.kind.name
            shown = str(number)
            if kind in _NAMED_WITH_NUMBER:
                shown = numbered(self.book.labels, kind, shown, " ")
            within = f"{anchor.within}, " if anchor is not None and anchor.within else ""
            heading.text = f"{within}{shown}. {heading.text or ''}"
        return heading

    def insert(self, book: Book, sections: list[Section]) -> Book:
        """Return the book with these sections and its notes, where it lists them or before others.

        Without notes there is no section of them.
        """
        listed = next((s for s in sections if s.kind.name == ENDNOTES), None)
        if not self._blocks:
            kept = [s for s in sections if s is not listed or s.source_path]
            return replace(book, sections=tuple(kept))
        container = _container(self._numbers)
        container.extend(self._blocks)
        anchors = book.anchors
        if listed is None:
            listed = _empty_section(book)
            anchor = Anchor(listed.name, listed.name, ENDNOTES, "", listed.title)
            anchors = {**anchors, listed.name: anchor}
            sections = [*sections]
            sections.insert(_position(sections), listed)
        tree = copy.deepcopy(listed.tree)
        tree.append(container)
        path = listed.source_path or f"{listed.name}.md"
        runs = (*listed.line_runs, *self._runs)
        filled = replace(listed, tree=tree, source_path=path, line_runs=runs)
        sections[sections.index(listed)] = filled
        return replace(book, sections=tuple(sections), anchors=anchors)


def _empty_section(book: Book) -> Section:
    names = chain((ENDNOTES,), (f"{ENDNOTES}-{number}" for number in count(2)))
    name = next(n for n in names if {n, f"{n}-title"}.isdisjoint(book.anchors))
    title = etree.Element("span")
    title.text = book.labels[ENDNOTES]
    kind = KINDS[ENDNOTES]
    return Section(name, kind, Division.BACK, None, title.text, title, "", etree.Element("div"))


def _position(sections: Sequence[Section]) -> int:
    """Return the index at which the notes stand if the book does not list them."""
    for index, section in enumerate(sections):
        if section.division is Division.BACK and section.kind.name in _AFTER_ENDNOTES:
            return index
    return len(sections)


def _line(element: Element) -> int:
    line = element.get("data-line") or ""
    return int(line) if line.isdigit() else 0


def _moved_lines(section: Section, blocks: Sequence[Element], first: int) -> Iterator[LineRun]:
    """Count the lines of blocks from ``first`` on; yield the runs that say where they are from."""
    for block in blocks:
        for element in block.iter(etree.Element):
            if line := _line(element):
                element.set("data-line", str(first + line))
    yield LineRun(first, section.source_path, 0)
    for run in section.line_runs:
        yield LineRun(first + run.first, run.path, run.line)


def with_page_heads(book: Book, section: Section, page_map: PageMap) -> Section:
    """Return the notes of the book with running heads that name the pages of their calls.

    A page of the notes has the pages of those that begin on it: "Notes to pages 12–20". Notes
    that only other notes call do not count.
    """
    tree = copy.deepcopy(section.tree)
    inner = {
        f"{call.get(OWNER)}-note-{call.get('data-note')}"
        for call in tree.iter("a")
        if call.get("data-note") is not None and call.get("data-call") is None
    }
    pages: dict[str, list[tuple[Element, str]]] = {}
    for mark in tree.iterfind(".//span[@class='end-note-number']"):
        note = next(e for e in mark.iterancestors() if e.get("class") == "end-note").get("id", "")
        call = str(mark[0].get("href")).removeprefix("#")
        called = "" if note in inner else page_map.label(call)
        pages.setdefault(page_map.label(note), []).append((mark, called))
    for own, notes in pages.items():
        called_pages = [called for _, called in notes if called]
        if not own or not called_pages:
            continue
        first, last = called_pages[0], called_pages[-1]
        words = "notes_to_page" if first == last else "notes_to_pages"
        head = book.labels[words].replace("{first}", first).replace("{last}", last)
        for mark, _ in notes:
            mark.set(_HEAD, head)
    return replace(section, tree=tree)
