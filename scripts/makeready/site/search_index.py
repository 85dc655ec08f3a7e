"""The search index of a web site: the text of each page by its headings, as a script.

A script can be loaded from a folder on the reader's own disk, where a file of data cannot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from makeready.book.model import Element
from makeready.site.html import text_of

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_BLOCKS = frozenset({"caption", "dd", "dt", "figcaption", "p", "pre", "td", "th", "li"})
_SKIPPED = frozenset({"nav", "math", "svg"})


@dataclass(frozen=True, slots=True)
class Passage:
    """The text below one heading: the address, the titles of the page and of the heading."""

    href: str
    page: str
    heading: str
    text: str


def passages_of(main: Element, href: str, page: str) -> Iterator[Passage]:
    """Yield the passages of a page; the first begins at its top."""
    target, heading, texts = href, "", list[str]()
    for element in _blocks(main):
        if element.tag in _HEADINGS and element.get("id") and element.tag != "h1":
            yield Passage(target, page, heading, " ".join(texts))
            target, heading, texts = f"{href}#{element.get('id')}", text_of(element), []
        elif element.tag not in _HEADINGS:
            texts.append(text_of(element))
    yield Passage(target, page, heading, " ".join(texts))


def _blocks(element: Element) -> Iterator[Element]:
    """Yield headings and blocks of text in order, none of them inside another."""
    for child in element.iterchildren("*"):
        if child.tag in _HEADINGS or (child.tag in _BLOCKS and not _has_blocks(child)):
            yield child
        elif child.tag not in _SKIPPED:
            yield from _blocks(child)


def _has_blocks(element: Element) -> bool:
    return any(below.tag in _BLOCKS for below in element.iterdescendants("*"))


def index_script(passages: list[Passage]) -> bytes:
    """Return the script that holds the passages for ``site.js``."""
    rows = [[p.href, p.page, p.heading, p.text] for p in passages if p.text or p.heading]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    # These two separate lines in older scripts.
    safe = lines.replace("\u2028", " ").replace("\u2029", " ")
    return f"window.makereadySearch = [\n{safe}\n];\n".encode()
