"""Spine widths against the worked examples and calculators of the printers."""

import re
from dataclasses import replace

import pytest

from makeready.book.model import Edition, EditionKind
from makeready.errors import UsageError
from makeready.findings import Findings, SourceLocation
from makeready.printers.print_job import print_job
from makeready.printers.spine import (
    check_spine,
    job_spine,
)
from makeready.printers.unsupported import UnsupportedError

BOOK = SourceLocation("book.toml", 20)
PAGES = (24, 48, 100, 150, 200, 240, 300, 400, 500, 600, 800)


def job(printer, paper, ink="black", **more):
    return print_job(
        Edition(
            "paperback",
            EditionKind.PRINT,
            432.0,
            648.0,
            printer=printer,
            paper=paper,
            ink=ink,
            lines={"": BOOK.line},
            **more,
        )
    )


def width_in(one, pages):
    return job_spine(one, pages).width_mm / 25.4


@pytest.mark.parametrize(
    ("paper", "ink", "pages_to_the_inch", "mm_a_page"),
    [
        ("white", "black", 444, 0.0572),
        ("cream", "black", 400, 0.0635),
        ("groundwood", "black", 425.5, 0.0597),
        ("white", "standard-colour", 444, 0.0572),
        ("white", "premium-colour", 426, 0.0596),
    ],
)
def test_kdp_calipers(paper, ink, pages_to_the_inch, mm_a_page):
    one = job("kdp", paper, ink)
    assert width_in(one, 400) == pytest.approx(400 / pages_to_the_inch, abs=0.0005)
    assert job_spine(one, 400).width_mm == pytest.approx(400 * mm_a_page, abs=0.03)
    assert job_spine(one, 400).basis == "rule"


@pytest.mark.parametrize(
    ("paper", "binding", "pages", "inches"),
    [
        ("cream", "paperback", 240, 0.600),
        ("white", "paperback", 200, 0.450),
        ("cream", "hardcover", 240, 0.789),
        ("white", "hardcover", 200, 0.639),
    ],
)
def test_kdp_worked_examples(paper, binding, pages, inches):
    assert width_in(job("kdp", paper, binding=binding), pages) == pytest.approx(inches, abs=0.0005)


def test_an_odd_page_count_is_rounded_up():
    one = job("kdp", "cream")
    assert job_spine(one, 239).width_mm == job_spine(one, 240).width_mm


READINGS = {
    ("cream", "black"): ".058 .115 .240 .348 .458 .545 .674 .890 1.114 1.333 1.767",
    ("white", "black"): ".050 .099 .207 .321 .424 .505 .629 .821 1.005 1.213 1.590",
    ("white", "standard-colour"): ".050 .099 .207 .321 .424 .505 .629 .821 1.005 1.213 1.590",
    ("groundwood", "black"): ".068 .127 .255 .378 .502 .600 .748 .994 1.241 1.487 1.980",
    ("white-70", "black"): ".065 .130 .272 .408 .543 .652 .815 1.087 1.359 1.630 2.174",
    ("white-70", "premium-colour"): ".062 .125 .260 .390 .520 .623 .779 1.039 1.299 1.558 2.078",
}
CASES = {
    ("cream", "black"): ".25 .25 .375 .5 .625 .688 .813 1.0 1.25 1.5 1.938",
    ("white", "black"): ".25 .25 .313 .375 .5 .563 .688 .875 1.063 1.313 1.688",
    ("groundwood", "black"): ".25 .25 .375 .5 .625 .75 .875 1.125 1.375 1.625 2.125",
    ("white-70", "premium-colour"): ".25 .25 .375 .5 .688 .75 .938 1.188 1.438 1.688 2.188",
}


@pytest.mark.parametrize("stock", READINGS)
def test_ingramspark_agrees_with_its_calculator(stock):
    one = job("ingramspark", *stock)
    for pages, reading in zip(PAGES, READINGS[stock].split(), strict=True):
        assert width_in(one, pages) == pytest.approx(float(reading), abs=0.0007), pages
        assert not job_spine(one, pages).is_estimate


@pytest.mark.parametrize("stock", CASES)
def test_ingramspark_case_agrees_with_its_calculator(stock):
    one = job("ingramspark", *stock, binding="hardcover")
    for pages, reading in zip(PAGES, CASES[stock].split(), strict=True):
        assert width_in(one, pages) == pytest.approx(float(reading), abs=0.0006), pages


@pytest.mark.parametrize(
    ("paper", "pages", "inches"),
    [("cream", 220, 0.5015), ("white", 350, 0.725), ("cream", 1000, 2.201), ("cream", 18, 0.0438)],
)
def test_a_width_between_or_beyond_readings_is_an_estimate(paper, pages, inches):
    spine = job_spine(job("ingramspark", paper), pages)
    assert spine.width_mm / 25.4 == pytest.approx(inches, abs=0.0002)
    assert spine.is_estimate


def test_an_estimated_case_is_still_in_sixteenths():
    spine = job_spine(job("ingramspark", "cream", binding="hardcover"), 270)
    assert spine.width_mm / 25.4 * 16 == pytest.approx(12)
    assert spine.is_estimate


def test_groundwood_and_white_70_are_not_estimates_anywhere():
    for paper in ("groundwood", "white-70"):
        assert not job_spine(job("ingramspark", paper), 346).is_estimate


@pytest.mark.parametrize("paper", ["white", "cream", "coated-80"])
def test_lulu_paperback(paper):
    one = job("lulu", paper)
    assert width_in(one, 444) == pytest.approx(1.06)
    assert job_spine(one, 210).width_mm == pytest.approx(210 / 17.48 + 1.524, abs=0.01)


def test_lulu_coated_paper_is_thinner():
    assert width_in(job("lulu", "coated-70"), 460) == pytest.approx(1.06)


STEPS = """24-84 .25 85-140 .5 141-168 .625 169-194 .6875 195-222 .75 223-250 .8125 251-278 .875
279-306 .9375 307-334 1 335-360 1.0625 361-388 1.125 389-416 1.1875 417-444 1.25 445-472 1.3125
473-500 1.375 501-528 1.4375 529-556 1.5 557-582 1.5625 583-610 1.625 611-638 1.6875 639-666 1.75
667-694 1.8125 695-722 1.875 723-750 1.9375 751-778 2 779-799 2.0625 800-800 2.125"""


@pytest.mark.parametrize(("pages", "inches"), re.findall(r"(\d+-\d+) (\S+)", STEPS))
def test_lulu_case_wrap_steps(pages, inches):
    one = job("lulu", "white", binding="hardcover")
    # Only even page counts are bound.
    first, last = (int(number) for number in pages.split("-"))
    assert width_in(one, first + first % 2) == pytest.approx(float(inches))
    assert width_in(one, last - last % 2) == pytest.approx(float(inches))
    assert job_spine(one, first).basis == "rule"


def test_more_pages_than_the_last_step_are_as_thick_as_it_says():
    one = job("lulu", "white", binding="hardcover")
    assert width_in(one, 900) == width_in(one, 800) == pytest.approx(2.125)


@pytest.mark.parametrize(
    ("printer", "binding"),
    # A caliper, pages to the inch, steps, readings.
    [
        ("kdp", "paperback"),
        ("lulu", "paperback"),
        ("lulu", "hardcover"),
        ("ingramspark", "paperback"),
    ],
)
def test_what_a_rule_adds_is_added(printer, binding):
    one = job(printer, "white", binding=binding)
    rules = one.profile.rules
    thicker = tuple(replace(rule, added_in=rule.added_in + 0.5) for rule in rules.spines)
    other = replace(one, profile=replace(one.profile, rules=replace(rules, spines=thicker)))
    assert width_in(other, 300) == pytest.approx(width_in(one, 300) + 0.5)


def test_a_paper_that_the_printer_does_not_have_has_no_spine():
    with pytest.raises(UnsupportedError) as refused:
        job_spine(job("kdp", "vellum"), 200)
    assert refused.value.key == "paper"


def test_the_template_overrides_the_rule():
    one = job("ingramspark", "cream", spine_mm=12.5)
    spine = job_spine(one, 220)
    assert (spine.width_mm, spine.basis, spine.is_estimate) == (12.5, "template", False)


def found(one, pages):
    findings = Findings()
    spine = check_spine(one, pages, findings)
    return spine, [(finding.id, str(finding.location)) for finding in findings]


def test_a_spine_by_rule_has_no_finding():
    assert found(job("kdp", "cream"), 220)[1] == []
    assert found(job("ingramspark", "cream"), 200)[1] == []


def test_an_estimate_is_reported():
    assert found(job("ingramspark", "cream"), 220)[1] == [("PRN-030", "book.toml:20")]
    assert found(job("ingramspark", "cream", spine_mm=12.7), 220)[1] == []


# A leaf of cream is 0.127 mm thick: by KDP's rule 240 pages are 15.24 mm, and 40 are 2.54 mm.
# A millimetre is the larger share of a thin book, 15 % of a thick one.
@pytest.mark.parametrize(
    ("pages", "spine_mm", "ids"),
    [
        (240, 15.24 + 2.28, []),
        (240, 15.24 - 2.28, []),
        (240, 15.24 + 2.29, ["PRN-031"]),
        (240, 15.24 - 2.29, ["PRN-031"]),
        (40, 2.54 + 0.99, []),
        (40, 2.54 - 0.99, []),
        (40, 2.54 + 1.01, ["PRN-031"]),
        (40, 2.54 - 1.01, ["PRN-031"]),
    ],
)
def test_a_template_of_another_book_is_reported(pages, spine_mm, ids):
    spine, findings = found(job("kdp", "cream", spine_mm=spine_mm), pages)
    assert findings == [(rule, "book.toml:20") for rule in ids]
    assert spine.width_mm == spine_mm


def test_a_printer_without_a_rule_requires_the_template():
    one = job("bnpress", "")
    with pytest.raises(UsageError) as refused:
        job_spine(one, 200)
    assert "publishes no spine width" in refused.value.message
    assert "spine_mm" in refused.value.hint
    assert found(one, 200) == (None, [("PRN-020", "book.toml:20")])
    assert found(job("bnpress", "", spine_mm=11.0), 200)[1] == []


def test_a_paper_without_a_rule_requires_the_template():
    with pytest.raises(UsageError):
        job_spine(job("ingramspark", "white-70", "black", binding="hardcover"), 200)
