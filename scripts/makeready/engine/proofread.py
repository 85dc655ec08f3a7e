"""Findings of a proofreader on typeset pages: missing glyphs, wrong fonts, text off the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category, name

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import create_layout, line_size

from makeready.book.model import BLEED
from makeready.engine.called_notes import CalledNotes
from makeready.engine.turned_lines import turned_over
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font, fallback_font
from makeready.fonts.scripts import Script, family_hint, is_language_of, script_of_text

_PT_PER_PX = 0.75
_TOLERANCE_PX = 0.75
_SIDES = ("left", "right", "top", "bottom")
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WITHOUT_GLYPH = (
    _VARIATION_SELECTORS
    | _TAGS
    | _DIRECTIONS
    | frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
MISSING_GLYPHS, LAST_RESORT, SMALL_CAPITALS = "LAY-003", "LAY-040", "LAY-041"
_SMALL_CAPITALS = frozenset({"small-caps", "all-small-caps", "petite-caps", "all-petite-caps"})
_OTHER_LETTERS = (
    "Use another character, or name a family that has it in the book's styles/fonts.toml, under "
    "[scripts], or for a sign among the symbols of [roles]."
)
_FEW_LINES = 4
_MANY_NOTE_LINES = 12
_LOOSEST_EM = 0.8
"""The most space that justification may add to a word space, which is about a quarter em."""

_QUOTED_LETTERS = 30
_SMALLEST_CODE_PT = 7

FontKey = tuple[str, str, int]


@dataclass(slots=True)
class Proofreader:
    """A checker of typeset pages; ``fonts`` are all the fonts there are."""

    fonts: Sequence[Font]
    findings: Findings
    _by_key: Mapping[FontKey, Font] = field(init=False)
    _fallbacks: Mapping[str, Font] = field(init=False)
    """A font of each family that sets other scripts, which seldom have bold and italic fonts."""

    _loose: set[SourceLocation] = field(default_factory=set)
    _overflows: dict[tuple[SourceLocation, str], tuple[float, str]] = field(default_factory=dict)
    """The largest overflow of a block over a side, in pixels, and what overflows."""

    _overflowing_notes: set[str] = field(default_factory=set)
    _turned: Counter[SourceLocation] = field(default_factory=Counter)
    _code_sizes_pt: dict[SourceLocation, float] = field(default_factory=dict)
    _missing: dict[tuple[str, Font], tuple[SourceLocation, Script | None, dict[str, None]]] = field(
        default_factory=dict
    )
    """By a script, or by a sign and its place, and by font: where the first is, and the letters."""

    _last_resort: dict[tuple[Script, Font], tuple[SourceLocation, str]] = field(
        default_factory=dict
    )
    _ordinary: dict[str, tuple[SourceLocation, str]] = field(default_factory=dict)
    """By family, the first text that asks for small capitals which the family lacks."""

    _printed: dict[tuple[FontKey, str], set[str]] = field(default_factory=dict)
    """The letters that each font has, or that need no glyph, of those looked for so far.

    They are by the language too, which says what script a letter is of.
    """

    def __post_init__(self) -> None:
        self._by_key = {(f.family, f.style, f.weight): f for f in self.fonts}
        self._fallbacks = {f.family: f for f in reversed(self.fonts) if f.is_fallback}

    def check_pages(
        self, source_path: str, pages: Sequence[Page], notes: Sequence[Any] = ()
    ) -> None:
        """Check the pages of one section and its notes, with findings in ``source_path``."""
        called_notes = CalledNotes(notes)
        notes_of_lines: list[list[str]] = []
        for index, page in enumerate(pages):
            notes_of_lines.append([])
            text_area = _TextArea(page._page_box)
            for box, line, note in walk_boxes(page._page_box):
                location = SourceLocation(source_path, line)
                if isinstance(box, boxes.TextBox):
                    self._check_letters(box, location)
                if isinstance(box, boxes.LineBox):
                    notes_of_lines[-1].append(note)
                    self._check_looseness(box, location)
                if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
                    self._check_overflow(box, text_area, location, note)
                called_notes.record(box, index, location)
                if turned_over(box):
                    self._turned[location] += 1
                    self._code_sizes_pt[location] = box.style["font_size"] * _PT_PER_PX
            self._check_margin_boxes(page._page_box, source_path)
        self._report_missing()
        self._report_overflows()
        for location, lines in self._turned.items():
            smaller = _set_smaller(self._code_sizes_pt[location])
            self.findings.add("LAY-017", location, lines=lines, smaller=smaller)
        self._turned.clear()
        called_notes.report(source_path, self._overflowing_notes, self.findings)
        self._check_fullness(source_path, pages, notes_of_lines)

    def _check_letters(self, box: Any, location: SourceLocation) -> None:
        """Check that the requested font exists and has a glyph for each letter.

        The engine takes another font, or fakes a bold or italic one, without a warning.
        """
        family, style, weight = key = _font_key(box)
        font = self._by_key.get(key) or self._fallbacks.get(family)
        if font is None:
            self.findings.add(
                "LAY-004",
                location,
                family=family,
                style=style,
                weight=weight,
                text=_quoted(box.text),
            )
            return
        self._check_small_capitals(box, font, location)
        language = box.style["lang"] or ""
        printed = self._printed.setdefault((key, language), set())
        if printed.issuperset(box.text):
            return
        for letter in dict.fromkeys(box.text):
            if (
                letter in _WITHOUT_GLYPH
                or category(letter) == "Zs"
                or ord(letter) in font.characters
            ):
                printed.add(letter)
                continue
            fallback = fallback_font(letter, self.fonts)
            script = script_of_text(letter, language)
            if fallback is None:
                # A script is missing once, a sign wherever it is.
                what = script.name if script else f"{location}: {letter}"
                missing = self._missing.setdefault((what, font), (location, script, {}))
                missing[-1][letter] = None
                continue
            printed.add(letter)
            if (
                fallback.is_last_resort
                and script is not None
                and letter.isalpha()
                and is_language_of([script.code], language)
            ):
                self._last_resort.setdefault((script, fallback), (location, _quoted(box.text)))

    def _check_small_capitals(self, box: Any, font: Font, location: SourceLocation) -> None:
        """Check that a font has the small capitals that a text asks for."""
        caps = box.style["font_variant_caps"]
        if caps not in _SMALL_CAPITALS or font.has_small_capitals:
            return
        if any(letter.islower() or caps != "small-caps" for letter in box.text if letter.isalpha()):
            self._ordinary.setdefault(font.family, (location, _quoted(box.text)))

    def _check_overflow(
        self, box: Any, text_area: _TextArea, location: SourceLocation, note: str
    ) -> None:
        """Check that a text or image box is within the text area."""
        if getattr(box, "text", "x").strip() == "":
            return
        if text_area.bleeds and isinstance(box, boxes.ReplacedBox):
            return
        overflow = text_area.overflow_px(box)
        if overflow is None:
            return
        side, distance_px = overflow
        self._overflowing_notes.add(note)
        what = _quoted(box.text) if isinstance(box, boxes.TextBox) else "An image"
        key = (location, side)
        if distance_px > self._overflows.get(key, (0.0, ""))[0]:
            self._overflows[key] = (distance_px, what)

    def _check_margin_boxes(self, page_box: Any, source_path: str) -> None:
        """Check that running heads and folios do not run off the page."""
        for margin in page_box.children:
            if not isinstance(margin, boxes.MarginBox):
                continue
            for box in margin.descendants():
                if isinstance(box, boxes.TextBox):
                    self._check_letters(box, SourceLocation(source_path))
                over_px = max(-box.position_y, -box.position_x)
                if isinstance(box, boxes.TextBox) and box.text.strip() and over_px > 0:
                    key = (SourceLocation(source_path), "top")
                    self._overflows[key] = (over_px, f"The running head {_quoted(box.text)}")

    def _check_looseness(self, line: Any, location: SourceLocation) -> None:
        """Check the word spaces of a justified line; report a block once."""
        texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
        loose = any(
            box.justification_spacing > 0
            and box.justification_spacing > _LOOSEST_EM * box.style["font_size"]
            for box in texts
        )
        if loose and location not in self._loose:
            self._loose.add(location)
            text = "".join(box.text for box in texts)
            self.findings.add("LAY-011", location, text=_quoted(text))

    def _report_missing(self) -> None:
        """Report the letters without a glyph, one finding for each script and font.

        And the texts that are set in a font of last resort, or without their small capitals.
        """
        for (_, font), (location, script, letters) in self._missing.items():
            first = next(iter(letters))
            self.findings.add(
                MISSING_GLYPHS,
                location,
                characters=", ".join(list(letters)[:_QUOTED_LETTERS]),
                first="the first is " if len(letters) > 1 else "",
                code=f"U+{ord(first):04X}",
                name=name(first, "no name").lower(),
                family=font.family,
                style=font.style,
                how=f"For {script.name}: {family_hint(script)}" if script else _OTHER_LETTERS,
            )
        for (one, fallback), (location, text) in self._last_resort.items():
            values = {"script": one.name, "family": fallback.family, "how": family_hint(one)}
            self.findings.add(LAST_RESORT, location, text=text, **values)
        for family, (location, text) in self._ordinary.items():
            self.findings.add(SMALL_CAPITALS, location, text=text, family=family)
        self._missing.clear()
        self._last_resort.clear()
        self._ordinary.clear()

    def _report_overflows(self) -> None:
        """Report the largest overflow of each block over each side."""
        for (location, side), (distance_px, content) in self._overflows.items():
            distance_pt = f"{distance_px * _PT_PER_PX:.0f}"
            self.findings.add(
                "LAY-005", location, side=side, distance_pt=distance_pt, content=content
            )
        self._overflows.clear()

    def _check_fullness(
        self, source_path: str, pages: Sequence[Page], notes_of_lines: Sequence[Sequence[str]]
    ) -> None:
        """Check that no page but the first has only a few lines of text.

        ``notes_of_lines`` has for each line of a page the number of its note, as `walk_boxes`.
        """
        for number, (page, notes) in enumerate(zip(pages[1:], notes_of_lines[1:], strict=True), 2):
            lines = notes.count("")
            if lines >= _FEW_LINES or not self._overflowing_notes.isdisjoint(filter(None, notes)):
                continue
            is_last = number == len(pages)
            if is_last and lines:
                if not _bleeds(page._page_box):
                    self.findings.add("LAY-007", SourceLocation(source_path), lines=lines)
            elif len(notes) - lines >= (1 if is_last else _MANY_NOTE_LINES):
                line = next(line for _, line, note in walk_boxes(page._page_box) if note)
                location = SourceLocation(source_path, line)
                self.findings.add("LAY-012", location, lines=lines, notes=len(set(notes) - {""}))


class _TextArea:
    """The edges that text must stay within on one page, in the engine's pixels."""

    def __init__(self, page_box: Any) -> None:
        self.left = page_box.content_box_x()
        self.right = self.left + page_box.width
        self.top = page_box.content_box_y()
        self.bottom = page_box.margin_height() - page_box.margin_bottom
        self.bleeds = _bleeds(page_box)

    def overflow_px(self, box: Any) -> tuple[str, float] | None:
        """Return the side that a box overflows farthest and by how much, or None."""
        top, bottom = box.position_y, box.position_y + (box.height or 0)
        # A text box may be taller than its line, so half of it must be outside to count.
        slack_px = (bottom - top) / 2 if isinstance(box, boxes.TextBox) else _TOLERANCE_PX
        distances_px = (
            self.left - box.position_x - _TOLERANCE_PX,
            _right_edge(box, self.right) - self.right - _TOLERANCE_PX,
            self.top - top - slack_px,
            bottom - self.bottom - slack_px,
        )
        farthest_px = max(distances_px)
        return (_SIDES[distances_px.index(farthest_px)], farthest_px) if farthest_px > 0 else None


def _right_edge(box: Any, limit: float) -> float:
    """Return the right edge of what a box shows: spaces at a line's end may hang beyond it.

    ``limit`` is where it matters: a box that ends before it, or at it, is not measured again.
    """
    right: float = box.position_x + box.width
    text = getattr(box, "text", "")
    if right <= limit + _TOLERANCE_PX or text == text.rstrip():
        return right
    layout = create_layout(text.rstrip(), box.style, None, None, box.justification_spacing)
    line, _ = layout.get_first_line()
    width, _ = line_size(line, box.style)
    return float(box.position_x + width)


def _bleeds(page_box: Any) -> bool:
    """Whether a page is one of a figure that runs off the page."""
    return bool(page_box.page_type.name == BLEED)


def walk_boxes(page_box: Any) -> Iterator[tuple[Any, int | None, str]]:
    """Yield the boxes of a page without margin boxes, in document order.

    Each comes with its source line and the number of the footnote that it is in (empty if none).
    """
    stack: list[tuple[Any, int | None, str]] = [(page_box, None, "")]
    while stack:
        box, line, note = stack.pop()
        # The engine wraps absolutely positioned boxes in placeholders.
        box = getattr(box, "_box", box)
        if isinstance(box, boxes.MarginBox):
            continue
        if box.element is not None:
            own_line = box.element.get("data-line") or ""
            line = int(own_line) if own_line.isdigit() else line
            if not (box.element_tag or "").endswith("::footnote-call"):
                note = note or box.element.get("data-note") or ""
        yield box, line, note
        children = getattr(box, "children", ())
        stack.extend((child, line, note) for child in reversed(children))


def _font_key(box: Any) -> FontKey:
    style = box.style
    return style["font_family"][0], style["font_style"], int(style["font_weight"])


def _set_smaller(size_pt: float) -> str:
    """Return the words of a hint to set code smaller, none if it is as small as can be read."""
    smaller_pt = max(_SMALLEST_CODE_PT, round(size_pt * 0.9, 1))
    if smaller_pt >= size_pt:
        return ""
    return f", or set code smaller in a style of the book: pre {{ font-size: {smaller_pt:g}pt }}"


def _quoted(text: str) -> str:
    text = " ".join(text.replace("\u200b", "").split())
    return f"“{text[:_QUOTED_LETTERS]}…”" if len(text) > _QUOTED_LETTERS else f"“{text}”"
