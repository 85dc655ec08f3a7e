"""Checks of a cover's text: its position, and whether it has the book's title and authors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from makeready.checks.reading.rendered_cover import Letter, RenderedCover, comparable_text
from makeready.findings import Findings, SourceLocation
from makeready.printers.cover import CoverBox, CoverGeometry
from makeready.printers.profile import Profile

_TOLERANCE_MM = 0.1
_SHOWN_LETTERS = 30


def check_spine_text(
    rendered: RenderedCover,
    geometry: CoverGeometry,
    profile: Profile,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Report text on a spine that may have none, and text too near to a fold."""
    letters = list(_between(rendered.letters, geometry.spine))
    if not letters:
        return
    rule, text_area = profile.rules.spine_text, geometry.spine_text
    if text_area is None:
        limit = "does not allow spine text"
        if rule:
            limit = f"allows spine text only from {rule.from_pages} pages"
        findings.add(
            "COV-023",
            location,
            text=_shortened(letters),
            pages=geometry.pages,
            printer=profile.title,
            limit=limit,
        )
        return
    minimum_mm = text_area.left_mm - geometry.spine.left_mm
    nearest_mm = min(
        min(letter.box.left_mm for letter in letters) - geometry.spine.left_mm,
        geometry.spine.right_mm - max(letter.box.right_mm for letter in letters),
    )
    if nearest_mm < minimum_mm - _TOLERANCE_MM:
        findings.add(
            "COV-024",
            location,
            text=_shortened(letters),
            distance_mm=max(nearest_mm, 0.0),
            minimum_mm=minimum_mm,
            printer=profile.title,
        )


def check_text_positions(
    rendered: RenderedCover,
    geometry: CoverGeometry,
    profile: Profile,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Report text outside the safe areas of the panels."""
    panels = (
        ("back", geometry.back, geometry.back_safe),
        ("front", geometry.front, geometry.front_safe),
    )
    for name, panel, safe in panels:
        unsafe = [
            letter
            for letter in _between(rendered.letters, panel)
            if not safe.contains(letter.box, within_mm=_TOLERANCE_MM)
            and not (
                geometry.barcode and geometry.barcode.contains(letter.box, within_mm=_TOLERANCE_MM)
            )
        ]
        if unsafe:
            findings.add(
                "COV-025",
                location,
                text=_shortened(unsafe),
                panel=name,
                minimum_mm=geometry.safety_mm,
                printer=profile.title,
            )
    # The safe area of the panels ends at the same height on the spine.
    spine = [
        letter
        for letter in _between(rendered.letters, geometry.spine)
        if letter.box.top_mm < geometry.front_safe.top_mm - _TOLERANCE_MM
        or letter.box.bottom_mm > geometry.front_safe.bottom_mm + _TOLERANCE_MM
    ]
    if spine and geometry.spine_text is not None:
        findings.add(
            "COV-025",
            location,
            text=_shortened(spine),
            panel="spine",
            minimum_mm=geometry.safety_mm,
            printer=profile.title,
        )


def check_titles(
    rendered: RenderedCover,
    geometry: CoverGeometry,
    titles: Sequence[str],
    authors: Iterable[str],
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Report a title or author that is missing on the front; spelling counts, case does not."""
    if not titles:
        return
    front = comparable_text(letter.text for letter in _between(rendered.letters, geometry.front))
    if not front:
        findings.add("COV-034", location)
        return
    if not any(comparable_text(title) in front for title in titles):
        findings.add("COV-032", location, title=titles[-1])
    for author in authors:
        if comparable_text(author) not in front:
            findings.add("COV-033", location, author=author)


def _between(letters: Iterable[Letter], panel: CoverBox) -> Iterator[Letter]:
    return (x for x in letters if panel.left_mm <= x.middle_mm <= panel.right_mm)


def _shortened(letters: Sequence[Letter]) -> str:
    text = "".join(letter.text for letter in letters)
    return text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]}…"
