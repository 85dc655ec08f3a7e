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


def test_ruby_without_a_reading_stays() -> None:
    assert len(made("<ruby>漢</ruby>")) == 1


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
