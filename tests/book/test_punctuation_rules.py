"""The punctuation of each language is whole, has a source, and is found by its tag."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path

import pytest

from makeready.book.punctuation_rules import punctuation_rules

FOLDER = Path(__file__).resolve().parents[2] / "scripts/makeready/book/punctuation"
FILES = sorted(path for path in FOLDER.glob("*.toml") if path.stem != "aliases")
KEYS = {
    *("name", "base", "quotes", "dash", "dialogue", "dialogue_space", "said", "months", "titles"),
    *("before_number", "units", "after_roman", "hour", "score_after", "clock_before"),
    *("compound_number_after", "one_letter_words", "source", "checked_on", "conflict", "choice"),
}
OFFICIAL = [
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
]
"""The official languages of the European Union."""
MARK = re.compile("[“”‘’„‚«»‹›「」『』]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_whole(path: Path) -> None:
    data = tomllib.loads(path.read_text("utf-8"))
    assert set(data) <= KEYS
    assert len(data["quotes"]) == 4
    assert all(MARK.fullmatch(mark) for mark in data["quotes"])
    # Two pairs are told apart.
    assert data["quotes"][:2] != data["quotes"][2:]
    assert data["source"]
    assert isinstance(data["checked_on"], datetime.date)
    lists = [value for value in data.values() if isinstance(value, list)]
    assert all(len(value) == len(set(value)) for value in lists if value != data["quotes"])
    assert (FOLDER / f"{data.get('base', path.stem)}.toml").is_file()


def test_the_official_languages_of_the_union_bind_words_and_numbers() -> None:
    for tag in OFFICIAL:
        rules = punctuation_rules(tag)
        assert rules is not None, tag
        assert len(rules.months) >= 12, tag
        assert rules.titles, tag
        assert len(rules.before_number) > 3, tag


def test_aliases_lead_to_files() -> None:
    aliases = tomllib.loads((FOLDER / "aliases.toml").read_text("utf-8"))
    stems = {path.stem for path in FILES}
    assert set(aliases.values()) <= stems
    assert not set(aliases) & stems


@pytest.mark.parametrize(
    ("tag", "like"),
    [
        ("DE", "de"),
        ("de-AT", "de"),
        ("de-LI", "de-CH"),
        ("en-GB-oxendict", "en"),
        ("sr-Latn-RS", "sr"),
        ("zh-Hant-CN", "zh-TW"),
        ("zh-Hans-TW", "zh"),
        ("es-ES", "es"),
        ("es-CL", "es-419"),
        ("pt-BR", "pt"),
        ("pt-MZ", "pt-PT"),
        ("no", "nb"),
    ],
)
def test_a_tag_has_the_rules_of_its_script_or_region_or_language(tag: str, like: str) -> None:
    assert punctuation_rules(tag) == punctuation_rules(like)
    assert punctuation_rules(tag) is not None


@pytest.mark.parametrize("tag", ["tlh", "x", "", "../de", "de/../de", "aliases", "de_AT"])
def test_another_tag_has_none(tag: str) -> None:
    assert punctuation_rules(tag) is None
