"""A diagram in a book: vectors and words on its page, an image with a description in the EPUB."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from lxml import etree
from pdf_reading import page_texts

from conftest import CACHE, makeready
from manuscript.diagram_programs import install


@pytest.mark.slow
def test_a_diagram_is_in_every_edition(
    broken_book: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.environ["PATH"]
    install(tmp_path, monkeypatch)
    book = broken_book()
    with book.joinpath("chapter-2.md").open("a") as file:
        file.write('\n```dot {#fig-s caption="A plot" alt="A bed"}\ngraph { seed }\n```\n')
    run = makeready(
        *("build", "--book", book, "--output", tmp_path / "out", "--cache", CACHE, "--json"),
        PATH=f"{tmp_path / 'programs'}{os.pathsep}{path}",
    )
    assert (run.code, run.findings) == (0, [])
    pdf = tmp_path / "out" / "leaflet-paperback.pdf"
    (page,) = (number for number, text in enumerate(page_texts(pdf)) if "A plot" in text)
    assert "seed" in page_texts(pdf)[page]
    with pikepdf.open(pdf) as opened:
        assert not opened.pages[page].get_images()
    with ZipFile(tmp_path / "out" / "leaflet.epub") as epub:
        (drawing,) = (n for n in epub.namelist() if "diagram" in n)
        chapter = etree.fromstring(
            epub.read(next(n for n in epub.namelist() if n.endswith("chapter-2.xhtml")))
        )
        assert b">seed</text>" in epub.read(drawing)
    (image,) = (i for i in chapter.iter("{*}img") if "diagram" in i.get("src", ""))
    assert (image.get("alt"), image.get("src", "").rpartition("/")[2]) == (
        "A bed",
        drawing.rpartition("/")[2],
    )
