"""What is kept of a book between its readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from makeready.book.model import Anchor, Element, Section
from makeready.manuscript.cache import SectionCache


@dataclass(frozen=True, slots=True)
class _KnownSection:
    section: Section
    targets: tuple[Anchor | None, ...]


class UnchangedSections:
    """What a reading takes from those before it: from the folder, and in this process.

    Every section that is as it was is read from the folder, without being parsed. A process
    that reads a book again with the same value gets the very Section it had, where nothing in
    it has changed: text, numbers, notes, and what its references refer to. What hangs on more
    of the book (metadata, words, contents, page numbers) is not in a Section.
    """

    def __init__(self, folder: Path) -> None:
        self.shelf = SectionCache(folder)
        self._settled: dict[str, _KnownSection] = {}

    def settled(
        self, sections: Sequence[Section], anchors: Mapping[str, Anchor]
    ) -> tuple[Section, ...]:
        """Return the sections of a book that is read, those of the reading before where alike."""
        self.shelf.trim()
        before, self._settled = self._settled, {}
        for section in sections:
            now = _KnownSection(section, _targets(section, anchors))
            then = before.get(section.name)
            self._settled[section.name] = then if then and _alike(then, now) else now
        return tuple(self._settled[section.name].section for section in sections)


def _targets(section: Section, anchors: Mapping[str, Anchor]) -> tuple[Anchor | None, ...]:
    return tuple(
        anchors.get((link.get("href") or "").removeprefix("#"))
        for tree in _trees(section)
        for link in tree.iter("a")
        if link.get("data-form") is not None
    )


def _alike(one: _KnownSection, other: _KnownSection) -> bool:
    return (
        one.targets == other.targets
        and _facts(one.section) == _facts(other.section)
        and all(
            etree.tostring(mine) == etree.tostring(yours)
            for mine, yours in zip(_trees(one.section), _trees(other.section), strict=True)
        )
    )


def _facts(section: Section) -> tuple[object, ...]:
    notes = tuple((note.number, note.line) for note in section.notes)
    return (
        section.name,
        section.kind,
        section.division,
        section.number,
        section.title,
        section.source_path,
        section.queries,
        notes,
    )


def _trees(section: Section) -> Iterator[Element]:
    yield section.title_tree
    yield section.tree
    for note in section.notes:
        yield note.tree
