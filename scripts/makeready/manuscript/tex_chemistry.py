r"""Chemical formulas of mhchem, ``\ce{…}``: written in TeX as they are printed.

Read are species with numbers, charges, isotopes and states, bonds, arrows with text above and
below, and formulas between dollar signs; what else mhchem knows is refused.
"""

from __future__ import annotations

import re

from makeready.manuscript.tex_macros import MacroError

CHEMISTRY = "\\ce"
"""The command of mhchem."""

_MOST_DEPTH = 5
_LONGEST = 2000
_ARROWS = {
    "<=>>": "\\xrightleftharpoons",
    "<<=>": "\\xrightleftharpoons",
    "<=>": "\\xrightleftharpoons",
    "<-->": "\\xleftrightarrow",
    "<->": "\\xleftrightarrow",
    "->": "\\xrightarrow",
    "<-": "\\xleftarrow",
    "→": "\\xrightarrow",
    "⇌": "\\xrightleftharpoons",
}
_ARROW = re.compile("|".join(map(re.escape, sorted(_ARROWS, key=len, reverse=True))))
_STATE = re.compile(r"\s?\((aq|s|l|g|cr|am|vit|ads|sln|lc|mon)\)")
_FRACTION = re.compile(r"(\d+)/(\d+)")
_COEFFICIENT = re.compile(r"\d+(?:\.\d+)?")
_LETTERS = re.compile(r"[A-Z][a-z]*|[a-z]+")
_DIGITS = re.compile(r"\d+")
_SCRIPT = re.compile(r"[\^_](?:\{([^{}]*)\}|(\d*[+-]+|\d+|[A-Za-z.*]))")
_SIGN = re.compile(r"[+-](?=[\s)\]}]|$|[\^_])")
_ADDITION = re.compile(r"\s*[*.•·]\s*")
_BONDS = {"-": "\\text{–}", "=": "{=}", "#": "{\\equiv}", "–": "\\text{–}", "≡": "{\\equiv}"}
_BOND = re.compile("|".join(map(re.escape, _BONDS)))
_COMMAND = re.compile(r"\\[A-Za-z]+")
_MATH = re.compile(r"\$([^$]*)\$")
_PRESSURE = re.compile(r"(?:\s+|\s*\()([v^])\)?(?=\s|$)")
_BETWEEN = re.compile(r"\s+([+=,-])\s+")
_COMMANDS = "alpha beta gamma delta Delta epsilon nu mu pi sigma omega cdot pm circ bullet infty"
_ALLOWED_COMMANDS = frozenset(f"\\{name}" for name in _COMMANDS.split())


def chemistry(text: str, *, depth: int = 0) -> str:
    r"""Return the TeX of what is in ``\ce{…}``; raises `MacroError` for what is not read."""
    if depth > _MOST_DEPTH or len(text) > _LONGEST:
        raise MacroError("its \\ce is nested too deeply, or too long")
    return _Reading(" ".join(text.split()), depth).run()


class _Reading:
    """One reading of a chemical formula, from left to right."""

    def __init__(self, text: str, depth: int) -> None:
        self._text = text
        self._depth = depth
        self._at = 0
        self._is_after_atom = False
        self._pieces: list[str] = []

    def run(self) -> str:
        while self._at < len(self._text):
            if not (self._between() or self._in_species()):
                raise MacroError(f"\\ce has “{self._text[self._at :][:12]}”, which is not read")
        return "".join(self._pieces)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _add(self, tex: str, *, is_atom: bool) -> bool:
        self._pieces.append(tex)
        self._is_after_atom = is_atom
        return True

    def _between(self) -> bool:
        """Read what stands between species: arrows, signs and spaces."""
        start = self._at
        while self._text[self._at : self._at + 1] == " ":
            self._at += 1
        if found := self._take(_ARROW):
            above, below = self._label(), self._label()
            self._skip_space()
            option = f"[{{{below}}}]" if below else ""
            return self._add(f"{_ARROWS[found[0]]}{option}{{{above}}}", is_atom=False)
        self._at = start
        if self._is_after_atom and (found := self._take(_PRESSURE)):
            return self._add(r"\uparrow " if found[1] == "^" else r"\downarrow ", is_atom=True)
        if found := self._take(_BETWEEN):
            return self._add(f"{{}}{found[1]}{{}}", is_atom=False)
        if self._text[self._at] == " ":
            self._at += 1
            return self._add(r"\ ", is_atom=False)
        return False

    def _skip_space(self) -> None:
        if self._text[self._at : self._at + 1] == " ":
            self._at += 1

    def _label(self) -> str:
        """Take the text above or below an arrow."""
        if self._text[self._at : self._at + 1] != "[":
            return ""
        depth = 0
        for place in range(self._at, len(self._text)):
            depth += {"[": 1, "]": -1}.get(self._text[place], 0)
            if not depth:
                inner = self._text[self._at + 1 : place]
                self._at = place + 1
                return chemistry(inner, depth=self._depth + 1)
        raise MacroError("\\ce has an arrow with [ but no ]")

    def _in_species(self) -> bool:
        read = self._after_atom if self._is_after_atom else self._before_atom
        return read() or self._letters() or self._sign() or self._group()

    def _after_atom(self) -> bool:
        if found := self._take(_STATE):
            return self._add(rf"\,(\text{{{found[1]}}})", is_atom=True)
        if found := self._take(_SIGN):
            return self._add(f"^{{{found[0]}}}", is_atom=True)
        if found := self._take(_DIGITS):
            return self._add_scripts(f"_{{{found[0]}}}")
        if self._take(_ADDITION):
            return self._add(r"\cdot ", is_atom=False)
        found = self._take(_BOND)
        return found is not None and self._add(_BONDS[found[0]], is_atom=False)

    def _before_atom(self) -> bool:
        if found := self._take(_FRACTION):
            return self._add(rf"\tfrac{{{found[1]}}}{{{found[2]}}}\,", is_atom=False)
        found = self._take(_COEFFICIENT)
        if found is None:
            return False
        self._skip_space()
        return self._add(rf"{found[0]}\,", is_atom=False)

    def _letters(self) -> bool:
        if found := self._take(_LETTERS):
            return self._add(f"\\text{{{found[0]}}}", is_atom=True)
        if found := self._take(_MATH):
            return self._add(f"{{{found[1]}}}", is_atom=True)
        found = self._take(_COMMAND)
        if found is None or found[0] not in _ALLOWED_COMMANDS:
            self._at = found.start() if found else self._at
            return False
        self._skip_space()
        return self._add(f"{found[0]} ", is_atom=True)

    def _sign(self) -> bool:
        sign = self._text[self._at]
        if sign in "^_":
            return self._add_scripts("")
        if sign not in "()[]+-":
            return False
        self._at += 1
        return self._add(sign, is_atom=sign not in "([")

    def _group(self) -> bool:
        if self._text[self._at] != "{":
            return False
        end = self._text.find("}", self._at)
        inner = self._text[self._at + 1 : end]
        if end < 0 or "{" in inner:
            return False
        self._at = end + 1
        return self._add(f"\\text{{{inner}}}", is_atom=True)

    def _add_scripts(self, scripts: str) -> bool:
        """Add subscripts and superscripts; those before a sign of an element are its isotope's."""
        is_isotope = not self._is_after_atom
        found_any = bool(scripts)
        while found := self._take(_SCRIPT):
            content = found[1] if found[1] is not None else found[2]
            if found[0][0] in scripts:
                # A second one of its kind has its own place.
                scripts += "{}"
            scripts += f"{found[0][0]}{{{content}}}"
            found_any = True
        if found_any and (sign := self._take(_SIGN)) and "^" not in scripts:
            scripts += f"^{{{sign[0]}}}"
        if not found_any:
            return False
        return self._add(f"{{}}{scripts}" if is_isotope else scripts, is_atom=not is_isotope)
