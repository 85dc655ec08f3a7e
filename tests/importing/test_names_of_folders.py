"""Novels in plain folders: what the names of folders and files and a Makefile say."""

from __future__ import annotations

from pathlib import Path

import pytest

from importing.source_book import Imported, imported, write_files

CHAPTER = "# {}\n\nText.\n"


def brought(tmp_path: Path, files: dict[str, str | bytes]) -> Imported:
    return imported(write_files(tmp_path / "source", files), tmp_path / "book")


def test_folders_of_the_matter_are_no_parts(tmp_path: Path) -> None:
    page_break = "# <!-- Page break --> {.unlisted}\n\n"
    book = brought(
        tmp_path,
        {
            "01 Front matter/01 Title page.md": f"{page_break}The Walls\n",
            "01 Front matter/02 Copyright statement.md": f"{page_break}© Ann Lee\n",
            "01 Front matter/03 Dedication.md": f"{page_break}_For Bo_\n",
            "01 Front matter/04 Praise.md": f"{page_break}“Good.”\n",
            "02 Manuscript/00 Prologue/Prologue.md": CHAPTER.format("Prologue"),
            "02 Manuscript/01 Part 1/00 Part 1.md": "# Part 1\n\nAn epigraph.\n",
            "02 Manuscript/01 Part 1/Chapter 1.md": CHAPTER.format("Chapter 1"),
            "02 Manuscript/02 Part 2/Chapter 2.md": CHAPTER.format("Chapter 2"),
            "03 Back matter/01 Afterword.md": CHAPTER.format("Afterword"),
        },
    )
    assert book.values["frontmatter"] == [
        "halftitlepage",
        "titlepage",
        {"copyright-page": "01 Front matter/02 Copyright statement.md"},
        {"dedication": "01 Front matter/03 Dedication.md"},
        "toc",
        {"preface": "01 Front matter/04 Praise.md", "title": "Praise"},
        {"prologue": "02 Manuscript/00 Prologue/Prologue.md"},
    ]
    assert book.values["bodymatter"] == [
        {"part": "02 Manuscript/01 Part 1/00 Part 1.md"},
        {"chapter": "02 Manuscript/01 Part 1/Chapter 1.md"},
        {"part": "Part 2"},
        {"chapter": "02 Manuscript/02 Part 2/Chapter 2.md"},
    ]
    assert book.division("backmatter") == [{"afterword": "03 Back matter/01 Afterword.md"}]
    assert [line for line in book.left_out if "Title page" in line] == [
        "01 Front matter/01 Title page.md:1: The page is made of what book.toml says, and the file"
        " is not used: compare them."
    ]


@pytest.mark.parametrize(
    ("folder", "parts"),
    [("text", []), ("the-walls", []), ("part-one", ["Part one"]), ("Band 1", ["Band 1"])],
)
def test_the_only_folder_is_a_part_if_it_is_named_so(
    tmp_path: Path, folder: str, parts: list[str]
) -> None:
    files = {f"{folder}/{n}.md": CHAPTER.format(n) for n in ("a", "b")}
    book = brought(tmp_path, dict(files))
    body = book.division("bodymatter")
    assert [each["part"] for each in body if "part" in each] == parts
    assert [each["chapter"] for each in body if "chapter" in each] == list(files)


MAKEFILE = """\
# Once text/end.md was first.
TEXT = text/beginning.md \\
\ttext/middle.md\\
\t$(DIR)/end.md
book.epub: $(TEXT)
\tpandoc -o $@ $(TEXT)
"""


@pytest.mark.parametrize(
    ("script", "order"),
    [
        (MAKEFILE, ["text/beginning.md", "text/middle.md", "text/end.md"]),
        ("all:\n\tpandoc text/*.md\n", ["text/beginning.md", "text/end.md", "text/middle.md"]),
        (
            "all:\n\tpandoc text/middle.md\n",
            ["text/beginning.md", "text/end.md", "text/middle.md"],
        ),
        (
            "lint:\n\tspell text/middle.md text/end.md text/beginning.md\n",
            ["text/beginning.md", "text/end.md", "text/middle.md"],
        ),
    ],
)
def test_a_makefile_has_the_order(tmp_path: Path, script: str, order: list[str]) -> None:
    names = ("beginning", "end", "middle")
    files = {f"text/{name}.md": CHAPTER.format(name.title()) for name in names}
    book = brought(tmp_path, {**files, "Makefile": script})
    assert [each["chapter"] for each in book.division("bodymatter")] == order


def test_a_file_that_the_script_does_not_name_is_left_out(tmp_path: Path) -> None:
    files = {f"{name}.md": CHAPTER.format(name.title()) for name in ("one", "outline", "two")}
    book = brought(tmp_path, {**files, "build.sh": 'pandoc "two.md" one.md -o book.epub\n'})
    assert [each["chapter"] for each in book.division("bodymatter")] == ["two.md", "one.md"]
    told = "outline.md:1: build.sh does not name the file, and it is left out."
    assert told in book.left_out


def test_rights_in_paragraphs_fill_the_copyright_page(tmp_path: Path) -> None:
    rights = "  © 2024 Ann Lee\n\n  Cover by Bo Ray\n  and others\n\n  All rights reserved.\n"
    book = brought(
        tmp_path,
        {
            "metadata.yaml": f"title: Walls\nauthor: Ann Lee\nrights: |\n{rights}",
            "1.md": CHAPTER.format("One"),
            "2.md": CHAPTER.format("Two"),
        },
    )
    assert book.values["rights"] == "© 2024 Ann Lee"
    assert book.values["frontmatter"][2] == {"copyright-page": "copyright-page.md"}
    assert book.text("copyright-page.md") == "Cover by Bo Ray and others\n\nAll rights reserved.\n"


def test_snippets_of_mkdocs_are_looked_for_in_their_folder(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "mkdocs.yml": "site_name: Soups\nsite_author: Ann Lee\nmarkdown_extensions:\n"
            "  - admonition\n  - pymdownx.snippets:\n      base_path: [docs/_snippets]\n",
            "docs/index.md": CHAPTER.format("Soups"),
            "docs/stew.md": '# Stew\n\n--8<-- "salt.md"\n\n--8<--\nsalt.md\n--8<--\n',
            "docs/_snippets/salt.md": "Salt it.\n",
        },
    )
    assert book.division("bodymatter") == [{"chapter": "docs/stew.md"}]
    assert book.text("docs/stew.md").count("docs/_snippets/salt.md") == 2
    assert book.text("docs/_snippets/salt.md") == "Salt it.\n"
    assert book.left_out == []


def test_folders_far_down_are_left_alone(tmp_path: Path) -> None:
    deep = "/".join(["a"] * 60)
    book = brought(tmp_path, {"1.md": CHAPTER.format("One"), f"{deep}/2.md": CHAPTER.format("Two")})
    assert [each["chapter"] for each in book.division("bodymatter")] == ["1.md"]
