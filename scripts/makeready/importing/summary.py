"""Tables of contents in a ``SUMMARY.md``, as mdBook, HonKit and GitBook have them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
_LINK = re.compile(
    r"(?P<indent>[ \t]*)(?P<item>[-*+][ \t]+|\d{1,9}[.)][ \t]+)?"
    r"\[(?P<title>(?:\\.|[^\]\\]|\](?!\())*)\]\([ \t]*<?(?P<target>[^()<>]*)>?[ \t]*\)[ \t]*$"
)
_ITEM = re.compile(r"(?P<indent>[ \t]*)[-*+][ \t]+(?P<title>\S.*)$")
_TAB = 4


@dataclass(slots=True)
class Item:
    """One line of a table of contents.

    ``depth`` counts from 0; -1 is a link that is no item of a list. ``target`` is the file, empty
    for a draft; a heading has no target, and ``level`` is its level.
    """

    title: str
    line: int
    depth: int = 0
    target: str = ""
    anchor: str = ""
    level: int = 0


def summary_items(text: str, folder: str) -> Iterator[Item]:
    """Yield the headings and entries of a table of contents in ``folder``, in their order."""
    indents: list[int] = []
    for line, words in enumerate(text.split("\n"), 1):
        if (heading := _HEADING.match(words)) is not None:
            indents = []
            yield Item(heading[2], line, level=len(heading[1]))
        elif (found := _LINK.match(words[:2_000])) is not None:
            depth = -1
            if found["item"]:
                depth = _depth(indents, found["indent"])
            path, _, anchor = found["target"].strip().partition("#")
            target = posixpath.normpath(posixpath.join(folder, unquote(path))) if path else ""
            yield Item(found["title"].replace("\\", ""), line, depth, target, anchor)
        elif (item := _ITEM.match(words)) is not None:
            yield Item(item["title"].strip(), line, _depth(indents, item["indent"]))


def _depth(indents: list[int], indent: str) -> int:
    """Return the depth of an item by its indentation; ``indents`` are those of the items above."""
    width = len(indent.expandtabs(_TAB))
    while indents and indents[-1] > width:
        indents.pop()
    if not indents or indents[-1] < width:
        indents.append(width)
    return len(indents) - 1
