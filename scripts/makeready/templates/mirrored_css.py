"""Stylesheets mirrored for books that are written from right to left.

Stylesheets are written as for a book from left to right. For one from right to left, left and
right change places in them: in properties (``margin-left``), values (``text-align: left``), the
four values of ``margin`` and its like, page selectors (``@page :left``) and margin boxes
(``@top-left``). A comment ``/* @noflip */`` keeps the next declaration or rule as it is; CSSJanus
and RTLCSS have the same convention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.ast import AtKeywordToken, IdentToken

_SIDES = {"left": "right", "right": "left"}
_PAIRS = {"text-align", "text-align-last", "text-align-all", "float", "clear", "caption-side"} | {
    *("break-before", "break-after", "page-break-before", "page-break-after"),
    *("background-position", "background", "object-position", "transform-origin"),
    *("background-image", "mask-image", "mask-position"),
}
"""Properties with values that name sides."""

_FOUR_SIDES = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
_FOUR_CORNERS = {"border-radius"}
_NO_FLIP = "@noflip"
_SHEETS = 32


@lru_cache(_SHEETS)
def mirrored(css: str) -> str:
    """Return a stylesheet with left and right in each other's place; lines stay as they are."""
    text: str = tinycss2.serialize(_rules(tinycss2.parse_component_value_list(css)))
    return text


def _rules(tokens: Sequence[Any]) -> list[Any]:
    """Return the rules of a stylesheet or of a conditional group, mirrored."""
    made: list[Any] = []
    for statement, is_kept in _statements(tokens):
        made += statement if is_kept else _rule(statement)
    return made


def _rule(statement: list[Any]) -> list[Any]:
    """Return a rule with its block, mirrored."""
    block = statement[-1]
    if block.type != "{} block":
        return statement
    name = next((t.lower_value for t in statement if t.type == "at-keyword"), "")
    prelude = statement[:-1]
    if name == "page":
        prelude = [_side_named(token) for token in prelude]
    else:
        prelude = [_margin_box_named(token) for token in prelude]
    if name in ("media", "supports", "layer", "container"):
        block.content = _rules(block.content)
    elif name not in ("font-face", "counter-style"):
        block.content = _declarations(block.content)
    return [*prelude, block]


def _declarations(tokens: Sequence[Any]) -> list[Any]:
    made: list[Any] = []
    for statement, is_kept in _statements(tokens):
        if is_kept:
            made += statement
        elif statement[-1].type == "{} block":
            made += _rule(statement)
        else:
            made += _declaration(statement)
    return made


def _statements(tokens: Sequence[Any]) -> Iterator[tuple[list[Any], bool]]:
    """Yield rules and declarations, and whether a comment before each keeps it as it is."""
    statement: list[Any] = []
    is_kept = False
    for token in tokens:
        statement.append(token)
        if token.type == "comment" and _NO_FLIP in token.value:
            is_kept = True
        if token.type == "{} block" or _is_mark(token, ";"):
            yield statement, is_kept
            statement, is_kept = [], False
    if statement:
        yield statement, is_kept


def _declaration(statement: list[Any]) -> list[Any]:
    at = next((i for i, token in enumerate(statement) if token.type == "ident"), None)
    if at is None or statement[at].value.startswith("--"):
        return statement
    colon = next((i for i, token in enumerate(statement) if _is_mark(token, ":")), len(statement))
    name, value = statement[at].lower_value, statement[colon + 1 :]
    if name in _PAIRS:
        value = [_side_named(token) for token in value]
    elif name in _FOUR_SIDES:
        value = _exchanged(value, (1, 3))
    elif name in _FOUR_CORNERS:
        value = _exchanged(value, (0, 1), (2, 3))
    named = _with_sides_in_name(statement[at])
    return [*statement[:at], named, *statement[at + 1 : colon + 1], *value]


def _is_mark(token: Any, mark: str) -> bool:
    return bool(token.type == "literal" and token.value == mark)


def _exchanged(value: list[Any], *pairs: tuple[int, int]) -> list[Any]:
    """Return a value of four parts with some of them in each other's place."""
    places = [i for i, t in enumerate(value) if t.type not in ("whitespace", "comment")]
    end = next((n for n, i in enumerate(places) if value[i] in ("!", ";")), len(places))
    if end != len(("top", "right", "bottom", "left")):
        return value
    made = list(value)
    for one, other in pairs:
        made[places[one]], made[places[other]] = value[places[other]], value[places[one]]
    return made


def _side_named(token: Any) -> Any:
    """Return a token with the other side, if it names one."""
    if token.type == "ident" and token.lower_value in _SIDES:
        return IdentToken(token.source_line, token.source_column, _SIDES[token.lower_value])
    if token.type == "function":
        token.arguments = [_side_named(argument) for argument in token.arguments]
    return token


def _with_sides_in_name(token: Any) -> Any:
    name = _other_name(token.lower_value)
    return IdentToken(token.source_line, token.source_column, name)


def _margin_box_named(token: Any) -> Any:
    if token.type != "at-keyword":
        return token
    name = _other_name(token.lower_value)
    return AtKeywordToken(token.source_line, token.source_column, name)


def _other_name(name: str) -> str:
    """Return the name of a property or a margin box with the other side in it."""
    return "-".join(_SIDES.get(part, part) for part in name.split("-"))
