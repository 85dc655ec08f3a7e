"""What is measured on the pages of an interior: a clean file, and the same broken in one place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from check_samples import (
    Break,
    Change,
    fill_up,
    paint,
    painting,
    printer,
    proved,
    stream,
    word,
)
from pikepdf import Array, Dictionary, Name, Pdf

from makeready.checks.print.requirements import PrintRequirements
from makeready.printers.profile import printer_names

pytest_plugins = ["check_fixtures"]

KDP = printer("kdp")
INGRAM = printer("ingramspark")
LULU = printer("lulu")


def prove(path: Path, requirements: PrintRequirements = KDP) -> list[str]:
    return proved(path, requirements)


def turned(change: Change, degrees: int) -> Change:
    def run(pdf: Pdf) -> None:
        change(pdf)
        for page in pdf.pages:
            page.rotate(degrees, relative=False)

    return run


@pytest.mark.parametrize("name", printer_names())
def test_a_clean_interior(broken_interior: Break, name: str) -> None:
    requirements = printer(name)
    multiple = requirements.profile.page_multiple
    # Its two pages of text, and as many blank ones as its printer wants.
    path = broken_interior(lambda pdf: fill_up(pdf, max(multiple, 4)))
    assert prove(path, requirements) == []


# The second page is a verso: its spine is at the right, at 360 pt. A gutter of 27 pt, margins
# of 18 pt; a word of 10 pt is about 42 pt wide.
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (word(8, 300), "PRN-040 PDF page 2: “Printed” is 9"),
        (word(296, 300), "PRN-040 PDF page 2: “Printed” is 2"),
        (word(100, 560), "PRN-040 PDF page 2: “Printed” is 8"),
        (word(100, 12), "PRN-040 PDF page 2: “Printed” is 11.9"),
        (word(17.6, 300), "PRN-041 PDF page 2: “Printed” is 18"),
        # Letters that the edge of the page cuts off.
        (word(-20, 300), "PRN-040 PDF page 2: “Printed” runs 18.8 pt past the outer edge of the"),
        (word(-1.2, 300), "PRN-040 PDF page 2: “Printed” is at the outer edge of the page;"),
        (word(330, 300), "PRN-040 PDF page 2: “Printed” runs 11."),
        (painting(b"100 10 50 50 re f"), "PRN-040 PDF page 2: a drawing is 10.0 pt from"),
        (painting(b"100 10 m 200 10 l S"), "PRN-040 PDF page 2: a drawing is 9.5 pt from"),
        (painting(b"0 0.9 0 0 k 0 300 50 50 re f"), "PRN-042 PDF page 2: a drawing reaches"),
        (painting(b"100 -5 50 50 re f"), "PRN-042 PDF page 2: a drawing reaches the lower"),
    ],
)
def test_margins(change: Change, expected: str, broken_interior: Break) -> None:
    (found,) = prove(broken_interior(change), replace(KDP, ink="premium-colour"))
    assert found.startswith(expected)


def test_a_box_may_be_given_by_any_two_opposite_corners(broken_interior: Break) -> None:
    def turned_about(pdf: Pdf) -> None:
        word(8, 300)(pdf)
        left, bottom, right, top = pdf.pages[1].mediabox
        pdf.pages[1].mediabox = Array([right, top, left, bottom])

    (found,) = prove(broken_interior(turned_about))
    assert found.startswith("PRN-040 PDF page 2: “Printed” is 9")


@pytest.mark.parametrize(
    "change",
    [
        word(20, 300),
        word(100, 20),
        # What is not seen, or not there at all, has no margin.
        painting(b"1 g 0 0 360 576 re f"),
        painting(b"100 100 50 50 re W n 0 0 360 576 re f"),
        word(8, 300, before=b"3 Tr "),
        word(8, 300, before=b"1 g "),
        # At the spine nothing bleeds.
        painting(b"200 100 160 200 re f"),
    ],
)
def test_what_is_within_the_margins(change: Change, broken_interior: Break) -> None:
    assert prove(broken_interior(change)) == []


def test_the_gutter_changes_sides(broken_interior: Break) -> None:
    def both(pdf: Pdf) -> None:
        word(296, 300)(pdf)
        pdf.pages.insert(0, pdf.pages[1])
        pdf.pages.insert(1, pdf.pages[1])

    # On a recto the same place is the fore-edge, where it may stand.
    found = prove(broken_interior(both))
    assert [line[:20] for line in found] == ["PRN-040 PDF page 4: "]


def test_the_gutter_grows_with_the_book(broken_interior: Break) -> None:
    def thick(pdf: Pdf) -> None:
        word(286, 300)(pdf)
        for _ in range(75):
            pdf.pages.append(pdf.pages[0])
            pdf.pages.append(pdf.pages[1])

    assert prove(broken_interior(word(286, 300))) == []
    (found,) = prove(broken_interior(thick))
    assert found.startswith("PRN-040 PDF pages 2, 4, 6,") and found.endswith(
        "needs at least 36 pt."
    )


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_measured_as_it_is_seen(degrees: int, broken_interior: Break) -> None:
    place = {90: (20, 4, "upper"), 180: (14, 300, "inner"), 270: (160, 4, "lower")}[degrees]
    trim = {} if degrees == 180 else {"trim_width_pt": 576.0, "trim_height_pt": 360.0}
    change = turned(painting(f"{place[0]} {place[1]} 30 30 re f".encode()), degrees)
    if degrees == 90:
        # What was at the left is above now.
        change = turned(painting(b"4 100 30 30 re f"), 90)
    elif degrees == 270:
        change = turned(painting(b"4 100 30 30 re f"), 270)
    (found,) = prove(broken_interior(change), replace(KDP, **trim))
    assert found.startswith("PRN-040") and f"the {place[2]} edge" in found


def in_units_of(change: Change, unit: float) -> Change:
    """Write the same pages in units of so many points."""

    def run(pdf: Pdf) -> None:
        change(pdf)
        for page in pdf.pages:
            for key in ("/MediaBox", "/TrimBox", "/BleedBox"):
                page.obj[key] = Array([float(corner) / unit for corner in page.obj[key]])
            page.contents_add(f"q {1 / unit} 0 0 {1 / unit} 0 0 cm".encode(), prepend=True)
            page.contents_add(b"Q")
            page.obj.UserUnit = unit

    return run


@pytest.mark.parametrize("unit", [0.25, 72])
@pytest.mark.parametrize(
    "change",
    [
        word(8, 300),
        word(100, 300, size=6.5),
        painting(b".5 w 100 100 m 200 100 l S"),
        painting(b"100 100 .5 200 re f"),
    ],
)
def test_lengths_are_those_of_the_page_in_points(
    unit: float, change: Change, broken_interior: Break
) -> None:
    (expected,) = prove(broken_interior(change))
    assert prove(broken_interior(in_units_of(change, unit))) == [expected]


@pytest.mark.parametrize("unit", [0, -2, Name.Large])
def test_a_unit_that_is_no_length_is_a_point(unit: object, broken_interior: Break) -> None:
    def change(pdf: Pdf) -> None:
        pdf.pages[1].obj.UserUnit = unit

    assert prove(broken_interior(change)) == []


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize(("left", "ids"), [(8, ["PRN-040"]), (30, [])])
def test_pages_with_a_crop_box_are_measured_where_they_are(
    left: float, ids: list[str], degrees: int, broken_interior: Break
) -> None:
    def cropped(pdf: Pdf) -> None:
        word(left, 300)(pdf)
        for page in pdf.pages:
            page.mediabox = Array([-40, -30, 460, 640])
            page.cropbox = page.trimbox
            page.rotate(degrees, relative=False)

    trim = {"trim_width_pt": 576.0, "trim_height_pt": 360.0} if degrees % 180 else {}
    found = prove(broken_interior(cropped), replace(KDP, **trim))
    # The media box is neither the trim size nor that of the bleed.
    assert [line[:7] for line in found if not line.startswith("PRN-001")] == ids


def test_an_advised_margin_is_no_error(broken_interior: Break) -> None:
    found = prove(
        broken_interior(word(20, 300)), printer("bnpress", margins=LULU.profile.rules.margins)
    )
    assert [line[:7] for line in found] == ["PRN-041"]


def bled(change: Change | None = None) -> Change:
    """Give every page the size with bleed, its trim untold."""

    def run(pdf: Pdf) -> None:
        for number, page in enumerate(pdf.pages):
            left = 0 if number % 2 == 0 else -9
            page.obj["/MediaBox"] = Array([left, -9, left + 369, 585])
        if change:
            change(pdf)

    return run


@pytest.mark.parametrize(
    "change",
    [
        None,
        painting(b"-9 -9 369 100 re f"),
        painting(b"-20 -20 100 700 re f"),
        word(29, 300),
    ],
)
def test_bleed_that_reaches(change: Change | None, broken_interior: Break) -> None:
    assert prove(broken_interior(bled(change))) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            painting(b"-4 100 100 100 re f"),
            "PRN-043 PDF page 2: a drawing extends only 4.0 pt past the outer edge of the page,",
        ),
        (
            painting(b"100 0 100 100 re f"),
            "PRN-043 PDF page 2: a drawing ends at the lower edge of the page, and does not",
        ),
        (
            painting(b"100 .7 100 100 re f"),
            "PRN-043 PDF page 2: a drawing ends at the lower edge of the page, and does not",
        ),
        (painting(b"100 10 100 100 re f"), "PRN-040 PDF page 2: a drawing is 10.0 pt from"),
        (word(22, 300), "PRN-040 PDF page 2: “Printed” is 2"),
    ],
)
def test_bleed_that_stops_short(change: Change, expected: str, broken_interior: Break) -> None:
    (found,) = prove(broken_interior(bled(change)))
    assert found.startswith(expected)


def test_one_page_without_the_bleed_of_the_others(broken_interior: Break) -> None:
    def change(pdf: Pdf) -> None:
        bled()(pdf)
        pdf.pages[1].obj["/MediaBox"] = Array([0, 0, 360, 576])

    assert prove(broken_interior(change)) == [
        "PRN-001 PDF page 2: the page is 360 × 576 pt; the trim size is 360 × 576 pt, "
        "with bleed 369 × 594 pt."
    ]


def _blank_between(pdf: Pdf) -> None:
    fill_up(pdf, 7)
    pdf.pages.append(pdf.pages[0])


def _white_between(pdf: Pdf) -> None:
    _blank_between(pdf)
    for number in range(2, 7):
        pdf.pages[number].contents_add(b"1 g 0 0 360 576 re f")


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        (partial(fill_up, count=4), KDP, None),
        (partial(fill_up, count=12), KDP, None),
        (partial(fill_up, count=14), KDP, "PRN-025 PDF pages 3–14 are blank; Amazon KDP"),
        (_blank_between, KDP, "PRN-025 PDF pages 3–7 are blank; Amazon KDP"),
        (_white_between, KDP, "PRN-025 PDF pages 3–7 are blank; Amazon KDP"),
        (
            partial(fill_up, count=3),
            KDP,
            "PRN-022 The PDF has 3 pages, not a multiple of 2;",
        ),
        (
            partial(fill_up, count=2),
            LULU,
            "PRN-022 The PDF has 2 pages, not a multiple of 4; Lulu adds blank pages at the end.",
        ),
        (
            partial(fill_up, count=2),
            INGRAM,
            "PRN-024 The last page of the PDF is not blank;",
        ),
        (partial(fill_up, count=4), INGRAM, None),
        (partial(fill_up, count=3), INGRAM, "PRN-002 The PDF has 3 pages; IngramSpark needs a"),
    ],
)
def test_pages(
    change: Change, requirements: PrintRequirements, expected: str | None, broken_interior: Break
) -> None:
    found = prove(broken_interior(change), requirements)
    assert len(found) == (expected is not None)
    assert not expected or found[0].startswith(expected)


def test_too_many_pages(broken_interior: Break) -> None:
    sizes = tuple(replace(row, maximum=4) for row in KDP.profile.rules.sizes)
    low = replace(printer("kdp", sizes=sizes), paper="cream")
    assert prove(broken_interior(partial(fill_up, count=4)), low) == []
    (found,) = prove(broken_interior(partial(fill_up, count=6)), low)
    assert found.startswith("PRN-023 The PDF has 6 pages; Amazon KDP binds at most 4")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            word(100, 300, size=6.5),
            "PRN-044 PDF page 2: 6.5 pt type (“Printed”);",
        ),
        (word(100, 300, size=6.96), "PRN-044 PDF page 2: 6.96 pt type (“Printed”); Amazon KDP"),
        (painting(b".73 w 100 100 m 200 100 l S"), "PRN-045 PDF page 2: 0.73 pt line;"),
        (
            word(200, 600, size=13, before=b".5 0 0 .5 0 0 cm "),
            "PRN-044 PDF page 2: 6.5 pt type",
        ),
        (painting(b".5 w 100 100 m 200 100 l S"), "PRN-045 PDF page 2: 0.5 pt line;"),
        (painting(b"0 w 100 100 m 200 100 l S"), "PRN-045 PDF page 2: 0 pt line;"),
        (painting(b".25 0 0 .25 0 0 cm 2 w 400 400 m 800 400 l S"), "PRN-045 PDF page 2: 0.5 pt"),
        (
            painting(b"100 100 200 .5 re f"),
            "PRN-045 PDF page 2: 0.5 pt line;",
        ),
        (
            painting(b"100 100 .5 200 re f"),
            "PRN-045 PDF page 2: 0.5 pt line;",
        ),
    ],
)
def test_what_is_too_fine(change: Change, expected: str, broken_interior: Break) -> None:
    (found,) = prove(broken_interior(change))
    assert found.startswith(expected)


@pytest.mark.parametrize(
    "change",
    [
        word(100, 300, size=7),
        # Seven points, and three quarters of one, as TeX measures them.
        word(100, 300, size=6.97),
        painting(b".747 w 100 100 m 200 100 l S"),
        word(100, 100, size=3.5, before=b"2 0 0 2 0 0 cm "),
        painting(b".75 w 100 100 m 200 100 l S"),
        painting(b".25 w 4 0 0 4 0 0 cm 25 25 m 50 25 l S"),
        painting(b"1 g 100 100 200 .5 re f"),
        painting(b"100 100 .5 .5 re f"),
        painting(b"100 100 200 .8 re f"),
    ],
)
def test_what_is_fine_enough(change: Change, broken_interior: Break) -> None:
    assert prove(broken_interior(change)) == []


@pytest.mark.parametrize("drawn", [b"100 100 200 .5 re f", b".5 w 100 100 m 200 100 l S"])
@pytest.mark.parametrize(("opacity", "ids"), [(0, []), (0.01, ["PRN-045"]), (1, ["PRN-045"])])
def test_a_line_without_any_opacity_is_none(
    opacity: float, ids: list[str], drawn: bytes, broken_interior: Break
) -> None:
    def change(pdf: Pdf) -> None:
        state = Dictionary(ca=opacity, CA=opacity)
        paint(pdf, b"/Faint gs " + drawn, ExtGState=Dictionary(Faint=state))

    transparency = ["PRN-019"] if opacity < 1 else []
    found = [finding.split()[0] for finding in prove(broken_interior(change))]
    assert found == transparency + ids


def picture(side_pt: float, pixels: int, bits: int = 8) -> Change:
    """Put a square image on the page, in a form that is twice as large."""

    def change(pdf: Pdf) -> None:
        size = (pixels * bits + 7) // 8 * pixels
        image = stream(
            pdf, b"\x55" * size, Type=Name.XObject, Subtype=Name.Image, Width=pixels,
            Height=pixels, BitsPerComponent=bits, ColorSpace=Name.DeviceGray,
        )  # fmt: skip
        form = stream(
            pdf, f"{side_pt / 2} 0 0 {side_pt / 2} 50 50 cm /Own Do".encode(), Type=Name.XObject,
            Subtype=Name.Form, BBox=Array([0, 0, 900, 900]), Matrix=Array([1, 0, 0, 1, 0, 20]),
            Resources=Dictionary(XObject=Dictionary(Own=image)),
        )  # fmt: skip
        paint(pdf, b"2 0 0 2 0 0 cm /Held Do", XObject=Dictionary(Held=form))

    return change


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        (picture(72, 300), KDP, None),
        (
            picture(72, 299),
            KDP,
            "PRN-047 PDF page 2: image (299 × 299 pixels)",
        ),
        (
            picture(72, 200),
            KDP,
            "PRN-047 PDF page 2: image (200 × 200 pixels)",
        ),
        (
            picture(72, 199),
            KDP,
            "PRN-046 PDF page 2: image (199 × 199 pixels)",
        ),
        # One pixel stretched is a tint.
        (picture(72, 1), KDP, None),
        (picture(72, 300, bits=1), KDP, None),
        (
            picture(72, 599, bits=1),
            INGRAM,
            "PRN-048 PDF page 2: line art (599 × 599",
        ),
        (picture(72, 600, bits=1), INGRAM, None),
        (picture(72, 300), INGRAM, None),
    ],
)
def test_images(
    change: Change, requirements: PrintRequirements, expected: str | None, broken_interior: Break
) -> None:
    def run(pdf: Pdf) -> None:
        change(pdf)
        fill_up(pdf, 4)

    found = prove(broken_interior(run), requirements)
    assert len(found) == (expected is not None)
    assert not expected or found[0].startswith(expected)
