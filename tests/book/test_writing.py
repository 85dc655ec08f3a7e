"""How languages are written, by the subtags of their tags."""

from __future__ import annotations

import pytest

from makeready.book.writing import direction_of, is_east_asian, is_in_columns_only, script_of


@pytest.mark.parametrize(
    ("tag", "script", "direction"),
    [
        ("ar", "Arab", "rtl"),
        ("ar-EG", "Arab", "rtl"),
        ("fa-IR", "Arab", "rtl"),
        ("he", "Hebr", "rtl"),
        ("ur", "Arab", "rtl"),
        ("az-Arab", "Arab", "rtl"),
        ("ku", "Zyyy", "ltr"),
        ("ku-IQ", "Arab", "rtl"),
        ("ar-Latn", "Latn", "ltr"),
        ("ar-u-nu-latn", "Arab", "rtl"),
        ("mn-x-cn", "Cyrl", "ltr"),
        ("zh", "Hans", "ltr"),
        ("zh-TW", "Hant", "ltr"),
        ("ja", "Jpan", "ltr"),
        ("en-GB", "Zyyy", "ltr"),
    ],
)
def test_script_and_direction(tag: str, script: str, direction: str) -> None:
    assert (script_of(tag), direction_of(tag)) == (script, direction)


def test_scripts_without_spaces_and_scripts_in_columns() -> None:
    assert [t for t in ("ja", "zh-HK", "ko", "th", "en") if is_east_asian(t)] == [
        "ja",
        "zh-HK",
        "ko",
    ]
    assert [t for t in ("mn", "mn-Mong", "mn-CN", "zh") if is_in_columns_only(t)] == [
        "mn-Mong",
        "mn-CN",
    ]
