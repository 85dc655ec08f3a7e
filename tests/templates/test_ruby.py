"""Ruby is divided into pairs for pages, spaced by the rule 1 : 2 : 1."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from makeready.templates.ruby import set_ruby


def made(markup: str) -> etree._Element:
    tree = etree.fromstring(f"<p>{markup}</p>")
    set_ruby(tree)
    return tree


def test_each_base_has_its_reading() -> None:
    tree = made("a<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>b")
    assert [[child.text for child in ruby] for ruby in tree] == [["漢", "かん"], ["字", "じ"]]
    assert [child.tag for child in tree[0]] == ["rb", "rt"]
    assert tree[-1].tail == "b"
    assert tree.text == "a"


@pytest.mark.parametrize(
    "markup",
    [
        "<ruby>漢</ruby>",
        "<ruby><rt>かん</rt></ruby>",
        '<ruby><img src="a.png"/><rt>ねこ</rt></ruby>',
    ],
)
def test_ruby_without_a_reading_or_a_text_below_it_stays(markup: str) -> None:
    tree = made(markup)
    assert etree.tostring(tree, encoding="unicode") == f"<p>{markup}</p>"


def test_readings_in_a_row_are_one_and_nothing_is_lost() -> None:
    tree = made('<ruby id="a">漢<rt>かん</rt><rt>じ</rt>書<rt>しょ</rt>く</ruby>')
    assert ["".join(map(str, one.itertext())) for one in tree] == ["漢かんじ", "書しょ", "く"]
    assert [one.get("id") for one in tree] == ["a", None, None]


@pytest.mark.parametrize(
    ("base", "reading", "extra_em"),
    [("港町", "みなと", 0.5), ("港", "みな", 0.0), ("港", "みなとまち", -1.5)],
)
def test_base_and_reading_are_as_wide_as_each_other(
    base: str, reading: str, extra_em: float
) -> None:
    (ruby,) = made(f"<ruby>{base}<rt>{reading}</rt></ruby>")
    style = " ".join(filter(None, (e.get("style") for e in ruby.iter())))
    spacing = [float(n) for n in re.findall(r"letter-spacing:([\d.]+)em", style)]
    base_em, reading_em = len(base), len(reading) / 2
    if extra_em == 0:
        assert not spacing
    elif base_em > reading_em:
        assert reading_em + len(reading) * spacing[0] / 2 == pytest.approx(base_em, abs=0.01)
    else:
        assert base_em + len(base) * spacing[0] == pytest.approx(reading_em, abs=0.01)
