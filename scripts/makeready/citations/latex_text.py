r"""Text of BibTeX files: TeX's accents, characters and commands, read as text with CSL's markup.

The result is escaped, and has only the markup that CSL has in its values: ``<i>``, ``<b>``,
``<sup>``, ``<sub>``, small capitals, and ``<span class="nocase">`` for letters in braces, whose
case is kept.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape

MAX_DEPTH = 20
"""Braces that are deeper are left out, and what is in them is kept."""

NO_CASE = '<span class="nocase">'
_SMALL_CAPITALS = '<span style="font-variant:small-caps;">'

_ACCENTS = {
    **{"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", '"': "\u0308"},
    **{".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "r": "\u030a", "c": "\u0327"},
    **{"k": "\u0328", "d": "\u0323", "b": "\u0331", "t": "\u0361", "h": "\u0309", "G": "\u030f"},
}
_CHARACTERS = {
    **{"aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø"},
    **{"l": "ł", "L": "Ł", "ss": "ß", "SS": "ẞ", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð"},
    **{"th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "S": "§", "P": "¶"},
    **{"copyright": "©", "pounds": "£", "textregistered": "®", "texttrademark": "™"},
    **{"textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…"},
    **{"textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“"},
    **{"textquotedblright": "”", "textasciitilde": "~", "textasciicircum": "^"},
    **{"textunderscore": "_", "textbackslash": "\\", "textbar": "|", "textless": "<"},
    **{
        "textgreater": ">",
        "textdegree": "°",
        "degree": "°",
        "textmu": "µ",
        "textperiodcentered": "·",
    },
    **{"guillemotleft": "«", "guillemotright": "»", "quotedblbase": "„", "quotesinglbase": "‚"},
    **{"TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "space": " "},
    **{"newline": " ", "quad": " ", "qquad": " ", "euro": "€", "texteuro": "€", "slash": "/"},
    **{"textdollar": "$", "textexclamdown": "¡", "textquestiondown": "¿", "bullet": "•"},
    **{"textbullet": "•", "dag": "†", "ddag": "‡", "textdagger": "†", "textsection": "§"},
    **{"textasciiacute": "´", "textquotesingle": "'", "lq": "‘", "rq": "’"},
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ"},
    **{"eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ"},
    **{"pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ"},
    **{"omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π"},
    **{"Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "infty": "∞"},
    **{"times": "×", "pm": "±", "cdot": "·", "leq": "≤", "geq": "≥", "neq": "≠", "sim": "∼"},
    **{"to": "→", "rightarrow": "→", "leftarrow": "←", "prime": "′", "circ": "∘", "partial": "∂"},
    **{"le": "≤", "ge": "≥", "approx": "≈", "in": "∈", "star": "⋆", "varepsilon": "ε"},
}
_MARKUP = {
    **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph", "it", "em", "sl"), ("<i>", "</i>")),
    **dict.fromkeys(("textbf", "mkbibbold", "bf"), ("<b>", "</b>")),
    **dict.fromkeys(("textsc", "sc"), (_SMALL_CAPITALS, "</span>")),
    **dict.fromkeys(("textsuperscript", "mkbibsuperscript"), ("<sup>", "</sup>")),
    **dict.fromkeys(("textsubscript", "mkbibsubscript"), ("<sub>", "</sub>")),
    **dict.fromkeys(("enquote", "mkbibquote"), ("“", "”")),
}
_SWITCHES = frozenset({"it", "em", "sl", "bf", "sc"})
"""Commands that hold to the end of their group."""

_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]+)\*?[ \t\n]*|\\(?P<sign>[^A-Za-z])|(?P<brace>[{}])|(?P<dollars>\$+)"
    r"|(?P<script>[\^_])|(?P<text>[^\\{}$~^_]+|~)|(?P<other>.)",
    re.DOTALL,
)
_UNREAD = re.compile(r"\\href[ ]*\{[^{}]*\}|\\(?:url|path|nolinkurl|texttt)(?![A-Za-z])")
_SPACE = re.compile(r"[ \t\r\n]+")
_MARKS = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_TAGS = re.compile(r"<[^<>]*>")


class _Reader:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._ends = [""]
        self._deeper = 0
        self._next: tuple[str, str] | None = None
        self._accent = ""
        self._in_formula = False
        self._is_argument = False

    def read(self, text: str) -> str:
        text = _UNREAD.sub(" ", text)
        for token in _TOKEN.finditer(text):
            if command := token["command"]:
                self._command(command)
                self._is_argument = True
                continue
            if token["brace"] != "{":
                self._is_argument = False
            if sign := token["sign"]:
                self._sign(sign)
            elif brace := token["brace"]:
                # In BibTeX, braces around a command keep no case: {\'E}cole.
                keeps_case = text[token.end() : token.end() + 1] not in {"\\", "}"}
                self._open(keeps_case=keeps_case) if brace == "{" else self._close()
            elif token["dollars"]:
                self._in_formula = not self._in_formula
            elif (script := token["script"]) and self._in_formula:
                self._next = _MARKUP["textsuperscript" if script == "^" else "textsubscript"]
            else:
                self._text(token[0])
        self._deeper = 0
        self._pieces += reversed(self._ends)
        return unicodedata.normalize("NFC", "".join(self._pieces))

    def _command(self, name: str) -> None:
        if name in _CHARACTERS and not (name in _ACCENTS and not self._in_formula):
            self._text(_CHARACTERS[name])
        elif name in _ACCENTS:
            self._accent = _ACCENTS[name]
        elif name in _SWITCHES:
            start, end = _MARKUP[name]
            self._pieces.append(start)
            self._ends[-1] = end + self._ends[-1]
        elif name in _MARKUP:
            self._next = _MARKUP[name]

    def _sign(self, sign: str) -> None:
        if sign in _ACCENTS:
            self._accent = _ACCENTS[sign]
        elif sign in "\\\n ,;:!/-@":
            self._pieces.append(" " if sign in "\\\n ," else "")
        else:
            self._text(sign)

    def _open(self, *, keeps_case: bool) -> None:
        if len(self._ends) > MAX_DEPTH:
            self._deeper += 1
            return
        start, end = self._next or ("", "")
        is_plain = not (self._next or self._accent or self._in_formula or self._is_argument)
        if is_plain and keeps_case and len(self._ends) == 1:
            start, end = NO_CASE, "</span>"
        self._next = None
        self._pieces.append(start)
        self._ends.append(end)

    def _close(self) -> None:
        if self._deeper:
            self._deeper -= 1
        elif len(self._ends) > 1:
            self._pieces.append(self._ends.pop())

    def _text(self, text: str) -> None:
        if self._in_formula:
            text = text.replace("~", "\u00a0").replace("-", "−")
        else:
            for mark, character in _MARKS:
                text = text.replace(mark, character)
            text = text.replace("~", "\u00a0")
        first, rest = text[:1], text[1:]
        if self._accent and first.strip():
            base = {"ı": "i", "ȷ": "j"}.get(first, first)
            first, self._accent = base + self._accent, ""
        if self._next and first.strip():
            start, end = self._next
            self._next = None
            self._pieces += [start, escape(first, quote=False), end]
            first = ""
        self._pieces.append(escape(first + rest, quote=False))


def latex_to_csl(text: str) -> str:
    """Return a value of BibTeX as CSL has it."""
    return _SPACE.sub(" ", _Reader().read(text)).strip(" ")


def latex_to_plain(text: str) -> str:
    """Return a value of BibTeX as plain text, for names, numbers and identifiers."""
    return unescape(_TAGS.sub("", latex_to_csl(text)))
