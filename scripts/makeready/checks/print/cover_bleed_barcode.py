"""Checks of a cover's bleed and barcode on its rendering."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import zxingcpp
from PIL import Image

from makeready.checks.reading.rendered_cover import RenderedCover, mm_to_pixels
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
    rendered: RenderedCover, geometry: CoverGeometry, findings: Findings, location: SourceLocation
) -> None:
    """Report the edges where the artwork reaches the trim but not the edge of the file."""
    for edge, outside, inside in _edges(geometry):
        pairs = zip(
            _means_along(rendered.crop(outside, rendered.printed_mask)),
            _means_along(rendered.crop(inside, rendered.printed_mask)),
            strict=False,
        )
        gaps = [bool(inner and not outer) for outer, inner in pairs]
        longest = max((len(list(run)) for is_gap, run in groupby(gaps) if is_gap), default=0)
        if longest > mm_to_pixels(_LEAST_GAP_MM):
            findings.add("COV-026", location, edge=edge, bleed_mm=geometry.edge_mm)


def check_barcode(
    rendered: RenderedCover,
    geometry: CoverGeometry,
    isbn: str,
    price: str,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Compare the barcode with ISBN and price; without one, check that its area is clear."""
    digits = _barcode_digits(rendered.crop(geometry.back))
    if digits:
        found_isbn, found_price = digits[:_ISBN_DIGITS], digits[_ISBN_DIGITS:]
        if isbn and found_isbn != isbn:
            findings.add("COV-030", location, found=found_isbn, isbn=isbn)
        if (isbn or price) and found_price != price:
            found, required = found_price or "missing", price or "left out"
            findings.add("COV-031", location, found=found, required=required)
    elif isbn:
        findings.add("COV-029", location, isbn=isbn)
    elif geometry.barcode is not None:
        _check_clear(rendered, geometry.barcode, findings, location)


def _barcode_digits(image: Image.Image) -> str:
    """Return the digits of a book's barcode, with those of its price, or nothing."""
    grey = image.convert("L")
    for add_on in (zxingcpp.EanAddOnSymbol.Require, zxingcpp.EanAddOnSymbol.Ignore):
        for barcode in zxingcpp.read_barcodes(grey, formats=_EAN, ean_add_on_symbol=add_on):
            digits = barcode.text.replace(" ", "")
            if digits.startswith(_BOOKLAND) and digits.isdigit():
                return digits[: _ISBN_DIGITS + _PRICE_DIGITS]
    return ""


def _check_clear(
    rendered: RenderedCover, area: CoverBox, findings: Findings, location: SourceLocation
) -> None:
    covered = "".join(letter.text for letter in rendered.letters if _overlap(area, letter.box))
    if covered:
        findings.add("COV-027", location, text=covered[:30])
        return
    extrema = rendered.crop(area.inset(_INSIDE_MM)).getextrema()
    if any(most - least > _FLAT for least, most in extrema):  # type: ignore[misc]
        findings.add("COV-028", location)


def _overlap(one: CoverBox, other: CoverBox) -> bool:
    return min(one.right_mm, other.right_mm) > max(one.left_mm, other.left_mm) and min(
        one.bottom_mm, other.bottom_mm
    ) > max(one.top_mm, other.top_mm)


def _edges(geometry: CoverGeometry) -> Iterator[tuple[str, CoverBox, CoverBox]]:
    """Yield each edge with two strips along it: at the edge of the file, and inside the trim."""
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


def _means_along(strip: Image.Image) -> list[int]:
    """Return the mean grey value at each pixel along a strip."""
    size = (strip.width, 1) if strip.width >= strip.height else (1, strip.height)
    return list(strip.resize(size, Image.Resampling.BOX).tobytes())
