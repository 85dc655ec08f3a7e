"""An edition set in a type size of its own, with everything on its pages in proportion."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from pdf_reading import letters, page_texts

from conftest import CACHE, makeready

BOOK = """\
title = "Sizes"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]
[[contributors]]
name = "Ann Bell"
[editions.usual]
kind = "print"
printer = "generic"
trim = "6x9in"
[editions.small]
kind = "print"
printer = "generic"
trim = "6x9in"
size_pt = 10
"""
WORDS = "They went on by the river until the lamps were lit and nobody was left on the quay. "


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("sizes") / "book"
    book.mkdir()
    (book / "book.toml").write_text(BOOK, "utf-8")
    text = "# One\n\n" + "\n\n".join(WORDS * 6 + f"A note.[^{n}]" for n in range(24))
    notes = "".join(f"\n\n[^{n}]: {WORDS}" for n in range(24))
    (book / "chapter-1.md").write_text(text + notes + "\n", "utf-8")
    run = makeready("build", "--book", book, "--output", book.parent / "out", "--cache", CACHE)
    assert run.code == 0, run.err
    return book.parent / "out"


@pytest.mark.parametrize(
    ("edition", "text_pt", "leading_pt", "note_pt", "head_pt"),
    [("usual", 12, 15.5, 10.2, 9.5), ("small", 10, 13, 8.5, 7.92)],
)
def test_sizes_are_in_proportion(
    output: Path, edition: str, text_pt: float, leading_pt: float, note_pt: float, head_pt: float
) -> None:
    page = letters(output / f"sizes-{edition}.pdf", 1)
    sizes = Counter(round(letter.size_pt, 2) for letter in page if letter.text.strip())
    assert {text_pt, note_pt, head_pt} <= set(sizes)
    lines = sorted({round(x.y, 1) for x in page if round(x.size_pt, 2) == text_pt}, reverse=True)
    steps = [one - other for one, other in pairwise(lines) if one - other > text_pt / 2]
    assert steps and all(step == pytest.approx(leading_pt, abs=0.11) for step in steps)


def test_smaller_type_has_fewer_pages(output: Path) -> None:
    usual, small = (len(page_texts(output / f"sizes-{name}.pdf")) for name in ("usual", "small"))
    assert small < usual
