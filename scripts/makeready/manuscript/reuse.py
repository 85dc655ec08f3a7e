"""Reusing the sections of a book that have not changed since it was last read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from makeready.book.model import Anchor, Element, Section
from makeready.manuscript.cache import SectionCache

READINGS = "readings"
"""The folder for them in that of the cache."""


@dataclass(frozen=True, slots=True)
class _KnownSection:
    """A section, and the targets of its references."""

    section: Section
    targets: tuple[Anchor | None, ...]


class UnchangedSections:
    """The sections of earlier runs, in a cache folder and in this process.

    A section whose source is unchanged is loaded from the cache and not parsed. A process that
    reads a book again with the same instance gets the same ``Section`` objects, if nothing in
    them has changed: text, numbers, notes, and the targets of references. Whatever depends on
    more of the book (metadata, labels, contents, page numbers) is not part of a ``Section``.
    """

    def __init__(self, folder: Path) -> None:
        self.cache = SectionCache(folder)
        self._known: dict[str, _KnownSection] = {}

    def reuse(
        self, sections: Sequence[Section], anchors: Mapping[str, Anchor]
    ) -> tuple[Section, ...]:
        """Return the sections, each replaced by the object of the run before if it is equal."""
        self.cache.trim()
        before, self._known = self._known, {}
        for section in sections:
            now = _KnownSection(section, _targets(section, anchors))
            then = before.get(section.name)
            self._known[section.name] = then if then and _is_unchanged(then, now) else now
        return tuple(self._known[section.name].section for section in sections)


def _targets(section: Section, anchors: Mapping[str, Anchor]) -> tuple[Anchor | None, ...]:
    return tuple(
        anchors.get((link.get("href") or "").removeprefix("#"))
        for tree in _trees(section)
        for link in tree.iter("a")
        if link.get("data-form") is not None
    )


def _is_unchanged(one: _KnownSection, other: _KnownSection) -> bool:
    return (
        one.targets == other.targets
        and _plain_fields(one.section) == _plain_fields(other.section)
        and all(
            etree.tostring(mine) == etree.tostring(yours)
            for mine, yours in zip(_trees(one.section), _trees(other.section), strict=True)
        )
    )


def _plain_fields(section: Section) -> tuple[object, ...]:
    notes = tuple((note.number, note.line) for note in section.notes)
    return (
        section.name,
        section.kind,
        section.division,
        section.number,
        section.numeral,
        section.group_title,
        section.line_runs,
        section.title,
        section.has_title,
        section.source_path,
        section.queries,
        notes,
    )


def _trees(section: Section) -> Iterator[Element]:
    yield section.title_tree
    yield section.tree
    for note in section.notes:
        yield note.tree
