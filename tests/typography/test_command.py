"""``makeready typography``: what it prints of a file, and what it says of one it cannot measure."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import lxml.html
import pikepdf
import pytest
from check_samples import jpeg
from pikepdf import Array, Dictionary, Name
from PIL import Image

from conftest import makeready
from makeready.build.measure_files import measure_files
from makeready.errors import MakereadyError
from typography.set_pages import SetLine, Words, hyphenated, pages_of, paragraph, write_pdf

CROWD = b"BT /F 9 Tf 20 20 Td %b ET" % (b"(%b) Tj 0 9 Td " % (b"x" * 26_000) * 4)


def lines_of_book(words: Words) -> list[SetLine]:
    lines = [line for _ in range(15) for line in paragraph(words)]
    first, *inner, last = paragraph(words, [1.0, 1.0, 1.0, 2.2])
    return [*lines, first, *map(hyphenated, inner[:3]), inner[3], last]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return write_pdf(tmp_path / "foreign.pdf", pages_of(lines_of_book(Words())))


def test_a_table_and_the_worst_places(pdf: Path) -> None:
    run = makeready("typography", pdf.name, "--section", cwd=pdf.parent)
    assert run.code == 0, run.err
    rows = [" ".join(line.split()) for line in run.out.split("\n")]
    assert "pages 4" in rows
    assert "type size, leading 10/12 pt" in rows
    assert "justified lines 50" in rows
    assert "widest 2.20" in rows
    assert "lines over 2 × 2.0 %" in rows
    assert "hyphenated line ends 6.0 %" in rows
    assert "two, three, more in a row 0/1/0" in rows
    assert "Loose lines (word space) in foreign.pdf:" in rows
    assert any(row.startswith("2.20 × page 4: ") for row in rows)
    assert any(row.startswith("3 lines page 4: ") for row in rows)


def test_the_report_has_pictures_of_the_worst_places(pdf: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "a<img src=x>.pdf"
    hostile.write_bytes(pdf.read_bytes())
    run = makeready(
        "typography", hostile, "--report", tmp_path / "out" / "report.html", "--lines", "1"
    )
    assert run.code == 0, run.err
    page = lxml.html.parse(tmp_path / "out" / "report.html").getroot()
    images = page.xpath("//figure/img")
    assert len(images) == len(page.xpath("//figure")) == 3
    assert page.xpath("//script | //img[@src='x']") == []
    (loose,) = page.xpath("//section[h3='Loose lines (word space)']//figure")
    assert "2.20 ×" in loose.text_content()
    assert "page 4" in loose.text_content()
    (source,) = loose.xpath("img/@src")
    picture = Image.open(BytesIO(b64decode(source.removeprefix("data:image/webp;base64,"))))
    # Of the lines that are shown one is marked; the letters are as wide as in the file.
    rows = [picture.getpixel((2, y)) for y in range(picture.height)]
    marked = [y for y, colour in enumerate(rows) if colour != (255, 255, 255)]
    assert marked == list(range(marked[0], marked[-1] + 1))
    assert 25 < len(marked) < 45
    assert 250 * 2.8 - 9 < picture.width - 48 < 250 * 2.8 + 9


def test_the_report_shows_a_spread_whose_pages_end_unevenly(tmp_path: Path) -> None:
    words = Words()
    full = [line for _ in range(5) for line in paragraph(words)]
    pages = pages_of([*full, *full, *full, *full, *full, *full])
    del pages[2][-3:]
    pdf = write_pdf(tmp_path / "uneven.pdf", pages)
    run = makeready("typography", pdf, "--report", tmp_path / "report.html")
    assert run.code == 0, run.err
    page = lxml.html.parse(tmp_path / "report.html").getroot()
    (spread,) = page.xpath("//section[h3='Uneven facing pages (the shorter)']//figure")
    (image,) = spread.xpath("img")
    assert "Two facing pages" in image.get("alt")
    assert int(image.get("width")) > int(image.get("height"))


def test_json(pdf: Path) -> None:
    run = makeready("typography", pdf, pdf, "--json", "--lines", "1")
    assert run.code == 0, run.err
    one, other = json.loads(run.out)["files"]
    assert one == other
    assert one["path"] == pdf.as_posix()
    assert (one["size_pt"], one["leading_pt"], one["space_em"]) == (10, 12, 0.25)
    assert one["figures"]["over_2_percent"] == 2
    (worst,) = one["worst"]["loose_line"]
    assert (worst["page"], worst["value"]) == (4, 2.2)
    assert worst["text"].count(" ") == 10
    assert one["worst"]["widow"] == []


def write(path: Path, change: Callable[[pikepdf.Pdf], None], pages: int = 2) -> Path:
    with pikepdf.Pdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(300, 400))
        change(pdf)
        pdf.save(path)
    return path


def scan(pdf: pikepdf.Pdf) -> None:
    """Show an image, and a text that nobody sees, as programs that recognise text write it."""
    image = pdf.make_stream(
        jpeg(40, 40),
        Type=Name.XObject, Subtype=Name.Image, Width=40, Height=40,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for page in pdf.pages:
        page.Resources = Dictionary(XObject=Dictionary(I=image), Font=Dictionary(F=font))
        page.contents_add(b"q 300 0 0 400 0 0 cm /I Do Q BT 3 Tr /F 9 Tf 20 20 Td (unseen) Tj ET")


def turned(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for page in pdf.pages:
        page.Resources = Dictionary(Font=Dictionary(F=font))
        page.contents_add(b"BT /F 9 Tf 0 1 -1 0 20 20 Tm (turned) Tj ET")


def crowded(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for page in pdf.pages:
        page.Resources = Dictionary(Font=Dictionary(F=font))
        page.contents_add(CROWD)


@pytest.mark.parametrize("change", [lambda _: None, scan, turned])
def test_a_file_without_text(tmp_path: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    path = write(tmp_path / "scan.pdf", change)
    run = makeready("typography", path)
    assert run.code == 1
    assert run.out == ""
    assert f"{path.as_posix()} shows no text that can be read." in run.err
    assert "hint: A scan" in run.err


def error_of(path: Path, **options: object) -> MakereadyError:
    (error,) = measure_files((path,), None, lambda _: None, 60, worst=1, **options).errors
    return error


def test_a_file_of_crowded_pages(tmp_path: Path) -> None:
    error = error_of(write(tmp_path / "crowded.pdf", crowded))
    assert "has no page that can be measured" in error.message
    assert "100,000 characters" in error.message


def test_a_crowded_page_is_left_out(pdf: Path) -> None:
    with pikepdf.open(pdf, allow_overwriting_input=True) as whole:
        whole.pages[1].Contents = whole.make_stream(CROWD)
        whole.save(pdf)
    run = makeready("typography", pdf)
    assert run.code == 0
    assert "foreign.pdf: 1 page left out, from page 2: " in run.out


@pytest.mark.parametrize("content", [b"", b"nothing", b"%PDF-1.7\n%%EOF", b"<html></html>"])
def test_a_file_that_is_no_pdf(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.pdf"
    path.write_bytes(content)
    error = error_of(path)
    assert error.exit_code == 1
    assert "cannot be read as a PDF" in error.message


def test_a_file_with_a_password(pdf: Path) -> None:
    with pikepdf.open(pdf, allow_overwriting_input=True) as whole:
        whole.save(pdf, encryption=pikepdf.Encryption(owner="a", user="b"))
    error = error_of(pdf)
    assert error.message.endswith("cannot be read as a PDF: it needs a password.")


def test_one_file_that_cannot_be_measured_does_not_stop_the_others(
    pdf: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.pdf"
    odd.write_bytes(b"nothing")
    run = makeready("typography", odd, pdf, "--json")
    assert run.code == 1
    assert [one["path"] for one in json.loads(run.out)["files"]] == [pdf.as_posix()]
    assert "odd.pdf cannot be read as a PDF" in run.err


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    run = makeready("typography", tmp_path / "none.pdf")
    assert run.code == 2
    assert "none.pdf." in run.err
    run = makeready("typography", "--book", tmp_path / "none")
    assert run.code == 1
    assert "none" in run.err


def test_forms_that_draw_each_other(tmp_path: Path) -> None:
    """A page whose forms draw forms without end, and one whose forms draw it a million times."""

    def change(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        form = pdf.make_stream(
            b"BT /F 9 Tf 20 20 Td (x) Tj ET",
            Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 400]),
            Resources=Dictionary(Font=Dictionary(F=font)),
        )  # fmt: skip
        for _ in range(6):
            form = pdf.make_stream(
                b"/X Do " * 10,
                Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 400]),
                Resources=Dictionary(XObject=Dictionary(X=form)),
            )  # fmt: skip
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(X=form))
        pdf.pages[0].contents_add(b"/X Do")

    path = write(tmp_path / "deep.pdf", change)
    (error,) = measure_files((path,), None, lambda _: None, 2, worst=1).errors
    assert error.exit_code == 1
    assert "took longer than 2 s" in error.message


def test_the_lines_of_a_book_are_those_of_its_manuscript(garden: Path) -> None:
    book = Path(__file__).parents[1] / "books" / "garden"
    run = makeready("typography", "--book", book, "--output", garden, "--json", "--lines", "5")
    assert run.code == 0, run.err
    files = json.loads(run.out)["files"]
    manifest = json.loads((garden / "manifest.json").read_text("utf-8"))["files"]
    pdfs = [one["path"] for one in manifest if one["kind"] in ("print", "screen")]
    assert [Path(one["path"]).name for one in files] == pdfs
    for one in files:
        assert one["figures"]["justified_lines"] > 50
        assert one["space_is_from"] == "space characters"
        assert one["space_em"] == 0.2
        assert one["figures"]["hung_percent"] > 0
        places = [place for kind in one["worst"].values() for place in kind]
        assert len(places) >= 5
        found = [place for place in places if place["path"] and place["text"].count(" ") > 1]
        # A line with a note's number in it is not found.
        assert len(found) >= 3
        for place in found:
            path = Path(place["path"])
            text = path.read_text("utf-8").split("\n")
            word = max(place["text"].split()[1:-1], key=len).strip("“”‘’.,;:—!?")
            assert word in " ".join(text[place["line"] - 1 :])
