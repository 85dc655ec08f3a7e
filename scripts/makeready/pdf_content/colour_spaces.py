"""Colour spaces as a PDF declares them, and the inks that a colour in one of them takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pikepdf

from makeready.pdf_content.resources import entry, name_text

_DEEPEST_BASE = 8
"""A broken file may base a space on itself."""
_ABBREVIATIONS = {
    "G": "DeviceGray",
    "RGB": "DeviceRGB",
    "CMYK": "DeviceCMYK",
    "I": "Indexed",
}
_CHANNELS = {"DeviceGray": 1, "CalGray": 1, "DeviceCMYK": 4}
_BASED_ON_SECOND = frozenset({"Indexed", "Pattern"})
_SPOT = frozenset({"Separation", "DeviceN"})
_PROCESS = frozenset({"Cyan", "Magenta", "Yellow", "Black", "None", "All"})


class InkUse(Enum):
    """The inks that a colour takes."""

    NONE = "none"
    BLACK = "black"
    FULL = "one ink"
    TINT = "a tint"
    MIXED = "several inks"
    UNKNOWN = "unknown"
    """A colour for a screen, or a pattern: the file does not say which inks it becomes."""


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """A colour space: its family, the inks it names, and what it is based on."""

    family: str
    channels: int = 3
    names: tuple[str, ...] = ()
    base: ColourSpace | None = None

    @property
    def is_ink(self) -> bool:
        """Whether its colours are grey or CMYK themselves."""
        return self.family in ("DeviceGray", "DeviceCMYK")

    @property
    def label(self) -> str:
        """The family; a grey with a profile has a name of its own."""
        return "ICCBased grey" if (self.family, self.channels) == ("ICCBased", 1) else self.family

    @property
    def is_cmyk(self) -> bool:
        """Whether its colours are CMYK, with a profile or without."""
        return (
            self.family in ("DeviceCMYK", "ICCBased") and self.channels == _CHANNELS["DeviceCMYK"]
        )

    @property
    def spots(self) -> tuple[str, ...]:
        """The inks it names besides the four process inks."""
        return tuple(name for name in self.names if name not in _PROCESS)

    def parts(self) -> Iterator[ColourSpace]:
        """Yield the space and those it is based on."""
        yield self
        if self.base is not None:
            yield from self.base.parts()


GREY, RGB, CMYK = (
    ColourSpace("DeviceGray", 1),
    ColourSpace("DeviceRGB"),
    ColourSpace("DeviceCMYK", 4),
)


def read_colour_space(given: Any, resources: Any, depth: int = 0) -> ColourSpace | None:
    """Read a space, given by name or as an array; return None for a mask, which has none."""
    if given is None or depth > _DEEPEST_BASE:
        return None
    if isinstance(given, pikepdf.Array):
        return _read_array(list(given), resources, depth + 1) if len(given) else None
    named = entry(resources, "/ColorSpace", given)
    if named is not None and named != given:
        return read_colour_space(named, resources, depth + 1)
    return _simple_space(_family(name_text(given)))


def _read_array(given: list[Any], resources: Any, depth: int) -> ColourSpace:
    # A broken file may leave out elements of the array.
    kind, second, third = (*given, None, None)[:3]
    family = _family(name_text(kind))
    if family in _BASED_ON_SECOND:
        return ColourSpace(family, 1, base=read_colour_space(second, resources, depth))
    if family in _SPOT:
        inks = second if isinstance(second, pikepdf.Array) else [second]
        names = tuple(name_text(name).removeprefix("/") for name in inks)
        return ColourSpace(family, len(names), names, read_colour_space(third, resources, depth))
    if family == "ICCBased":
        channels = entry(second, "/N")
        return ColourSpace(family, int(channels) if isinstance(channels, int) else 3)
    return _simple_space(family)


def ink_use(space: ColourSpace | None, values: Sequence[Any]) -> InkUse:
    """Return the inks that a colour takes; ``values`` are the operands it is chosen with."""
    try:
        amounts = [float(value) for value in values]
    except (TypeError, ValueError):
        return InkUse.UNKNOWN
    if space is None or not amounts or space.family == "Indexed":
        return InkUse.UNKNOWN
    if not space.names and space.channels == _CHANNELS["DeviceGray"]:
        return _use_of_amounts([("Black", 1 - amounts[0])])
    if not space.names and space.channels != _CHANNELS["DeviceCMYK"]:
        return InkUse.UNKNOWN
    return _use_of_named_inks(space.names or ("Cyan", "Magenta", "Yellow", "Black"), amounts)


def _use_of_named_inks(names: Sequence[str], amounts: Sequence[float]) -> InkUse:
    if "All" in names:
        return InkUse.MIXED if any(amounts) else InkUse.NONE
    pairs = zip(names, amounts, strict=False)
    return _use_of_amounts([(name, amount) for name, amount in pairs if name != "None"])


def _use_of_amounts(pairs: Sequence[tuple[str, float]]) -> InkUse:
    used = [(name, amount) for name, amount in pairs if amount > 0]
    if not used:
        return InkUse.NONE
    if len(used) > 1:
        return InkUse.MIXED
    ((name, amount),) = used
    if amount < 1:
        return InkUse.TINT
    return InkUse.BLACK if name == "Black" else InkUse.FULL


def _family(name: str) -> str:
    name = name.removeprefix("/")
    return _ABBREVIATIONS.get(name, name)


def _simple_space(family: str) -> ColourSpace:
    return ColourSpace(family, _CHANNELS.get(family, 3))
