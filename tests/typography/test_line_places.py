"""Hyphens, ladders, stacks, last lines, dashes and rivers: each from both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from makeready.typography.lines import Line
from makeready.typography.measure import Typography, measure_pdf
from makeready.typography.places import Place, PlaceKind
from makeready.typography.rivers import rivers_in
from typography.set_pages import (
    LEFT,
    SIZE,
    SetLine,
    Words,
    hyphenated,
    justified,
    natural,
    pages_of,
    paragraph,
    write_pdf,
)

Set = Callable[[Iterable[SetLine]], Typography]

PER_PAGE = 12
INNOCENT = {PlaceKind.RIVER}
"""Words of four letters or so have their spaces one above the other now and then."""


@pytest.fixture
def words() -> Words:
    return Words(7)


@pytest.fixture
def measured(tmp_path: Path) -> Set:
    def run(lines: Iterable[SetLine]) -> Typography:
        before = Words(3)
        every = [line for _ in range(12) for line in paragraph(before)] + list(lines)
        # The last page is full too.
        every += paragraph(before, [1.0] * (PER_PAGE - len(every) % PER_PAGE - 2))
        return measure_pdf(write_pdf(tmp_path / "book.pdf", pages_of(every, PER_PAGE)))

    return run


def found(typography: Typography) -> dict[PlaceKind, list[Place]]:
    by_kind: dict[PlaceKind, list[Place]] = {}
    for place in typography.places:
        if place.kind not in INNOCENT:
            by_kind.setdefault(place.kind, []).append(place)
    return by_kind


def test_a_plain_book_has_no_places(measured: Set, words: Words) -> None:
    assert found(measured(paragraph(words))) == {}


@pytest.mark.parametrize(
    ("run", "ladders"),
    [(1, (0, 0, 0)), (2, (1, 0, 0)), (3, (0, 1, 0)), (4, (0, 0, 1)), (5, (0, 0, 1))],
)
def test_a_run_of_hyphens(
    measured: Set, words: Words, run: int, ladders: tuple[int, int, int]
) -> None:
    first, *inner, last = paragraph(words, [1.0] * 6)
    lines = [first, *map(hyphenated, inner[:run]), *inner[run:], last]
    typography = measured(lines)
    figures = typography.figures
    assert figures.hyphenated_percent == pytest.approx(100 * run / 46, abs=0.01)
    assert (
        figures.ladders_of_2,
        figures.ladders_of_3,
        figures.ladders_of_4_or_more,
    ) == ladders
    kinds = {PlaceKind.HYPHEN, PlaceKind.LADDER} if run > 1 else {PlaceKind.HYPHEN}
    assert set(found(typography)) == kinds


def test_a_hyphen_at_the_end_of_a_page(measured: Set, words: Words) -> None:
    first, *inner, last = paragraph(words, [1.0] * 14)
    typography = measured([first, *inner[:10], hyphenated(inner[10]), *inner[11:], last])
    assert set(found(typography)) == {PlaceKind.HYPHEN, PlaceKind.HYPHEN_ENDS_PAGE}
    assert typography.figures.hyphens_at_page_ends == 1


@pytest.mark.parametrize(("end", "kind"), [(0, PlaceKind.STACK_AT_START), (-1, "stack_at_end")])
def test_the_same_word_at_an_end_of_two_lines(
    measured: Set, words: Words, end: int, kind: PlaceKind
) -> None:
    first, above, below, last = paragraph(words, [1.0, 1.0])
    same = list(below.words)
    same[end] = above.words[end].title()
    typography = measured([first, above, justified(same), last])
    assert set(found(typography)) == {kind}
    figures = typography.figures
    assert figures.stacks_at_starts + figures.stacks_at_ends == 1


@pytest.mark.parametrize(
    ("last", "kinds"),
    [
        (["abcde", "fgh"], set()),
        (["abcd", "fgh"], {PlaceKind.SHORT_LAST_LINE}),
        (["abcdefghi"], set()),
        (["abcdefg."], {PlaceKind.SHORT_LAST_LINE}),
        (["abcdef."], {PlaceKind.SHORT_LAST_LINE, PlaceKind.SHORT_LAST_WORD}),
    ],
)
def test_a_last_line(measured: Set, words: Words, last: list[str], kinds: set[PlaceKind]) -> None:
    # A sixth of the measure is 41.7 points; eight letters and a space are 42.5.
    assert set(found(measured(paragraph(words, last=last)))) == kinds


def test_a_last_line_that_is_part_of_a_word(measured: Set, words: Words) -> None:
    first, inner, before, _ = paragraph(words)
    lines = [first, inner, hyphenated(before), natural(["abcdefghijk."])]
    typography = measured(lines)
    assert set(found(typography)) == {PlaceKind.HYPHEN, PlaceKind.PART_OF_WORD}
    assert typography.figures.last_lines_of_part_of_a_word == 1


@pytest.mark.parametrize("dash", ["–", "—"])
def test_a_dash_at_the_beginning_of_a_line(measured: Set, words: Words, dash: str) -> None:
    first, above, below, last = paragraph(words)
    begun = justified([f"{dash}{below.words[0][1:]}", *below.words[1:]])
    assert set(found(measured([first, above, begun, last]))) == {PlaceKind.DASH_BEGINS_LINE}
    # In dialogue a paragraph may begin with one.
    speech = justified([f"{dash}{first.words[0][1:]}", *first.words[1:]], left=first.left)
    assert found(measured([speech, above, below, last])) == {}


@pytest.mark.parametrize(("beyond_em", "is_overfull"), [(0.3, False), (0.4, True)])
def test_a_line_that_reaches_into_the_margin(
    measured: Set, words: Words, beyond_em: float, is_overfull: bool
) -> None:
    first, above, below, last = paragraph(words)
    longer = replace(below, gap=below.gap + beyond_em * SIZE / (len(below.words) - 1))
    typography = measured([first, above, longer, last])
    assert set(found(typography)) == ({PlaceKind.OVERFULL_LINE} if is_overfull else set())
    assert typography.figures.overfull_lines == int(is_overfull)
    assert typography.figures.hung_percent > 0


def line_with_gaps(*gaps: tuple[float, float]) -> Line:
    return Line(0, 0.0, 0.0, 250.0, 10.0, 1.0, ["word"] * (len(gaps) + 1), list(gaps))


@pytest.mark.parametrize(("lines", "rivers"), [(2, []), (3, [3]), (4, [4])])
def test_spaces_that_flow_together(lines: int, rivers: list[int]) -> None:
    above, below = line_with_gaps((10, 14), (200, 204)), line_with_gaps((150, 154))
    flowing = [line_with_gaps((50 + index, 54 + index), (90, 94)) for index in range(lines)]
    flowing[0] = line_with_gaps((50, 54))
    # The second space of each line but the first is in a river that is a line shorter.
    shorter = [depth - 1 for depth in rivers if depth > 3]
    found = [depth for _, depth in rivers_in([above, *flowing, below])]
    assert sorted(found) == sorted(rivers + shorter)


@pytest.mark.parametrize(("by", "count"), [(2.0, 1), (2.1, 0)])
def test_spaces_flow_together_if_half_of_them_does(by: float, count: int) -> None:
    lines = [line_with_gaps((50 + index * by, 54 + index * by)) for index in range(3)]
    assert len(list(rivers_in(lines))) == count


def test_letters_of_a_superscript_do_not_part_a_paragraph(tmp_path: Path) -> None:
    words = Words()
    lines = [line for _ in range(12) for line in paragraph(words)]

    def with_call(line: SetLine) -> str:
        number = -(line.gap - 0.25 * line.size) / line.size * 1000
        shown = f" {number:.5f} ".join(f"({word} )" for word in line.words[:-1])
        call = "/F 6 Tf 4 Ts (1) Tj 0 Ts /F 10 Tf"
        return f"[{shown} {number:.5f}] TJ ({line.words[-1][:-1]}) Tj {call}"

    plain = measure_pdf(write_pdf(tmp_path / "plain.pdf", pages_of(lines))).figures
    called = measure_pdf(write_pdf(tmp_path / "called.pdf", pages_of(lines), with_call)).figures
    assert called.paragraphs == plain.paragraphs == 12
    assert called.justified_lines == plain.justified_lines
    assert called.lines_off_grid == 0


def test_indented_lines_are_a_list_or_dialogue(measured: Set, words: Words) -> None:
    indented = [
        justified(words.of(43, 10), left=LEFT + 12),
        justified(words.of(43, 10), left=LEFT + 12),
        natural(words.of(20, 5), left=LEFT + 12),
    ]
    plain = measured(paragraph(words)).figures
    figures = measured([*indented, *paragraph(words)]).figures
    assert figures.paragraphs == plain.paragraphs + 1
    assert figures.justified_lines == figures.lines - figures.paragraphs
    # A line of dialogue may fill the measure.
    ending = justified([*words.of(38, 9), "Yes.”"], left=LEFT + 12)
    figures = measured([ending, *indented, *paragraph(words)]).figures
    assert figures.paragraphs == plain.paragraphs + 2
