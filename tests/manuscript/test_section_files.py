"""Sections of any files: several in one section, several sections in one, in any folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import PNG, markup, read, reported, write_book

from makeready.book.model import Book
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections

HEAD = 'title = "Tiny"\nlanguage = "en"\nmodified = 2026-11-01\n'
LISTS = """\
bodymatter = [
  "introduction",
  { part = "Of *Several* Files" },
  { chapter = ["src/01/a.md", "src/01/b.md"] },
  "chapter-2",
  { chapter = "src/02.md", title = "From the *list*" },
  { chapters = "novel.md" },
  { chapter = "src/last.md", numbered = false },
]
backmatter = [
  { appendix = "src/x.md" },
  { appendix = "src/y.md" },
]
"""
FILES: dict[str, str | bytes] = {
    "book.toml": HEAD + LISTS,
    "introduction.md": "# Start\n\n[b](src/01/b.md), [](src/01/b.html#frost), [](novel.md#c).\n",
    "chapter-2.md": "# Two\n\nText. [](src/02.md)\n",
    "src/01/a.md": """\
# A

Words.[^1] ![A](img/a.png) ![B](images/b.png) [b](b.md#frost) [own](#frost) [page].

## Frost

[^1]: Of a.

[page]: https://example.org/a
""",
    "src/01/b.md": """\
---
title: From b
lang: fr
---

Words.[^1] [a](a.md#frost), [own](#frost) and [intro](../../introduction.md) [page].

## Frost

### Hoar

# More

## Rime

[^1]: Of b.

[page]: https://example.org/b
""",
    "src/01/img/a.png": PNG,
    "images/b.png": PNG,
    "src/02.md": "Words.\n",
    "src/last.md": "# Last\n\nWords.\n",
    "src/x.md": "# X\n\nWords.\n",
    "src/y.md": "# Y\n\nWords.\n",
    "novel.md": """\
# First

A.[^n] [to](#c) {>> So? <<}

# Second

B.[^m] [^n] [^m]

# Third {#c}

C.

[^n]: N.

[^m]: M.
""",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book, found = read(tmp_path_factory.mktemp("files"), FILES)
    assert book is not None
    assert [f for f in found if f[0] != "MAN-019"] == [("MAN-008", "src/01/b.md", 12)]
    return book


def test_sections_are_named_by_kind_and_count(book: Book) -> None:
    assert [(s.name, s.title, s.number) for s in book.sections] == [
        ("introduction", "Start", None),
        ("part-1", "Of Several Files", 1),
        ("chapter-1", "A", 1),
        ("chapter-2", "Two", 2),
        ("chapter-3", "From the list", 3),
        ("chapter-4", "First", 4),
        ("chapter-5", "Second", 5),
        ("chapter-6", "Third", 6),
        ("chapter-7", "Last", None),
        ("appendix-1", "X", 1),
        ("appendix-2", "Y", 2),
    ]


def test_names_in_the_lists_are_kept(tmp_path: Path) -> None:
    lists = 'bodymatter = [{ chapter = "a.md" }, "chapter-1", { chapter = "b.md" }]\n'
    files = {f"{name}.md": f"# {name}\n\nWords.\n" for name in ("a", "b", "chapter-1")}
    book, found = read(tmp_path, {"book.toml": HEAD + lists, **files})
    assert found == [] and book is not None
    assert [(s.name, s.source_path) for s in book.sections] == [
        ("chapter-2", "a.md"),
        ("chapter-1", "chapter-1.md"),
        ("chapter-3", "b.md"),
    ]


def test_the_headings_of_later_files_go_down_one_level(book: Book) -> None:
    tree = book.section("chapter-1").tree
    headings = [(h.tag, h.text) for h in tree.iter("h1", "h2", "h3", "h4")]
    assert headings == [
        ("h2", "Frost"),
        ("h2", "From b"),
        ("h3", "Frost"),
        ("h4", "Hoar"),
        ("h2", "More"),
        ("h3", "Rime"),
    ]
    assert tree[-1].get("lang") == "fr" and tree[0].get("lang") is None


def test_each_file_has_its_own_notes_and_addresses(book: Book) -> None:
    section = book.section("chapter-1")
    calls = [call.get("data-note") for call in section.tree.iter("a") if call.get("data-note")]
    assert calls == ["1", "2"]
    texts = ["".join(note.tree.itertext()) for note in section.notes]
    assert texts == ["Of a.", "Of b."]
    pages = [a.get("href") for a in section.tree.iter("a") if a.text == "page"]
    assert pages == ["https://example.org/a", "https://example.org/b"]


def test_references_are_looked_for_in_the_file_that_they_name(book: Book) -> None:
    section = book.section("chapter-1")
    ids = {str(h.get("id")): h for h in section.tree.iter("h2", "h3")}
    links = [(a.text, str(a.get("href"))[1:]) for a in section.tree.iter("a") if a.get("data-form")]
    levels = [(text, ids[a].tag) for text, a in links if a in ids]
    assert levels == [("b", "h3"), ("own", "h2"), ("a", "h2"), ("own", "h3")]
    assert ("intro", "introduction") in links
    first, second, third = (
        str(a.get("href"))[1:] for a in book.section("introduction").tree.iter("a")
    )
    assert ids[first].text == "From b" and (ids[second].tag, third) == ("h3", "chapter-6")


def test_images_are_looked_for_beside_the_file_and_in_the_book(book: Book) -> None:
    images = [image.get("src") for image in book.section("chapter-1").tree.iter("img")]
    assert images == ["src/01/img/a.png", "images/b.png"]
    assert [r.path for r in book.resources] == ["images/b.png", "src/01/img/a.png"]


def test_a_file_of_several_chapters_shares_its_notes_and_names(book: Book) -> None:
    notes = {
        name: ["".join(note.tree.itertext()) for note in book.section(name).notes]
        for name in ("chapter-4", "chapter-5", "chapter-6")
    }
    assert notes == {"chapter-4": ["N."], "chapter-5": ["M.", "N."], "chapter-6": []}
    second = markup(book.section("chapter-5").tree)
    assert 'data-note="1" data-call="2"' in second and second.count('data-note="2"') == 1
    assert 'href="#chapter-6"' in markup(book.section("chapter-4").tree)
    queries = [(s.name, [q.line for q in s.queries]) for s in book.sections if s.queries]
    assert queries == [("chapter-4", [3])]


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("Words.[^1]", "Words.[^2][^1]", "REF-002", 6),
        ("### Hoar", "#### Hoar", "MAN-009", 10),
        ("[intro](../../introduction.md)", "[](../nowhere.md)", "REF-009", 6),
        ("[own](#frost)", "[](#nothing)", "REF-001", 6),
        ("[own](#frost)", "![C](img/c.png)", "IMG-001", 6),
        ("[own](#frost)", "<blink>x</blink>", "MAN-015", 6),
        ("[own](#frost)", "“open", "TYP-001", 6),
        ("title: From b", "title: From b\nlayout: x", "MAN-039", 3),
        ("## Frost", "## Frost {#frost}\n\n## Again {#frost}", "REF-007", 10),
        ("[^1]: Of b.", "[^1]: Of b.\n\n[^1]: Of c.", "REF-004", 18),
    ],
)
def test_what_is_found_has_the_file_and_line_it_is_in(
    old: str, new: str, rule: str, line: int, tmp_path: Path
) -> None:
    text = str(FILES["src/01/b.md"]).replace("\n# More", "\n## More").replace("# Rime", "## Rime")
    text = text.replace("\n### Rime", "\n### Rime")
    clean = {**FILES, "src/01/b.md": text}
    _, before = read(tmp_path / "clean", clean)
    assert [f for f in before if f[0] != "MAN-019"] == []
    assert text.count(old) == 1
    _, found = read(tmp_path / "broken", {**clean, "src/01/b.md": text.replace(old, new)})
    assert [f for f in found if f[0] != "MAN-019"] == [(rule, "src/01/b.md", line)]


def test_an_unclosed_fence_hides_nothing_in_the_next_file(tmp_path: Path) -> None:
    files = {
        "book.toml": HEAD + 'bodymatter = [{ chapter = ["a.md", "b.md"] }]\n',
        "a.md": "# A\n\n```\ncode\n",
        "b.md": "Words.\n\n![](c.png)\n",
    }
    _, found = read(tmp_path, files)
    assert found == [("MAN-026", "a.md", 3), ("IMG-001", "b.md", 3)]


@pytest.mark.parametrize("missing", ["a.md", "b.md", "c.md"])
@pytest.mark.parametrize("content", [None, b"Not \xff UTF-8.\n"])
def test_files_beside_one_that_cannot_be_read_are_read(
    content: bytes | None, missing: str, tmp_path: Path
) -> None:
    text = "\n\nWords [](#frost).\n\n![](x.png)\n"
    files: dict[str, str | bytes] = {
        "book.toml": HEAD + 'bodymatter = [{ chapter = ["a.md", "b.md", "c.md"] }]\n',
        "a.md": "# A" + text,
        "b.md": "### B" + text,
        "c.md": "## C" + text,
    }
    del files[missing]
    first = ("MAN-045", "book.toml", 4)
    if content is not None:
        files[missing] = content
        first = ("MAN-010", missing, 1)
    _, found = read(tmp_path, files)
    others = [("IMG-001", name, 5) for name in ("a.md", "b.md", "c.md") if name != missing]
    assert [f for f in found if f[0] != "MAN-009"] == [first, *others]
    assert ("MAN-007", "b.md", 1) not in found


def test_a_change_in_any_file_is_read_again(tmp_path: Path) -> None:
    root = write_book(tmp_path / "book", FILES)
    kept = UnchangedSections(tmp_path / "cache")

    def read_again() -> tuple[Book, Findings]:
        findings = Findings()
        book = read_book(root, findings, unchanged_sections=kept)
        assert book is not None
        return book, findings

    first, found = read_again()
    second, found_again = read_again()
    assert all(a is b for a, b in zip(first.sections, second.sections, strict=True))
    assert reported(found) == reported(found_again)
    path = root / "src/01/b.md"
    path.write_text(path.read_text("utf-8").replace("Hoar", "Rime ice"), "utf-8")
    third, _ = read_again()
    changed = [a.name for a, b in zip(second.sections, third.sections, strict=True) if a is not b]
    assert changed == ["chapter-1"]
    assert "Rime ice" in markup(third.section("chapter-1").tree)


@pytest.mark.parametrize(
    ("entry", "text", "title", "headings"),
    [
        ('"chapter-1"', "## Frost\n\n### Hoar\n\nWords.\n\n## Thaw\n", "Frost", "h2 h2"),
        ('"chapter-1"', "### Frost\n\nWords.\n\n#### Hoar\n\n##### Rime\n", "Frost", "h2 h3"),
        ('"chapter-1"', "<a id='x'></a>\n\n## Frost\n\nWords.\n", "Frost", ""),
        (
            '{ chapter = "chapter-1.md", title = "A - Frost" }',
            "## Appendix A: Frost\n\nWords.\n\n### Hoar\n",
            "Appendix A: Frost",
            "h2",
        ),
        (
            '{ chapter = "chapter-1.md", title = "Winter" }',
            "## Frost\n\nWords.\n\n### Hoar\n",
            "Winter",
            "h2 h3",
        ),
    ],
)
def test_the_heading_that_a_file_begins_with_is_its_title(
    entry: str, text: str, title: str, headings: str, tmp_path: Path
) -> None:
    files = {"book.toml": f"{HEAD}bodymatter = [{entry}]\n", "chapter-1.md": text}
    book, found = read(tmp_path, files)
    assert found == [] and book is not None
    (section,) = book.sections
    tags = " ".join(str(h.tag) for h in section.tree.iter("h2", "h3", "h4", "h5"))
    assert (section.title, tags) == (title, headings)
