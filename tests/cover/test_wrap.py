"""The wrap as a printer gets it: its size, its inks, and the positions of everything."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw
import pytest
import zxingcpp
from PIL import Image, ImageChops
from typeset_fixtures import TypesetBook

from conftest import BOOKS, CACHE, makeready
from makeready.book.model import Edition, EditionKind
from makeready.checks.print.pdfx import check_standard
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.reader import read_book
from makeready.printers.cover import CoverBox, CoverGeometry, cover_geometry
from makeready.printers.print_job import PrintJob, print_job
from printer_editions import PAGES, name_of, paperbacks_with_cover

ISBN = "978-0-306-40615-7"
_DPI = 150
_MM = _DPI / 25.4
_SCREEN_OPERATORS = {"rg", "RG", "g", "G"}


@dataclass
class Wrap:
    """A wrap, and the ids of the findings about it."""

    content: bytes
    geometry: CoverGeometry
    barcode: CoverBox | None
    findings: list[str]

    def image(self) -> Image.Image:
        """Render it."""
        with pypdfium2.PdfDocument(self.content) as pdf:
            return pdf[0].render(scale=_DPI / 72).to_pil().convert("RGB")

    def part(self, box: CoverBox) -> Image.Image:
        """Render a part of it."""
        edges = (box.left_mm, box.top_mm, box.right_mm, box.bottom_mm)
        return self.image().crop(tuple(round(edge * _MM) for edge in edges))

    def letters(self) -> list[tuple[str, CoverBox]]:
        """Return its letters, each with the box of its glyph."""
        with pypdfium2.PdfDocument(self.content) as pdf:
            text = pdf[0].get_textpage()
            found = []
            for index in range(text.count_chars()):
                left, bottom, right, top = (side / 72 * 25.4 for side in text.get_charbox(index))
                height_mm = self.geometry.height_mm
                box = CoverBox(left, height_mm - top, right - left, top - bottom)
                letter = text.get_text_range(index, 1)
                if letter.strip():
                    found.append((letter, box))
            return found

    def on(self, panel: CoverBox) -> str:
        """Return the letters whose centre is on a panel."""
        return "".join(
            letter
            for letter, box in self.letters()
            if panel.left_mm <= box.left_mm + box.width_mm / 2 <= panel.right_mm
        )


def make(
    folder: Path, printer: str, pages: int, trim: tuple[float, float] = (6, 9), **more: object
) -> Wrap | list[str]:
    """Return the wrap of a book, or the ids of the findings if there is none."""
    typeset_book = TypesetBook(folder, CACHE / "fragments")
    from makeready.cover.wrap import make_wrap  # noqa: PLC0415

    width_in, height_in = trim
    more = {"paper": "cream", **more}
    edition = Edition(
        "paperback", EditionKind.PRINT, width_in * 72, height_in * 72, printer=printer, **more
    )
    wrap = make_wrap(typeset_book.pagination, print_job(edition), pages)
    found = [finding.id for finding in typeset_book.findings]
    return found if wrap is None else Wrap(wrap.content, wrap.geometry, wrap.barcode, found)


@cache
def garden(printer: str, pages: int, *, paper: str = "cream", **more: object) -> Wrap:
    """Return a wrap of the garden book."""
    wrap = make(BOOKS / "garden", printer, pages, paper=paper, **more)
    assert isinstance(wrap, Wrap), wrap
    return wrap


def streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield the page's content stream, forms and patterns of a file."""
    yield pdf.pages[0].obj.Contents
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and (
            item.get("/Subtype") == "/Form" or item.get("/PatternType") == 1
        ):
            yield item


@pytest.mark.parametrize(
    ("printer", "pages", "paper", "binding", "size_in"),
    [
        ("kdp", 240, "cream", "paperback", (12.850, 9.250)),
        ("kdp", 240, "cream", "hardcover", (14.364, 10.417)),
        ("ingramspark", 200, "cream", "hardcover", (13.88 + 0.625, 10.5)),
        ("lulu", 210, "white", "paperback", (920 / 72, 666 / 72)),
    ],
)
def test_it_has_the_size_of_the_printer_s_example(
    printer: str, pages: int, paper: str, binding: str, size_in: tuple[float, float]
) -> None:
    wrap = garden(printer, pages, paper=paper, binding=binding, isbn=ISBN)
    assert wrap.findings == []
    with pikepdf.open(io.BytesIO(wrap.content)) as pdf:
        assert len(pdf.pages) == 1
        page = pdf.pages[0]
        sheet = [float(side) for side in page.MediaBox]
        assert (sheet[2] / 72, sheet[3] / 72) == pytest.approx(size_in, abs=0.006)
        assert sheet[:2] == [0, 0]
        assert [float(side) for side in page.BleedBox] == sheet
        edge_pt = wrap.geometry.edge_mm / 25.4 * 72
        trim = [edge_pt, edge_pt, sheet[2] - edge_pt, sheet[3] - edge_pt]
        assert [float(side) for side in page.TrimBox] == pytest.approx(trim, abs=0.01)
    # What is read keeps to its place, and what is on the back to its panel.
    readable = [wrap.geometry.back_safe, wrap.geometry.front_safe, wrap.geometry.spine_text]
    for letter, box in wrap.letters():
        held = any(place is not None and place.contains(box) for place in readable)
        assert held or (wrap.barcode and wrap.barcode.contains(box)), letter
    assert "Asmallbookwithone" in wrap.on(wrap.geometry.back)
    assert "TheWalledGarden" in wrap.on(wrap.geometry.front)
    spine = wrap.on(wrap.geometry.spine)
    assert spine.startswith("TheWalledGardenA")
    assert wrap.barcode is not None
    symbol = wrap.part(wrap.barcode)
    read = zxingcpp.read_barcode(symbol.resize((2 * symbol.width, 2 * symbol.height)))
    assert read is not None
    assert read.text == ISBN.replace("-", "")


def test_it_has_only_inks_and_nothing_that_does_not_print() -> None:
    wrap = garden("kdp", 240, isbn=ISBN, binding="paperback")
    with pikepdf.open(io.BytesIO(wrap.content)) as pdf:
        check_standard(pdf, "x-1a:2001", findings := Findings(), SourceLocation("wrap.pdf"))
        assert not list(findings)
        assert not {"/Outlines", "/Names", "/OpenAction", "/AcroForm"} & set(pdf.Root.keys())
        assert "/Annots" not in pdf.pages[0].obj
        for stream in streams(pdf):
            assert "/Group" not in stream
            for instruction in pikepdf.parse_content_stream(stream):
                operator = str(instruction.operator)
                assert operator not in _SCREEN_OPERATORS
                if operator in {"cs", "CS"}:
                    assert str(instruction.operands[0]) in {"/DeviceCMYK", "/Pattern"}
            spaces = stream.get("/Resources", pikepdf.Dictionary()).get("/ColorSpace", {})
            assert not list(spaces.keys())
            states = stream.get("/Resources", pikepdf.Dictionary()).get("/ExtGState", {})
            assert not list(states.keys())
        fonts = [item for item in pdf.objects if getattr(item, "Type", "") == "/FontDescriptor"]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font
            assert re.match(r"/[A-Z]{6}\+", str(font.FontName))


def test_its_background_reaches_every_edge() -> None:
    wrap = garden("kdp", 240, isbn=ISBN, binding="paperback")
    picture = wrap.image()
    width, height = picture.size
    for strip in (
        (0, 0, width, 1),
        (0, height - 1, width, height),
        (0, 0, 1, height),
        (width - 1, 0, width, height),
    ):
        edge = picture.crop(strip)
        white = ImageChops.invert(edge.convert("L")).point(lambda value: 255 * (value < 16))
        assert white.getbbox() is None


def test_a_thin_book_has_no_spine_text_and_an_area_for_the_printer_s_barcode() -> None:
    wrap = garden("kdp", 78, binding="paperback")
    assert wrap.findings == ["COV-011"]
    spine = wrap.geometry.spine
    assert wrap.on(spine) == ""
    assert len(wrap.part(spine).getcolors()) == 1
    assert wrap.barcode == wrap.geometry.barcode
    assert wrap.part(wrap.geometry.barcode.inset(0.2)).getcolors()[0][1] == (255, 255, 255)
    assert len(wrap.part(wrap.geometry.barcode.inset(0.2)).getcolors()) == 1


def test_a_barcode_is_black_on_white_with_quiet_zones_in_the_printer_s_area() -> None:
    wrap = garden("ingramspark", 200, isbn=ISBN, binding="hardcover", paper="cream")
    assert wrap.barcode is not None
    assert wrap.geometry.barcode.contains(wrap.barcode)
    picture = wrap.part(wrap.barcode.inset(0.2)).convert("L")
    dark = ImageChops.invert(picture).point(lambda value: 255 * (value > 128)).getbbox()
    module_px = 0.33 * 0.97 * _MM
    assert dark[0] < 6 * module_px  # the first digit stands in the quiet zone
    assert picture.size[0] - dark[2] > 6.5 * module_px


@pytest.mark.parametrize("edition", list(paperbacks_with_cover()), ids=name_of)
def test_a_price_is_beside_the_barcode(edition: Edition) -> None:
    wrap = garden(
        str(edition.printer),
        PAGES,
        paper=edition.paper,
        binding=edition.binding,
        spine_mm=edition.spine_mm,
        isbn="9780306406157",
        price="USD 19.95",
    )
    assert wrap.findings == []
    assert wrap.barcode is not None
    assert wrap.geometry.barcode is not None
    assert wrap.geometry.barcode.contains(wrap.barcode)
    symbol = wrap.part(wrap.barcode)
    read = zxingcpp.read_barcode(
        symbol.resize((2 * symbol.width, 2 * symbol.height)),
        ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Require,
    )
    assert read is not None
    assert read.text.replace(" ", "") == "978030640615751995"


def test_a_printer_without_measures_has_no_wrap() -> None:
    assert make(BOOKS / "garden", "bnpress", 200) == ["COV-010"]
    assert make(BOOKS / "garden", "kdp", 8) == ["COV-010"]


@pytest.mark.parametrize(("width_mm", "expected"), [(29.9, set()), (29.8, {"COV-013"})])
def test_no_barcode_where_only_one_too_small_to_scan_fits(
    monkeypatch: pytest.MonkeyPatch, width_mm: float, expected: set[str]
) -> None:
    def geometry_of(job: PrintJob, pages: int, *, right_to_left: bool) -> CoverGeometry:
        geometry = cover_geometry(job, pages, right_to_left=right_to_left)
        assert geometry.barcode is not None
        return replace(geometry, barcode=replace(geometry.barcode, width_mm=width_mm))

    monkeypatch.setattr("makeready.cover.wrap.cover_geometry", geometry_of)
    wrap = make(BOOKS / "garden", "kdp", 240, isbn=ISBN)
    assert isinstance(wrap, Wrap), wrap
    assert set(wrap.findings) == expected


BLURB = '''
blurb = """
First *words*.

{more}
"""
'''


def with_blurb(book: Path, more: str) -> Path:
    """Give a book a text for the back of its cover."""
    path = book / "book.toml"
    text = path.read_text("utf-8").replace("[cover]\n", "[cover]" + BLURB.format(more=more))
    path.write_text(text, "utf-8")
    return book


def test_the_back_has_the_book_s_text(broken_book: Callable[..., Path]) -> None:
    wrap = make(with_blurb(broken_book("garden"), "The 'second' paragraph."), "kdp", 240)
    assert isinstance(wrap, Wrap), wrap
    assert wrap.on(wrap.geometry.back) == "Firstwords.The‘second’paragraph."


def test_a_text_too_long_for_the_back(broken_book: Callable[..., Path]) -> None:
    book = with_blurb(broken_book("garden"), "Too many words. " * 110)
    wrap = make(book, "kdp", 240, (5, 8))
    # It is made for a draft, which shows by how much the text is too long.
    assert isinstance(wrap, Wrap), wrap
    assert wrap.findings == ["COV-012"]


@pytest.mark.parametrize(
    "more",
    [
        "![A picture](images/tools.png)",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "A note[^1]\n\n[^1]: Here.",
    ],
)
def test_a_text_with_markup_that_covers_do_not_have(
    broken_book: Callable[..., Path], more: str
) -> None:
    book = with_blurb(broken_book("garden"), more)
    findings = Findings()
    read_book(book, findings)
    text = (book / "book.toml").read_text("utf-8").splitlines()
    reported = [f for f in findings if f.id == "COV-014"]
    assert len(reported) == 1
    assert reported[0].location is not None
    assert text[(reported[0].location.line or 0) - 1].startswith(more[:4])


OWN_STYLES = """
.label {{ background: #c0ffee; border: 1pt solid red; {more} }}
.board {{ background: url(http://book.invalid/book/images/{image}) }}
"""


def test_a_book_s_own_colours_and_images_are_converted_to_inks(
    broken_book: Callable[..., Path],
) -> None:
    book = broken_book("garden")
    (book / "styles" / "css").mkdir(parents=True)
    Image.new("RGBA", (8, 8), (200, 30, 30, 128)).save(book / "images" / "own.png")
    own = book / "styles" / "css" / "cover.css"
    own.write_text(OWN_STYLES.format(image="own.png", more=""), "utf-8")
    wrap = make(book, "kdp", 240)
    assert isinstance(wrap, Wrap)
    assert wrap.findings == []
    with pikepdf.open(io.BytesIO(wrap.content)) as pdf:
        operators = {str(i.operator) for s in streams(pdf) for i in pikepdf.parse_content_stream(s)}
        assert not operators & _SCREEN_OPERATORS
        pictures = [item for item in pdf.objects if getattr(item, "Subtype", "") == "/Image"]
        assert {str(picture.ColorSpace) for picture in pictures} == {"/DeviceCMYK"}
    own.write_text(OWN_STYLES.format(image="own.png", more="opacity: 0.5"), "utf-8")
    faded = make(book, "kdp", 240)
    assert (faded.findings if isinstance(faded, Wrap) else faded) == ["COV-015"]


def test_a_wrap_that_does_not_fit_on_its_sheet(broken_book: Callable[..., Path]) -> None:
    book = broken_book("garden")
    (book / "styles" / "css").mkdir(parents=True)
    own = book / "styles" / "css" / "cover.css"
    own.write_text(
        'body::after { content: ""; display: block; height: 1in; break-before: page }', "utf-8"
    )
    wrap = make(book, "kdp", 240)
    assert isinstance(wrap, Wrap), wrap
    assert wrap.findings == ["COV-001"]


@pytest.mark.slow
def test_make_cover_and_its_guides(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    output = tmp_path / "out"
    book = BOOKS / "garden"
    run = makeready("cover", "--guides", "--book", book, "--output", output, "--cache", CACHE)
    assert run.code == 0, run.out + run.err
    names = {path.name for path in output.iterdir()}
    assert names == {
        "manifest.json",
        "walled-garden-cover.jpg",
        "walled-garden-paperback-cover.pdf",
        "walled-garden-paperback-cover-guides.pdf",
    }
    name = "walled-garden-paperback-cover.pdf"
    release = (output / name).read_bytes()
    built: Path = request.getfixturevalue("garden")
    assert release == (built / name).read_bytes()
    guides = (output / name.replace(".pdf", "-guides.pdf")).read_bytes()
    assert b"Helvetica" in guides
    assert b"Helvetica" not in release


@pytest.mark.parametrize("title", ["Happy Gardening Jobs", "Moon", "Gypsy Glyphs", "ÅNGSTRÖM"])
@pytest.mark.parametrize("pages", [96, 110, 160])
def test_the_ink_of_a_thin_spine_is_centred_and_clear_of_its_folds(
    broken_book: Callable[..., Path], title: str, pages: int
) -> None:
    book = broken_book()
    toml = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(toml.replace("A Leaflet", title), "utf-8")
    wrap = make(book, "kdp", pages, trim=(5, 8))
    assert isinstance(wrap, Wrap), wrap
    area = wrap.geometry.spine_text
    assert area is not None
    ink = [
        box
        for _, box in wrap.letters()
        if area.left_mm - 2 <= box.left_mm + box.width_mm / 2 <= area.right_mm + 2
    ]
    left_mm, right_mm = min(b.left_mm for b in ink), max(b.right_mm for b in ink)
    assert left_mm >= area.left_mm - 0.05
    assert right_mm <= area.right_mm + 0.05
    assert left_mm - area.left_mm == pytest.approx(area.right_mm - right_mm, abs=0.1)
