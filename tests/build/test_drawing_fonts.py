"""Fonts that drawings name and the book does not have are reported, each once."""

from __future__ import annotations

from pathlib import Path

from makeready.book.model import Resource
from makeready.build.drawing_fonts import report_missing_families
from makeready.findings import Findings
from makeready.fonts import Font

HERE = Path(__file__)
FONTS = [Font("EB Garamond", "eb-garamond", "normal", 400, HERE, HERE, "")]


def test_a_missing_font_is_reported_once_with_the_first_drawing_that_names_it() -> None:
    findings = Findings()
    families = [(("Times",), ("Helvetica", "Arial")), (("times",), ("Lato",)), ()]
    images = [
        Resource(f"images/{number}.svg", "image/svg+xml", 1.0, names)
        for number, names in enumerate(families)
    ]
    report_missing_families(images, FONTS, findings)
    assert [(f.id, str(f.severity), f.location and f.location.path) for f in findings] == [
        ("IMG-010", "note", "images/0.svg"),
        ("IMG-010", "note", "images/0.svg"),
        ("IMG-010", "note", "images/1.svg"),
    ]
    assert [f.message.split("“")[1].split("”")[0] for f in findings] == [
        "Times",
        "Helvetica",
        "Lato",
    ]


def test_a_font_of_the_book_is_no_finding_nor_one_after_it() -> None:
    findings = Findings()
    names = (("eb garamond", "Times"), ("Times New Roman", "EB Garamond"))
    report_missing_families(
        [Resource("images/a.svg", "image/svg+xml", 1.0, names)], FONTS, findings
    )
    assert list(findings) == []
