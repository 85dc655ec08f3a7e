"""The printers' tables, row by row, and each boundary from both sides."""

from datetime import date

import pytest

from makeready.errors import UsageError
from makeready.printers.profile import Figures, Profile, printer_names, read_profile

NO_PAPER_LIMIT = (30 * 72.0, 40 * 72.0)


def inches(width, height):
    return width * 72.0, height * 72.0


SMALL = [(5, 8), (5.06, 7.81), (5.25, 8), (5.5, 8.5), (6, 9), (6.14, 9.21)]
LARGE = [(6.69, 9.61), (7, 10), (7.44, 9.69), (7.5, 9.25), (8, 10)]
SQUARE = [(8.25, 6), (8.25, 8.25)]
LETTER = [(8.5, 8.5), (8.5, 11)]
A4 = [(8.27, 11.69)]

KDP_MAXIMA = [
    (sizes, ink, paper, pages)
    for sizes, row in (
        (SMALL + LARGE, (828, 776, 812, 600, 828)),
        (SQUARE, (800, 750, 784, 600, 800)),
        (LETTER, (590, 550, 578, 600, 590)),
        (A4, (780, 730, 764, None, 590)),
    )
    for (ink, paper), pages in zip(
        (
            ("black", "white"),
            ("black", "cream"),
            ("black", "groundwood"),
            ("standard-colour", "white"),
            ("premium-colour", "white"),
        ),
        row,
        strict=True,
    )
    if pages is not None
]


@pytest.fixture
def kdp():
    return read_profile("kdp")


@pytest.mark.parametrize(("sizes", "ink", "paper", "pages"), KDP_MAXIMA)
def test_kdp_most_pages_of_every_listed_size(kdp, sizes, ink, paper, pages):
    assert {kdp.maximum_pages(inches(*size), paper, ink) for size in sizes} == {pages}


@pytest.mark.parametrize(
    ("ink", "paper", "pages"),
    [
        ("black", "white", 24),
        ("black", "cream", 24),
        ("black", "groundwood", 24),
        ("standard-colour", "white", 72),
        ("premium-colour", "white", 24),
    ],
)
def test_kdp_least_pages(kdp, ink, paper, pages):
    assert kdp.minimum_pages(inches(5, 8), paper, ink) == pages


@pytest.mark.parametrize(
    ("pages", "inside_in", "inside_mm"),
    [
        (24, 0.375, 9.525),
        (150, 0.375, 9.525),
        (151, 0.5, 12.7),
        (300, 0.5, 12.7),
        (301, 0.625, 15.875),
        (500, 0.625, 15.875),
        (501, 0.75, 19.05),
        (700, 0.75, 19.05),
        (701, 0.875, 22.225),
        (828, 0.875, 22.225),
    ],
)
def test_kdp_gutter_at_each_boundary(kdp, pages, inside_in, inside_mm):
    assert kdp.gutter_pt(pages) == pytest.approx(inside_in * 72)
    assert kdp.gutter_mm(pages) == pytest.approx(inside_mm)


@pytest.mark.parametrize(("pages", "inside_in"), [(0, 0.375), (1, 0.375), (829, 0.875)])
def test_gutter_outside_the_table_is_that_of_its_end(kdp, pages, inside_in):
    assert kdp.gutter_pt(pages) == pytest.approx(inside_in * 72)


def test_kdp_margins_bleed_and_pages(kdp):
    assert kdp.outside_margin_mm() == pytest.approx(6.35)
    assert kdp.outside_margin_pt() == pytest.approx(18)
    assert kdp.outside_margin_mm(bleed=True) == pytest.approx(9.525)
    assert kdp.outside_margin_pt(bleed=True) == pytest.approx(27)
    assert kdp.bleed_mm == pytest.approx(3.175)
    assert kdp.page_multiple == 2


@pytest.mark.parametrize(
    ("paper", "ink", "caliper_in"),
    [
        ("white", "black", 0.002252),
        ("cream", "black", 0.0025),
        ("groundwood", "black", 0.00235),
        ("white", "standard-colour", 0.002252),
        ("white", "premium-colour", 0.002347),
    ],
)
def test_kdp_calipers(kdp, paper, ink, caliper_in):
    assert kdp.stock(paper, ink).caliper_in == caliper_in


def test_kdp_limits_of_the_interior(kdp):
    interior = kdp.interior
    assert interior.minimum_type_pt == 7
    assert interior.minimum_rule_pt == 0.75
    assert interior.minimum_image_dpi == 300
    assert interior.maximum_file_mb == 650


@pytest.mark.parametrize(
    ("width", "height", "cut"),
    [
        (4.0, 6.0, True),
        (8.5, 11.69, True),
        (5.83, 8.27, True),
        (6.125, 9.25, True),
        (3.97, 6.0, False),
        (4.0, 5.97, False),
        (8.53, 11.0, False),
        (8.0, 11.72, False),
    ],
)
def test_kdp_cuts_within_its_range(kdp, width, height, cut):
    assert kdp.cuts(inches(width, height)) is cut


@pytest.mark.parametrize(
    ("size", "pages"),
    [
        ((5.0625, 7.8125), 776),
        ((6.125, 9.25), 776),
        ((6.6875, 9.625), 776),
        ((7.4375, 9.6875), 776),
        ((5.83, 8.27), 776),
        ((8.1, 9.0), 550),
        ((8.0, 11.5), 730),
        ((8.5, 11.69), 550),
    ],
)
def test_custom_size_has_the_limit_of_the_smallest_that_holds_it(kdp, size, pages):
    assert kdp.maximum_pages(inches(*size), "cream", "black") == pages


def refusal(profile, size, paper, ink):
    with pytest.raises(UsageError) as least:
        profile.minimum_pages(inches(*size), paper, ink)
    with pytest.raises(UsageError) as most:
        profile.maximum_pages(inches(*size), paper, ink)
    assert least.value.message == most.value.message
    return f"{most.value.message} {most.value.hint}"


def test_size_that_is_not_cut_is_refused_with_the_range(kdp):
    assert refusal(kdp, (3, 8), "cream", "black") == (
        "Amazon KDP paperback does not make books of 3 x 8 in. "
        "It cuts widths of 4 to 8.5 in and heights of 6 to 11.69 in."
    )


def test_unknown_paper_names_the_nearest(kdp):
    assert refusal(kdp, (5, 8), "creme", "black") == (
        "Amazon KDP paperback has no paper for black ink “creme”. "
        "Did you mean “cream”? Choose one of: cream, groundwood, white."
    )


def test_unknown_ink_names_what_there_is(kdp):
    assert refusal(kdp, (5, 8), "white", "blue") == (
        "Amazon KDP paperback has no ink “blue”. "
        "Choose one of: black, premium-colour, standard-colour."
    )


def test_paper_of_one_ink_is_not_another_ink_s(kdp):
    assert "“cream”" in refusal(kdp, (5, 8), "cream", "premium-colour")


def test_ink_that_a_size_is_not_printed_in_is_refused(kdp):
    with pytest.raises(UsageError) as refused:
        kdp.maximum_pages(inches(8.27, 11.69), "white", "standard-colour")
    assert refused.value.message == (
        "Amazon KDP paperback does not print 8.27 x 11.69 in in standard-colour."
    )
    assert refused.value.hint == "Choose one of: black, premium-colour; or another trim size."


def test_generic_printer_takes_any_size_and_paper():
    generic = read_profile("generic")
    assert generic.cuts(NO_PAPER_LIMIT)
    assert generic.stock("laid", "black") is None
    assert generic.minimum_pages(NO_PAPER_LIMIT, "laid", "black") == 2
    assert generic.maximum_pages(NO_PAPER_LIMIT, "laid", "black") is None


@pytest.mark.parametrize("pages", [24, 150, 151, 300, 301, 500, 501, 700, 701, 828])
def test_generic_margins_are_wide_enough_for_kdp(kdp, pages):
    generic = read_profile("generic")
    assert generic.gutter_mm(pages) >= kdp.gutter_mm(pages)
    for bleed in (False, True):
        assert generic.outside_margin_mm(bleed=bleed) >= kdp.outside_margin_mm(bleed=bleed)


@pytest.mark.parametrize("name", ["kpd", "KDP", "../kdp", ""])
def test_unknown_printer_is_a_usage_error_that_lists_the_known(name):
    with pytest.raises(UsageError) as refused:
        read_profile(name)
    assert refused.value.exit_code == 2
    assert refused.value.message == f"There is no printer “{name}”."
    assert "Choose one of: generic, kdp." in refused.value.hint


def test_misspelt_printer_names_the_nearest():
    with pytest.raises(UsageError) as refused:
        read_profile("kpd")
    assert refused.value.hint.startswith("Did you mean “kdp”?")


def tables(profile: Profile) -> list[Figures]:
    single = [profile.pages, profile.margins, profile.interior]
    single += [profile.trim] if profile.trim else []
    return [*single, *profile.gutters, *profile.page_limits, *profile.stocks]


@pytest.mark.parametrize("name", printer_names())
def test_every_table_names_its_source_and_day(name):
    profile = read_profile(name)
    for table in tables(profile):
        assert table.source
        assert table.checked_on >= date(2026, 1, 1)
    limits = [row.up_to_pages for row in profile.gutters]
    assert limits == sorted(set(limits))
