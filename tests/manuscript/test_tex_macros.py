r"""Macros of TeX: defined in formulas, in the text, in book.toml and in a file; bounded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree
from tiny_book import TOML, read

from makeready.findings import Findings
from makeready.manuscript.xhtml import xhtml_of_text

_MATH = "{http://www.w3.org/1998/Math/MathML}math"


def _read(text: str) -> tuple[etree._Element, list[tuple[str, int]]]:
    findings = Findings()
    document = xhtml_of_text(text.encode(), Path("text.md"), "en", findings)
    assert document is not None
    found = [(f.id, f.location.line or 0) for f in findings if f.location is not None]
    return etree.fromstring(document), found


def _formulas(text: str) -> list[str]:
    tree, found = _read(text)
    assert found == []
    assert "newcommand" not in "".join(tree.itertext())
    return [math.get("alttext", "") for math in tree.iter(_MATH)]


@pytest.mark.parametrize(
    ("definition", "use", "tex"),
    [
        (r"\newcommand{\E}{\mathbb{E}}", r"\E[x]", r"\mathbb{E}[x]"),
        (r"\newcommand\E{\mathbb{E}}", r"\E x", r"\mathbb{E}x"),
        (r"\newcommand{\al}{\alpha}", r"\al x", r"\alpha x"),
        (r"\newcommand{\n}[1]{\|#1\|}", r"\n{x} + \n y", r"\|x\| + \|y\|"),
        (r"\newcommand{\f}[2][n]{#2_#1}", r"\f{x} + \f[k]{y}", r"x_n + y_k"),
        (r"\renewcommand{\vec}[1]{\mathbf#1}", r"\vec x", r"\mathbf x"),
        (r"\providecommand{\q}{1}\providecommand{\q}{2}", r"\q", "1"),
        (r"\DeclareMathOperator{\Tr}{Tr}", r"\Tr A", r"\operatorname{Tr}A"),
        (r"\DeclareMathOperator*{\am}{arg\,max}", r"\am_x", r"\operatorname*{arg\,max}_x"),
        (r"\DeclarePairedDelimiter{\abs}{|}{|}", r"\abs{x}", r"\left|x\right|"),
        (r"\def\h#1#2{\frac{#1}{#2}}", r"\h1{23}", r"\frac{1}{23}"),
        (r"\let\eps=\varepsilon", r"\eps", r"\varepsilon"),
        ("\\newcommand{\\a}{b} % a comment\n\\newcommand{\\c}{\\a}", r"\c", "b"),
        ("\\newcommand{\\a}[1]{\n  x_{#1}\n}", r"\a1", "x_{1}"),
    ],
)
@pytest.mark.parametrize("form", ["$$\n{}\n$$", "{}", "${}$", "```{{=latex}}\n{}\n```"])
def test_a_macro_is_known_after_its_definition(
    form: str, definition: str, use: str, tex: str
) -> None:
    if form == "${}$" and "\n" in definition:
        return
    text = f"# One\n\n{form.format(definition)}\n\nIt is ${use}$ here.\n"
    assert [" ".join(one.split()) for one in _formulas(text)] == [tex]
    tree, _ = _read(text)
    assert [child.tag.rpartition("}")[2] for child in tree[1]] == ["h1", "p"]


def test_definitions_and_a_formula_are_a_formula() -> None:
    assert _formulas("$\\newcommand{\\x}{y}\\x$ and $\\x+1$") == ["y", "y+1"]


def test_a_command_in_the_text_is_not_a_definition() -> None:
    _, found = _read("A \\newcommand{\\x}{y} in a line.\n")
    assert found == [("MAN-044", 1)]
    tree, _ = _read("\\newcommand{\\x}{y} and words.\n")
    assert "and words" in "".join(tree.itertext())


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\x{\x}\x",
        r"\def\x{\x\x}\x",
        r"\def\x#1{\x{#1#1}}\x{a}",
        r"\def\a{bbbbbbbbbb}\def\b{\a\a\a\a\a\a\a\a}\def\c{\b\b\b\b\b\b\b\b}"
        r"\def\d{\c\c\c\c\c\c\c\c}\def\e{\d\d\d\d\d\d\d\d}\e\e",
        r"\newcommand{\x}[1]{#1}\x",
        r"\newcommand{\x}[a]{y}",
        r"\newcommand{\x}{y",
        r"\newcommand{}{y}",
        r"\def\x#1.{#1}\x y.",
    ],
)
def test_a_macro_that_cannot_be_read_is_told(tex: str) -> None:
    start = time.monotonic()
    _, found = _read(f"Here\nis ${tex}$.\n")
    assert found == [("MAN-070", 2)]
    assert time.monotonic() - start < 3


def test_macros_of_the_book(tmp_path: Path) -> None:
    toml = (
        f'{TOML}\n[mathematics]\nmacro_file = "macros.tex"\n'
        'macros = { "\\\\R" = "\\\\mathsf{R}", pair = "(#1, #2)" }\n'
    )
    files = {
        "book.toml": toml,
        "macros.tex": "% ours\n\\newcommand{\\N}{\\mathsf{N}}\n",
        "chapter-1.md": "# One\n\nIt is $\\R$, $\\N$ and $\\pair{a}{b}$.\n",
    }
    book, found = read(tmp_path, files)
    assert found == []
    assert book is not None
    formulas = [math.get("alttext") for math in book.section("chapter-1").tree.iter("math")]
    assert formulas == [r"\mathsf{R}", r"\mathsf{N}", "(a, b)"]
    book, found = read(tmp_path, files | {"book.toml": toml.replace("macros.tex", "none.tex")})
    assert found == [("MAN-062", "book.toml", 7)]
