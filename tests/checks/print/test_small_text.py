"""Small type is of black ink alone: the same word in other inks, and nothing else changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from check_samples import Break, Change, fill_up, paint, printer, proved, stream, word
from pikepdf import Array, Dictionary, Name, Pdf, parse_content_stream, unparse_content_stream

from makeready.checks.print.requirements import PrintRequirements

pytest_plugins = ["check_fixtures"]

INGRAM = replace(printer("ingramspark"), ink="premium-colour")
KDP = replace(printer("kdp"), ink="premium-colour")
LULU = replace(printer("lulu"), ink="premium-colour")


def inked(operators: str, size: float = 10) -> Change:
    def change(pdf: Pdf) -> None:
        word(100, 300, size, before=operators.encode() + b" ")(pdf)
        fill_up(pdf, 4)

    return change


def in_a_form(pdf: Pdf) -> None:
    """Set the page's own letters once more in a form, which is drawn at half its size."""
    page = pdf.pages[1]
    shown = [one for one in parse_content_stream(page) if str(one.operator) in {"Tf", "Tj", "TJ"}]
    letters = b"BT 1 0 0 1 9 9 Tm " + unparse_content_stream(shown) + b" ET"
    form = stream(
        pdf, letters, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 300]),
        Resources=Dictionary(Font=page.resources.Font),
    )  # fmt: skip
    paint(pdf, b"1 0 0 .2 k .5 0 0 .5 90 290 cm /Own Do", XObject=Dictionary(Own=form))
    fill_up(pdf, 4)


REFUSED = "PRN-032 PDF page 2: 10 pt type (“Printed”) in more than one ink; IngramSpark"
ADVISED = "PRN-049 PDF page 2: 10 pt type (“Printed”) in more than one ink; set type up to 24 pt"
TINTED = "PRN-050 PDF page 2: 10 pt type (“Printed”) in a tint; set type up to 24 pt"


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        (inked("0 1 1 0 k"), INGRAM, REFUSED),
        (inked("0 1 1 0 k"), KDP, ADVISED),
        (inked("0 1 1 0 k", size=24), INGRAM, "PRN-032 PDF page 2: 24 pt type"),
        (inked("0 1 1 0 k", size=25), INGRAM, ""),
        (inked("2 0 0 2 0 -300 cm 0 1 1 0 k", size=13), INGRAM, ""),
        (inked("/DeviceCMYK cs 0 1 1 0 sc"), INGRAM, REFUSED),
        (inked("2 Tr 0 1 1 0 K"), INGRAM, REFUSED),
        (inked(".5 g"), INGRAM, TINTED),
        (inked("0 0 0 .5 k"), KDP, TINTED),
        # One ink, whole, has no edge to miss; what is white has none at all.
        (inked("0 1 0 0 k"), INGRAM, ""),
        (inked("0 0 0 1 k"), INGRAM, ""),
        (inked("0 0 0 0 k"), INGRAM, ""),
        (inked("q 0 1 1 0 k Q 0 0 0 1 k"), INGRAM, ""),
        (inked("3 Tr 0 1 1 0 k"), INGRAM, ""),
        (inked("0 1 1 0 K"), INGRAM, ""),
        # RGB is told of as such, but where the printer takes it.
        (inked("0 0 0 rg"), INGRAM, "PRN-007"),
        (inked("0 0 0 rg"), LULU, ADVISED),
        (in_a_form, INGRAM, "PRN-032 PDF page 2: "),
    ],
)
def test_small_type(
    change: Change, requirements: PrintRequirements, expected: str, broken_interior: Break
) -> None:
    found = proved(broken_interior(change), requirements)
    assert [line[: len(expected)] for line in found] == ([expected] if expected else [])
    assert "…”" not in "".join(found)
