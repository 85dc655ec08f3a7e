"""Text positions: blocks and letters are counted alike in pages and in the e-book."""

from __future__ import annotations

import pytest

from makeready.book.text_position import BlockCounter, counted_letters


@pytest.mark.parametrize("unseen", list("\u00ad\u200b\u2060\ufeff\u00a0\u2009\n"))
def test_spaces_and_invisible_characters_are_not_counted(unseen: str) -> None:
    assert counted_letters(f"a{unseen}\u0308b{unseen}-1") == "a\u0308b-1"


def test_blocks_are_counted_by_line() -> None:
    blocks = BlockCounter()
    lines = ("3", "5", None, "3", "", "x", "3", "5")
    assert [blocks.count(line) for line in lines] == [
        *((3, 0), (5, 0), None, (3, 1)),
        *(None, None, (3, 2), (5, 1)),
    ]
