"""The headings of chapters in the printed contents, with the pages that they are on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest
from pdf_reading import page_texts

from conftest import BOOKS, CACHE, makeready

HEADING = "What the spade found"
BELOW = "Names of soils"


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_contents_list_headings_where_it_is_asked_for(tmp_path: Path, depth: int) -> None:
    book = tmp_path / "book"
    shutil.copytree(BOOKS / "garden", book)
    with book.joinpath("book.toml").open("a") as file:
        file.write(f"\n[contents]\ndepth = {depth}\n")
    output = tmp_path / "out"
    run = makeready("build", "paperback", "--book", book, "--output", output, "--cache", CACHE)
    assert run.code == 0, run.out + run.err
    pdf = output / "walled-garden-paperback.pdf"
    texts = page_texts(pdf)
    contents = next(text for text in texts if text.startswith("Contents"))
    (page,) = (number for number, text in enumerate(texts) if HEADING in text and text != contents)
    with pikepdf.open(pdf) as opened:
        label = opened.pages[page].label
    assert (f"{HEADING} {label}" in " ".join(contents.split())) is (depth >= 2)
    assert (HEADING in contents) is (depth >= 2)
    assert (BELOW in contents) is (depth == 3)
