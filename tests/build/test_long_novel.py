"""A long novel comes out whole: 60,000 words, speech, letters, verse, breaks and 200 notes."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pdf_reading import page_texts

from conftest import CACHE, Run, makeready
from makeready.external.epubcheck import run_epubcheck

CHAPTERS, PARAGRAPHS, NOTES = 24, 52, 200
TOML = """\
title = "The Lamplighter's Ledger"
language = "en-GB"
modified = 2026-11-01
slug = "ledger"
frontmatter = ["titlepage", "copyright-page", "toc"]
bodymatter = [{chapters}]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "kdp"
trim = "5x8in"
paper = "cream"
[editions.screen]
kind = "screen"
[editions.ebook]
kind = "epub"
"""
SUBJECTS = (
    "the lamplighter",
    "Miss Penhallow",
    "the ferryman",
    "an old surveyor",
    "the whole committee",
    "nobody in Saltergate",
    "her uncle from Brackwater",
    "the boy with the barrow",
)
VERBS = (
    "had always mistrusted",
    "came to remember",
    "would not give up",
    "went back at dusk for",
    "wrote down with great care",
    "never quite forgave",
    "laughed about",
    "paid twice for",
)
OBJECTS = (
    "the ledger and its missing page",
    "a kettle that had belonged to the harbour-master",
    "the light on the breakwater",
    "what the tide had left by the lock-keeper's door",
    "a letter of 1871, in pencil",
    "the long quarrel over Number 14",
    "two shillings and a promise",
    "the café at the end of the pier",
)
ENDS = (
    ", though it rained",
    "; it was a Tuesday",
    " — or so they said",
    ", as one does",
    "",
    " (and not for the first time)",
    ", by the light of a single candle",
    " before the bells had done",
)


def sentence(rng: random.Random) -> str:
    words = f"{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(OBJECTS)}{rng.choice(ENDS)}"
    return words[0].upper() + words[1:] + "."


def paragraph(rng: random.Random, note: str) -> str:
    kind = rng.random()
    text = [sentence(rng) for _ in range(rng.randint(2, 6))]
    text[0] = text[0][:-1] + note + "."
    if kind < 0.35:
        return f'"{text[0]}" said {rng.choice(SUBJECTS)}. "{" ".join(text[1:])}"'
    if kind < 0.40:
        return "\n".join(f"> {line}" for line in text)
    if kind < 0.44:
        return "/// verse\n" + "\n".join(text) + "\n///"
    if kind < 0.48:
        return " ".join(text) + "\n\n***"
    return " ".join(text).replace("the ferryman", "the *ferryman*", 1)


def write_novel(root: Path) -> int:
    """Write the book, and return how many words it has."""
    rng = random.Random(14)
    root.mkdir()
    called = set(rng.sample(range(CHAPTERS * PARAGRAPHS), NOTES))
    words = 0
    for chapter in range(CHAPTERS):
        parts, notes = [f"# The {rng.choice(OBJECTS[0].split()[1:2])} of {chapter + 1} lamps"], []
        for number in range(PARAGRAPHS):
            note = ""
            if chapter * PARAGRAPHS + number in called:
                mark = f"n{len(notes)}"
                note = f"[^{mark}]"
                body = " ".join(sentence(rng) for _ in range(rng.choice((1, 1, 2, 3, 9))))
                notes.append(f"[^{mark}]: NOTE{chapter}x{number}x {body}")
            parts.append(paragraph(rng, note))
        text = "\n\n".join(parts + notes) + "\n"
        words += len(text.split())
        (root / f"chapter-{chapter + 1}.md").write_text(text, "utf-8")
    names = ", ".join(f'"chapter-{number}"' for number in range(1, CHAPTERS + 1))
    (root / "book.toml").write_text(TOML.format(chapters=names), "utf-8")
    return words


@pytest.fixture(scope="module")
def novel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    root = tmp_path_factory.mktemp("novel")
    assert write_novel(root / "book") > 60_000
    folders = ("--book", root / "book", "--output", root / "out", "--cache", CACHE)
    return root / "out", makeready("build", *folders, "--json")


@pytest.mark.long
def test_it_is_made_without_an_error(novel: tuple[Path, Run]) -> None:
    output, run = novel
    assert run.code == 0, run.out[-2000:]
    assert {finding[0] for finding in run.findings} <= {"LAY-007", "LAY-011", "LAY-006"}
    names = {path.name for path in output.iterdir() if path.suffix in {".pdf", ".epub"}}
    assert names == {
        "ledger-paperback.pdf",
        "ledger-paperback-cover.pdf",
        "ledger-screen.pdf",
        "ledger.epub",
    }


@pytest.mark.long
@pytest.mark.parametrize("edition", ["paperback", "screen"])
def test_every_note_is_printed_once(novel: tuple[Path, Run], edition: str) -> None:
    text = " ".join(page_texts(novel[0] / f"ledger-{edition}.pdf"))
    found = re.findall(r"NOTE\d+x\d+x", text)
    assert len(found) == len(set(found)) == NOTES


@pytest.mark.long
def test_the_ebook_has_every_word_and_is_valid(novel: tuple[Path, Run]) -> None:
    path = novel[0] / "ledger.epub"
    with zipfile.ZipFile(path) as archive:
        chapters = sorted(name for name in archive.namelist() if "/chapter-" in name)
        assert len(chapters) == CHAPTERS
        text = " ".join(
            "".join(etree.fromstring(archive.read(name)).itertext()) for name in chapters
        )
    assert len(text.split()) > 55_000
    assert len(set(re.findall(r"NOTE\d+x\d+x", text))) == NOTES
    # A stylesheet is meant to declare its fonts.
    assert [m for m in run_epubcheck(path) if m.id != "CSS-028"] == []
