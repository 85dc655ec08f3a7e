"""The barcode of a book: an EAN-13 of its ISBN, with the price as an EAN-5 add-on.

Measures at magnification 1 are GS1's nominal ones (specifications section 4.3). Digits are drawn
as strokes, so that no font is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor

from stdnum import isbn as stdnum_isbn

from makeready.cover.digits import DIGIT_WIDTH, STROKE_WIDTH, Stroke, digit_strokes
from makeready.errors import UsageError
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH

_MODULE_MM = 0.33
_BAR_MM, _GUARD_MM, _DIGIT_MM, _DIGIT_GAP_MM = 22.85, 24.5, 2.75, 0.33
_QUIET_LEFT, _QUIET_RIGHT, _QUIET_PRICE = 11, 7, 5
# GS1 allows 7 to 10 modules between the two symbols.
_PRICE_GAP = 9
_LEAST_MAGNIFICATION, _MOST_MAGNIFICATION = 0.8, 2.0
_PT_PER_MM = PT_PER_INCH / MM_PER_INCH

# EAN-13's set A; set C is its complement, set B that read backwards.
_SET_A = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_COMPLEMENT = str.maketrans("01", "10")
_SET_C = tuple(code.translate(_COMPLEMENT) for code in _SET_A)
_SET_B = tuple(code[::-1] for code in _SET_C)
# The sets of the six left digits, by the first digit, which is not drawn as bars.
_FIRST_DIGIT = (
    "AAAAAA",
    "AABABB",
    "AABBAB",
    "AABBBA",
    "ABAABB",
    "ABBAAB",
    "ABBBAA",
    "ABABAB",
    "ABABBA",
    "ABBABA",
)
# The sets of the five digits of an add-on, by its check value.
_PRICE_CHECK = (
    "BBAAA",
    "BABAA",
    "BAABA",
    "BAAAB",
    "ABBAA",
    "AABBA",
    "AAABB",
    "ABABA",
    "ABAAB",
    "AABAB",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A dark bar; positions are from the symbol's upper left corner."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit below or above the bars, by its upper left corner and its height."""

    text: str
    left_mm: float
    top_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class BarcodeSymbol:
    """A barcode with its quiet zones, which must stay white; no background is drawn."""

    isbn: str
    price: str
    width_mm: float
    height_mm: float
    bars: tuple[Bar, ...]
    digits: tuple[Digit, ...]

    @property
    def isbn_text(self) -> str:
        """The hyphenated ISBN, as it is printed above the bars."""
        return f"ISBN {stdnum_isbn.format(self.isbn)}"

    def svg(self, colour: str = "black") -> str:
        """Return it as an SVG in its true size; for print use ``device-cmyk(0 0 0 1)``."""
        bars = "".join(
            f"M{b.left_mm:.4f} {b.top_mm:.4f}h{b.width_mm:.4f}v{b.height_mm:.4f}h-{b.width_mm:.4f}z"
            for b in self.bars
        )
        strokes = "".join(
            f'<path d="{_svg_path(digit)}" stroke-width="{digit.height_mm * STROKE_WIDTH:.4f}"/>'
            for digit in self.digits
        )
        width, height = f"{self.width_mm:.4f}", f"{self.height_mm:.4f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
            f'viewBox="0 0 {width} {height}"><path fill="{colour}" d="{bars}"/>'
            f'<g fill="none" stroke="{colour}" stroke-linecap="round" stroke-linejoin="round">'
            f"{strokes}</g></svg>"
        )

    def pdf_operators(self, left_pt: float, bottom_pt: float) -> bytes:
        """Return PDF operators that draw it in black ink, by its lower left corner on the page."""
        lines = [
            "q 0 0 0 1 k 0 0 0 1 K 1 J 1 j",
            f"{_PT_PER_MM:.6f} 0 0 {-_PT_PER_MM:.6f} {left_pt:.4f} "
            f"{bottom_pt + self.height_mm * _PT_PER_MM:.4f} cm",
            *(
                f"{b.left_mm:.4f} {b.top_mm:.4f} {b.width_mm:.4f} {b.height_mm:.4f} re"
                for b in self.bars
            ),
            "f",
        ]
        for digit in self.digits:
            lines.append(f"{digit.height_mm * STROKE_WIDTH:.4f} w")
            for letter, points in _positioned_strokes(digit):
                numbers = " ".join(f"{x:.4f} {y:.4f}" for x, y in points)
                lines.append(f"{numbers} {letter.lower()}")
            lines.append("S")
        lines.append("Q\n")
        return "\n".join(lines).encode("ascii")


def isbn_barcode(isbn: str, price: str = "", *, magnification: float = 1.0) -> BarcodeSymbol:
    """Return the barcode of an ISBN; ``price`` is the five digits of an add-on, or empty.

    An ISBN-10 is converted to its ISBN-13. Raises UsageError for an invalid ISBN, a price that is
    not five digits, and a magnification outside 0.8 to 2.
    """
    if not stdnum_isbn.is_valid(isbn):
        raise UsageError(
            f"“{isbn}” is not an ISBN.", "Check its digits; the last one is a check digit."
        )
    if price and not re.fullmatch(r"[0-9]{5}", price):
        raise UsageError(f"“{price}” is not a price code.", "Give five digits, for example 51995.")
    if not _LEAST_MAGNIFICATION <= magnification <= _MOST_MAGNIFICATION:
        raise UsageError(
            f"A barcode at {magnification:.0%} of its size may not scan.",
            f"Use {_LEAST_MAGNIFICATION:.0%} to {_MOST_MAGNIFICATION:.0%}.",
        )
    number = str(stdnum_isbn.to_isbn13(stdnum_isbn.compact(isbn)))
    drawing = _Drawing(magnification)
    drawing.draw_isbn(number)
    if price:
        drawing.draw_price(price)
    return BarcodeSymbol(
        isbn=number,
        price=price,
        width_mm=drawing.width_mm,
        height_mm=(_BAR_MM + _DIGIT_GAP_MM + _DIGIT_MM) * magnification,
        bars=tuple(drawing.bars),
        digits=tuple(drawing.digits),
    )


def fitting_magnification(width_mm: float, height_mm: float, price: str = "") -> float | None:
    """Return the largest magnification, up to 1, at which a barcode fits an area.

    It is a multiple of 0.01; None if no magnification that can be scanned fits.
    """
    modules = _QUIET_LEFT + 95 + (_PRICE_GAP + 47 + _QUIET_PRICE if price else _QUIET_RIGHT)
    full_width_mm = modules * _MODULE_MM
    full_height_mm = _BAR_MM + _DIGIT_GAP_MM + _DIGIT_MM
    largest = min(1.0, width_mm / full_width_mm, height_mm / full_height_mm)
    fitting = floor(largest * 100 + 1e-9) / 100
    return fitting if fitting >= _LEAST_MAGNIFICATION else None


def ean13_modules(number: str) -> str:
    """Return the 95 modules of an EAN-13 as a string, 1 for dark."""
    sets = _FIRST_DIGIT[int(number[0])]
    left = "".join(
        (_SET_A if code_set == "A" else _SET_B)[int(digit)]
        for code_set, digit in zip(sets, number[1:7], strict=True)
    )
    right = "".join(_SET_C[int(digit)] for digit in number[7:])
    return f"101{left}01010{right}101"


def ean5_modules(price: str) -> str:
    """Return the 47 modules of an EAN-5 add-on as a string, 1 for dark."""
    digits = [int(digit) for digit in price]
    check = (3 * sum(digits[::2]) + 9 * sum(digits[1::2])) % 10
    codes = (
        (_SET_A if code_set == "A" else _SET_B)[digit]
        for code_set, digit in zip(_PRICE_CHECK[check], digits, strict=True)
    )
    return "1011" + "01".join(codes)


@dataclass
class _Drawing:
    """A symbol in the making; ``modules`` is its width so far, and positions are in modules."""

    magnification: float
    bars: list[Bar] = field(default_factory=list)
    digits: list[Digit] = field(default_factory=list)
    modules: int = 0

    @property
    def width_mm(self) -> float:
        return self.modules * _MODULE_MM * self.magnification

    def draw_isbn(self, number: str) -> None:
        code = ean13_modules(number)
        for start, length in _runs(code):
            # The guard bars at both ends and in the middle extend down between the digits.
            guard = start < 3 or start >= 92 or 45 <= start < 50  # noqa: PLR2004
            self._bar(_QUIET_LEFT + start, length, 0.0, _GUARD_MM if guard else _BAR_MM)
        positions = [2, *(14 + 7 * n for n in range(6)), *(61 + 7 * n for n in range(6))]
        for digit, position in zip(number, positions, strict=True):
            self._digit(digit, position, _BAR_MM + _DIGIT_GAP_MM)
        self.modules = _QUIET_LEFT + len(code) + _QUIET_RIGHT

    def draw_price(self, price: str) -> None:
        first = self.modules - _QUIET_RIGHT + _PRICE_GAP
        code, top_mm = ean5_modules(price), _DIGIT_MM + _DIGIT_GAP_MM
        for start, length in _runs(code):
            self._bar(first + start, length, top_mm, _GUARD_MM - top_mm)
        for number, digit in enumerate(price):
            self._digit(digit, first + 4 + 9 * number, 0.0)
        self.modules = first + len(code) + _QUIET_PRICE

    def _bar(self, start: int, length: int, top_mm: float, height_mm: float) -> None:
        scale, module_mm = self.magnification, _MODULE_MM * self.magnification
        self.bars.append(
            Bar(start * module_mm, top_mm * scale, length * module_mm, height_mm * scale)
        )

    def _digit(self, text: str, position: int, top_mm: float) -> None:
        scale = self.magnification
        spare_mm = 7 * _MODULE_MM - DIGIT_WIDTH * _DIGIT_MM
        left_mm = position * _MODULE_MM + spare_mm / 2
        self.digits.append(Digit(text, left_mm * scale, top_mm * scale, _DIGIT_MM * scale))


def _runs(code: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the length of each run of dark modules."""
    for match in re.finditer("1+", code):
        yield match.start(), len(match[0])


def _positioned_strokes(digit: Digit) -> Iterator[Stroke]:
    """Yield a digit's strokes at their position in the symbol."""
    for letter, points in digit_strokes(digit.text):
        yield (
            letter,
            tuple(
                (digit.left_mm + x * digit.height_mm, digit.top_mm + y * digit.height_mm)
                for x, y in points
            ),
        )


def _svg_path(digit: Digit) -> str:
    return "".join(
        letter + " ".join(f"{x:.4f} {y:.4f}" for x, y in points)
        for letter, points in _positioned_strokes(digit)
    )
