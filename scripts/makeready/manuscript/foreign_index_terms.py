r"""Index terms as LaTeX, Sphinx, MyST and Markua write them, read as our own.

==============================================  ================================================
``\index{soil!clay}`` (LaTeX, bookdown)         ``[]{.index entry="soil!clay"}``
``\index{Aleph@\emph{Aleph}}``                  ``[]{.index entry="Aleph" sort="Aleph"}``
``\index{loam|see{clay}}``, ``|seealso{clay}``  ``see=clay``, ``see-also=clay``
``\index{soil|(}``, ``|)``, ``|textbf``         ``range=begin``, ``range=end``, ``main``
``{index}`clay```, ``:index:`clay``` (MyST)     ``[clay]{.index}``
a fence ``{index}`` with ``single: soil; clay`` ``[]{.index entry="soil!clay"}``
``{i: "clay"}`` (Markua)                        ``[]{.index entry="clay"}``
==============================================  ================================================

An entry with a sign that our own form cannot have, such as a quoted ``!``, is not read: it stays
text, and is reported as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from makeready.citations.latex_text import latex_to_plain
from makeready.manuscript.parse_run import line_text

_LONGEST = 500
_MOST_LEVELS = 3
_MOST_LINES = 200
_COMMAND = r"\index"
_OPENING = re.compile(r"\\indexc?[ \t]*(?:\[[\w-]{1,40}\][ \t]*)?\{")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PIECE = re.compile(r"\\.|\".|[{}!@|]|[^\"\\{}!@|]+|.", re.DOTALL)
_QUOTED = re.compile(r"(\\.)|\"(.)", re.DOTALL)
_SEE = re.compile(r"see(also)?\s*\{(.*)\}\s*\Z", re.DOTALL)
_RANGES = {"(": "begin", ")": "end"}
_ROLE = re.compile(r"(?:\{index\}|:index:)`([^`\n]{1,300})`(?!`)")
_TITLE_AND_TARGET = re.compile(r"(.*\S)\s*<([^<>]+)>\Z", re.DOTALL)
_MARKUA = re.compile(r"\{i:[ \t]*(?:\"([^\"{}\n]{1,300})\"|([^\"{}\n]{1,300}))\}")
_FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})[ \t]*\{index\}[ \t]*(.*)$")
_FIELD = re.compile(r":[a-z-]+:")
_ENTRY_TYPE = re.compile(r"([a-z]+):[ \t]*(.*)\Z", re.DOTALL)
_OBJECTS = frozenset({"module", "keyword", "operator", "object", "exception", "statement"}) | {
    "builtin"
}


@dataclass(frozen=True, slots=True)
class _Term:
    """An entry of the index: its path, what it is sorted by, and our attributes of it."""

    levels: tuple[str, ...]
    keys: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_readable(self) -> bool:
        targets = [value for key, value in self.options if key.startswith("see")]
        paths = [*self.levels, *self.keys, *targets]
        return 0 < len(self.levels) <= _MOST_LEVELS and all(
            part.strip() and "!" not in part and ";" not in part for part in paths
        )

    def attributes(self) -> dict[str, str | int | float]:
        sort = {"sort": "!".join(self.keys)} if self.keys and self.keys != self.levels else {}
        return {
            "class": "index",
            "entry": "!".join(self.levels),
            **sort,
            **{key: value.replace("\0", "!") for key, value in self.options},
        }


def index_command(state: StateInline, silent: bool) -> bool:
    r"""Read ``\index{soil!clay}``."""
    if not state.src.startswith(_COMMAND, state.pos) or state.linkLevel:
        return False
    opening = _OPENING.match(state.src, state.pos, state.posMax)
    end = _end_of_braces(state.src, opening.end(), state.posMax) if opening else -1
    if opening is None or end < 0:
        return False
    term = _latex_term(" ".join(state.src[opening.end() : end].split()))
    if term is None or not term.is_readable:
        return False
    if not silent:
        _push(state, term)
    state.pos = end + 1
    return True


def index_role(state: StateInline, silent: bool) -> bool:
    """Read ``{index}`clay``` and ``{i: "clay"}``."""
    found = _ROLE.match(state.src, state.pos, state.posMax)
    if found is None or state.src[max(state.pos - 1, 0)] in "`\\":
        return _markua_term(state, silent)
    written = " ".join(found[1].split())
    titled = _TITLE_AND_TARGET.match(written)
    if titled:
        words, terms = titled[1], _sphinx_terms(titled[2])
    else:
        words = written.removeprefix("!").strip()
        options = (("main", ""),) if written.startswith("!") else ()
        terms = [_Term(_split(words), options=options)]
    if state.linkLevel or not words or not terms or not all(term.is_readable for term in terms):
        return False
    if not silent:
        for term in terms[1:]:
            _push(state, term)
        _push(state, terms[0], words)
    state.pos = found.end()
    return True


def index_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a fence ``{index}`` of MyST: its entries belong to the block before or after it."""
    opening = None if state.is_code_block(start) else _FENCE.match(line_text(state, start))
    if opening is None:
        return False
    line, entries = start + 1, [opening[2]]
    end = min(end, start + _MOST_LINES)
    while line < end and state.sCount[line] >= state.blkIndent:
        text = line_text(state, line).strip()
        if text.startswith(opening[1]) and not text.strip(opening[1][0]):
            break
        entries.append("" if _FIELD.match(text) else text)
        line += 1
    else:
        return False
    terms = [term for entry in entries if entry.strip() for term in _sphinx_terms(entry)]
    if not terms or not all(term.is_readable for term in terms):
        return False
    if not silent:
        token = state.push("paragraph_open", "p", 1)
        token.map = [start, line + 1]
        for term in terms:
            state.push("span_open", "span", 1).attrs = term.attributes()
            state.push("span_close", "span", -1)
        state.push("paragraph_close", "p", -1)
        state.line = line + 1
    return True


def _markua_term(state: StateInline, silent: bool) -> bool:
    found = _MARKUA.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel:
        return False
    parts = tuple(" ".join(part.split()) for part in (found[1] or found[2]).split("!"))
    term = _Term(parts)
    if not term.is_readable:
        return False
    if not silent:
        _push(state, term)
    state.pos = found.end()
    return True


def _push(state: StateInline, term: _Term, words: str = "") -> None:
    state.push("span_open", "span", 1).attrs = term.attributes()
    if words:
        state.push("text", "", 0).content = words
    state.push("span_close", "span", -1)


def _end_of_braces(text: str, start: int, end: int) -> int:
    """Return where the brace closes that is open at ``start``; -1 if it is not near."""
    depth = 1
    for found in _BRACE.finditer(text, start, min(end, start + _LONGEST)):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    return -1


def _latex_term(text: str) -> _Term | None:
    levels, keys = [], []
    path, _, command = _parted(text, "|")
    for level in _parts(path, "!"):
        key, at, shown = _parted(level, "@")
        levels.append(_plain(shown if at else key))
        keys.append(_plain(key))
    command = command.strip()
    options: tuple[tuple[str, str], ...] = ()
    if command[:1] in _RANGES:
        options = (("range", _RANGES[command[0]]),)
    elif see := _SEE.match(command):
        path = "\0".join(_plain(part) for part in _parts(see[2], "!"))
        options = (("see-also" if see[1] else "see", path),)
    elif command.startswith(("textbf", "main", "mainpage", "bb", "bold")):
        options = (("main", ""),)
    return _Term(tuple(levels), tuple(keys), options)


def _parts(text: str, separator: str) -> list[str]:
    """Split at a separator that is outside braces and not quoted."""
    parts, depth = [""], 0
    for piece in _PIECE.finditer(text):
        depth += {"{": 1, "}": -1}.get(piece[0], 0)
        if piece[0] == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece[0]
    return parts


def _parted(text: str, separator: str) -> tuple[str, str, str]:
    first, *others = _parts(text, separator)
    return first, separator if others else "", separator.join(others)


def _plain(text: str) -> str:
    """Return TeX's text without its commands, as the index shows it."""
    # A sign after " is no separator; \" is an accent.
    unquoted = _QUOTED.sub(lambda found: found[1] or found[2], text)
    plain = latex_to_plain(unquoted)
    # The sign may be the entry itself.
    return " ".join((plain.replace("`", "").strip() or plain).split())


def _split(path: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in path.split(";"))


def _sphinx_terms(text: str) -> list[_Term]:
    """Return the entries of a line of Sphinx's directive; none if it cannot be read."""
    text = " ".join(text.split())
    typed = _ENTRY_TYPE.match(text)
    kind, value = typed.groups() if typed else ("", text)
    if typed is None:
        plain = [part.strip() for part in value.split(",") if part.strip()]
        return [
            _Term((p.lstrip("! "),), options=(("main", ""),) if p[0] == "!" else ()) for p in plain
        ]
    options = (("main", ""),) if value.startswith("!") else ()
    match kind, _split(value.removeprefix("!")):
        case "single", levels:
            paths = [levels]
        case "pair", (a, b):
            paths = [(a, b), (b, a)]
        case "triple", (a, b, c):
            paths = [(a, f"{b} {c}"), (b, f"{c}, {a}"), (c, f"{a} {b}")]
        case (("see" | "seealso"), (a, b)):
            paths, options = [(a,)], (("see" if kind == "see" else "see-also", b),)
        case kind, (name,) if kind in _OBJECTS:
            paths = [(kind, name), (name, kind)]
        case _:
            paths = []
    return [_Term(path, options=options) for path in paths]
