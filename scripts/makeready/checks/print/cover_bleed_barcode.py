"""What is painted on a cover: to the edges of its bleed, and a barcode that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import zxingcpp
from PIL import Image

from makeready.checks.reading.cover_sheet import CoverSheet, pixels
from makeready.findings import Findings, SourceLocation
from makeready.printers.cover import CoverBox, CoverGeometry

_LEAST_GAP_MM = 3.0
_INSIDE_MM = 0.5
_STRIP_MM = 0.3
_FLAT = 24
_ISBN_DIGITS, _PRICE_DIGITS = 13, 5
_BOOKLAND = ("978", "979")
_EAN = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.EAN13])


def check_bleed(
    sheet: CoverSheet, geometry: CoverGeometry, findings: Findings, location: SourceLocation
) -> None:
    """Find the edges where what is painted up to the trim does not reach the edge of the file."""
    for edge, outside, inside in _edges(geometry):
        pairs = zip(
            _line(sheet.part(outside, sheet.ink)),
            _line(sheet.part(inside, sheet.ink)),
            strict=False,
        )
        bare = [bool(within and not without) for without, within in pairs]
        longest = max((len(list(run)) for is_bare, run in groupby(bare) if is_bare), default=0)
        if longest > pixels(_LEAST_GAP_MM):
            findings.add("COV-026", location, edge=edge, bleed_mm=geometry.edge_mm)


def check_barcode(
    sheet: CoverSheet,
    geometry: CoverGeometry,
    isbn: str,
    price: str,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Read the barcode and compare it with the ISBN; where there is none, its place is clear."""
    found = _barcode_on(sheet.part(geometry.back))
    if found:
        read, beside = found[:_ISBN_DIGITS], found[_ISBN_DIGITS:]
        if isbn and read != isbn:
            findings.add("COV-030", location, found=read, isbn=isbn)
        if (isbn or price) and beside != price:
            found, required = beside or "missing", price or "left out"
            findings.add("COV-031", location, found=found, required=required)
    elif isbn:
        findings.add("COV-029", location, isbn=isbn)
    elif geometry.barcode is not None:
        _check_clear(sheet, geometry.barcode, findings, location)


def _barcode_on(picture: Image.Image) -> str:
    """Return the digits of a book's barcode, those of its price after it, or nothing."""
    grey = picture.convert("L")
    for beside in (zxingcpp.EanAddOnSymbol.Require, zxingcpp.EanAddOnSymbol.Ignore):
        for barcode in zxingcpp.read_barcodes(grey, formats=_EAN, ean_add_on_symbol=beside):
            digits = barcode.text.replace(" ", "")
            if digits.startswith(_BOOKLAND) and digits.isdigit():
                return digits[: _ISBN_DIGITS + _PRICE_DIGITS]
    return ""


def _check_clear(
    sheet: CoverSheet, place: CoverBox, findings: Findings, location: SourceLocation
) -> None:
    covered = "".join(letter.text for letter in sheet.letters if _meet(place, letter.box))
    if covered:
        findings.add("COV-027", location, text=covered[:30])
        return
    extrema = sheet.part(place.inset(_INSIDE_MM)).getextrema()
    if any(most - least > _FLAT for least, most in extrema):  # type: ignore[misc]
        findings.add("COV-028", location)


def _meet(one: CoverBox, other: CoverBox) -> bool:
    return min(one.right_mm, other.right_mm) > max(one.left_mm, other.left_mm) and min(
        one.bottom_mm, other.bottom_mm
    ) > max(one.top_mm, other.top_mm)


def _edges(geometry: CoverGeometry) -> Iterator[tuple[str, CoverBox, CoverBox]]:
    """Yield each edge, a strip of the file along it, and one as long just inside the trim."""
    trim, strip = geometry.trim, _STRIP_MM
    wide, high = geometry.width_mm, geometry.height_mm
    inside = trim.inset(_INSIDE_MM)
    yield (
        "left",
        CoverBox(0, trim.top_mm, strip, trim.height_mm),
        CoverBox(inside.left_mm, trim.top_mm, strip, trim.height_mm),
    )
    yield (
        "right",
        CoverBox(wide - strip, trim.top_mm, strip, trim.height_mm),
        CoverBox(inside.right_mm - strip, trim.top_mm, strip, trim.height_mm),
    )
    yield (
        "upper",
        CoverBox(trim.left_mm, 0, trim.width_mm, strip),
        CoverBox(trim.left_mm, inside.top_mm, trim.width_mm, strip),
    )
    yield (
        "lower",
        CoverBox(trim.left_mm, high - strip, trim.width_mm, strip),
        CoverBox(trim.left_mm, inside.bottom_mm - strip, trim.width_mm, strip),
    )


def _line(strip: Image.Image) -> list[int]:
    """Return the mean of a strip across its width, along its length."""
    size = (strip.width, 1) if strip.width >= strip.height else (1, strip.height)
    return list(strip.resize(size, Image.Resampling.BOX).tobytes())
