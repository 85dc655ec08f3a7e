"""What a proofreader would see on the pages: missing letters, false fonts, text off the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category, name

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

from makeready.book.model import BLEED
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font

_TOLERANCE_PX = 0.75
_UNPRINTED = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufeff")
_FEW_LINES = 4
_MANY_NOTE_LINES = 12
_LOOSEST_EM = 0.8
"""Space added to a word space; a natural one is about a quarter of an em."""

_SHOWN_LETTERS = 30

FontKey = tuple[str, str, int]


@dataclass(slots=True)
class Proofreader:
    """Reads typeset pages; ``fonts`` are all the fonts there are."""

    fonts: Sequence[Font]
    findings: Findings
    _by_key: Mapping[FontKey, Font] = field(init=False)
    _loose: set[SourceLocation] = field(default_factory=set)
    _beyond: dict[tuple[SourceLocation, str], tuple[float, str]] = field(default_factory=dict)
    _moved: dict[str, SourceLocation] = field(default_factory=dict)
    _cut_off: set[str] = field(default_factory=set)
    _missing: dict[tuple[SourceLocation, str, Font], dict[str, None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key = {(f.family, f.style, f.weight): f for f in self.fonts}

    def read(self, source_path: str, pages: Sequence[Page]) -> None:
        """Read the pages of one section; findings are placed in its source."""
        calls: dict[str, int] = {}
        for index, page in enumerate(pages):
            frame = _Frame(page._page_box)
            for box, line, note in _walk(page._page_box):
                location = SourceLocation(source_path, line)
                if isinstance(box, boxes.TextBox):
                    self._check_letters(box, location)
                    self._check_looseness(box, location)
                if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
                    self._check_place(box, frame, location, note)
                self._check_note(box, index, calls, location)
            self._check_head(page._page_box, source_path)
        self._report_missing()
        self._report_beyond()
        self._report_moved()
        self._check_fullness(source_path, pages)

    def _check_letters(self, box: Any, location: SourceLocation) -> None:
        family, style, weight = _font_key(box)
        font = self._by_key.get((family, style, weight))
        if font is None:
            self.findings.add(
                "LAY-004",
                location,
                family=family,
                style=style,
                weight=weight,
                text=_shown(box.text),
            )
            return
        for letter in dict.fromkeys(box.text):
            if letter in _UNPRINTED or category(letter) == "Zs":
                continue
            if ord(letter) not in font.characters:
                key = (location, _script_of(letter), font)
                self._missing.setdefault(key, {})[letter] = None

    def _check_place(self, box: Any, frame: _Frame, location: SourceLocation, note: str) -> None:
        if getattr(box, "text", "x").strip() == "":
            return
        if frame.is_run_off and isinstance(box, boxes.ReplacedBox):
            return
        beyond = frame.beyond(box)
        if beyond is None:
            return
        side, distance_px = beyond
        self._cut_off.add(note)
        what = _shown(box.text) if isinstance(box, boxes.TextBox) else "an image"
        key = (location, side)
        if distance_px > self._beyond.get(key, (0.0, ""))[0]:
            self._beyond[key] = (distance_px, what)

    def _check_head(self, page_box: Any, source_path: str) -> None:
        """Check that running heads and folios stay in the margins they stand in."""
        for margin in page_box.children:
            if not isinstance(margin, boxes.MarginBox):
                continue
            for box in margin.descendants():
                over_px = max(-box.position_y, -box.position_x)
                if isinstance(box, boxes.TextBox) and box.text.strip() and over_px > 0:
                    key = (SourceLocation(source_path), "top")
                    self._beyond[key] = (over_px, f"The running head {_shown(box.text)}")

    def _check_looseness(self, box: Any, location: SourceLocation) -> None:
        loose = box.justification_spacing > _LOOSEST_EM * box.style["font_size"]
        if loose and location not in self._loose:
            self._loose.add(location)
            self.findings.add("LAY-011", location, text=_shown(box.text))

    def _report_missing(self) -> None:
        """Report the letters that have no glyph, a block and a script at a time."""
        for (location, _, font), letters in self._missing.items():
            first = next(iter(letters))
            self.findings.add(
                "LAY-003",
                location,
                letters=", ".join(list(letters)[:_SHOWN_LETTERS]),
                first="the first is " if len(letters) > 1 else "",
                code=f"U+{ord(first):04X}",
                name=name(first, "no name").lower(),
                family=font.family,
                style=font.style,
            )
        self._missing.clear()

    def _report_beyond(self) -> None:
        """Report what runs over an edge, a block and an edge at a time: what does so farthest."""
        for (location, side), (distance_px, what) in self._beyond.items():
            distance = f"{distance_px * 0.75:.0f} pt"
            self.findings.add("LAY-005", location, side=side, distance=distance, what=what)
        self._beyond.clear()

    def _report_moved(self) -> None:
        """Report the notes that are away from their calls, but those that no page can hold."""
        for number, location in self._moved.items():
            if number not in self._cut_off:
                self.findings.add("LAY-006", location, number=number)

    def _check_note(
        self, box: Any, index: int, calls: dict[str, int], location: SourceLocation
    ) -> None:
        tag = box.element_tag or ""
        if box.element is None or not isinstance(box, boxes.InlineBox):
            return
        number = box.element.get("data-note") or ""
        if tag.endswith("::footnote-call"):
            calls.setdefault(number, index)
        elif tag.endswith("::footnote-marker") and calls.get(number, index) != index:
            self._moved.setdefault(number, location)

    def _check_fullness(self, source_path: str, pages: Sequence[Page]) -> None:
        """Check that each page has lines of the text, and not little but notes."""
        for number, page in enumerate(pages[1:], 2):
            notes = [n for b, _, n in _walk(page._page_box) if isinstance(b, boxes.LineBox)]
            lines = notes.count("")
            if lines >= _FEW_LINES or not self._cut_off.isdisjoint(filter(None, notes)):
                continue
            if number == len(pages):
                if lines and not _is_run_off(page._page_box):
                    self.findings.add("LAY-007", SourceLocation(source_path), lines=lines)
            elif len(notes) - lines >= _MANY_NOTE_LINES:
                at_line = next(line for _, line, note in _walk(page._page_box) if note)
                place = SourceLocation(source_path, at_line)
                self.findings.add("LAY-012", place, lines=lines, notes=len(set(notes) - {""}))


class _Frame:
    """The four edges that text must keep within on one page, in the engine's pixels."""

    def __init__(self, page_box: Any) -> None:
        self.left = page_box.content_box_x()
        self.right = self.left + page_box.width
        self.top = page_box.content_box_y()
        self.bottom = page_box.margin_height() - page_box.margin_bottom
        self.is_run_off = _is_run_off(page_box)

    def beyond(self, box: Any) -> tuple[str, float] | None:
        """Return the side a box sticks out on and by how much, or None."""
        top, bottom = box.position_y, box.position_y + (box.height or 0)
        # A line's box may be taller than its line; only whole lines beyond the edge count.
        slack_px = (bottom - top) / 2 if isinstance(box, boxes.TextBox) else _TOLERANCE_PX
        distances = {
            "left": self.left - box.position_x - _TOLERANCE_PX,
            "right": box.position_x + box.width - self.right - _TOLERANCE_PX,
            "top": self.top - top - slack_px,
            "bottom": bottom - self.bottom - slack_px,
        }
        side = max(distances, key=distances.__getitem__)
        return (side, distances[side]) if distances[side] > 0 else None


def _is_run_off(page_box: Any) -> bool:
    """Tell whether a page is one of a figure that runs off it."""
    return bool(page_box.page_type.name == BLEED)


def _walk(page_box: Any) -> Iterator[tuple[Any, int | None, str]]:
    """Walk the boxes of a page's text, each with its source line and the note it is in."""
    stack: list[tuple[Any, int | None, str]] = [(page_box, None, "")]
    while stack:
        current, at_line, note = stack.pop()
        current = getattr(current, "_box", current)
        if isinstance(current, boxes.MarginBox):
            continue
        if current.element is not None:
            given = current.element.get("data-line") or ""
            at_line = int(given) if given.isdigit() else at_line
            if not (current.element_tag or "").endswith("::footnote-call"):
                note = note or current.element.get("data-note") or ""
        yield current, at_line, note
        children = getattr(current, "children", ())
        stack.extend((child, at_line, note) for child in reversed(children))


def _font_key(box: Any) -> FontKey:
    style = box.style
    return style["font_family"][0], style["font_style"], int(style["font_weight"])


def _script_of(letter: str) -> str:
    """Return the script of a letter as its name begins (GREEK, CJK); a sign's is its own."""
    return name(letter, letter).split()[0] if letter.isalpha() else letter


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:_SHOWN_LETTERS]}…”" if len(text) > _SHOWN_LETTERS else f"“{text}”"
