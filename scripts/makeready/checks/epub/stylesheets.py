"""The stylesheets of an EPUB, as far as stores have rules about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cssselect2
import tinycss2
from lxml import etree

from makeready.checks.epub.publication import source_line, text_of

_STYLE = "{http://www.w3.org/1999/xhtml}style"
_FIXED_UNITS = frozenset({"px", "pt", "pc", "in", "cm", "mm", "q"})
_RUNNING_TEXT = frozenset({"html", ":root", "body", "p", "div", "*"})
_OTHER_MEDIA = re.compile(r"\s*((only\s+)?(print|speech)\b|not\s+(all|screen)\s*$)", re.IGNORECASE)
_MOST_HIDDEN_SELECTORS = 200


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A stylesheet: the lines with negative margins and with fixed sizes of running text.

    ``hidden_selectors`` are those of elements that it does not show.
    """

    path: str
    negative_margins: tuple[int, ...] = ()
    fixed_sizes: tuple[int, ...] = ()
    hidden_selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HiddenBlock:
    """An element that a style hides, with the length of its text in characters."""

    line: int | None
    characters: int


def read_stylesheet(path: str, content: bytes, first_line: int = 1) -> Stylesheet:
    """Read a stylesheet; invalid CSS in it is ignored, as in reading systems."""
    rules, _ = tinycss2.parse_stylesheet_bytes(content, skip_comments=True, skip_whitespace=True)
    margins, sizes, hidden = [], [], []
    for selectors, declaration in _declarations(rules):
        line = declaration.source_line + first_line - 1
        if _is_negative_margin(declaration):
            margins.append(line)
        if _RUNNING_TEXT & set(selectors) and _is_fixed_size(declaration):
            sizes.append(line)
        if _hides(declaration):
            hidden += selectors
    return Stylesheet(path, tuple(margins), tuple(sizes), tuple(dict.fromkeys(hidden)))


def read_inline_styles(path: str, tree: etree._Element) -> Stylesheet:
    """Read the styles within a document: its style elements and attributes."""
    margins: list[int] = []
    sizes: list[int] = []
    hidden: list[str] = []
    for element in tree.iter(_STYLE):
        own = read_stylesheet(path, (element.text or "").encode(), source_line(element) or 1)
        margins += own.negative_margins
        sizes += own.fixed_sizes
        hidden += own.hidden_selectors
    for element in tree.iter(etree.Element):
        declared = parsed_declarations(element.get("style") or "")
        if any(map(_is_negative_margin, declared)):
            margins.append(source_line(element) or 1)
        name = str(element.tag).rpartition("}")[2].lower()
        if name in _RUNNING_TEXT and any(map(_is_fixed_size, declared)):
            sizes.append(source_line(element) or 1)
    return Stylesheet(path, tuple(margins), tuple(sizes), tuple(hidden))


def hidden_blocks(tree: etree._Element, stylesheets: Sequence[Stylesheet]) -> Iterator[HiddenBlock]:
    """Yield each element that a style hides."""
    hidden = [
        element
        for element in tree.iter(etree.Element)
        if any(map(_hides, parsed_declarations(element.get("style") or "")))
    ]
    root = cssselect2.ElementWrapper.from_xml_root(tree)
    selectors = list(dict.fromkeys(one for sheet in stylesheets for one in sheet.hidden_selectors))
    for selector in selectors[:_MOST_HIDDEN_SELECTORS]:
        try:
            hidden += [one.etree_element for one in root.query_all(selector)]
        except cssselect2.SelectorError:
            # Reading systems ignore an invalid selector.
            continue
    for element in dict.fromkeys(hidden):
        yield HiddenBlock(source_line(element), len(text_of(element)))


def _declarations(rules: Sequence[Any]) -> Iterator[tuple[list[str], Any]]:
    for prelude, declared in declarations_of(rules):
        selectors = [one.strip() for one in prelude.split(",")]
        for declaration in declared:
            yield selectors, declaration


def declarations_of(rules: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the selector and the declarations of each rule that applies to screens."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield tinycss2.serialize(rule.prelude).strip(), parsed_declarations(rule.content)
        elif rule.type == "at-rule" and rule.content and _is_for_screens(rule):
            yield from declarations_of(tinycss2.parse_rule_list(rule.content, True, True))


def _is_for_screens(rule: Any) -> bool:
    """Return whether a conditional rule may apply in a reading system."""
    if rule.lower_at_keyword != "media":
        return bool(rule.lower_at_keyword == "supports")
    queries = tinycss2.serialize(rule.prelude).split(",")
    return not all(_OTHER_MEDIA.match(query) for query in queries)


def parsed_declarations(content: Any) -> list[Any]:
    """Return the declarations in the content of a rule or of a style attribute."""
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [one for one in found if one.type == "declaration"]


def _is_negative_margin(declaration: Any) -> bool:
    return declaration.lower_name.startswith("margin") and any(
        token.type in {"dimension", "percentage", "number"} and token.value < 0
        for token in declaration.value
    )


def _is_fixed_size(declaration: Any) -> bool:
    return declaration.lower_name in {"font-size", "font"} and any(
        token.type == "dimension" and token.lower_unit in _FIXED_UNITS
        for token in declaration.value
    )


def _hides(declaration: Any) -> bool:
    return declaration.lower_name == "display" and any(
        token.type == "ident" and token.lower_value == "none" for token in declaration.value
    )
