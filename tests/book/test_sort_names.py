"""Sort forms of names: made where a name leaves no doubt, and asked for where it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from makeready.book.config import read_config
from makeready.book.model import Contributor
from makeready.findings import Findings

BOOK = """\
title = "T"
language = "{language}"
modified = 2026-11-01
bodymatter = ["chapter-1"]

[[contributors]]
name = "{name}"
"""


def contributor(
    folder: Path, name: str, language: str = "en", more: str = ""
) -> tuple[Contributor, list[tuple[str, int | None]]]:
    """Return the contributor of that name, and the findings about it, each with its line."""
    text = BOOK.format(name=name, language=language) + more
    (folder / "book.toml").write_text(text, "utf-8")
    findings = Findings()
    config = read_config(folder, findings)
    assert config is not None
    reported = [(f.id, f.location.line) for f in findings if f.location and f.id != "MET-011"]
    return config.metadata.contributors[0], reported


@pytest.mark.parametrize(
    ("name", "file_as"),
    [
        ("Homer", "Homer"),
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Ann O'Hara", "O'Hara, Ann"),
        ("Jean-Luc Dupont", "Dupont, Jean-Luc"),
        ("Лев Толстой", "Толстой, Лев"),
        ("Ben Jonson", "Jonson, Ben"),
        ("ANN WRITER", "WRITER, ANN"),
        ("Arthur C. Clarke", "Clarke, Arthur C."),
        ("J. R. R. Tolkien", "Tolkien, J. R. R."),
        ("J.-K. Huysmans", "Huysmans, J.-K."),
        ("Harry S Truman", "Truman, Harry S"),
        ("Kurt Vonnegut, Jr.", "Vonnegut, Kurt, Jr."),
        ("Sammy Davis Jr.", "Davis, Sammy, Jr."),
    ],
)
def test_a_first_and_a_family_name_have_a_sort_form(tmp_path: Path, name: str, file_as: str):
    person, reported = contributor(tmp_path, name)
    assert (person.file_as, reported) == (file_as, [])


@pytest.mark.parametrize(
    "name",
    [
        "Gabriel García Márquez",
        "Ursula K. Le Guin",
        "Vincent van Gogh",
        "Le Corbusier",
        "Juana Inés de la Cruz",
        "Jane Reece et al.",
        "Ann and Bob",
        "Ann, Bob",
        "Ann & Bob",
        "The Garden Club",
        "Garden Club",
        "Oxford University",
        "IBM Research",
        "United Nations",
        "Studio 54",
        "Madame Curie",
        "Dr. Seuss",
        "St. Augustine",
        "Malcolm X",
        "村上 春樹",
        "𠮷田 太郎",
    ],
)
def test_no_sort_form_is_made_up_for_another_name(tmp_path: Path, name: str):
    person, reported = contributor(tmp_path, name)
    assert (person.file_as, reported) == ("", [("MET-039", 7)])


@pytest.mark.parametrize("language", ["hu", "zh-Hans", "ja"])
def test_a_family_name_may_come_first(tmp_path: Path, language: str):
    person, reported = contributor(tmp_path, "Nagy Anna", language)
    assert (person.file_as, reported) == ("", [("MET-039", 7)])


@pytest.mark.parametrize(
    ("more", "file_as"),
    [('file_as = "Garden Club, The"', "Garden Club, The"), ("corporate = true", "The Garden Club")],
)
def test_nothing_is_asked_for_that_the_book_says(tmp_path: Path, more: str, file_as: str):
    person, reported = contributor(tmp_path, "The Garden Club", more=more)
    assert (person.file_as, reported) == (file_as, [])
