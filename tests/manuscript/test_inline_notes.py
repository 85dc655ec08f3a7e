"""Notes that are written where they are called: ``^[words]``."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_book import body, chapter, markup, read

from makeready.manuscript.markdown import new_markdown


def note_texts(root: Path, text: str) -> list[str]:
    """Return the markup of the notes of a chapter, without source lines."""
    notes = chapter(root, text).section("chapter-1").notes
    for note in notes:
        for element in note.tree.iter():
            element.attrib.pop("data-line", "")
    return ["".join(markup(block) for block in note.tree) for note in notes]


def test_a_note_has_any_inline_markup(tmp_path: Path) -> None:
    text = (
        "One^[With *emphasis*, [a link](https://a.example), [brackets] or `code ]`.], two^[On\n"
        "two lines.] and *three^[a*b]*."
    )
    link = '<a href="https://a.example">a link</a>'
    assert note_texts(tmp_path / "a", text) == [
        f"<p>With <em>emphasis</em>, {link}, [brackets] or <code>code ]</code>.</p>",
        "<p>On two lines.</p>",
        "<p>a*b</p>",
    ]
    assert body(tmp_path / "b", text).count('class="noteref"') == 3


def test_notes_of_both_kinds_are_numbered_together(tmp_path: Path) -> None:
    text = "## Two^[A]\n\n- b[^n] c^[C] d[^n]\n\n| e^[E] |\n|---|\n| f |\n\n[^n]: N"
    assert note_texts(tmp_path / "a", text) == ["<p>A</p>", "<p>N</p>", "<p>C</p>", "<p>E</p>"]
    tree = chapter(tmp_path / "b", text).section("chapter-1").tree
    assert [a.get("data-note") for a in tree.iter("a")] == ["1", "2", "3", "2", "4"]
    assert tree[0].get("id") == "chapter-1-two"


def test_a_note_in_a_title_is_one(tmp_path: Path) -> None:
    book, found = read(tmp_path, {"chapter-1.md": "# One^[A note.]\n\nText.\n"})
    assert (found, book and book.section("chapter-1").title) == ([], "One")
    assert book is not None
    assert len(book.section("chapter-1").notes) == 1


def test_a_note_inside_a_note_follows_it(tmp_path: Path) -> None:
    assert note_texts(tmp_path, "Text^[a ^[b] c] and^[d].") == [
        '<p>a <a class="noteref" data-note="2"></a> c</p>',
        "<p>b</p>",
        "<p>d</p>",
    ]


@pytest.mark.parametrize("text", ["x^2^", "x^[1]^", "x^[]", "x^[ ]", "x^[a", r"x\^[a]", "`x^[a]`"])
def test_what_only_looks_like_a_note_is_none(text: str, tmp_path: Path) -> None:
    assert note_texts(tmp_path, text) == []


@pytest.mark.parametrize("piece", ["^[", "*a ^[b* c] "])
def test_long_texts_are_read_in_little_time(piece: str) -> None:
    parser = new_markdown().parser
    began = time.process_time()
    parser.parseDocument([piece * (100_000 // len(piece))])
    assert time.process_time() - began < 4
