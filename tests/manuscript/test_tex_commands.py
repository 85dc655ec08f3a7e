r"""Commands of TeX that the libraries do not know, or mistake: what becomes of them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from makeready.manuscript.formula import FormulaError, set_formula

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def _mathml(tex: str, *, is_displayed: bool = True) -> ET.Element:
    return ET.fromstring(set_formula(tex, is_displayed=is_displayed).mathml)


def _text(tex: str, *, is_displayed: bool = True) -> str:
    return "".join(_mathml(tex, is_displayed=is_displayed).itertext())


def _names(tex: str, *, is_displayed: bool = True) -> list[str]:
    return [
        one.tag.removeprefix(_NAMESPACE) for one in _mathml(tex, is_displayed=is_displayed).iter()
    ]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\begin{bmatrix} a & b \end{bmatrix}^\top", "[ab]⊤"),
        (r"\begin{pmatrix} 1 \cr 2 \end{pmatrix}_i^2", "(12)i2"),
        (r"\color{red}{x} + \textcolor{blue}{y} + {\color[HTML]{00FF00} z}", "x+y+z"),
        (r"\nicefrac{1}{2}", "1/2"),
        (r"\not= \not\in \not\equiv \not\to", "≠∉≢↛"),
        (r"\Bigl\{ y \Bigr\} \big\| \Big\Downarrow", "{y}‖⇓"),
        (r"\mathrel{R} \mathbin{o} \mathord{x} \mathopen{(}", "Rox("),
        (r"a \bmod b", "amodb"),
        (r"a \coloneqq b", "a≔b"),
        (r"\mathbb{1} \mathbb 1 \mathbb{R} \mathscr{H}", "𝟙𝟙ℝℋ"),
        (r"\mathbf x \mathbf{ab} {\bf c} \mathbf{\Sigma}", "𝐱𝐚𝐛𝐜𝚺"),
        (r"\boldsymbol{\alpha} \bm x", "𝜶𝒙"),
        (r"{\rm Tr} A", "TrA"),
        (r"\text{a \% of \textbf{b} if $x$}", "a\xa0%\xa0of\xa0b\xa0if\xa0x"),
        (r"\begin{rcases} a \\ b \end{rcases}", "ab}"),
        (r"\begin{align*}[x]_B &= y\end{align*}", "[x]B=y"),
        (r"\left\uparrow x \right\downarrow", "↑x↓"),
        (r"\fbox{$\frac32$}", "32"),
        (r"\prescript{a}{b}{X}", "baX"),
        (r"\class{a}{x} \href{http://example.org}{y}", "xy"),
        (r"\begin{array}{@{}l|p{2cm}@{}} a & b \end{array}", "ab"),
        (r"\begin{array}{*{2}{c}} a & b \end{array}", "ab"),
        (r"\begin{pmatrix*}[r] a & b \end{pmatrix*}", "(ab)"),
    ],
)
def test_what_is_set(tex: str, text: str) -> None:
    assert _text(tex) == text


@pytest.mark.parametrize(
    ("tex", "name"),
    [
        (r"\operatorname*{arg\,max}_{x} f", "arg\u2006max"),
        (r"\argmin_x f", "arg\u2006min"),
        (r"\mathop{\rm ess\,sup}_x f", "ess\u2006sup"),
        (r"\max_x f", "max"),
        (r"\limsup_n a", "lim\u2006sup"),
    ],
)
def test_operators_have_their_limits_below_in_displayed_formulas(tex: str, name: str) -> None:
    assert name in [one.text for one in _mathml(tex).iter(f"{_NAMESPACE}mi")]
    assert "munder" in _names(tex)
    assert "msub" not in _names(tex)
    assert "munder" not in _names(tex, is_displayed=False)
    assert "msub" in _names(tex, is_displayed=False)


def test_a_function_has_a_space_before_what_it_is_of() -> None:
    for tex in (r"\sup x", r"\log_2 x", r"\operatorname{Tr} A"):
        assert "mspace" in _names(tex)
    for tex in (r"\sup(x)", r"\det \left[ x \right]", r"\operatorname{Tr}(A)", r"\max = 1"):
        assert "mspace" not in _names(tex)


def test_lines_in_arrays_are_drawn() -> None:
    def drawn(tex: str) -> int:
        return set_formula(tex, is_displayed=True).drawing.svg.count("<rect")

    plain = drawn(r"\begin{array}{ccc} a & b & c \\ d & e & f \end{array}")
    assert drawn(r"\begin{array}{cc|c} a & b & c \\ d & e & f \end{array}") == plain + 1
    assert drawn(r"\begin{array}{|c||cc|} a & b & c \\ d & e & f \end{array}") == plain + 3
    ruled = r"\begin{array}{ccc} \hline a & b & c \\ \hline d & e & f \\ \hline \end{array}"
    assert drawn(ruled) == plain + 3


def test_widths_of_spaces_are_those_of_mathml() -> None:
    spaces = _mathml(r"a \mspace{9mu} b \hspace{2em} c \hskip 1em d \! e").iter(
        f"{_NAMESPACE}mspace"
    )
    assert [one.get("width") for one in spaces][:2] == ["0.5em", "2em"]
    assert all("mu" not in one.get("width", "") for one in spaces)


def test_lines_in_arrays_are_borders_in_the_ebook() -> None:
    tex = r"\begin{array}{c|c} a & b \\ \hline d & e \end{array}"
    styles = [cell.get("style", "") for cell in _mathml(tex).iter(f"{_NAMESPACE}mtd")]
    line = "0.06em solid"
    assert styles == [
        f"border-bottom:{line};border-right:{line}",
        f"border-bottom:{line}",
        f"border-right:{line}",
        "",
    ]


def test_columns_are_aligned_in_the_ebook() -> None:
    cells = _mathml(r"\begin{array}{lcr} a & b & c \end{array}").iter(f"{_NAMESPACE}mtd")
    assert [cell.get("style") for cell in cells] == [
        "text-align:left",
        None,
        "text-align:right;text-align:-webkit-right",
    ]


@pytest.mark.parametrize(
    "tex", [r"\ce{\bond{x}}", r"\unknown x", r"\operatorname", r"\begin{array}{c"]
)
def test_what_is_not_known_is_told(tex: str) -> None:
    with pytest.raises(FormulaError):
        set_formula(tex, is_displayed=True)
