"""Several tables under one number, as Quarto has them in a block."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import chapter

from makeready.book.model import Book, Element

CLAY, TIN = "| Clay |\n|------|\n| 54 |\n\n", "| Tin |\n|-----|\n| 60 |\n\n"
OF_CLAY, OF_TIN = ": Of clay {#tbl-clay}\n\n", ": Of tin {#tbl-tin}\n\n"
FORMS = {
    "captions": f"::: {{#tbl-pots}}\n{CLAY}{OF_CLAY}{TIN}{OF_TIN}Two pots\n:::",
    "caption as an attribute": (
        f'::: {{#tbl-pots tbl-cap="Two pots"}}\n{CLAY}{OF_CLAY}{TIN}{OF_TIN}:::'
    ),
    "blocks": (
        f"::: {{#tbl-pots}}\n::: {{#tbl-clay}}\n{CLAY}Of clay\n:::\n\n"
        f"::: {{#tbl-tin}}\n{TIN}Of tin\n:::\n\nTwo pots\n:::"
    ),
}


def book_of(root: Path, text: str) -> Book:
    return chapter(root, text)


def captions(tree: Element) -> list[str]:
    found = tree.iter("figcaption", "caption")
    return ["".join(map(str, one.itertext())).replace("\u00a0", " ") for one in found]


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_they_have_one_number_and_letters(text: str, tmp_path: Path) -> None:
    book = book_of(tmp_path, f"{text}\n\n{CLAY}: Another {{#tbl-other}}\n")
    tree = book.section("chapter-1").tree
    assert captions(tree) == [
        *("Table 1. Two pots", "(a) Of clay", "(b) Of tin", "Table 2. Another")
    ]
    numbers = {name: (book.anchors[name].kind, book.anchors[name].number) for name in book.anchors}
    assert numbers["tbl-pots"] == ("table", "1")
    assert numbers["tbl-clay"] == ("table", "1a")
    assert numbers["tbl-tin"] == ("table", "1b")
    assert numbers["tbl-other"] == ("table", "2")


def test_tables_without_captions_have_their_letters(tmp_path: Path) -> None:
    book = book_of(tmp_path, f"::: {{#tbl-pots}}\n{CLAY}{TIN}Two pots\n:::")
    assert captions(book.section("chapter-1").tree) == ["Table 1. Two pots", "(a)", "(b)"]
    assert book.anchors["tbl-pots-2"].number == "1b"


def test_one_table_with_a_caption_is_no_group(tmp_path: Path) -> None:
    book = book_of(tmp_path, f"::: {{#tbl-pots}}\n{CLAY}A pot\n:::")
    tree = book.section("chapter-1").tree
    assert captions(tree) == ["Table 1. A pot"]
    assert [element.tag for element in tree] == ["table"]
