"""Which pages of an edition end on one line, and what is typeset again when that changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typeset_fixtures import TypesetBook

from makeready.book.model import Balance

EDITIONS = """
[editions.screen]
kind = "screen"
[editions.tablet]
kind = "screen"
trim = "6x8in"
"""


TYPOGRAPHY = '[typography]\nbalance = "spreads"\n'


@pytest.mark.slow
def test_a_screen_has_the_pages_of_the_print_edition_of_its_size(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    toml = folder / "book.toml"
    toml.write_text(toml.read_text("utf-8") + EDITIONS, "utf-8")
    typeset = TypesetBook(folder, tmp_path / "store")
    found = {
        name: typeset.paginate(name).typesetter_config.balance
        for name in ("paperback", "screen", "tablet")
    }
    expected = {"paperback": Balance.SPREADS, "screen": Balance.SPREADS, "tablet": Balance.NONE}
    assert found == expected


@pytest.mark.slow
def test_a_change_of_balance_typesets_all_again(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    toml = folder / "book.toml"
    toml.write_text(toml.read_text("utf-8") + TYPOGRAPHY, "utf-8")
    done = []
    for balance in ("spreads", "spreads", "none", "none"):
        toml.write_text(toml.read_text("utf-8").replace('"spreads"', f'"{balance}"'), "utf-8")
        typeset = TypesetBook(folder, tmp_path / "store")
        typeset.paginate("paperback")
        done.append(sorted(typeset.done))
    everything = ["chapter-1", "chapter-2", "titlepage"]
    assert done == [everything, [], everything, []]
