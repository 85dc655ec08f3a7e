"""What is read ahead is in the cache, and the book that is read with it is the same."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from makeready.findings import Findings
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.reader import read_ahead, read_book
from makeready.manuscript.reuse import UnchangedSections

CONFIG = """title = "A book"
language = "en"
slug = "book"
modified = 2026-11-01
frontmatter = ["titlepage", "toc"]
bodymatter = ["chapter-1", "chapter-2", "chapter-3", "chapter-4"]
backmatter = ["colophon"]

[[contributors]]
name = "Somebody"

[editions.screen]
kind = "screen"
"""


class CountingCache(SectionCache):
    """A cache that records how often an entry was found, and how often not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.found = self.missed = 0

    def get(self, key: str) -> bytes | None:
        entry = super().get(key)
        self.found += entry is not None
        self.missed += entry is None
        return entry


def book_in(folder: Path) -> Path:
    folder.mkdir()
    (folder / "book.toml").write_text(CONFIG, "utf-8")
    for number in range(1, 5):
        text = f"# Title {number}\n\nText with a note.[^1] See [](#chapter-1).\n\n[^1]: A note.\n"
        (folder / f"chapter-{number}.md").write_text(text, "utf-8")
    return folder


def read(root: Path, cache: SectionCache | None = None) -> tuple[list[bytes], list[str]]:
    unchanged = UnchangedSections(root.parent / "unused")
    if cache is not None:
        unchanged.cache = cache
    findings = Findings()
    book = read_book(root, findings, unchanged_sections=unchanged if cache else None)
    assert book is not None
    return [etree.tostring(section.tree) for section in book.sections], list(map(str, findings))


def test_a_book_read_ahead_is_not_parsed_and_is_the_same(tmp_path: Path) -> None:
    root, cache = book_in(tmp_path / "book"), CountingCache(tmp_path / "cache")
    read_ahead(root, cache)
    assert (cache.found, cache.missed) == (0, 4)
    cache.missed = 0
    assert read(root, cache) == read(root)
    assert (cache.found, cache.missed) == (4, 0)


def test_it_ends_at_what_is_read_already(tmp_path: Path) -> None:
    root, cache = book_in(tmp_path / "book"), CountingCache(tmp_path / "cache")
    read(root, cache)
    for number in (1, 4):
        with (root / f"chapter-{number}.md").open("a", encoding="utf-8") as file:
            file.write("\nAnother paragraph.\n")
    cache.found = cache.missed = 0
    read_ahead(root, cache)
    # The last chapter is parsed, the one before it is known, and the first is not looked at.
    assert (cache.found, cache.missed) == (1, 1)


def test_a_book_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    read_ahead(tmp_path, SectionCache(tmp_path / "cache"))
    assert list(tmp_path.iterdir()) == []
