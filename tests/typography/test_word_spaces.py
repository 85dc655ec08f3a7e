"""Word spaces in units of the font's own, however a program writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from makeready.typography.figures import Figures
from makeready.typography.measure import Typography, measure_pdf
from typography.set_pages import (
    LETTER,
    SIZE,
    SPACE,
    Draw,
    SetLine,
    Words,
    expanded,
    pages_of,
    paragraph,
    with_moves,
    with_spaces,
    with_word_spacing,
    write_pdf,
)

Set = Callable[..., Typography]


@pytest.fixture
def measured(tmp_path: Path) -> Set:
    def run(stretches: list[float], draw: Draw = with_spaces, **how: object) -> Typography:
        words = Words()
        lines = [line for _ in range(10) for line in paragraph(words)]
        lines += [line for one in stretches for line in paragraph(words, [one, 1.0])]
        return measure_pdf(write_pdf(tmp_path / "book.pdf", pages_of(lines), draw, **how))

    return run


def counts(figures: Figures) -> tuple[int, int, int]:
    """Return how many lines are loose, very loose and tight."""
    return tuple(
        round(share * figures.justified_lines / 100)
        for share in (
            figures.over_1_5_percent,
            figures.over_2_percent,
            figures.under_0_8_percent,
        )
    )


@pytest.mark.parametrize(
    ("stretch", "expected"),
    [
        (1.0, (0, 0, 0)),
        (1.4, (0, 0, 0)),
        (1.6, (1, 0, 0)),
        (1.8, (1, 0, 0)),
        (2.2, (1, 1, 0)),
        (0.6, (0, 0, 1)),
    ],
)
def test_a_line_on_either_side_of_a_threshold(
    measured: Set, stretch: float, expected: tuple[int, int, int]
) -> None:
    assert counts(measured([stretch]).figures) == expected


@pytest.mark.parametrize("draw", [with_spaces, with_moves, with_word_spacing])
def test_every_way_to_write_a_space_measures_the_same(measured: Set, draw: Draw) -> None:
    typography = measured([2.2, 1.6, 0.6], draw)
    assert typography.space_em == pytest.approx(0.25, abs=0.001)
    figures = typography.figures
    assert figures.justified_lines == 39
    assert counts(figures) == (2, 1, 1)
    assert figures.space_widest == pytest.approx(2.2, abs=0.01)
    assert figures.space_narrowest == pytest.approx(0.6, abs=0.01)
    # Thirteen first lines, 23 with the font's own space, and the three.
    mean = (13 * (238 - 43 * LETTER) / 9 / SPACE + 23 + 2.2 + 1.6 + 0.6) / 39
    assert figures.space_mean == pytest.approx(mean, abs=0.001)
    is_known = draw is not with_moves
    assert typography.space_source == ("space characters" if is_known else "last lines")


def test_wider_letters_leave_narrower_spaces(measured: Set) -> None:
    plain, wide = measured([1.6]), measured([1.6], expanded(1.02), scale=1.02)
    assert counts(plain.figures) == (1, 0, 0)
    # 2 % of 42 letters in ten spaces.
    by = 0.02 * 42 * LETTER / 10 / SPACE
    assert wide.space_em == plain.space_em
    assert wide.figures.space_widest == pytest.approx(1.6 - by, abs=0.01)
    assert wide.figures.letters_widest == pytest.approx(1.02)
    assert plain.figures.letters_widest == 1


def test_letterspacing_is_no_word_space(measured: Set) -> None:
    spacing = 0.4

    def draw(line: SetLine) -> str:
        if line.stretch < 2:
            return with_spaces(line)
        spaces = len(line.words) - 1
        characters = sum(map(len, line.words)) + spaces - 1
        narrower = replace(line, gap=line.gap - characters * spacing / spaces)
        return f"{spacing} Tc {with_spaces(narrower)} 0 Tc"

    figures = measured([2.2], draw).figures
    # The 49 characters but the last, of a line with ten spaces.
    assert figures.space_widest == pytest.approx(2.2 - 48 * spacing / 10 / SPACE, abs=0.01)
    assert counts(figures) == (0, 0, 0)


def test_a_given_space_is_the_unit(tmp_path: Path) -> None:
    words = Words()
    lines = [line for _ in range(10) for line in paragraph(words)]
    path = write_pdf(tmp_path / "book.pdf", pages_of(lines))
    typography = measure_pdf(path, space_em=0.125)
    assert typography.space_source == "given"
    assert typography.figures.space_mean == pytest.approx(2, abs=0.03)
    assert typography.size_pt == SIZE
    assert typography.leading_pt == 12


def test_lines_that_are_not_justified_are_not_measured(tmp_path: Path) -> None:
    words = Words()
    ragged = [
        SetLine(tuple(words.of(letters, 9)), SPACE)
        for letters in (36, 40, 33, 42, 37, 30, 41, 35, 39, 31) * 4
    ]
    figures = measure_pdf(write_pdf(tmp_path / "book.pdf", pages_of(ragged))).figures
    assert figures.lines == 40
    assert figures.justified_lines == 0
    assert figures.space_mean is None
