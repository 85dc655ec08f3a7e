r"""Numbers, units and quantities of siunitx, and chemical formulas of mhchem."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from makeready.manuscript.formula import FormulaError, set_formula

_THIN = "\N{THIN SPACE}"


def _text(tex: str, language: str = "en") -> str:
    mathml = set_formula(tex, is_displayed=False, language=language).mathml
    return "".join(ET.fromstring(mathml).itertext())


@pytest.mark.parametrize(
    ("tex", "english", "german"),
    [
        (r"\num{12345.6789}", f"12{_THIN}345.6789", f"12{_THIN}345,6789"),
        (r"\num{1234567.123456}", f"1{_THIN}234{_THIN}567.123{_THIN}456", None),
        (r"\num{1234}", "1234", "1234"),
        (r"\num{3,5}", "3.5", "3,5"),
        (r"\num{.5}", "0.5", "0,5"),
        (r"\num{-1.2e-3}", "−1.2×10−3", "−1,2×10−3"),
        (r"\num{e10}", "1010", None),
        (r"\num{1.234(5)}", "1.234(5)", "1,234(5)"),
        (r"\num{5 +- 0.2}", "5±0.2", "5±0,2"),
        (r"\num[round-mode=places]{2}", "2", None),
        (r"\num{n}", "n", None),
        (r"\numrange{1}{5}", "1–5", None),
        (r"\SI{9.81}{\metre\per\second\squared}", "9.81ms−2", "9,81ms−2"),
        (r"\qty{5}{\kilo\gram}", "5kg", None),
        (r"\unit{\joule\per\mole\per\kelvin}", "Jmol−1K−1", None),
        (r"\unit{\square\metre}", "m2", None),
        (r"\unit{\metre\tothe{4}}", "m4", None),
        (r"\si{m/s^2}", "m/s2", None),
        (r"\SI{1.5e3}{kg.m.s^{-1}}", "1.5×103kgms−1", None),
        (r"\SI{25}{\celsius}", "25°C", None),
        (r"\SI{10}{\percent}", "10%", None),
        (r"\SI{10}{\%}", "10%", None),
        (r"\qty{3.2}{\micro\metre}", "3.2µm", None),
        (r"\qtyrange{1}{5}{\milli\second}", "1–5ms", None),
        (r"\ang{12.5}", "12.5°", "12,5°"),
        (r"\ang{1;2;3}", "1°2′3″", None),
        (r"\qty(\frac ab)", "(ab)", None),
    ],
)
def test_quantities(tex: str, english: str, german: str | None) -> None:
    assert _text(tex) == english
    if german is not None:
        assert _text(tex, "de") == german


def test_a_number_is_one_number() -> None:
    root = ET.fromstring(set_formula(r"\num{12345.6}", is_displayed=False).mathml)
    assert [one.text for one in root.findall(".//{*}mn")] == [f"12{_THIN}345.6"]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\ce{H2O}", "H2O"),
        (r"\ce{SO4^2-}", "SO42−"),
        (r"\ce{SO4^{2-}}", "SO42−"),
        (r"\ce{Na+}", "Na+"),
        (r"\ce{[AgCl2]-}", "[AgCl2]−"),
        (r"\ce{^{227}_{90}Th+}", "90227Th+"),
        (r"\ce{2H2 + O2 -> 2H2O}", "2H2+O2→2H2O"),
        (r"\ce{CO2 + C <=> 2 CO}", "CO2+C⇌2CO"),
        (r"\ce{A ->[x][y] B}", "A→yxB"),
        (r"\ce{CaCO3 (s) ->[\Delta] CaO (s)}", "CaCO3(s)→ΔCaO(s)"),
        (r"\ce{1/2 H2O}", "12H2O"),
        (r"\ce{CuSO4*5H2O}", "CuSO4·5H2O"),
        (r"\ce{CH2=CH2}", "CH2=CH2"),
        (r"\ce{N#N}", "N≡N"),
        (r"\ce{Ba^2+ -> BaSO4 v}", "Ba2+→BaSO4↓"),
        (r"\ce{$n$ H2O}", "nH2O"),
    ],
)
def test_chemical_formulas(tex: str, text: str) -> None:
    assert _text(tex).replace("\xa0", "").replace(" ", "") == text


def test_the_letters_of_elements_are_upright() -> None:
    root = ET.fromstring(set_formula(r"\ce{NaCl2}", is_displayed=False).mathml)
    assert [one.text for one in root.findall(".//{*}mtext")] == ["Na", "Cl"]
    assert len(root.findall(".//{*}msub")) == 1


@pytest.mark.parametrize(
    "tex",
    [r"\unit{\furlong}", r"\ce{A\bond{~}B}", r"\ce{A ->[x B}", r"\ang{1;2;3;4}", r"\qty(x"],
)
def test_what_is_not_read_is_told(tex: str) -> None:
    with pytest.raises(FormulaError):
        set_formula(tex, is_displayed=False)
