"""Fonts that the text of drawings names and the book does not have."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.model import Resource
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font


def report_missing_families(
    images: Sequence[Resource], fonts: Sequence[Font], findings: Findings
) -> None:
    """Report each font family that a drawing names first, where the book has none of its list."""
    available = {font.family.lower() for font in fonts}
    reported: set[str] = set()
    for image in images:
        for families in image.families:
            family = families[0]
            if available.isdisjoint(map(str.lower, families)) and family.lower() not in reported:
                reported.add(family.lower())
                findings.add("IMG-010", SourceLocation(image.path), family=family)
