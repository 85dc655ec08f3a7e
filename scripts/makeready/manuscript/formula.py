r"""Formulas in TeX: each as MathML for the EPUB and as a drawing for pages.

latex2mathml turns TeX into MathML, ziamath sets MathML in STIX Two Math.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache

from latex2mathml import exceptions

from makeready.manuscript.formula_atoms import NAMESPACE
from makeready.manuscript.formula_drawing import Drawing, drawn, math_font, row_baselines, ziamath
from makeready.manuscript.formula_spacing import space
from makeready.manuscript.mathematics import LONGEST_FORMULA
from makeready.manuscript.mathml_repairs import repair
from makeready.manuscript.tex_dialect import NEW_ROW, in_dialect
from makeready.manuscript.tex_macros import MacroError, tokens_of
from makeready.manuscript.tex_quantities import decimal_sign


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAX_NESTING = 40
_KEPT = 4096
_MOST_SIGNS_IN_ROW = 500
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
_NUMBERED_ROWS = re.compile(r"\s*\\begin\{(?:align|alignat|flalign|gather|eqnarray)\*?\}")
_IN_ENVIRONMENT = 2
_STEPPED = re.compile(r"\\begin\{(?:multline|multlined)\*?\}")
_STEP_EM = 2
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
# Chromium aligns cells at the right by a value of its own alone.
_ALIGNMENTS = {
    "left": ("text-align:left",),
    "right": ("text-align:right", "text-align:-webkit-right"),
}
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
    """A formula as MathML, and drawn: whole and, if it is long, in pieces.

    ``row_baselines`` are where those of its rows are, as shares of its height from its bottom.
    """

    mathml: str
    drawing: Drawing
    pieces: tuple[Drawing, ...] = ()
    row_baselines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class DisplayParts:
    """The TeX of a displayed formula without its label and tag, and these.

    ``rows`` are those of a formula whose rows have them: the number of each row, its label and tag.
    """

    tex: str
    label: str
    tag: str
    rows: tuple[tuple[int, str, str], ...] = ()


def display_parts(tex: str) -> DisplayParts:
    r"""Take ``\label{…}`` and ``\tag{…}`` out of a displayed formula."""
    plain = _TAG.sub("", _LABEL.sub("", tex))
    label, tag = _label_and_tag(tex)
    if not (label or tag) or not _NUMBERED_ROWS.match(tex):
        return DisplayParts(plain, label, tag)
    found = [(number, *_label_and_tag(row)) for number, row in enumerate(_rows(tex))]
    rows = tuple(one for one in found if one[1] or one[2])
    return DisplayParts(plain, "", "", rows) if len(found) > 1 else DisplayParts(plain, label, tag)


def _label_and_tag(tex: str) -> tuple[str, str]:
    label, tag = _LABEL.search(tex), _TAG.search(tex)
    return label[1].strip() if label else "", tag[1].strip().strip("$") if tag else ""


def _rows(tex: str) -> list[str]:
    """Return the rows of an environment; those of others in it are no rows of its own."""
    rows, depth = [""], 0
    for token in tokens_of(tex):
        depth += {"{": 1, "}": -1, "\\begin": 2, "\\end": -2}.get(token, 0)
        if token == NEW_ROW and depth == _IN_ENVIRONMENT:
            rows.append("")
        else:
            rows[-1] += token
    if not rows[-1].partition("\\end")[0].strip():
        rows[-2:] = [rows[-2] + rows[-1]]
    return rows


@lru_cache(maxsize=_KEPT)
def set_formula(tex: str, *, is_displayed: bool, language: str = "en") -> Formula:
    """Set a formula in a text of a language; raise `FormulaError` if that cannot be done."""
    if len(tex) > LONGEST_FORMULA:
        raise FormulaError(f"it is longer than {LONGEST_FORMULA} characters")
    _check_braces(tex)
    try:
        source = _plain_tex(tex, is_displayed=is_displayed, decimal=decimal_sign(language))
        markup = ziamath().tex.tex2mml(source, inline=not is_displayed)
        root = ET.fromstring(_TWICE_STRETCHY.sub(r"\1", markup))  # noqa: S314 - no entities
        for element in root.iter():
            element.text = (element.text or "").translate(_SIGNS)
        repair(root, is_displayed=is_displayed)
        _check_commands(root)
        _check_length_of_rows(root)
        if _CENTRED.search(tex) and "&" not in source:
            _align_rows(root, is_stepped=_STEPPED.search(tex) is not None)
        clean = _clean(root)
        clean.set("xmlns", NAMESPACE)
        mathml = ET.tostring(clean, encoding="unicode", short_empty_elements=False)
        whole, pieces = drawn(root, is_displayed=is_displayed)
        return Formula(mathml, whole, pieces, row_baselines(root))
    except FormulaError:
        raise
    except MacroError as error:
        raise FormulaError(str(error)) from error
    except RecursionError as error:
        raise FormulaError("it is nested too deeply") from error
    except Exception as error:
        # Both libraries raise whatever comes of TeX that they do not expect.
        raise FormulaError(_NAMED_ERRORS.get(type(error), "its TeX is not valid")) from error


def _check_length_of_rows(root: ET.Element) -> None:
    """Refuse a row that takes too long: ziamath's time grows with the square of its signs."""
    if max(map(len, root.iter())) > _MOST_SIGNS_IN_ROW:
        raise FormulaError(
            f"one of its rows has more than {_MOST_SIGNS_IN_ROW} signs; divide it into several"
        )


def _align_rows(root: ET.Element, *, is_stepped: bool) -> None:
    """Centre the rows of ``gather``; those of ``multline`` go from the left to the right."""
    for table in root.iter(f"{{{NAMESPACE}}}mtable"):
        cells = [row[0] for row in table if len(row)]
        for cell in cells:
            cell.set("columnalign", "center")
        if is_stepped and len(cells) > 1:
            cells[0].set("columnalign", "left")
            cells[-1].set("columnalign", "right")
            cells[0].append(space(_STEP_EM))
            cells[-1].insert(0, space(_STEP_EM))


def _plain_tex(tex: str, *, is_displayed: bool, decimal: str = ".") -> str:
    """Return TeX in what latex2mathml reads."""
    tex = _COMMENT.sub(r"\1", tex)
    outer = _OUTER.fullmatch(tex)
    tex = outer[2] if outer else tex
    tex = _UNNUMBERED.sub("", _COLUMNS.sub(r"\1", tex))
    tex = _ALIGNED.sub(lambda found: f"\\{found[1]}{{align*}}", tex)
    tex = _TEXT.sub(_plain_text, in_dialect(tex, is_displayed=is_displayed, decimal=decimal))
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
    font = math_font()
    for element in root.iter():
        text = element.text or ""
        if found := _COMMAND.search(text):
            raise FormulaError(f"the command {found[0]} is not known")
        for character in text:
            if not character.isspace() and not font.glyphindex(character):
                raise FormulaError(f"the font has no “{character}”")


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
    if name == "menclose" and root.get("style"):
        name = "mrow"
    copy = ET.Element(name, {k: v for k, v in root.attrib.items() if _is_valid(name, k, v)})
    copy.text = root.text
    if name == "mtd" and (alignment := root.get("columnalign", "")) in _ALIGNMENTS:
        # MathML Core knows no columnalign.
        styles = (root.get("style"), *_ALIGNMENTS[alignment])
        copy.set("style", ";".join(filter(None, styles)))
    copy.extend(_clean(child) for child in root)
    return copy


def _is_valid(name: str, attribute: str, value: str) -> bool:
    if attribute == "style":
        # The lines of a table, and frames, which `repair` has set.
        return name in {"mtd", "mrow"}
    if attribute == "notation" and name == "mrow":
        return False
    return attribute in _ATTRIBUTES and bool(value) and (attribute != "stretchy" or name == "mo")
