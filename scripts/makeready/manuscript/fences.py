"""Fenced code blocks, taken out of the text before anything else reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from makeready.findings import Findings, SourceLocation
from makeready.manuscript.source import Lines

# Noncharacters, which no source may hold, keep a block's place in the text.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_FENCE = re.compile(r"(?P<before>(?:[ ]{0,3}>)*[ ]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_LANGUAGE = re.compile(r"[.{ ]*([A-Za-z][\w+#-]*)")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block of code; ``line`` is its fence's."""

    code: str
    language: str
    line: int


def take_fences(lines: Lines, name: str, findings: Findings, blocks: list[CodeBlock]) -> Lines:
    """Put a place-holder for each fenced block, at its own depth; add the code to ``blocks``."""
    out = Lines()
    index = 0
    while index < len(lines):
        text, origin = lines.text[index], lines.origin[index]
        opening = _opening(text)
        if opening is None or (_is_indented_code(opening["before"], lines.text, index)):
            out.add(text, origin)
            index += 1
            continue
        end = _closing(lines.text, index, opening)
        if end is None:
            findings.add("MAN-026", SourceLocation(name, origin), fence=opening["fence"])
            end = len(lines)
        before = opening["before"]
        code = "\n".join(_inside(line, before) for line in lines.text[index + 1 : end])
        language = _LANGUAGE.match(opening["info"].strip())
        blocks.append(CodeBlock(code, language[1] if language else "", origin))
        blank = before.rstrip(" ")
        out.add(blank, origin)
        out.add(f"{before}{_OPEN}{len(blocks) - 1}{_CLOSE}", origin)
        out.add(blank, origin)
        index = end + 1
    return out


def _opening(text: str) -> re.Match[str] | None:
    if "```" not in text and "~~~" not in text:
        return None
    match = _FENCE.match(text)
    # A backtick after the fence makes it a code span of one line.
    if match and match["fence"][0] == "`" and "`" in match["info"]:
        return None
    return match


def _is_indented_code(before: str, text: list[str], index: int) -> bool:
    """Say whether a fence stands in code that is indented, outside any list or note."""
    if ">" in before or len(before) < 4:  # noqa: PLR2004 - the indent of code
        return False
    for line in reversed(text[:index]):
        if line and not line.startswith(" "):
            return not re.match(r"(?:[-*+]|\d+\.|:|\[\^[^\]]+\]:|/{3,})(?: |$)|\[\^", line)
    return True


def _closing(text: list[str], index: int, opening: re.Match[str]) -> int | None:
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


def _inside(line: str, before: str) -> str:
    """Take the quotation marks and the indent of its fence off a line of code."""
    for _ in range(before.count(">")):
        line = line.lstrip(" ").removeprefix(">")
    indent = len(before) - len(before.rstrip(" "))
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
