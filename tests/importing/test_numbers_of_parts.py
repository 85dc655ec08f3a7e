"""Files of whole novels, and chapters whose numbers begin again in each part."""

from __future__ import annotations

from pathlib import Path

import pytest

from importing.source_book import Imported, imported, write_files


def brought(tmp_path: Path, files: dict[str, str | bytes]) -> Imported:
    return imported(write_files(tmp_path / "source", files), tmp_path / "book")


def test_a_file_of_books_parts_and_chapters(tmp_path: Path) -> None:
    text = """\
# Title: The Saga

## Author: Ann O

## Year: 1862

-------

_Translated by Bo P_

##  VOLUME I.--FROST.

##  BOOK FIRST--RIME

##  CHAPTER I--A KETTLE

Text.

### CHAPTER II

### In which it boils

Text.

#### A letter

Text.

## BOOK SECOND

A motto.

## CHAPTER I

Text.

VOLUME II.--THAW
----------------

## BOOK FIRST

## CHAPTER I

Text.

## EPILOGUE

Text.

## The End
"""
    book = brought(tmp_path, {"saga.md": text})
    assert book.values["title"] == "The Saga"
    people = [(each["name"], each["role"]) for each in book.values["contributors"]]
    assert people == [("Ann O", "aut"), ("Bo P", "trl")]
    assert book.values["bodymatter"] == [
        {"book": "VOLUME I.--FROST."},
        {"part": "BOOK FIRST--RIME"},
        {"chapter": "saga-1.md"},
        {"chapter": "saga-2.md"},
        {"part": "saga-3.md"},
        {"chapter": "saga-4.md"},
        {"book": "VOLUME II.--THAW"},
        {"part": "BOOK FIRST"},
        {"chapter": "saga-5.md"},
    ]
    assert book.division("backmatter") == [{"epilogue": "saga-6.md"}]
    forms = {"book": "roman", "part": "words", "chapter": "roman"}
    assert book.values["numbering"] == {**forms, "restart": "part"}
    assert book.values["words"] == {"book": "Volume", "part": "Book"}
    assert book.text("saga-2.md").strip() == (
        "# CHAPTER II\n\n## In which it boils\n\nText.\n\n### A letter\n\nText."
    )
    assert book.text("saga-3.md").strip() == "# BOOK SECOND\n\nA motto."
    assert book.text("saga-6.md").strip().endswith("## The End")
    assert book.left_out == ["saga.md:5: “Year: 1862” is left out."]


@pytest.mark.parametrize(
    ("titles", "numbering"),
    [
        (["|Nails", "Chapter 1: A", "Chapter 2: B", "|Saws", "Chapter 1: C"], "restart"),
        (["|Nails", "Chapter 1: A", "Chapter 2: B", "|Saws", "Chapter 3: C"], ""),
        (["|Nails", "A", "|Saws", "B"], ""),
    ],
)
def test_chapters_begin_again_in_parts_if_their_titles_do(
    titles: list[str], numbering: str, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {}
    folder = ""
    for number, title in enumerate(titles):
        if title.startswith("|"):
            folder = title[1:].lower()
        else:
            files[f"{folder}/{number}.md"] = f"# {title}\n\nText.\n"
    book = brought(tmp_path, files)
    expected = {"part": "none", "restart": "part"} if numbering else None
    assert book.values.get("numbering") == expected


def test_parts_without_chapters_are_chapters(tmp_path: Path) -> None:
    """“PART ONE” is what the book calls a chapter, and a first sentence may begin with “I”."""
    text = (
        "# Title: Hymn\n\n## PART ONE\n\nText.\n\n## PART TWO\n\n### I am here.\n\nText.\n\n"
        "## PART THREE\n\nText.\n"
    )
    book = brought(tmp_path, {"saga.md": text})
    assert [list(each) for each in book.division("bodymatter")] == [["chapter"]] * 3


def test_chapters_two_levels_below_the_title(tmp_path: Path) -> None:
    text = "# Title: Saga\n\n### A Coin.\n\nText.\n\n### A Cab.\n\nText.\n\n## THE END.\n"
    book = brought(tmp_path, {"saga.md": text})
    assert book.values["title"] == "Saga"
    chapters = [each["chapter"] for each in book.division("bodymatter")]
    assert [book.text(name).split() for name in chapters] == [
        ["#", "A", "Coin.", "Text."],
        ["#", "A", "Cab.", "Text."],
    ]
