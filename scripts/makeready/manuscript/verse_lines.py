"""Paragraphs whose lines an author evidently means: verse, addresses, lists without marks.

Markdown joins the lines of a paragraph. The lines of prose in a file are as long as they can be,
or end with their sentences; those of verse begin with capitals and end anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import source_line

_LEAST_LINES = 4
_LEAST_SPEECHES = 2
_LONGEST = 90
_MEAN = 62
_NARROW = 50
"""Prose is not broken into lines as short as this."""
_CAPITALS = 0.85
"""The part of a stanza's lines, at least, that begin with a capital letter or a digit."""
_OPEN = 0.35
"""The part of the lines, at least, that do not end with a sentence, where the next line begins."""
_SHORT = 0.3
"""The part of the lines, at least, that have room for the first word of the next line."""

_START = re.compile(r"[\s_*\"'“‘«»„‚—–\-(\[¿¡.…]*(.)")
_END = re.compile(r"[.!?…:][_*\"'”’»“‘)\]]*$")
_NOT_VERSE = re.compile(r"[|`\\<>$#]|\]\(|\[\^|https?:|  $|^[ \t]*(?:[-+*:]|\d+[.)])[ \t]")
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")

Paragraph = tuple[int, int, Sequence[str]]
"""The index of a paragraph's first line, that after it, and its lines."""


@dataclass(frozen=True, slots=True)
class VerseReader:
    """Tells verse from prose in a text. ``is_play``: people speak in verse in it."""

    is_play: bool = False

    @classmethod
    def for_text(cls, paragraphs: Sequence[Sequence[str]]) -> VerseReader:
        """Return the reader for a text that has these paragraphs, each as its lines."""
        speeches = [
            lines[1:] for lines in paragraphs if len(lines) > _LEAST_LINES and _is_speaker(lines[0])
        ]
        in_verse = sum(_are_lines_of_stanza(lines) and _are_verse([lines]) for lines in speeches)
        return cls(in_verse >= _LEAST_SPEECHES and 2 * in_verse > len(speeches))

    def may_be_stanza(self, lines: Sequence[str]) -> bool:
        """Return whether the lines of a paragraph are several, none too long, with capitals."""
        if len(lines) < 2:  # noqa: PLR2004 - several
            return False
        # In prose, “FREDDY” above what he says is run into it.
        return _are_lines_of_stanza(lines) and (self.is_play or not _is_speaker(lines[0]))

    def are_verse(self, stanzas: Sequence[Sequence[str]]) -> bool:
        """Return whether paragraphs one below the other, which may be stanzas, are verse."""
        speech = self.is_play and any(_is_speaker(lines[0]) for lines in stanzas)
        return speech or _are_verse(stanzas)

    def runs(self, paragraphs: Sequence[Paragraph]) -> list[tuple[int, int]]:
        """Return where verse is: the first line of each run of stanzas, and that after it.

        ``paragraphs`` have nothing but blank lines between them.
        """
        found: list[tuple[int, int]] = []
        run: list[Paragraph] = []
        for paragraph in [*paragraphs, None]:
            if paragraph is not None and self.may_be_stanza(paragraph[2]):
                run.append(paragraph)
            elif run:
                if self.are_verse([lines for _, _, lines in run]):
                    found.append((run[0][0], run[-1][1]))
                run = []
        return found


def report_verse(tree: Element, path: str, findings: Findings) -> None:
    """Report, once for a file, the lines of verse that are joined to paragraphs."""
    paragraphs = {element: _lines_of(element) for element in tree.iter("p")}
    reader = VerseReader.for_text(list(paragraphs.values()))
    found: list[tuple[Element, int]] = []
    run: list[Element] = []
    for element in [*paragraphs, None]:
        is_next = bool(run) and element is not None and element.getprevious() is run[-1]
        if run and not is_next:
            stanzas = [paragraphs[each] for each in run]
            if reader.are_verse(stanzas):
                found.append((run[0], sum(map(len, stanzas))))
            run = []
        if element is not None and reader.may_be_stanza(paragraphs[element]):
            run.append(element)
    if found:
        count = sum(lines for _, lines in found)
        findings.add("MAN-072", SourceLocation(path, source_line(found[0][0])), lines=count)


def _lines_of(paragraph: Element) -> list[str]:
    """Return the lines of a paragraph of words; none if they are kept already."""
    is_plain = all(e.tag in {"p", "em", "strong", "i", "b"} for e in paragraph.iter())
    around = paragraph.iterancestors("div")
    if not is_plain or any("verse" in classes(element) for element in around):
        return []
    return "".join(map(str, paragraph.itertext())).strip().split("\n")


def _is_speaker(line: str) -> bool:
    """Return whether a line is the name of who speaks, in capitals, or says in brackets how."""
    name, brackets = _BRACKETS.subn("", line)
    name = name.strip("*_ .:")
    return name.upper() == name != name.lower() or bool(brackets and not name)


def _are_lines_of_stanza(lines: Sequence[str]) -> bool:
    if any(len(line) > _LONGEST or _NOT_VERSE.search(line) for line in lines):
        return False
    starts = [str(found[1]) for line in lines if (found := _START.match(line)) is not None]
    capitals = [start for start in starts if start.isupper() or start.isdecimal()]
    return len(capitals) >= _CAPITALS * len(lines)


def _are_verse(stanzas: Sequence[Sequence[str]]) -> bool:
    lines = [line.strip() for stanza in stanzas for line in stanza]
    pairs = [pair for stanza in stanzas for pair in pairwise(line.strip() for line in stanza)]
    if len(lines) < _LEAST_LINES or not pairs or sum(map(len, lines)) > _MEAN * len(lines):
        return False
    open_ends = sum(not _END.search(line) for line, _ in pairs)
    return open_ends >= _OPEN * len(pairs) and _have_room(lines, pairs)


def _have_room(lines: Sequence[str], pairs: Sequence[tuple[str, str]]) -> bool:
    """Return whether lines are shorter than those of wrapped prose would be."""
    width = max(map(len, lines))
    with_room = sum(len(line) + 1 + len(after.split(" ")[0]) <= width for line, after in pairs)
    return width < _NARROW or with_room >= _SHORT * len(pairs)
