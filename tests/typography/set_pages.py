"""PDFs whose word spaces, line ends and pages are known, written operator by operator.

Every letter is half an em wide and the space a quarter, so that what a line measures is arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name

SIZE, LEADING, MEASURE = 10.0, 12.0, 250.0
LEFT, TOP, INDENT = 60.0, 500.0, 12.0
LETTER, SPACE = 0.5 * SIZE, 0.25 * SIZE
WIDTH, HEIGHT = 370.0, 560.0
LINES = 20
"""So many lines a page holds."""


@dataclass(frozen=True)
class SetLine:
    """A line: its words, the gap between them in points, and where it begins."""

    words: tuple[str, ...]
    gap: float
    left: float = LEFT
    size: float = SIZE

    @property
    def stretch(self) -> float:
        return self.gap / SPACE


class Words:
    """Words that never come twice; one seed gives the same."""

    def __init__(self, seed: int = 1) -> None:
        self._random, self._numbers = Random(seed), count(400)

    def word(self, letters: int) -> str:
        number, text = next(self._numbers), ""
        while number:
            number, digit = divmod(number, 20)
            text += "abcdefghijklmnopqrst"[digit]
        return (text * letters)[:letters] if letters > len(text) else text[:letters]

    def of(self, letters: int, words: int) -> list[str]:
        """Return so many words with so many letters together, of unequal lengths."""
        lengths = [4] * words
        for index in range(0, words - 1, 2):
            by = self._random.choice((0, 1))
            lengths[index] += by
            lengths[index + 1] -= by
        step = 1 if letters > sum(lengths) else -1
        while sum(lengths) != letters:
            lengths[self._random.randrange(words)] += step
        return [self.word(length) for length in lengths]


def justified(words: Sequence[str], *, left: float = LEFT) -> SetLine:
    """Return a line that reaches the right edge."""
    letters = sum(map(len, words)) * LETTER
    return SetLine(tuple(words), (LEFT + MEASURE - left - letters) / (len(words) - 1), left)


def stretched(words: Words, stretch: float) -> SetLine:
    """Return a full line of eleven words whose spaces are so many of the font's, in fifths."""
    return justified(words.of(round(50 - 5 * stretch), 11))


def natural(words: Sequence[str], *, left: float = LEFT, size: float = SIZE) -> SetLine:
    """Return a line that ends where its words end."""
    return SetLine(tuple(words), SPACE * size / SIZE, left, size)


def paragraph(
    words: Words, stretches: Sequence[float] = (1.0, 1.0), last: Sequence[str] | None = None
) -> list[SetLine]:
    """Return a paragraph: an indented first line, lines of these stretches, and a last line."""
    first = justified(words.of(43, 10), left=LEFT + INDENT)
    ending = natural(words.of(20, 5) if last is None else last)
    return [first, *(stretched(words, one) for one in stretches), ending]


def pages_of(lines: Iterable[SetLine | None], per_page: int = LINES) -> list[list[SetLine | None]]:
    """Return pages of so many lines; None is a blank line."""
    every = list(lines)
    return [every[start : start + per_page] for start in range(0, len(every), per_page)]


Draw = Callable[[SetLine], str]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def with_spaces(line: SetLine) -> str:
    """Draw a line as our engine does: the font's space, and a number for what is added to it."""
    number = -(line.gap - 0.25 * line.size) / line.size * 1000
    return "[" + f" {number:.5f} ".join(f"({_escaped(w)} )" for w in line.words) + "] TJ"


def with_moves(line: SetLine) -> str:
    """Draw a line as TeX does, without a space."""
    number = -line.gap / line.size * 1000
    return "[" + f" {number:.5f} ".join(f"({_escaped(w)})" for w in line.words) + "] TJ"


def with_word_spacing(line: SetLine) -> str:
    """Draw a line with the operator for word spacing."""
    extra = line.gap - 0.25 * line.size
    return f"{extra:.5f} Tw ({_escaped(' '.join(line.words))}) Tj 0 Tw"


def expanded(share: float) -> Draw:
    """Draw lines with wider letters, and the spaces of full lines as much narrower as it takes."""

    def draw(line: SetLine) -> str:
        letters = sum(map(len, line.words)) * 0.5 * line.size
        spaces = len(line.words) - 1
        is_full = abs(line.left + letters + spaces * line.gap - LEFT - MEASURE) < 0.01
        gap = line.gap - (letters * (share - 1) / spaces if is_full else 0)
        number = -gap / line.size * 1000 / share
        return "[" + f" {number:.5f} ".join(f"({w})" for w in line.words) + "] TJ"

    return draw


def write_pdf(
    path: Path,
    pages: Sequence[Sequence[SetLine | None]],
    draw: Draw = with_spaces,
    *,
    scale: float = 1.0,
    before: str = "",
    heads: bool = True,
    leading: float = LEADING,
    tops: dict[int, float] | None = None,
    after: Callable[[pikepdf.Pdf], None] = lambda _: None,
) -> Path:
    """Write a PDF of these pages, with running heads and folios; ``before`` goes before the text.

    ``tops`` are the baselines on which pages, counted from 0, begin if not on the usual one.
    """
    with pikepdf.Pdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type1,
                BaseFont=Name.Helvetica,
                Encoding=Name.WinAnsiEncoding,
                FirstChar=32,
                LastChar=255,
                Widths=Array([250, *[500] * 223]),
            )
        )
        for number, lines in enumerate(pages):
            page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
            page.Resources = Dictionary(Font=Dictionary(F=font))
            content = [f"BT {before}"]
            if heads and lines:
                content.append(f"/F 8 Tf 1 0 0 1 {LEFT} 530 Tm (A running head) Tj")
                content.append(f"/F 8 Tf 1 0 0 1 {LEFT + 120} 40 Tm ({number + 1}) Tj")
            baseline = (tops or {}).get(number, TOP)
            for line in lines:
                if line is not None:
                    content.append(f"/F {line.size:g} Tf {scale:g} 0 0 1")
                    content.append(f"{line.left:.4f} {baseline:.4f} Tm {draw(line)}")
                baseline -= leading
            content.append("ET")
            page.Contents = pdf.make_stream("\n".join(content).encode("cp1252"))
        after(pdf)
        pdf.save(path)
    return path


def hyphenated(line: SetLine) -> SetLine:
    """Return a line whose last word is broken, its letters as many as before."""
    last = line.words[-1]
    return replace(line, words=(*line.words[:-1], f"{last[:-1]}-"))
