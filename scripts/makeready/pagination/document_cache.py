"""A cache of the sections' documents in memory, for a process that builds a book repeatedly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from makeready.book.model import Book, NoteStyle, PageMap, Section
from makeready.fonts import Font
from makeready.templates.environment import Layouts
from makeready.templates.trees import Medium

Render = Callable[[Section, PageMap], str]
"""A function that fills in the layout of a section."""


@dataclass(frozen=True, slots=True)
class _RecordingPageMap(PageMap):
    """A page map that records the labels it is asked for, by anchor."""

    labels_used: dict[str, str] = field(default_factory=dict)

    def label(self, anchor: str) -> str:
        """Return the page label of an anchor, and record it."""
        label = PageMap.label(self, anchor)
        self.labels_used[anchor] = label
        return label


@dataclass(frozen=True, slots=True)
class _CachedDocuments:
    """The documents made of one section, each with the page labels it shows."""

    section: Section
    documents: list[tuple[dict[str, str], str]] = field(default_factory=list)


@dataclass
class DocumentCache:
    """The documents made in earlier runs.

    A section's are used again while it is the same object, and all else of the book that a
    built-in layout shows is unchanged. A book's own layouts may show anything of the book, so
    with them nothing is used again.
    """

    _shared_inputs: object = None
    _cached: dict[tuple[Medium, NoteStyle, str], _CachedDocuments] = field(default_factory=dict)

    def start_run(self, book: Book, layouts: Layouts, fonts: tuple[Font, ...]) -> None:
        """Drop the documents that are out of date in a run with these inputs."""
        # The layouts themselves are compared: the id of a deleted object may be used again.
        shared_inputs = (
            layouts,
            fonts,
            replace(book, sections=(), index=(), term_references={}, blurb=None),
        )
        if shared_inputs != self._shared_inputs or layouts.book_styles is not None:
            self._cached.clear()
        self._shared_inputs = shared_inputs
        # Generated sections, the contents and the index, show other sections.
        self._cached = {k: c for k, c in self._cached.items() if not c.section.kind.generated}

    def documents_of(
        self, medium: Medium, notes: NoteStyle, section: Section
    ) -> list[tuple[dict[str, str], str]]:
        """Return the list of documents made of a section, to look in and to add to.

        ``notes`` is the style of notes of the edition, whose contents may list them.
        """
        key = medium, notes, section.name
        cached = self._cached.get(key)
        if cached is None or cached.section is not section:
            cached = self._cached[key] = _CachedDocuments(section)
        return cached.documents


@dataclass(frozen=True)
class SectionDocuments:
    """The documents of one medium's sections, from the cache or made by ``render``."""

    medium: Medium
    render: Render
    cache: DocumentCache
    notes: NoteStyle = field(default_factory=NoteStyle)

    def __call__(self, section: Section, page_map: PageMap) -> str:
        """Return a section's document, a cached one if its page labels are the same."""
        documents = self.cache.documents_of(self.medium, self.notes, section)
        for labels, document in documents:
            if all(page_map.label(anchor) == label for anchor, label in labels.items()):
                return document
        recording = _RecordingPageMap(page_map.labels)
        document = self.render(section, recording)
        documents.append((recording.labels_used, document))
        return document
