"""Printer profiles: their tables row by row, and each limit from both sides."""

import pytest

from makeready.book.model import Edition, EditionKind
from makeready.errors import UsageError
from makeready.printers.cover import cover_geometry
from makeready.printers.print_job import print_job
from makeready.printers.profile import printer_names, read_profile

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
def test_kdp_maximum_pages_of_every_listed_size(kdp, sizes, ink, paper, pages):
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
def test_kdp_minimum_pages(kdp, ink, paper, pages):
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
def test_the_gutter_beyond_the_table_is_that_of_its_end(kdp, pages, inside_in):
    assert kdp.gutter_pt(pages) == pytest.approx(inside_in * 72)


def test_kdp_margins_bleed_and_pages(kdp):
    assert kdp.outside_margin_mm() == pytest.approx(6.35)
    assert kdp.outside_margin_pt() == pytest.approx(18)
    assert kdp.outside_margin_mm(bleed=True) == pytest.approx(9.525)
    assert kdp.outside_margin_pt(bleed=True) == pytest.approx(27)
    assert kdp.bleed_mm == pytest.approx(3.175)
    assert kdp.page_multiple == 2


def test_kdp_limits_of_the_interior(kdp):
    interior = kdp.rules.interior
    assert interior.minimum_type_pt == 7
    assert interior.minimum_rule_pt == 0.75
    assert (interior.minimum_image_dpi, interior.refused_image_dpi) == (300, 200)
    assert kdp.rules.file.maximum_mb == 650


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
def test_kdp_offers_sizes_within_its_range(kdp, width, height, cut):
    assert kdp.offers(inches(width, height)) is cut


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
def test_custom_size_has_the_limit_of_the_smallest_that_contains_it(kdp, size, pages):
    assert kdp.maximum_pages(inches(*size), "cream", "black") == pages


def refusal(profile, size, paper, ink):
    with pytest.raises(UsageError) as least:
        profile.minimum_pages(inches(*size), paper, ink)
    with pytest.raises(UsageError) as most:
        profile.maximum_pages(inches(*size), paper, ink)
    assert least.value.message == most.value.message
    return f"{most.value.message} {most.value.hint}"


def test_size_that_is_not_offered_is_refused_with_the_range(kdp):
    assert refusal(kdp, (3, 8), "cream", "black") == (
        "Amazon KDP paperback does not make books of 3 x 8 in. "
        "Choose a width of 4 to 8.5 in and a height of 6 to 11.69 in."
    )


def test_unknown_paper_names_the_nearest(kdp):
    assert refusal(kdp, (5, 8), "creme", "black") == (
        "Amazon KDP paperback has no paper “creme” for black ink. "
        "Did you mean “cream”? Choose one of: cream, groundwood, white."
    )


def test_a_missing_paper_is_refused_with_the_list(kdp):
    assert refusal(kdp, (5, 8), "", "black") == (
        "Amazon KDP paperback needs to know the paper. "
        'Set paper = "…" in the edition; one of: cream, groundwood, white.'
    )


def test_unknown_ink_lists_the_known_ones(kdp):
    assert refusal(kdp, (5, 8), "white", "blue") == (
        "Amazon KDP paperback has no ink “blue”. "
        "Choose one of: black, premium-colour, standard-colour."
    )


def test_a_paper_is_offered_for_its_inks_only(kdp):
    assert "“cream”" in refusal(kdp, (5, 8), "cream", "premium-colour")


def test_an_ink_that_a_size_is_not_offered_in_is_refused(kdp):
    with pytest.raises(UsageError) as refused:
        kdp.maximum_pages(inches(8.27, 11.69), "white", "standard-colour")
    assert refused.value.message == (
        "Amazon KDP paperback does not print standard-colour at 8.27 x 11.69 in."
    )
    assert refused.value.hint == "Choose one of: black, premium-colour; or another trim size."


def test_generic_printer_takes_any_size_and_paper():
    generic = read_profile("generic")
    assert generic.offers(NO_PAPER_LIMIT)
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
    assert refused.value.message == f"Unknown printer “{name}”."
    assert f"Choose one of: {', '.join(printer_names())}." in refused.value.hint


def test_misspelt_printer_names_the_nearest():
    with pytest.raises(UsageError) as refused:
        read_profile("kpd")
    assert refused.value.hint.startswith("Did you mean “kdp”?")


def cuts_listed_sizes_alone(name):
    profile = read_profile(name)
    trim = profile.rules.trim
    return trim is not None and profile.binding not in trim.custom_bindings


@pytest.mark.parametrize("name", list(filter(cuts_listed_sizes_alone, printer_names())))
def test_only_listed_sizes_are_offered(name):
    profile = read_profile(name)
    for row in profile.rules.sizes:
        for size in row.trims_in:
            assert profile.offers(inches(*size)) or profile.binding not in row.bindings
    with pytest.raises(UsageError) as refused:
        profile.maximum_pages(inches(5.3, 8.1), "white", "black")
    assert "does not make books of 5.3 x 8.1 in." in refused.value.message
    assert "5.5x8.5in" in refused.value.hint
    assert refused.value.key == "trim"


@pytest.mark.parametrize(
    ("name", "binding", "least", "most", "multiple", "last_blank"),
    [
        ("kdp", "paperback", 24, 776, 2, False),
        ("kdp", "hardcover", 76, 550, 2, False),
        ("ingramspark", "paperback", 18, 1200, 2, True),
        ("ingramspark", "hardcover", 18, 1200, 2, True),
        ("lulu", "paperback", 32, 800, 4, False),
        ("lulu", "hardcover", 24, 800, 4, False),
        ("lulu", "linen-wrap", 24, 800, 4, False),
        ("lulu", "saddle-stitch", 4, 48, 4, False),
        ("lulu", "coil", 2, 470, 2, False),
        ("bnpress", "paperback", 18, 800, 2, False),
    ],
)
def test_pages_of_a_six_by_nine_book_on_cream(name, binding, least, most, multiple, last_blank):
    profile = read_profile(name).for_binding(binding)
    assert profile.minimum_pages(inches(6, 9), "cream", "black") == least
    assert profile.maximum_pages(inches(6, 9), "cream", "black") == most
    assert (profile.page_multiple, profile.last_page_blank) == (multiple, last_blank)


def test_ingramspark_hardcover_of_seven_by_ten_has_a_limit_of_its_own():
    profile = read_profile("ingramspark")
    assert profile.maximum_pages(inches(7, 10), "cream", "black") == 1200
    assert profile.for_binding("hardcover").maximum_pages(inches(7, 10), "cream", "black") == 840


def test_a_binding_the_printer_does_not_offer_is_refused():
    with pytest.raises(UsageError) as refused:
        read_profile("bnpress").for_binding("hardcover")
    assert refused.value.message == "B&N Press has no binding “hardcover”."
    assert refused.value.key == "binding"


@pytest.mark.parametrize(
    ("paper", "ink", "key"),
    [("groundwood", "black", "paper"), ("white", "standard-colour", "ink")],
)
def test_kdp_hardcover_has_neither_groundwood_nor_standard_colour(kdp, paper, ink, key):
    with pytest.raises(UsageError) as refused:
        kdp.for_binding("hardcover").maximum_pages(inches(6, 9), paper, ink)
    assert refused.value.key == key


def test_kdp_hardcover_has_listed_sizes_only(kdp):
    assert kdp.offers(inches(5, 8))
    assert not kdp.for_binding("hardcover").offers(inches(5, 8))
    assert kdp.for_binding("hardcover").offers(inches(8.25, 11))


@pytest.mark.parametrize(
    ("pages", "added_in"),
    [
        (32, 0),
        (60, 0),
        (61, 0.125),
        (150, 0.125),
        (151, 0.5),
        (400, 0.5),
        (401, 0.625),
        (600, 0.625),
        (601, 0.75),
        (800, 0.75),
    ],
)
def test_lulu_adds_its_gutter_to_the_margin(pages, added_in):
    lulu = read_profile("lulu")
    assert lulu.gutter_pt(pages) == pytest.approx((0.5 + added_in) * 72)
    assert lulu.refused_gutter_pt(pages) == pytest.approx(0.125 * 72)


def test_required_and_advised_margins(kdp):
    assert kdp.refused_margin_pt() == pytest.approx(18)
    assert kdp.refused_margin_pt(bleed=True) == pytest.approx(27)
    assert kdp.refused_gutter_pt(151) == pytest.approx(36)
    ingram = read_profile("ingramspark")
    assert (ingram.outside_margin_pt(), ingram.gutter_pt(400)) == (36, 36)
    assert (ingram.refused_margin_pt(), ingram.refused_gutter_pt(400)) == (0, 0)
    lulu = read_profile("lulu")
    assert (lulu.outside_margin_pt(), lulu.refused_margin_pt()) == (36, 9)
    barnes = read_profile("bnpress")
    assert (barnes.refused_margin_pt(), barnes.refused_gutter_pt(100)) == (36, 54)


@pytest.mark.parametrize(
    ("name", "size_pt"),
    [("kdp", (441, 666)), ("ingramspark", (441, 666)), ("lulu", (450, 666))],
)
def test_a_page_with_bleed_has_three_edges_or_four(name, size_pt):
    profile = read_profile(name)
    assert profile.page_size_pt(inches(6, 9), bleed=True) == pytest.approx(size_pt)
    assert profile.page_size_pt(inches(6, 9), bleed=False) == (432, 648)


@pytest.mark.parametrize(
    ("name", "accepted", "default"),
    [
        ("kdp", {"x-1a:2001", "x-3:2002", "x-4", "none"}, "x-1a:2001"),
        ("ingramspark", {"x-1a:2001", "x-3:2002"}, "x-1a:2001"),
        ("lulu", {"x-1a:2001", "x-3:2002", "x-4", "none"}, "none"),
        ("bnpress", {"x-1a:2001", "x-3:2002", "x-4", "none"}, "none"),
        ("generic", {"x-1a:2001", "x-3:2002", "x-4", "none"}, "x-4"),
    ],
)
def test_standards_of_the_file(name, accepted, default):
    file = read_profile(name).rules.file
    assert set(file.pdf_x) == accepted
    assert file.pdf_x_default == default


def test_ink_and_names():
    ingram, lulu = read_profile("ingramspark").rules, read_profile("lulu").rules
    assert (ingram.colour.total_ink_percent, lulu.colour.total_ink_percent) == (240, 270)
    assert sum(ingram.colour.rich_black_percent) == ingram.colour.total_ink_percent
    assert ingram.colour.black_text_up_to_pt == 24
    assert ingram.file.interior_name.format(isbn="9780306406157") == "9780306406157_txt.pdf"
    assert ingram.file.cover_name.format(isbn="9780306406157") == "9780306406157_cov.pdf"


def generic_job(**measures):
    return print_job(Edition("own", EditionKind.PRINT, 432.0, 648.0, **measures))


def test_the_generic_printer_takes_custom_measures():
    own = generic_job(bleed_mm=3, inside_mm=20, outside_mm=15).profile
    assert own.bleed_mm == pytest.approx(3)
    assert own.page_size_pt((432, 648), bleed=True) == pytest.approx(
        (432 + 3 / 25.4 * 72, 648 + 6 / 25.4 * 72)
    )
    assert {round(own.gutter_mm(pages), 6) for pages in (24, 300, 800, 2000)} == {20}
    assert own.outside_margin_mm() == own.outside_margin_mm(bleed=True) == pytest.approx(15)
    cover = cover_geometry(generic_job(bleed_mm=3, spine_mm=10.0), 200)
    assert cover.width_mm == pytest.approx(2 * 152.4 + 10 + 6)


def test_measures_that_are_not_given_are_the_generic_ones():
    default, own = generic_job().profile, generic_job(bleed_mm=5).profile
    assert own.gutter_mm(400) == default.gutter_mm(400)
    assert own.outside_margin_mm() == default.outside_margin_mm()
    assert read_profile("generic").bleed_mm == pytest.approx(3.175)


def test_a_printer_with_measures_takes_no_custom_ones():
    with pytest.raises(UsageError) as refused:
        generic_job(printer="kdp", paper="cream", inside_mm=20)
    assert refused.value.message == "Amazon KDP sets its own bleed and margins."
    assert refused.value.key == "inside_mm"


@pytest.mark.parametrize(
    ("measures", "key"),
    [
        ({"inside_mm": 64.0}, "inside_mm"),
        ({"inside_mm": 40.0, "outside_mm": 37.0}, "outside_mm"),
        ({"inside_mm": 5.0, "outside_mm": 60.0}, "outside_mm"),
    ],
)
def test_margins_have_to_leave_half_the_page(measures, key):
    with pytest.raises(UsageError) as refused:
        generic_job(**measures)
    assert refused.value.message == "the margins take more than half of the page."
    assert refused.value.key == key
