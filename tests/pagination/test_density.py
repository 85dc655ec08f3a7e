"""Estimates of the lines of a book."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from tiny_book import TOML, body

from makeready.pagination.density import verse_lines


def test_each_line_of_verse_is_a_line(tmp_path: Path) -> None:
    made = body(tmp_path, "/// verse\nOne\ntwo\nthree.\n\nFour\nfive.\n///\n\nProse.", TOML)
    tree = etree.fromstring(f"<section>{made}</section>")
    assert [verse_lines(paragraph) for paragraph in tree.iter("p")] == [3, 2, 0]
