"""A book of 400 pages, 6 × 9 in: its gutter holds, and its spine is what printers publish."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from conftest import CACHE, makeready

BOOK = """
title = "A Book of Many Pages"
language = "en"
modified = 2026-11-01
slug = "many"
frontmatter = ["titlepage"]
bodymatter = [{chapters}]

[[contributors]]
name = "Somebody"

[[ignore]]
id = "LAY-007"
reason = "Its pages are almost empty, so that it is set soon."

[editions.kdp]
kind = "print"
printer = "kdp"
paper = "cream"
trim = "6x9in"

[editions.white]
kind = "print"
printer = "ingramspark"
paper = "white"
trim = "6x9in"

[editions.lulu]
kind = "print"
printer = "lulu"
paper = "cream"
trim = "6x9in"
"""
GUTTERS_IN = {"kdp": 0.625, "white": 0.5, "lulu": 1.0}
SPINES_IN = {"kdp": 1.0, "white": 0.821, "lulu": 400 / 444 + 0.06}
"""Specifications 1.2 and 1.4, 2.1 and 2.3, 3.1."""


@pytest.mark.long
def test_gutter_and_spine_of_four_hundred_pages(tmp_path: Path) -> None:
    book, output = tmp_path / "book", tmp_path / "dist"
    (book / "styles/css").mkdir(parents=True)
    (book / "styles/css/print.css").write_text("h2 { break-before: page }\n", "utf-8")
    names = [f"chapter-{number}" for number in range(1, 11)]
    for name in names:
        # A title page and its blank verso, nine chapters of 40 pages, and one of 37.
        pages = 37 if name == names[-1] else 40
        text = "# Long\n\nIt begins.\n" + "\n## A page\n\nIts words, which are few.\n" * (pages - 1)
        (book / f"{name}.md").write_text(text, "utf-8")
    listed = ", ".join(f'"{name}"' for name in names)
    (book / "book.toml").write_text(BOOK.format(chapters=listed), "utf-8")

    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    run = makeready("build", *where)
    assert (run.code, run.findings) == (0, []), run.err
    for edition, gutter_in in GUTTERS_IN.items():
        with pypdfium2.PdfDocument(output / f"many-{edition}.pdf") as pdf:
            assert len(pdf) == 400
            recto = pdf[2 + 40 * 3 + 20]
            left = min(one.get_bounds()[0] for one in recto.get_objects())
        # The text stands as near to the spine as the printer lets it, or farther.
        assert left >= gutter_in * 72 + 1
        with pikepdf.open(output / f"many-{edition}-cover.pdf") as cover:
            width, height = (float(side) / 72 for side in cover.pages[0].mediabox[2:])
        spine_in = SPINES_IN[edition]
        assert (width, height) == pytest.approx((12.25 + spine_in, 9.25), abs=0.001)
    assert left < 80
