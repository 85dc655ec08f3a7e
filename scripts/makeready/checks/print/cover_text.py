"""What is to be read on a cover: where it stands, and whether it says what the book says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from makeready.checks.reading.cover_sheet import CoverSheet, Letter, letters_in
from makeready.findings import Findings, SourceLocation
from makeready.printers.cover import CoverBox, CoverGeometry
from makeready.printers.profile import Profile

_SLACK_MM = 0.1
_MOST_SHOWN = 30


def check_spine_text(
    sheet: CoverSheet,
    geometry: CoverGeometry,
    profile: Profile,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Find text on a spine that bears none, and text that comes too near to a fold of it."""
    letters = list(_between(sheet.letters, geometry.spine))
    if not letters:
        return
    rule, room = profile.rules.spine_text, geometry.spine_text
    if room is None:
        limit = "does not allow spine text"
        if rule:
            limit = f"allows spine text only from {rule.from_pages} pages"
        findings.add(
            "COV-023",
            location,
            text=_shown(letters),
            pages=geometry.pages,
            printer=profile.title,
            limit=limit,
        )
        return
    minimum_mm = room.left_mm - geometry.spine.left_mm
    nearest_mm = min(
        min(letter.box.left_mm for letter in letters) - geometry.spine.left_mm,
        geometry.spine.right_mm - max(letter.box.right_mm for letter in letters),
    )
    if nearest_mm < minimum_mm - _SLACK_MM:
        findings.add(
            "COV-024",
            location,
            text=_shown(letters),
            distance_mm=max(nearest_mm, 0.0),
            minimum_mm=minimum_mm,
            printer=profile.title,
        )


def check_text_places(
    sheet: CoverSheet,
    geometry: CoverGeometry,
    profile: Profile,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Find text that the trim may cut or the fold may take."""
    panels = (
        ("back", geometry.back, geometry.back_safe),
        ("front", geometry.front, geometry.front_safe),
    )
    for name, panel, safe in panels:
        strays = [
            letter
            for letter in _between(sheet.letters, panel)
            if not safe.contains(letter.box, within_mm=_SLACK_MM)
            and not (
                geometry.barcode and geometry.barcode.contains(letter.box, within_mm=_SLACK_MM)
            )
        ]
        if strays:
            findings.add(
                "COV-025",
                location,
                text=_shown(strays),
                panel=name,
                minimum_mm=geometry.safety_mm,
                printer=profile.title,
            )
    # At head and foot a spine is cut as the panels are.
    spine = [
        letter
        for letter in _between(sheet.letters, geometry.spine)
        if letter.box.top_mm < geometry.front_safe.top_mm - _SLACK_MM
        or letter.box.bottom_mm > geometry.front_safe.bottom_mm + _SLACK_MM
    ]
    if spine and geometry.spine_text is not None:
        findings.add(
            "COV-025",
            location,
            text=_shown(spine),
            panel="spine",
            minimum_mm=geometry.safety_mm,
            printer=profile.title,
        )


def check_titles(
    sheet: CoverSheet,
    geometry: CoverGeometry,
    titles: Sequence[str],
    authors: Iterable[str],
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Compare title and authors with what is set on the front; spelling counts, case does not."""
    if not titles:
        return
    front = letters_in(letter.text for letter in _between(sheet.letters, geometry.front))
    if not front:
        findings.add("COV-034", location)
        return
    if not any(letters_in(title) in front for title in titles):
        findings.add("COV-032", location, title=titles[-1])
    for author in authors:
        if letters_in(author) not in front:
            findings.add("COV-033", location, author=author)


def _between(letters: Iterable[Letter], panel: CoverBox) -> Iterator[Letter]:
    return (x for x in letters if panel.left_mm <= x.middle_mm <= panel.right_mm)


def _shown(letters: Sequence[Letter]) -> str:
    text = "".join(letter.text for letter in letters)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
