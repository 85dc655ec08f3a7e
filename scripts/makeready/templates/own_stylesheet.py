"""Reading a stylesheet of a book: text of a bounded size, without what stops the engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2

from makeready.book.style_files import read_style_text
from makeready.errors import FindingsError

_MOST_BRACKETS = 30
_MOST_NESTED_RULES = 8
# The engine computes in floating point, and draws a counter of Roman numerals letter by letter.
_LARGEST = 2**31
_LARGEST_COUNTER = 100_000
_COUNTERS = ("counter-reset", "counter-increment", "counter-set")
_NOT_FINITE = ("nan", "infinity", "-infinity")
_BRACKETS = re.compile(
    r"""/\*.*?(?:\*/|\Z) | \\. | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'? | [][(){}]""",
    re.DOTALL | re.VERBOSE,
)


def read_own_stylesheet(path: Path, shown_path: str) -> str:
    """Return the text of a book's stylesheet; FindingsError, with its line, if it has a fault.

    A fault is what makes the engine fail, or take memory without bound: it says itself what it
    does not understand. ``shown_path`` is relative to the book's folder.
    """
    text = read_style_text(path, shown_path)
    fault = _depth_fault(text) or next(
        _token_faults(tinycss2.parse_component_value_list(text)), None
    )
    if fault is not None:
        line, problem, hint = fault
        raise FindingsError(f"{problem}.", hint, shown_path, line)
    return text


def _depth_fault(text: str) -> tuple[int, str, str] | None:
    """Return the line where brackets or rules are nested too deeply, and what is wrong."""
    limits = {"{": _MOST_NESTED_RULES, "(": _MOST_BRACKETS, "[": _MOST_BRACKETS}
    opened: list[str] = []
    for match in _BRACKETS.finditer(text):
        bracket = match[0]
        if bracket in limits:
            opened.append(bracket)
            if opened.count(bracket) > limits[bracket]:
                line = text.count("\n", 0, match.start()) + 1
                nested = "rules" if bracket == "{" else "brackets"
                problem = f"{nested} are nested more than {limits[bracket]} deep"
                return line, problem, f"Write it with fewer {nested} inside each other."
        elif bracket in (")", "]", "}") and opened:
            opened.pop()
    return None


def _token_faults(tokens: Iterable[Any], counter: str = "") -> Iterator[tuple[int, str, str]]:
    """Yield the faults of tokens and of those inside them: line, problem and hint."""
    for token in tokens:
        if token.type in ("whitespace", "comment"):
            continue
        if token.type == "at-keyword" and token.lower_value == "color-profile":
            hint = "Remove it: colours are converted for the printer of each edition."
            yield token.source_line, "@color-profile is not supported", hint
        if token.type == "ident" and token.lower_value in _COUNTERS:
            counter = token.lower_value
        elif token.type == "literal" and token.value == ";":
            counter = ""
        if token.type in ("number", "percentage", "dimension"):
            yield from _number_faults(token, counter)
        if token.type == "function" and token.lower_name == "calc":
            yield from _calc_faults(token)
        inside = getattr(token, "arguments", None) or getattr(token, "content", None) or ()
        if not isinstance(inside, str):
            yield from _token_faults(inside, counter)


def _number_faults(token: Any, counter: str) -> Iterator[tuple[int, str, str]]:
    largest = _LARGEST_COUNTER if counter else _LARGEST
    if not abs(token.value) <= largest:
        whose = f" for {counter}" if counter else ""
        hint = f"Write a smaller number{whose}."
        yield token.source_line, f"this number is larger than {largest:,}", hint


def _calc_faults(function: Any) -> Iterator[tuple[int, str, str]]:
    """Yield the faults of what a `calc()` divides by, and of what is no number in it."""
    divides = False
    for token in function.arguments if function.type == "function" else function.content:
        if token.type in ("whitespace", "comment"):
            continue
        is_zero = token.type in ("number", "dimension", "percentage") and not token.value
        if (divides and is_zero) or (token.type == "ident" and token.lower_value in _NOT_FINITE):
            hint = "Write a length that can be computed."
            yield token.source_line, "calc() has no finite value here", hint
        divides = token.type == "literal" and token.value == "/"
        if token.type == "() block":
            yield from _calc_faults(token)
