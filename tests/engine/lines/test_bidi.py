"""The order of a line with text from right to left, as in Unicode Standard Annex 9."""

from __future__ import annotations

import resource

import pytest

from makeready.engine.lines.bidi import Isolate, has_right_to_left, levels_of, visual_order
from makeready.engine.lines.rtl_glyphs import rtl_glyph_texts


def shown(text: str, *isolates: Isolate, is_rtl: bool = True) -> str:
    """Return the letters of a text from left to right."""
    levels = levels_of(text, isolates, is_rtl=is_rtl)
    return "".join(text[index] for index in visual_order(levels))


@pytest.mark.parametrize(
    ("text", "from_left"),
    [
        ("אב גד", "דג בא"),
        ("אב Latin words גד", "דג Latin words בא"),
        ("אב 1931.", ".1931 בא"),
        ("אב (12)", "(12) בא".translate(str.maketrans("()", ")("))),
    ],
)
def test_words_from_left_to_right_keep_their_order(text: str, from_left: str) -> None:
    assert shown(text) == from_left


def test_the_number_of_a_note_is_none_of_the_text() -> None:
    text = "אב 1931.1"
    assert shown(text) == "1931.1 בא"
    assert shown(text, Isolate(8, 9, "ltr")) == "1.1931 בא"


def test_what_stands_apart_keeps_its_punctuation() -> None:
    text = "אב a/b/ גד"
    assert shown(text) == "דג /a/b בא"
    assert shown(text, Isolate(3, 7, "ltr")) == "דג a/b/ בא"


def test_text_from_right_to_left_in_another() -> None:
    assert shown("see אב גד there", is_rtl=False) == "see דג בא there"


def test_a_line_of_one_direction_keeps_its_order() -> None:
    assert visual_order([2, 2, 2]) == [0, 1, 2]
    assert visual_order([1, 2, 2, 1]) == [3, 1, 2, 0]
    assert visual_order([]) == []


def test_marks_belong_to_glyphs_without_a_width() -> None:
    octets = "לָּ(".encode()
    bracket = len("לָּ".encode())
    assert rtl_glyph_texts(octets, [bracket, 0, 0, 0], [5, 0, 0, 9])[0] == ")"
    assert rtl_glyph_texts("לָּ".encode(), [0, 0], [0, 9]) == ["ָּ", "ל"]


@pytest.mark.parametrize("letter", ["א", "ع", "\U0001e900", "\U00010d00"])
def test_a_script_from_right_to_left_is_known_in_every_plane(letter: str) -> None:
    assert has_right_to_left(f"a {letter}") and not has_right_to_left("a 漢 \U0001f600")
    assert shown(f"{letter}b", is_rtl=False) == f"{letter}b"
    assert shown(f"{letter}{letter} a", is_rtl=True) == f"a {letter}{letter}"


def test_levels_leave_no_memory_behind() -> None:
    text = "א" * 100_000
    levels_of(text, (), is_rtl=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(50):
        levels_of(text, (), is_rtl=True)
    # In KiB; what all of them need is 5 MB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2_500
