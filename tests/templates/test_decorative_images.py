"""An image that says nothing is passed over by a screen reader, in both kinds of file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import etree


@pytest.mark.slow
def test_the_ebook_says_that_it_is_decorative(lighthouse: Path) -> None:
    with zipfile.ZipFile(lighthouse / "keepers-reckoning.epub") as archive:
        tree = etree.fromstring(archive.read("EPUB/text/chapter-5.xhtml"))
    (image,) = tree.iter("{http://www.w3.org/1999/xhtml}img")
    assert (image.get("src"), image.get("alt")) == ("../images/knot.svg", "")
    assert image.get("role") == "presentation"


@pytest.mark.slow
def test_the_tagged_pdf_has_no_figure_of_it(lighthouse: Path) -> None:
    with pikepdf.open(lighthouse / "keepers-reckoning-screen.pdf") as pdf:
        # The first page is the cover, whose paper is drawn.
        drawn = [
            str(element.get("/Alt", ""))[:12]
            for element in pdf.objects
            if isinstance(element, pikepdf.Dictionary)
            and element.get("/S") == "/Figure"
            and element.Pg.objgen != pdf.pages[0].obj.objgen
        ]
    assert drawn == ["A section th", "A diagram of", "A woodcut of", "A chart of t"]


@pytest.mark.slow
def test_an_ornament_by_itself_stands_in_the_middle(lighthouse: Path) -> None:
    with zipfile.ZipFile(lighthouse / "keepers-reckoning.epub") as archive:
        tree = etree.fromstring(archive.read("EPUB/text/chapter-5.xhtml"))
    (image,) = tree.iter("{http://www.w3.org/1999/xhtml}img")
    parent = image.getparent()
    assert parent is not None and parent.get("class") == "picture"
