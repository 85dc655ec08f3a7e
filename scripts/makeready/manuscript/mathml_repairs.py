"""MathML by latex2mathml 3.81 made right: what it nests wrongly, and what readers do not show.

MathML Core, which browsers read, has no styles of letters but the letters of Unicode themselves.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from unicodedata import lookup, normalize
from unicodedata import name as name_of

from makeready.manuscript.tex_dialect import NAME_MARK, TABLE_MARK

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
FUNCTION_SPACE = "function"
"""The class of a space after the name of a function."""

RULES = "class"
"""The attribute of a table with its lines, where it has any: ``-|c|c|`` and those of its rows."""

_ARGUMENTS = {
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "mfrac": 2,
    "mroot": 2,
    "msubsup": 3,
    "munderover": 3,
}
_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_WITH_LIMITS = frozenset(
    {"lim", "max", "min", "sup", "inf", "det", "gcd", "Pr", "limsup", "liminf", "injlim", "projlim"}
)
_SMALL = frozenset({"mfrac", *_ARGUMENTS, "msqrt"}) - {"munder", "mover", "munderover"}
_SOLIDUS = "\u29f8"
_NOT = "\u0338"
_NARROW = "\u2006"
# As latex2mathml 3.81 leaves them after \\big.
_ESCAPED = {
    "\\{": "{",
    "\\}": "}",
    "\\|": "‖",
    "\\lbrace": "{",
    "\\rbrace": "}",
    "\\uparrow": "↑",
    "\\downarrow": "↓",
    "\\updownarrow": "↕",
    "\\Uparrow": "⇑",
    "\\Downarrow": "⇓",
    "\\Updownarrow": "⇕",
}
_STYLES = {
    "bold": "MATHEMATICAL BOLD",
    "italic": "MATHEMATICAL ITALIC",
    "bold-italic": "MATHEMATICAL BOLD ITALIC",
    "double-struck": "MATHEMATICAL DOUBLE-STRUCK",
    "script": "MATHEMATICAL SCRIPT",
    "bold-script": "MATHEMATICAL BOLD SCRIPT",
    "fraktur": "MATHEMATICAL FRAKTUR",
    "bold-fraktur": "MATHEMATICAL BOLD FRAKTUR",
    "sans-serif": "MATHEMATICAL SANS-SERIF",
    "sans-serif-bold": "MATHEMATICAL SANS-SERIF BOLD",
    "monospace": "MATHEMATICAL MONOSPACE",
}
# Letters that Unicode had before it had the others of their style.
_EARLIER = {
    ("italic", "h"): "ℎ",
    **{("double-struck", one): other for one, other in zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)},
    **{("script", one): other for one, other in zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)},
    **{("fraktur", one): other for one, other in zip("CHIRZ", "ℭℌℑℜℨ", strict=True)},
}
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_WIDTH = re.compile(r"\s*(-?(?:\d+\.?\d*|\.\d+))\s*(mu|em|ex|in|cm|mm|pt|pc|px)")
_RULE = "0.06em solid"
_MARKED = re.compile(f"{TABLE_MARK}(-?[|lcr]+){TABLE_MARK}")


def repair(root: ET.Element, *, is_displayed: bool) -> None:
    """Make MathML right, in place."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in list(root.iter()):
        name = _name(element)
        if name in _ARGUMENTS:
            _nest(element, _ARGUMENTS[name])
        elif name == "mrow":
            _join_negations(element)
        elif name == "mtable":
            _take_lines(element)
        elif name == "mspace":
            _set_width(element)
        _name_function(element, name)
        _style(element)
    if is_displayed:
        for element in list(root.iter()):
            _set_limits(element, parents)
    for element in list(root.iter()):
        _space_functions(element)


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _nest(element: ET.Element, count: int) -> None:
    """Make one of the children before the last arguments, such as brackets around a matrix."""
    if len(element) > count:
        row = ET.Element(_tag("mrow"))
        row.extend(list(element)[: len(element) - count + 1])
        rest = list(element)[len(element) - count + 1 :]
        for child in list(element):
            element.remove(child)
        element.extend([row, *rest])


def _join_negations(row: ET.Element) -> None:
    """Join a solidus and the sign after it to one sign, where there is one."""
    for solidus, sign in zip(list(row), list(row)[1:], strict=False):
        if "".join(solidus.itertext()) != _SOLIDUS or _name(solidus) != "mpadded":
            continue
        joined = normalize("NFC", (sign.text or "").strip() + _NOT)
        if len(joined) == 1:
            sign.text = joined
            row.remove(solidus)


def _take_lines(table: ET.Element) -> None:
    """Note the lines of an array, which are marked in its first cell."""
    cell = next(table.iter(_tag("mtd")), None)
    texts = () if cell is None else cell.iter(_tag("mtext"))
    text = next((one for one in texts if TABLE_MARK in (one.text or "")), None)
    found = _MARKED.search(text.text or "") if text is not None else None
    rows = table.attrib.pop("rowlines", "").split()
    table.attrib.pop("columnlines", None)
    if cell is None or text is None or found is None:
        return
    for parent in cell.iter():
        if text in list(parent):
            parent.remove(text)
    lines = "".join("-" if line == "solid" else "." for line in rows)
    if "|" in found[1] or "-" in found[1] or "-" in lines:
        table.set(RULES, f"{found[1]} {lines}".strip())
        _set_borders(table, found[1], lines)


def _set_borders(table: ET.Element, columns: str, lines: str) -> None:
    """Draw the lines of a table as borders of its cells, as MathML Core has them."""
    pieces = re.split("[lcr]", columns.lstrip("-"))
    for number, row in enumerate(table):
        for column, cell in enumerate(row):
            sides = {
                "top": number == 0 and columns.startswith("-"),
                "bottom": lines[number : number + 1] == "-",
                "left": column == 0 and bool(pieces[0]),
                "right": column + 1 < len(pieces) and bool(pieces[column + 1]),
            }
            style = ";".join(
                f"border-{side}:{_RULE}" for side, is_shown in sides.items() if is_shown
            )
            if style:
                cell.set("style", style)


def _set_width(space: ET.Element) -> None:
    """Write the width of a space in a unit of MathML: 18 mu are 1 em."""
    width = space.get("width", "")
    found = _WIDTH.match(width)
    if found is None:
        if width and not width.endswith("space"):
            del space.attrib["width"]
    elif found[2] == "mu":
        space.set("width", f"{float(found[1]) / 18:.4g}em")
    else:
        space.set("width", found[1] + found[2])


def _name_function(element: ET.Element, name: str) -> None:
    """Make the name of a function an identifier; other signs are of one letter."""
    text = element.text or ""
    is_marked = name == "mtext" and text.startswith(NAME_MARK)
    text = text.lstrip(NAME_MARK).replace("\xa0", _NARROW).replace(" ", _NARROW)
    if name == "mo" and text in _ESCAPED:
        element.text = _ESCAPED[text]
    elif is_marked or (name in {"mo", "mi"} and len(text) > 1 and _is_word(text)):
        element.tag, element.text = _tag("mi"), text
        element.attrib.pop("movablelimits", None)


def _is_function(element: ET.Element) -> bool:
    text = element.text or ""
    return _name(element) == "mi" and len(text) > 1 and _is_word(text)


def _is_word(text: str) -> bool:
    return text.replace(_NARROW, "").isalpha()


def _style(element: ET.Element) -> None:
    """Write letters of a style as the letters that Unicode has for it."""
    variant = element.get("mathvariant", "")
    text = element.text or ""
    if _name(element) not in {"mi", "mn", "mo", "mtext"} or variant not in _STYLES:
        return
    element.text = "".join(_styled(letter, variant) for letter in text)
    if element.text != text or _name(element) == "mi":
        del element.attrib["mathvariant"]


def _styled(letter: str, variant: str) -> str:
    if (variant, letter) in _EARLIER:
        return _EARLIER[variant, letter]
    if letter.isascii() and letter.isdigit():
        description = f"DIGIT {_DIGITS[int(letter)]}"
    elif letter.isascii() and letter.isalpha():
        description = f"{'CAPITAL' if letter.isupper() else 'SMALL'} {letter.upper()}"
    elif "Α" <= letter <= "ω":
        case = "CAPITAL" if letter.isupper() else "SMALL"
        description = f"{case} {_greek_name(letter)}"
    else:
        return letter
    try:
        return lookup(f"{_STYLES[variant]} {description}")
    except KeyError:
        return letter


def _greek_name(letter: str) -> str:
    return name_of(letter).rpartition("LETTER ")[2]


def _set_limits(element: ET.Element, parents: dict[ET.Element, ET.Element]) -> None:
    """Set the limits of an operator below and above it, as TeX does in displayed formulas."""
    name = _name(element)
    if name not in _LIMITS or not len(element) or not _is_function(element[0]):
        return
    if (element[0].text or "").replace(_NARROW, "") not in _WITH_LIMITS:
        return
    ancestor = parents.get(element)
    while ancestor is not None:
        if _name(ancestor) in _SMALL:
            return
        ancestor = parents.get(ancestor)
    element.tag = _tag(_LIMITS[name])


def _space_functions(row: ET.Element) -> None:
    """Put a thin space between a function's name and what it is of, but a bracket."""
    if _name(row) not in {"mrow", "mtd", "math", "mstyle", "msqrt"}:
        return
    for one, other in zip(list(row), list(row)[1:], strict=False):
        base = one
        while _name(base) in {*_ARGUMENTS, "mrow"} - {"mfrac", "mroot"} and len(base):
            base = base[0] if _name(base) != "mrow" or len(base) == 1 else ET.Element("none")
        if _is_function(base) and _name(other) not in {"mo", "mspace", "mtext"}:
            if _name(other) == "mrow" and len(other) and _name(other[0]) == "mo":
                continue
            space = ET.Element(_tag("mspace"), {"width": "0.167em", "class": FUNCTION_SPACE})
            row.insert(list(row).index(one) + 1, space)
