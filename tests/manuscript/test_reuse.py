"""Reading with the cache: the book is the same as without it, and only changed sections parsed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from book_comparison import TWO, book_in, description_of, read_description, trees_of
from tiny_book import png, reported, write_book

from conftest import BOOKS, ROOT
from makeready.book.model import Book
from makeready.cache import DiskCache
from makeready.findings import Findings
from makeready.manuscript import formula_cache, section_parser
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are passed to the Markdown parser, in order."""
    names: list[str] = []

    class Spy(section_parser.MarkdownParser):
        def __init__(self, path: str, *rest: Any, **named: Any) -> None:
            names.append(path)
            super().__init__(path, *rest, **named)

    monkeypatch.setattr(section_parser, "MarkdownParser", Spy)
    return names


@pytest.mark.parametrize("book", [ROOT / "manuscript", BOOKS / "garden", BOOKS / "leaflet"])
def test_a_book_from_the_cache_equals_a_fresh_one(
    book: Path, tmp_path: Path, parsed: list[str]
) -> None:
    fresh = read_description(book)
    assert read_description(book, UnchangedSections(tmp_path)) == fresh
    parsed.clear()
    assert read_description(book, UnchangedSections(tmp_path)) == fresh
    assert parsed == []


def test_only_an_edited_section_is_parsed_again(tmp_path: Path, parsed: list[str]) -> None:
    root = book_in(tmp_path / "book")
    unchanged_sections = UnchangedSections(tmp_path / "kept")
    read_description(root, unchanged_sections)
    assert parsed == ["chapter-1.md", "chapter-2.md", "chapter-3.md"]
    parsed.clear()
    (root / "chapter-2.md").write_text(TWO.replace("stands", "is set"), "utf-8")
    assert read_description(root, unchanged_sections) == read_description(root)
    assert parsed == ["chapter-2.md", "chapter-1.md", "chapter-2.md", "chapter-3.md"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"en"', '"de"'),
        ("[words]", "[typography]\nacronyms = 'capitals'\n[words]"),
    ],
)
def test_the_key_includes_the_configuration(tmp_path: Path, old: str, new: str) -> None:
    root = book_in(tmp_path / "book")
    config = root / "book.toml"
    # A section's fallback title depends on the language; here it stays the same.
    config.write_text(config.read_text("utf-8") + '[words]\nchapter = "Chapter"\n', "utf-8")
    unchanged_sections = UnchangedSections(tmp_path / "kept")
    before = read_description(root, unchanged_sections)
    config.write_text(config.read_text("utf-8").replace(old, new), "utf-8")
    fresh = read_description(root)
    assert fresh[-2] != before[-2]
    assert read_description(root, unchanged_sections) == fresh


@pytest.mark.parametrize(
    ("fault", "rule"),
    [('<iframe id="film"></iframe>', "MAN-015"), ("```\nA film. {#film}", "MAN-026")],
)
def test_missing_targets_are_cached_too(tmp_path: Path, fault: str, rule: str) -> None:
    files = {"chapter-1.md": f"# One\n\nSee [](#film).\n\n{fault}\n"}
    root = write_book(tmp_path / "book", files)
    unchanged_sections = UnchangedSections(tmp_path / "kept")
    for _ in range(2):
        findings = Findings()
        read_book(root, findings, unchanged_sections=unchanged_sections)
        assert reported(findings) == [(rule, "chapter-1.md", 5)]


def test_an_unwritable_cache_does_not_stop_reading(tmp_path: Path) -> None:
    root = book_in(tmp_path / "book")
    (tmp_path / "kept").write_bytes(b"no folder")
    assert read_description(root, UnchangedSections(tmp_path / "kept")) == read_description(root)


Change = Callable[[Path], object]
IMAGE = "images/a.png"
CHANGES: dict[str, tuple[Change, list[tuple[str, str, int | None]]]] = {
    "another picture": (lambda root: (root / IMAGE).write_bytes(png(9)), []),
    "another type": (
        lambda root: (root / IMAGE).write_bytes(png(2, "GIF")),
        [("IMG-008", "chapter-1.md", 5)],
    ),
    "no picture": (
        lambda root: (root / IMAGE).write_bytes(b"no picture"),
        [("IMG-004", "chapter-1.md", 5), ("IMG-004", "chapter-2.md", 5)],
    ),
    "removed": (
        lambda root: (root / IMAGE).unlink(),
        [("IMG-001", "chapter-1.md", 5), ("IMG-001", "chapter-2.md", 5)],
    ),
    "led outside": (
        lambda root: (
            (root / IMAGE).replace(root.parent / "a.png"),
            (root / IMAGE).symlink_to(root.parent / "a.png"),
        ),
        [("IMG-003", "chapter-1.md", 5), ("IMG-003", "chapter-2.md", 5)],
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_changed_image_is_noticed(
    tmp_path: Path, change: Change, expected: list[tuple[str, str, int | None]]
) -> None:
    root = book_in(tmp_path / "book")
    unchanged_sections = UnchangedSections(tmp_path / "kept")
    before = read_description(root, unchanged_sections)
    change(root)
    findings = Findings()
    now = description_of(read_book(root, findings, unchanged_sections=unchanged_sections), findings)
    assert now == read_description(root)
    seen = [t for t in reported(findings) if t[0].startswith("IMG") and t[1] != "chapter-3.md"]
    assert seen == expected
    shutil.rmtree(root)
    assert read_description(book_in(root), unchanged_sections) == before


def test_the_nearest_name_of_a_missing_image_is_not_cached(tmp_path: Path) -> None:
    files = {"chapter-1.md": "# One\n\n![A hill](images/hill.png)\n"}
    root = write_book(tmp_path / "book", files)
    unchanged_sections = UnchangedSections(tmp_path / "kept")

    def hints() -> list[str]:
        findings = Findings()
        read_book(root, findings, unchanged_sections=unchanged_sections)
        return [f.message + f.hint for f in findings if f.id == "IMG-001"]

    assert "hills.png" not in hints()[0]
    (root / "images").mkdir()
    (root / "images/hills.png").write_bytes(png())
    assert "hills.png" in hints()[0]


def test_a_corrupt_entry_is_replaced(tmp_path: Path, parsed: list[str]) -> None:
    root = book_in(tmp_path / "book")
    whole = read_description(root, UnchangedSections(tmp_path / "kept"))
    entries = sorted((tmp_path / "kept").rglob("*.reading"))
    assert len(entries) == 5
    blocks = [entry.read_bytes() for entry in entries]
    for spoil in (
        lambda block: block[: len(block) // 2],
        lambda block: block[:40] + bytes([block[40] ^ 1]) + block[41:],
        lambda _: b"",
        lambda block: b"\x80\x04" + block,
    ):
        for entry, block in zip(entries, blocks, strict=True):
            entry.write_bytes(spoil(block))
        parsed.clear()
        assert read_description(root, UnchangedSections(tmp_path / "kept")) == whole
        assert len(parsed) == 3
        assert [entry.read_bytes() for entry in entries] == blocks


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"{}\n<reading/>", b"[1]\n<a/>", b'"', b"\xff\n\xff", b'{"title": 1}\n<reading>'],
)
def test_an_entry_that_is_not_a_section_is_ignored(tmp_path: Path, content: bytes) -> None:
    root = book_in(tmp_path / "book")
    whole = read_description(root, UnchangedSections(tmp_path / "kept"))
    store = DiskCache(tmp_path / "kept", ".reading", 1_000_000)
    for entry in (tmp_path / "kept").rglob("*.reading"):
        store.put(entry.stem, content)
    assert read_description(root, UnchangedSections(tmp_path / "kept")) == whole


def test_changes_to_a_book_are_not_cached(tmp_path: Path) -> None:
    root = book_in(tmp_path / "book")
    whole = read_description(root)
    unchanged_sections = UnchangedSections(tmp_path / "kept")
    for _ in range(2):
        book = read_book(root, Findings(), unchanged_sections=unchanged_sections)
        assert book is not None
        for section in book.sections:
            for tree in trees_of(section):
                tree.clear()
    assert read_description(root, unchanged_sections) == whole


def reused_names(before: Book, after: Book) -> list[str]:
    same = {id(section) for section in before.sections}
    return [section.name for section in after.sections if id(section) in same]


def read_again(root: Path, unchanged_sections: UnchangedSections) -> Book:
    book = read_book(root, Findings(), unchanged_sections=unchanged_sections)
    assert book is not None
    return book


@pytest.mark.parametrize(
    ("name", "old", "new", "kept"),
    [
        ("chapter-3.md", "It says", "It tells", ["chapter-1", "chapter-2"]),
        # The title that chapter 1 refers to.
        ("chapter-2.md", "# Two\n", "# Second\n", ["chapter-3"]),
        # Nothing refers to this heading.
        ("chapter-2.md", "A *heading* here", "Another", ["chapter-1", "chapter-3"]),
        # A table before it: chapter 3 refers to what is Table 2 now.
        (
            "chapter-1.md",
            "# One",
            "| a |\n|---|\n| b |\n\n/// caption\nOne.\n///\n\n# One",
            [],
        ),
        # There are no words in chapter 3 that a language sets otherwise.
        ("book.toml", '"en"', '"fr"', ["chapter-3"]),
        ("book.toml", "Kept", "Known", ["chapter-1", "chapter-2", "chapter-3"]),
    ],
)
def test_an_unchanged_section_is_the_same_object(
    tmp_path: Path, name: str, old: str, new: str, kept: list[str]
) -> None:
    root = book_in(tmp_path / "book")
    unchanged_sections = UnchangedSections(tmp_path / "kept")
    before = read_again(root, unchanged_sections)
    assert len(reused_names(before, read_again(root, unchanged_sections))) == 3
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), "utf-8")
    assert reused_names(before, read_again(root, unchanged_sections)) == kept


SCRIPT = """
import hashlib, sys
from pathlib import Path
sys.path[:0] = sys.argv[4:]
from book_comparison import UnchangedSections, read_description
sys.stdin.readline()
for turn in range(3):
    cache = UnchangedSections(Path(sys.argv[2]) / str(turn))
    description = read_description(Path(sys.argv[1]), cache)
    print(hashlib.sha256(ascii(description).encode()).hexdigest())
"""


def test_two_processes_may_read_at_once(tmp_path: Path) -> None:
    root = book_in(tmp_path / "book")
    paths = [str(ROOT / "tests"), str(Path(__file__).parent)]
    command = [sys.executable, "-c", SCRIPT, str(root), str(tmp_path / "kept"), "", *paths]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("\n")
        reader.stdin.flush()
    digests_by = [reader.communicate(timeout=60)[0].split() for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0]
    assert len(digests_by[0]) == 3
    assert len({*digests_by[0], *digests_by[1]}) == 1


def test_formulas_of_an_edited_section_are_not_set_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    formulas: list[str] = []

    def spy(tex: str, **named: Any) -> formula_cache.Formula:
        formulas.append(tex)
        return set_formula(tex, **named)

    set_formula = formula_cache.set_formula
    monkeypatch.setattr(formula_cache, "set_formula", spy)
    text = (
        "# One\n\nText $x$, $y$ and $x$.\n\n"
        "\\begin{align}\na &= b \\tag{1} \\\\\nc &= d \\tag{2}\n\\end{align}\n\n"
        f"$$\n{' = '.join('a + b + c + d' for _ in range(6))}\n$$\n"
    )
    root = write_book(tmp_path / "book", {"chapter-1.md": text})
    before = read_description(root, UnchangedSections(tmp_path / "kept"))
    assert len(formulas) == 4
    write_book(root, {"chapter-1.md": text.replace("Text $x$", "Words $x + 1$")})
    after = read_description(root, UnchangedSections(tmp_path / "kept"))
    assert formulas[4:] == ["x + 1"]
    assert after != before
    assert after == read_description(root)
