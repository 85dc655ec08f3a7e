"""Text in chunks of knitr, and code in the line that makes none.

The engine ``asis`` writes a chunk as it stands, ``block`` and ``block2`` write it as a block with
the class ``type``. Code that makes nothing is written before the mark of a chunk to have it shown.
HTML that is only a comment hides what is not finished.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from makeready.importing.outline import Fence, outline_of

_NOTHING = re.compile(
    r"`r ?(?:''|\"\")`"
    r"|`r if ?\((?:knitr::)?is_html_output\(\)\) ?(?:'[^'`\n]{0,300}'|\"[^\"`\n]{0,300}\")`"
)
"""Inline code that makes nothing, at least on pages."""

_CHUNK = re.compile(r"\{(asis|block2?)\b([^{}\n]{0,500})\}")
_HTML = "{=html}"
_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*", re.DOTALL)
_TYPE = re.compile(r"\btype[ \t]*=[ \t]*[\"']([\w-]{1,50})[\"']")
_NOT_FOR_PRINT = re.compile(
    r"\b(?:echo|eval|include)[ \t]*=[ \t]*"
    r"(?:FALSE\b|F\b|![ \t]*(?:knitr::)?is_latex_output|(?:knitr::)?is_html_output)"
)


def with_text_chunks(text: str) -> tuple[str, list[int]]:
    """Return a text with the text in its chunks, and the lines of chunks that are left out.

    A chunk that is for web pages alone, or not to be shown, is left out. All lines keep their
    numbers.
    """
    left_out = []
    lines = text.split("\n")
    for fence in outline_of(text).fences:
        if fence.info == _HTML and _COMMENT.fullmatch(fence.content):
            end = fence.line + fence.content.count("\n")
            lines[fence.line - 1 : end + 1] = [""] * len(lines[fence.line - 1 : end + 1])
    for fence, match in _text_chunks(text):
        first, last = fence.line - 1, fence.line + fence.content.count("\n")
        is_ended = last < len(lines) and not lines[last].strip("`~ \t")
        kind = _TYPE.search(match[2])
        if _NOT_FOR_PRINT.search(match[2]):
            left_out.append(fence.line)
            lines[first : last + is_ended] = [""] * (last + is_ended - first)
            continue
        is_block = kind is not None and match[1] != "asis" and is_ended
        lines[first] = f"::: {{.{kind[1]}}}" if kind and is_block else ""
        if is_ended:
            lines[last] = ":::" if is_block else ""
    return _NOTHING.sub("", "\n".join(lines)), left_out


def _text_chunks(text: str) -> Iterator[tuple[Fence, re.Match[str]]]:
    for fence in outline_of(text).fences:
        match = _CHUNK.match(fence.info)
        if match is not None:
            yield fence, match
