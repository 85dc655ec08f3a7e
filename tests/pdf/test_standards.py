"""Interiors by the PDF/X standards, in black or in four inks."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pdf_reading import operators, poppler
from PIL import Image
from typeset_fixtures import TypesetBook, edition_of

from conftest import BOOKS
from makeready.book.model import Edition
from makeready.checks.print.interior import check_interior
from makeready.checks.print.requirements import requirements_of
from makeready.findings import Findings
from makeready.printers.print_job import print_job

_NAMES = {
    "x-1a:2001": "PDF/X-1:2001",
    "x-3:2002": "PDF/X-3:2002",
    "x-4": "PDF/X-4",
}


@pytest.fixture(scope="module")
def typeset_book(tmp_path_factory: pytest.TempPathFactory) -> TypesetBook:
    return TypesetBook(BOOKS / "garden", tmp_path_factory.mktemp("standards"))


def interior_with(typeset_book: TypesetBook, path: Path, **change: str) -> tuple[Path, Edition]:
    """Write the garden book's interior with a changed edition; return its path and edition."""
    from makeready.build.pdf_editions import link_interior  # noqa: PLC0415

    edition = replace(edition_of(typeset_book.book, "paperback"), **change)
    path.write_bytes(link_interior(typeset_book.pagination, print_job(edition)).content)
    return path, edition


def found(path: Path, edition: Edition) -> list[tuple[str, str]]:
    findings = Findings()
    check_interior(path, requirements_of(print_job(edition)), findings)
    return [(finding.id, finding.message) for finding in findings]


@pytest.mark.parametrize("standard", _NAMES)
def test_a_file_conforms_to_the_standard_it_names(
    typeset_book: TypesetBook, standard: str, tmp_path: Path
) -> None:
    path, edition = interior_with(typeset_book, tmp_path / "book.pdf", pdf_x=standard)
    assert found(path, edition) == []
    if standard != "x-4":
        # X-4 is named in the metadata only, which poppler does not read.
        assert f"PDF subtype:    {_NAMES[standard]}" in poppler("pdfinfo", path)
    with pikepdf.open(path) as pdf:
        assert pdf.pdf_version == ("1.6" if standard == "x-4" else "1.3")
        intent = pdf.Root.OutputIntents[0]
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert ("/DestOutputProfile" in intent) == (standard == "x-4")
        assert not any("/ExtGState" in page.resources for page in pdf.pages)


def _unnamed(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/GTS_PDFXVersion"]


def _of_another(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-4"
    # Nothing else that this standard requires or forbids is reported.
    del pdf.docinfo["/Trapped"]


def _two_boxes(pdf: pikepdf.Pdf) -> None:
    pdf.pages[4].obj["/ArtBox"] = pdf.pages[4].trimbox


def _no_trim(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[4].obj["/TrimBox"]


def _astray(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[4].obj
    for key in ("/MediaBox", "/BleedBox", "/TrimBox"):
        if key in page:
            left, bottom, right, top = (float(value) for value in page[key])
            page[key] = pikepdf.Array([left + 9, bottom, right + 9, top])


def _grouped(pdf: pikepdf.Pdf) -> None:
    pdf.pages[4].obj["/Group"] = pikepdf.Dictionary(S=pikepdf.Name.Transparency)


def _untrapped(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Trapped"]


def _no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def _no_condition(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents[0]["/OutputConditionIdentifier"]


def _seen_through(pdf: pikepdf.Pdf) -> None:
    state = pikepdf.Dictionary(Half=pikepdf.Dictionary(ca=0.5))
    pdf.pages[4].resources["/ExtGState"] = state
    pdf.pages[4].contents_add(b"q /Half gs Q")


@pytest.mark.parametrize(
    ("change", "identifier", "words"),
    [
        (_unnamed, "PRN-015", "no PDF/X standard"),
        (_of_another, "PRN-015", "it claims PDF/X-4"),
        (_two_boxes, "PRN-015", "exactly one of trim box and art box"),
        (_no_trim, "PRN-015", "exactly one of trim box and art box"),
        (_astray, "PRN-053", "is not at zero"),
        (_grouped, "PRN-016", "transparency is used"),
        (_untrapped, "PRN-015", "Trapped is not set"),
        (_no_intent, "PRN-015", "0 output intents"),
        (_no_condition, "PRN-015", "condition"),
        (_seen_through, "PRN-016", "transparency is used"),
    ],
)
def test_a_fault_is_one_finding(
    typeset_book: TypesetBook,
    change: Callable[[pikepdf.Pdf], None],
    identifier: str,
    words: str,
    tmp_path: Path,
) -> None:
    path, edition = interior_with(typeset_book, tmp_path / "book.pdf", pdf_x="x-1a:2001")
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        change(pdf)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    ((only, message),) = found(path, edition)
    assert only == identifier
    assert words in message


def test_a_colour_edition_is_in_cmyk(typeset_book: TypesetBook, tmp_path: Path) -> None:
    path, edition = interior_with(
        typeset_book, tmp_path / "book.pdf", ink="premium-colour", paper="white", pdf_x="x-1a:2001"
    )
    assert found(path, edition) == []
    spaces = set()
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            for _, item in page.resources.get("/XObject", {}).items():
                if item.get("/Subtype") == "/Image":
                    spaces.add(str(item.ColorSpace))
    assert "/DeviceCMYK" in spaces
    assert "/DeviceRGB" not in spaces
    assert {name for name, _ in operators(path)}.isdisjoint({"rg", "RG"})


def test_ink_stays_within_the_total_coverage() -> None:
    from makeready.pdf.inks import InkConverter  # noqa: PLC0415

    colours = Image.new("RGB", (4, 1))
    colours.putdata([(1, 0, 2), (60, 0, 0), (0, 40, 80), (255, 255, 255)])
    free = [
        sum(p)
        for p in InkConverter(black_only=False, total_percent=400)
        .image(colours)
        .get_flattened_data()
    ]
    held = [
        sum(p)
        for p in InkConverter(black_only=False, total_percent=240)
        .image(colours)
        .get_flattened_data()
    ]
    assert max(free) > 2.4 * 255
    assert max(held) <= 2.4 * 255
    assert free[3] == held[3] == 0
    assert InkConverter(black_only=False).colour(0, 0, 0) == [0, 0, 0, 1]
    assert InkConverter().colour(1, 1, 1) == [1]
