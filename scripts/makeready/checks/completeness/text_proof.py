"""The comparison of the text that a section must show with the text that a file shows."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from makeready.checks.completeness.letters import (
    complex_letters_of,
    digits_of,
    letters_of,
)
from makeready.checks.completeness.manuscript_text import Block, Passage
from makeready.checks.completeness.page_text import Line, ShownText

_LONG = 16
"""From so many letters on, the same ones elsewhere are the same text."""

_SAMPLE = 8
_MOST_LOST = 12
"""So many letters may be lost in a passage, as a large initial is shown before it."""

_LEAST_DOUBLED = 24
_LEAST_COMPLEX = 0.75
_SAME_COLUMN_PX = 50


class Problem(StrEnum):
    """What is wrong with a block in a file."""

    MISSING = "is missing"
    DOUBLED = "occurs twice"
    MOVED = "is in another place"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage with its letters, and where they are: -1 if they are nowhere as they are."""

    passage: Passage
    letters: str
    at: int = -1

    @property
    def end(self) -> int:
        """The position after its last letter."""
        return self.at + len(self.letters)


class SectionProof:
    """The proof of one section; ``shown`` is the text of each of its page runs."""

    def __init__(
        self, runs: Sequence[tuple[Sequence[Passage], ShownText]], notes: Sequence[Block]
    ) -> None:
        self._runs = runs
        self._notes = [(note, letters_of(note.text)) for note in notes]
        self._all = "".join(shown.letters for _, shown in runs)
        # Where a table's row is divided, a cell is shown before the end of the one before it.
        self._all_digits = "".join(shown.digits for _, shown in runs)
        self._rests: list[str] = []
        """What the runs show besides their own text."""
        self._problems: dict[int, tuple[Block, Problem]] = {}

    def problems(self, running_heads: Iterable[str] = ()) -> list[tuple[Block, Problem]]:
        """Return what is wrong, once for each block.

        ``running_heads`` are texts that pages show besides those of the section.
        """
        expected = [[_Piece(p, letters_of(p.text)) for p in passages] for passages, _ in self._runs]
        for pieces, (_, shown) in zip(expected, self._runs, strict=True):
            self._prove_run(pieces, shown)
        for note, letters in self._notes:
            is_long = len(letters) >= _LONG
            if letters not in self._all and not (is_long and _is_like(letters, self._all)):
                self._add(note, Problem.MISSING)
        heads = [letters for text in running_heads if (letters := letters_of(text))]
        self._find_doubles(expected, heads)
        return list(self._problems.values())

    def _add(self, block: Block, problem: Problem) -> None:
        self._problems.setdefault(id(block), (block, problem))

    def _prove_run(self, pieces: list[_Piece], shown: ShownText) -> None:
        self._prove_other_letters(pieces, shown)
        joined = "".join(piece.letters for piece in pieces)
        at = shown.letters.find(joined)
        if at >= 0:
            self._rests += [shown.letters[:at], shown.letters[at + len(joined) :]]
            return
        found = _located(pieces, shown.letters)
        rests = _rests(found, shown.letters)
        unlocated = [piece for piece in found if piece.letters and piece.at < 0]
        for piece in unlocated:
            self._prove_unlocated(piece, shown, rests)
        for piece in _moved(found, shown.lines):
            self._add(piece.passage.block, Problem.MOVED)
        # The rests have the text of a passage that is shown in another form.
        if all(len(piece.letters) < _LONG for piece in unlocated):
            self._rests += rests

    def _prove_unlocated(self, piece: _Piece, shown: ShownText, rests: list[str]) -> None:
        """Prove a passage whose letters are not in one piece where they should be."""
        letters, block = piece.letters, piece.passage.block
        if len(letters) < _LONG:
            # It may be cut at another letter, or be shown out of the flow of the text.
            is_shown = any(letters in rest for rest in rests)
            is_shown = is_shown or (block.is_in_cell and letters in self._all)
            if not is_shown and not piece.passage.is_cut:
                self._add(block, Problem.MISSING)
            return
        is_anywhere = piece.passage.is_cut or block.is_in_cell
        text = self._all if is_anywhere else shown.letters
        if _is_like(letters, text) or _has_letters(letters, rests):
            return
        self._add(block, Problem.MOVED if letters in self._all else Problem.MISSING)

    def _prove_other_letters(self, pieces: Sequence[_Piece], shown: ShownText) -> None:
        """Prove blocks of digits alone, and letters of scripts that are shown in another order."""
        expected: Counter[str] = Counter()
        for piece in pieces:
            complex_letters = complex_letters_of(piece.passage.text)
            expected += complex_letters
            digits = "" if piece.letters or complex_letters else digits_of(piece.passage.text)
            if digits and not piece.passage.is_cut and digits not in self._all_digits:
                self._add(piece.passage.block, Problem.MISSING)
        missing = (expected - shown.complex_letters).total() if expected else 0
        if missing > (1 - _LEAST_COMPLEX) * expected.total():
            first = next(p for p in pieces if complex_letters_of(p.passage.text))
            self._add(first.passage.block, Problem.MISSING)

    def _find_doubles(self, runs: Sequence[Sequence[_Piece]], heads: Sequence[str]) -> None:
        """Find passages again in what the pages show besides their own text."""
        candidates = [
            piece
            for pieces in runs
            for piece in pieces
            if not piece.passage.block.may_repeat
            and len(piece.letters) >= _LONG
            # How often such a text occurs depends on what it stands beside.
            and not _repeats_itself(piece.letters)
            # A note may quote the text, as it may name a book of the bibliography.
            and not any(piece.letters in letters for _, letters in self._notes)
        ]
        expected = "".join(piece.letters for pieces in runs for piece in pieces)
        expected += "".join(letters for _, letters in self._notes)
        # A title may have the words of a passage, which is then found in the title first.
        shown = self._all
        for head in heads:
            shown = shown.replace(head, " ")
        for rest in self._rests:
            for head in heads if len(rest) >= _LONG else ():
                rest = rest.replace(head, "", 1)  # noqa: PLW2901
            for piece in candidates if len(rest) >= _LONG else ():
                if piece.letters in rest and _is_more_often(piece.letters, shown, expected):
                    self._add(piece.passage.block, Problem.DOUBLED)
        for (before, (_, above)), (after, (_, below)) in pairwise(
            zip(runs, self._runs, strict=True)
        ):
            self._find_double_line(before, after, above.letters, below.letters)

    def _find_double_line(
        self, before: Sequence[_Piece], after: Sequence[_Piece], above: str, below: str
    ) -> None:
        """Find the end of a page at the top of the next, and the top of that at its end."""
        first = "".join(piece.letters for piece in before)
        second = "".join(piece.letters for piece in after)
        if len(first) < _LEAST_DOUBLED or len(second) < _LEAST_DOUBLED:
            return
        notes = "".join(letters for _, letters in self._notes)
        if _is_more_often(first[-_LEAST_DOUBLED:] + second[:_LONG], below, second + notes):
            self._add(before[-1].passage.block, Problem.DOUBLED)
        elif _is_more_often(first[-_LONG:] + second[:_LEAST_DOUBLED], above, first + notes):
            self._add(after[0].passage.block, Problem.DOUBLED)


def _repeats_itself(letters: str) -> bool:
    """Return whether a text has its beginning again further on."""
    return letters.find(letters[:_LONG], 1) >= 0


def _is_more_often(letters: str, shown: str, expected: str) -> bool:
    """Return whether letters are shown more often than a text has them that repeats itself."""
    return letters in shown and shown.count(letters) > expected.count(letters)


def _located(pieces: Sequence[_Piece], text: str) -> list[_Piece]:
    """Return the pieces with their positions; short ones are looked for between long ones only."""
    found = list(pieces)
    cursor = 0
    for n, piece in enumerate(pieces):
        if len(piece.letters) >= _LONG:
            at = text.find(piece.letters, cursor)
            at = at if at >= 0 else text.find(piece.letters)
            found[n] = _Piece(piece.passage, piece.letters, at)
            cursor = found[n].end if at >= 0 else cursor
    in_order = {found[n].at: n for n in _longest_rising([(p.at, n) for n, p in enumerate(found)])}
    long_ones = sorted(in_order.values())
    cursor = 0
    for n, piece in enumerate(pieces):
        if n in in_order.values():
            cursor = found[n].end
        elif piece.letters and len(piece.letters) < _LONG:
            after = bisect_right(long_ones, n)
            end = found[long_ones[after]].at if after < len(long_ones) else len(text)
            at = text.find(piece.letters, cursor, end)
            found[n] = _Piece(piece.passage, piece.letters, at)
            cursor = found[n].end if at >= 0 else cursor
    return found


def _longest_rising(positions: Sequence[tuple[int, int]]) -> list[int]:
    """Return the indices of the longest run of rising positions; negative ones are left out."""
    chains: list[tuple[int, int, int]] = []
    best: dict[int, tuple[int, int | None]] = {}
    for at, index in positions:
        if at < 0:
            continue
        length, before = max(
            ((n, i) for n, i, position in chains if position < at), default=(0, None)
        )
        chains.append((length + 1, index, at))
        best[index] = (length + 1, before)
    current = max(best, key=lambda index: best[index][0], default=None)
    run: list[int] = []
    while current is not None:
        run.append(current)
        current = best[current][1]
    return run[::-1]


def _rests(found: Iterable[_Piece], text: str) -> list[str]:
    """Return what a text has besides the pieces found in it."""
    spans = sorted((piece.at, piece.end) for piece in found if piece.letters and piece.at >= 0)
    ends = [(0, 0), *spans, (len(text), len(text))]
    return [text[end:start] for (_, end), (start, _) in pairwise(ends) if start > end]


def _is_like(letters: str, text: str) -> bool:
    """Return whether a text has nearly all of some letters, in short samples."""
    samples = {text[n : n + _SAMPLE] for n in range(len(text) - _SAMPLE + 1)}
    run = longest = 0
    for n in range(len(letters) - _SAMPLE + 1):
        run = 0 if letters[n : n + _SAMPLE] in samples else run + 1
        longest = max(longest, run)
    return longest < _SAMPLE + min(_MOST_LOST, len(letters) // 3)


def _has_letters(letters: str, rests: Iterable[str]) -> bool:
    """Return whether nearly as many of each letter are in the rests, in whatever order."""
    missing = (Counter(letters) - Counter("".join(rests))).total()
    return missing * 10 <= len(letters)


def _moved(found: Sequence[_Piece], lines: Sequence[Line]) -> Iterator[_Piece]:
    """Yield the long pieces that are not in their order.

    On pages, text out of the flow is drawn out of order too, so that it counts where it stands:
    below the beginning of what follows it or above the beginning of what precedes it, in the
    same column.
    """
    long_ones = [piece for piece in found if piece.at >= 0 and len(piece.letters) >= _LONG]
    in_order = set(_longest_rising([(piece.at, n) for n, piece in enumerate(long_ones)]))
    for n, piece in enumerate(long_ones):
        if n in in_order:
            continue
        before = next((long_ones[i] for i in range(n - 1, -1, -1) if i in in_order), None)
        after = next((long_ones[i] for i in range(n + 1, len(long_ones)) if i in in_order), None)
        if (
            not lines
            or (before is not None and _is_above(piece, before, lines))
            or (after is not None and _is_above(after, piece, lines))
        ):
            yield piece


def _is_above(one: _Piece, other: _Piece, lines: Sequence[Line]) -> bool:
    first, second = _line_at(one.at, lines), _line_at(other.at, lines)
    if first.page != second.page:
        return first.page < second.page
    return first.y < second.y and abs(first.x - second.x) < _SAME_COLUMN_PX


def _line_at(letters: int, lines: Sequence[Line]) -> Line:
    return lines[bisect_right(lines, letters, key=lambda line: line.letters) - 1]
