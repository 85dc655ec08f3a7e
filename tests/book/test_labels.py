"""The labels of each language are whole, and numbers stand where the language has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from makeready.book.labels import (
    NUMBERED,
    labels_for,
    labels_in_all_languages,
    numbered,
)
from makeready.book.punctuation_rules import punctuation_rules
from makeready.findings import Findings

FOLDER = Path(__file__).resolve().parents[2] / "scripts/makeready/book/labels"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "aliases")
FIELDS = re.compile(r"\{(\w*)\}")
ENGLISH = labels_for("en", {}, Findings())


@pytest.mark.parametrize("name", NAMES)
def test_a_language_has_every_label_with_its_fields(name: str) -> None:
    findings = Findings()
    labels = labels_for(name, {}, findings)
    assert list(findings) == []
    assert list(labels) == list(ENGLISH)
    assert [key for key, label in labels.items() if not label and key != "by"] == []
    for key, label in labels.items():
        if not key.endswith("_number"):
            assert FIELDS.findall(label) == FIELDS.findall(ENGLISH[key]), key
            assert label == label.strip(), key
    for kind in NUMBERED:
        assert sorted(FIELDS.findall(labels[f"{kind}_number"])) == ["label", "number"]


@pytest.mark.parametrize("name", NAMES)
def test_a_language_with_labels_has_punctuation(name: str) -> None:
    assert punctuation_rules(name) is not None


def test_labels_are_those_of_the_language_and_not_english_ones() -> None:
    for name in set(NAMES) - {"en"}:
        labels = labels_for(name, {}, Findings())
        same = [key for key in ENGLISH if labels[key] == ENGLISH[key]]
        assert len(same) < 35, (name, same)
        assert labels["toc"] != ENGLISH["toc"], name


@pytest.mark.parametrize(
    ("language", "kind", "shown"),
    [
        ("en", "chapter", "Chapter~3"),
        ("ru", "figure", "Рисунок~3"),
        ("hu", "chapter", "3.~fejezet"),
        ("kk", "chapter", "3-тарау"),
        ("kk-Latn", "page", "3-bet"),
        ("zh", "chapter", "第3章"),
        ("zh-TW", "figure", "圖3"),
        ("ja", "page", "3ページ"),
        ("ko", "part", "제3부"),
        ("lv", "appendix", "3.~pielikums"),
        ("et", "part", "3.~osa"),
        ("th", "chapter", "บทที่~3"),
        ("hu", "theorem", "3.~tétel"),
    ],
)
def test_a_number_stands_where_the_language_has_it(language: str, kind: str, shown: str) -> None:
    labels = labels_for(language, {}, Findings())
    assert numbered(labels, kind, "3").replace("\u00a0", "~") == shown


def test_a_book_has_its_own_word_and_form() -> None:
    own = {"chapter": "Könyv", "part_number": "{label} No. {number}", "page_number": "x"}
    labels = labels_for("hu", own, Findings())
    assert numbered(labels, "chapter", "3", " ") == "3. könyv"
    assert numbered(labels, "part", "3", " ") == "Rész No. 3"
    # A form without a number is none.
    assert numbered(labels, "page", "3", " ") == "oldal 3"


def test_a_label_of_all_languages_has_one_for_each() -> None:
    assert len(labels_in_all_languages("chapter")) == len(NAMES)
    assert all(labels_in_all_languages("chapter"))
