"""The index as its layout shows it: entries by letter, each with where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from makeready.book.model import Book, IndexEntry, IndexLocator, PageMap, Section
from makeready.book.roman import roman_value
from makeready.templates.references import label
from makeready.templates.trees import Medium, inline_markup

_UNKNOWN_PAGE = "000"
_NO_BREAK_SPACE = "\u00a0"

Order = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Locator:
    """One link to a place; ``before`` stands before it, ``name`` says more than its label."""

    before: str
    label: str
    href: str
    main: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Another entry to see; ``before`` stands before it."""

    before: str
    markup: Markup
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; ``anchor`` is its own id where another entry sends to it."""

    markup: Markup
    anchor: str
    locators: tuple[Locator, ...]
    see: tuple[Target, ...]
    see_also: tuple[Target, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The entries under one letter, which is empty for numbers and signs."""

    letter: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of one locator, in their order; ``first`` and ``last`` are what they are called."""

    start: Order
    end: Order
    first: str
    last: str
    place: IndexLocator

    @property
    def label(self) -> str:
        return self.first if self.start == self.end else f"{self.first}–{self.last}"


class IndexLayout:
    """Lays out the index of a book for one section that shows it.

    ``pages`` has the page of every place; without it an entry leads by section, as in an e-book
    that has no pages.
    """

    def __init__(
        self, book: Book, section: Section, medium: Medium, pages: PageMap | None = None
    ) -> None:
        self._book = book
        self._medium = medium
        self._pages = pages
        self._entries = {entry.path: entry for entry in _all(book.index)}
        seen = dict.fromkeys(
            path for entry in self._entries.values() for path in (*entry.see, *entry.see_also)
        )
        self._anchors = {
            path: f"{section.name}-entry-{number}" for number, path in enumerate(seen, start=1)
        }

    def groups(self) -> list[Group]:
        """Return the entries by the letters they are sorted under."""
        return [
            Group(letter, tuple(map(self._line, entries)))
            for letter, entries in groupby(self._book.index, key=lambda entry: entry.letter)
        ]

    def _line(self, entry: IndexEntry) -> Line:
        locate = self._by_section if self._pages is None else self._by_page
        return Line(
            markup=inline_markup(entry.tree, self._medium),
            anchor=self._anchors.get(entry.path, ""),
            locators=tuple(locate(entry.locators)),
            see=tuple(self._targets(entry.see)),
            see_also=tuple(self._targets(entry.see_also)),
            lines=tuple(map(self._line, entry.entries)),
        )

    def _targets(self, paths: Sequence[tuple[str, ...]]) -> Iterator[Target]:
        for number, path in enumerate(paths):
            trees = [self._entries[path[: depth + 1]].tree for depth in range(len(path))]
            markup = Markup(", ").join(inline_markup(tree, self._medium) for tree in trees)
            yield Target("; " if number else " ", markup, f"#{self._anchors[path]}")

    def _href(self, place: IndexLocator) -> str:
        file = "" if self._medium.paged else f"{place.section}.xhtml"
        return f"{file}#{place.anchor}"

    def _by_page(self, places: Sequence[IndexLocator]) -> Iterator[Locator]:
        spans = _merged(map(self._pages_of, places))
        last = len(spans) - 1
        for number, pages in enumerate(spans):
            # A number alone on a line is lost there: the first keeps to the entry's last word,
            # the last to the one before it.
            tied = number in {0, last}
            before = f",{_NO_BREAK_SPACE}" if tied else ", "
            yield Locator(before, pages.label, self._href(pages.place), pages.place.main)

    def _pages_of(self, place: IndexLocator) -> _Pages:
        first = self._label(place.anchor, place.section)
        last = self._label(place.end, place.end_section) if place.end else first
        start, end = _order(first), _order(last)
        return _Pages(start, max(start, end), first, last, place)

    def _label(self, anchor: str, section: str) -> str:
        pages = self._pages or PageMap()
        return pages[anchor] or pages[section] or _UNKNOWN_PAGE

    def _by_section(self, places: Sequence[IndexLocator]) -> Iterator[Locator]:
        """Name each section once; where it has more places than one, number them."""
        before = ", "
        for _, group in groupby(places, key=lambda place: (place.section, place.end_section)):
            here = list(group)
            title = self._title(here[0])
            if len(here) == 1:
                yield Locator(before, title, self._href(here[0]), here[0].main)
                before = ", "
                continue
            before = f"{before}{title}:{_NO_BREAK_SPACE}"
            for number, place in enumerate(here, start=1):
                name = f"{title}, {number}"
                yield Locator(before, str(number), self._href(place), place.main, name)
                before = ", "
            before = "; "

    def _title(self, place: IndexLocator) -> str:
        anchors = self._book.anchors
        first = label(self._book, anchors[place.section])
        if place.end_section in {"", place.section}:
            return first
        return f"{first} – {label(self._book, anchors[place.end_section])}"


def _all(entries: Iterable[IndexEntry]) -> Iterator[IndexEntry]:
    for entry in entries:
        yield entry
        yield from _all(entry.entries)


def _order(page: str) -> Order:
    """Return where a page stands: those with Roman numerals come first."""
    return (1, int(page)) if page.isdecimal() else (0, roman_value(page))


def _merged(pages: Iterable[_Pages]) -> list[_Pages]:
    """Name each page once: in a range, or by itself; a main place stands by itself.

    Pages that follow one another stay apart where what is said of them does not go on.
    """
    kept: list[_Pages] = []
    for one in sorted(pages, key=lambda p: (p.start, _backwards(p.end), not p.place.main)):
        if any(_holds(other, one) for other in kept):
            continue
        before = next((k for k in reversed(kept) if k.place.main == one.place.main), None)
        if before is not None and before.start < before.end and one.start <= before.end:
            joined = _Pages(before.start, one.end, before.first, one.last, before.place)
            kept[kept.index(before)] = joined
        else:
            kept.append(one)
    return kept


def _holds(other: _Pages, one: _Pages) -> bool:
    within = other.start <= one.start and one.end <= other.end
    return within and (other.place.main or not one.place.main)


def _backwards(order: Order) -> Order:
    return -order[0], -order[1]
