r"""Macros of TeX in formulas: definitions are read, and uses of them expanded.

``\newcommand``, ``\renewcommand``, ``\providecommand``, ``\def``, ``\let``,
``\DeclareMathOperator`` and ``\DeclarePairedDelimiter`` are read as LaTeX does, but parameters that
end at a sign. What an expansion costs is bounded.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.model import BOOK_FILE, TexMacros
from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.findings import Findings, SourceLocation

_TOKEN = re.compile(r"\\[A-Za-z@]+\*?|\\.|#\d|\s+|.", re.DOTALL)
_DEFINING = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand|renewcommand|DeclareMathOperator|gdef|def|let"
    r"|DeclarePairedDelimiter)(?![A-Za-z])"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z@]+|[^A-Za-z\s])")
_ENDS_IN_WORD = re.compile(r"\\[A-Za-z@]+\Z")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_PARAMETER = re.compile(r"#(\d)")
_ALLOWED_FIRST = frozenset({"\\ensuremath", "\\protect", "\\relax", "\\xspace"})
_MOST_WORK = 100_000
_LARGEST_FILE = 200_000
_MOST_PARAMETERS = 9


class MacroError(Exception):
    """A macro cannot be defined or expanded; the message says why."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: the tokens of its text, the number of its arguments, and the first one's value."""

    body: tuple[str, ...]
    arguments: int = 0
    default: tuple[str, ...] | None = None


@dataclass(slots=True)
class Macros:
    """The macros that are known at a formula, by their commands."""

    known: dict[str, Macro] = field(default_factory=dict)

    def define(self, macros: Mapping[str, str]) -> None:
        """Define macros by name, with or without the backslash, and text."""
        for name, text in macros.items():
            numbers = [int(number) for number in _PARAMETER.findall(text)]
            self.known[f"\\{name.removeprefix(chr(92))}"] = Macro(
                tuple(tokens_of(text)), max(numbers, default=0)
            )

    def expanded(self, tex: str) -> str:
        """Return TeX without definitions, which are learnt, and with all macros expanded."""
        if "\\" not in tex or not (self.known or _DEFINING.search(tex)):
            return tex
        return _Expansion(self.known, tokens_of(_COMMENT.sub(r"\1", tex))).run()


def has_definition(tex: str) -> bool:
    """Return whether TeX begins with the definition of a macro."""
    return _DEFINING.match(tex.lstrip()) is not None


def tokens_of(text: str) -> list[str]:
    """Return the tokens of TeX: commands, parameters, spaces and single signs."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0] == "\\" and token.endswith("*") and not _is_starred(token):
            tokens += [token[:-1], "*"]
        else:
            tokens.append(token)
    return tokens


def _is_starred(command: str) -> bool:
    return command in {"\\*", "\\operatorname*", "\\DeclareMathOperator*"}


def joined(tokens: Iterable[str]) -> str:
    """Return the TeX of tokens."""
    pieces: list[str] = []
    for token in tokens:
        # The name of a command ends before the letters that come out of a macro.
        if pieces and token[:1].isalpha() and _ENDS_IN_WORD.match(pieces[-1]):
            pieces.append(" ")
        pieces.append(token)
    return "".join(pieces)


class _Expansion:
    """The expansion of one formula, token by token."""

    def __init__(self, known: dict[str, Macro], tokens: Iterable[str]) -> None:
        self._known = known
        self._waiting = deque(tokens)
        self._work = 0

    def run(self) -> str:
        result: list[str] = []
        while self._waiting:
            token = self._waiting.popleft()
            if _DEFINING.fullmatch(token.rstrip("*")):
                self._define(token)
            elif token in self._known:
                self._expand(token, self._known[token])
            elif token not in _ALLOWED_FIRST:
                result.append(token)
        return joined(result)

    def _expand(self, name: str, macro: Macro) -> None:
        arguments: list[tuple[str, ...]] = []
        if macro.default is not None:
            arguments.append(self._optional() or macro.default)
        while len(arguments) < macro.arguments:
            arguments.append(self._argument(name))
        text: list[str] = []
        for token in macro.body:
            if token[0] == "#" and len(token) > 1 and 0 < int(token[1]) <= len(arguments):
                text += arguments[int(token[1]) - 1]
            else:
                text.append(token)
            if len(text) > _MOST_WORK:
                break
        self._count(len(text) + sum(map(len, arguments)))
        if not macro.arguments:
            self._skip_spaces()
        self._waiting.extendleft(reversed(text))

    def _count(self, work: int) -> None:
        self._work += 1 + work
        if self._work > _MOST_WORK:
            raise MacroError("its macros never end, or make it far too long")

    def _define(self, command: str) -> None:
        kind = command.rstrip("*")
        if self._waiting and self._waiting[0] == "*":
            self._waiting.popleft()
        name = self._name(kind)
        if kind == "\\let":
            self._let(name)
            return
        if kind in {"\\def", "\\gdef"}:
            self._known[name] = self._by_parameters(name)
            return
        if kind == "\\DeclareMathOperator":
            star = "*" if command.endswith("*") else ""
            text = ("\\operatorname", star, "{", *self._argument(kind), "}")
            self._known[name] = Macro(tuple(filter(None, text)))
            return
        if kind == "\\DeclarePairedDelimiter":
            left, right = self._argument(kind), self._argument(kind)
            text = ("\\left", *left, "#1", "\\right", *right)
            self._known[name] = Macro(text, 1)
            return
        number = "".join(self._optional() or ("0",)).strip()
        default = self._optional()
        if not number.isdigit() or int(number) > _MOST_PARAMETERS:
            raise MacroError(f"“{number[:20]}” is no number of arguments of {name}")
        macro = Macro(self._argument(name), int(number), default)
        if not (kind == "\\providecommand" and name in self._known):
            self._known[name] = macro

    def _name(self, kind: str) -> str:
        name = joined(self._argument(kind)).strip()
        if not _COMMAND.fullmatch(name):
            raise MacroError(f"{kind} is followed by no command")
        return name

    def _let(self, name: str) -> None:
        self._skip_spaces()
        if self._waiting and self._waiting[0] == "=":
            self._waiting.popleft()
        target = self._argument("\\let")
        one = self._known.get(target[0]) if len(target) == 1 else None
        self._known[name] = one or Macro(target)

    def _by_parameters(self, name: str) -> Macro:
        r"""Return the macro that ``\def`` defines, whose parameters are numbered in order."""
        count = 0
        while self._waiting and self._waiting[0] != "{":
            token = self._waiting.popleft()
            if token.isspace():
                continue
            count += 1
            if token != f"#{count}":
                raise MacroError(f"\\def{name} has arguments that end at a sign")
        return Macro(self._argument(name), count)

    def _skip_spaces(self) -> None:
        while self._waiting and self._waiting[0].isspace():
            self._waiting.popleft()

    def _optional(self) -> tuple[str, ...] | None:
        """Take an argument in brackets, if there is one."""
        self._skip_spaces()
        if not self._waiting or self._waiting[0] != "[":
            return None
        self._waiting.popleft()
        return self._until("]")

    def _argument(self, name: str) -> tuple[str, ...]:
        """Take an argument: what is in braces, or the next token."""
        self._skip_spaces()
        if not self._waiting:
            raise MacroError(f"an argument of {name} is missing")
        first = self._waiting.popleft()
        return self._until("}") if first == "{" else (first,)

    def _until(self, end: str) -> tuple[str, ...]:
        taken: list[str] = []
        depth = 0
        while self._waiting:
            token = self._waiting.popleft()
            if token == end and depth == 0:
                return tuple(taken)
            depth += {"{": 1, "}": -1}.get(token, 0)
            taken.append(token)
        raise MacroError(f"a macro or its argument has no {end} at its end")


def read_macros(root: Path, macros: TexMacros, findings: Findings) -> Macros:
    """Return the macros that ``book.toml`` defines, and those of the file that it names."""
    result = Macros()
    if macros.file:
        location = SourceLocation(BOOK_FILE, macros.line)
        try:
            text = read_book_file(root, macros.file, _LARGEST_FILE).decode("utf-8", "replace")
            result.expanded(text)
        except FileRefusedError as error:
            findings.add("MAN-062", location, file=macros.file, problem=error.problem)
        except MacroError as error:
            findings.add("MAN-062", location, file=macros.file, problem=str(error))
    result.define(macros.texts)
    return result
