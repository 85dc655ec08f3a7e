"""The atoms of a formula in MathML: their kinds and styles, as TeX has them.

The kinds and what becomes of binary operators are those of chapter 17 and 18 of The TeXbook.
"""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

SCRIPTS = frozenset({"msub", "msup", "msubsup", "mmultiscripts"})
LIMITS = frozenset({"munder", "mover", "munderover", "mxarrow"})
ROWS = frozenset({"math", "mrow", "mtd", "msqrt", "menclose", "mpadded", "mphantom"})
INTEGRALS = frozenset("∫∬∭⨌∮∯∰∱∲∳⨍⨎⨏⨐⨑⨒⨓⨔⨕⨖⨗⨘⨙⨚⨛⨜")
LARGE_OPERATORS = frozenset("∏∐∑⋀⋁⋂⋃⨀⨁⨂⨃⨄⨅⨆⨉") | INTEGRALS
SOLIDUS = "\u29f8"
"""Before a sign that it negates."""

NARROW_SPACE = "\u2006"
"""In the names of operators of several words."""


class Kind(enum.Enum):
    """The kind of an atom."""

    ORDINARY = "ord"
    OPERATOR = "op"
    BINARY = "bin"
    RELATION = "rel"
    OPENING = "open"
    CLOSING = "close"
    PUNCTUATION = "punct"
    INNER = "inner"


@dataclass(frozen=True, slots=True)
class Style:
    """The style of a part of a formula: displayed or not, and how deep in scripts it is."""

    is_displayed: bool
    level: int = 0

    @property
    def script(self) -> Style:
        """The style of its scripts."""
        return Style(is_displayed=False, level=self.level + 1)


@dataclass(frozen=True, slots=True)
class Atom:
    """An element of a row, the element that holds it, and its kind at its left and right end."""

    element: ET.Element
    holder: ET.Element
    left: Kind
    right: Kind
    style: Style


_ORDINARY = frozenset("∀∁∂∃∄∅∆∇∞∟∠∡∢∎⊤⊥√∛∜¬ℵℶ△▲▽▼□■◊⬦♠♡♢♣♭♮♯★✓✠ð%#&@$.'′″‴‵\"/\\|‖⋮⫽℧Ⅎℸℷℏℓ℘ℜℑ°§¶")
_BINARY = frozenset(
    "+-−*±×÷·∓∔∖⧵∗∘∙∧∨∩∪⊎⊌⊍⊓⊔⊕⊖⊗⊘⊙⊚⊛⊝⊞⊟⊠⊡⊺⊻⊼⊽⋄⋅⋆⋇⋉⋊⋋⋌⋎⋏⋒⋓≀∸∺∻†‡•○◯▷◁▹◃⊲⊳⊴⊵⨿⨯⨰⟐⧫⨝⨾⬝⌆"
) - frozenset("⊲⊳⊴⊵")
_RELATIONS = frozenset("=<>:⟂⫆⫅⊲⊳⊴⊵⌢⌣⫫⪅⪆⪋⪌⪯⪰≔≕")
_OPENING = frozenset("([{⟨⌊⌈⟦⟮⟪⌜⌞⎰")
_CLOSING = frozenset(")]}⟩⌋⌉⟧⟯⟫⌝⌟⎱!?")
_PUNCTUATION = frozenset(",;")
_INNER = frozenset("…⋯⋱⋰")
_BRACES = frozenset("⏞⏟⎴⎵⏜⏝")
_RELATION_RANGES = ((0x2190, 0x21FF), (0x2200, 0x22FF), (0x27F0, 0x27FF), (0x2900, 0x297F))
_LATER_RELATIONS = (0x2A66, 0x2AFF)


def local_name(element: ET.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def tag_of(name: str) -> str:
    """Return a name of MathML with its namespace."""
    return f"{{{NAMESPACE}}}{name}"


def is_function(element: ET.Element) -> bool:
    """Whether an element is the name of a function: of several letters."""
    text = element.text or ""
    return local_name(element) == "mi" and len(text) > 1 and is_word(text)


def is_word(text: str) -> bool:
    """Whether text is a word, or several with narrow spaces between them."""
    return text.replace(NARROW_SPACE, "").isalpha()


def kind_of_sign(sign: str) -> Kind:
    """Return the kind of a single sign."""
    code = ord(sign)
    if sign in LARGE_OPERATORS:
        return Kind.OPERATOR
    for kind, signs in (
        (Kind.BINARY, _BINARY),
        (Kind.RELATION, _RELATIONS),
        (Kind.OPENING, _OPENING),
        (Kind.CLOSING, _CLOSING),
        (Kind.PUNCTUATION, _PUNCTUATION),
        (Kind.INNER, _INNER),
        (Kind.ORDINARY, _ORDINARY),
    ):
        if sign in signs:
            return kind
    ranges = (*_RELATION_RANGES, _LATER_RELATIONS)
    is_relation = any(first <= code <= last for first, last in ranges)
    return Kind.RELATION if is_relation else Kind.ORDINARY


def styled_elements(root: ET.Element, *, is_displayed: bool) -> list[tuple[ET.Element, Style]]:
    """Return all elements, each before those in it, with their styles."""
    found: list[tuple[ET.Element, Style]] = []
    waiting = [(root, Style(is_displayed))]
    while waiting:
        element, style = waiting.pop()
        style = _own_style(element, style)
        found.append((element, style))
        waiting += [(c, _style_of_child(element, n, style)) for n, c in enumerate(element)][::-1]
    return found


def _own_style(element: ET.Element, style: Style) -> Style:
    if local_name(element) == "mtable":
        return replace(style, is_displayed=element.get("displaystyle") == "true")
    if local_name(element) != "mstyle":
        return style
    display, level = element.get("displaystyle"), element.get("scriptlevel", "")
    if display:
        style = replace(style, is_displayed=display == "true")
    return replace(style, level=int(level)) if level.isdigit() else style


def _style_of_child(element: ET.Element, number: int, style: Style) -> Style:
    name = local_name(element)
    if name == "mfrac":
        return Style(is_displayed=False) if style.is_displayed and not style.level else style.script
    if name in SCRIPTS | LIMITS | {"mroot"} and number:
        return style.script
    return style


def rows_of(elements: list[tuple[ET.Element, Style]]) -> Iterator[list[Atom]]:
    """Return the atoms of each row; what ``mstyle`` holds is in the row around it."""
    for element, style in elements:
        if local_name(element) in ROWS:
            yield _resolved(list(_atoms(element, style)))


def _atoms(row: ET.Element, style: Style) -> Iterator[Atom]:
    for child in row:
        if local_name(child) == "mstyle":
            yield from _atoms(child, _own_style(child, style))
        elif not _is_transparent(child):
            left, right = kinds_of(child)
            yield Atom(child, row, left, right, style)


def _is_transparent(element: ET.Element) -> bool:
    """Whether an element is no atom: a space, or the stroke over the next sign."""
    name = local_name(element)
    if name == "mspace":
        return True
    return name == "mpadded" and "".join(element.itertext()) == SOLIDUS


def kinds_of(element: ET.Element) -> tuple[Kind, Kind]:
    """Return the kind of an element at its left end and at its right end."""
    name, text = local_name(element), (element.text or "").strip()
    if name == "mo":
        kind = _kind_of_operator(element, text)
    elif is_function(element):
        kind = Kind.OPERATOR
    elif name == "mi" and len(text) == 1:
        kind = kind_of_sign(text)
    elif name in SCRIPTS | LIMITS and len(element):
        if name in LIMITS and any((part.text or "") in _BRACES for part in element[1:]):
            return Kind.ORDINARY, Kind.ORDINARY
        return kinds_of(_base(element) if name in LIMITS else element[0])
    elif name == "mrow" and len(element) == 1 and _is_large_operator(element[0]):
        kind = Kind.OPERATOR
    elif name == "mrow" and len(element) > 1 and _is_fence(element[0]):
        return Kind.OPENING, kinds_of(element[-1])[1]
    else:
        kind = Kind.ORDINARY
    return kind, kind


def _base(element: ET.Element) -> ET.Element:
    base = element[0]
    while local_name(base) in {"mrow", "mstyle"} and len(base) == 1:
        base = base[0]
    return base


def _is_large_operator(element: ET.Element) -> bool:
    return local_name(element) == "mo" and (element.text or "") in LARGE_OPERATORS


def _is_fence(element: ET.Element) -> bool:
    return local_name(element) == "mo" and element.get("fence") == "true"


def _kind_of_operator(element: ET.Element, text: str) -> Kind:
    form = element.get("form")
    is_fence = element.get("fence") == "true" or not text
    if is_fence and (form or "minsize" not in element.attrib):
        # The sign of \\middle has no form.
        return Kind.CLOSING if form == "postfix" else Kind.OPENING
    if len(text) != 1:
        return Kind.ORDINARY
    kind = kind_of_sign(text)
    return Kind.ORDINARY if kind == Kind.BINARY and form == "prefix" else kind


_NOT_BEFORE_BINARY = frozenset(
    {Kind.BINARY, Kind.OPERATOR, Kind.RELATION, Kind.OPENING, Kind.PUNCTUATION}
)
_NOT_AFTER_BINARY = frozenset({Kind.RELATION, Kind.CLOSING, Kind.PUNCTUATION})


def _resolved(atoms: list[Atom]) -> list[Atom]:
    """Make ordinary atoms of binary operators without something on both sides, such as −1."""
    result: list[Atom] = []
    for number, one in enumerate(atoms):
        atom = one
        before = result[-1].right if result else Kind.OPENING
        following = atoms[number + 1].left if number + 1 < len(atoms) else Kind.CLOSING
        if atom.left == Kind.BINARY and (
            before in _NOT_BEFORE_BINARY or following in _NOT_AFTER_BINARY
        ):
            atom = replace(atom, left=Kind.ORDINARY, right=Kind.ORDINARY)
        elif _is_bar(atom.element) and before in _NOT_BEFORE_BINARY and following != Kind.CLOSING:
            atom = replace(atom, left=Kind.OPENING, right=Kind.OPENING)
        result.append(atom)
    return result


def _is_bar(element: ET.Element) -> bool:
    return local_name(element) == "mo" and (element.text or "") in {"|", "‖"}
