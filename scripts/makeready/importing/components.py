"""Elements that only a tool's plugins know, such as ``<Figure caption="…">``, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from makeready.importing.outline import lines_outside_code
from makeready.manuscript.allowed_html import ACTIVE, BLOCKS, HTML_VOID, INLINES

_KNOWN = ACTIVE | BLOCKS | INLINES | HTML_VOID | {"html", "body", "center", "font", "tt", "strike"}
_TAG = re.compile(
    r"(?P<before>(?:[ \t]*>){0,9}[ \t]*)<(?P<end>/?)(?P<name>[A-Za-z][\w.-]{0,60})"
    r"(?P<rest>(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,300})>[ \t]*"
)
_LISTING = re.compile(r"<Listing(?![\w.-])(?!.*/>$)")
_ATTRIBUTE = re.compile(r"([\w-]{1,60})[ \t\n]*=[ \t\n]*(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')")
_CAPTIONS = ("caption", "title", "summary", "label")
_FILES = ("file-name", "filename", "file_name", "file")


def with_components(text: str) -> tuple[str, dict[str, int]]:
    """Return a text with the unknown elements that are alone on their lines made into Markdown.

    A caption, with the element's name and number and the name of a file, becomes a paragraph; the
    tags are left out. No line is added or removed. Also returned are the names of the elements,
    each with the line on which it is met first.
    """
    lines = text.split("\n")
    found: dict[str, int] = {}
    indexes = [index for index in lines_outside_code(text) if "<" in lines[index]]
    listings = _lines_of_listings(lines, indexes)
    for index in indexes:
        tag = _TAG.fullmatch(lines[index])
        if tag is None or index in listings or not _is_component(tag["name"]):
            continue
        found.setdefault(tag["name"], index + 1)
        caption = "" if tag["end"] else _caption(tag["name"], tag["rest"])
        before = tag["before"] if ">" in tag["before"] else ""
        lines[index] = f"{before}{caption}".rstrip()
        if caption and _is_before_code(lines[index + 1 : index + 3], before):
            lines[index + 1] = f"{before}{{.listing-caption}}"
    return "\n".join(lines), found


def _lines_of_listings(lines: Sequence[str], indexes: Sequence[int]) -> set[int]:
    """Return the indexes of the tags of ``<Listing>`` that are in pairs, which the reader reads."""
    pairs: set[int] = set()
    start = None
    for index in indexes:
        tag = lines[index].lstrip(" \t>").rstrip()
        if tag == "</Listing>" and start is not None:
            pairs |= {start, index}
            start = None
        elif _LISTING.match(tag):
            start = index
    return pairs


def _is_before_code(lines: Sequence[str], before: str) -> bool:
    """Return whether the lines after a caption are an empty one and the fence of a listing."""
    marks = before.strip()
    return (
        len(lines) == 2  # noqa: PLR2004 - the two lines
        and lines[0].strip() == marks
        and lines[1].removeprefix(marks).lstrip().startswith(("```", "~~~"))
    )


def _is_component(name: str) -> bool:
    """Return whether an element is none of HTML's; those have names without a capital."""
    return name.lower() not in _KNOWN or (name not in _KNOWN and name != name.upper())


def _caption(name: str, rest: str) -> str:
    values = {key: one or other for key, one, other in _ATTRIBUTE.findall(rest)}
    caption = next((values[key] for key in _CAPTIONS if values.get(key)), "")
    number = values.get("number", "")
    file = next((values[key] for key in _FILES if values.get(key)), "")
    if file and "`" not in file:
        file = f"`{file}`"
    head = f"**{name} {number}**" if number else ""
    if head and file:
        file = f"({file})"
    return ": ".join(filter(None, (f"{head} {file}".strip(), caption)))
