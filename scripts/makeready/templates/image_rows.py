"""The widths and heights of images that stand beside each other, as styles of one medium."""

from __future__ import annotations

from makeready.book.model import Element
from makeready.manuscript.subfigures import CELL, HEIGHT_SHARE, LETTER, ROW, SHARE

_HEIGHT = "calc((var(--text-height) - var(--leading) * {lines}) * {share})"
_LINES_OF_CAPTION, _LINES_OF_ROW = 4, 2


def set_image_rows(tree: Element, *, paged: bool) -> None:
    """Give images in rows their widths and, on pages, a height at which all rows fit on one."""
    for element in tree.iter("figure", "div", "table"):
        element.attrib.pop(LETTER, "")
        names = (element.get("class") or "").split()
        if ROW in names:
            share = str(element.attrib.pop(HEIGHT_SHARE, "1"))
            around = element.getparent()
            rows = 1 if around is None else len(around.findall("div"))
            height = _HEIGHT.format(lines=_LINES_OF_CAPTION + _LINES_OF_ROW * rows, share=share)
            for image in element.iter("img") if paged else ():
                image.set("style", f"max-height:{height}")
        elif CELL in names and (part := element.attrib.pop(SHARE, "")):
            element.set("style", f"width:{float(str(part)):.2%}")
