"""The sizes that authors give images: read from attributes, written as CSS lengths.

An image gets the attributes ``width``, ``max-width`` and ``height``, as CSS lengths, or fewer. A
height is turned into a width where the image's proportions are known, so that the image keeps
them where its column is narrower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation

SIZES = ("width", "max-width", "height")
"""The attributes of an image in a normalised tree, named as in CSS."""

_LENGTH = re.compile(
    r"(?P<number>\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})\s*(?P<unit>px|%|cm|mm|in|pt|pc|em|rem)?",
    re.IGNORECASE | re.ASCII,
)
_PX = {"px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96 / 72, "pc": 16.0}
_UNSET = frozenset({"", "auto", "none", "initial", "inherit", "100%"})
_FULL_PERCENT = 100
_HARMLESS = frozenset({"max-width", "max-height"})


@dataclass(frozen=True, slots=True)
class Length:
    """A CSS length or percentage."""

    number: float
    unit: str

    @property
    def px(self) -> float | None:
        """The length in CSS pixels, 96 to the inch; None of one that is relative."""
        factor = _PX.get(self.unit)
        return None if factor is None else self.number * factor

    def times(self, factor: float) -> Length:
        """Return a multiple of the length."""
        return Length(self.number * factor, self.unit)

    def __str__(self) -> str:
        number = f"{self.number:.4f}".rstrip("0").rstrip(".")
        return f"{number}{self.unit}"


def read_length(text: str) -> Length | None:
    """Return the length that an attribute gives, in pixels without a unit; None if it is none."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None or not (number := float(match["number"])):
        return None
    return Length(number, (match["unit"] or "px").lower())


def set_sizes(image: Element, ratio: float, location: SourceLocation, findings: Findings) -> None:
    """Write the size of an image as CSS lengths; ``ratio`` is width by height, 0 if unknown.

    A value that is no length is reported and left out.
    """
    given = {side: image.attrib.pop(side, "") for side in ("width", "height")}
    given |= _read_style(image, location, findings)
    lengths: dict[str, Length] = {}
    for side, text in given.items():
        value = str(text).strip()
        if value.lower() in ("", "auto"):
            continue
        length = read_length(value)
        if length is None:
            findings.add("IMG-011", location, side=side, value=value[:60])
        else:
            lengths[side] = length
    for name, length in _css(lengths.get("width"), lengths.get("height"), ratio).items():
        image.set(name, str(length))


def take_size_style(image: Element, page_height: str) -> str:
    """Take the sizes of a normalised image, and return them as CSS declarations.

    ``page_height`` is the CSS form of a height in percent of the page's, with ``{share}`` and
    ``{percent}`` to be filled in.
    """
    declarations = []
    for name in SIZES:
        value = str(image.attrib.pop(name, ""))
        if name == "height" and (length := read_length(value)) is not None:
            if length.unit == "%":
                share = length.number / _FULL_PERCENT
                value = page_height.format(share=share, percent=length.number)
            # Where the column is narrower, the image would be distorted.
            value = f"{value};object-fit:contain"
        if value:
            declarations.append(f"{name}:{value}")
    return ";".join(declarations)


def _css(width: Length | None, height: Length | None, ratio: float) -> dict[str, Length]:
    """Return the CSS properties that give an image at most a width and a height."""
    if width is not None and width.unit == "%":
        width = Length(min(width.number, _FULL_PERCENT), "%")
    if width is None or height is None:
        side, length = ("width", width) if height is None else ("height", height)
        if length is None:
            return {}
        known = side == "height" and ratio and length.unit != "%"
        return {"width": length.times(ratio)} if known else {side: length}
    if height.unit == "%":
        # As in browsers, a height in percent counts only where there is no width.
        return {"width": width}
    if not ratio:
        return {"width": width, "height": height}
    return _narrower(width, height.times(ratio)) or {"width": width, "height": height}


def _narrower(width: Length, other: Length) -> dict[str, Length]:
    """Return the CSS properties for the narrower of two widths; none if it is not known."""
    if width.unit == "%":
        return {"width": width, "max-width": other}
    if width.unit == other.unit:
        return {"width": min(width, other, key=lambda length: length.number)}
    if width.px is None or other.px is None:
        return {}
    return {"width": width if width.px <= other.px else other}


def _read_style(image: Element, location: SourceLocation, findings: Findings) -> dict[str, str]:
    """Take the width and height out of a ``style`` attribute; report one with anything else."""
    given: dict[str, str] = {}
    is_reported = False
    for declaration in str(image.attrib.pop("style", "")).split(";"):
        name, _, value = (part.strip().lower() for part in declaration.partition(":"))
        if name in ("width", "height"):
            given[name] = value
        elif name and not is_reported and not (name in _HARMLESS and value in _UNSET):
            is_reported = True
            findings.add("MAN-016", location, attribute="style", element="img")
    return given
