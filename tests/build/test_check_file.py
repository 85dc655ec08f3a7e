"""An interior as a file: what is seen through, its boxes, its weight, its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from check_samples import INTERIOR, Break, Change, fill_up, paint, printer, proved, stream
from pikepdf import Array, Dictionary, Name, Pdf

from makeready.checks.print.pdfx import check_standard
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.print.whole_file import check_name
from makeready.findings import Findings, SourceLocation

pytest_plugins = ["check_fixtures"]

KDP, LULU, INGRAM = printer("kdp"), printer("lulu"), printer("ingramspark")
ASKING_FOR_X = replace(INGRAM, pdf_x="x-1a:2001")


def with_state(**entries: object) -> Change:
    return lambda pdf: paint(pdf, b"/Own gs", ExtGState=Dictionary(Own=Dictionary(**entries)))


def masked_image(pdf: Pdf) -> None:
    entries = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1}
    entries |= {"BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    mask = stream(pdf, b"\x80", **entries)
    picture = stream(pdf, b"\x80", SMask=mask, **entries)
    paint(pdf, b"/Own Do", XObject=Dictionary(Own=picture))


def on_the_page(**entries: object) -> Change:
    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.pages[1].obj[f"/{key}"] = value

    return change


def box(*corners: float) -> Array:
    return Array(corners)


def four_pages(change: Change) -> Change:
    def run(pdf: Pdf) -> None:
        change(pdf)
        fill_up(pdf, 4)

    return run


TRANSPARENCY = "PRN-019 PDF page 2: transparency is used; "


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        (with_state(ca=0.5), KDP, TRANSPARENCY),
        (with_state(CA=0.5), LULU, TRANSPARENCY),
        (with_state(BM=Name.Multiply), KDP, TRANSPARENCY),
        (with_state(BM=Array([Name.Screen, Name.Normal])), KDP, TRANSPARENCY),
        (with_state(SMask=Dictionary(S=Name.Alpha)), KDP, TRANSPARENCY),
        (masked_image, KDP, TRANSPARENCY),
        (with_state(ca=0.5), INTERIOR, ""),
        (lambda pdf: paint(pdf, b"", ExtGState=Dictionary(Own=Dictionary(ca=0.5))), KDP, ""),
        (with_state(ca=1, CA=1, BM=Name.Normal, SMask=Name("/None")), KDP, ""),
        # A group in which nothing is seen through is as good as none.
        (on_the_page(Group=Dictionary(S=Name.Transparency)), KDP, ""),
    ],
)
def test_what_is_seen_through(
    change: Change, requirements: PrintRequirements, expected: str, broken_interior: Break
) -> None:
    found = proved(broken_interior(four_pages(change)), requirements)
    assert [line[: len(expected)] for line in found] == ([expected] if expected else [])


def test_a_file_that_is_no_pdf_x_is_told_so_once(broken_interior: Break) -> None:
    found = proved(broken_interior(four_pages(lambda _: None)), ASKING_FOR_X)
    assert found == [
        "PRN-015 The PDF does not conform to PDF/X-1:2001: it claims no PDF/X standard."
    ]


def test_and_what_hurts_by_itself_is_told_too(broken_interior: Break) -> None:
    found = proved(broken_interior(four_pages(with_state(ca=0.5))), ASKING_FOR_X)
    assert [line[:7] for line in found] == ["PRN-015", "PRN-019"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (on_the_page(TrimBox=box(-4, 0, 356, 576)), "the trim box extends beyond the page"),
        (on_the_page(BleedBox=box(-9, -9, 369, 585)), "the bleed box extends beyond the page"),
        (
            on_the_page(BleedBox=box(4, 4, 356, 572), TrimBox=box(0, 0, 360, 576)),
            "the trim box extends beyond the bleed box",
        ),
        (
            on_the_page(CropBox=box(9, 0, 369, 576), TrimBox=box(0, 0, 360, 576)),
            "the crop box cuts off part of the printed area",
        ),
        (on_the_page(TrimBox=box(360, 576, 0, 0), BleedBox=box(0, 0, 360, 576)), ""),
        (on_the_page(TrimBox=box(0, 0, 360.005, 576)), ""),
    ],
)
def test_boxes_lie_in_each_other(change: Change, fault: str, broken_interior: Break) -> None:
    expected = [f"PRN-051 PDF page 2: {fault}."] if fault else []
    assert proved(broken_interior(change), KDP) == expected


def test_a_file_may_be_too_large(interior: Path) -> None:
    def at_most(megabytes: int) -> list[str]:
        rules = replace(KDP.profile.rules.file, maximum_mb=megabytes)
        return proved(interior, printer("kdp", file=rules))

    assert at_most(1) == []
    assert at_most(0) == ["PRN-054 The file is 0 MB; Amazon KDP accepts at most 0 MB."]


@pytest.mark.parametrize(
    ("name", "requirements", "expected"),
    [
        ("My book (2).pdf", KDP, []),
        ("Bücher-1.pdf", KDP, []),
        ("book★.pdf", KDP, ["PRN-055"]),
        ("book#1.pdf", KDP, ["PRN-055"]),
        ("book★.pdf", LULU, []),
        ("9783161484100_txt.pdf", INGRAM, []),
        ("978-3-16-148410-0_txt.pdf", INGRAM, ["PRN-056"]),
        ("9783161484100_cov.pdf", INGRAM, ["PRN-056"]),
        ("book.pdf", INGRAM, ["PRN-056"]),
        ("9783161484100_txt.pdf", replace(INGRAM, isbn="9781861972712"), ["PRN-056"]),
    ],
)
def test_the_name_of_a_file(
    name: str, requirements: PrintRequirements, expected: list[str]
) -> None:
    findings = Findings()
    check_name(Path(name), requirements.profile.rules.file.interior_name, requirements, findings)
    assert [finding.id for finding in findings] == expected


def faults(pdf: Pdf, pdf_x: str) -> list[str]:
    findings = Findings()
    check_standard(pdf, pdf_x, findings, SourceLocation("book.pdf"))
    return [finding.message.partition(": ")[2] for finding in findings]


def shown(pdf: Pdf, **entries: object) -> None:
    made = pdf.make_stream(b"")
    for key, value in entries.items():
        made[f"/{key}"] = value
    pdf.pages[1].resources["/XObject"] = Dictionary(Own=made)


def curved(name: str, curve: object) -> Change:
    def change(pdf: Pdf) -> None:
        state = Dictionary({name: curve})
        pdf.pages[1].resources["/ExtGState"] = Dictionary(Own=state)

    return change


def squeezed(pdf: Pdf) -> None:
    pdf.pages[1].obj["/Contents"] = Array([pdf.make_stream(b"", Filter=[Name.LZWDecode])])


@pytest.mark.parametrize(
    ("change", "older", "newer"),
    [
        (lambda pdf: shown(pdf, Filter=Name.LZWDecode), "LZW", "LZW"),
        (squeezed, "LZW", "LZW"),
        (lambda pdf: shown(pdf, Filter=Name.JPXDecode), "JPEG 2000", ""),
        (lambda pdf: shown(pdf, Filter=Array([Name.JBIG2Decode])), "JBIG2", ""),
        (lambda pdf: shown(pdf, Subtype=Name.PS), "PostScript", "PostScript"),
        (lambda pdf: shown(pdf, OPI=Dictionary()), "OPI", "OPI"),
        (curved("/TR", Dictionary(FunctionType=2)), "transfer curve", "transfer curve"),
        (curved("/TR2", Name.Default), "", ""),
        (curved("/TR", Name.Identity), "", ""),
    ],
)
def test_what_a_standard_forbids_in_what_is_painted(
    change: Change, older: str, newer: str, interior: Path
) -> None:
    for standard, named, word in (
        ("x-1a:2001", "PDF/X-1:2001", older),
        ("x-4", "PDF/X-4", newer),
    ):
        with pikepdf.open(interior) as pdf:
            pdf.docinfo["/GTS_PDFXVersion"] = named
            before = faults(pdf, standard)
            change(pdf)
            added = [fault for fault in faults(pdf, standard) if fault not in before]
        assert len(added) == bool(word) and word in "".join(added)
