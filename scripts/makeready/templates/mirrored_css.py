"""Stylesheets mirrored for books that are written from right to left, or turned for columns.

Stylesheets are written as for a book from left to right. For one from right to left, left and
right change places in them: in properties (``margin-left``), values (``text-align: left``), the
four values of ``margin`` and its like, page selectors (``@page :left``) and margin boxes
(``@top-left``). A comment ``/* @noflip */`` keeps the next declaration or rule as it is; CSSJanus
and RTLCSS have the same convention.

For lines that are columns from right to left the sides are turned by a quarter: what is above in a
line's page is at its right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import tinycss2
from tinycss2.ast import AtKeywordToken, IdentToken


class _Change(NamedTuple):
    """What sides become: words in names of properties and in values, and places of four values.

    ``four`` says which of four values for top, right, bottom and left stands at each place.
    """

    names: Mapping[str, str]
    values: Mapping[str, str]
    four: tuple[int, int, int, int]
    corners: tuple[int, int, int, int]
    kept: frozenset[str] = frozenset()
    """Elements and classes whose rules stay as they are."""


_SIDES = {"left": "right", "right": "left"}
_MIRRORED = _Change(_SIDES, _SIDES, (0, 3, 2, 1), (1, 0, 3, 2))
_TURNED = _Change(
    {"top": "right", "right": "bottom", "bottom": "left", "left": "top"}
    | {"width": "height", "height": "width"},
    {},
    (3, 0, 1, 2),
    (3, 0, 1, 2),
    # They stay horizontal.
    frozenset({"table", "th", "td", "thead", "tbody", "caption", "pre", "code", "img"})
    | {"code-line", "wide-table", "cover-page"},
)
_PAIRS = {"text-align", "text-align-last", "text-align-all", "float", "clear", "caption-side"} | {
    *("break-before", "break-after", "page-break-before", "page-break-after"),
    *("background-position", "background", "object-position", "transform-origin"),
    *("background-image", "mask-image", "mask-position"),
}
"""Properties with values that name sides."""

_EXTENTS = {"width", "height"}
_FOUR_SIDES = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
_FOUR_CORNERS = {"border-radius"}
_NO_FLIP = "@noflip"
_SHEETS = 32


@lru_cache(_SHEETS)
def mirrored(css: str) -> str:
    """Return a stylesheet with left and right in each other's place; lines stay as they are."""
    return _changed(css, _MIRRORED)


@lru_cache(_SHEETS)
def turned(css: str) -> str:
    """Return a stylesheet for lines that are columns; lines of the sheet stay as they are."""
    return _changed(css, _TURNED)


def _changed(css: str, change: _Change) -> str:
    tokens = tinycss2.parse_component_value_list(css)
    text: str = tinycss2.serialize(_rules(tokens, change))
    return text


def _rules(tokens: Sequence[Any], change: _Change) -> list[Any]:
    """Return the rules of a stylesheet or of a conditional group, mirrored."""
    made: list[Any] = []
    for statement, is_kept in _statements(tokens):
        made += statement if is_kept else _rule(statement, change)
    return made


def _rule(statement: list[Any], change: _Change) -> list[Any]:
    """Return a rule with its block, mirrored."""
    block = statement[-1]
    if block.type != "{} block":
        return statement
    name = next((t.lower_value for t in statement if t.type == "at-keyword"), "")
    prelude = statement[:-1]
    if any(t.type == "ident" and t.value in change.kept for t in prelude):
        return statement
    if name == "page":
        prelude = [_side_named(token, change) for token in prelude]
    else:
        prelude = [_margin_box_named(token, change) for token in prelude]
    if name in ("media", "supports", "layer", "container"):
        block.content = _rules(block.content, change)
    elif name not in ("font-face", "counter-style"):
        block.content = _declarations(block.content, change)
    return [*prelude, block]


def _declarations(tokens: Sequence[Any], change: _Change) -> list[Any]:
    made: list[Any] = []
    for statement, is_kept in _statements(tokens):
        if is_kept:
            made += statement
        elif statement[-1].type == "{} block":
            made += _rule(statement, change)
        else:
            made += _declaration(statement, change)
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


def _declaration(statement: list[Any], change: _Change) -> list[Any]:
    at = next((i for i, token in enumerate(statement) if token.type == "ident"), None)
    if at is None or statement[at].value.startswith("--"):
        return statement
    colon = next((i for i, token in enumerate(statement) if _is_mark(token, ":")), len(statement))
    name, value = statement[at].lower_value, statement[colon + 1 :]
    if name in _PAIRS:
        value = [_side_named(token, change) for token in value]
    elif name in _FOUR_SIDES:
        value = _exchanged(value, change.four)
    elif name in _FOUR_CORNERS:
        # The radii across come before the slash, and those down after it.
        slash = next((i for i, token in enumerate(value) if _is_mark(token, "/")), len(value))
        across, down = value[:slash], value[slash + 1 :]
        value = [
            *_exchanged(across, change.corners),
            *value[slash : slash + 1],
            *_exchanged(down, change.corners),
        ]
    named = _with_sides_in_name(statement[at], change)
    return [*statement[:at], named, *statement[at + 1 : colon + 1], *value]


def _is_mark(token: Any, mark: str) -> bool:
    return bool(token.type == "literal" and token.value == mark)


def _exchanged(value: list[Any], order: tuple[int, int, int, int]) -> list[Any]:
    """Return a value for four sides in another order, where these are not all alike."""
    places = [i for i, t in enumerate(value) if t.type not in ("whitespace", "comment")]
    end = next((n for n, i in enumerate(places) if value[i] in ("!", ";")), len(places))
    own = [value[place] for place in places[:end]]
    if not 1 < end <= len(order):
        return value
    if end < len(order):
        if order[1] == len(order) - 1:
            # Both sides are alike.
            return value
        own += own[end - 2 : end - 1] if end == len(order) - 1 else own
    changed = [own[index] for index in order]
    space = tinycss2.ast.WhitespaceToken(1, 1, " ")
    first, last = places[0], places[end - 1]
    return [*value[:first], *_joined(changed, space), *value[last + 1 :]]


def _joined(tokens: Sequence[Any], space: Any) -> list[Any]:
    return [part for token in tokens for part in (token, space)][:-1]


def _side_named(token: Any, change: _Change) -> Any:
    """Return a token with the other side, if it names one."""
    if token.type == "ident" and token.lower_value in change.values:
        name = change.values[token.lower_value]
        return IdentToken(token.source_line, token.source_column, name)
    if token.type == "function":
        token.arguments = [_side_named(argument, change) for argument in token.arguments]
    return token


def _with_sides_in_name(token: Any, change: _Change) -> Any:
    name = _other_name(token.lower_value, change)
    return IdentToken(token.source_line, token.source_column, name)


def _margin_box_named(token: Any, change: _Change) -> Any:
    if token.type != "at-keyword":
        return token
    name = _other_name(token.lower_value, change)
    return AtKeywordToken(token.source_line, token.source_column, name)


def _other_name(name: str, change: _Change) -> str:
    """Return the name of a property or a margin box with the other side in it."""
    parts = name.split("-")
    # The width of a border is none of a box, and the height of a line is that of a column.
    is_box = parts[-1] not in _EXTENTS or parts[0] in {*_EXTENTS, "min", "max"}
    last = parts[-1] if not is_box else change.names.get(parts[-1], parts[-1])
    return "-".join([*(change.names.get(part, part) for part in parts[:-1]), last])
