"""Glossary terms: each has an id and the references to it."""

from __future__ import annotations

from pathlib import Path

from tiny_book import Reported, read

from makeready.book.model import Book

_BOOK = {
    "book.toml": """\
title = "Tiny"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2"]
backmatter = ["glossary"]
""",
    "chapter-1.md": """\
# One

[Mould](#glossary-leaf-mould) and [mould](#glossary-leaf-mould), [dib](#dib).[^n] See [](#glossary).

[^n]: Of [tilth](#glossary-tilth).
""",
    "chapter-2.md": "# Two\n\n[Mould](#glossary-leaf-mould) [on](#dib){.page}.\n",
    "glossary.md": """\
# Glossary

leaf mould
:   Leaves. Not [tilth](#glossary-tilth).

dibber {#dib}
:   A stick.

tilth
:   Soil.
""",
}


def _read(root: Path) -> tuple[Book, Reported]:
    book, reported = read(root, _BOOK)
    assert book is not None
    return book, reported


def test_a_term_has_an_id_made_from_its_text(tmp_path: Path) -> None:
    book, reported = _read(tmp_path)
    assert reported == []
    terms = [term.get("id") for term in book.section("glossary").tree.iter("dt")]
    assert terms == ["glossary-leaf-mould", "dib", "glossary-tilth"]


def test_a_term_lists_its_first_reference_in_each_section(tmp_path: Path) -> None:
    book, _ = _read(tmp_path)
    places = {term: [use.anchor for use in uses] for term, uses in book.term_references.items()}
    assert places == {
        "glossary-leaf-mould": ["chapter-1-term-1", "chapter-2-term-1"],
        "dib": ["chapter-1-term-2"],
        "glossary-tilth": ["chapter-1-term-3"],
    }
    links = {
        link.get("id"): "".join(link.itertext())
        for section in book.sections
        for tree in (section.tree, *(note.tree for note in section.notes))
        for link in tree.iter("a")
        if link.get("id")
    }
    assert links == {
        "chapter-1-term-1": "Mould",
        "chapter-1-term-2": "dib",
        "chapter-1-term-3": "tilth",
        "chapter-2-term-1": "Mould",
    }


def test_a_role_links_to_the_entry_of_its_term(tmp_path: Path) -> None:
    text = "{term}`Tilth`, {term}`moulds <Leaf  mould>`, {term}`dibber`, {term}`silt`, {term}`sand`"
    files = {
        **_BOOK,
        "chapter-2.md": f"# Two\n\n{text}.\n\n```{{glossary}}\nsand\n  Coarse.\n```\n",
    }
    book, reported = read(tmp_path, files)
    assert book is not None
    assert reported == []
    paragraph = book.section("chapter-2").tree[0]
    assert "".join(paragraph.itertext()) == "Tilth, moulds, dibber, silt, sand."
    assert [(link.text, link.get("href")) for link in paragraph] == [
        ("Tilth", "#glossary-tilth"),
        ("moulds", "#glossary-leaf-mould"),
        ("dibber", "#dib"),
        ("sand", "#chapter-2-sand"),
    ]
    assert "chapter-2" in {use.section for use in book.term_references["glossary-tilth"]}
