"""A book of any length, composed from a seed: what it says, in no markup yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from prose import VOCABULARY, Prose

TITLE = "The River Ledger"
AUTHOR = "Lavinia Quillfeather"

CHAPTER_WORDS = 5000
CHAPTER_PAGES = 22
FRONT_PAGES = 8
PARAGRAPH_WORDS = (40, 130)
# The last sentence of a paragraph runs over; lists, quotations and notes have words too.
_MEAN_WORDS, _RUNNING = 94, 0.93
# The share of paragraphs with words in italics.
_ENTERED = 0.15

# What a chapter of CHAPTER_WORDS holds; a shorter one holds its share, but one of each at least.
NOTES, TERMS, REFERENCES, FIGURES, HEADINGS, LISTS, QUOTES = 12, 25, 3, 2, 3, 2, 2

IMAGES = {
    "soundings": "A curve of depths, falling and rising between two banks",
    "lots": "A plan of rectangular lots on both sides of a bent river",
}


@dataclass(frozen=True, slots=True)
class Text:
    """Words within a paragraph."""

    words: str
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note, called where it stands; ``number`` counts through the chapter."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A place elsewhere, by what it is called and its page; ``page`` is about right."""

    target: str
    label: str
    page: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that an index would list."""

    words: str


Part = Text | Note | Reference | Term


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text, notes, references and terms."""

    parts: tuple[Part, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a chapter."""

    words: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, of points or of numbers."""

    items: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """An image with its caption; ``number`` counts through the book."""

    anchor: str
    number: int
    image: str
    caption: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; the last column is of numbers."""

    anchor: str
    number: int
    header: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]
    caption: str


Block = Paragraph | Heading | ItemList | Figure | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter; ``page`` is about where it begins."""

    number: int
    title: str
    page: int
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The id of the chapter."""
        return f"chapter-{self.number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a book is: so many chapters of so many words, and what share each has of a whole."""

    chapters: int
    words: int

    @classmethod
    def of_pages(cls, pages: int) -> Plan:
        """Plan a book of about so many pages."""
        body = max(pages - FRONT_PAGES, 2)
        chapters = max(2, round(body / CHAPTER_PAGES))
        words = CHAPTER_WORDS * body // (CHAPTER_PAGES * chapters)
        return cls(chapters, max(words, 300))

    def share(self, count: int) -> int:
        """Return how many of the ``count`` in a whole chapter one of this length has."""
        return max(1, round(count * self.words / CHAPTER_WORDS))

    def page(self, chapter: int, place: float = 0.0) -> int:
        """Guess the page of a place, from 0 to 1, in a chapter."""
        length = CHAPTER_PAGES * self.words / CHAPTER_WORDS
        return round(1 + (chapter - 1 + place) * length)


def compose(pages: int, seed: str = "makeready") -> tuple[Chapter, ...]:
    """Compose a book of about so many pages: the same for the same seed, wherever it runs."""
    plan = Plan.of_pages(pages)
    titles = _titles(plan.chapters, Prose(f"{seed}: titles"))
    return tuple(
        Chapter(number, title, plan.page(number), tuple(_Composer(plan, number, seed).blocks()))
        for number, title in enumerate(titles, 1)
    )


def _titles(count: int, prose: Prose) -> list[str]:
    titles: dict[str, None] = {}
    while len(titles) < count:
        titles[prose.title()] = None
    return list(titles)


class _Composer:
    """Writes one chapter: paragraphs to its length, and what stands between and in them."""

    def __init__(self, plan: Plan, number: int, seed: str) -> None:
        self.plan, self.number = plan, number
        self.prose = Prose(f"{seed}: chapter {number}")
        self.count = max(4, round(plan.words * _RUNNING / _MEAN_WORDS))

    def blocks(self) -> Iterator[Block]:
        """Give the chapter's blocks in their order."""
        between = self._between()
        notes = _spread(self.count, self.plan.share(NOTES))
        references = _spread(self.count, self.plan.share(REFERENCES), 0.6)
        terms = _spread(self.count, self.plan.share(TERMS), 0.2)
        called = 0
        for index in range(self.count):
            yield from between.get(index, ())
            words = self.prose.random.randint(*PARAGRAPH_WORDS)
            parts: list[Part] = [Text(self.prose.sentences(words))]
            if self.prose.random.random() < _ENTERED:
                parts += self._entry()
            for _ in range(terms.count(index)):
                parts += self._term()
            for _ in range(notes.count(index)):
                called += 1
                parts.append(Note(called, self.prose.sentence("note")))
                parts.append(Text(" " + self.prose.sentence("short")))
            for _ in range(references.count(index)):
                parts += [Text(" There is more of this in "), self._reference(), Text(".")]
            yield Paragraph(tuple(parts))

    def _between(self) -> dict[int, list[Block]]:
        """Give each block that is not running text the paragraph it stands before."""
        kinds: tuple[tuple[list[Block], float], ...] = (
            ([self._figure(i) for i in range(self.plan.share(FIGURES))], 0.3),
            ([Heading(self.prose.title()) for _ in range(self.plan.share(HEADINGS))], 0.5),
            ([self._list(ordered=i % 2 == 1) for i in range(self.plan.share(LISTS))], 0.4),
            ([self._quote() for _ in range(self.plan.share(QUOTES))], 0.7),
            ([self._table()], 0.2),
        )
        places: dict[int, list[Block]] = {}
        for blocks, offset in kinds:
            for block, place in zip(blocks, _spread(self.count, len(blocks), offset), strict=True):
                places.setdefault(self._free(place, places), []).append(block)
        return places

    def _free(self, place: int, taken: Collection[int]) -> int:
        """Return the next place that is free, so that text follows whatever is not text."""
        others = [place, *range(place + 1, self.count), *range(1, place)]
        return next((other for other in others if other not in taken), place)

    def _entry(self) -> Iterator[Part]:
        yield Text(" It was entered under ")
        yield Text(self.prose.title(), emphasis=True)
        yield Text(", and nowhere else.")

    def _term(self) -> Iterator[Part]:
        yield Text(" It was much the same at ")
        yield Term(self.prose.random.choice(VOCABULARY["place"]))
        yield Text(".")

    def _reference(self) -> Reference:
        others = [n for n in range(1, self.plan.chapters + 1) if n != self.number]
        chapter = self.prose.random.choice(others)
        figures = self.plan.share(FIGURES)
        which = self.prose.random.randrange(figures + 1)
        if which == figures:
            return Reference(f"table-{chapter}", f"Table {chapter}", self.plan.page(chapter, 0.4))
        number = (chapter - 1) * figures + which + 1
        page = self.plan.page(chapter, (which + 0.3) / figures)
        return Reference(f"figure-{number}", f"Figure {number}", page)

    def _figure(self, index: int) -> Figure:
        number = (self.number - 1) * self.plan.share(FIGURES) + index + 1
        image = list(IMAGES)[number % len(IMAGES)]
        return Figure(f"figure-{number}", number, image, self.prose.title())

    def _list(self, *, ordered: bool) -> ItemList:
        count = self.prose.random.randint(3, 5)
        return ItemList(tuple(self.prose.sentence("short") for _ in range(count)), ordered)

    def _quote(self) -> Paragraph:
        return Paragraph((Text(self.prose.sentences(35)),), quoted=True)

    def _table(self) -> Table:
        places = self.prose.random.sample(VOCABULARY["place"], 4)
        rows = tuple(
            (place, self.prose.year(), str(self.prose.random.randint(11, 980))) for place in places
        )
        header = ("Place", "Year", "Depth in feet")
        return Table(f"table-{self.number}", self.number, header, rows, self.prose.title())


def _spread(length: int, count: int, offset: float = 0.5) -> list[int]:
    """Return ``count`` places in a row of ``length``, evenly apart and never the first."""
    return [max(1, min(length - 1, int((i + offset) * length / count))) for i in range(count)]


def notes_of(chapter: Chapter) -> list[Note]:
    """Return a chapter's notes in their order."""
    paragraphs = (block for block in chapter.blocks if isinstance(block, Paragraph))
    parts = chain.from_iterable(paragraph.parts for paragraph in paragraphs)
    return [part for part in parts if isinstance(part, Note)]
