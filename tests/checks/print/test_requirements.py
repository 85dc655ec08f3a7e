"""What is asked of a file from elsewhere: its trim and its standard are read off it."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Pdf

from makeready.checks.print.requirements import requirements_for
from makeready.printers.unsupported import UnsupportedError

INCH = 72


def pages(width_in: float, height_in: float) -> Pdf:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(width_in * INCH, height_in * INCH))
    return pdf


def _trim_box(pdf: Pdf) -> None:
    pdf.pages[0].obj["/TrimBox"] = Array([9, 9, 369, 585])


def _turned(pdf: Pdf) -> None:
    pdf.pages[0].obj["/MediaBox"] = Array([0, 0, 648, 432])
    pdf.pages[0].rotate(90, relative=False)


@pytest.mark.parametrize(
    ("printer", "paper", "change", "trim"),
    [
        ("kdp", (6, 9), None, (6, 9)),
        ("kdp", (6.125, 9.25), None, (6, 9)),
        ("lulu", (6.25, 9.25), None, (6, 9)),
        ("kdp", (5.2, 8.1), None, (5.2, 8.1)),
        ("kdp", (6, 9), _trim_box, (5, 8)),
        ("kdp", (6, 9), _turned, (6, 9)),
    ],
)
def test_the_trim_is_read_off_the_page(
    printer: str,
    paper: tuple[float, float],
    change: Callable[[Pdf], None] | None,
    trim: tuple[float, float],
) -> None:
    pdf = pages(*paper)
    if change:
        change(pdf)
    found = requirements_for(pdf, printer).trim
    assert found == pytest.approx([side * INCH for side in trim])


def _x3(pdf: Pdf) -> None:
    pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-3:2002"


def _x4(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"


@pytest.mark.parametrize(
    ("printer", "change", "standard"),
    [
        ("kdp", None, "none"),
        ("kdp", _x3, "x-3:2002"),
        ("kdp", _x4, "x-4"),
        ("ingramspark", None, "x-1a:2001"),
        ("ingramspark", _x3, "x-3:2002"),
        ("ingramspark", _x4, "x-1a:2001"),
    ],
)
def test_the_standard_is_the_one_it_names(
    printer: str, change: Callable[[Pdf], None] | None, standard: str
) -> None:
    pdf = pages(6, 9)
    if change:
        change(pdf)
    assert requirements_for(pdf, printer).pdf_x == standard


def test_what_the_printer_does_not_make_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="no paper"):
        requirements_for(pages(6, 9), "kdp", paper="vellum")
    with pytest.raises(UnsupportedError, match="Unknown printer"):
        requirements_for(pages(6, 9), "kpd")


def test_limits_of_pages() -> None:
    cream = requirements_for(pages(6, 9), "kdp", paper="cream")
    assert (cream.least_pages(), cream.most_pages()) == (24, 776)
    # Paper was not said: the least of its binding is all there is to hold it to.
    unsaid = requirements_for(pages(6, 9), "kdp")
    assert (unsaid.least_pages(), unsaid.most_pages()) == (24, None)


def test_a_file_without_pages_has_no_size() -> None:
    assert requirements_for(pikepdf.new(), "kdp").trim == (0, 0)
