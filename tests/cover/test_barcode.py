"""Barcodes decoded from a rendering, and measured against GS1's figures."""

from __future__ import annotations

import io
import re

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from stdnum import ean

from makeready.cover.barcode import (
    BarcodeSymbol,
    ean5_modules,
    ean13_modules,
    fitting_magnification,
    isbn_barcode,
)
from makeready.errors import UsageError

ISBN = "9780306406157"
MM = 72 / 25.4
CENTS = [f"{cents:04}" for cents in range(1990, 2000)]


def rendered(symbol: BarcodeSymbol, dpi: int = 300) -> Image.Image:
    """Render a symbol on white with a margin."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(symbol.width_mm * MM + 20, symbol.height_mm * MM + 20))
    pdf.pages[0].Contents = pdf.make_stream(symbol.pdf_operators(10, 10))
    out = io.BytesIO()
    pdf.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        return document[0].render(scale=dpi / 72).to_pil().convert("L")


def read(symbol: BarcodeSymbol, dpi: int = 300) -> list[str]:
    """Decode a rendering: the main symbol, and the add-on if there should be one."""
    add_on = zxingcpp.EanAddOnSymbol
    found = zxingcpp.read_barcodes(
        rendered(symbol, dpi),
        ean_add_on_symbol=add_on.Require if symbol.price else add_on.Ignore,
    )
    return [one.text.replace(" ", "") for one in found]


@pytest.mark.parametrize(
    "digits",
    ["978030640615", "978316148410", "979100000000", "978999999999", "978123456789"],
)
def test_an_isbn_is_decoded(digits: str) -> None:
    isbn = digits + ean.calc_check_digit(digits)
    assert read(isbn_barcode(isbn)) == [isbn]


# One price for each of the ten ways an add-on proves its digits.
@pytest.mark.parametrize("price", [f"5{cents}" for cents in CENTS] + ["90000"])
def test_a_price_is_decoded(price: str) -> None:
    assert read(isbn_barcode(ISBN, price)) == [ISBN + price]


def test_the_prices_have_all_check_values() -> None:
    sums = {3 * (5 + int(c[1]) + int(c[3])) + 9 * (int(c[0]) + int(c[2])) for c in CENTS}
    assert {value % 10 for value in sums} == set(range(10))


@pytest.mark.parametrize("magnification", [0.8, 1.0, 1.5, 2.0])
def test_it_is_decoded_at_every_magnification(magnification: float) -> None:
    assert read(isbn_barcode(ISBN, magnification=magnification)) == [ISBN]


def test_an_isbn_of_ten_digits_or_with_hyphens_is_the_same_book() -> None:
    for written in ("0-306-40615-2", "978-0-306-40615-7"):
        symbol = isbn_barcode(written)
        assert symbol == isbn_barcode(ISBN)
        assert symbol.isbn_text == "ISBN 978-0-306-40615-7"


@pytest.mark.parametrize(
    ("magnification", "width_mm", "height_mm"),
    [(0.8, 29.83, 20.74), (1.0, 37.29, 25.93), (2.0, 74.58, 51.86)],
)
def test_size_with_quiet_zones(magnification: float, width_mm: float, height_mm: float) -> None:
    symbol = isbn_barcode(ISBN, magnification=magnification)
    assert symbol.width_mm == pytest.approx(width_mm, abs=0.01)
    assert symbol.height_mm == pytest.approx(height_mm, abs=0.01)
    bars = symbol.bars
    last = max(bar.left_mm + bar.width_mm for bar in bars)
    assert bars[0].left_mm == pytest.approx(11 * 0.33 * magnification)
    assert last - bars[0].left_mm == pytest.approx(31.35 * magnification)
    assert symbol.width_mm - last == pytest.approx(7 * 0.33 * magnification)
    assert min(bar.height_mm for bar in bars) == pytest.approx(22.85 * magnification)
    assert min(bar.width_mm for bar in bars) == pytest.approx(0.33 * magnification)


def test_the_price_is_beside_the_isbn_with_its_own_quiet_zones() -> None:
    alone, both = isbn_barcode(ISBN), isbn_barcode(ISBN, "51995")
    assert both.bars[: len(alone.bars)] == alone.bars
    price = both.bars[len(alone.bars) :]
    gap_mm = price[0].left_mm - (alone.width_mm - 7 * 0.33)
    assert 2.31 <= gap_mm <= 3.31
    last = price[-1].left_mm + price[-1].width_mm
    assert last - price[0].left_mm == pytest.approx(15.51)
    assert both.width_mm - last == pytest.approx(5 * 0.33)


def test_the_digits_under_the_bars_are_the_isbn_s() -> None:
    symbol = isbn_barcode(ISBN, "51995")
    assert "".join(digit.text for digit in symbol.digits) == f"{ISBN}51995"
    for digit in symbol.digits[:13]:
        assert digit.top_mm + digit.height_mm <= symbol.height_mm + 1e-9
        assert digit.top_mm > min(bar.height_mm for bar in symbol.bars)


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_stays_within_its_modules(digit: str) -> None:
    symbol = isbn_barcode(ISBN, digit * 5, magnification=2.0)
    place = symbol.digits[13]
    assert place.text == digit
    dots = 600 / 25.4
    picture = rendered(symbol, 600)
    margin = 10 / 72 * 600
    left, top = margin + place.left_mm * dots, margin + place.top_mm * dots
    width, height = 7 * 0.66 * dots, place.height_mm * dots
    box = tuple(round(v) for v in (left - 8, top - 8, left + width, top + height + 8))
    inked = picture.crop(box).point(lambda value: 255 if value < 128 else 0).getbbox()
    assert inked is not None
    assert inked[3] - inked[1] == pytest.approx(height, abs=3)
    assert inked[2] - inked[0] <= width - 4


def test_only_black_ink_is_used() -> None:
    operators = isbn_barcode(ISBN, "51995").pdf_operators(0, 0).decode()
    pdf = pikepdf.new()
    parsed = pikepdf.parse_content_stream(pdf.make_stream(operators.encode()))
    names = {str(one.operator) for one in parsed}
    assert names == {"q", "Q", "k", "K", "J", "j", "cm", "re", "f", "w", "m", "l", "c", "S"}
    colours = [list(one.operands) for one in parsed if str(one.operator) in "kK"]
    assert [[int(value) for value in colour] for colour in colours] == [[0, 0, 0, 1]] * 2


def test_the_svg_has_its_true_size_and_the_colour_asked_for() -> None:
    svg = isbn_barcode(ISBN).svg("device-cmyk(0 0 0 1)")
    assert re.match(r'<svg [^>]*width="37.2900mm" height="25.9300mm"', svg)
    assert svg.count("device-cmyk(0 0 0 1)") == 2
    assert svg.count("h0.3300v24.5000") == 6  # the guards


# The example of EAN-13 in its standard's public descriptions: 4003994155486.
def test_modules_of_a_known_symbol() -> None:
    assert ean13_modules("4003994155486") == (
        "101"
        "0001101" "0100111" "0111101" "0001011" "0010111" "0011101"
        "01010"
        "1100110" "1001110" "1001110" "1011100" "1001000" "1010000"
        "101"
    )  # fmt: skip
    assert len(ean5_modules("90000")) == 47
    assert ean5_modules("51995").startswith("1011")


@pytest.mark.parametrize(
    ("isbn", "price", "magnification"),
    [
        ("9780306406158", "", 1.0),
        ("", "", 1.0),
        ("4003994155486", "", 1.0),
        (ISBN, "1995", 1.0),
        (ISBN, "٥١٩٩٥", 1.0),
        (ISBN, "", 0.79),
        (ISBN, "", 2.01),
    ],
)
def test_invalid_values_are_refused(isbn: str, price: str, magnification: float) -> None:
    with pytest.raises(UsageError):
        isbn_barcode(isbn, price, magnification=magnification)


@pytest.mark.parametrize(
    ("printer", "width_in", "height_in", "price", "magnification"),
    [
        ("kdp", 2.0, 1.2, "", 1.0),
        ("kdp", 2.0, 1.2, "51995", 0.92),
        ("ingramspark", 1.75, 1.0, "", 0.97),
        ("ingramspark", 1.75, 1.0, "51995", 0.8),
        ("lulu", 3.625, 1.25, "51995", 1.0),
        ("own, least", 1.4, 0.8, "", None),
    ],
)
def test_the_magnification_that_fits_a_printer_s_area(
    printer: str, width_in: float, height_in: float, price: str, magnification: float | None
) -> None:
    width_mm, height_mm = width_in * 25.4, height_in * 25.4
    assert fitting_magnification(width_mm, height_mm, price) == magnification, printer
    if magnification is not None:
        symbol = isbn_barcode(ISBN, price, magnification=magnification)
        assert symbol.width_mm <= width_mm
        assert symbol.height_mm <= height_mm
