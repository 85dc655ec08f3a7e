"""Documents of sections, made once for each set of page numbers that they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from makeready.book.model import Book, PageMap, Section
from makeready.fonts import Font
from makeready.templates.environment import Layouts
from makeready.templates.trees import Medium

Render = Callable[[Section, PageMap], str]


@dataclass(frozen=True, slots=True)
class _RecordingPageMap(PageMap):
    """A page map that notes what it was asked."""

    answers: dict[str, str] = field(default_factory=dict)

    def label(self, anchor: str) -> str:
        """Return the page label of an anchor, and note it."""
        answer = PageMap.label(self, anchor)
        self.answers[anchor] = answer
        return answer


@dataclass(frozen=True, slots=True)
class _KeptDocuments:
    """The documents made of one section, each with the page numbers it asked for."""

    section: Section
    documents: list[tuple[dict[str, str], str]] = field(default_factory=list)


@dataclass
class DocumentCache:
    """The documents of the run before, for a process that makes a book again and again.

    One is kept while its section is the same object, and all else that a layout of the house
    shows of the book has not changed; a book's own layouts may show anything of it.
    """

    _shared_inputs: object = None
    _made: dict[tuple[Medium, str], _KeptDocuments] = field(default_factory=dict)

    def begin(self, book: Book, layouts: Layouts, fonts: tuple[Font, ...]) -> None:
        """Begin a run, and forget what does not hold in it."""
        # The layouts themselves, not their id: another of the same id may take their place.
        ground = (
            layouts,
            fonts,
            replace(book, sections=(), index=(), term_references={}, blurb=None),
        )
        if ground != self._shared_inputs or layouts.book_styles is not None:
            self._made.clear()
        self._shared_inputs = ground
        # What is generated shows the other sections: contents, index.
        self._made = {k: m for k, m in self._made.items() if not m.section.kind.generated}

    def of(self, medium: Medium, section: Section) -> list[tuple[dict[str, str], str]]:
        """Return the documents made of a section, to add to."""
        made = self._made.get((medium, section.name))
        if made is None or made.section is not section:
            made = self._made[medium, section.name] = _KeptDocuments(section)
        return made.documents


@dataclass(frozen=True)
class SectionDocuments:
    """The documents of one medium's sections, as ``render`` makes them."""

    medium: Medium
    render: Render
    kept: DocumentCache

    def __call__(self, section: Section, page_map: PageMap) -> str:
        """Return a section's document, the one made before where its page numbers are the same."""
        made = self.kept.of(self.medium, section)
        for answers, markup in made:
            if all(page_map.label(anchor) == answer for anchor, answer in answers.items()):
                return markup
        asked = _RecordingPageMap(page_map.labels)
        markup = self.render(section, asked)
        made.append((asked.answers, markup))
        return markup
