"""Reading a text loses, doubles and reorders no letters of it, whatever its markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_book import PNG, markup, write_book

from makeready.book.model import Book, Element, Section
from makeready.findings import Findings, Severity
from makeready.manuscript.reader import read_book

_WORD = re.compile(r"q[a-p]{3}z")
WORD = "W"
"""Stands for a word that is nowhere else in the text."""

BRACES = ["{", "}", "{{", "}}", "{:", "{W}", "{{W}}", "{.small}", "{ .small W }", "{W=1}", "{ }"]
INLINE = [
    *BRACES, "[", "]", "](#chapter-1)", "*", "**", "_", "~", "^", "`", "``", "\\", "|", "!", "[^n]",
    "<b>", "</b>", "<br>", "&", "&amp;", "[W]{.smallcaps}", "*W*{.small}", "![W](images/a.png)",
    "  \n", ":", "-", "1.", "#", ">", "'", '"', "--", "...", "<", "/",
]  # fmt: skip
LINES = [
    "\n", "\n\n", "\n- W", "\n1. W", "\n    ", "\n> W", "\n## W", "\nW\n===", "\nW\n---", "\n***\n",
    "\n| W | W |\n|---|---|\n| W | W", "\n\n| W | W |\n|---|---|\n| W | W | W |\n| W |\n",
    "\nW\n:   W", "\n```\n", "\n/// verse\nW\n  W\n///\n", "\n/// div | .small\nW\n///\n",
    "\n{.small}", "\n\n[^n]: W\n", "\n\n[W]: W\n\n", "[W][W]", "\n## W {#W .small}\n",
    "\n<div>W</div>\n", "\n<p>W <i>W</i></p>\n", "\n    W",
]  # fmt: skip


def texts(parts: list[str]) -> st.SearchStrategy[str]:
    part = st.one_of(st.sampled_from([WORD, f"{WORD} ", f" {WORD}", " "]), st.sampled_from(parts))
    return st.lists(part, min_size=4, max_size=40).map("".join).map(_numbered)


def _numbered(text: str) -> str:
    """Return a text with the words in it different, and in alphabetical order."""
    count = iter(range(16**3))

    def word(_: re.Match[str]) -> str:
        number = next(count)
        letters = (chr(ord("a") + (number >> 4 * place & 15)) for place in (2, 1, 0))
        return f"q{''.join(letters)}z"

    return re.sub(WORD, word, text)


def read_chapter(folder: Path, text: str) -> tuple[Book, Findings]:
    findings = Findings()
    files = {"chapter-1.md": f"# One\n\n{text}\n", "images/a.png": PNG}
    book = read_book(write_book(folder, files), findings)
    assert book is not None
    return book, findings


def words(tree: Element) -> list[str]:
    return _WORD.findall("".join(map(str, tree.itertext())))


def trees(section: Section) -> Iterator[Element]:
    yield section.tree
    for note in section.notes:
        yield note.tree


def assert_whole(folder: Path, text: str) -> None:
    """The words stay in order, once; one is missing only if an error says something is wrong."""
    book, findings = read_chapter(folder, text)
    section = book.section("chapter-1")
    found: list[str] = []
    for tree in trees(section):
        shown = words(tree)
        assert shown == sorted(shown), (text, markup(tree))
        found += shown
    assert len(set(found)) == len(found), (text, markup(section.tree))
    if all(finding.severity is Severity.NOTE for finding in findings):
        kept = set(_WORD.findall("".join(map(markup, trees(section)))))
        assert kept == set(_WORD.findall(text)), (text, markup(section.tree))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("letters")


@settings(max_examples=150, derandomize=True)
@given(texts(INLINE))
def test_no_inline_markup_moves_or_loses_words(folder: Path, text: str) -> None:
    assert_whole(folder, text)


@settings(max_examples=150, derandomize=True)
@given(texts([*INLINE, *LINES]))
def test_no_markup_of_blocks_moves_or_loses_words(folder: Path, text: str) -> None:
    assert_whole(folder, text)
