"""The text of references, in print and in the e-book."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from pdf_reading import page_texts


@pytest.fixture(scope="module")
def printed(garden: Path) -> str:
    return " ".join(" ".join(page_texts(garden / "walled-garden-paperback.pdf")).split())


@pytest.fixture(scope="module")
def ebook(garden: Path) -> str:
    with zipfile.ZipFile(garden / "walled-garden.epub") as archive:
        return " ".join(
            re.sub(r"<[^>]+>", "", archive.read(f"EPUB/text/{name}.xhtml").decode("utf-8"))
            for name in ("foreword", "chapter-1", "chapter-2", "chapter-3")
        ).replace("\u00a0", " ")


def test_a_reference_by_page_is_shown_in_print(printed: str) -> None:
    assert re.search(r"the drawing of the tools was Figure 1 on page \d+,", printed)
    assert re.search(r"The plan of the beds is in Figure 2 on page \d+;", printed)


def test_a_reference_by_page_is_omitted_in_the_ebook(ebook: str) -> None:
    assert "the drawing of the tools was Figure 1, and the table of soils Table 1" in ebook
    assert "The plan of the beds is in Figure 2; the words" in ebook
    assert not re.search(r"\bpage \d", ebook)


def test_references_by_title_and_number(printed: str, ebook: str) -> None:
    for text in (printed, ebook):
        assert "explained in the Glossary." in text
        assert "this is Chapter 2, " in text
        assert "under “Names of soils”." in text
