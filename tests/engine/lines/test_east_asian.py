"""Where lines of Chinese, Japanese and Korean end, and what stands between their letters."""

from __future__ import annotations

import pytest

from makeready.engine.lines.east_asian import empty_half, gaps_of, token_pattern

ALL = token_pattern(all_marks=True)


def ends(text: str, language: str) -> str:
    """Return a text with a line between the letters where a line may end."""
    gaps = gaps_of(text, ALL, language, 10.0)
    return "".join(("|" if i in gaps and gaps[i].may_end else "") + c for i, c in enumerate(text))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "船|は、|着|い|た。"),
        ("ja", "「見|た」|と|言っ|た。"),
        ("ja", "コー|ヒー|と……|も"),
        ("ja", "『海|の|星』、|『月』"),
        ("ja", "Aurora|号|は|1931|年"),
        ("zh", "他|说：|“你|好。”|他|走|了——|再|见"),
        ("zh", "《港|口|志》|（〈卷|三〉）。"),
        ("ko", "배|가|왔|다."),
    ],
)
def test_no_line_begins_or_ends_with_what_it_must_not(language: str, text: str) -> None:
    plain = text.replace("|", "")
    found = ends(plain, language)
    for line in found.split("|")[1:]:
        assert line[0] not in "、。，：」』》）〉”っーッ—"
    for line in found.split("|")[:-1]:
        assert line[-1] not in "「『《（〈“"
    assert found == text


@pytest.mark.parametrize(
    ("language", "text", "at", "width_em"),
    [
        ("ja", "は1931", 1, 0.25),
        ("ja", "号Aurora", 1, 0.25),
        ("ko", "는1931", 1, 0.0),
        ("zh", "。”他", 1, -0.5),
        ("ja", "』、『", 1, -0.5),
        ("ja", "、『", 1, -0.5),
        ("ja", "は、", 1, 0.0),
        ("zh-TW", "，「", 1, 0.0),
    ],
)
def test_marks_share_their_empty_halves_and_latin_letters_have_a_quarter(
    language: str, text: str, at: int, width_em: float
) -> None:
    gap = gaps_of(text, ALL, language, 10.0)[at]
    assert gap.width_px == pytest.approx(10 * width_em)


def test_dashes_are_one_word_and_marks_do_not_spread() -> None:
    text = "了——再"
    assert [m[0] for m in ALL.finditer(text)] == ["了", "——", "再"]
    assert gaps_of("。”", ALL, "zh", 10.0)[1].spread_px == 0
    assert gaps_of("港口", ALL, "zh", 10.0)[1].spread_px > 0


def test_marks_hang_by_their_empty_half_where_they_are_wide() -> None:
    assert empty_half("。", "ja", 1.0, at_left=False) == 0.5
    assert empty_half("「", "ja", 1.0, at_left=True) == 0.5
    assert empty_half("。", "zh-Hant", 1.0, at_left=False) == 0
    assert empty_half("”", "zh", 0.45, at_left=False) == 0
    assert empty_half("。", "en", 1.0, at_left=False) == 0
