"""Checks of a file as a whole: page count, blank pages, nesting of boxes, size, name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pikepdf

from makeready.checks.print.pdfx import claims
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import pages_text
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.boxes import Box, read_box


def check_page_count(
    count: int, requirements: PrintRequirements, findings: Findings, location: SourceLocation
) -> None:
    """Check a page count against the printer's minimum, maximum and multiple."""
    least, most = requirements.least_pages(), requirements.most_pages()
    multiple = requirements.profile.page_multiple
    values = {"count": count, "printer": requirements.printer}
    if least is not None and count < least:
        findings.add("PRN-003", location, minimum=least, **values)
    elif most is not None and count > most:
        findings.add("PRN-023", location, maximum=most, **values)
    elif count % multiple:
        rule = "PRN-022" if requirements.profile.fills_up else "PRN-002"
        findings.add(rule, location, multiple=multiple, **values)


def check_blanks(
    blank: Mapping[int, bool],
    count: int,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Check that the last page is blank, if it must be, and blank pages in a row.

    ``blank`` has the pages that were measured, by their numbers from 1.
    """
    if requirements.profile.last_page_blank and not blank.get(count, True):
        findings.add("PRN-024", location, printer=requirements.printer)
    rule = requirements.profile.rules.blanks
    if rule is None:
        return
    run: list[int] = []
    for number in range(1, count + 2):
        if blank.get(number):
            run.append(number)
            continue
        at_end = number == count + 1
        most = rule.maximum_at_end if at_end else rule.maximum_run
        if len(run) > most:
            findings.add(
                "PRN-025",
                location,
                pages=pages_text(run),
                maximum=most,
                printer=requirements.printer,
            )
        run = []


_EXACT_PT = 0.01


def check_nesting(
    pdf: pikepdf.Pdf, requirements: PrintRequirements, findings: Findings, location: SourceLocation
) -> None:
    """Report the pages with a box that extends beyond the box around it.

    If the file names a standard, media boxes that do not begin at zero are reported too.
    """
    faults: dict[str, list[int]] = defaultdict(list)
    shifted: list[int] = []
    for number, page in enumerate(pdf.pages, start=1):
        for fault in _nesting_faults(page):
            faults[fault].append(number)
        media = read_box(page.mediabox)
        if max(abs(media.left), abs(media.bottom)) > _EXACT_PT:
            shifted.append(number)
    for fault, numbers in faults.items():
        findings.add("PRN-051", location, pages=pages_text(numbers), reason=fault)
    if shifted and claims(pdf, requirements.pdf_x):
        findings.add("PRN-053", location, pages=pages_text(shifted))


def _nesting_faults(page: pikepdf.Page) -> Iterator[str]:
    media = read_box(page.mediabox)
    crop, bleed, trim = (
        read_box(page.obj[key]) if key in page.obj else None
        for key in ("/CropBox", "/BleedBox", "/TrimBox")
    )
    if bleed is not None and not _contains(media, bleed):
        yield "the bleed box extends beyond the page"
    if trim is not None and not _contains(media, trim):
        yield "the trim box extends beyond the page"
    elif trim is not None and bleed is not None and not _contains(bleed, trim):
        yield "the trim box extends beyond the bleed box"
    printed = bleed or trim
    # What extends beyond the page was reported above.
    if (
        crop is not None
        and printed is not None
        and not _contains(crop, printed.intersection(media))
    ):
        yield "the crop box cuts off part of the printed area"


def _contains(outer: Box, inner: Box) -> bool:
    return outer.contains(inner, tolerance_pt=_EXACT_PT)


MEGABYTE = 1_000_000
_PLAIN_NAME = re.compile(r"[\w .()-]+")
_ANY_ISBN = "97[89][0-9]{10}"


def check_file_size(path: Path, requirements: PrintRequirements, findings: Findings) -> None:
    """Report an interior that is larger than the printer accepts."""
    megabytes, most = path.stat().st_size / MEGABYTE, requirements.profile.rules.file.maximum_mb
    if most is not None and megabytes > most:
        values = {"megabytes": megabytes, "maximum": most, "printer": requirements.printer}
        findings.add("PRN-054", SourceLocation(path.name), **values)


def check_name(
    path: Path, pattern: str, requirements: PrintRequirements, findings: Findings
) -> None:
    """Check the name of an external file; ``pattern`` contains ``{isbn}``, or is empty."""
    location, values = (
        SourceLocation(path.name),
        {"name": path.name, "printer": requirements.printer},
    )
    expected = re.escape(pattern).replace(re.escape("{isbn}"), requirements.isbn or _ANY_ISBN)
    if pattern and not re.fullmatch(expected, path.name):
        findings.add("PRN-056", location, expected=pattern.format(isbn="<ISBN>"), **values)
    elif requirements.profile.rules.file.plain_names and not _PLAIN_NAME.fullmatch(path.name):
        findings.add("PRN-055", location, **values)
