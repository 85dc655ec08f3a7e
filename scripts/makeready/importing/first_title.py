"""The title of a section's file brought to its head, where every section has it."""

from __future__ import annotations

import re

from makeready.importing.outline import Heading, Outline, outline_of, plain_title

# What belongs to a title although it is before it: labels, anchors and comments.
_OF_TITLE = re.compile(
    r"[ \t]*(?:\([\w.:-]{1,200}\)=|<a\s[^<>]{0,300}>(?:</a>)?|<!--[^<>]{0,1000}-->"
    r"|\[\]\{[^{}]{0,300}\})[ \t]*"
)
_KEY = re.compile(r"[^\s#:=-][^\n:=]{0,100}[:=]")
_BOOK_KEY = re.compile(r"[\"']?(?:title|subtitle|authors?)[\"']?[ \t]*[:=]")
"""The keys of a whole book that would be printed as those of a section."""


def with_title_first(text: str, book_title: str = "") -> str:
    """Return a text that begins with its title of the first level, if it has one.

    Lines below the title keep their numbers. Where another heading is before it, it is no title of
    the section, and goes down one level. ``book_title`` in the front matter is no title of the
    section where the text has one of its own.
    """
    outline = outline_of(text)
    if not outline.titles:
        return text
    if "title" in outline.front_matter:
        if not _has_title_of_book(outline, book_title):
            return text
        text = _without_keys_of_book(text, outline.body_line - 1)
        outline = outline_of(text)
    lines = text.split("\n")
    title = outline.titles[0]
    if outline.headings[0] is not title:
        for heading in outline.titles:
            _lower(lines, heading)
        return "\n".join(lines)
    if not _has_text_before(lines, outline, title):
        return text
    head = lines.pop(title.line - 1)
    if not head.lstrip().startswith("#"):
        return text
    if title.line - 1 < len(lines) and not lines[title.line - 1].strip():
        lines.pop(title.line - 1)
    start = outline.body_line - 1
    return "\n".join([*lines[:start], head, "", *lines[start:]])


def _has_title_of_book(outline: Outline, book_title: str) -> bool:
    """Whether the front matter has the title of the book, and the text below it its own."""
    is_own = len(outline.titles) == 1 and outline.headings[0] is outline.titles[0]
    return is_own and bool(book_title) and plain_title(outline.title) == plain_title(book_title)


def _without_keys_of_book(text: str, end: int) -> str:
    """Return a text with comments for what its front matter of ``end`` lines says of the book."""
    lines = text.split("\n")
    is_of_book = False
    for index in range(1, end - 1):
        if _KEY.match(lines[index]):
            is_of_book = _BOOK_KEY.match(lines[index]) is not None
        if is_of_book:
            lines[index] = "#"
    if not any(line.strip("# \t") for line in lines[1 : end - 1]):
        lines[:end] = [""] * end
    return "\n".join(lines)


def _has_text_before(lines: list[str], outline: Outline, title: Heading) -> bool:
    above = "\n".join(lines[outline.body_line - 1 : title.line - 1])
    return bool(_OF_TITLE.sub("", above).strip())


def _lower(lines: list[str], heading: Heading) -> None:
    words = lines[heading.line - 1]
    if words.lstrip().startswith("#"):
        lines[heading.line - 1] = f"#{words.lstrip()}"
    elif heading.line < len(lines):
        lines[heading.line] = lines[heading.line].replace("=", "-")
