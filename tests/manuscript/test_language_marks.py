"""The punctuation of each language, across inline markup; words are never changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tiny_book import TOML, body

from makeready.book.config import read_config
from makeready.book.labels import labels_for
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.typography import apply_typography, with_typography


def _cases() -> dict[str, list[tuple[str, str]]]:
    cases: dict[str, list[tuple[str, str]]] = {}
    text = Path(__file__).with_name("typography_cases.txt").read_text("utf-8")
    lines = [line for line in text.split("\n")[1:] if line]
    source = ""
    for line in lines:
        if line[0] == "[" and line[-1] == "]":
            pairs = cases.setdefault(line[1:-1], [])
        elif not source:
            source = line
        else:
            pairs.append((source, line))
            source = ""
    return cases


CASES = _cases()


def spelt(text: str) -> str:
    return text.replace("\u00a0", "~").replace("\u202f", "|")


@pytest.mark.parametrize("language", CASES)
def test_the_punctuation_of_a_language(
    language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    labels = labels_for("en", {}, Findings())
    words = "".join(f"{key} = {json.dumps(label)}\n" for key, label in labels.items())
    toml = TOML.replace('"en"', f'"{language}"') + f"\n[words]\n{words}"
    text = "\n\n".join(f"{source}" for source, _ in CASES[language])
    made = spelt(body(tmp_path_factory.mktemp("book"), text, toml))
    made = made.replace(' class="dialogue"', "")
    assert made.removeprefix("<p>").removesuffix("</p>").split("</p><p>") == [
        f"{wanted}" for _, wanted in CASES[language]
    ]


def test_a_region_has_the_punctuation_of_its_language(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    toml = TOML.replace('"en"', '"de-AT"')
    assert body(tmp_path_factory.mktemp("book"), '"So"', toml) == "<p>„So“</p>"


ACRONYMS = [
    ("The NATO and the OSCEs", "The {NATO} and the {OSCE}s"),
    ("*WTO* rules", "<em>{WTO}</em> rules"),
    ("the ТАСС of old", "the {ТАСС} of old"),
    ("ISO9001 or COVID19", "ISO9001 or {COVID19}"),
    ("NO ENTRY HERE", "NO ENTRY HERE"),
    ("the US and `NATO`", "the US and <code>NATO</code>"),
    ("[CIA]{.smallcaps}", '<span class="smallcaps">CIA</span>'),
    ("McDONALD and iOS", "McDONALD and iOS"),
]


@pytest.mark.parametrize(("text", "wanted"), ACRONYMS)
def test_acronyms(text: str, wanted: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    wanted = wanted.replace("{", '<abbr class="caps">').replace("}", "</abbr>")
    folder = tmp_path_factory.mktemp("book")
    assert body(folder, f"{text}") == f"<p>{wanted}</p>"
    plain = TOML + '\n[typography]\nacronyms = "capitals"\n'
    assert "<abbr" not in body(folder, text, plain)


def test_an_abbreviation_keeps_its_title(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = body(tmp_path_factory.mktemp("book"), "*[WTO]: World Trade Organization\n\nThe WTO.")
    assert made == '<p>The <abbr title="World Trade Organization" class="caps">WTO</abbr>.</p>'


DISPLAY = [
    ("Don't Panic", "en", "Don’t Panic"),
    ('The "New" Book', "en", "The “New” Book"),
    ('The "New" Book', "de", "The „New“ Book"),
    ('Le "livre" neuf?', "fr", "Le «~livre~» neuf|?"),
    ("1939-45 -- a war...", "en", "1939–45 – a war…"),
    ("J. R. Smith & Sons' <Press>, No. 5", "en", "J. R. Smith & Sons’ <Press>, No. 5"),
    ("two\n\nlines", "en", "two\n\nlines"),
    ("", "en", ""),
]


@pytest.mark.parametrize(("text", "language", "wanted"), DISPLAY)
def test_plain_text_gets_its_punctuation(text: str, language: str, wanted: str) -> None:
    assert spelt(with_typography(text, language)) == wanted


def test_metadata_gets_the_typography_of_the_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("book")
    toml = """
title = "Don't Panic"
subtitle = "The 'Book'"
display_title = "Don't\\nPanic"
language = "en"
modified = 2026-11-01
publisher = "Ann's"
rights = "It's ours"
description = "It's \\"it\\""
source = "https://e.org/it's"
bodymatter = ["chapter-1"]
[[contributors]]
name = "Ann O'Hara"
"""
    (folder / "book.toml").write_text(toml, "utf-8")
    (folder / "chapter-1.md").write_text("# One\n\nText.\n", "utf-8")
    findings = Findings()
    book = read_book(folder, findings)
    plain = read_config(folder, findings)
    assert book is not None and plain is not None
    shown = book.metadata
    assert (shown.title, shown.subtitle, shown.display_title) == (
        "Don’t Panic",
        "The ‘Book’",
        "Don’t\nPanic",
    )
    assert (shown.publisher, shown.rights) == ("Ann’s", "It’s ours")
    assert shown.description == "It’s “it”"
    assert [(c.name, c.file_as) for c in shown.contributors] == [("Ann O’Hara", "O’Hara, Ann")]
    assert (shown.source, shown.slug) == ("https://e.org/it's", "dont-panic")
    assert shown.identifier == plain.metadata.identifier


PIECES = st.lists(
    st.sampled_from(
        [
            '"', "'", "-", "--", "...", " ", " ", " x ", "«", "»", "“", "”", "‘", "’", "?", ":",
            ";", "a", "He", "5", "1990", "May", "km", "No.", "A.", "\u00a0", "(", "]", "—", "°",
            "@", "https://", "привет", "NATO", "\n",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip


WORDS = st.lists(
    st.sampled_from(
        [
            "word", '"one"', "'two'", '"three', 'four"', "it's", "the dogs'", "'90s", "5-7",
            "1990-95", "10 km", "No. 5", "Mr. A. B. See", "--", "and---then", "so...", "(\"in\")",
            "Quoi?", "Oui !", "voici :", "«mot»", "« mot »", "“so”", "6' 2\" tall", "3 x 4",
            "12 May", "https://e.org/a--b",
        ]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip
LANGUAGES = st.sampled_from(sorted(CASES))
Texts = tuple[str, str, str]


def paragraph(texts: Texts) -> etree._Element:
    tree = etree.Element("div")
    held = etree.SubElement(tree, "p")
    held.text = texts[0]
    inline = etree.SubElement(held, "em")
    inline.text, inline.tail = texts[1:]
    return tree


def set_once(tree: etree._Element, language: str) -> str:
    apply_typography(tree, language, "x.md", Findings(), acronyms=False)
    return "".join(tree.itertext())


@given(st.tuples(PIECES, PIECES, PIECES), LANGUAGES)
def test_no_letter_or_digit_is_changed(texts: Texts, language: str) -> None:
    # “4 x 5” becomes “4 × 5”: the one letter that is none.
    kept = [c for c in "".join(texts).replace("x", "") if c.isalnum()]
    made = set_once(paragraph(texts), language)
    assert [c for c in made.replace("x", "") if c.isalnum()] == kept


@given(st.tuples(WORDS, WORDS, WORDS), LANGUAGES)
def test_typography_is_idempotent(texts: Texts, language: str) -> None:
    tree = paragraph((f"{texts[0]} ", texts[1], f" {texts[2]}"))
    once = set_once(tree, language)
    assert spelt(set_once(tree, language)) == spelt(once)
