"""The number of a formula, or of one of its rows, is on the baseline of what it numbers."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pdf_reading import letters
from pypdfium2 import raw

from conftest import CACHE, makeready

TOML = """\
title = "Sums"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]
[[contributors]]
name = "Ann Bell"
[editions.screen]
kind = "screen"
"""
LONG = " ".join(f"= a_{n} + b_{n} + c_{n} + d_{n}" for n in range(4))
CHAPTER = rf"""# Sums

\begin{{align}}
H \tag{{1}} \\
\sum_i^n x &= H \tag{{2}} \\
y_{{j_k}} &= H \tag{{3}}
\end{{align}}

$$ H \tag{{4}} $$

$$ \frac{{1}}{{1 + \frac{{1}}{{x}}}} H \tag{{5}} $$

$$ x {LONG} = H \tag{{6}} $$
"""
"""Each H, which ends at the baseline, is in the row of a number."""


@pytest.mark.slow
def test_numbers_are_on_the_baselines_of_formulas(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "chapter-1.md").write_text(CHAPTER, "utf-8")
    (book / "book.toml").write_text(TOML, "utf-8")
    run = makeready("build", "--book", book, "--output", tmp_path / "out", "--cache", CACHE)
    assert run.code == 0, run.out
    file = tmp_path / "out" / "sums-screen.pdf"
    with pypdfium2.PdfDocument(file) as pdf:
        index = len(pdf) - 1
        shapes = [
            shape.get_bounds()
            for shape in pdf[index].get_objects()
            if shape.type == raw.FPDF_PAGEOBJ_PATH
        ]
    highest = max(shapes, key=lambda shape: shape[1])
    size = (highest[2] - highest[0], highest[3] - highest[1])
    bottoms = [b for a, b, c, d in shapes if (c - a, d - b) == pytest.approx(size, abs=0.02)]
    brackets = [letter.y for letter in letters(file, index) if letter.text == "("]
    assert len(brackets) == 6
    assert sorted(bottoms) == pytest.approx(sorted(brackets), abs=0.2)
