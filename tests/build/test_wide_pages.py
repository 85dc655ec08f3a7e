"""Wide pages are set for technical books: 80 letters of code, long running heads."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from pdf_reading import letters, page_texts

from conftest import CACHE, makeready
from manuscript.tiny_book import write_book

HEAD_PT = 9.5
HEAD = "Setting up your environment for the work"
TOML = """\
title = "A Handbook of the Watering and the Weeding of Gardens by Functional Programmers"
language = "en"
modified = 2026-11-01
frontmatter = ["halftitlepage"]
bodymatter = ["chapter-1"]
[[contributors]]
name = "Ann Bell"
[editions.wide]
kind = "print"
trim = "7x10in"
[editions.narrow]
kind = "print"
trim = "6x9in"
"""
SENTENCE = "The soil must be dug and then turned over once again, then by "
CHAPTER = f"# {HEAD}\n\n```\n{'x' * 80}\n```\n\n```\n{'y' * 90}\n```\n\n" + "".join(
    # Each third page or so begins with a listing.
    f"{SENTENCE * words}\n\n```\nlisting {words}\nlisting\nlisting\n```\n\n"
    for words in range(2, 42)
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wide")
    book = write_book(folder / "book", {"book.toml": TOML, "chapter-1.md": CHAPTER})
    run = makeready("build", "--book", book, "--output", folder / "out", "--cache", CACHE)
    assert run.code == 0, run.err
    return folder / "out"


def pdf(output: Path, edition: str) -> Path:
    return next(output.glob(f"*-{edition}.pdf"))


def lines_of(path: Path, letter: str) -> int:
    """Return how many lines hold a letter repeated."""
    found = [line for text in page_texts(path) for line in text.splitlines()]
    return sum(letter * 3 in line for line in found)


def test_the_lines_of_a_half_title_are_balanced(output: Path) -> None:
    for edition in ("wide", "narrow"):
        lines = page_texts(pdf(output, edition))[0].splitlines()
        assert " ".join(lines).endswith("of Gardens by Functional Programmers")
        assert max(map(len, lines)) - min(map(len, lines)) < 12


def test_80_letters_of_code_fit_a_wide_page(output: Path) -> None:
    wide, narrow = pdf(output, "wide"), pdf(output, "narrow")
    assert [lines_of(wide, letter) for letter in "xy"] == [1, 2]
    assert [lines_of(narrow, letter) for letter in "xy"] == [2, 2]


def test_listings_are_set_closer_than_text(output: Path) -> None:
    for edition, size, leading in (("wide", 7.8, 10.9), ("narrow", 9.36, 13.1)):
        path = pdf(output, edition)
        rows = sorted({round(a.y, 2) for a in letters(path, 3) if abs(a.size_pt - size) < 0.01})
        steps = {round(b - a, 1) for a, b in pairwise(rows) if b - a < 20}
        assert steps == {leading}


def test_running_heads_are_longer_on_wide_pages(output: Path) -> None:
    short = f"{HEAD[:34].rsplit(' ', 1)[0]}\u2026"
    for edition, head in (("wide", HEAD), ("narrow", short)):
        recto = page_texts(pdf(output, edition))[4]
        assert head.casefold() in recto.casefold()


def test_a_page_begins_without_space(output: Path) -> None:
    """Also one that begins with a listing, which has space above it elsewhere."""
    for edition in ("wide", "narrow"):
        path = pdf(output, edition)
        firsts = [
            max(a.y for a in page if a.size_pt != HEAD_PT)
            for index in range(3, len(page_texts(path)) - 1)
            if (page := letters(path, index))
        ]
        assert max(firsts) - min(firsts) < 6, firsts
