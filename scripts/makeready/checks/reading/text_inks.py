"""The size and the inks of the letters on a page, as its content sets them.

A viewer's library tells colours only as a screen shows them, in which black ink and a black of
four inks are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any

import pikepdf

from makeready.checks.reading.colour_spaces import (
    CMYK,
    GREY,
    RGB,
    ColourSpace,
    InkUse,
    ink_of,
    space_of,
)
from makeready.checks.reading.content import entry

_OPERATORS = "q Q cm BT Tf Tm Td TD T* TL Tr Tj TJ ' \" g G rg RG k K cs CS sc SC scn SCN gs Do"
_PLAIN = {"g": GREY, "rg": RGB, "k": CMYK}
_COLOURING = frozenset(["g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"])
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_FILLED, _STROKED = frozenset({0, 2, 4, 6}), frozenset({1, 2, 5, 6})
_DEEPEST_FORM = 12
_STILL = pikepdf.Matrix()


@dataclass(frozen=True, slots=True)
class TextRun:
    """Letters set at once: where they begin, in the page's own points, their size, their inks."""

    at: tuple[float, float]
    size_pt: float
    inks: frozenset[InkUse]


@dataclass(frozen=True, slots=True)
class _Colour:
    space: ColourSpace | None = GREY
    ink: InkUse = InkUse.BLACK


@dataclass(slots=True)
class _State:
    """What ``q`` saves, as far as letters depend on it."""

    matrix: pikepdf.Matrix = _STILL
    filled: _Colour = _Colour()
    stroked: _Colour = _Colour()
    size: float = 0.0
    leading: float = 0.0
    mode: int = 0


@dataclass(slots=True)
class _Pen:
    """Where in the text the next letters and the next line begin."""

    line: pikepdf.Matrix = field(default_factory=lambda: _STILL)

    def move(self, x: float, y: float) -> None:
        self.line = pikepdf.Matrix(1, 0, 0, 1, x, y) @ self.line


def text_runs(page: pikepdf.Page) -> Iterator[TextRun]:
    """Yield what is set on a page and in the forms that it shows; what is not seen is not."""
    yield from _letters(page, page.resources, _State(), 0)


def _letters(content: Any, resources: Any, state: _State, depth: int) -> Iterator[TextRun]:
    saved: list[_State] = []
    pen = _Pen()
    for instruction in pikepdf.parse_content_stream(content, _OPERATORS):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "q":
            saved.append(replace(state))
        elif operator == "Q":
            state = saved.pop() if saved else state
        elif operator == "Do" and operands and depth < _DEEPEST_FORM:
            form = entry(resources, "/XObject", str(operands[0]))
            if entry(form, "/Subtype") == "/Form":
                inner = replace(state, matrix=_matrix(form.get("/Matrix")) @ state.matrix)
                own = form.get("/Resources", resources)
                yield from _letters(form, own, inner, depth + 1)
        else:
            try:
                _set(state, pen, operator, operands, resources)
            except (TypeError, ValueError, IndexError):
                # Broken content: a viewer passes over it.
                continue
            if operator in _SHOWING and (shown := _shown(state, pen)) is not None:
                yield shown


def _shown(state: _State, pen: _Pen) -> TextRun | None:
    inks = set()
    if state.mode in _FILLED:
        inks.add(state.filled.ink)
    if state.mode in _STROKED:
        inks.add(state.stroked.ink)
    inks.discard(InkUse.NONE)
    if not inks:
        return None
    whole = pen.line @ state.matrix
    size_pt = abs(state.size) * hypot(whole.c, whole.d)
    return TextRun((whole.e, whole.f), size_pt, frozenset(inks))


def _set(state: _State, pen: _Pen, operator: str, operands: list[Any], resources: Any) -> None:
    """Do what an operator does to the state and the pen."""
    if operator in _COLOURING:
        _choose(state, operator, operands, resources)
        return
    match operator:
        case "cm":
            state.matrix = _matrix(operands) @ state.matrix
        case "gs":
            font = entry(resources, "/ExtGState", str(operands[0]), "/Font")
            state.size = float(font[1]) if font is not None else state.size
        case "Tf":
            state.size = float(operands[1])
        case "TL":
            state.leading = float(operands[0])
        case "Tr":
            state.mode = int(operands[0])
        case "BT":
            pen.line = _STILL
        case "Tm":
            pen.line = _matrix(operands)
        case "Td" | "TD":
            x, y = (float(value) for value in operands)
            state.leading = -y if operator == "TD" else state.leading
            pen.move(x, y)
        case "T*" | "'" | '"':
            pen.move(0, -state.leading)


def _choose(state: _State, operator: str, operands: list[Any], resources: Any) -> None:
    """Do what an operator does to the colours."""
    kind = operator.lower()
    before = state.filled if operator.islower() else state.stroked
    if kind == "cs":
        # A space begins with its black, or with all of its ink.
        space = space_of(operands[0], resources)
        chosen = _Colour(space, InkUse.FULL if space is not None and space.names else InkUse.BLACK)
    elif kind in _PLAIN:
        chosen = _Colour(_PLAIN[kind], ink_of(_PLAIN[kind], operands))
    else:
        chosen = _Colour(before.space, ink_of(before.space, operands))
    if operator.islower():
        state.filled = chosen
    else:
        state.stroked = chosen


def _matrix(values: Any) -> pikepdf.Matrix:
    return _STILL if values is None else pikepdf.Matrix(*(float(value) for value in values))
