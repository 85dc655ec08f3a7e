r"""Formulas in the Markdown text: what is one, what is not, and what becomes of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree
from tiny_book import TOML, read

from makeready.findings import Findings
from makeready.manuscript.formula import set_formula
from makeready.manuscript.xhtml import xhtml_of_text

_MATH = "{http://www.w3.org/1998/Math/MathML}math"


def _read(text: str) -> tuple[etree._Element, list[tuple[str, int]]]:
    findings = Findings()
    document = xhtml_of_text(text.encode(), Path("text.md"), "en", findings)
    assert document is not None
    found = [(f.id, f.location.line or 0) for f in findings if f.location is not None]
    return etree.fromstring(document), found


def _formulas(text: str) -> list[tuple[str, str]]:
    """Return the TeX and the display of the formulas of a text without findings."""
    tree, found = _read(text)
    assert found == []
    return [(math.get("alttext", ""), math.get("display", "")) for math in tree.iter(_MATH)]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("The $x_1 *a* y_1$ of it.", "x_1 *a* y_1"),
        ("The $n$th one, ($a$), *$y$*.", "n"),
        (r"It is \(a^2\) here.", "a^2"),
        (r"It is \(x\) here.", "x"),
        ("It is $`a_b`$ here.", "a_b"),
        (r"It costs $\$5$.", r"\$5"),
        ("| a |\n|---|\n| $x$ |", "x"),
        ("It is $ x $ here.", "x"),
        ("It is $ f(x) $, then.", "f(x)"),
        (r"It is $ \alpha $ here.", r"\alpha"),
        (r"It is $\alpha_1 $ of 3.", r"\alpha_1"),
        (r"It is $ x \text{ and not } y $.", r"x \text{ and not } y"),
        ("It costs $ 5; $ P(A) = 0.5 $ is half.", "P(A) = 0.5"),
    ],
)
def test_a_formula_in_a_line(text: str, tex: str) -> None:
    assert _formulas(text)[0] == (tex, "inline")


def test_a_formula_that_is_too_long_is_told_quickly() -> None:
    start = time.monotonic()
    for sign in ("a+", "{", r"\frac", r"\def\x{"):
        tex = sign * (130_000 // len(sign))
        _, found = _read(f"Text\n\n$$\n{tex}\n$$\n")
        assert ("MAN-070", 3) in found
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(("letters", "found"), [(250, []), (251, [("MAN-070", 3)])])
def test_a_row_of_too_many_signs_is_told(letters: int, found: list[tuple[str, int]]) -> None:
    row = "+".join("x" * letters)
    assert _read(f"Text\n\n$$\n{row}\n$$\n")[1] == found
    in_rows = r" \\ ".join([f"x &= {row[:299]}"] * 3)
    assert _read(f"Text\n\n$$\n\\begin{{aligned}}{in_rows}\\end{{aligned}}\n$$\n")[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "It costs US$5-$10, or 6 $.",
        "It costs 5$, 6$; or 7$.",
        "In $HOME/$USER.",
        "It costs $ 5 and $ 10.",
        "It costs $ 5, $ 10 or $ 15.",
        "It costs $ 5 - $ 10, A$ 5 / B$ 4 $ or 5 $ - 6 $.",
        "$ 5 = € 4, $ 6 = € 5; $ 5 = 4 EUR, $ 6 = 5 EUR; $ a = 5 $ 6.",
        "Type $ ls -l $ cd or $ make A=1 $ or $a=1 $b=2.",
        "A\\$AP and B$C and D$E.",
        r"It costs \$5 or \$x\$.",
        "In code, `$x$` and `$y`, and $a `b$ c`.",
        "    $x$ in code",
        r"Escaped \(not this\), \[sic\], \[1\], and [a]\(b\).",
        "~~~\n$$\nx\n$$\n~~~",
    ],
)
def test_no_formula(text: str) -> None:
    assert _formulas(text) == []


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("$$\na\n= b\n- c\n$$", "a = b - c"),
        ("$$a = b$$", "a = b"),
        ("\\[\nx^2\n\\]", "x^2"),
        ("```math\na = b\n```", "a = b"),
        ("```{math}\n:label: eq\n\na = b\n```", "a = b"),
        ("> $$\n> a\n> + b\n> $$", "a + b"),
        ("- one\n\n  $$\n  a\n  $$", "a"),
        (
            "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}",
            "\\begin{align} a &= b \\\\ c &= d \\end{align}",
        ),
        ("\\begin{equation}\nE = mc^2 \\label{e}\n\\end{equation}", None),
    ],
)
def test_a_displayed_formula(text: str, tex: str | None) -> None:
    (found, display), *more = _formulas(text)
    assert display == "block"
    assert not more
    assert tex is None or found == tex


def test_a_displayed_formula_divides_its_paragraph() -> None:
    tree, found = _read("Before $$a = b$$, after *it*.\n\nText\n$$\nx\n$$ {#eq-x}\ngoes on.")
    body = tree[1]
    assert found == []
    assert [(block.tag.rpartition("}")[2], block.get("class")) for block in body] == [
        ("p", None),
        ("div", "equation"),
        ("p", "continued"),
        ("p", None),
        ("div", "equation"),
        ("p", "continued"),
    ]
    assert [block.get("data-line") for block in body] == ["1", "1", "1", "3", "4", "7"]
    assert body[4].get("id") == "eq-x"
    assert "".join(body[2].itertext()) == "after it."


@pytest.mark.parametrize(
    "tex",
    [
        r"\foo",
        r"\frac{1}",
        "x^",
        "{x",
        "x}",
        r"\left( x",
        "中",
        "{" * 50 + "x" + "}" * 50,
        r"\begin{matrix} x",
    ],
)
def test_a_formula_that_cannot_be_set_is_an_error_at_its_line(tex: str) -> None:
    tree, found = _read(f"Text.\n\nMore ${tex}$ text.")
    assert found == [("MAN-070", 3)]
    assert tex.split(maxsplit=1)[0] in "".join(tree.itertext())


def test_brackets_around_a_sum_are_as_high_as_it() -> None:
    formula = set_formula(r"\left(\sum_k u_k\right)^2", is_displayed=True)
    assert 2 < formula.drawing.height < 4


@pytest.mark.parametrize(
    "label",
    [
        "$$x$$ {#eq-a}",
        "$$\nx\n$$\n:eqlabel:`eq-a`",
        "Text $$x$$ {#eq-a} more.",
        "$$\nx \\label{eq-a}\n$$",
    ],
)
def test_a_label(label: str) -> None:
    tree, found = _read(label)
    assert found == []
    assert [block.get("id") for block in tree.iter("{*}div")] == ["eq-a"]


def test_a_display_after_a_list_of_definitions_is_closed() -> None:
    tree, found = _read("Term\n:   Its meaning.\n\n$$\na = b\n$$")
    assert found == []
    assert [block.get("class") for block in tree.iter("{*}div")] == ["equation"]


def test_an_unclosed_display_is_reported_and_kept() -> None:
    tree, found = _read("Text.\n\n$$\na = b\n\nMore.")
    assert found == [("MAN-071", 3)]
    assert "$$ a = b" in "".join(tree.itertext()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "$" * 60_000 + "$$ " * 20_000 + "$a " * 20_000,
        "\\(" * 30_000 + "\\[" * 30_000,
        "$$\n" * 10_000 + "\\[a\n" * 10_000 + "\\begin{align}\n" * 10_000,
    ],
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    start = time.process_time()
    _read(text)
    assert time.process_time() - start < 15


def test_nothing_active_gets_into_a_formula() -> None:
    tree, _ = _read(r"$\href{javascript:alert(1)}{x}$ and $\text{<script>}$")
    assert not [e for e in tree.iter() if e.get("href")]
    assert [e.text for e in tree.iter("{*}mtext")] == ["<script>"]


def test_mathml_is_valid_where_the_library_makes_it_otherwise() -> None:
    tree, found = _read(
        "$\\mathop{\\mathrm{argmax}}_x f$ $\\langle x \\rangle$ "
        "$\\begin{array}{c} x \\end{array}$\n\n"
        "$$\\underbrace{x}_{\\text{$n$ times}}$$"
    )
    assert found == []
    assert "argmax" in [e.text for e in tree.iter("{*}mi")]
    assert [e.text for e in tree.iter("{*}mtext")] == ["\N{NO-BREAK SPACE}times"]
    for tokens in (tree.iter("{*}mi"), tree.iter("{*}mo"), tree.iter("{*}mtext")):
        assert all(len(token) == 0 for token in tokens)
    assert not [e for e in tree.iter() if "stretchy" in e.attrib and not e.tag.endswith("}mo")]
    assert "" not in [value for e in tree.iter() for value in e.attrib.values()]


def test_rows_have_numbers_of_their_own(tmp_path: Path) -> None:
    text = """# One

\\begin{align}
a &= b \\label{eq-a} \\\\
c &= \\begin{cases} 1 \\\\ 2 \\end{cases} \\notag \\\\
e &= f \\tag{A} \\label{eq-e} \\\\
g &= h \\label{eq:g}
\\end{align}

$$\nx\n$$ {#eq-x}

See \\eqref{eq-a}, \\eqref{eq-e}, [](#eq:g) and [](#eq-x).
"""
    book, found = read(tmp_path, {"book.toml": TOML, "chapter-1.md": text})
    assert found == []
    assert book is not None
    tree = book.section("chapter-1").tree
    rows = [e for e in tree.iter("span") if "row-number" in (e.get("class") or "").split()]
    assert [row.text for row in rows] == ["(1)", "(A)", "(2)"]
    baselines = [float(row.get("data-baseline") or "") for row in rows]
    assert 1 > baselines[0] > 0.8
    assert 0.5 > baselines[1] > baselines[2] > 0
    anchors = [book.anchors[str(row.get("id"))] for row in rows]
    assert [(anchor.kind, anchor.number) for anchor in anchors] == [
        ("equation", "1"),
        ("equation", "A"),
        ("equation", "2"),
    ]
    assert book.anchors["eq-x"].number == "3"
