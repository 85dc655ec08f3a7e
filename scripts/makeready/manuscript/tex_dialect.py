r"""TeX in what latex2mathml 3.81 reads: other commands for those that it does not know or mistakes.

Commands that stand for others are macros; those that read what follows them are here by name.
"""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterable
from functools import cache

from makeready.manuscript.tex_chemistry import CHEMISTRY, chemistry
from makeready.manuscript.tex_macros import MacroError, Macros, joined, tokens_of
from makeready.manuscript.tex_quantities import QUANTITIES, quantity

NAME_MARK = "\ue013"
"""Before the name of an operator, which is a text to latex2mathml."""

ROW_MARK = "\ue014"
"""Around the space after a row, as ``\\\\[6pt]`` has it."""

TABLE_MARK = "\ue012"
"""Around the columns of an array in its first cell: ``|c|c|``, after ``-`` for a line above it."""

DISPLAY_MARK = "\ue015"
"""In the first cell of a table whose cells are set as displayed formulas."""

_IN_DISPLAY = f"\\text{{{DISPLAY_MARK}}}"

BARS = {
    "\ue016": ("|", "prefix"),
    "\ue017": ("|", "postfix"),
    "\ue018": ("‖", "prefix"),
    "\ue019": ("‖", "postfix"),
}
"""Stand-ins for the bars that open and close: each with its sign and form in MathML."""

_MACROS = {
    "nicefrac": r"{#1}/{#2}",
    "sfrac": r"{#1}/{#2}",
    "mathrel": r"\;{#1}\;",
    "mathbin": r"\:{#1}\:",
    "mathpunct": r"{#1}\,",
    "mathord": "{#1}",
    "mathopen": "{#1}",
    "mathclose": "{#1}",
    "mathinner": "{#1}",
    "ensuremath": "{#1}",
    "pmod": r"\mspace{18mu}(\mathrm{mod}\mspace{6mu}#1)",
    "mod": r"\mspace{18mu}\mathrm{mod}\mspace{6mu}#1",
    "pod": r"\mspace{18mu}(#1)",
    "bmod": r"\:\operatorname{mod}\:",
    "colon": r"\mspace{2mu}{:}\mspace{6mu}",
    "dag": "†",
    "ddag": "‡",
    "copyright": "©",
    "colonequals": "≔",
    "dblcolon": "∷",
    "mathellipsis": r"\ldots",
    "coloneqq": "≔",
    "coloneq": "≔",
    "eqqcolon": "≕",
    "vcentcolon": ":",
    "textcolor": "{#2}",
    "fbox": r"\boxed{\text{#1}}",
    "colorbox": r"\text{#2}",
    "cssId": "{#2}",
    "class": "{#2}",
    "htmlClass": "{#2}",
    "htmlId": "{#2}",
    "style": "{#2}",
    "href": "{#2}",
    "prescript": "{}^{#1}_{#2}{#3}",
    "sideset": "{}#1{#3}#2",
    "bm": r"\boldsymbol{#1}",
    "pmb": r"\boldsymbol{#1}",
    "mathds": r"\mathbb{#1}",
    "mathbbm": r"\mathbb{#1}",
    "dots": r"\ldots",
    "dotsc": r"\ldots",
    "dotso": r"\ldots",
    "hdots": r"\ldots",
    "dotsb": r"\cdots",
    "dotsm": r"\cdots",
    "dotsi": r"\cdots",
    "lvert": "\ue016",
    "rvert": "\ue017",
    "lVert": "\ue018",
    "rVert": "\ue019",
    "R": r"\mathbb{R}",
    "N": r"\mathbb{N}",
    "Z": r"\mathbb{Z}",
    "argmin": r"\operatorname*{arg\,min}",
    "argmax": r"\operatorname*{arg\,max}",
}
_DEFINITIONS = r"""
\newcommand\color[2][]{}\newcommand\bbox[2][]{{#2}}
\newcommand\require[1]{}\newcommand\definecolor[3]{}
\newcommand\displaylimits{}\newcommand\allowbreak{}\newcommand\nobreak{}\newcommand\hfill{}
"""
_OLD_FONTS = {
    "\\rm": "\\mathrm",
    "\\bf": "\\mathbf",
    "\\it": "\\mathit",
    "\\sf": "\\mathsf",
    "\\tt": "\\mathtt",
    "\\cal": "\\mathcal",
}
_ENVIRONMENTS = {
    "dcases": {"begin": r"\begin{cases}" + _IN_DISPLAY, "end": r"\end{cases}"},
    "rcases": {"begin": r"\left.\begin{array}{ll}", "end": r"\end{array}\right\}"},
    "drcases": {
        "begin": r"\left.\begin{array}{ll}" + _IN_DISPLAY,
        "end": r"\end{array}\right\}",
    },
    "psmallmatrix": {
        "begin": r"\left(\begin{smallmatrix}",
        "end": r"\end{smallmatrix}\right)",
    },
    "bsmallmatrix": {
        "begin": r"\left[\begin{smallmatrix}",
        "end": r"\end{smallmatrix}\right]",
    },
}
_STARRED_MATRIX = re.compile(r"([pbBvV]?matrix)\*")
_SPACES_IN_NAMES = frozenset({"\\,", "\\ ", "~", "\\;", "\\:", " "})
_FONTS_OF_NAMES = frozenset({"\\mathrm", "\\rm", "\\text", "\\textrm", "\\mathop", "{", "}"})
_NAME = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_COLUMN_GROUP = re.compile(r"[@!><]\{[^{}]*\}")
_COLUMN_WIDTH = re.compile(r"[pmbwX](?:\{[^{}]*\}){0,2}")
_REPEATED = re.compile(r"\*\{(\d{1,2})\}\{([^{}]*)\}")
_ROW_SPACE = re.compile(r"\[\s*(-?(?:\d+\.?\d*|\.\d+)\s*(?:mu|em|ex|in|cm|mm|pt|pc|px))\s*\]")
_LONGEST_SPACE = 24
_LARGE_OPERATORS = frozenset(
    f"\\{name}"
    for name in (
        "sum", "prod", "coprod", "bigcup", "bigcap", "bigvee", "bigwedge", "bigoplus", "bigotimes",
        "bigodot", "biguplus", "bigsqcup",
    )
)  # fmt: skip
NEW_ROW = "\\\\"
_MOST_DEPTH = 40
_MOST_REPEATED = 3
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(dcases|rcases|drcases|psmallmatrix|bsmallmatrix)\*?\}")


@cache
def _builtin() -> Macros:
    macros = Macros()
    macros.define(_MACROS)
    macros.expanded(_DEFINITIONS)
    return macros


def in_dialect(tex: str, *, is_displayed: bool, decimal: str = ".") -> str:
    """Return TeX without the commands that latex2mathml does not know or mistakes.

    ``decimal`` is the sign between the whole of a number of siunitx and its part.
    """
    if "\\" not in tex:
        return tex
    tex = _ENVIRONMENT.sub(lambda found: _ENVIRONMENTS[found[2]][found[1]], tex)
    expanded = Macros(dict(_builtin().known)).expanded(tex)
    rewriting = _Rewriting(tokens_of(expanded), is_displayed=is_displayed, decimal=decimal)
    return joined(rewriting.run())


class _Rewriting:
    """One pass through the tokens of a formula."""

    def __init__(
        self, tokens: Iterable[str], *, is_displayed: bool, decimal: str, depth: int = 0
    ) -> None:
        self._waiting = deque(tokens)
        self._is_displayed = is_displayed
        self._decimal = decimal
        self._depth = depth

    def run(self) -> list[str]:
        result: list[str] = []
        while self._waiting:
            result += self._next()
        return result

    def _next(self) -> list[str]:
        token = self._waiting.popleft()
        result = [token]
        if token in {"\\operatorname", "\\operatorname*", "\\mathop"}:
            result = self._operator(token)
        elif token in _OLD_FONTS:
            result = [_OLD_FONTS[token], "{", *self._within(self._rest_of_group()), "}"]
        elif token in {"\\begin", "\\end"}:
            result = self._environment(token)
        elif token in QUANTITIES or token == CHEMISTRY:
            result = self._quantity(token)
        elif token == NEW_ROW:
            result = self._row_end()
        elif token in _LARGE_OPERATORS and self._is_followed_by("\\nolimits"):
            # The limits of what is in braces stand beside it.
            result = ["{", token, "}"]
        return result

    def _quantity(self, command: str) -> list[str]:
        r"""Return what siunitx or mhchem prints, or what is in brackets after ``\qty``."""
        if command == CHEMISTRY:
            return self._within(tokens_of(chemistry(joined(self._argument()))))
        self._skip_spaces()
        if command == "\\qty" and self._waiting and self._waiting[0] == "(":
            return self._in_brackets()
        self._optional()
        found = quantity(command, self._argument, self._decimal)
        return self._within(tokens_of(found))

    def _in_brackets(self) -> list[str]:
        taken: list[str] = []
        depth = 0
        while self._waiting:
            token = self._waiting.popleft()
            depth += {"(": 1, ")": -1}.get(token, 0)
            taken.append(token)
            if not depth:
                return ["\\left", *self._within(taken[:-1]), "\\right", ")"]
        raise MacroError("\\qty has ( but no )")

    def _row_end(self) -> list[str]:
        """Return the end of a row, after the space that it asks for."""
        if self._waiting and self._waiting[0] == "*":
            self._waiting.popleft()
        following = "".join(itertools.islice(self._waiting, _LONGEST_SPACE))
        found = _ROW_SPACE.match(following)
        if found is None:
            # A bracket that begins the next row is no option.
            return ["\\\\", " "]
        taken = 0
        while taken < found.end():
            taken += len(self._waiting.popleft())
        width = "".join(found[1].split())
        return [f"\\text{{{ROW_MARK}{width}{ROW_MARK}}}", "\\\\", " "]

    def _is_followed_by(self, command: str) -> bool:
        """Take a command if it is next, after spaces."""
        spaces = list(itertools.takewhile(str.isspace, self._waiting))
        rest = itertools.islice(self._waiting, len(spaces), len(spaces) + 1)
        if next(rest, "") != command:
            return False
        for _ in range(len(spaces) + 1):
            self._waiting.popleft()
        return True

    def _within(self, tokens: list[str]) -> list[str]:
        if self._depth > _MOST_DEPTH:
            return tokens
        inner = _Rewriting(
            tokens,
            is_displayed=self._is_displayed,
            decimal=self._decimal,
            depth=self._depth + 1,
        )
        return inner.run()

    def _operator(self, command: str) -> list[str]:
        """Return an operator; its limits are above and below it where TeX has them there."""
        content = self._argument()
        plain = [" " if t in _SPACES_IN_NAMES else t for t in content]
        name = "".join(token for token in plain if token not in _FONTS_OF_NAMES).strip()
        if _NAME.fullmatch(name):
            operator = ["\\text", "{", NAME_MARK, *name, "}"]
        elif command == "\\mathop":
            operator = ["{", *self._within(content), "}"]
        else:
            operator = ["\\mathrm", "{", *self._within(content), "}"]
        has_limits = command != "\\operatorname" and self._is_displayed
        self._skip_spaces()
        while self._waiting and self._waiting[0] in {"\\limits", "\\nolimits"}:
            has_limits = self._waiting.popleft() == "\\limits"
            self._skip_spaces()
        if not has_limits:
            return operator
        for _ in range(2):
            self._skip_spaces()
            if not self._waiting or self._waiting[0] not in {"_", "^"}:
                break
            place = "\\underset" if self._waiting.popleft() == "_" else "\\overset"
            limit = self._within(self._argument())
            operator = [place, "{", *limit, "}", "{", *operator, "}"]
        return operator

    def _environment(self, command: str) -> list[str]:
        name = "".join(self._argument()).strip()
        if matrix := _STARRED_MATRIX.fullmatch(name):
            name = matrix[1]
            if command == "\\begin":
                self._optional()
        if name != "array" or command == "\\end":
            self._skip_spaces()
            # A bracket that is no option of the environment.
            is_bracket = command == "\\begin" and self._waiting and self._waiting[0] == "["
            return [command, "{", name, "}", "{}" if is_bracket else " "]
        self._optional()
        columns = _columns("".join(self._argument()))
        self._skip_spaces()
        above = ""
        while self._waiting and self._waiting[0] == "\\hline":
            above = "-"
            self._waiting.popleft()
            self._skip_spaces()
        plain = columns.replace("|", "")
        mark = f"\\text{{{TABLE_MARK}{above}{columns}{TABLE_MARK}}}"
        return [command, "{", name, "}", "{", plain, "}", mark]

    def _skip_spaces(self) -> None:
        while self._waiting and self._waiting[0].isspace():
            self._waiting.popleft()

    def _optional(self) -> None:
        """Leave out an argument in brackets."""
        self._skip_spaces()
        if self._waiting and self._waiting[0] == "[":
            while self._waiting and self._waiting.popleft() != "]":
                pass

    def _argument(self) -> list[str]:
        """Take an argument: what is in braces, or the next token."""
        self._skip_spaces()
        if not self._waiting:
            raise MacroError("an argument is missing at its end")
        first = self._waiting.popleft()
        if first != "{":
            return [first]
        taken = self._rest_of_group()
        if self._waiting:
            self._waiting.popleft()
        return taken

    def _rest_of_group(self) -> list[str]:
        """Take all tokens up to the end of the group that is open."""
        taken: list[str] = []
        depth = 0
        while self._waiting and (depth or self._waiting[0] != "}"):
            token = self._waiting.popleft()
            depth += {"{": 1, "}": -1}.get(token, 0)
            taken.append(token)
        return taken


def _columns(specification: str) -> str:
    """Return the columns of an array as letters l, c and r, and single lines between them."""
    text = _COLUMN_GROUP.sub("", specification)
    for _ in range(_MOST_REPEATED):
        text, count = _REPEATED.subn(lambda found: found[2] * int(found[1]), text[:200])
        if not count:
            break
    text = _COLUMN_WIDTH.sub("l", text)
    return re.sub(r"\|+", "|", re.sub(r"[^lcr|]", "", text)) or "c"
