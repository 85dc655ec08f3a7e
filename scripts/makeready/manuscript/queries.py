"""Editor's queries and comments, extracted from the text: ``{>> Is this so? <<}``.

A query may be anywhere but in code: after a word, at the end of a paragraph, as a block, over
several lines. The space before it is removed too. HTML comments are removed in the same way, and
not reported.
"""

from __future__ import annotations

import bisect
import re

from makeready.book.model import Query
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.source import Lines

_OPEN, _CLOSE = "{>>", "<<}"
_MARK = re.compile(r"\\[\\`<{]|\{>>|<<\}|<!--|`+")
_LIST_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,3}\.|:|\[\^[^\]]+\]:)(?: |$)")
_BLOCK_START = re.compile(r"(?:[ >]*(?:(?:[-*+]|\d{1,3}\.|:|\|)[ ]+)?)")
_QUOTED_LINE = re.compile(r"\n[ ]*>[ ]?")


def extract_queries(lines: Lines, path: str, findings: Findings) -> tuple[Lines, list[Query]]:
    """Return the lines without queries and comments, and the queries; report both if unclosed."""
    if not any(_OPEN in t or _CLOSE in t or "<!--" in t for t in lines.text):
        return lines, []
    scan = _QueryScanner(lines, path, findings)
    scan.run()
    return scan.without_cuts(), scan.queries


class _QueryScanner:
    """Finds the queries and comments in the lines of a section."""

    def __init__(self, lines: Lines, path: str, findings: Findings) -> None:
        self.lines = lines
        self.path = path
        self.findings = findings
        self.text = "\n".join(lines.text)
        self.starts = [0]
        for line in lines.text:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.code = _indented_code(lines.text)
        self.queries: list[Query] = []
        self.cuts: list[tuple[int, int]] = []

    def line_index(self, position: int) -> int:
        return bisect.bisect_right(self.starts, position) - 1

    def location(self, position: int) -> SourceLocation:
        return SourceLocation(self.path, self.lines.origin[self.line_index(position)])

    def run(self) -> None:
        position = 0
        while match := _MARK.search(self.text, position):
            position = match.end()
            if self.code[self.line_index(match.start())]:
                continue
            mark = match[0]
            if mark == _OPEN:
                position = self.query(match.start())
            elif mark == _CLOSE:
                location = self.location(match.start())
                self.findings.add("MAN-020", location, problem="ends here but never started")
            elif mark == "<!--":
                position = self.comment(match.start())
            elif mark[0] == "`":
                position = self.code_span(match)

    def query(self, start: int) -> int:
        end = self.text.find(_CLOSE, start)
        next_start = self.text.find(_OPEN, start + len(_OPEN))
        if end < 0 or 0 <= next_start < end:
            self.findings.add("MAN-020", self.location(start), problem="starts here and never ends")
            return start + len(_OPEN)
        location = self.location(start)
        content = _QUOTED_LINE.sub("\n", self.text[start + len(_OPEN) : end])
        query = Query(" ".join(content.split()), location.line or 1)
        self.queries.append(query)
        self.findings.add("MAN-019", location, text=query.text)
        return self.cut(start, end + len(_CLOSE))

    def comment(self, start: int) -> int:
        end = self.text.find("-->", start + 4)
        if end < 0:
            self.findings.add("MAN-033", self.location(start))
            return len(self.text)
        return self.cut(start, end + 3)

    def code_span(self, opening: re.Match[str]) -> int:
        """Return the end of a code span; backticks that are never closed are text."""
        blank = self.text.find("\n\n", opening.end())
        end = len(self.text) if blank < 0 else blank
        for run in re.compile(r"`+").finditer(self.text, opening.end(), end):
            if len(run[0]) == len(opening[0]):
                return run.end()
        return opening.end()

    def cut(self, start: int, end: int) -> int:
        """Mark a range for removal, with the space before it, or after it if it begins a block.

        Return the position to go on from.
        """
        resume_at = end
        line_start = self.starts[self.line_index(start)]
        line_end = self.text.find("\n", end)
        line_end = len(self.text) if line_end < 0 else line_end
        since = max(line_start, self.cuts[-1][1] if self.cuts else 0)
        before = self.text[since:start]
        is_block_start = since == line_start and _BLOCK_START.fullmatch(before)
        if not self.text[line_start:start].strip() and not self.text[end:line_end].strip():
            # Its lines contain nothing else: without them no blank line splits a paragraph.
            self.cuts.append((line_start if since == line_start else since, line_end + 1))
            return resume_at
        if is_block_start:
            end += len(self.text[end:line_end]) - len(self.text[end:line_end].lstrip(" "))
        else:
            start -= len(before) - len(before.rstrip(" "))
        self.cuts.append((start, end))
        return resume_at

    def without_cuts(self) -> Lines:
        """Return the lines without the ranges to be removed, each with its first source line."""
        out = Lines()
        pieces: list[str] = []
        origin: int | None = None
        position = 0
        for start, end in [*self.cuts, (len(self.text), len(self.text))]:
            while position < start:
                line_end = self.text.find("\n", position, start)
                stop = start if line_end < 0 else line_end
                origin = origin or self._origin(position)
                pieces.append(self.text[position:stop])
                position = stop
                if line_end >= 0:
                    out.add("".join(pieces), origin)
                    pieces, origin = [], None
                    position += 1
            position = max(position, end)
        out.add("".join(pieces), origin or self.lines.origin[-1])
        return out

    def _origin(self, position: int) -> int:
        return self.lines.origin[min(self.line_index(position), len(self.lines) - 1)]


def _indented_code(text: list[str]) -> list[bool]:
    """Return for each line whether it is indented code, as far as is known before parsing."""
    code: list[bool] = []
    after_blank, in_list, in_code = True, False, False
    for line in text:
        if not line:
            code.append(False)
            after_blank = True
            continue
        indent = len(line) - len(line.lstrip(" "))
        if _LIST_ITEM.match(line):
            in_list = True
        elif indent == 0 and after_blank:
            in_list = False
        needed = 8 if in_list else 4
        in_code = indent >= needed and (after_blank or in_code)
        code.append(in_code)
        after_blank = False
    return code
