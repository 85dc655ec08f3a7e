"""Shared reading of PDFs: opening a file, page sizes, fonts, and pages as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf

from makeready.findings import Findings, SourceLocation

_TOLERANCE_PT = 0.5
_SUBSET = re.compile(r"[A-Z]{6}\+")
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_QUARTER_TURNS = (90, 270)
_LONGEST_UNIT_PT = 1_000_000

Size = tuple[float, float]
"""Width and height, in points."""


@contextmanager
def open_pdf(path: Path, findings: Findings) -> Iterator[pikepdf.Pdf | None]:
    """Yield an open PDF; report one that cannot be read, and yield None."""
    location = SourceLocation(path.name)
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        findings.add("PRN-012", location)
        yield None
        return
    except (pikepdf.PikepdfError, OSError) as error:
        findings.add("PRN-013", location, reason=error_text(error, path))
        yield None
        return
    with pdf:
        yield pdf


_UNREADABLE = frozenset({"PRN-012", "PRN-013", "PRN-052"})


def report_unmeasurable(reason: str, findings: Findings, location: SourceLocation) -> None:
    """Report that pages cannot be measured, unless the file was reported as unreadable."""
    if _UNREADABLE.isdisjoint(finding.id for finding in findings):
        findings.add("PRN-052", location, reason=reason)


def error_text(error: Exception, path: Path) -> str:
    """Return the message of a library's error, without the folder of the file."""
    return str(error).replace(str(path), path.name).rstrip(".") or type(error).__name__


def pages_text(numbers: Iterable[int]) -> str:
    """Name pages by their numbers from 1: ``page 4``, ``pages 1–3, 7``."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    text = ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in ranges)
    return f"pages {text}" if len(ranges) > 1 or "–" in text else f"page {text}"


def check_page_size(
    pdf: pikepdf.Pdf,
    trim: Size,
    findings: Findings,
    location: SourceLocation,
    with_bleed: Size | None = None,
    *,
    may_be_turned: bool = False,
) -> None:
    """Report the pages that do not have the trim size, or the size with bleed if it is given.

    Sizes are in points, compared within half a point. A trim box has the trim size, or is equal
    to the media box. A page that ``may_be_turned`` is as wide as the others are high.
    """
    wrong: dict[Size, list[int]] = defaultdict(list)
    size = with_bleed or trim
    for number, page in enumerate(pdf.pages, start=1):
        media, trimmed = box_size_pt(page, "media"), box_size_pt(page, "trim")
        sizes = [media, box_size_pt(page, "crop")]
        if trimmed != media and with_bleed is None:
            sizes.append(trimmed)
        for one in dict.fromkeys(sizes):
            is_turned = may_be_turned and is_same_size(one, (size[1], size[0]))
            if not (is_same_size(one, size) or is_turned):
                wrong[one].append(number)
        if with_bleed is not None and trimmed != media and not is_same_size(trimmed, trim):
            wrong[trimmed].append(number)
    for (width_pt, height_pt), numbers in wrong.items():
        findings.add(
            "PRN-001",
            location,
            pages=pages_text(numbers),
            width=width_pt,
            height=height_pt,
            trim=f"{trim[0]:g} × {trim[1]:g} pt",
            bleed=f", with bleed {size[0]:g} × {size[1]:g} pt" if with_bleed else "",
        )


def is_same_size(one: Size, other: Size) -> bool:
    """Return whether two sizes in points are equal within half a point."""
    return all(abs(a - b) <= _TOLERANCE_PT for a, b in zip(one, other, strict=True))


def user_unit(page: pikepdf.Page) -> float:
    """Return the length of a page's unit in points; 1 where it is given as no positive number."""
    unit = page.obj.get("/UserUnit", 1)
    is_length = isinstance(unit, int | Decimal) and 0 < unit < _LONGEST_UNIT_PT
    return float(unit) if is_length else 1.0


def box_size_pt(page: pikepdf.Page, box: str) -> Size:
    """Return the width and height of a page's ``media``, ``crop``, ``bleed`` or ``trim`` box.

    In points as viewed: rotated, and scaled by the page's ``UserUnit``.
    """
    unit = user_unit(page)
    left, bottom, right, top = (float(value) for value in getattr(page, f"{box}box"))
    width, height = round(abs(right - left) * unit, 2), round(abs(top - bottom) * unit, 2)
    return (height, width) if page.rotation % 360 in _QUARTER_TURNS else (width, height)


def program_of(font: Any) -> Any:
    """Return the font whose program is embedded: the descendant of a composite font, or itself."""
    if font.get("/Subtype") != "/Type0":
        return font
    descendants = font.get("/DescendantFonts")
    is_listed = isinstance(descendants, pikepdf.Array) and len(descendants)
    return descendants[0] if is_listed else font


def font_name(font: pikepdf.Dictionary) -> str:
    """Return a font's name without a subset tag."""
    name = str(font.get("/BaseFont", font.get("/Name", "/(no name)"))).removeprefix("/")
    return _SUBSET.sub("", name, count=1)


def is_embedded(font: pikepdf.Dictionary) -> bool:
    """Return whether a font is embedded."""
    descriptor = font.get("/FontDescriptor")
    return descriptor is not None and any(key in descriptor for key in _FONT_FILES)


def is_subset(font: pikepdf.Dictionary) -> bool:
    """Return whether a font's name has a subset tag."""
    return _SUBSET.match(str(font.get("/BaseFont", "")).removeprefix("/")) is not None
