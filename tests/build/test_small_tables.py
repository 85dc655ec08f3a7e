"""Tables that are set smaller because they do not fit: their lines are closer than their rows."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from pdf_reading import letters
from tiny_book import write_book

from conftest import CACHE, makeready

BOOK = """\
title = "Small"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]

[[contributors]]
name = "Ann Writer"

[editions.paperback]
kind = "print"
printer = "generic"
trim = "5x8in"
"""
TABLE = """\
| Option | Default | Since | Env | Also | Type | Kind |
|---|---|---|---|---|---|---|
| `--grow-everything` | `false` | `1.2.3` | `GARDEN` | `--grow` | `boolean` | `x` |
| `--grow-nothing` | `false` | `1.2.3` | `GARDENING` | `--none` | `boolean` | `yes` |
"""


@pytest.mark.slow
def test_lines_of_a_small_table_are_closer_than_its_rows(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", {"book.toml": BOOK, "chapter-1.md": f"# One\n\n{TABLE}"})
    output = tmp_path / "out"
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json")
    assert run.code == 0, run.err
    found = [one for one in letters(output / "small-paperback.pdf", 0) if one.size_pt < 8]
    left = min(one.x for one in found)
    baselines = sorted({round(one.y, 1) for one in found if one.x < left + 40}, reverse=True)
    # The head, “--grow-”, “everything”, “--grow-” and “nothing”.
    head, wrapped, between, again = (above - below for above, below in pairwise(baselines))
    assert wrapped == pytest.approx(again, abs=0.2)
    assert wrapped < 1.6 * 7.44
    assert min(head, between) > wrapped + 1
