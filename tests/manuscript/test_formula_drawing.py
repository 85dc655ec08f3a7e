r"""Formulas as they are drawn: spaces, sizes and limits as TeX has them; pieces of long ones."""

from __future__ import annotations

import pytest

from makeready.manuscript.formula import set_formula
from makeready.manuscript.formula_drawing import Drawing
from makeready.manuscript.formula_lines import in_lines


def _drawing(tex: str, *, is_displayed: bool = True) -> Drawing:
    return set_formula(tex, is_displayed=is_displayed).drawing


def _width(tex: str, *, is_displayed: bool = True) -> float:
    return _drawing(tex, is_displayed=is_displayed).width


def _added(one: str, other: str) -> float:
    """Return by how much the first formula is wider, in em."""
    return _width(one) - _width(other)


@pytest.mark.parametrize(
    ("tex", "same"),
    [
        ("a=-1", r"a={-}1"),
        ("(-x)", "({-}x)"),
        ("a+b", r"a\:{+}\:b"),
        ("a=b", r"a\;{=}\;b"),
        ("a,b", r"a{,}\,b"),
        (r"\sin x", r"{\sin}\,x"),
        (r"A\cup B", r"A\:{\cup}\:B"),
        (r"a\sim b", r"a\;{\sim}\;b"),
        (r"a\setminus b", r"a\:{\setminus}\:b"),
        (r"a\iff b", r"a\;{\iff}\;b"),
        (r"\forall x", r"{\forall}{x}"),
        (r"\partial x", r"{\partial}{x}"),
        (r"a\overset{!}{=}b", r"a\;{\overset{!}{=}}\;b"),
        (r"x^{a+b}", r"x^{a{+}b}"),
        (r"\lvert -x\rvert", r"|{-}x|"),
        (r"a\colon b", r"a\mspace{2mu}{:}\mspace{6mu}b"),
        (r"a \quad b", r"a \mspace{18mu} b"),
    ],
)
def test_spaces_are_those_of_tex(tex: str, same: str) -> None:
    assert _width(tex) == pytest.approx(_width(same), abs=0.02)


def test_a_quad_is_an_em() -> None:
    assert _added(r"a\quad b", "ab") == pytest.approx(1, abs=0.02)
    assert _added(r"a\hspace{10pt}b", "ab") == pytest.approx(1, abs=0.02)


def test_limits_are_beside_an_operator_where_tex_has_them_there() -> None:
    assert _drawing(r"\bigcup_{i}^{n} A").height > _drawing(r"\bigcup\nolimits_{i}^{n} A").height
    for tex in (r"\bigoplus_k V", r"\sum_{k} V", r"\prod_k x"):
        below = _drawing(tex).depth
        assert below > _drawing(tex, is_displayed=False).depth + 0.3
        assert below > _drawing(rf"\textstyle {tex}").depth + 0.3


def test_large_operators_are_on_the_axis() -> None:
    drawing = _drawing(r"\bigcup A")
    middle = drawing.height / 2 - drawing.depth
    assert middle == pytest.approx(0.25, abs=0.1)


def test_arrows_are_as_long_as_what_is_above_them() -> None:
    label = _width(r"\text{a long label}") * 0.7
    for arrow in (r"\xrightarrow{%s}", r"\xleftarrow[%s]{}", r"\xRightarrow[x]{%s}"):
        assert _width(arrow % r"\text{a long label}") > label
    for arrow in (r"\overleftarrow{%s}", r"\underrightarrow{%s}", r"\overleftrightarrow{%s}"):
        assert _width(arrow % "ABCDE") == pytest.approx(_width("ABCDE"), abs=0.5)
        assert _width(arrow % "ABCDE") < _width("ABCDE") + 0.5


def test_rows_are_a_line_apart() -> None:
    one, two = (_drawing(rf"\begin{{matrix}}{rows}\end{{matrix}}") for rows in ("a", r"a\\b"))
    assert two.height - one.height == pytest.approx(1.12, abs=0.1)
    plain, more = (
        _drawing(rf"\begin{{aligned}} a &= b \\{space} &= c \end{{aligned}}").height
        for space in ("", "[10pt]")
    )
    assert more - plain == pytest.approx(1, abs=0.4)


def test_the_space_after_a_row_is_not_printed() -> None:
    for environment in ("aligned", "matrix", "cases", "gathered"):
        body = rf"\begin{{{environment}}} a \\[6pt] [x] \end{{{environment}}}"
        mathml = set_formula(body, is_displayed=True).mathml
        assert "6pt" not in mathml.replace('depth="6pt"', "")
        assert "[" in mathml


_LONG = r"a_0 + a_1 x + a_2 x^2 = b_0 + b_1 y + b_2 y^2 = (c_0 + c_1 z + c_2 z^2)"


def test_a_long_formula_in_a_line_is_divided_after_its_relations() -> None:
    formula = set_formula(_LONG, is_displayed=False)
    assert formula.pieces
    natural = sum(piece.width for piece in formula.pieces)
    # A space of the text is between two pieces.
    assert natural < formula.drawing.width < natural + 0.3 * len(formula.pieces)
    assert not set_formula("E = mc^2", is_displayed=False).pieces
    assert not set_formula(rf"\left( {_LONG} \right)", is_displayed=False).pieces
    assert not set_formula(rf"\frac{{{_LONG}}}{{2}}", is_displayed=False).pieces
    assert not set_formula(rf"\sqrt{{{_LONG}}}", is_displayed=False).pieces


def test_brackets_are_divided_only_where_there_is_nothing_else() -> None:
    short = set_formula("f(a + b + c) = d + e + f + g", is_displayed=False)
    assert short.pieces[0].width == pytest.approx(_width("f(a+b+c)"))
    numbers = ", ".join(map(str, range(10, 40)))
    pieces = set_formula(rf"i \in \{{ {numbers} \}}", is_displayed=False).pieces
    assert len(pieces) > 10


def test_nothing_is_lost_in_pieces() -> None:
    for tex in (_LONG, r"a \not= b \quad = c + d + e + f + g + h", r"{a = b} + c + d + e + f + g"):
        for is_displayed in (False, True):
            formula = set_formula(tex, is_displayed=is_displayed)
            drawn = "".join(piece.svg for piece in formula.pieces) or formula.drawing.svg
            assert drawn.count("<path") == formula.drawing.svg.count("<path")


def test_a_long_displayed_formula_is_set_in_lines_that_begin_at_relations() -> None:
    formula = set_formula(_LONG, is_displayed=True)
    assert [piece.level for piece in formula.pieces if piece.level != 2] == [0, 1, 1]
    lines = in_lines(formula.pieces, formula.drawing.width * 0.8)
    assert lines is not None
    assert lines.width <= formula.drawing.width * 0.8
    assert lines.svg.count("<path") == formula.drawing.svg.count("<path")
    assert in_lines(formula.pieces, formula.drawing.width + 1) is None
