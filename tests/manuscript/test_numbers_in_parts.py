"""Numbers that begin again in parts and books, the letters of appendices, captions by chapter."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import PNG, Reported, read

from makeready.book.model import Book, PageMap
from makeready.templates.outline import OutlineEntry, outline
from makeready.templates.references import paged_resolver

HEAD = 'title = "Tiny"\nlanguage = "en"\nmodified = 2026-11-01\n'
BODY = """\
bodymatter = [
  { book = "Book One" },
  { part = "Part One: Frost" },
  { chapters = "a.md" },
  { part = "Thaw", numbering = "roman" },
  { chapters = "b.md" },
  { book = "The Garden", numbering = "none" },
  { part = "Weeds" },
  { chapters = "c.md" },
  { appendix = "x.md" },
  { appendix = "y.md" },
]
backmatter = [{ appendix = "z.md" }]
"""
FIGURE = '![A](i.png "A square"){#fig-%s}\n\n'
FILES: dict[str, str | bytes] = {
    "a.md": f"# Rime\n\nText.\n\n{FIGURE % 'a'}# Hoar\n\nText.\n\n{FIGURE % 'b'}"
    "See [](#chapter-1), [](#chapter-3), [](#part-1), [](#part-3), [](#appendix-2).\n",
    "b.md": f"# Drip\n\nText.\n\n{FIGURE % 'c'}",
    "c.md": f"# Dock\n\nText.\n\n{FIGURE % 'd'}",
    "x.md": f"# Xeric\n\nText.\n\n{FIGURE % 'x'}{FIGURE % 'xx'}",
    "y.md": f"# Yew\n\nText.\n\n{FIGURE % 'y'}[](#fig-x), [](#fig-a)\n",
    "z.md": f"# Zinnia\n\nText.\n\n{FIGURE % 'z'}",
    "i.png": PNG,
}


def read_with(tmp_path: Path, numbering: str) -> tuple[Book, Reported]:
    toml = f"{HEAD}numbering = {numbering}\n{BODY}"
    book, found = read(tmp_path, {"book.toml": toml, **FILES})
    assert book is not None
    return book, found


def shown(book: Book) -> list[str]:
    return [s.numeral or str(s.number or "") for s in book.sections]


@pytest.mark.parametrize(
    ("restart", "numbers"),
    [
        ("never", ["1", "1", "1", "2", "2", "III", "2", "3", "", "A", "B", "C"]),
        ("book", ["1", "1", "1", "2", "2", "III", "2", "1", "", "A", "B", ""]),
        ("part", ["1", "1", "1", "2", "2", "I", "2", "1", "", "A", "B", ""]),
    ],
)
def test_numbers_begin_again_where_it_is_said(
    restart: str, numbers: list[str], tmp_path: Path
) -> None:
    book, found = read_with(tmp_path, f'{{ restart = "{restart}" }}')
    assert shown(book) == numbers
    assert [rule for rule, *_ in found] == ["MAN-040", "MAN-041"]


PARTS = """\
bodymatter = [{ part = "Frost" }, { chapters = "a.md" }, { part = "Thaw" }, { chapters = "b.md" }]
"""


@pytest.mark.parametrize(
    ("numbering", "first", "second", "numbers", "rules"),
    [
        ("", "1 2", "1 2", "1 1 2 2 1 2", ["MAN-040"]),
        ("", "1", "1", "1 1 2 1", ["MAN-040"]),
        ("", "1 2", "3 4", "1 1 2 2 3 4", ["MAN-040"]),
        ("", "1 2", "1 3", "1 1 2 2 1 3", ["MAN-040", "MAN-068"]),
        (
            'numbering = { restart = "never" }\n',
            "1 2",
            "1 2",
            "1 1 2 2 1 2",
            ["MAN-040", "MAN-068"],
        ),
    ],
)
def test_numbers_in_titles_begin_again_in_each_part(
    numbering: str, first: str, second: str, numbers: str, rules: list[str], tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {
        name: "".join(f"# Chapter {number}: Rime\n\nText.\n\n" for number in said.split())
        for name, said in (("a.md", first), ("b.md", second))
    }
    book, found = read(tmp_path, {"book.toml": f"{HEAD}{numbering}{PARTS}", **files})
    assert book is not None
    assert " ".join(shown(book)) == numbers
    assert sorted({rule for rule, *_ in found}) == rules


def references(book: Book, section: str) -> list[str]:
    resolve = paged_resolver(book, PageMap())
    links = [a for a in book.section(section).tree.iter("a") if a.get("data-form")]
    for link in links:
        resolve(link)
    return [(link.text or "").replace("\u00a0", " ") for link in links]


def test_a_reference_to_another_part_names_it(tmp_path: Path) -> None:
    book, _ = read_with(tmp_path, '{ restart = "part", part = "words" }')
    assert references(book, "chapter-2") == [
        "Chapter 1",
        "Book 1, Part Two, Chapter I",
        "Book 1, Part One",
        "Book 2, Part One",
        "Book 2, Part One, Appendix B",
    ]
    assert references(book, "appendix-2") == ["Figure A.1", "Book 1, Part One, Figure 1"]


def test_references_are_short_where_numbers_run_on(tmp_path: Path) -> None:
    book, _ = read_with(tmp_path, '"arabic"')
    assert references(book, "chapter-2")[:4] == ["Chapter 1", "Chapter III", "Part 1", "Part 3"]


@pytest.mark.parametrize(
    ("numbering", "figures"),
    [
        ('"arabic"', "1 2 3 4 A.1 A.2 B.1 C.1"),
        ('{ restart = "part" }', "1 2 1 1 A.1 A.2 B.1 1"),
        ('{ captions = "chapter" }', "1.1 2.1 III.1 1 A.1 A.2 B.1 C.1"),
        ('{ appendix = "roman" }', "1 2 3 4 I.1 I.2 II.1 III.1"),
        ('{ appendix = "none" }', "1 2 3 4 5 6 7 8"),
    ],
)
def test_captions_follow_the_numbers_of_sections(
    numbering: str, figures: str, tmp_path: Path
) -> None:
    book, _ = read_with(tmp_path, numbering)
    names = ("a", "b", "c", "d", "x", "xx", "y", "z")
    assert " ".join(book.anchors[f"fig-{name}"].number for name in names) == figures


def tree(entries: list[OutlineEntry]) -> list[tuple[str, int, object]]:
    return [(e.label or e.title, e.level, tree(e.children)) for e in entries]


def test_books_hold_parts_and_these_chapters(tmp_path: Path) -> None:
    book, _ = read_with(tmp_path, '{ restart = "part" }')
    assert tree(outline(book)) == [
        (
            "Book 1",
            1,
            [
                ("Part 1", 2, [("Rime", 3, []), ("Hoar", 3, [])]),
                ("Part 2", 2, [("Drip", 3, [])]),
            ],
        ),
        (
            "Book 2",
            1,
            [
                (
                    "Part 1",
                    2,
                    [("Dock", 3, []), ("Appendix A", 3, []), ("Appendix B", 3, [])],
                )
            ],
        ),
        ("Zinnia", 1, []),
    ]


def test_a_form_for_a_part_is_checked(tmp_path: Path) -> None:
    wrong = '{ chapter = "a.md", numbering = "roman" }, { part = "P", numbering = "greek" }'
    _, found = read(
        tmp_path, {"book.toml": f"{HEAD}bodymatter = [{wrong}]\n", "a.md": "# A\n\nText.\n"}
    )
    assert [rule for rule, *_ in found][:2] == ["MET-005", "MET-005"]


@pytest.mark.parametrize(
    ("titles", "numbers"),
    [
        (["A. Keywords", "B. Operators"], ["A Keywords", "B Operators"]),
        (["Appendix A: Keywords", "Appendix B — Operators"], ["A Keywords", "B Operators"]),
        (["Appendix One. Keywords", "Appendix Two. Signs"], ["A Keywords", "B Signs"]),
        (["Appendix", "Appendix"], ["A Appendix A", "B Appendix B"]),
        (["Keywords", "C. Operators"], ["A Keywords", "B C. Operators"]),
    ],
)
def test_letters_are_taken_off_titles(
    titles: list[str], numbers: list[str], tmp_path: Path
) -> None:
    names = [f"appendix-{number}" for number in range(1, len(titles) + 1)]
    texts = {
        f"{name}.md": f"# {title}\n\nText.\n" for name, title in zip(names, titles, strict=True)
    }
    back = ", ".join(f'"{name}"' for name in names)
    toml = f'{HEAD}bodymatter = ["chapter-1"]\nbackmatter = [{back}]\n'
    book, _ = read(tmp_path, {"book.toml": toml, "chapter-1.md": "# A\n\nText.\n", **texts})
    assert book is not None
    assert [f"{s.numeral} {s.title}" for s in book.sections[1:]] == numbers


def numbered(tmp_path: Path, *titles: str, language: str = "en") -> list[str]:
    """Return the numbers and titles that chapters with these titles get, parts between them."""
    entries, files = [], {}
    for number, title in enumerate(titles, 1):
        if title.startswith("|"):
            entries.append(f'{{ part = "{title[1:]}" }}')
        else:
            entries.append(f'"chapter-{number}"')
            files[f"chapter-{number}.md"] = f"# {title}\n\nText.\n"
    head = HEAD.replace('"en"', f'"{language}"')
    toml = f"{head}bodymatter = [{', '.join(entries)}]\n"
    book, _ = read(tmp_path, {"book.toml": toml, **files})
    assert book is not None
    return [
        f"{s.number}: {s.title if s.has_title else ''}"
        for s in book.sections
        if s.kind.name == "chapter"
    ]


def test_numbers_alone_may_begin_again_in_each_part(tmp_path: Path) -> None:
    titles = ("|Frost", "1", "2", "|Thaw", "1", "2", "3")
    assert numbered(tmp_path, *titles) == ["1: ", "2: ", "1: ", "2: ", "3: "]


def test_an_excerpt_keeps_its_numbers(tmp_path: Path) -> None:
    assert numbered(tmp_path, "XII", "XIII", "XIV") == ["12: ", "13: ", "14: "]


def test_years_and_single_numbers_are_titles(tmp_path: Path) -> None:
    titles = ("1914", "1915", "7", "1. FC", "A")
    kept = ["1: 1914", "2: 1915", "3: 7", "4: 1. FC", "5: A"]
    assert numbered(tmp_path, *titles) == kept


def test_titles_of_words_alone_are_numbers_if_all_are(tmp_path: Path) -> None:
    titles = ("One", "Two", "Three", "Four", "Five")
    assert numbered(tmp_path / "a", *titles) == ["1: ", "2: ", "3: ", "4: ", "5: "]
    kept = ["1: One", "2: Two", "3: Three", "4: Four"]
    assert numbered(tmp_path / "b", *titles[:4]) == kept
    assert numbered(tmp_path / "c", *titles[:4], "Rain") == [*kept, "5: Rain"]


def test_bare_numbers_are_taken_off_if_most_titles_have_them(tmp_path: Path) -> None:
    titles = ("I. Frost", "II. Thaw", "III—Rain", "Sun", "V. S. Naipaul")
    kept = ["1: Frost", "2: Thaw", "3: Rain", "4: Sun", "5: V. S. Naipaul"]
    assert numbered(tmp_path, *titles) == kept


def test_a_heading_below_a_number_is_the_title(tmp_path: Path) -> None:
    titles = ("CHAPTER I.\n\n### The Kettle {#k}\n\nText.\n\n#### More", "2\n\n## A\n\nx\n\n## B")
    assert numbered(tmp_path, *titles) == ["1: The Kettle", "2: "]


def test_a_number_on_a_line_of_its_own_is_taken_off(tmp_path: Path) -> None:
    titles = ("CHAPTER I.<br>The Kettle", "**CHAPTER II**<br/>\u00a0*The* Fire")
    assert numbered(tmp_path, *titles) == ["1: The Kettle", "2: The Fire"]
