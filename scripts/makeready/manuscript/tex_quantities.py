r"""Numbers, units and quantities of siunitx: ``\num``, ``\unit``, ``\qty``, ``\ang`` and others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from makeready.manuscript.tex_macros import MacroError

NUMBER_MARK = "\ue01a"
"""Before a number, which is a text to latex2mathml."""

THIN_SPACE_MARK = "\ue01b"
"""For a thin space in a number."""
_GROUP = 3
_LEAST_GROUPED = 5
_NUMBER = re.compile(
    r"(?P<sign>[+-]|\\pm|\\mp|[<>]|\\approx|\\sim|\\le|\\ge)?"
    r"(?P<whole>\d*)(?:[.,](?P<part>\d*))?"
    r"(?:\((?P<digits>\d+)\))?"
    r"(?:(?:\+-|\\pm)(?P<deviation>\d+(?:[.,]\d+)?))?"
    r"(?:[eEdD](?P<power>[+-]?\d+))?"
)
_PRODUCT = re.compile(r"\s*(?:x|\\times)\s*")
_PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f",
    "pico": "p", "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "deca": "da",
    "deka": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P",
    "exa": "E", "zetta": "Z", "yotta": "Y", "ronna": "R", "quetta": "Q", "kibi": "Ki", "mebi": "Mi",
    "gibi": "Gi", "tebi": "Ti", "pebi": "Pi", "exbi": "Ei",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "gram": "g", "kelvin": "K", "kilogram": "kg", "metre": "m",
    "meter": "m", "mole": "mol", "second": "s", "becquerel": "Bq", "celsius": "°C",
    "degreeCelsius": "°C", "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H",
    "joule": "J", "lumen": "lm", "katal": "kat", "lux": "lx", "newton": "N", "ohm": "Ω",
    "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr",
    "tesla": "T", "volt": "V", "watt": "W", "weber": "Wb", "astronomicalunit": "au", "bel": "B",
    "dalton": "Da", "day": "d", "decibel": "dB", "electronvolt": "eV", "hectare": "ha",
    "hour": "h", "litre": "L", "liter": "L", "minute": "min", "neper": "Np", "tonne": "t",
    "degree": "°", "arcminute": "′", "arcsecond": "″", "percent": r"\%", "angstrom": "Å",
    "bar": "bar", "barn": "b", "knot": "kn", "mmHg": "mmHg", "nauticalmile": "M", "bit": "bit",
    "byte": "B", "atomicmassunit": "u", "elementarycharge": "e", "atm": "atm", "are": "a",
    "fg": "fg", "pg": "pg", "ng": "ng", "ug": "µg", "mg": "mg", "g": "g", "kg": "kg",
    "pm": "pm", "nm": "nm", "um": "µm", "mm": "mm", "cm": "cm", "dm": "dm", "m": "m", "km": "km",
    "as": "as", "fs": "fs", "ps": "ps", "ns": "ns", "us": "µs", "ms": "ms", "s": "s",
    "fmol": "fmol", "pmol": "pmol", "nmol": "nmol", "umol": "µmol", "mmol": "mmol", "mol": "mol",
    "kmol": "kmol", "pA": "pA", "nA": "nA", "uA": "µA", "mA": "mA", "A": "A", "kA": "kA",
    "ul": "µL", "ml": "mL", "l": "L", "hl": "hL", "uL": "µL", "mL": "mL", "L": "L", "hL": "hL",
    "mHz": "mHz", "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "THz": "THz",
    "mN": "mN", "N": "N", "kN": "kN", "MN": "MN", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa",
    "GPa": "GPa", "mohm": "mΩ", "kohm": "kΩ", "Mohm": "MΩ", "pV": "pV", "nV": "nV", "uV": "µV",
    "mV": "mV", "V": "V", "kV": "kV", "W": "W", "uW": "µW", "mW": "mW", "kW": "kW", "MW": "MW",
    "GW": "GW", "J": "J", "uJ": "µJ", "mJ": "mJ", "kJ": "kJ", "eV": "eV", "meV": "meV",
    "keV": "keV", "MeV": "MeV", "GeV": "GeV", "TeV": "TeV", "kWh": "kWh", "F": "F", "fF": "fF",
    "pF": "pF", "nF": "nF", "uF": "µF", "mF": "mF", "H": "H", "mH": "mH", "uH": "µH", "K": "K",
    "dB": "dB", "kibibyte": "KiB", "mebibyte": "MiB",
}  # fmt: skip
_WITHOUT_SPACE = frozenset("°′″")
_POWERS = {"squared": "2", "cubed": "3", "square": "2", "cubic": "3"}
_TIMES = frozenset({".", "~", "*"})
_PRINTED = frozenset({"/", "\\%"})
_NOT_PRINTED = frozenset({".", "~", "\\,", "{", "}"})
_GROUP_END = frozenset("}")
_PARTS_OF_ANGLE = ("°", "′", "″")

_NAMES = "num numlist numrange numproduct si unit SI qty SIrange qtyrange ang"
QUANTITIES = frozenset(f"\\{name}" for name in _NAMES.split())
"""The commands of siunitx that are read."""

_POINT = "en zh ja ko th he hi bn ta te mr gu kn ml pa ur ms ga cy mt sw fil tl my si ne"
_WITH_POINT = frozenset(_POINT.split())
_REGIONS_WITH_POINT = frozenset({"de-ch", "de-li", "it-ch", "es-mx", "es-us", "es-pr", "es-gt"})

Take = Callable[[], list[str]]


def quantity(command: str, take: Take, decimal: str) -> str:
    r"""Return the TeX of one of the commands of siunitx.

    ``take`` returns the next argument, ``decimal`` is the sign between a number's whole and part.
    """
    first = take()
    text = "".join(first)
    match command:
        case "\\si" | "\\unit":
            shown = unit(first)
        case "\\SI" | "\\qty":
            shown = _with_unit(number(text, decimal), unit(take()))
        case "\\ang":
            shown = _angle(text, decimal)
        case "\\numrange" | "\\SIrange" | "\\qtyrange":
            shown = f"{number(text, decimal)}\\text{{–}}{number(''.join(take()), decimal)}"
            if command != "\\numrange":
                shown = _with_unit(shown, unit(take()))
        case "\\numlist":
            shown = r",\ ".join(number(one, decimal) for one in text.split(";"))
        case _:
            shown = number(text, decimal)
    return shown


def decimal_sign(language: str) -> str:
    """Return the sign between the whole of a number and its part in a language."""
    tag = language.lower()
    is_point = tag.partition("-")[0] in _WITH_POINT or tag in _REGIONS_WITH_POINT
    return "." if is_point else ","


def _with_unit(value: str, of: str) -> str:
    if not of:
        return value
    is_close = any(of.startswith(rf"\text{{{sign}}}") for sign in _WITHOUT_SPACE)
    return f"{{{value}{'' if is_close else chr(92) + ','}{of}}}"


def number(text: str, decimal: str) -> str:
    """Return the TeX of a number; what is none is left as it is."""
    pieces = _PRODUCT.split(text.strip())
    found = [_NUMBER.fullmatch("".join(piece.split())) for piece in pieces]
    if not all(one and re.search(r"\d", one[0]) for one in found):
        return f"{{{text}}}"
    return r"{\times}".join(_number(one, decimal) for one in found if one)


def _number(found: re.Match[str], decimal: str) -> str:
    sign = found["sign"] or ""
    digits = _grouped(found["whole"], found["part"], decimal)
    value = f"\\text{{{NUMBER_MARK}{digits}}}" if digits else ""
    if found["digits"]:
        value += f"({found['digits']})"
    if found["deviation"]:
        whole, _, part = found["deviation"].replace(",", ".").partition(".")
        value += rf"\pm\text{{{NUMBER_MARK}{_grouped(whole, part or None, decimal)}}}"
        if found["power"]:
            value = f"({value})"
    if found["power"]:
        power = found["power"].removeprefix("+")
        value += (r"\times " if value else "") + f"10^{{{power}}}"
    return f"{{{sign}{value}}}"


def _grouped(whole: str, part: str | None, decimal: str) -> str:
    """Return digits in groups of three, if there are five or more on a side."""
    if not whole and part is None:
        return ""
    whole = whole or "0"
    if len(whole) >= _LEAST_GROUPED:
        first = len(whole) % _GROUP
        groups = [whole[:first], *(whole[n : n + _GROUP] for n in range(first, len(whole), _GROUP))]
        whole = THIN_SPACE_MARK.join(filter(None, groups))
    if not part:
        return whole
    if len(part) >= _LEAST_GROUPED:
        part = THIN_SPACE_MARK.join(part[n : n + _GROUP] for n in range(0, len(part), _GROUP))
    return f"{whole}{decimal}{part}"


def _angle(text: str, decimal: str) -> str:
    parts = text.split(";")
    if len(parts) > len(_PARTS_OF_ANGLE):
        raise MacroError("\\ang has more than degrees, minutes and seconds")
    return "".join(
        f"{number(part, decimal)}\\text{{{sign}}}"
        for part, sign in zip(parts, _PARTS_OF_ANGLE, strict=False)
        if part.strip()
    )


def unit(tokens: Sequence[str]) -> str:
    """Return the TeX of a unit: by the names of siunitx, or as it is printed (``kg.m/s^2``)."""
    names = [token for token in tokens if token[0] == "\\" and token[1:].isalpha()]
    if not names:
        return _literal_unit("".join(tokens))
    return r"\,".join(_units(iter([token for token in tokens if not token.isspace()])))


def _literal_unit(text: str) -> str:
    pieces = re.findall(r"\\%|\^\{[^{}]*\}|\^-?\d|\^.|[A-Za-zµμΩ°%Å]+|[.~*]|\S", text)
    shown: list[str] = []
    for piece in pieces:
        if piece[0] == "^":
            shown.append(f"^{{{piece[1:].strip('{}')}}}")
        elif piece in _TIMES:
            shown.append(r"\,")
        elif piece in _PRINTED:
            shown.append(f"\\text{{{piece}}}" if piece != "/" else piece)
        elif all(sign.isalpha() or sign in "°%" for sign in piece):
            shown.append("\\text{" + piece.replace("%", "\\%") + "}")
        else:
            shown.append(piece)
    return "".join(shown)


def _units(tokens: Iterator[str]) -> Iterator[str]:
    prefix, power, is_below = "", "", False
    shown = ""
    for token in tokens:
        name = token.removeprefix("\\")
        if name in {"squared", "cubed", "tothe"}:
            shown = _raised(shown, _POWERS.get(name) or _argument(tokens))
        elif name in _POWERS or name == "raiseto":
            power = _POWERS.get(name) or _argument(tokens)
        elif name == "per" or name in _UNITS:
            yield from filter(None, [shown])
            shown = ""
            if name == "per":
                is_below = True
                continue
            shown = f"\\text{{{prefix}{_UNITS[name]}}}"
            if is_below or power:
                shown += f"^{{{'-' if is_below else ''}{power or 1}}}"
            prefix, power, is_below = "", "", False
        elif name in _PREFIXES:
            prefix = _PREFIXES[name]
        elif token.isalpha() or token in _PRINTED:
            shown += f"\\text{{{token}}}" if token.isalpha() else token
        elif token not in _NOT_PRINTED:
            raise MacroError(f"the unit {token} is not known")
    yield from filter(None, [shown])


def _raised(shown: str, exponent: str) -> str:
    """Return a unit to a power: the sign of one below stays."""
    base, _, before = shown.partition("^")
    return f"{base}^{{{'-' if before.startswith('{-') else ''}{exponent}}}"


def _argument(tokens: Iterator[str]) -> str:
    first = next(tokens, "")
    if first != "{":
        return first
    taken: list[str] = []
    for token in tokens:
        if token in _GROUP_END:
            break
        taken.append(token)
    return "".join(taken)
