"""The line beside a callout or a listing ends with what it stands beside, on every page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from conftest import CACHE, ROOT
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

if TYPE_CHECKING:
    from makeready.engine.typesetter import Typesetter

STYLES = ROOT / "styles" / "css" / "book.css"
PAGE = """
@page{size:100mm 100mm;margin:10mm}
body{margin:0}body,p,ul{font:10pt/14pt EB Garamond;orphans:2;widows:2}
ul{margin:14pt 0}
.callout > ul{margin-top:0}
.callout{border-left:1pt solid;margin:14pt 0;padding-left:1em}
.high{height:150pt;break-inside:avoid;margin:14pt 0}
pre{font-size:8pt;line-height:14pt;margin:14pt 0;orphans:2;widows:2}
"""
PAGE_PT = 100 / 25.4 * 72
MARGIN_PT = 10 / 25.4 * 72
LEADING_PT = 14


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    return Typesetter((Path(STYLES).read_text("utf-8"), PAGE), fonts, BookFetcher({}))


def side_lines(typesetter: Typesetter, body: str) -> list[list[tuple[float, float]]]:
    """Return where the lines at the sides of boxes begin and end on each page, in points."""
    from makeready.engine.typesetter import write_document  # noqa: PLC0415

    html = f"<html lang='en'><head><title>a</title></head><body>{body}</body></html>"
    section = typesetter.typeset(html, 1, on_verso=False)
    with pypdfium2.PdfDocument(write_document(section.document)) as document:
        return [
            [
                (PAGE_PT - MARGIN_PT - top, PAGE_PT - MARGIN_PT - bottom)
                for path in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH])
                for _, bottom, _, top in [path.get_bounds()]
            ]
            for page in document
        ]


def test_a_callout_that_is_divided(typesetter: Typesetter) -> None:
    callout = "<div class='callout'><p>A</p><div class='high'>B</div><p>C</p></div>"
    # Four lines leave too little room for what is high on the first page.
    first, second = side_lines(typesetter, f"{'<p>a</p>' * 4}{callout}<p>z</p>")
    assert first == [pytest.approx((5 * LEADING_PT, 6 * LEADING_PT), abs=0.6)]
    assert second == [pytest.approx((0, 150 + 2 * LEADING_PT), abs=0.6)]


def test_a_callout_with_a_list_in_it(typesetter: Typesetter) -> None:
    # The list has a margin, in which the line does not go on.
    inside = "<ul><li>A</li><li>B</li></ul><div class='high'>C</div>"
    body = f"{'<p>a</p>' * 4}<div class='callout'>{inside}</div>"
    first, _ = side_lines(typesetter, body)
    assert first == [pytest.approx((5 * LEADING_PT, 7 * LEADING_PT), abs=0.6)]


def test_a_callout_on_one_page_keeps_its_height(typesetter: Typesetter) -> None:
    callout = "<div class='callout' style='min-height:60pt;padding-bottom:5pt'><p>A</p></div>"
    (lines,) = side_lines(typesetter, callout)
    assert lines == [pytest.approx((LEADING_PT, LEADING_PT + 65), abs=0.6)]
