"""Fenced code blocks, extracted from the text before any other parsing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from makeready.findings import Findings, SourceLocation
from makeready.manuscript.source import Lines

# A placeholder for a block, in noncharacters, which are removed from any source.
_START, _END = "\ufdd0", "\ufdd1"
PLACEHOLDER = re.compile(f"{_START}(\\d+){_END}")
_FENCE = re.compile(r"(?P<before>(?:[ ]{0,3}>)*[ ]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_LANGUAGE = re.compile(r"[.{ ]*([A-Za-z][\w+#-]*)")
_SIGNS = {"+": "p", "#": "sharp"}


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block of code; ``line`` is that of its opening fence."""

    code: str
    language: str
    line: int


def extract_fences(lines: Lines, path: str, findings: Findings, blocks: list[CodeBlock]) -> Lines:
    """Return the lines with a placeholder for each fenced block; append the code to ``blocks``."""
    out = Lines()
    index = 0
    while index < len(lines):
        text, origin = lines.text[index], lines.origin[index]
        opening = _match_opening(text)
        if opening is None or (_is_indented_code(opening["before"], lines.text, index)):
            out.add(text, origin)
            index += 1
            continue
        end = _closing_index(lines.text, index, opening)
        if end is None:
            findings.add("MAN-026", SourceLocation(path, origin), fence=opening["fence"])
            end = len(lines)
        before = opening["before"]
        code = "\n".join(_without_prefix(line, before) for line in lines.text[index + 1 : end])
        blocks.append(CodeBlock(code, _language_of(opening["info"].strip()), origin))
        blank = before.rstrip(" ")
        out.add(blank, origin)
        out.add(f"{before}{_START}{len(blocks) - 1}{_END}", origin)
        out.add(blank, origin)
        index = end + 1
    return out


def _language_of(info: str) -> str:
    """Return the language of a block as a name for a class: ``c++`` is ``cpp``, ``c#`` csharp."""
    language = _LANGUAGE.match(info)
    name = language[1] if language else ""
    return "".join(_SIGNS.get(character, character) for character in name)


def _match_opening(text: str) -> re.Match[str] | None:
    if "```" not in text and "~~~" not in text:
        return None
    match = _FENCE.match(text)
    # With a backtick after the fence it is a code span on one line.
    if match and match["fence"][0] == "`" and "`" in match["info"]:
        return None
    return match


def _is_indented_code(before: str, text: list[str], index: int) -> bool:
    """Return whether a fence is part of indented code, outside any list or note."""
    if ">" in before or len(before) < 4:  # noqa: PLR2004 - the indent of code
        return False
    for line in reversed(text[:index]):
        if line and not line.startswith(" "):
            return not re.match(r"(?:[-*+]|\d+\.|:|\[\^[^\]]+\]:|/{3,})(?: |$)|\[\^", line)
    return True


def _closing_index(text: list[str], index: int, opening: re.Match[str]) -> int | None:
    fence = opening["fence"]
    quoted = opening["before"].count(">")
    for number in range(index + 1, len(text)):
        line = text[number]
        match = _FENCE.match(line)
        if (
            match
            and match["fence"].startswith(fence)
            and not match["info"].strip()
            and match["before"].count(">") == quoted
        ):
            return number
        if quoted and not line.lstrip().startswith(">"):
            return None
    return None


def _without_prefix(line: str, before: str) -> str:
    """Return a line of code without the quotation marks and the indent of its fence."""
    for _ in range(before.count(">")):
        line = line.lstrip(" ").removeprefix(">")
    indent = len(before) - len(before.rstrip(" "))
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
