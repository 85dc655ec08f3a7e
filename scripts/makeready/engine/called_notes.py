"""The footnotes called on the pages of a section, compared with those that are printed there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes

from makeready.findings import Findings, SourceLocation

_CALL = "::footnote-call"


class _Call(NamedTuple):
    """The first call of a note: its page, counted from 0, and the location of the note."""

    page: int
    location: SourceLocation


class _Part(NamedTuple):
    """The letters of a note on one page."""

    page: int
    letters: str


@dataclass(slots=True)
class CalledNotes:
    """A comparison of calls and notes; ``notes`` are the notes of the section before layout.

    Only the finished pages are read, so that it does not depend on how notes are laid out.
    """

    notes: Sequence[Any]
    _calls: dict[Any, _Call] = field(default_factory=dict)
    _parts: dict[Any, list[_Part]] = field(default_factory=dict)
    _heads: dict[Any, set[Any]] = field(default_factory=dict)
    """The heads of tables in each note, which are repeated on each page."""

    def record(self, box: Any, page: int, location: SourceLocation) -> None:
        """Record a box of a page, if it is a call or the area of the notes."""
        if isinstance(box, boxes.FootnoteAreaBox):
            for note, letters in self._notes_in(box).items():
                self._parts.setdefault(note, []).append(_Part(page, letters))
        elif (
            box.element is not None
            and isinstance(box, boxes.InlineBox)
            and (box.element_tag or "").endswith(_CALL)
        ):
            self._calls.setdefault(box.element, _Call(page, location))

    def _notes_in(self, area: Any) -> dict[Any, str]:
        """Return the letters of each note in an area, which may be blocks or within lines."""
        elements = {note.element for note in self.notes}
        found: dict[Any, str] = {}
        boxes_left = list(reversed(area.children))
        while boxes_left:
            box = boxes_left.pop()
            if box.element in elements:
                heads = self._heads.setdefault(box.element, set())
                found[box.element] = found.get(box.element, "") + _letters(box, heads)
            else:
                boxes_left.extend(reversed(box.children))
        return found

    def report(self, source_path: str, overflowing: Collection[str], findings: Findings) -> None:
        """Report notes that are lost, doubled or on a later page than their call.

        ``overflowing`` are the numbers of notes that are reported as too large for a page.
        """
        letters = {note.element: _letters(note, set()) for note in self.notes}
        for element in letters:
            if element in self._calls:
                continue
            location = SourceLocation(source_path, int(element.get("data-line") or 0) or None)
            findings.add("LAY-013", location, number=_shown_number(element))
        for element, call in self._calls.items():
            number = _shown_number(element)
            parts = self._parts.get(element, [])
            if not parts and self._is_shared(element, call):
                continue
            printed = "".join(part.letters for part in parts)
            expected = letters.get(element, printed)
            if not parts or len(printed) < len(expected):
                findings.add("LAY-013", call.location, number=number)
            elif printed != expected or (not expected and len(parts) > 1):
                findings.add("LAY-014", call.location, number=number)
            elif parts[0].page != call.page and element.get("data-note") not in overflowing:
                findings.add("LAY-006", call.location, number=number)

    def _is_shared(self, element: Any, call: _Call) -> bool:
        """Return whether the page of a further call has the note, or the note's earlier call."""
        number = element.get("data-note")
        return number is not None and any(
            other is not element
            and other.get("data-note") == number
            and call.page in (self._calls[other].page, *(part.page for part in parts))
            for other, parts in self._parts.items()
            if other in self._calls
        )


def _shown_number(note: Any) -> str:
    """Return the number of a note as it is printed."""
    return str(note.get("data-number") or note.get("data-note") or "")


def _letters(box: Any, heads: set[Any]) -> str:
    """Return the letters and digits of the text in a box, without generated content.

    Heads of tables that are in ``heads`` are left out; others are added to it.
    """
    return "".join(letter for text in _texts(box, heads) for letter in text if letter.isalnum())


def _texts(box: Any, heads: set[Any]) -> Iterator[str]:
    """Yield the texts in a box, in order, with the hyphens at the ends of lines."""
    if isinstance(box, boxes.TextBox):
        yield box.text
    for child in box.children:
        if isinstance(child, boxes.TableRowGroupBox) and (child.is_header or child.is_footer):
            if child.is_footer or child.element in heads:
                continue
            heads.add(child.element)
        if "::" not in (child.element_tag or ""):
            yield from _texts(child, heads)
