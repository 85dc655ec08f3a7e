"""Indents of lists, where the parser reads them differently than authors mean them."""

from __future__ import annotations

import re

from makeready.findings import Findings, SourceLocation
from makeready.manuscript.source import TAB_WIDTH, Lines

_ITEM = re.compile(r"(?P<marker>[ ]{0,3}(?:[-*+]|\d{1,3}\.)[ ]+)\S")
_NOT_TEXT = re.compile(r"#{1,6} |>|/{3,}|:[ ]|\||\{|\[[^\]]+\]:|\*\[|[=-]+$")
_RULE = re.compile(r"[ ]*(?:(?:\*[ ]*){3,}|(?:-[ ]*){3,}|(?:_[ ]*){3,})$")


def check_indents(lines: Lines, path: str, findings: Findings) -> None:
    """Report content of a list item that is indented by other than a multiple of four spaces.

    Lines that are indented by less than the text of the item before are no part of it.
    """
    in_list = after_blank = in_text = False
    text_indent = 0
    for text, origin in zip(lines.text, lines.origin, strict=True):
        if not text:
            after_blank, in_text = True, False
            continue
        spaces = len(text) - len(text.lstrip(" "))
        item = None if _RULE.match(text) else _ITEM.match(text)
        is_item = item is not None
        is_misindented = spaces % TAB_WIDTH > 0 if spaces > TAB_WIDTH else 0 < spaces < TAB_WIDTH
        deep_item = bool(_ITEM.match(text.lstrip(" "))) and not _RULE.match(text)
        continues_item = in_list and spaces >= text_indent
        if (
            continues_item
            and is_misindented
            and (deep_item or (after_blank and spaces < TAB_WIDTH))
        ):
            findings.add("MAN-024", SourceLocation(path, origin), spaces=spaces)
        elif item:
            text_indent = len(item["marker"])
        if is_item and in_text:
            findings.add("MAN-034", SourceLocation(path, origin))
        elif is_item:
            in_list = True
        elif spaces == 0 and after_blank:
            in_list = False
        in_text = in_text or not (is_item or in_list or spaces or _NOT_TEXT.match(text))
        after_blank = False


def separate_outer_lists(lines: Lines) -> Lines:
    """Insert a blank line where an outer list continues directly after an item of an inner one.

    Python-Markdown otherwise takes the outer item for one of the inner list, if a blank line was
    before the inner item.
    """
    out = Lines()
    base_indent: int | None = None
    for text, origin in zip(lines.text, lines.origin, strict=True):
        spaces = len(text) - len(text.lstrip(" "))
        if not text:
            base_indent = None
        elif base_indent is None:
            base_indent = spaces
        elif spaces <= base_indent - TAB_WIDTH and _ITEM.match(text.lstrip(" ")):
            out.add("", origin)
            base_indent = spaces
        out.add(text, origin)
    return out
