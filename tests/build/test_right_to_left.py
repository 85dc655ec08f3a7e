"""A book that is written from right to left is made from right to left, in print and as e-book."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image

from conftest import CACHE, makeready

BOOK = """\
title = "כביש החוף"
language = "he"
slug = "road"
modified = 2026-11-20
bodymatter = ["chapter-1"]

[[contributors]]
name = "דנה לוי"
file_as = "לוי, דנה"

[words]
chapter = "פרק"

[editions.print]
kind = "print"
printer = "generic"
trim = "5.5x8.5in"
paper = "cream"
spine_mm = 8
bleed_mm = 3
isbn = "978-0-306-40615-7"

[editions.ebook]
kind = "epub"
"""
CHAPTER = (
    """\
# אור ראשון

מילה בתוך *road map* שורה.[^1] והנה `code` וגם <https://example.org/a>.

1. אחד

| טור | שני |
|---|---|
| מזרח | מערב |

[English words]{lang=en} בסוף **<span id="spot"></span>מילה** ![אור](a.png){height=8pt} סוף.

מילה <img src="b.svg" alt="קו"/> סוף.

בשנת 1948 נכתבו כאן מילים רבות, ובשנת 1949 עוד מילים, ובשנת 1950 לא נכתבה אף מילה אחת.

"""
    + "שורה ארוכה של מילים רבות ממלאת את העמוד עד סופו ועוד קצת. " * 150
    + """

[^1]: הערה.
"""
)
WITHOUT_A_SIZE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 4"><path d="M0 2h90v1H0z"/></svg>'
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("road")
    book = folder / "book"
    book.mkdir()
    (book / "book.toml").write_text(BOOK, "utf-8")
    (book / "chapter-1.md").write_text(CHAPTER, "utf-8")
    Image.new("L", (40, 40), 90).save(book / "a.png")
    (book / "b.svg").write_text(WITHOUT_A_SIZE, "utf-8")
    # The text font has no Hebrew: the letters are those of a font of last resort.
    run = makeready(
        "build", "--book", book, "--output", folder / "out", "--cache", CACHE, "--draft"
    )
    assert run.code in (0, 1), run.out + run.err
    assert "LAY-0" not in run.out.replace("LAY-003", "")
    return run.output


def interior(output: Path) -> Path:
    (path,) = (path for path in output.glob("*print*.pdf") if "cover" not in path.name)
    return path


def text_edges(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Return the white at the left and at the right of the text below the running head."""
    words = page.get_textpage()
    width, height = page.get_size()
    boxes = [words.get_charbox(i) for i in range(words.count_chars())]
    boxes = [box for box in boxes if box[3] < height * 0.85 and box[2] > box[0]]
    return min(box[0] for box in boxes), width - max(box[2] for box in boxes)


def edges_of_lines(page: pypdfium2.PdfPage) -> list[tuple[float, float]]:
    """Return the left and the right edge of the letters of each line, from above."""
    words = page.get_textpage()
    lines: dict[int, list[float]] = {}
    for index in range(words.count_chars()):
        box = words.get_charbox(index, loose=True)
        if words.get_text_range(index, 1).strip():
            lines.setdefault(round(box[1]), []).extend((box[0], box[2]))
    return [(min(xs), max(xs)) for _, xs in sorted(lines.items(), reverse=True)]


def text_at(page: pypdfium2.PdfPage, letters: str) -> tuple[float, ...]:
    words = page.get_textpage()
    whole = words.get_text_range()
    return tuple(words.get_charbox(whole.index(letters)))


def test_pages_follow_each_other_from_right_to_left(output: Path) -> None:
    path = interior(output)
    with pikepdf.open(path) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"


def test_the_gutter_is_at_the_right_of_the_first_page(output: Path) -> None:
    path = interior(output)
    with pypdfium2.PdfDocument(path) as pdf:
        first_left, first_right = text_edges(pdf[0])
        second_left, second_right = text_edges(pdf[1])
    assert first_right < first_left, "a recto is a left-hand page: the spine is at its right"
    assert second_left < second_right


def test_justified_lines_reach_both_edges(output: Path) -> None:
    path = interior(output)
    with pypdfium2.PdfDocument(path) as pdf:
        # The stop at the left is of another font, and counts as a line of its own.
        lines = [line for line in edges_of_lines(pdf[1]) if line[1] - line[0] > 200]
    assert len(lines) > 15
    for edges in zip(*lines, strict=True):
        assert max(edges) - min(edges) < 0.6


def test_columns_and_lists_begin_at_the_right(output: Path) -> None:
    path = interior(output)
    with pypdfium2.PdfDocument(path) as pdf:
        east, west = text_at(pdf[0], "מזרח"), text_at(pdf[0], "מערב")
        item, right = text_at(pdf[0], "אחד"), pdf[0].get_width() - text_edges(pdf[0])[1]
        head = [page.get_textpage().get_text_bounded(bottom=540) for page in (pdf[1], pdf[2])]
    assert west[2] < east[0]
    assert item[2] < right - 10
    assert "כביש החוף" in head[0]
    assert "אור ראשון" in head[1]


def test_the_ebook_opens_from_right_to_left(output: Path) -> None:
    (path,) = output.glob("*.epub")
    with ZipFile(path) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        text = {
            n: etree.fromstring(archive.read(n)) for n in archive.namelist() if n.endswith("xhtml")
        }
        css = archive.read("EPUB/style/book.css").decode()
    assert package.find("{*}spine").get("page-progression-direction") == "rtl"
    assert {tree.get("dir") for tree in text.values()} == {"rtl"}
    assert "padding-right: 1.5em" in css
    chapter = text["EPUB/text/chapter-1.xhtml"]
    from_left = {
        (e.tag.partition("}")[2], "".join(e.itertext()))
        for e in chapter.iterfind(".//*[@dir='ltr']")
    }
    assert {("code", "code"), ("a", "1"), ("span", "English words")} <= from_left


def test_the_front_of_the_wrap_is_at_the_left(output: Path) -> None:
    (path,) = output.glob("*cover*.pdf")
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        title, isbn = text_at(page, "כביש"), text_at(page, "ISBN")
        middle = page.get_width() / 2
    assert title[2] < middle < isbn[0]
    assert abs((title[0] + title[2]) / 2 - middle / 2) < middle / 6, "the label is on its board"
