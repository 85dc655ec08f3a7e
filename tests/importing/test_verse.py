"""Verse whose lines Markdown would join: marked when a book is imported, and told otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from importing.source_book import Imported, imported, write_files
from makeready.importing.verse import with_line_breaks, with_verse
from makeready.manuscript.verse_lines import VerseReader

POEM = "Salt in the evening,\nAnd nobody came\nTo open the shutters\nOr ask for her name.\n"
STANZAS = f"{POEM}\nThe tide in the harbour\nWent out, and in.\n"
WRAPPED = (
    "The harbour master kept the book of tides, and every evening wrote in it what\n"
    "he had seen: the boats, the birds, the colour of the water, and who had come\n"
    "Ashore. Nobody read it. When he died, his daughter found that he had written\n"
    "Letters to her mother between the lines, one for each day of his long life.\n"
)
SENTENCES = (
    "The boats came in.\nNobody had caught a thing.\nThe birds knew it.\nThey stayed away.\n"
)
GERMAN = (
    "Der Hafenmeister führte das Buch der Gezeiten und schrieb an jedem Abend auf\n"
    "Deutsch, was er gesehen hatte, Boote und Vögel und die Farbe des Wassers im\n"
    "Hafen und wer an Land gekommen war, und am Ende eines jeden Jahres zählte er\n"
    "Alles zusammen.\n"
)
PLAY = "**ANN**\nWho is there?\n\n**BO**\nNobody you\n\n**ANN**\nKnow me then\n\n**BO**\nNo\n"
VERSE_PLAY = f"**ANN**\n{POEM}\n\n**BO** _(aside)_\n{POEM}\n\n**ANN**\nNobody came.\n"
VERSE_PLAY += "\n_(She goes.)_\nNobody at all.\n"
BADGES = "[![A](a.png)](b)\n[![B](b.png)](c)\n[![C](c.png)](d)\n[![D](d.png)](e)\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"Before.\n\n{POEM}\nAfter.\n", {3: 4}),
        (f"# A\n\n{STANZAS}", {3: 6}),
        ("\n".join(f"> {line}".rstrip() for line in STANZAS.split("\n")), {1: 6}),
        (WRAPPED, {}),
        (SENTENCES, {}),
        (GERMAN, {}),
        (PLAY, {}),
        (VERSE_PLAY, {1: 14}),
        (BADGES, {}),
        (f"```\n{POEM}```\n", {}),
        ("".join(f"- {line}\n" for line in POEM.split("\n") if line), {}),
        ("".join(f"{line}  \n" for line in POEM.split("\n") if line), {}),
        ("Two lines\nOf a couplet\n", {}),
    ],
)
def test_what_is_verse(text: str, marked: dict[int, int]) -> None:
    changed, found = with_verse(text)
    assert found == marked
    assert changed == text or found


def test_marks_take_the_place_of_blank_lines() -> None:
    changed, _ = with_verse(f"Before.\n\n{STANZAS}\nAfter.\n")
    assert changed == f"Before.\n/// verse\n{STANZAS}///\nAfter.\n"
    quoted = (
        "> Before.\n>\n" + "".join(f"> {line}\n" for line in POEM.splitlines()) + ">\n> After.\n"
    )
    assert with_verse(quoted)[0].count("> ///") == 2


@pytest.mark.parametrize(
    "text",
    [
        f"# A\n{POEM}",
        "\nServes: four\nTime: an hour\nOven: at its hottest\nCost: not much\n\n",
    ],
)
def test_lines_without_room_or_with_labels_end_with_breaks(text: str) -> None:
    changed, found = with_verse(text)
    assert found
    assert changed.count("\\\n") == 3
    assert "///" not in changed


@pytest.mark.parametrize(
    ("lines", "is_verse"),
    [
        (["Salt in the", "Evening air, and", "Nobody came", "Home by the river."], True),
        (["Salt in the", "Evening air, and", "Nobody came"], False),
        (["Salt in the sea air?", "By the harbour mouth", "Nobody of them came", "Home."], True),
        (["salt in the", "evening air, and", "nobody came", "home by the river."], False),
        (["Salt in the.", "Evening air.", "Nobody came.", "Home by the river."], False),
    ],
)
def test_thresholds_of_verse(lines: list[str], is_verse: bool) -> None:
    reader = VerseReader.for_text([lines])
    assert (reader.may_be_stanza(lines) and reader.are_verse([lines])) is is_verse


def brought(tmp_path: Path, files: dict[str, str | bytes]) -> Imported:
    return imported(write_files(tmp_path / "source", files), tmp_path / "book")


def test_an_imported_poem_keeps_its_lines(tmp_path: Path) -> None:
    text = f"# One\n\nText.\n\n{STANZAS}\nMore.\n"
    book = brought(tmp_path, {"1.md": text, "2.md": "# Two\n\nText.\n"})
    assert "\n/// verse\nSalt in the evening,\n" in book.text("1.md")
    assert "1.md:5: 6 lines of the file are set as verse." in book.left_out
    assert book.text("1.md").count("\n") == text.count("\n")


def test_tools_that_keep_line_ends(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "mkdocs.yml": "site_name: S\nmarkdown_extensions:\n  - nl2br\n",
        "docs/index.md": "# S\n\nText.\n",
        "docs/a.md": "# A\n\none line\nand another\n\n| a | b |\n|---|---|\n| c | d |\n",
    }
    text = brought(tmp_path, files).text("docs/a.md")
    assert "one line\\\nand another\n" in text
    assert with_line_breaks(text) == text
