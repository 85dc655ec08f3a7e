"""The position of the barcode on a wrap: in the printer's area, on a white background."""

from __future__ import annotations

from makeready.cover.barcode import fitting_magnification, isbn_barcode
from makeready.cover.wrap_layout import BarcodeArea, BoardLayout
from makeready.printers.cover import CoverBox, CoverGeometry

_BLACK = "device-cmyk(0 0 0 1)"
_MARGIN_MM, _ISBN_MM, _ISBN_GAP_MM = 0.7, 2.7, 0.4
"""The margin around the symbol, and the height and distance of the ISBN in text above it."""


def place_barcode(
    isbn: str, price: str, box: CoverBox, geometry: CoverGeometry, boards: BoardLayout
) -> BarcodeArea | None:
    """Place the barcode of an ISBN at the bottom of the printer's box.

    It is as far from the cloth as the box is from the bottom edge. ``price`` is the five digits
    of an add-on, or empty. The ISBN is printed above the bars if there is room. None if no size
    that can be scanned fits.
    """
    magnification = fitting_magnification(box.width_mm, box.height_mm, price)
    if magnification is None:
        return None
    symbol = isbn_barcode(isbn, price, magnification=magnification)
    width_mm = min(box.width_mm, symbol.width_mm + 2 * _MARGIN_MM)
    height_with_isbn_mm = symbol.height_mm + 2 * _MARGIN_MM + _ISBN_MM + _ISBN_GAP_MM
    has_isbn_text = height_with_isbn_mm <= box.height_mm
    height_mm = (
        height_with_isbn_mm
        if has_isbn_text
        else min(box.height_mm, symbol.height_mm + 2 * _MARGIN_MM)
    )
    from_bottom_mm = geometry.trim.bottom_mm - box.bottom_mm
    if geometry.back.left_mm < geometry.spine.left_mm:
        left_mm = boards.cloth.left_mm - from_bottom_mm - width_mm
    else:
        left_mm = boards.cloth.right_mm + from_bottom_mm
    left_mm = min(max(left_mm, box.left_mm), box.right_mm - width_mm)
    below_symbol_mm = min(_MARGIN_MM, (height_mm - symbol.height_mm) / 2)
    return BarcodeArea(
        background=CoverBox(left_mm, box.bottom_mm - height_mm, width_mm, height_mm),
        symbol=symbol.svg(_BLACK),
        symbol_left_mm=(width_mm - symbol.width_mm) / 2,
        symbol_top_mm=height_mm - symbol.height_mm - below_symbol_mm,
        isbn=symbol.isbn_text if has_isbn_text else "",
        isbn_top_mm=_MARGIN_MM + 0.1,
    )
