r"""Formulas in TeX: each as MathML for the EPUB and as a drawing for pages.

latex2mathml turns TeX into MathML, ziamath sets MathML in STIX Two Math.
"""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from latex2mathml import exceptions

from makeready.manuscript.mathematics import LONGEST_FORMULA
from makeready.manuscript.mathml_repairs import FUNCTION_SPACE, NAMESPACE, repair
from makeready.manuscript.ruled_tables import draw_lines_of_tables
from makeready.manuscript.tex_dialect import in_dialect
from makeready.manuscript.tex_macros import MacroError


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAX_NESTING = 40
_SIZE = 20
_KEPT = 4096
_ELEMENTS = _names(
    """
    math menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover mpadded mphantom
    mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder
    munderover none
    """
)
_ATTRIBUTES = _names(
    """
    accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form
    frame height largeop linebreak linethickness lspace mathsize mathvariant maxsize minsize
    movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric
    voffset width
    """
)
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_TAG = re.compile(r"\\tag\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_UNNUMBERED = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])")
_OUTER = re.compile(
    r"\s*\\begin\{(equation|displaymath|math|dmath|subequations)\*?\}(.*)\\end\{\1\*?\}\s*",
    re.DOTALL,
)
_ALIGNED = re.compile(
    r"\\(begin|end)\{(?:aligned|alignedat|alignat|align|flalign|split|gathered|gather|multline"
    r"|multlined|eqnarray)\*?\}(?:\[[tbc]\])?"
)
_COLUMNS = re.compile(r"(\\begin\{(?:alignedat|alignat)\*?\})\s*\{\d+\}")
_CENTRED = re.compile(r"\\begin\{(?:gather|gathered|multline|multlined)\*?\}")
_COMMAND = re.compile(r"\\[A-Za-z]+")
# latex2mathml 3.81 does not escape the signs of XML in text.
_TEXT = re.compile(r"\\(?:text\w*|mbox|hbox)\s*\{(?:[^{}\\]|\\.|\{[^{}]*\})*\}")
_FONT_IN_TEXT = re.compile(r"\\(?:text(?:bf|it|rm|tt|sf|normal)|emph|mathrm)\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\([%$#&_{}])")
_UNUSED_BRACE = re.compile(r"[{}]")
_ESCAPABLE, _FIRST_ESCAPED = "%$#&_{}", 0xE003
_STAND_INS = str.maketrans("<>&", "\ue000\ue001\ue002")
_SIGNS = str.maketrans(
    "\ue000\ue001\ue002" + "".join(chr(_FIRST_ESCAPED + n) for n in range(len(_ESCAPABLE))),
    "<>&" + _ESCAPABLE,
)
# latex2mathml 3.81 writes the attribute twice for arrows as brackets.
_TWICE_STRETCHY = re.compile(r'(stretchy="true"[^<>]*?)\s+stretchy="false"')
_SIDES = frozenset({"left", "right"})
_LARGE = frozenset("∑∏∐⋀⋁⋂⋃⨀⨁⨂⨄⨆∫∬∭∮")
_BRACE = re.compile(r"\\.|[{}]|\\begin|\\left", re.DOTALL)
_NAMED_ERRORS = {
    exceptions.NumeratorNotFoundError: "a fraction has no numerator",
    exceptions.DenominatorNotFoundError: "a fraction has no denominator",
    exceptions.ExtraLeftOrMissingRightError: "\\left has no \\right",
    exceptions.MissingSuperScriptOrSubscriptError: "nothing follows ^ or _",
    exceptions.DoubleSubscriptsError: "there are two subscripts: put braces around the first",
    exceptions.DoubleSuperscriptsError: "there are two superscripts: put braces around the first",
    exceptions.NoAvailableTokensError: "an argument is missing at its end",
    exceptions.MissingEndError: "\\begin has no \\end",
    exceptions.InvalidAlignmentError: "an alignment is not l, c or r",
    exceptions.InvalidWidthError: "a width is not valid",
    exceptions.LimitsMustFollowMathOperatorError: "\\limits follows no operator",
}


class FormulaError(Exception):
    """A formula cannot be set; the message says why."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as MathML, and drawn as SVG.

    Lengths are in em of the formula's size; ``depth`` is that below the baseline.
    """

    mathml: str
    drawing: str
    width: float
    height: float
    depth: float


@dataclass(frozen=True, slots=True)
class DisplayParts:
    """The TeX of a displayed formula without its label and tag, and these."""

    tex: str
    label: str
    tag: str


def display_parts(tex: str) -> DisplayParts:
    r"""Take ``\label{…}`` and ``\tag{…}`` out of a displayed formula."""
    label, tag = _LABEL.search(tex), _TAG.search(tex)
    return DisplayParts(
        _TAG.sub("", _LABEL.sub("", tex)),
        label[1].strip() if label else "",
        tag[1].strip().strip("$") if tag else "",
    )


@lru_cache(maxsize=_KEPT)
def set_formula(tex: str, *, is_displayed: bool) -> Formula:
    """Set a formula; raise `FormulaError` if that cannot be done."""
    if len(tex) > LONGEST_FORMULA:
        raise FormulaError(f"it is longer than {LONGEST_FORMULA} characters")
    _check_braces(tex)
    try:
        source = _plain_tex(tex, is_displayed=is_displayed)
        markup = _ziamath().tex.tex2mml(source, inline=not is_displayed)
        root = ET.fromstring(_TWICE_STRETCHY.sub(r"\1", markup))  # noqa: S314 - no entities
        for element in root.iter():
            element.text = (element.text or "").translate(_SIGNS)
        repair(root, is_displayed=is_displayed)
        _check_commands(root)
        if _CENTRED.search(tex) and "&" not in source:
            for cell in root.iter(f"{{{NAMESPACE}}}mtd"):
                cell.set("columnalign", "center")
        clean = _clean(root)
        clean.set("xmlns", NAMESPACE)
        mathml = ET.tostring(clean, encoding="unicode", short_empty_elements=False)
        return _drawn(root, mathml)
    except FormulaError:
        raise
    except MacroError as error:
        raise FormulaError(str(error)) from error
    except RecursionError as error:
        raise FormulaError("it is nested too deeply") from error
    except Exception as error:
        # Both libraries raise whatever comes of TeX that they do not expect.
        raise FormulaError(_NAMED_ERRORS.get(type(error), "its TeX is not valid")) from error


def _plain_tex(tex: str, *, is_displayed: bool) -> str:
    """Return TeX in what latex2mathml reads."""
    tex = _COMMENT.sub(r"\1", tex)
    outer = _OUTER.fullmatch(tex)
    tex = outer[2] if outer else tex
    tex = _UNNUMBERED.sub("", _COLUMNS.sub(r"\1", tex))
    tex = _ALIGNED.sub(lambda found: f"\\{found[1]}{{align*}}", tex)
    tex = _TEXT.sub(_plain_text, in_dialect(tex, is_displayed=is_displayed))
    return " ".join(tex.split())


def _plain_text(found: re.Match[str]) -> str:
    """Return a command with text as latex2mathml reads it: formulas in the text follow it."""
    command, content = found[0].split("{", 1)
    content = _FONT_IN_TEXT.sub(r"\1", content[:-1])
    pieces = _ESCAPED.sub(_stand_in, content).translate(_STAND_INS).split("$")
    if len(pieces) % 2 == 0:
        raise FormulaError("a dollar sign in its text has no second one")
    return "".join(
        f"{{{piece}}}" if number % 2 else f"{command}{{{_UNUSED_BRACE.sub('', piece)}}}"
        for number, piece in enumerate(pieces)
        if piece
    )


def _stand_in(found: re.Match[str]) -> str:
    return chr(_FIRST_ESCAPED + _ESCAPABLE.index(found[1]))


def _check_braces(tex: str) -> None:
    depth = 0
    for found in _BRACE.finditer(tex):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth < 0:
            raise FormulaError("a brace } has no {")
        if depth > _MAX_NESTING:
            raise FormulaError(f"its braces are nested more than {_MAX_NESTING} deep")
    if depth:
        raise FormulaError("a brace { has no }")


def _check_commands(root: ET.Element) -> None:
    font = _font()
    for element in root.iter():
        text = element.text or ""
        if found := _COMMAND.search(text):
            raise FormulaError(f"the command {found[0]} is not known")
        for character in text:
            if not character.isspace() and not font.glyphindex(character):
                raise FormulaError(f"the font has no “{character}”")


@cache
def _ziamath() -> ModuleType:
    """Return ziamath, which reads its font when it is imported: for books with formulas only."""
    with warnings.catch_warnings():
        # ziamath 0.13 calls importlib.resources.path, deprecated in Python 3.11 alone.
        warnings.simplefilter("ignore", DeprecationWarning)
        module = import_module("ziamath")
    module.config.svg2 = False
    module.config.precision = 2
    draw_lines_of_tables()
    return module


@cache
def _font() -> Any:
    return _ziamath().Math("<math><mi>x</mi></math>", size=_SIZE).font


def _clean(root: ET.Element) -> ET.Element:
    """Return a copy of MathML with nothing but what is allowed in a book, and valid."""
    name = root.tag.rpartition("}")[2]
    if name not in _ELEMENTS:
        raise FormulaError(f"<{name}> is not allowed in it")
    if name in _TOKENS and len(root):
        # latex2mathml 3.81 makes an operator of all that is in \\mathop.
        copy = ET.Element("mi")
        copy.text = "".join(root.itertext())
        return copy
    copy = ET.Element(name, {k: v for k, v in root.attrib.items() if _is_valid(name, k, v)})
    copy.text = root.text
    if name == "mtd" and (alignment := root.get("columnalign")) in _SIDES:
        # MathML Core knows no columnalign.
        copy.set("style", ";".join(filter(None, (root.get("style"), f"text-align:{alignment}"))))
    copy.extend(_clean(child) for child in root)
    return copy


def _is_valid(name: str, attribute: str, value: str) -> bool:
    if attribute == "style":
        # The lines of a table, which `repair` has set.
        return name == "mtd"
    return attribute in _ATTRIBUTES and bool(value) and (attribute != "stretchy" or name == "mo")


def _without_stretched_operators(root: ET.Element) -> ET.Element:
    """Return MathML whose large operators are not to be stretched.

    ziamath 0.13 makes brackets around one with a lower limit alone a hundred times as high.
    """
    for element in root.iter(f"{{{NAMESPACE}}}mo"):
        if element.text and element.text in _LARGE:
            element.set("stretchy", "false")
    return root


def _remove_function_spaces(root: ET.Element) -> None:
    """Remove the spaces after names that ziamath spaces itself."""
    for row in root.iter():
        for space in [s for s in row if s.get("class") == FUNCTION_SPACE]:
            row.remove(space)


def _drawn(root: ET.Element, mathml: str) -> Formula:
    _remove_function_spaces(root)
    svg = _ziamath().Math(_without_stretched_operators(root), size=_SIZE, margin=0).svgxml()
    _, top, width, height = map(float, svg.attrib["viewBox"].split())
    for name in ("width", "height"):
        del svg.attrib[name]
    drawing = ET.tostring(svg, encoding="unicode")
    return Formula(mathml, drawing, width / _SIZE, height / _SIZE, (height + top) / _SIZE)
