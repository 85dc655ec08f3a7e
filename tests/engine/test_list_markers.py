"""Markers of list items with content of their own, which a book's stylesheet may have."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from conftest import CACHE, ROOT
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

if TYPE_CHECKING:
    from makeready.fonts.font import Font

PAGE = "@page{size:80mm 120mm;margin:20mm}body{font:10pt/14pt EB Garamond}"
IMAGE = (
    "url(data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20width=%222%22/%3E)"
)


@pytest.fixture(scope="module")
def fonts() -> tuple[Font, ...]:
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    return tuple(fonts)


def text_of(css: str, fonts: tuple[Font, ...]) -> str:
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter, write_document  # noqa: PLC0415

    typesetter = Typesetter((PAGE + css,), fonts, BookFetcher({}), "pdf/ua-1")
    lists = "<ul><li>Seed</li><li>Frost</li></ul><ol><li>Pear</li></ol>"
    html = f"<html lang='en'><head><title>a</title></head><body>{lists}</body></html>"
    section = typesetter.typeset(html, 1, on_verso=False)
    content = write_document(section.document, typesetter.variant)
    text: str = pypdfium2.PdfDocument(BytesIO(content))[0].get_textpage().get_text_range()
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("", "• Seed • Frost 1. Pear"),
        ('li::marker{content:"+ "}', "+ Seed + Frost + Pear"),
        (
            'li{list-style-position:inside}li::marker{content:"+ ";font-weight:600}',
            "+ Seed + Frost + Pear",
        ),
        ('ol li::marker{content:counter(list-item) ") "}', "• Seed • Frost 1) Pear"),
        ("li::marker{content:" + IMAGE + "}", "Seed Frost Pear"),
    ],
)
def test_a_marker_has_its_content(css: str, expected: str, fonts: tuple[Font, ...]) -> None:
    # Markers beside the text are drawn after it.
    assert sorted(text_of(css, fonts).split()) == sorted(expected.split())
