"""The size and the inks of the letters on a page, as its content sets them.

pdfium gives colours only as a screen shows them, where black ink and a black of four inks are
alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

import pikepdf

from makeready.pdf_content.colour_spaces import InkUse
from makeready.pdf_content.graphics_state import (
    TEXT_OPERATORS,
    GraphicsState,
    Operation,
    page_operations,
)

_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_FILLING_MODES, _STROKING_MODES = frozenset({0, 2, 4, 6}), frozenset({1, 2, 5, 6})


@dataclass(frozen=True, slots=True)
class TextRun:
    """Letters set at once: where they begin, in the page's own points, their size, their inks."""

    at: tuple[float, float]
    size_pt: float
    inks: frozenset[InkUse]


def text_runs(page: pikepdf.Page) -> Iterator[TextRun]:
    """Yield the visible text set on a page and in the forms on it, run by run."""
    for operation in page_operations(page, TEXT_OPERATORS):
        if operation.operator in _SHOWING and (inks := _inks(operation.state)):
            yield _text_run(operation, inks)


def _inks(state: GraphicsState) -> frozenset[InkUse]:
    inks = set()
    if state.text_rendering_mode in _FILLING_MODES:
        inks.add(state.fill.ink_use)
    if state.text_rendering_mode in _STROKING_MODES:
        inks.add(state.stroke.ink_use)
    return frozenset(inks - {InkUse.NONE})


def _text_run(operation: Operation, inks: frozenset[InkUse]) -> TextRun:
    matrix = operation.line_matrix @ operation.state.matrix
    size_pt = abs(operation.state.font_size) * hypot(matrix.c, matrix.d)
    return TextRun((matrix.e, matrix.f), size_pt, inks)
