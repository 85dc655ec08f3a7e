"""Facing pages of a finished book end on one line, and its words are the same as without."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from pdf_reading import letters
from PIL import Image
from typeset_fixtures import TypesetBook

from makeready.typography.measure import Typography, measure_pdf
from makeready.typography.places import PlaceKind

TOML = """\
title = "The Weir"
language = "en-GB"
modified = 2026-11-01
slug = "weir"
bodymatter = ["chapter-1", "chapter-2", "chapter-3"]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "kdp"
trim = "5x8in"
paper = "cream"
[typography]
balance = "{balance}"
"""
SUBJECTS = (
    "the keeper of the weir",
    "Mrs Tolland",
    "nobody on the upper reach",
    "the younger of the two surveyors",
    "a boy from the tannery",
    "my aunt",
)
VERBS = ("had counted", "left behind", "would not sell", "wrote about", "came back for", "drew")
OBJECTS = (
    "the seven gates and their chains",
    "a ledger of levels kept since the flood",
    "the boat",
    "every stone that the frost had lifted from the wall",
    "a lamp",
    "the letters which the parish had never answered",
)
LONG_TITLE = (
    "The gates of the weir, and who kept them from the year of the flood to the last survey"
)
HEAD = "| Gate | Keeper | Level |"
TAILS = ("before the rain", "and said so", "that winter", "without a word to the others", "twice")


def sentence(chance: random.Random) -> str:
    subject, verb = chance.choice(SUBJECTS), chance.choice(VERBS)
    text = f"{subject} {verb} {chance.choice(OBJECTS)} {chance.choice(TAILS)}."
    return text[0].upper() + text[1:]


def prose(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(chance.choice((1, 1, 2, 3, 5, 8))))


def chapters() -> Iterator[str]:
    """Yield a chapter of paragraphs, one of much else, and a short one."""
    chance = random.Random(7)
    yield f"# {LONG_TITLE}\n\n" + "\n\n".join(prose(chance) for _ in range(90))
    blocks: list[str] = []
    notes: list[str] = []
    for number in range(80):
        text = prose(chance)
        if number % 9 == 4:
            text += f"[^{number}]"
            notes.append(f"[^{number}]: {sentence(chance)}")
        if number % 13 == 6:
            blocks.append(f"## Of the {number}th gate")
        blocks.append(text)
        if number % 17 == 8:
            blocks.append("\n".join(f"- {sentence(chance)}" for _ in range(4)))
        if number in (20, 50):
            blocks.append("![A weir, from above](images/weir.png)")
        if number in (10, 40, 70):
            rows = (f"| {row} | {chance.choice(SUBJECTS)} | {row * 7} |" for row in range(14))
            blocks.append("\n".join((HEAD, "|---|---|---|", *rows)))
        if number % 19 == 9:
            code = (f"level[{line}] = read({line * 3})" for line in range(9 + number % 7))
            blocks.append("\n".join(("```", *code, "```")))
        if number % 23 == 11:
            blocks.append("> " + prose(chance))
    yield "# The banks\n\n" + "\n\n".join((*blocks, *notes))
    # Its spreads are even as they come, and its last page has three lines.
    chance = random.Random(24)
    yield "# The mill\n\n" + "\n\n".join(prose(chance) for _ in range(14))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the finished interiors of the same book by their balance."""
    made = {}
    for balance in ("none", "spreads", "pages"):
        folder = tmp_path_factory.mktemp(balance)
        (folder / "book.toml").write_text(TOML.format(balance=balance), "utf-8")
        for number, text in enumerate(chapters(), 1):
            (folder / f"chapter-{number}.md").write_text(text + "\n", "utf-8")
        (folder / "images").mkdir()
        Image.new("L", (1200, 700), 160).save(folder / "images" / "weir.png")
        made[balance] = folder / "interior.pdf"
        made[balance].write_bytes(TypesetBook(folder, folder / "store").interior())
    return made


@pytest.fixture(scope="module")
def measured(books: dict[str, Path]) -> dict[str, Typography]:
    return {balance: measure_pdf(path) for balance, path in books.items()}


def places(typography: Typography, kind: PlaceKind) -> list[tuple[int, float, str]]:
    return [(one.page, one.value, one.text) for one in typography.places if one.kind is kind]


@pytest.mark.slow
def test_facing_pages_are_level(measured: dict[str, Typography]) -> None:
    assert measured["none"].figures.as_data()["uneven_spreads"] >= 4
    assert measured["spreads"].figures.as_data()["spreads"] >= 10
    assert places(measured["spreads"], PlaceKind.UNEVEN_SPREAD) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", [PlaceKind.WIDOW, PlaceKind.ORPHAN])
def test_no_page_is_worse(measured: dict[str, Typography], kind: PlaceKind) -> None:
    assert places(measured["spreads"], kind) == []


@pytest.mark.slow
def test_a_last_page_of_few_lines_is_filled(measured: dict[str, Typography]) -> None:
    assert places(measured["spreads"], PlaceKind.SHORT_LAST_PAGE) == []
    assert measured["none"].figures.as_data()["short_last_pages"] == 1


@pytest.mark.slow
def test_text_below_a_title_of_three_lines_is_on_the_grid(measured: dict[str, Typography]) -> None:
    # The first chapter has eighteen pages or so, and nothing but text.
    off = {
        name: [page for page, _, _ in places(typography, PlaceKind.OFF_GRID) if page < 15]
        for name, typography in measured.items()
    }
    assert len(off["none"]) > 10
    assert off["spreads"] == off["pages"] == []


def text_letters(path: Path, size_pt: float) -> str:
    """Return the letters of the text in order, without running heads, notes and titles.

    The heads of tables are left out, as they come again where a table goes on.
    """
    head = "".join(filter(str.isalpha, HEAD))
    with pypdfium2.PdfDocument(path) as pdf:
        pages = range(len(pdf))
    return "".join(
        letter.text
        for number in pages
        for letter in letters(path, number)
        if letter.text.isalpha() and abs(letter.size_pt - size_pt) < 0.1
    ).replace(head, "")


@pytest.mark.slow
@pytest.mark.parametrize("balance", ["spreads", "pages"])
def test_no_word_is_lost_or_moved(
    books: dict[str, Path], measured: dict[str, Typography], balance: str
) -> None:
    size_pt = measured["none"].size_pt
    expected = text_letters(books["none"], size_pt)
    assert len(expected) > 30_000
    assert text_letters(books[balance], size_pt) == expected


@pytest.mark.slow
def test_lines_are_hardly_looser(measured: dict[str, Typography]) -> None:
    shares = {name: one.figures.as_data()["over_1_5_percent"] for name, one in measured.items()}
    assert (shares["spreads"] or 0) <= (shares["none"] or 0) + 1.5
