"""The screen edition: the printed pages, linked, labelled, tagged."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pdf_reading import page_labels, page_texts


@pytest.fixture(scope="module")
def screen(interview: Path) -> Path:
    return interview / "kazakhstan-screen.pdf"


@pytest.fixture(scope="module")
def garden_screen(garden: Path) -> Path:
    return garden / "walled-garden-screen.pdf"


def test_it_begins_with_the_cover_and_has_no_blank_page(screen: Path) -> None:
    texts = page_texts(screen)
    assert "KAZAKHSTAN" in "".join(texts[0].split())
    assert all(text.strip() for text in texts)
    assert page_labels(screen)[0] == "Cover"


@pytest.mark.parametrize(
    ("folder", "slug"), [("interview", "kazakhstan"), ("garden", "walled-garden")]
)
def test_pages_have_the_labels_they_have_in_print(
    folder: str, slug: str, request: pytest.FixtureRequest
) -> None:
    output = request.getfixturevalue(folder)
    printed = output / f"{slug}-paperback.pdf"
    by_label = dict(zip(page_labels(printed), page_texts(printed), strict=True))
    screen = output / f"{slug}-screen.pdf"
    for label, text in list(zip(page_labels(screen), page_texts(screen), strict=True))[1:]:
        assert _words(text) == _words(by_label[label]), label


def _words(text: str) -> list[str]:
    """Return the words of a text; pdfium gives soft hyphens, which are on screens, as U+0002."""
    return re.sub(r"[\u0002\u2010\ufffe]\s*", "", text).split()


def test_it_is_tagged_and_has_language_and_title(garden_screen: Path) -> None:
    with pikepdf.open(garden_screen) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in pdf.Root


def test_bookmarks_lead_to_the_chapters(screen: Path) -> None:
    texts = page_texts(screen)
    with pypdfium2.PdfDocument(screen) as pdf:
        marks = [(m.get_title(), m.get_dest().get_index()) for m in pdf.get_toc()]
    titles = [title for title, _ in marks]
    assert "1. President Nazarbayev’s visit" in titles
    assert "Chronology" in titles
    for title, index in marks:
        words = title.split(". ", 1)[-1]
        if words != "Title page":
            assert words in " ".join(texts[index].split()), title


def test_every_link_leads_somewhere(garden_screen: Path) -> None:
    internal = external = 0
    with pikepdf.open(garden_screen) as pdf:
        names = pdf.Root.Names.Dests.Names
        known = {str(names[n]) for n in range(0, len(names), 2)}
        for page in pdf.pages:
            for annotation in page.obj.get("/Annots", []):
                if isinstance(annotation.get("/Dest"), pikepdf.Array):
                    # From a note to its call, or the other way.
                    assert annotation.Dest[0].Type == "/Page"
                elif "/Dest" in annotation:
                    assert str(annotation.Dest) in known
                    internal += 1
                else:
                    assert str(annotation.A.URI) == "https://example.org/almanack"
                    external += 1
    assert internal > 15
    assert external == 1


def _words(text: str) -> list[str]:
    """Return the words of a text; pdfium gives soft hyphens, which are on screens, as U+0002."""
    return re.sub(r"[\u0002\u2010\ufffe]\s*", "", text).split()


def test_it_claims_the_conformance_that_it_has(screen: Path) -> None:
    with pikepdf.open(screen) as pdf:
        assert pdf.Root.MarkInfo.Marked
        metadata = pdf.Root.Metadata.read_bytes()
    assert metadata.count(b'pdfuaid:part="1"') == 1
    assert b"<dc:title>" in metadata


def test_bookmarks_of_chapters_are_under_those_of_their_part(garden_screen: Path) -> None:
    with pikepdf.open(garden_screen) as pdf, pdf.open_outline() as outline:
        parts = {item.title: item for item in outline.root}
    first = parts["Part 1. Before the frost goes"]
    second = parts["Part 2. After it"]
    assert [item.title for item in first.children] == [
        "1. The ground, and what is in it",
        "2. Sowing by the calendar, and against it",
    ]
    assert [item.title for item in second.children] == ["3. What came up"]
    assert [item.title for item in parts["A list of the beds"].children] == []
    # What is in a part is shown at once, the sections of a chapter when it is opened.
    chapter = first.children[0]
    assert [item.title for item in chapter.children] == ["What the spade found"]
    assert (first.is_closed, chapter.is_closed) == (False, True)
