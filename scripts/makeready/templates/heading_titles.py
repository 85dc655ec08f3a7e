"""The headings of sections that contents list, and titles as they stand in links."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from markupsafe import Markup

from makeready.book.model import Element, Section
from makeready.manuscript.allowed_html import HEADINGS
from makeready.manuscript.structure import plain_text
from makeready.templates.heading_numbers import heading_numbers
from makeready.templates.trees import inner_markup

# Markup of titles that a link keeps; of other elements only the text stays.
_INLINE = frozenset({"abbr", "b", "bdi", "cite", "em", "i", "q", "span", "strong", "sub", "sup"})
_KEPT_ATTRIBUTES = frozenset({"class", "lang", "dir"})
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class NestedHeading:
    """A heading with its text, and the headings below it."""

    heading: Element
    title: str
    number: str = ""
    children: list[NestedHeading] = field(default_factory=list)


def listed_headings(section: Section, depth: int) -> Iterator[tuple[Element, str]]:
    """Yield the headings of a section that contents of this depth list, with their text."""
    for heading in section.tree.iter():
        title = plain_text(heading) if heading.tag in HEADINGS[1:depth] else ""
        if title and heading.get("id"):
            yield heading, title


def nested_headings(section: Section, depth: int, numbered: int = 1) -> list[NestedHeading]:
    """Return the headings that contents of this depth list, each with those below it.

    Those down to the level ``numbered`` have numbers.
    """
    nested: list[NestedHeading] = []
    numbers = dict(heading_numbers(section, section.tree, numbered))
    for heading, title in listed_headings(section, depth):
        is_below = heading.tag != HEADINGS[1] and bool(nested)
        found = NestedHeading(heading, title, numbers.get(heading, ""))
        (nested[-1].children if is_below else nested).append(found)
    return nested


def link_markup(title_tree: Element, title: str) -> Markup:
    """Return a title for a link, with its emphasis and languages, without notes and links.

    The call of a note has no text, so nothing of it remains.
    """
    tree = copy.deepcopy(title_tree)
    tree.tail = None
    etree.strip_tags(tree, *{e.tag for e in tree.iter() if e is not tree} - _INLINE)
    for element in tree.iter():
        _keep_attributes(element)
    markup = inner_markup(tree).strip()
    return markup or Markup.escape(title)


def _keep_attributes(element: Element) -> None:
    for name in set(element.attrib) - _KEPT_ATTRIBUTES:
        del element.attrib[name]
    language = element.get("lang")
    if language:
        element.set(_XML_LANG, language)
