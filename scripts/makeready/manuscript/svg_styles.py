"""The CSS of drawings, reduced to what `makeready.manuscript.allowed_svg` allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import tinycss2

from makeready.manuscript.allowed_svg import FILE_FUNCTIONS, FUNCTIONS, PROPERTIES

_KEPT_STYLES = 4096
_DEEPEST = 30
_FONT, _FONT_SIZE = "font", "font-size"
_FONT_SIZES = {
    "xx-small": "9px",
    "x-small": "10px",
    "small": "13px",
    "medium": "16px",
    "large": "18px",
    "x-large": "24px",
    "xx-large": "32px",
    "xxx-large": "48px",
    "smaller": "0.8333em",
    "larger": "1.2em",
}
"""What the names of font sizes are in browsers (CSS Fonts 4, section 2.5, of 16 px)."""

_FONT_STYLES = frozenset({"italic", "oblique"})
_FONT_WEIGHTS = frozenset({"bold", "bolder", "lighter", *map(str, range(100, 1000, 100))})
_FONT_STRETCHES = frozenset(
    f"{degree}{width}"
    for degree in ("ultra-", "extra-", "semi-", "")
    for width in ("condensed", "expanded")
)
_SUSPECT = frozenset("(\\")


class ForeignFileError(ValueError):
    """A style that refers to another file; the message is its address, or the rule's name."""


@lru_cache(maxsize=_KEPT_STYLES)
def clean_declarations(text: str) -> str:
    """Return a ``style`` attribute without what is not allowed; the same text if all is.

    Raises ForeignFileError if it refers to another file.
    """
    nodes = tinycss2.parse_declaration_list(text, skip_comments=True, skip_whitespace=True)
    kept = [node for node in nodes if _is_allowed(node)]
    is_same = len(kept) == len(nodes) and not any(map(_is_written_otherwise, kept))
    return text if is_same else "; ".join(map(_written, kept))


def clean_stylesheet(text: str) -> str:
    """Return a ``style`` element's text with the allowed rules alone, written anew.

    Raises ForeignFileError if it imports a stylesheet or refers to another file.
    """
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return "\n".join(_clean_rules(rules, 0))


@lru_cache(maxsize=_KEPT_STYLES)
def is_clean_value(text: str) -> bool:
    """Return whether an attribute's value has allowed functions only.

    Raises ForeignFileError if it refers to another file.
    """
    if _SUSPECT.isdisjoint(text):
        return True
    return _are_allowed(tinycss2.parse_component_value_list(text), 0)


def _clean_rules(rules: Iterable[Any], depth: int) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            raise ForeignFileError("@import")
        if rule.type not in ("qualified-rule", "at-rule") or not _is_plain(rule.prelude, 0):
            continue
        if rule.type == "qualified-rule":
            nodes = tinycss2.parse_declaration_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            kept = "; ".join(_written(node) for node in nodes if _is_allowed(node))
            yield f"{tinycss2.serialize(rule.prelude).strip()} {{ {kept} }}"
        elif rule.lower_at_keyword == "media" and rule.content is not None and depth < _DEEPEST:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            prelude = tinycss2.serialize(rule.prelude).strip()
            yield f"@media {prelude} {{\n" + "\n".join(_clean_rules(inner, depth + 1)) + "\n}"


def _is_plain(tokens: Iterable[Any], depth: int) -> bool:
    """Return whether what precedes a block can stand there, and is not nested deeply."""
    return depth < _DEEPEST and all(_is_plain_token(token, depth) for token in tokens)


def _is_plain_token(token: Any, depth: int) -> bool:
    if token.type == "function":
        return _is_plain(token.arguments, depth + 1)
    if token.type in ("() block", "[] block"):
        return _is_plain(token.content, depth + 1)
    if token.type == "literal":
        return token.value not in (";", "!")
    return token.type not in ("error", "at-keyword", "url", "{} block")


def _is_allowed(node: Any) -> bool:
    if node.type != "declaration":
        return False
    is_known = node.lower_name in PROPERTIES or node.name.startswith("--")
    if not is_known or not _are_allowed(node.value, 0):
        return False
    is_size = node.lower_name == _FONT_SIZE
    return not is_size or clean_font_size(tinycss2.serialize(node.value)) != ""


def _is_written_otherwise(declaration: Any) -> bool:
    if declaration.lower_name == _FONT_SIZE:
        size: str = tinycss2.serialize(declaration.value).strip()
        return clean_font_size(size) != size
    return str(declaration.lower_name) == _FONT


def clean_font_size(text: str) -> str:
    """Return a font size in units or percent; an empty one if it has to be calculated.

    The engine sets text in other sizes as if its size were zero (WeasyPrint, svg/utils.py). No
    upstream issue known; once it reads all sizes, this can go.
    """
    size = text.strip()
    return "" if "(" in size else _FONT_SIZES.get(size.lower(), size)


def _written(declaration: Any) -> str:
    importance = " !important" if declaration.important else ""
    parts = _font_properties(declaration.value) if declaration.lower_name == _FONT else {}
    value = tinycss2.serialize(declaration.value).strip()
    if declaration.lower_name == _FONT_SIZE:
        value = clean_font_size(value)
    parts = parts or {declaration.name: value}
    return "; ".join(f"{name}: {value}{importance}" for name, value in parts.items())


def _font_properties(value: Iterable[Any]) -> dict[str, str]:
    """Return the properties that a value of ``font`` stands for; none if it is no such list.

    In drawings the engine takes its first word for the size (WeasyPrint, svg/__init__.py). No
    upstream issue known; once it reads the whole value, this can go.
    """
    tokens = [token for token in value if token.type != "comment"]
    sizes = [n for n, token in enumerate(tokens) if _is_size(token)]
    if not sizes:
        return {}
    parts = {"font-style": "normal", "font-weight": "normal"}
    for token in tokens[: sizes[0]]:
        word = tinycss2.serialize([token]).strip().lower()
        if word in _FONT_STYLES:
            parts["font-style"] = word
        elif word in _FONT_WEIGHTS:
            parts["font-weight"] = word
        elif word in ("small-caps", *_FONT_STRETCHES):
            parts["font-variant" if word == "small-caps" else "font-stretch"] = word
        elif word not in ("", "normal"):
            return {}
    parts[_FONT_SIZE] = clean_font_size(tinycss2.serialize([tokens[sizes[0]]]))
    rest = [token for token in tokens[sizes[0] + 1 :] if token.type != "whitespace"]
    is_divided = rest[:1] == ["/"]
    # Single lines of text need no line height.
    families = tinycss2.serialize(_from_token(tokens, rest[2:] if is_divided else rest)).strip()
    return parts | {"font-family": families} if families else {}


def _is_size(token: Any) -> bool:
    is_word = token.type == "ident" and token.lower_value in _FONT_SIZES
    return is_word or token.type in ("dimension", "percentage")


def _from_token(tokens: list[Any], rest: list[Any]) -> list[Any]:
    """Return the tokens from the first one of the rest on."""
    return tokens[next(n for n, token in enumerate(tokens) if token is rest[0]) :] if rest else []


def _are_allowed(tokens: Iterable[Any], depth: int) -> bool:
    """Return whether a value has allowed functions only, and addresses within the drawing."""
    # Each is looked at, so that no address escapes behind a token that is not allowed.
    allowed = [_is_allowed_token(token, depth) for token in tokens] if depth < _DEEPEST else [False]
    return all(allowed)


def _is_allowed_token(token: Any, depth: int) -> bool:
    if token.type == "url":
        _check_address(token.value)
    elif token.type == "function":
        return _is_allowed_function(token, depth)
    elif token.type in ("() block", "[] block"):
        return _are_allowed(token.content, depth + 1)
    return token.type not in ("error", "{} block", "at-keyword")


def _is_allowed_function(function: Any, depth: int) -> bool:
    name = function.lower_name
    if name in FILE_FUNCTIONS:
        raise ForeignFileError(f"{name}()")
    if name == "url":
        for argument in function.arguments:
            if argument.type == "string":
                _check_address(argument.value)
        return all(a.type in ("string", "whitespace") for a in function.arguments)
    return name in FUNCTIONS and _are_allowed(function.arguments, depth + 1)


def _check_address(address: str) -> None:
    if not address.strip().startswith("#"):
        raise ForeignFileError(address)
