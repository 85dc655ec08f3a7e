"""Decorative images are hidden from screen readers, in the EPUB and in the tagged PDF."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import etree


@pytest.mark.slow
def test_a_decorative_image_is_marked_in_the_ebook(lighthouse: Path) -> None:
    with zipfile.ZipFile(lighthouse / "keepers-reckoning.epub") as archive:
        tree = etree.fromstring(archive.read("EPUB/text/chapter-5.xhtml"))
    (image,) = tree.iter("{http://www.w3.org/1999/xhtml}img")
    assert (image.get("src"), image.get("alt")) == ("../images/knot.svg", "")
    assert image.get("role") == "presentation"


@pytest.mark.slow
def test_a_decorative_image_is_no_figure_in_the_tagged_pdf(lighthouse: Path) -> None:
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
def test_an_ornament_alone_is_centred(lighthouse: Path) -> None:
    with zipfile.ZipFile(lighthouse / "keepers-reckoning.epub") as archive:
        tree = etree.fromstring(archive.read("EPUB/text/chapter-5.xhtml"))
    (image,) = tree.iter("{http://www.w3.org/1999/xhtml}img")
    parent = image.getparent()
    assert parent is not None and parent.get("class") == "picture"
