"""MathML by latex2mathml 3.81 made right: what it nests wrongly, and what readers do not show.

MathML Core, which browsers read, has no styles of letters but the letters of Unicode themselves.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from unicodedata import lookup, normalize
from unicodedata import name as name_of

from makeready.manuscript.formula_atoms import (
    INTEGRALS,
    LARGE_OPERATORS,
    LIMITS,
    NARROW_SPACE,
    SOLIDUS,
    Kind,
    Style,
    is_function,
    is_word,
    kind_of_sign,
    local_name,
    rows_of,
    styled_elements,
    tag_of,
)
from makeready.manuscript.tex_dialect import BARS, DISPLAY_MARK, NAME_MARK, ROW_MARK, TABLE_MARK
from makeready.manuscript.tex_quantities import NUMBER_MARK, THIN_SPACE_MARK

FUNCTION_SPACE = "function"
"""The class of a space after the name of a function."""

ARROW = "arrow"
"""The attribute of an arrow with something above or below it."""

ARRAY = "array"
"""The attribute of a table that is an array of LaTeX."""

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
_WITH_LIMITS_BELOW = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_WITH_LIMITS = frozenset(
    {"lim", "max", "min", "sup", "inf", "det", "gcd", "Pr", "limsup", "liminf", "injlim", "projlim"}
)
_NOT = "\u0338"
_BARS = frozenset("|‖")
# Signs that few fonts have, or of another meaning.
_OTHER_SIGNS = {"⧵": "∖", "~": "∼"}
_KINDS_OF_OPERATORS = frozenset(
    {Kind.RELATION, Kind.BINARY, Kind.OPERATOR, Kind.OPENING, Kind.CLOSING}
)
_IDENTIFIERS = frozenset("∀∁∂∃∄∅∇∞∠∡∢⊤⊥¬ℵ△▽□◊♠♡♢♣♭♮♯★✓°℧∎℘ℑℜ")
_UPRIGHT = _IDENTIFIERS - {"∂"}
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


def _stroke(side: str) -> str:
    line = "transparent 47%,currentColor 47%,currentColor 53%,transparent 53%"
    return f"linear-gradient(to {side},{line})"


_ENCLOSURES = {
    "box": f"border:{_RULE};padding:0.25em",
    "updiagonalstrike": f"background:{_stroke('bottom right')}",
    "downdiagonalstrike": f"background:{_stroke('top right')}",
    "updiagonalstrike downdiagonalstrike": (
        f"background:{_stroke('bottom right')},{_stroke('top right')}"
    ),
}
_MARKED = re.compile(f"{TABLE_MARK}(-?[|lcr]+){TABLE_MARK}")


def repair(root: ET.Element, *, is_displayed: bool) -> None:
    """Make MathML right, in place."""
    for element in list(root.iter()):
        name = local_name(element)
        if name in _ARGUMENTS:
            _nest(element, _ARGUMENTS[name])
            _make_arrow(element)
        elif name == "mrow":
            _join_negations(element)
        elif name == "mtable":
            _take_lines(element)
        elif name == "mspace":
            _set_width(element)
        elif name == "mtext" and ROW_MARK in (element.text or ""):
            _make_row_space(element)
        _name_function(element, name)
        _style(element)
        _set_sign(element)
    elements = styled_elements(root, is_displayed=is_displayed)
    for element, style in elements:
        _set_limits(element, style)
        if local_name(element) == "mrow":
            _stretch_bars(element)
        elif local_name(element) == "mstyle" and not style.is_displayed and is_displayed:
            _unset_limits(element)
        _show_enclosure(element)
    _mark_prefixes(elements)
    for element in list(root.iter()):
        _space_functions(element)


def _make_arrow(element: ET.Element) -> None:
    """Make an arrow with something above or below it, whose paddings are of latex2mathml."""
    if local_name(element) not in LIMITS or local_name(element[0]) != "mstyle":
        return
    sign, labels = element[0][0], list(element)[1:]
    if local_name(sign) != "mo" or any(local_name(label) != "mpadded" for label in labels):
        return
    sign.set("stretchy", "true")
    rows = [ET.Element(tag_of("mrow")) for _ in labels]
    for row, label in zip(rows, labels, strict=True):
        row.extend(label[0] if local_name(label[0]) == "mrow" else [label[0]])
    element.set(ARROW, "true")
    element[:] = [sign, *rows]


def _set_sign(element: ET.Element) -> None:
    """Make operators of the signs that are, and identifiers of those that are not."""
    name, text = local_name(element), element.text or ""
    if name not in {"mi", "mo"} or len(element):
        return
    if text in BARS:
        element.tag, (element.text, form) = tag_of("mo"), BARS[text]
        if "stretchy" not in element.attrib and "minsize" not in element.attrib:
            element.attrib |= {"form": form, "fence": "true", "stretchy": "false"}
        return
    if name == "mi":
        text = element.text = _OTHER_SIGNS.get(text, text)
    if len(text) != 1:
        return
    kind = kind_of_sign(text)
    if name == "mi" and kind in _KINDS_OF_OPERATORS:
        element.tag = tag_of("mo")
        element.attrib.pop("mathvariant", None)
        if kind in {Kind.OPENING, Kind.CLOSING}:
            element.set("stretchy", "false")
    elif name == "mo" and text in _IDENTIFIERS:
        element.tag = tag_of("mi")
        if text in _UPRIGHT:
            element.set("mathvariant", "normal")


def _unset_limits(style: ET.Element) -> None:
    r"""Set the limits of large operators beside them, where ``\textstyle`` says so."""
    names = {below: beside for beside, below in _WITH_LIMITS_BELOW.items()}
    for element in style:
        name = names.get(local_name(element))
        if name is not None and (element[0].text or "-") in LARGE_OPERATORS:
            element.tag = tag_of(name)


def _show_enclosure(element: ET.Element) -> None:
    """Give a frame or stroke a style, as MathML Core has no element for them."""
    notation = element.get("notation", "")
    if local_name(element) == "menclose" and notation in _ENCLOSURES:
        element.set("style", _ENCLOSURES[notation])


def _stretch_bars(row: ET.Element) -> None:
    """Make bars on both sides of a table as high as it."""
    for before, table, after in zip(row, list(row)[1:], list(row)[2:], strict=False):
        if local_name(table) != "mtable":
            continue
        for bar, form in ((before, "prefix"), (after, "postfix")):
            if local_name(bar) == "mo" and bar.text in _BARS and "form" not in bar.attrib:
                bar.attrib |= {"stretchy": "true", "fence": "true", "form": form}


def _mark_prefixes(elements: list[tuple[ET.Element, Style]]) -> None:
    """Mark the signs without something before them, such as that of −1, as prefixes.

    Those that are no operators have no spaces.
    """
    for atoms in rows_of(elements):
        for atom in atoms:
            sign = atom.element
            is_plain = atom.left in {Kind.ORDINARY, Kind.INNER} or sign.text in _BARS
            if local_name(sign) != "mo" or not is_plain or "form" in sign.attrib:
                continue
            if len(sign.text or "") == 1 and kind_of_sign(sign.text or "") == Kind.BINARY:
                sign.set("form", "prefix")
            elif "stretchy" not in sign.attrib or sign.get("stretchy") == "false":
                # Readers put spaces around signs such as a bar or a solidus.
                sign.attrib |= {"lspace": "0em", "rspace": "0em"}


def _set_limits(element: ET.Element, style: Style) -> None:
    """Set the limits of an operator below and above it, as TeX does in displayed formulas."""
    name = local_name(element)
    if name not in _WITH_LIMITS_BELOW or not len(element) or not style.is_displayed or style.level:
        return
    base, text = element[0], element[0].text or ""
    is_large = local_name(base) == "mo" and text in LARGE_OPERATORS - INTEGRALS and bool(text)
    is_named = is_function(base) and text.replace(NARROW_SPACE, "") in _WITH_LIMITS
    if is_large or is_named:
        element.tag = tag_of(_WITH_LIMITS_BELOW[name])


def _nest(element: ET.Element, count: int) -> None:
    """Make one of the children before the last arguments, such as brackets around a matrix."""
    if len(element) > count:
        row = ET.Element(tag_of("mrow"))
        row.extend(list(element)[: len(element) - count + 1])
        rest = list(element)[len(element) - count + 1 :]
        for child in list(element):
            element.remove(child)
        element.extend([row, *rest])


def _join_negations(row: ET.Element) -> None:
    """Join a solidus and the sign after it to one sign, where there is one."""
    for solidus, sign in zip(list(row), list(row)[1:], strict=False):
        if "".join(solidus.itertext()) != SOLIDUS or local_name(solidus) != "mpadded":
            continue
        joined = normalize("NFC", (sign.text or "").strip() + _NOT)
        if len(joined) == 1:
            sign.text = joined
            row.remove(solidus)


def _take_lines(table: ET.Element) -> None:
    """Note the lines of an array, which are marked in its first cell."""
    cell = next(table.iter(tag_of("mtd")), None)
    if cell is not None and _remove_text(cell, DISPLAY_MARK):
        table.attrib |= {"displaystyle": "true", "columnspacing": "1em"}
    texts = () if cell is None else cell.iter(tag_of("mtext"))
    text = next((one for one in texts if TABLE_MARK in (one.text or "")), None)
    found = _MARKED.search(text.text or "") if text is not None else None
    rows = table.attrib.pop("rowlines", "").split()
    table.attrib.pop("columnlines", None)
    if cell is None or text is None or found is None:
        _set_paddings(table)
        return
    table.set(ARRAY, "true")
    _remove_text(cell, text.text or "")
    lines = "".join("-" if line == "solid" else "." for line in rows)
    if "|" in found[1] or "-" in found[1] or "-" in lines:
        table.set(RULES, f"{found[1]} {lines}".strip())
        _set_borders(table, found[1], lines)


def _remove_text(cell: ET.Element, text: str) -> bool:
    """Remove a text from a cell; return whether it is there."""
    for parent in cell.iter():
        for child in parent:
            if local_name(child) == "mtext" and child.text == text:
                parent.remove(child)
                return True
    return False


def _set_paddings(table: ET.Element) -> None:
    """Take the space out of the pairs of columns that are aligned at a sign, as in ``align``."""
    if table.get("displaystyle") != "true" or table.get("columnspacing") == "1em":
        return
    for row in table:
        for column, cell in enumerate(row):
            if cell.get("columnalign") in {"left", "right"} and len(row) > 1:
                side = "left" if column % 2 else "right"
                more = ";padding-left:2em" if column and not column % 2 else ""
                cell.set("style", f"padding-{side}:0{more}")


def _make_row_space(text: ET.Element) -> None:
    r"""Make a space of the depth that a row has in addition: ``\\[6pt]``."""
    found = _WIDTH.match((text.text or "").strip(ROW_MARK))
    text.tag, text.text = tag_of("mspace"), None
    depth = float(found[1]) if found else 0.0
    if found and depth > 0:
        text.set("depth", f"{depth:g}{found[2]}")
    text.set("width", "0em")


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
    if name == "mtext" and text.startswith(NUMBER_MARK):
        element.tag = tag_of("mn")
        element.text = text.lstrip(NUMBER_MARK).replace(THIN_SPACE_MARK, "\u2009")
        return
    is_marked = name == "mtext" and text.startswith(NAME_MARK)
    text = text.lstrip(NAME_MARK).replace("\xa0", NARROW_SPACE).replace(" ", NARROW_SPACE)
    if name == "mo" and text in _ESCAPED:
        element.text = _ESCAPED[text]
    elif is_marked or (name in {"mo", "mi"} and len(text) > 1 and is_word(text)):
        element.tag, element.text = tag_of("mi"), text
        element.attrib.pop("movablelimits", None)


def _style(element: ET.Element) -> None:
    """Write letters of a style as the letters that Unicode has for it."""
    variant = element.get("mathvariant", "")
    text = element.text or ""
    if local_name(element) not in {"mi", "mn", "mo", "mtext"} or variant not in _STYLES:
        return
    element.text = "".join(_styled(letter, variant) for letter in text)
    if element.text != text or local_name(element) == "mi":
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


def _space_functions(row: ET.Element) -> None:
    """Put a thin space between a function's name and what it is of, but a bracket."""
    if local_name(row) not in {"mrow", "mtd", "math", "mstyle", "msqrt"}:
        return
    for one, other in zip(list(row), list(row)[1:], strict=False):
        base = one
        while local_name(base) in {*_ARGUMENTS, "mrow"} - {"mfrac", "mroot"} and len(base):
            base = base[0] if local_name(base) != "mrow" or len(base) == 1 else ET.Element("none")
        if is_function(base) and local_name(other) not in {"mo", "mspace", "mtext"}:
            if local_name(other) == "mrow" and len(other) and local_name(other[0]) == "mo":
                continue
            space = ET.Element(tag_of("mspace"), {"width": "0.167em", "class": FUNCTION_SPACE})
            row.insert(list(row).index(one) + 1, space)
