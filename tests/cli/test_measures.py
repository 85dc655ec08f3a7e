"""``makeready measures``: its estimates are near what a build counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pdf_reading import letters, page_texts

from conftest import CACHE, makeready

BOOK = """\
title = "Estimates"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2", "chapter-3"]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "kdp"
trim = "5.5x8.5in"
paper = "cream"
"""
SENTENCES = (
    "They went on by the river until the lamps were lit.",
    "Nobody was left on the quay but the two of them and the dog, which had found something.",
    "“It will not last,” she said, as she had said of everything else that winter.",
    "He laughed.",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("measures") / "book"
    folder.mkdir()
    (folder / "book.toml").write_text(BOOK, "utf-8")
    for number in (1, 2, 3):
        paragraphs = [
            " ".join(SENTENCES[(n + k) % 4] for k in range(1 + n * 7 % 11))
            for n in range(57 + 31 * number)
        ]
        text = "\n\n".join(["# Chapter", *paragraphs])
        (folder / f"chapter-{number}.md").write_text(text + "\n", "utf-8")
    return folder


def measured(book: Path, *arguments: object) -> list[dict[str, object]]:
    run = makeready("measures", "--book", book, "--cache", CACHE, "--json", *arguments)
    assert run.code == 0, run.err
    (edition,) = json.loads(run.out)["editions"]
    assert edition["edition"] == "paperback"
    return list(edition["sizes"])


def test_the_estimate_is_near_the_pages_that_a_build_makes(book: Path) -> None:
    own = next(row for row in measured(book) if row["own"])
    output = book.parent / "out"
    folders = ("--book", book, "--output", output, "--cache", CACHE)
    assert makeready("build", *folders, "paperback").code == 0
    pdf = output / "estimates-paperback.pdf"
    pages = page_texts(pdf)
    assert own["pages"] == pytest.approx(len(pages), rel=0.06)
    full = [letters(pdf, index) for index in (4, 5)]
    lines = {round(x.y, 1) for x in full[0] if round(x.size_pt, 1) == own["size_pt"]}
    assert len(lines) == own["lines"]
    words = sum(len(pages[index].split()) for index in (4, 5)) / 2
    assert own["words"] == pytest.approx(words, rel=0.08)


def test_sizes_are_shown_beside_the_edition_s_own(book: Path) -> None:
    rows = measured(book)
    assert [row["size_pt"] for row in rows] == [9.5, 10.0, 10.5, 11.0, 11.5, 12.0, 12.5]
    pages = [row["pages"] for row in rows]
    assert pages == sorted(pages) and pages[0] != pages[-1]
    assert all(isinstance(row["spine_mm"], float) for row in rows)
    named = measured(book, "--size", "10", "--size", "14")
    assert [row["size_pt"] for row in named] == [10.0, 11.5, 14.0]


def test_the_table_says_that_it_is_an_estimate(book: Path) -> None:
    run = makeready("measures", "paperback", "--book", book, "--cache", CACHE)
    assert run.code == 0
    assert "paperback, 5.5 × 8.5 in" in run.out and "*11.5 pt" in run.out.replace("* 11", "*11")
    assert "are estimates" in run.out
    assert makeready("measures", "hardback", "--book", book, "--cache", CACHE).code == 2
