"""What became of the footnotes of a text on its pages, read from the boxes of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

NOTE_LINE_PX = 16.0
_FUZZ_PX = 0.01


@dataclass(frozen=True, slots=True)
class Part:
    """A note, or what is printed of it on one page."""

    page: int
    letters: str
    lines: int


@dataclass(slots=True)
class PrintedNote:
    """A note that is called, by the page of its first call and what is printed of it."""

    number: str
    call_page: int
    letters: str
    orphans: int = 0
    widows: int = 0
    paragraphs: int = 1
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The faults found; each list has the numbers of notes, or of pages from 0."""

    pages: int
    notes: list[PrintedNote]
    lost: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)
    unordered: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    needlessly_late: list[str] = field(default_factory=list)
    covered: list[int] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Away from the call, but the call's page has no room for the first lines: no fault."""

    widowed: list[str] = field(default_factory=list)
    """With too few lines on its last page, which keeps it on the page of its call: no fault."""

    nearly_without_text: list[int] = field(default_factory=list)
    """Pages with one line of text or none above notes: no fault, if notes are that long."""

    @property
    def faults(self) -> dict[str, list[Any]]:
        """The kinds of faults there are."""
        kinds = (
            "lost",
            "cut",
            "doubled",
            "interrupted",
            "unordered",
            "orphaned",
            "needlessly_late",
            "covered",
        )
        return {kind: value for kind in kinds if (value := getattr(self, kind))}

    @property
    def divided(self) -> int:
        """How many notes are on more than one page."""
        return sum(1 for note in self.notes if len(note.parts) > 1)


def report(pages: Sequence[Any]) -> Report:
    """Compare the calls on the pages of a text with the notes printed there."""
    notes: dict[Any, PrintedNote] = {}
    parts: dict[Any, list[Part]] = {}
    styles: dict[Any, Any] = {}
    room_px: list[float] = []
    result = Report(len(pages), [])
    for index, page in enumerate(pages):
        text, area = page._page_box.children[0], area_of(page)
        for element in calls_in(text):
            if element not in notes:
                letters = letters_of("".join(element.itertext()))
                number = element.get("data-note")
                # The number that is printed before a note is not in its element.
                notes[element] = PrintedNote(number, index, number + letters)
                notes[element].paragraphs = len(element)
        for note in area.children if area else ():
            lines = sum(1 for _ in lines_of(note))
            parts.setdefault(note.element, []).append(Part(index, letters_of(text_of(note)), lines))
            styles[note.element] = note.style
        text_end = max(ends_of(text), default=0.0)
        top = page._page_box.content_box_y()
        room_px.append((area.position_y if area else top + page._page_box.height) - text_end)
        is_above = area is not None and area.position_y < top - _FUZZ_PX
        if room_px[-1] < -_FUZZ_PX or is_above:
            result.covered.append(index)
        if area and sum(1 for _ in lines_of(text)) <= 1:
            result.nearly_without_text.append(index)
    for element, note in notes.items():
        note.parts = parts.get(element, [])
        style = styles.get(element, {})
        note.orphans, note.widows = style.get("orphans", 0), style.get("widows", 0)
    result.notes = list(notes.values())
    for note in result.notes:
        _check(note, result, room_px)
    _check_order(result)
    return result


def _check(note: PrintedNote, result: Report, room_px: Sequence[float]) -> None:
    if not note.parts:
        result.lost.append(note.number)
        return
    printed = "".join(part.letters for part in note.parts)
    if printed != note.letters:
        kind = result.cut if len(printed) <= len(note.letters) else result.doubled
        kind.append(note.number)
    if any(after.page != before.page + 1 for before, after in pairwise(note.parts)):
        result.interrupted.append(note.number)
    if any(part.lines < note.orphans for part in note.parts[:-1]):
        result.orphaned.append(note.number)
    if len(note.parts) > 1 and note.parts[-1].lines < note.widows:
        result.widowed.append(note.number)
    if note.parts[0].page != note.call_page:
        is_behind = any(
            other.parts[0].page <= note.call_page < other.parts[-1].page
            for other in result.notes
            if other.parts
        )
        # Two short paragraphs have no place to divide them that leaves each its lines.
        lines = note.orphans * min(note.paragraphs, 2)
        has_room = room_px[note.call_page] >= lines * NOTE_LINE_PX
        (result.needlessly_late if has_room and not is_behind else result.late).append(note.number)


def _check_order(result: Report) -> None:
    """Check that the notes called on a page begin in the order of their calls."""
    for page in range(result.pages):
        begun = [note for note in result.notes if note.call_page == page and note.parts]
        for before, after in pairwise(begun):
            if before.parts[0].page > after.parts[0].page:
                result.unordered.append(after.number)


def area_of(page: Any) -> Any:
    """Return the area of the notes of a page, if it has any."""
    areas = (box for box in page._page_box.children if type(box).__name__ == "FootnoteAreaBox")
    return next(areas, None)


def calls_in(box: Any) -> Iterator[Any]:
    """Yield the elements of the notes called in a box."""
    for inner in box.descendants():
        tag = inner.element_tag or ""
        if type(inner).__name__ == "InlineBox" and tag.endswith("::footnote-call"):
            yield inner.element


def lines_of(box: Any) -> Iterator[Any]:
    """Yield the lines in a box, without those in another line."""
    if type(box).__name__ == "LineBox":
        yield box
        return
    for child in box.children:
        yield from lines_of(child)


def ends_of(box: Any) -> Iterator[float]:
    """Yield the lower ends of what is printed of a box: lines, borders and backgrounds."""
    for inner in box.descendants():
        is_line = type(inner).__name__ == "LineBox"
        if is_line or inner.border_left_width or inner.style["background_color"].alpha:
            yield inner.position_y + inner.margin_height() - inner.margin_bottom


def text_of(box: Any) -> str:
    """Return the text of a box."""
    texts = (inner.text for inner in box.descendants() if type(inner).__name__ == "TextBox")
    return "".join(texts)


def letters_of(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(letter for letter in text if letter.isalnum())
