"""Highlighting of code by Pygments, in few classes that one ink can tell apart.

The code and its language come from a stranger, and the lexers are regular expressions: the time
and the size are bounded, and code beyond them is plain.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from types import FrameType
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers
from pygments.token import Comment, Generic, Keyword, Name, Operator, String

CodeLine = list[tuple[str, str]]
"""The pieces of a line of code: each a class, empty if it is plain, and a text."""

MAX_LETTERS = 100_000
"""The longest code that is highlighted."""

MAX_SECTION_LETTERS = 1_000_000
"""The most code of a section that is highlighted."""

MAX_SECONDS = 5.0
"""The time of the processor that the code of a listing may take."""

_DELETED = "code-deleted"
_SIGN = re.compile(r"[-<!]\s*(?=\S)")
_CLASSES = (
    (Comment.Preproc, ""),
    (Comment.PreprocFile, ""),
    (Comment, "code-comment"),
    (Keyword, "code-keyword"),
    (Operator.Word, "code-keyword"),
    (Name.Tag, "code-keyword"),
    (Name.Builtin.Pseudo, "code-keyword"),
    (String.Doc, "code-comment"),
    (String, "code-string"),
    (Generic.Prompt, "code-prompt"),
    (Generic.Deleted, _DELETED),
    (Generic.Inserted, "code-inserted"),
    (Generic.Heading, "code-keyword"),
    (Generic.Subheading, "code-keyword"),
)
_ALIASES = {
    **{"cjs": "js", "mjs": "js", "jsonc": "json", "golang": "go", "shell-script": "bash"},
    # The languages of the cells of Jupyter.
    **dict.fromkeys(("ipython", "ipython2", "ipython3"), "python"),
}
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "none", "output"})


class _TooSlowError(Exception):
    """Highlighting took too long."""


@dataclass(slots=True)
class Highlighter:
    """A highlighter of the code of one section; ``slow`` are languages that took too long."""

    slow: set[str] = field(default_factory=set)
    _letters: int = 0

    def lines(self, text: str, language: str) -> tuple[list[CodeLine], bool]:
        """Return the lines of a text, and whether they are plain since it is too much.

        They are plain too if the language is not known.
        """
        plain: list[CodeLine] = [[("", line)] for line in text.split("\n")]
        lexer = _lexer(language.lower())
        if lexer is None or language in self.slow:
            return plain, False
        if len(text) > MAX_LETTERS or self._letters + len(text) > MAX_SECTION_LETTERS:
            return plain, True
        self._letters += len(text)
        try:
            with _time_limit():
                pieces = list(lexer.get_tokens(text))
        except _TooSlowError:
            self.slow.add(language)
            return plain, True
        except Exception:  # A lexer may raise anything on what is not its language.
            return plain, False
        is_whole = "".join(piece for _, piece in pieces) == text
        return (_with_signs_apart(_lines_of(pieces)) if is_whole else plain), False


def is_known_language(name: str) -> bool:
    """Return whether code in the language of this name is highlighted."""
    return _lexer(name.lower()) is not None


def _lines_of(pieces: list[tuple[Any, str]]) -> list[CodeLine]:
    lines: list[CodeLine] = [[]]
    for kind, text in pieces:
        name = _class_of(kind)
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if not part:
                continue
            line = lines[-1]
            # White space looks the same in every class.
            if line and (line[-1][0] == name or part.isspace()):
                line[-1] = (line[-1][0], line[-1][1] + part)
            else:
                line.append(("" if part.isspace() else name, part))
    return lines


def _with_signs_apart(lines: list[CodeLine]) -> list[CodeLine]:
    """Return lines with the sign and the indent of each deleted one apart from its text.

    The line of a diff with the name of the old file is a heading, as that of the new one.
    """
    for line, following in zip_longest(lines, lines[1:], fillvalue=[("", "")]):
        if len(line) != 1 or line[0][0] != _DELETED:
            continue
        text = line[0][1]
        if text.startswith("--- ") and following and following[0][1].startswith("+++ "):
            line[0] = ("code-keyword", text)
        elif sign := _SIGN.match(text):
            line[:] = [("", sign[0]), (_DELETED, text[sign.end() :])]
    return lines


@cache
def _class_of(kind: Any) -> str:
    return next((name for parent, name in _CLASSES if kind in parent), "")


@cache
def _names() -> dict[str, str]:
    """Return the names of the lexers by the names of languages."""
    lexers = get_all_lexers(plugins=False)
    return {alias.lower(): name for name, aliases, _, _ in lexers for alias in aliases}


@cache
def _lexer(language: str) -> Lexer | None:
    name = _names().get(_ALIASES.get(language, language)) if language not in _PLAIN else None
    found = find_lexer_class(name) if name else None
    return found(stripnl=False, ensurenl=False) if found is not None else None


@contextmanager
def _time_limit() -> Iterator[None]:
    """Raise _TooSlowError in the work of the context when it takes too long.

    Python looks for signals while it matches a regular expression too.
    """
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread can be stopped.
        raise _TooSlowError
    before = signal.signal(signal.SIGVTALRM, _stop)
    # Again and again: an exception that arrives in a callback of the collector is lost.
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlowError
