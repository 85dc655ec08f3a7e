r"""Rules of Markdown for formulas in TeX: where one begins and ends.

``$…$`` and ``\(…\)`` are formulas in a line, ``$$…$$``, ``\[…\]`` and the environments of amsmath
displayed ones; so are the fences ``math``. A dollar sign is one of money beside a space within,
or before a digit or between letters, as in Pandoc; but ``$ \pi $`` is a formula, as in MyST and
Jupyter, where it looks like TeX. ``\(`` and ``\[`` are escaped brackets in CommonMark: they begin a
formula only where what is in them looks like TeX.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from makeready.manuscript.parse_run import BlockRule, line_start, line_text, run_of
from makeready.manuscript.tex_macros import MacroError, Macros, has_definition

LONGEST_FORMULA = 8000
"""The characters that a formula can have."""

_LONGEST_IN_LINE = 2000
_LONGEST_BLOCK = 400
_ENVIRONMENTS = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath|subequations"
)
_BEGIN = re.compile(rf"\\begin\{{((?:{_ENVIRONMENTS})\*?)\}}")
_DELIMITER = re.compile(r"\\[^$]|(?<!\\)\\\$|\$\$?", re.DOTALL)
_CLOSING = {"(": re.compile(r"\\\\(?!\))|\\\)"), "[": re.compile(r"\\\\(?!\])|\\\]")}
_AFTER_DISPLAY = re.compile(
    r"[ \t]*(?:(?P<mark>[.,;:!?]+)[ \t]*)?"
    r"(?:\{(?P<list>#[^{}\n]*)\}|\((?P<label>[\w:.-]+)\))?[ \t]*$"
)
_ID = re.compile(r"[ ]?\{#([^\s{}]+)\}|\s*:eqlabel:`([^`\s]+)`")
_ID_IN_LIST = re.compile(r"#([^\s{}]+)")
_COMMAND = re.compile(r"\\[A-Za-z]{2,}|\\[,;!{}|]")
_SIGN = re.compile(r"(?<!\\)[\^=]|\w(?<!\\)_\{?\w")
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{4,}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}|[€£¥₹₽]")
_NO_PROSE = re.compile(r"\\(?:text\w*|mbox|mathrm|operatorname\*?)\{[^{}]*\}")
_BETWEEN_SPACES = re.compile(
    r" [A-Za-z](?:'*|\([A-Za-z0-9, ]{1,10}\))(?:\s*[,+\-/<>*]\s*[A-Za-z0-9]{1,2}'*)* "
)
_VARIABLES = re.compile(r"\s*[A-Za-z0-9]{1,2}'*(?:\s*[,+\-/<>*]\s*[A-Za-z0-9]{1,2}'*)*\s*")
# A label as the books of D2L have it.
_ROLE = re.compile(r":eqlabel:`([^`\s]+)`[ \t]*")
_OPTION = re.compile(r":(label|name|nowrap|class|enumerated)?:?[ \t]*(\S*)")
_RAW_TEX = re.compile(r"\{=(?:la)?tex\}")
_LONGEST_DEFINITION = 40
_FENCE_INFO = re.compile(r"\{?(?:math)\}?(?=\s|$)[ \t]*(?:\{(?P<list>#[^{}\n]*)\})?(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class _Display:
    """A displayed formula: its TeX, its label, the line after it, and what follows on its line."""

    tex: str
    label: str
    end: int
    mark: str = ""


def formula(state: StateInline, silent: bool) -> bool:
    """Read a formula in a line of text."""
    following = state.src[state.pos + 1 : state.pos + 2]
    match state.src[state.pos]:
        case "$":
            return _backquoted(state, silent) if following == "`" else _dollars(state, silent)
        case "\\" if following in _CLOSING:
            return _escaped_brackets(state, silent, is_displayed=following == "[")
        case _:
            return False


def _escaped_brackets(state: StateInline, silent: bool, *, is_displayed: bool) -> bool:
    limit = min(state.posMax, state.pos + _LONGEST_IN_LINE)
    pattern = _CLOSING["[" if is_displayed else "("]
    ends = (found for found in pattern.finditer(state.src, state.pos + 2, limit))
    closing = next((end for end in ends if end[0] != "\\\\"), None)
    if closing is None or state.src[state.pos - 1 : state.pos] == "]":
        return False
    tex = state.src[state.pos + 2 : closing.start()]
    if not _looks_like_tex(tex, is_displayed=is_displayed):
        return False
    _push(state, silent, tex, closing.end(), is_displayed=is_displayed)
    return True


def _backquoted(state: StateInline, silent: bool) -> bool:
    start = state.pos + 2
    end = state.src.find("`$", start, min(state.posMax, start + _LONGEST_IN_LINE))
    if end <= start:
        return False
    _push(state, silent, state.src[start:end], end + 2, is_displayed=False)
    return True


def _dollars(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    places = _dollar_places(state)
    index = bisect.bisect_left(places, (start, 0))
    if index + 1 >= len(places) or places[index][0] != start:
        return False
    width = places[index][1] - start
    is_displayed = width == len("$$")
    end, after = places[index + 1]
    if not is_displayed and after - end == len("$$"):
        # The first of the two closes it, in “$x$$y$”.
        after = end + 1
    tex = source[start + width : end]
    is_closed = after - end == width and after <= state.posMax and tex.strip()
    if not is_closed or len(tex) > LONGEST_FORMULA:
        return False
    if not is_displayed and not _is_closed(source, start, end, after, tex):
        return False
    _push(state, silent, tex, after, is_displayed=is_displayed)
    return True


def _is_closed(source: str, start: int, end: int, after: int, tex: str) -> bool:
    """Return whether two dollar signs enclose a formula."""
    before, following = source[start - 1 : start] if start else "", source[after : after + 1]
    if tex[0].isspace() or tex[-1].isspace():
        return end - start <= _LONGEST_IN_LINE and _is_spaced_tex(tex, source[after : after + 2])
    return not (
        following.isdigit()
        # “5$, or 6$” and “$HOME/$USER”.
        or (before.isdigit() and tex[0] in ",;.:!?)")
        or (following.isalpha() and tex[-1] in ",;:/-")
        or (before.isalnum() and following.isalnum())
        or "`" in tex
        or end - start > _LONGEST_IN_LINE
    )


def _is_spaced_tex(tex: str, following: str) -> bool:
    """Return whether there is a formula, and no text between two sums of money, beside a space."""
    if following[:1].isalnum() or _PROSE.search(_NO_PROSE.sub("", tex)) or "`" in tex:
        return False
    if _COMMAND.search(tex):
        return True
    if following.lstrip()[:1].isdigit() or "\n" in tex:
        return False
    return _SIGN.search(tex) is not None or _BETWEEN_SPACES.fullmatch(tex) is not None


def _dollar_places(state: StateInline) -> list[tuple[int, int]]:
    """Return where each dollar sign, or pair of them, begins and ends, without escaped ones."""
    places: list[tuple[int, int]] | None = getattr(state, "dollars", None)
    if places is None:
        places = [
            (found.start(), found.end())
            for found in _DELIMITER.finditer(state.src)
            if found[0][0] == "$"
        ]
        state.dollars = places  # type: ignore[attr-defined]
    return places


def _push(state: StateInline, silent: bool, tex: str, end: int, *, is_displayed: bool) -> None:
    label = _ID.match(state.src, end, state.posMax) if is_displayed else None
    if not silent:
        token = state.push("formula", "", 0)
        token.content = tex
        token.meta |= {"display": is_displayed, "label": (label[1] or label[2]) if label else ""}
    state.pos = label.end() if label else end


def _looks_like_tex(text: str, *, is_displayed: bool) -> bool:
    if not text.strip():
        return False
    if _COMMAND.search(text):
        return True
    if not is_displayed and _VARIABLES.fullmatch(text):
        return True
    return bool(_SIGN.search(text)) and not _WORD.search(text)


def displayed_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a displayed formula that begins on a line of its own."""
    offset = line_start(state, start)
    if state.src[offset : offset + 1] not in {"$", "\\"} or state.is_code_block(start):
        return False
    found = _display_at(state, start, end)
    if found is None:
        return False
    if not silent:
        label, line = found.label, found.end
        role = _ROLE.fullmatch(line_text(state, line)) if line < end else None
        if role is not None:
            label, line = role[1], line + 1
        token = state.push("formula_block", "", 0)
        token.content = found.tex
        token.map = [start, line]
        continues = line < end and not state.isEmpty(line)
        token.meta |= {"label": label, "mark": found.mark, "continues": continues}
        state.line = line
    return True


def definitions(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines outside of formulas that define macros of TeX, as Pandoc and Quarto do."""
    offset = line_start(state, start)
    if state.src[offset : offset + 1] != "\\" or state.is_code_block(start):
        return False
    lines: list[str] = []
    line = taken = start
    while line < min(end, taken + _LONGEST_DEFINITION) and not state.isEmpty(line):
        text = line_text(state, line)
        if line == taken and not has_definition(text):
            break
        lines.append(text)
        line += 1
        if _are_definitions("\n".join(lines[taken - start :])):
            taken = line
    if taken == start:
        return False
    if not silent:
        token = state.push("formula_block", "", 0)
        token.content = "\n".join(lines[: taken - start])
        token.map = [start, taken]
        token.meta |= {"label": "", "mark": "", "continues": False}
        state.line = taken
    return True


def _are_definitions(text: str) -> bool:
    """Return whether TeX defines macros, and is nothing else."""
    if len(text) > LONGEST_FORMULA or text.count("{") - text.count("}") > 0:
        return False
    try:
        return not Macros().expanded(text).strip()
    except MacroError:
        return False


def _display_at(state: StateBlock, start: int, end: int) -> _Display | None:
    first = line_text(state, start)
    if first.startswith("$$"):
        return _enclosed(state, start, end, "$$", "$$")
    if first.startswith("\\["):
        found = _enclosed(state, start, end, "\\[", "\\]")
        return found if found and _looks_like_tex(found.tex, is_displayed=True) else None
    begin = _BEGIN.match(first)
    if begin is None:
        return None
    name = begin[1]
    found = _enclosed(state, start, end, f"\\begin{{{name}}}", f"\\end{{{name}}}")
    if found is None:
        return None
    tex = f"\\begin{{{name}}}{found.tex}\\end{{{name}}}"
    return _Display(tex, found.label, found.end, found.mark)


def _enclosed(
    state: StateBlock, start: int, end: int, opening: str, closing: str
) -> _Display | None:
    """Return the formula between two delimiters that have nothing but a label after them."""
    last = _closing_line(state, start, end, opening, closing)
    if last is None:
        return None
    pieces = [line_text(state, line) for line in range(start, last + 1)]
    pieces[0] = pieces[0][len(opening) :]
    text = pieces[-1]
    position = _find_unescaped(text, closing)
    after = _AFTER_DISPLAY.match(text, position + len(closing))
    tex = "\n".join([*pieces[:-1], text[:position]])
    if after is None or not tex.strip():
        return None
    label = _ID_IN_LIST.match(after["list"] or "")
    return _Display(tex, label[1] if label else after["label"] or "", last + 1, after["mark"] or "")


def _closing_line(
    state: StateBlock, start: int, end: int, opening: str, closing: str
) -> int | None:
    """Return the line on which a displayed formula ends; None, with a finding, if there is none."""
    known: dict[str, tuple[int, int]] = state.env.setdefault("lines_without_end", {})
    first, after = known.get(closing, (0, 0))
    limit = min(end, start + _LONGEST_BLOCK)
    # A line that opens a formula by dollar signs ends one as well.
    next_line = after if first <= start < after and closing != "$$" else start
    for line in range(next_line, limit):
        if line > start and state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return None
        text = line_text(state, line)
        if _find_unescaped(text[len(opening) :] if line == start else text, closing) >= 0:
            return line
    known[closing] = (start, limit)
    if limit == end and opening == "$$" and line_text(state, start).strip() == "$$":
        run_of(state).report("MAN-071", line_start(state, start), mark=opening)
    return None


def _find_unescaped(text: str, closing: str) -> int:
    position = text.find(closing)
    while position > 0 and closing != "$$" and text[position - 1] == "\\":
        position = text.find(closing, position + 1)
    return position


def with_formulas(rule: BlockRule) -> BlockRule:
    """Return the rule of fenced code with the fences ``math`` and ``{math}`` as formulas."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        if not silent:
            as_formula(state.tokens[-1])
        return True

    return run


def as_formula(token: Token) -> None:
    """Make a formula of a fence ``math``, or of one that defines macros of TeX."""
    info = _FENCE_INFO.fullmatch(token.info.strip())
    if info is None:
        is_raw = _RAW_TEX.fullmatch(token.info.strip()) is not None
        if is_raw and has_definition(token.content) and _are_definitions(token.content):
            token.type = "formula_block"
            token.meta |= {"label": "", "mark": "", "continues": False}
        return
    identifier = _ID_IN_LIST.match(info["list"] or "")
    label = identifier[1] if identifier else ""
    lines = token.content.splitlines()
    while lines and lines[0].startswith(":") and (option := _OPTION.fullmatch(lines[0].strip())):
        if option[1] in {"label", "name"}:
            label = option[2]
        del lines[0]
    tex = "\n".join(lines)
    if tex.strip():
        token.type, token.content = "formula_block", tex
        token.meta |= {"label": label, "mark": "", "continues": False}
