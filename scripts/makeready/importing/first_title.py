"""The title of a section's file brought to its head, where every section has it."""

from __future__ import annotations

import re

from makeready.importing.outline import Heading, Outline, outline_of

# What belongs to a title although it is before it: labels, anchors and comments.
_OF_TITLE = re.compile(
    r"[ \t]*(?:\([\w.:-]{1,200}\)=|<a\s[^<>]{0,300}>(?:</a>)?|<!--[^<>]{0,1000}-->"
    r"|\[\]\{[^{}]{0,300}\})[ \t]*"
)


def with_title_first(text: str) -> str:
    """Return a text that begins with its title of the first level, if it has one.

    Lines below the title keep their numbers. Where another heading is before it, it is no title of
    the section, and goes down one level.
    """
    outline = outline_of(text)
    if not outline.titles or "title" in outline.front_matter:
        return text
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


def _has_text_before(lines: list[str], outline: Outline, title: Heading) -> bool:
    above = "\n".join(lines[outline.body_line - 1 : title.line - 1])
    return bool(_OF_TITLE.sub("", above).strip())


def _lower(lines: list[str], heading: Heading) -> None:
    words = lines[heading.line - 1]
    if words.lstrip().startswith("#"):
        lines[heading.line - 1] = f"#{words.lstrip()}"
    elif heading.line < len(lines):
        lines[heading.line] = lines[heading.line].replace("=", "-")
