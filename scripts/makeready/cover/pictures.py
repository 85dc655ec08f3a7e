"""The pictures on a printed cover: where those of the back are, and their resolution."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from makeready.book.model import CoverPictures
from makeready.cover.wrap_layout import BoardLayout
from makeready.printers.cover import CoverBox
from makeready.printers.tables import MM_PER_INCH

_FROM_EDGE_REM = 3.0
_PORTRAIT_REM = (6.4, 8.0)
_MARK_REM = (6.0, 3.0)
_GAP_REM = 1.4


def back_pictures(
    pictures: CoverPictures, boards: BoardLayout, barcode: CoverBox | None
) -> dict[str, CoverBox]:
    """Return the boxes of portrait and mark at the foot of the back, by class, in their order.

    They stand on the lower edge of the barcode, from the outer edge on.
    """
    rem_mm, back = boards.rem_mm, boards.back
    bottom_mm = barcode.bottom_mm if barcode else back.bottom_mm - _FROM_EDGE_REM * rem_mm
    is_on_left = back.left_mm < boards.cloth.left_mm
    from_edge_mm = _FROM_EDGE_REM * rem_mm
    boxes = {}
    sizes = (
        ("portrait", pictures.portrait, _PORTRAIT_REM),
        ("back-mark", pictures.mark, _MARK_REM),
    )
    for name, path, (width_rem, height_rem) in sizes:
        if not path:
            continue
        width_mm, height_mm = width_rem * rem_mm, height_rem * rem_mm
        left_mm = back.left_mm + from_edge_mm
        if not is_on_left:
            left_mm = back.right_mm - from_edge_mm - width_mm
        boxes[name] = CoverBox(left_mm, bottom_mm - height_mm, width_mm, height_mm)
        from_edge_mm += width_mm + _GAP_REM * rem_mm
    return boxes


def resolutions(
    root: Path, pictures: CoverPictures, boards: BoardLayout, barcode: CoverBox | None
) -> Iterator[tuple[str, str, float]]:
    """Yield the key, path and dots per inch of each picture of pixels on a cover."""
    boxes = {"image": boards.front_paper, "back_image": boards.back_paper}
    foot = back_pictures(pictures, boards, barcode)
    boxes |= {"portrait": foot["portrait"]} if "portrait" in foot else {}
    for key, path in pictures.paths.items():
        if key in boxes and (pixels := _pixels(root / path)) is not None:
            # A picture covers its box, so it is as large as the side that it fills needs.
            width_in, height_in = (
                side / MM_PER_INCH for side in (boxes[key].width_mm, boxes[key].height_mm)
            )
            yield key, path, min(pixels[0] / width_in, pixels[1] / height_in)


def _pixels(path: Path) -> tuple[int, int] | None:
    """Return the width and height of an image of pixels; None for others."""
    try:
        with Image.open(path) as image:
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
