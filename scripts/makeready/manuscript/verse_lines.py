"""Paragraphs whose lines an author evidently means: verse, addresses, lists without marks.

Markdown joins the lines of a paragraph. The lines of prose in a file are as long as they can be,
or end with their sentences; those of verse begin with capitals and end anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import source_line

_LEAST_LINES = 4
_LONGEST = 90
_MEAN = 62
_CAPITALS = 0.85
"""The part of a stanza's lines, at least, that begin with a capital letter or a digit."""
_OPEN = 0.35
"""The part of the lines, at least, that do not end with a sentence, where the next line begins."""
_SHORT = 0.3
"""The part of the lines, at least, that have room for the first word of the next line."""

_START = re.compile(r"[\s_*\"'“‘«»„‚—–\-(\[¿¡.…]*(.)")
_END = re.compile(r"[.!?…:][_*\"'”’»“‘)\]]*$")
_NOT_VERSE = re.compile(r"[|`\\<>$#]|\]\(|\[\^|https?:|  $|^[ \t]*(?:[-+*:]|\d+[.)])[ \t]")


def report_verse(tree: Element, path: str, findings: Findings) -> None:
    """Report, once for a file, the lines of verse that are joined to paragraphs."""
    found: list[tuple[Element, int]] = []
    run: list[tuple[Element, list[str]]] = []
    for paragraph in [*tree.iter("p"), None]:
        is_next = bool(run) and paragraph is not None and paragraph.getprevious() is run[-1][0]
        if run and not is_next:
            if are_verse([lines for _, lines in run]):
                found.append((run[0][0], sum(len(lines) for _, lines in run)))
            run = []
        if paragraph is not None and (lines := _lines_of(paragraph)):
            run.append((paragraph, lines))
    if found:
        first, count = found[0][0], sum(lines for _, lines in found)
        findings.add("MAN-072", SourceLocation(path, source_line(first)), lines=count)


def _lines_of(paragraph: Element) -> list[str]:
    """Return the lines of a paragraph if they may be those of a stanza."""
    is_plain = all(e.tag in {"p", "em", "strong", "i", "b"} for e in paragraph.iter())
    around = paragraph.iterancestors("div")
    if not is_plain or any("verse" in classes(element) for element in around):
        return []
    lines = "".join(map(str, paragraph.itertext())).strip().split("\n")
    return lines if may_be_stanza(lines) else []


def may_be_stanza(lines: Sequence[str]) -> bool:
    """Return whether the lines of a paragraph are several, none too long, with capitals."""
    if len(lines) < 2 or any(len(line) > _LONGEST or _NOT_VERSE.search(line) for line in lines):  # noqa: PLR2004 - several
        return False
    if not any(map(str.islower, lines[0])) and any(map(str.islower, lines[1])):
        # “FREDDY” above what he says is run into it.
        return False
    starts = [found[1] for line in lines if (found := _START.match(line)) is not None]
    capitals = sum(start.isupper() or start.isdecimal() for start in starts)
    return bool(capitals >= _CAPITALS * len(lines))


def are_verse(stanzas: Sequence[Sequence[str]]) -> bool:
    """Return whether paragraphs one below the other, which may be stanzas, are verse."""
    lines = [line.strip() for stanza in stanzas for line in stanza]
    pairs = [pair for stanza in stanzas for pair in pairwise(line.strip() for line in stanza)]
    if len(lines) < _LEAST_LINES or not pairs:
        return False
    width = max(map(len, lines))
    is_short = sum(map(len, lines)) <= _MEAN * len(lines)
    open_ends = sum(not _END.search(line) for line, _ in pairs)
    with_room = sum(len(line) + 1 + len(_first_word(after)) <= width for line, after in pairs)
    return is_short and open_ends >= _OPEN * len(pairs) and with_room >= _SHORT * len(pairs)


def _first_word(line: str) -> str:
    return next(iter(line.split()), "")


def runs_of_stanzas(paragraphs: Iterable[tuple[int, int, Sequence[str]]]) -> list[tuple[int, int]]:
    """Return where verse is in a text: the first line of each run of stanzas, and that after it.

    ``paragraphs`` are those of one container: their first lines, those after them, their lines.
    Paragraphs are in one run if one line is between them.
    """
    found: list[tuple[int, int]] = []
    run: list[tuple[int, int, Sequence[str]]] = []
    for paragraph in [*paragraphs, None]:
        is_next = bool(run) and paragraph is not None and paragraph[0] == run[-1][1] + 1
        if run and not is_next:
            if are_verse([lines for _, _, lines in run]):
                found.append((run[0][0], run[-1][1]))
            run = []
        if paragraph is not None and may_be_stanza(paragraph[2]):
            run.append(paragraph)
    return found
