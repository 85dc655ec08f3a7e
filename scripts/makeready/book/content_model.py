"""The content model of HTML: which elements may be in which, from ``content_model.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.book.model import Element

_NAME = re.compile(r"[a-z][a-z0-9]*")
_CATEGORIES = frozenset({"flow", "phrasing", "same", "text"})
_TEXT, _OTHER = "\u0001", "\u0002"
_FIRST = 0x100


@dataclass(frozen=True, slots=True)
class ContentFault:
    """An element that breaks the content model, and how."""

    element: Element
    problem: str


@dataclass(frozen=True, slots=True)
class _Content:
    """What an element may contain, as a regular expression of one character for each child."""

    source: str
    pattern: re.Pattern[str]
    is_flow: bool


@dataclass(frozen=True, slots=True)
class _Model:
    letters: dict[str, str]
    blocks: frozenset[str]
    inlines: frozenset[str]
    flow: _Content
    phrasing: _Content
    content: dict[str, _Content]
    content_in_dl: dict[str, _Content]
    content_without: dict[str, tuple[str, _Content]]
    transparent: frozenset[str]
    required: dict[str, str]
    excluded: dict[str, frozenset[str]]


@cache
def _model() -> _Model:
    data: dict[str, Any] = tomllib.loads(
        files("makeready.book").joinpath("content_model.toml").read_text("utf-8")
    )
    sources: dict[str, str] = data["content"]
    blocks, inlines = frozenset(data["blocks"].split()), frozenset(data["inlines"].split())
    named = {name for source in sources.values() for name in _NAME.findall(source)}
    names = sorted(({*blocks, *inlines, *sources} | named) - _CATEGORIES)
    letters = {name: chr(_FIRST + number) for number, name in enumerate(names)}
    # Elements of other vocabularies, such as SVG, can be anywhere in a line.
    phrasing = "".join(letters[name] for name in inlines) + _TEXT + _OTHER
    categories = {
        "flow": f"[{phrasing}{''.join(letters[name] for name in blocks)}]",
        "phrasing": f"[{phrasing}]",
        "text": _TEXT,
    }

    def content(source: str) -> _Content:
        expression = _NAME.sub(lambda name: categories.get(name[0]) or letters[name[0]], source)
        return _Content(source, re.compile("".join(expression.split())), "flow" in source)

    return _Model(
        letters,
        blocks,
        inlines,
        content("flow*"),
        content("phrasing*"),
        {name: content(source) for name, source in sources.items() if "same" not in source},
        {name: content(source) for name, source in data["content_in_dl"].items()},
        {
            name: (rule["attribute"], content(rule["content"]))
            for name, rule in data["content_without"].items()
        },
        frozenset(name for name, source in sources.items() if "same" in source),
        data["required"],
        {name: frozenset(names.split()) for name, names in data["excluded"].items()},
    )


def is_block(tag: str) -> bool:
    """Return whether an element of that name can be in the body but not in a line."""
    return tag in _model().blocks


def is_inline(tag: str) -> bool:
    """Return whether an element of that name can be in a line."""
    return tag in _model().inlines


def excluded_in(tag: str) -> frozenset[str]:
    """Return the names of the elements that may not be inside an element of that name."""
    return _model().excluded.get(tag, frozenset())


def content_faults(root: Element) -> Iterator[ContentFault]:
    """Yield the elements in ``root``, of XHTML or without namespace, that break the model.

    ``root`` is an element with flow content.
    """
    yield from _faults(root, in_flow=True, excluded=frozenset())


def name_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _faults(element: Element, *, in_flow: bool, excluded: frozenset[str]) -> Iterator[ContentFault]:
    model = _model()
    name = name_of(element)
    if name in excluded:
        outer = next(e for e in element.iterancestors() if name in excluded_in(name_of(e)))
        yield ContentFault(element, f"<{name}> cannot be inside <{name_of(outer)}>")
    if (required := model.required.get(name)) and element.get(required) is None:
        yield ContentFault(element, f"<{name}> needs the attribute “{required}”")
    allowed = _allowed_content(element, name, in_flow=in_flow)
    if not allowed.pattern.fullmatch(_content(element)):
        yield _content_fault(element, name, allowed)
    for child in element:
        if isinstance(child.tag, str) and name_of(child) in model.letters:
            yield from _faults(
                child, in_flow=allowed.is_flow, excluded=excluded | excluded_in(name)
            )


def _allowed_content(element: Element, name: str, *, in_flow: bool) -> _Content:
    model = _model()
    parent = element.getparent()
    if name in model.transparent:
        return model.flow if in_flow else model.phrasing
    if name in model.content_in_dl and parent is not None and name_of(parent) == "dl":
        return model.content_in_dl[name]
    if (rule := model.content_without.get(name)) and element.get(rule[0]) is None:
        return rule[1]
    return model.content.get(name, model.phrasing)


def _content_fault(element: Element, name: str, allowed: _Content) -> ContentFault:
    """Return the fault of the first child that is nowhere allowed, or else of the whole."""
    if (_is_text(element.text) or any(_is_text(child.tail) for child in element)) and not (
        _CATEGORIES & set(_NAME.findall(allowed.source))
    ):
        return ContentFault(element, f"text cannot be directly in <{name}>")
    letters = _model().letters
    for child in element:
        inner = name_of(child) if isinstance(child.tag, str) else ""
        if inner in letters and letters[inner] not in allowed.pattern.pattern:
            return ContentFault(child, f"<{inner}> cannot be directly in <{name}>")
    return ContentFault(element, f"the content of <{name}> must be: {allowed.source}")


def _content(element: Element) -> str:
    """Return the content of an element with a character for each child and each text."""
    letters = _model().letters
    content = _TEXT if _is_text(element.text) else ""
    for child in element:
        if isinstance(child.tag, str):
            content += letters.get(name_of(child), _OTHER)
        if _is_text(child.tail):
            content += _TEXT
    return content


def _is_text(text: str | None) -> bool:
    return bool(text) and not text.isspace()  # type: ignore[union-attr]
