"""Lines of code that are turned over: the sign, which is no text, and the finding."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from conftest import CACHE, ROOT
from makeready.findings import Findings
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts
from makeready.templates.long_words import allow_breaks_in_long_words

if TYPE_CHECKING:
    from makeready.engine.typesetter import TypesetSection, Typesetter

STYLES = ROOT / "styles" / "css" / "book.css"
PAGE = "@page{size:80mm 120mm;margin:10mm}body,p{font:10pt/14pt EB Garamond}pre code{font-size:1em}"
PRE = "pre{font-size:8pt;line-height:14pt;white-space:pre-wrap;overflow-wrap:anywhere}"
SHORT = "const a = 1;"
LONG = "const grow = (seed, days) => plant(seed).water(days);"


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    styles = (Path(STYLES).read_text("utf-8"), PAGE + PRE)
    return Typesetter(styles, fonts, BookFetcher({}), "pdf/ua-1")


def typeset(typesetter: Typesetter, *lines: str) -> tuple[bytes, list[tuple[str, str, str]]]:
    from makeready.engine.turned_lines import turned_lines_marked  # noqa: PLC0415
    from makeready.engine.typesetter import write_document  # noqa: PLC0415

    section, findings = proofread(typesetter, *lines)
    with turned_lines_marked():
        content = write_document(section.document, typesetter.variant)
    return content, [(f.id, str(f.location), f.message) for f in findings]


def proofread(
    typesetter: Typesetter, *lines: str, style: str = ""
) -> tuple[TypesetSection, Findings]:
    from makeready.engine.proofread import Proofreader  # noqa: PLC0415

    spans = "\n</span><span class='code-line'>".join(line.replace(">", "&gt;") for line in lines)
    code = f"<code><span class='code-line'>{spans}</span></code>"
    pre = f"<pre data-line='7' style='{style}'>{code}</pre>"
    tree = etree.fromstring(pre)
    allow_breaks_in_long_words(tree)
    pre = etree.tostring(tree, encoding="unicode")
    html = f"<html lang='en'><head><title>a</title></head><body>{pre}<p>End.</p></body></html>"
    section = typesetter.typeset(html, 1, on_verso=False)
    findings = Findings()
    Proofreader(typesetter.fonts, findings).check_pages("a.md", section.pages)
    return section, findings


def strokes(content: bytes) -> int:
    """Return the number of paths that are stroked in artifacts."""
    with pikepdf.open(BytesIO(content)) as pdf:
        operators = [
            (str(operator), operands)
            for page in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(page)
        ]
    depth, count = [], 0
    for operator, operands in operators:
        if operator in {"BMC", "BDC"}:
            depth.append(str(operands[0]))
        elif operator == "EMC":
            depth.pop()
        elif operator == "S":
            assert depth == ["/Artifact"]
            count += 1
    return count


def copied(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        text = document[0].get_textpage().get_text_bounded()
    return [line.rstrip() for line in text.replace("\r", "").split("\n") if line.strip()]


def test_lines_that_fit_have_no_sign(typesetter: Typesetter) -> None:
    content, findings = typeset(typesetter, SHORT, SHORT)
    assert findings == []
    assert strokes(content) == 0
    assert copied(content) == [SHORT, SHORT, "End."]


def test_a_line_that_is_turned_over_has_a_sign_and_a_finding(typesetter: Typesetter) -> None:
    content, findings = typeset(typesetter, SHORT, LONG, SHORT, LONG)
    assert findings == [("LAY-017", "a.md:7", "This listing has 2 lines turned over.")]
    first, second = "const grow = (seed, days) => plant(seed).water(", "days);"
    assert strokes(content) == 2
    assert copied(content) == [SHORT, first, second, SHORT, first, second, "End."]


@pytest.mark.parametrize(
    ("size", "hint"),
    [
        (
            "8pt",
            "Divide the longest lines, or set code smaller in a style of the book:"
            " pre { font-size: 7.2pt }.",
        ),
        ("7pt", "Divide the longest lines."),
    ],
)
def test_the_hint_names_a_smaller_size(typesetter: Typesetter, size: str, hint: str) -> None:
    _, findings = proofread(typesetter, LONG + LONG, style=f"font-size:{size}")
    assert [finding.hint for finding in findings] == [hint]


def test_an_option_is_kept_with_its_hyphens(typesetter: Typesetter) -> None:
    content, _ = typeset(typesetter, "to find out more about it, please try rustc --explain E0384")
    first = "to find out more about it, please try rustc"
    assert copied(content) == [first, "--explain E0384", "End."]


def test_what_goes_on_is_indented(typesetter: Typesetter) -> None:
    content, _ = typeset(typesetter, LONG)
    with pypdfium2.PdfDocument(content) as document:
        page = document[0].get_textpage()
        letters = page.get_text_bounded()
        start, on = (page.get_charbox(letters.index(word))[0] for word in ("const", "days);"))
    assert 12 < on - start < 20
