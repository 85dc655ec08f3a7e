"""Editor's queries and comments, taken out of the text: ``{>> Is this so? <<}``.

A query may stand anywhere but in code: after a word, at a paragraph's end, as a block, over
several lines. It goes with the space before it, so that the text closes up as if it had
never been. An HTML comment goes the same way and is not reported.
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


def take_queries(lines: Lines, name: str, findings: Findings) -> tuple[Lines, list[Query]]:
    """Take every query and comment out of ``lines``; report each query and what is unclosed."""
    if not any(_OPEN in t or _CLOSE in t or "<!--" in t for t in lines.text):
        return lines, []
    scan = _Scan(lines, name, findings)
    scan.run()
    return scan.without_cuts(), scan.queries


class _Scan:
    def __init__(self, lines: Lines, name: str, findings: Findings) -> None:
        self.lines = lines
        self.name = name
        self.findings = findings
        self.text = "\n".join(lines.text)
        self.starts = [0]
        for line in lines.text:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.code = _indented_code(lines.text)
        self.queries: list[Query] = []
        self.cuts: list[tuple[int, int]] = []

    def index(self, position: int) -> int:
        return bisect.bisect_right(self.starts, position) - 1

    def location(self, position: int) -> SourceLocation:
        return SourceLocation(self.name, self.lines.origin[self.index(position)])

    def run(self) -> None:
        position = 0
        while match := _MARK.search(self.text, position):
            position = match.end()
            if self.code[self.index(match.start())]:
                continue
            mark = match[0]
            if mark == _OPEN:
                position = self.query(match.start())
            elif mark == _CLOSE:
                where = self.location(match.start())
                self.findings.add("MAN-020", where, problem="is closed here and never opened")
            elif mark == "<!--":
                position = self.comment(match.start())
            elif mark[0] == "`":
                position = self.code_span(match)

    def query(self, start: int) -> int:
        end = self.text.find(_CLOSE, start)
        again = self.text.find(_OPEN, start + len(_OPEN))
        if end < 0 or 0 <= again < end:
            self.findings.add(
                "MAN-020", self.location(start), problem="is opened here and never closed"
            )
            return start + len(_OPEN)
        location = self.location(start)
        inside = _QUOTED_LINE.sub("\n", self.text[start + len(_OPEN) : end])
        query = Query(" ".join(inside.split()), location.line or 1)
        self.queries.append(query)
        self.findings.add("MAN-019", location, text=query.text)
        return self.extracted(start, end + len(_CLOSE))

    def comment(self, start: int) -> int:
        end = self.text.find("-->", start + 4)
        if end < 0:
            self.findings.add("MAN-033", self.location(start))
            return len(self.text)
        return self.extracted(start, end + 3)

    def code_span(self, opening: re.Match[str]) -> int:
        """Step over a span of code; a run of backticks that nothing closes is text."""
        blank = self.text.find("\n\n", opening.end())
        end = len(self.text) if blank < 0 else blank
        for run in re.compile(r"`+").finditer(self.text, opening.end(), end):
            if len(run[0]) == len(opening[0]):
                return run.end()
        return opening.end()

    def extracted(self, start: int, end: int) -> int:
        """Cut a passage out, with the space before it, or after it at the head of a block."""
        done = end
        line_start = self.starts[self.index(start)]
        line_end = self.text.find("\n", end)
        line_end = len(self.text) if line_end < 0 else line_end
        since = max(line_start, self.cuts[-1][1] if self.cuts else 0)
        before = self.text[since:start]
        heads_block = since == line_start and _BLOCK_START.fullmatch(before)
        if not self.text[line_start:start].strip() and not self.text[end:line_end].strip():
            # Alone on its lines: they go whole, so that no blank line parts a paragraph.
            self.cuts.append((line_start if since == line_start else since, line_end + 1))
            return done
        if heads_block:
            end += len(self.text[end:line_end]) - len(self.text[end:line_end].lstrip(" "))
        else:
            start -= len(before) - len(before.rstrip(" "))
        self.cuts.append((start, end))
        return done

    def without_cuts(self) -> Lines:
        """Return the lines as they read without what was cut, each with its first origin."""
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
        return self.lines.origin[min(self.index(position), len(self.lines) - 1)]


def _indented_code(text: list[str]) -> list[bool]:
    """Mark the lines that are code by their indent, as far as can be told before parsing."""
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
