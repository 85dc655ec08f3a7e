"""The numbers of sections: counted by kind, in parts and books, and taken off their titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.kinds import GROUPS, Division
from makeready.book.labels import numbered
from makeready.book.model import BOOK_FILE, Element
from makeready.book.roman import roman
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import HEADINGS
from makeready.manuscript.anchors import names_of
from makeready.manuscript.draft import Draft
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.title_numbers import SaidNumber, number_in_title, number_in_words
from makeready.manuscript.tree import NO_BREAK_SPACE
from makeready.wording import counted

_BOOK, _PART = GROUPS
_CHAPTER, _APPENDIX = "chapter", "appendix"
_LETTERS = 26
_NO_WORDS = "MET-041"
"""That numbers have no words, which is said of the first one."""
# A number of this size without a word before it is a year or the like.
_YEARS = 1000
# So many sections that have a word alone for a title, “One”, “Two” and so on, are numbered by it.
_LEAST_WORDS = 5


def number_sections(drafts: Sequence[Draft], config: BookConfig, findings: Findings) -> None:
    """Set the numbers of sections, and take those that are written in titles off them."""
    places = _places_with_restart(drafts, config)
    for place in places:
        place.draft.within = place.within
    _trust(places)
    appendices = Counter(
        place.key for place in places if place.is_numbered and place.kind == _APPENDIX
    )
    counts: Counter[tuple[str, str]] = Counter()
    report = _Report(config, findings)
    for place in places:
        draft = place.draft
        label = config.labels.get(place.kind, "")
        if not place.is_numbered or appendices[place.key] == 1 or _is_of_other_kind(place, config):
            continue
        expected = counts[place.key] + 1
        number = place.said.value if place.said is not None and place.is_trusted else expected
        counts[place.key] = draft.number = number
        draft.numeral = report.numeral(number, place.form)
        if place.said is not None and place.is_trusted:
            _take_number_off(draft, place.said, config.labels, expected, report)
        elif draft.title.strip(" .:").casefold() == label.casefold():
            _leave_number_alone(draft, config.labels)
    report.add_findings()


def group_label(draft: Draft | None, labels: dict[str, str]) -> str:
    """Return the label of a part, with that of the book it is in: “Book One, Part Two”."""
    if draft is None:
        return ""
    own = numbered_label(draft, labels) or draft.title
    above = group_label(draft.within, labels)
    return f"{above}, {own}" if above else own


def numbered_label(draft: Draft, labels: Mapping[str, str]) -> str:
    """Return the label and number of a section, empty if it has no number."""
    number = draft.numeral or (str(draft.number) if draft.number is not None else "")
    return numbered(labels, draft.kind.name, number) if number else ""


@dataclass(slots=True, eq=False)
class _Place:
    """A section in its part or book: the form of its number, and where its numbers are unique."""

    draft: Draft
    form: str
    group: Draft | None
    within: Draft | None
    said: SaidNumber | None = None
    is_trusted: bool = False

    @property
    def kind(self) -> str:
        return self.draft.kind.name

    @property
    def is_numbered(self) -> bool:
        return self.draft.kind.numbered and self.draft.numbered and self.form != "none"

    @property
    def is_alone(self) -> bool:
        """Whether its title is a number and nothing else."""
        return self.said is not None and self.said.end == len(self.draft.title)

    @property
    def key(self) -> tuple[str, str]:
        """What its number counts: the sections of its kind in the same part, book, or all."""
        return (self.within.name if self.within is not None else "", self.kind)


def _places_with_restart(drafts: Sequence[Draft], config: BookConfig) -> list[_Place]:
    """Return the sections where their numbers begin again as the book, or else its titles, say."""
    given = config.numbering.get("restart")
    places: list[_Place] = []
    for restart in (given,) if given else ("part", "book", "never"):
        places = list(_places(drafts, config, restart))
        for place in places:
            place.said = _said(place, config)
        if given or _begin_again(places):
            break
    return places


def _begin_again(places: Sequence[_Place]) -> bool:
    """Return whether the titles of chapters are numbered from 1 in two or more parts or books."""
    counts: Counter[str] = Counter()
    for place in places:
        if place.kind != _CHAPTER or not place.is_numbered:
            continue
        if place.within is None or place.said is None:
            return False
        counts[place.within.name] += 1
        if place.said.value != counts[place.within.name]:
            return False
    return len(counts) > 1


def _places(drafts: Sequence[Draft], config: BookConfig, restart: str) -> Iterator[_Place]:
    book: Draft | None = None
    part: Draft | None = None
    for draft in drafts:
        kind = draft.kind.name
        form = config.numbering.get(kind, "")
        group = part or book
        within = {"part": group, "book": book}.get(restart)
        if draft.division is Division.BACK:
            book = part = group = within = None
        elif kind == _BOOK:
            book, part, group, within = draft, None, None, None
        elif kind == _PART:
            part, group = draft, book
            within = None if restart == "never" else book
        elif kind == _CHAPTER:
            given = (each.numbering for each in (part, book) if each is not None)
            form = next(filter(None, given), form)
        yield _Place(draft, form, group, within)


def _said(place: _Place, config: BookConfig) -> SaidNumber | None:
    if not place.is_numbered:
        return None
    label = config.labels.get(place.kind, "")
    return number_in_title(place.draft.title, place.kind, label)


def _is_of_other_kind(place: _Place, config: BookConfig) -> bool:
    """Return whether a part is called “Book One”, or the like: its title has a number enough."""
    other = {_PART: _BOOK, _BOOK: _PART}.get(place.kind)
    if other is None or place.said is not None:
        return False
    said = number_in_title(place.draft.title, other, config.labels.get(other, ""))
    return said is not None and said.is_labelled


def _trust(places: Sequence[_Place]) -> None:
    """Decide which numbers in titles are those of their sections.

    One without a word for the section before it is, if it is in its place, and most titles of its
    kind in the same part have one, or the title before or after it.
    """
    by_kind: dict[tuple[str, str], list[_Place]] = {}
    for place in places:
        if place.is_numbered:
            by_kind.setdefault(place.key, []).append(place)
    for same in by_kind.values():
        bare = [p for p in same if p.said is not None and not p.said.is_labelled]
        words = [p for p in bare if p.said is not None and p.said.is_word]
        begun = [p for p in bare if p not in words and not p.is_alone]
        expected = 0
        for index, place in enumerate(same):
            said = place.said
            expected += 1
            if said is None:
                continue
            before = same[index - 1] if index else None
            after = same[index + 1] if index + 1 < len(same) else None
            follows = before is not None and before.is_trusted and _value(before) == said.value - 1
            precedes = after is not None and _value(after) == said.value + 1
            is_in_row = follows or (precedes and after is not None and after.group is place.group)
            if said.is_labelled:
                place.is_trusted = True
            elif said.is_word:
                has_words_only = len(words) == len(same) >= _LEAST_WORDS
                place.is_trusted = has_words_only and said.value == expected
            elif said.value == expected:
                place.is_trusted = place.is_alone or is_in_row or 2 * len(begun) >= len(same)
            elif said.value < _YEARS and place.kind != _APPENDIX:
                is_first = before is not None and before.group is not place.group
                place.is_trusted = is_in_row or (said.value == 1 and is_first and place.is_alone)
            if place.is_trusted:
                expected = said.value


def _value(place: _Place) -> int:
    return place.said.value if place.said is not None else 0


def _take_number_off(
    draft: Draft, said: SaidNumber, labels: Mapping[str, str], expected: int, report: _Report
) -> None:
    """Take the number off a title that begins with it.

    A title that is nothing but its number is set once, as the number.
    """
    text, rest = draft.title[: said.end], draft.title[said.end :]
    location = SourceLocation(draft.path or BOOK_FILE, source_line(draft.title_tree))
    shown = text.rstrip(" .:,/|—–-")
    is_expected = said.value == expected
    letters = _letters(text)
    begins = _letters("".join(map(str, draft.title_tree.itertext()))).startswith(letters)
    has_call = any(True for _ in draft.title_tree.iter("a"))
    is_alone = not rest and not has_call
    heading = _following_title(draft.tree) if is_alone else None
    if not is_expected:
        report.other.append((location, shown, expected))
    if rest and begins:
        draft.title = rest
        _remove_letters(draft.title_tree, len(letters))
        _remove_leading_space(draft.title_tree)
    elif heading is not None:
        _take_title(draft, heading)
    elif is_alone:
        _leave_number_alone(draft, labels)
    else:
        # The title has the number, and shows it.
        draft.number, draft.numeral = None, ""
        return
    if is_expected:
        has_no_title = is_alone and heading is None
        (report.alone if has_no_title else report.taken_off).append((location, shown))


def _leave_number_alone(draft: Draft, labels: Mapping[str, str]) -> None:
    """Give a section without a title but its number its label and number as the title of lists."""
    draft.has_title = False
    shown = numbered_label(draft, labels)
    draft.title = shown.replace(NO_BREAK_SPACE, " ")
    for child in list(draft.title_tree):
        draft.title_tree.remove(child)
    draft.title_tree.text = shown


def _following_title(tree: Element) -> Element | None:
    """Return the heading that follows a title at once, if no other is of its level."""
    first = tree[0] if len(tree) else None
    if first is None or first.tag not in HEADINGS[1:] or not plain_text(first):
        return None
    levels = [str(heading.tag) for heading in tree.iter(*HEADINGS[1:])]
    return first if sum(level <= first.tag for level in levels) == 1 else None


def _take_title(draft: Draft, heading: Element) -> None:
    """Make the title of a heading below a title that is only a number."""
    line = draft.title_tree.get(LINE)
    span = etree.Element("span", {LINE: line} if line else {})
    if language := heading.get("lang"):
        span.set("lang", language)
    span.text = heading.text
    span.extend(list(heading))
    names = tuple((name, source_line(heading)) for name in names_of(heading))
    draft.names = (*draft.names, *names)
    draft.title = plain_text(span).replace(NO_BREAK_SPACE, " ")
    draft.title_tree = span
    up = int(str(heading.tag)[1]) - 1
    remove_element(heading)
    for other in draft.tree.iter(*HEADINGS[1:]):
        other.tag = f"h{max(int(str(other.tag)[1]) - up, 2)}"


def _letters(text: str) -> str:
    """Return a text without its spaces."""
    return "".join(text.split())


def _remove_letters(element: Element, count: int) -> int:
    """Remove letters, and the spaces before them, from an element; return how many are left."""
    element.text, count = _rest(element.text, count)
    for child in list(element):
        if not count:
            break
        count = _remove_letters(child, count)
        child.tail, count = _rest(child.tail, count)
        if not child.text and len(child) == 0:
            remove_element(child)
    return count


def _rest(text: str | None, count: int) -> tuple[str, int]:
    """Return a text without its first letters, and how many it did not have."""
    rest = text or ""
    while rest and count:
        rest = rest.lstrip()
        rest, count = rest[1:], count - bool(rest)
    return rest, count


def _remove_leading_space(element: Element) -> None:
    """Remove the spaces and the line break that a title would begin with."""
    element.text = (element.text or "").lstrip()
    first = element[0] if len(element) else None
    if first is not None and first.tag == "br" and not element.text:
        first.tail = (first.tail or "").lstrip()
        remove_element(first)


@dataclass(slots=True)
class _Report:
    """What is said of the numbers of a book, once for all its sections."""

    config: BookConfig
    findings: Findings
    taken_off: list[tuple[SourceLocation, str]] = field(default_factory=list)
    alone: list[tuple[SourceLocation, str]] = field(default_factory=list)
    other: list[tuple[SourceLocation, str, int]] = field(default_factory=list)

    def numeral(self, number: int, form: str) -> str:
        """Return a number as it is shown; empty for one in Arabic numerals."""
        if form == "roman":
            return roman(number).upper()
        if form == "letters" and 0 < number <= _LETTERS:
            return chr(ord("A") + number - 1)
        if form != "words":
            return ""
        language = self.config.metadata.language
        words = number_in_words(number, language)
        if not words and not any(finding.id == _NO_WORDS for finding in self.findings):
            location = SourceLocation(BOOK_FILE, self.config.lines.get("numbering", 1))
            self.findings.add(_NO_WORDS, location, number=number, language=language)
        return words

    def add_findings(self) -> None:
        """Add what was found, each kind as one finding at the first title."""
        for rule, found, verbs in (
            ("MAN-040", self.taken_off, ("begins with the number", "begin with the numbers")),
            ("MAN-041", self.alone, ("is only a number", "are only numbers")),
        ):
            if found:
                location, text = found[0]
                verb = verbs[len(found) > 1]
                titles = f"{counted(len(found), 'title')} {verb}"
                self.findings.add(rule, location, titles=titles, text=text)
        if self.other:
            location, text, expected = self.other[0]
            others = len(self.other) - 1
            note = f" {counted(others, 'other title')} likewise." if others else ""
            self.findings.add("MAN-068", location, text=text, number=expected, note=note)
