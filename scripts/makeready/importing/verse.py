"""Verse in the texts of other tools, which the lines of a paragraph are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from makeready.importing.outline import block_tokens
from makeready.manuscript.front_matter import read_front_matter
from makeready.manuscript.verse_lines import Paragraph, VerseReader

_QUOTATION = re.compile(r"(?:[ ]{0,3}>[ ]?)*")
_LABEL = re.compile(r"[\s_*]*[^\W\d_][\w '’/-]{0,29}[_*]*:[_*]*\s")
_NO_PROSE = re.compile(r"[\s>]*(?:!!!|\?\?\?|===|-+8<|[:|{]|\*?\[[^\]\n]{1,200}\]:)|.*\|.*\|")


def with_verse(text: str) -> tuple[str, dict[int, int]]:
    """Return a text with its verse marked, and how many lines it has, by the first of them.

    The marks take the place of blank lines, so that no line moves. Lines that all begin with a
    label, “Serves: 4”, and those that have no blank lines around them, end with a line break.
    """
    lines = text.split("\n")
    marked: dict[int, int] = {}
    containers = list(_paragraphs(lines))
    reader = VerseReader.for_text([own for _, inside in containers for _, _, own in inside])
    for prefix, paragraphs in containers:
        for first, after in reader.runs(paragraphs):
            inner = [line[len(prefix) :] for line in lines[first:after]]
            has_room = _is_blank(lines, first - 1, prefix) and _is_blank(lines, after, prefix)
            if has_room and not all(_LABEL.match(line) for line in inner if line.strip()):
                lines[first - 1], lines[after] = f"{prefix}/// verse", f"{prefix}///"
            else:
                for index in range(first, after - 1):
                    if lines[index].strip(" >") and lines[index + 1].strip(" >"):
                        lines[index] += "\\"
            marked[first + 1] = sum(1 for line in inner if line.strip())
    return "\n".join(lines), marked


def with_line_breaks(text: str) -> str:
    """Return a text in which each line of a paragraph ends with a line break.

    So it is read with Markdown's ``nl2br`` and Pandoc's ``hard_line_breaks``.
    """
    lines = text.split("\n")
    end, _ = read_front_matter(lines)
    for token in block_tokens("\n".join(lines[end:])):
        if token.type == "paragraph_open" and token.map is not None:
            first, after = token.map[0] + end, token.map[1] + end
            if not any(map(_NO_PROSE.match, lines[first:after])):
                for index in range(first, after - 1):
                    if not lines[index].endswith(("  ", "\\")):
                        lines[index] += "\\"
    return "\n".join(lines)


def _is_blank(lines: list[str], index: int, prefix: str) -> bool:
    """Return whether a line is blank, but for the marks of the quotation that it is in."""
    if index == len(lines) and not prefix:
        lines.append("")
    return 0 <= index < len(lines) and lines[index].rstrip() == prefix.rstrip()


def _paragraphs(lines: list[str]) -> Iterator[tuple[str, list[Paragraph]]]:
    """Yield paragraphs of the text itself or of a quotation that follow each other at once.

    With them go the marks of the quotation, which are before each of its lines.
    """
    end, _ = read_front_matter(lines)
    containers: list[tuple[str, list[Paragraph]]] = [("quote", [])]
    tokens = block_tokens("\n".join(lines[end:]))
    for token in tokens:
        if token.type.endswith("_open") and token.nesting == 1 and token.type != "paragraph_open":
            kind = "quote" if token.type == "blockquote_open" else "other"
            containers.append((kind, []))
        elif token.type.endswith("_close") and token.type != "paragraph_close":
            kind, paragraphs = containers.pop()
            if kind == "quote":
                yield from _of_container(lines, paragraphs)
        elif (
            token.type == "paragraph_open"
            and token.map is not None
            and all(kind == "quote" for kind, _ in containers)
        ):
            first, after = token.map[0] + end, token.map[1] + end
            containers[-1][1].append((first, after, lines[first:after]))
    yield from _of_container(lines, containers[0][1])


def _of_container(
    lines: list[str], paragraphs: list[Paragraph]
) -> Iterator[tuple[str, list[Paragraph]]]:
    if not paragraphs:
        return
    found = _QUOTATION.match(paragraphs[0][2][0])
    prefix = found[0] if found else ""
    group: list[Paragraph] = []
    for first, after, own in paragraphs:
        if group and any(line.strip(" \t>") for line in lines[group[-1][1] : first]):
            yield prefix, group
            group = []
        if all(line.startswith(prefix.rstrip()) for line in own):
            group.append((first, after, [line.removeprefix(prefix) for line in own]))
    yield prefix, group
