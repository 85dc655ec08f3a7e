"""Numbers that authors write into titles, which makeready sets too."""

from __future__ import annotations

import re

import pytest
from generated_books import book_of, found, markup


def read_titles(
    *titles: str, language: str = "en"
) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str, int | None]]]:
    """Return each chapter's title, its markup and whether it has one, and the findings."""
    files: dict[str, str | bytes] = {
        f"chapter-{number}.md": f"# {title}\n\nText.\n" for number, title in enumerate(titles, 1)
    }
    with book_of(files, language) as (book, findings):
        made = [
            (s.title, f"{s.title_tree.text or ''}{markup(s.title_tree)}", s.has_title)
            for s in book.sections
        ]
        plain = [(title, re.sub("[~\u00a0]", " ", text), has) for title, text, has in made]
        # Of Kazakh, a note says that it is not hyphenated.
        return plain, [one for one in found(findings, notes=True) if one[0] != "TYP-003"]


@pytest.mark.parametrize(
    ("language", "title", "rest"),
    [
        ("en", "Chapter 1: The Start", "The Start"),
        ("en", "Chapter 1. The Start", "The Start"),
        ("en", "CHAPTER I — The Start", "The Start"),
        ("en", "Chapter One: The Start", "The Start"),
        ("en", "Chapter the First. The Start", "The Start"),
        ("en", "Ch. 01 - The Start", "The Start"),
        ("en", "1. The Start", "The Start"),
        ("en", "1: The Start", "The Start"),
        ("en", "1 / Chapter 1: The Start", "The Start"),
        ("en", "1. Chapter 1. The Start", "The Start"),
        ("en", "I | Chapter I – The Start", "The Start"),
        ("en", "I. The Start", "The Start"),
        ("de", "Kapitel 1: Der Anfang", "Der Anfang"),
        ("de", "Erstes Kapitel. Der Anfang", "Der Anfang"),
        ("de", "1. Kapitel – Der Anfang", "Der Anfang"),
        ("fr", "Chapitre premier : Le début", "Le début"),
        ("fr", "1er chapitre. Le début", "Le début"),
        ("es", "Capítulo primero. El principio", "El principio"),
        ("ru", "Глава первая. Начало", "Начало"),
        ("ru", "Первая глава. Начало", "Начало"),
        ("kk", "1-тарау. Басы", "Басы"),
    ],
)
def test_a_number_is_taken_off(language: str, title: str, rest: str):
    assert read_titles(title, language=language) == (
        [(rest, rest, True)],
        [("MAN-040", "chapter-1.md", 1)],
    )


@pytest.mark.parametrize(
    "title", ["Chapter 1", "1", "I", "Chapter One", "Erstes Kapitel", "1 / Chapter 1."]
)
def test_a_number_alone_is_no_title(title: str):
    assert read_titles(title) == (
        [("Chapter 1", "Chapter 1", False)],
        [("MAN-041", "chapter-1.md", 1)],
    )


@pytest.mark.parametrize(
    ("title", "rest"),
    [("Chapter 2: The Start", "The Start"), ("Chapter Two", "")],
)
def test_another_number_is_that_of_the_section_if_it_is_named(title: str, rest: str):
    titles, reported = read_titles(title)
    assert titles == [(rest or "Chapter 2", rest or "Chapter 2", bool(rest))]
    assert reported == [("MAN-068", "chapter-1.md", 1)]


@pytest.mark.parametrize(
    "title",
    [
        "2001: A Space Odyssey",
        "2. The Start",
        "1984",
        "7 Habits",
        "1. April",
        "1 Corinthians",
        "Chapterhouse One",
        "Chapter and Verse",
        "I. M. Pei",
        "I Am",
        "One",
        "First Light",
        "II",
        "Part 1: The Start",
    ],
)
def test_other_titles_are_kept(title: str):
    assert read_titles(title) == ([(title, title, True)], [])


def test_a_number_before_markup_is_taken_off():
    titles, _ = read_titles("Chapter 1: *The* start", "Chapter 2: NATO", "*Chapter 3*: On")
    assert titles == [
        ("The start", "<em>The</em> start", True),
        ("NATO", '<abbr class="caps">NATO</abbr>', True),
        ("On", "On", True),
    ]


def test_a_call_of_a_note_is_no_title_alone():
    titles, reported = read_titles("Chapter 1[^a]\n\n[^a]: A note.")
    assert titles == [("Chapter 1", 'Chapter 1<a class="noteref" data-note="1"></a>', True)]
    assert reported == []


def test_an_appendix_alone_has_no_letter_and_keeps_what_is_typed():
    text = "# Appendix B: Operators\n\nText.\n"
    with book_of({"chapter-1.md": "# A\n\nText.\n", "appendix-1.md": text}) as (book, findings):
        assert found(findings) == []
        assert book.section("appendix-1").title == "Appendix B: Operators"
