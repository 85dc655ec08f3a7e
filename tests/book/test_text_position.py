"""A place in the text is counted alike where pages are set and where their marks are put."""

from __future__ import annotations

import pytest

from makeready.book.text_position import BlockCounter, is_counted, letters_of


@pytest.mark.parametrize("unseen", list("\u00ad\u200b\u2060\ufeff\u00a0\u2009\n"))
def test_what_comes_and_goes_is_not_counted(unseen: str) -> None:
    assert letters_of(f"a{unseen}\u0308b{unseen}-1") == "a\u0308b-1"
    assert not is_counted(unseen)


def test_blocks_are_counted_by_their_lines() -> None:
    turns = BlockCounter()
    lines = ("3", "5", None, "3", "", "x", "3", "5")
    assert [turns.block_of(line) for line in lines] == [
        *((3, 0), (5, 0), None, (3, 1)),
        *(None, None, (3, 2), (5, 1)),
    ]
