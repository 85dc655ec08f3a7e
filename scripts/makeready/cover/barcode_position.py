"""Where the barcode stands on a wrap: within the printer's place, on a white ground of its own."""

from __future__ import annotations

from makeready.cover.barcode import fitting_magnification, isbn_barcode
from makeready.cover.wrap_layout import BarcodePlace, Boards
from makeready.printers.cover import CoverBox, CoverGeometry

_BLACK = "device-cmyk(0 0 0 1)"
_WHITE_MM, _ISBN_MM, _ISBN_GAP_MM = 0.7, 2.7, 0.4


def barcode_place(
    isbn: str, price: str, box: CoverBox, geometry: CoverGeometry, boards: Boards
) -> BarcodePlace | None:
    """Place the barcode of an ISBN in the printer's box, as far from the cloth as from the foot.

    ``price`` is the five digits that stand beside it, or empty. The ISBN is
    set over the bars where there is room. None where no readable size fits.
    """
    magnification = fitting_magnification(box.width_mm, box.height_mm, price)
    if magnification is None:
        return None
    symbol = isbn_barcode(isbn, price, magnification=magnification)
    width_mm = min(box.width_mm, symbol.width_mm + 2 * _WHITE_MM)
    named_mm = symbol.height_mm + 2 * _WHITE_MM + _ISBN_MM + _ISBN_GAP_MM
    named = named_mm <= box.height_mm
    height_mm = named_mm if named else min(box.height_mm, symbol.height_mm + 2 * _WHITE_MM)
    foot_mm = geometry.trim.bottom_mm - box.bottom_mm
    if geometry.back.left_mm < geometry.spine.left_mm:
        left_mm = boards.cloth.left_mm - foot_mm - width_mm
    else:
        left_mm = boards.cloth.right_mm + foot_mm
    left_mm = min(max(left_mm, box.left_mm), box.right_mm - width_mm)
    below_mm = min(_WHITE_MM, (height_mm - symbol.height_mm) / 2)
    return BarcodePlace(
        ground=CoverBox(left_mm, box.bottom_mm - height_mm, width_mm, height_mm),
        symbol=symbol.svg(_BLACK),
        symbol_left_mm=(width_mm - symbol.width_mm) / 2,
        symbol_top_mm=height_mm - symbol.height_mm - below_mm,
        isbn=symbol.isbn_text if named else "",
        isbn_top_mm=_WHITE_MM + 0.1,
    )
