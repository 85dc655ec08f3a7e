"""The print interior, checked with the tools a printer uses."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pdf_reading import letters, operators, page_labels, page_texts, poppler

CHAPTERS = {
    "President Nazarbayev’s visit": "1",
    "Kazakhstan as linchpin of Central Asia": "2",
    "Energy export policies": "3",
    "Balancing great power interests": "4",
    "Helping bridge the Muslim-West divide": "5",
    "Implementing TIFA": "7",
}


@pytest.fixture(scope="module")
def interior(interview: Path) -> Path:
    return interview / "kazakhstan-paperback.pdf"


@pytest.fixture(scope="module")
def garden_interior(garden: Path) -> Path:
    return garden / "walled-garden-paperback.pdf"


def test_every_page_is_exactly_the_trim(interior: Path) -> None:
    sizes = re.findall(
        r"Page +\d+ size: +([\d.]+) x ([\d.]+) pts", poppler("pdfinfo", "-l", "99", interior)
    )
    assert set(sizes) == {("360", "576")}
    assert len(sizes) >= 24
    assert len(sizes) % 2 == 0


def test_boxes_start_at_zero(garden_interior: Path) -> None:
    with pikepdf.open(garden_interior) as pdf:
        boxes = {tuple(map(float, page.mediabox)) for page in pdf.pages}
    assert boxes == {(0.0, 0.0, 396.0, 612.0)}


@pytest.mark.parametrize("book", ["interior", "garden_interior"])
def test_fonts_are_embedded_and_subset_and_none_is_type_3(
    book: str, request: pytest.FixtureRequest
) -> None:
    rows = poppler("pdffonts", request.getfixturevalue(book)).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"CID TrueType +Identity-H +yes +yes +yes", row), row


@pytest.mark.parametrize("book", ["interior", "garden_interior"])
def test_no_colour_but_black_and_grey(book: str, request: pytest.FixtureRequest) -> None:
    spaces = set()
    for operator, operands in operators(request.getfixturevalue(book)):
        assert operator not in {"rg", "RG"}
        if operator in {"cs", "CS"}:
            spaces.add(str(operands[0]))
        if operator in {"k", "K"} or (operator in {"scn", "SCN"} and len(operands) == 4):
            assert [float(value) for value in operands[:3]] == [0, 0, 0]  # type: ignore[arg-type]
    assert spaces <= {"/DeviceCMYK", "/DeviceGray"}


@pytest.mark.parametrize("book", ["interior", "garden_interior"])
def test_ghostscript_measures_black_ink_alone(book: str, request: pytest.FixtureRequest) -> None:
    result = subprocess.run(
        ["gs", "-q", "-o", "-", "-sDEVICE=ink_cov", str(request.getfixturevalue(book))],
        capture_output=True,
        text=True,
        check=True,
    )
    inks = re.findall(r"([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) CMYK OK", result.stdout)
    assert inks
    assert {tuple(row[:3]) for row in inks} == {("0.00000", "0.00000", "0.00000")}
    assert any(float(row[3]) > 0 for row in inks)


def test_nothing_is_in_it_that_does_not_print(garden_interior: Path) -> None:
    with pikepdf.open(garden_interior) as pdf:
        assert not {"/Outlines", "/Names", "/AcroForm", "/OpenAction", "/Metadata"} & set(pdf.Root)
        assert not any("/Annots" in page.obj for page in pdf.pages)
        assert pdf.docinfo["/Trapped"] == pikepdf.Name("/False")
        assert pdf.docinfo["/Title"] == "The Walled Garden: Notes of a year’s work"
    subprocess.run(["qpdf", "--check", str(garden_interior)], check=True, capture_output=True)


def test_chapter_one_is_arabic_one_on_a_recto(interior: Path) -> None:
    labels, texts = page_labels(interior), page_texts(interior)
    index = labels.index("1")
    assert index % 2 == 0
    assert "President Nazarbayev" in texts[index]
    assert labels[:index] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"]


def test_chapters_open_on_rectos_and_blanks_are_empty(interior: Path) -> None:
    texts = page_texts(interior)
    for title in CHAPTERS:
        pages = [n for n, text in enumerate(texts) if title in text and len(text) > 200]
        assert pages[-1] % 2 == 0, title
    blanks = [n for n, text in enumerate(texts) if not text.strip()]
    assert blanks
    with pikepdf.open(interior) as pdf:
        for index in blanks:
            painted = {str(i.operator) for i in pikepdf.parse_content_stream(pdf.pages[index])}
            assert not painted & {"Tj", "TJ", "Do", "f", "S", "re"}, index


def test_openers_carry_no_head_and_no_folio(interior: Path) -> None:
    labels, texts = page_labels(interior), page_texts(interior)
    opener, following = (texts[labels.index(label)].split() for label in ("15", "16"))
    assert opener[:2] == ["Biography", "of"]
    assert "15" not in opener
    assert following.count("Kazakhstan") == 2
    assert "16" in following


def test_the_contents_give_the_right_pages(interior: Path) -> None:
    labels, texts = page_labels(interior), page_texts(interior)
    contents = texts[labels.index("v")]
    listed = dict(
        re.findall(r"^(?:\d )?([A-Z][^\n\r]*?)\s+([ivxl]+|\d+)\s*$", contents, re.MULTILINE)
    )
    for title in (*CHAPTERS, "Introduction", "Chronology", "Abbreviations"):
        assert title in listed, contents
        page = texts[labels.index(listed[title])]
        assert title in " ".join(page.split()), title


def test_every_reference_names_the_page_it_points_to(garden_interior: Path) -> None:
    labels, texts = page_labels(garden_interior), page_texts(garden_interior)
    whole = " ".join(" ".join(texts).split())
    targets = {
        "Figure 2 on page": "The plan, as it was in January",
        "Figure 1 on page": "The tools that were found",
    }
    for words, there in targets.items():
        match = re.search(rf"{words}\s+(\w+)", whole.replace("\u00a0", " "))
        assert match is not None, words
        assert there in " ".join(texts[labels.index(match[1])].split())


def test_notes_are_on_the_page_of_their_call(garden_interior: Path) -> None:
    calls = {
        "for the first ten years we fought it": "And lost.",
        "The worms know nothing of walls": "where they come back",
        "Then the mice ate the wire": "waiting for the peas",
        "see one’s helpers all at once": "Nor do they often see one",
    }
    texts = [" ".join(text.split()) for text in page_texts(garden_interior)]
    for call, note in calls.items():
        pages = [text for text in texts if note in text]
        assert len(pages) == 1, note
        assert call in pages[0], note
        assert pages[0].index(call) < pages[0].index(note)


def test_lines_are_on_the_baseline_grid(interior: Path) -> None:
    labels = page_labels(interior)
    leading_pt = 14.0
    for label in ("1", "5", "7", "15", "16"):
        body = [a for a in letters(interior, labels.index(label)) if abs(a.size_pt - 11) < 0.01]
        baselines = sorted({round(letter.y, 2) for letter in body})
        assert len(baselines) > 10
        offsets = {round((y - baselines[0]) % leading_pt, 1) % leading_pt for y in baselines}
        assert offsets == {0.0}, (label, baselines)


def test_margins_are_mirrored_and_keep_the_gutter(interior: Path) -> None:
    labels = page_labels(interior)
    recto, verso = (letters(interior, labels.index(label)) for label in ("15", "16"))
    inner_recto, inner_verso = min(a.x for a in recto), 360 - max(a.x for a in verso)
    gutter_pt = 0.375 * 72
    assert inner_recto > gutter_pt + 1
    assert min(a.x for a in verso) > inner_recto + 4
    assert inner_verso > gutter_pt


def test_small_capitals_are_letters_of_the_font(interior: Path) -> None:
    """Small capitals are drawn at the size of the text, not scaled down, and read as letters."""
    index = page_labels(interior).index("1")
    text = page_texts(interior)[index]
    assert "A major purpose of my visit" in " ".join(text.split())
    sizes = {a.size_pt for a in letters(interior, index) if a.text in "majorpurpose"}
    assert sizes == {11.0, 16.5}
