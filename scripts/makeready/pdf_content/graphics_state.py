"""The graphics state in which the operators of a PDF's content paint (ISO 32000-1, 8.4).

Colours, the transformation matrix and the text state are tracked through ``q`` and ``Q`` and into
forms; paths, clips and overlapping objects are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

import pikepdf

from makeready.pdf_content.colour_spaces import (
    CMYK,
    GREY,
    RGB,
    ColourSpace,
    InkUse,
    ink_use,
    read_colour_space,
)
from makeready.pdf_content.resources import entry

COLOUR_OPERATORS = "q Q g G rg RG k K cs CS sc SC scn SCN sh gs Do BI ID EI"
"""The operators that choose colours and paint in them, without those that draw paths and text."""
TEXT_OPERATORS = "q Q cm BT Tf Tm Td TD T* TL Tr Tj TJ ' \" g G rg RG k K cs CS sc SC scn SCN gs Do"
"""The operators that set text, and those that its place, size and colours depend on."""

MALFORMED_CONTENT = (
    pikepdf.PikepdfError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""The exceptions that malformed content causes."""

DEEPEST_FORM = 12
"""The depth to which forms are followed each time they are painted: ten nested forms that each
paint the next ten times are painted 10¹⁰ times."""
_DEEPEST_CONTENT = 100
"""The depth to which content is read at all, which no program reaches: Python's own limit on
recursion is near."""

IDENTITY = pikepdf.Matrix()
_DEVICE_SPACES = {"g": GREY, "rg": RGB, "k": CMYK}
_COLOUR_CHOICES = frozenset({"g", "rg", "k", "cs", "sc", "scn"})
_WITHOUT_OPERANDS = frozenset({"q", "Q", "BT", "T*", "'", '"'})
"""Operators that change the state without operands, or whatever their operands are."""

Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


class NestingError(ValueError):
    """Content that holds content, and so on, deeper than it is read."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour: its space, and the operands it is chosen with; None for the space's first."""

    space: ColourSpace | None = GREY
    operands: tuple[Any, ...] | None = None

    @property
    def ink_use(self) -> InkUse:
        """The inks that the colour takes."""
        if self.operands is None:
            # A space begins with its black, or with all of its inks.
            is_of_inks = self.space is not None and self.space.names
            return InkUse.FULL if is_of_inks else InkUse.BLACK
        return ink_use(self.space, self.operands)


@dataclass(frozen=True, slots=True)
class GraphicsState:
    """The tracked parameters that ``q`` saves; lengths in user space.

    ``font`` is the dictionary of the chosen font, None before one is chosen.
    """

    matrix: pikepdf.Matrix = IDENTITY
    fill: Colour = Colour()
    stroke: Colour = Colour()
    font: Any = None
    font_size: float = 0.0
    leading: float = 0.0
    text_rendering_mode: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """A page, a form or another stream of operators, with the resources that they name."""

    stream: Any
    resources: Any
    depth: int = 0

    def nested(self, stream: Any) -> Content:
        """Return the content of a form, pattern or mask that this content paints with.

        One without resources of its own takes those of the content around it. Raises
        ``NestingError`` where content within content never ends.
        """
        if self.depth == _DEEPEST_CONTENT:
            raise NestingError(f"more than {_DEEPEST_CONTENT} forms lie one within the other")
        return Content(stream, stream.get("/Resources", self.resources), self.depth + 1)


class Operation(NamedTuple):
    """An operator with its operands, and the state after it, which it paints in if it paints.

    ``line_matrix`` places the next letters in user space.
    """

    instruction: Instruction
    operator: str
    operands: tuple[Any, ...]
    state: GraphicsState
    line_matrix: pikepdf.Matrix
    content: Content

    @property
    def chooses_colour(self) -> bool:
        """Whether it chooses a colour or a colour space."""
        return self.operator.lower() in _COLOUR_CHOICES

    @property
    def colour(self) -> Colour:
        """The colour that it chooses: to fill by a lower-case operator, else to stroke."""
        return self.state.fill if self.operator.islower() else self.state.stroke

    def resource(self, category: str) -> Any:
        """Return the resource that its last operand names, or None."""
        return entry(self.content.resources, category, self.operands[-1])


def operations(
    content: Content, operators: str = "", state: GraphicsState | None = None
) -> Iterator[Operation]:
    """Yield the operations of one content stream, each with the state after it.

    ``operators`` are the operators to read, all if it is empty; only these change the state. An
    operator with invalid operands changes nothing, as in viewers.
    """
    tracker = _StateTracker(content.resources, state or GraphicsState())
    for instruction in pikepdf.parse_content_stream(content.stream, operators):
        operator, operands = str(instruction.operator), tuple(instruction.operands)
        with suppress(TypeError, ValueError, IndexError):
            tracker.apply(operator, operands)
        yield Operation(
            instruction, operator, operands, tracker.state, tracker.line_matrix, content
        )


def page_operations(page: pikepdf.Page, operators: str = "") -> Iterator[Operation]:
    """Yield the operations of a page and, each time one is painted, of the forms on it."""
    yield from _operations_with_forms(Content(page, page.resources), operators, GraphicsState())


def _operations_with_forms(
    content: Content, operators: str, state: GraphicsState
) -> Iterator[Operation]:
    for operation in operations(content, operators, state):
        yield operation
        if operation.operator != "Do" or not operation.operands or content.depth >= DEEPEST_FORM:
            continue
        form = operation.resource("/XObject")
        if entry(form, "/Subtype") == "/Form":
            matrix = read_matrix(form.get("/Matrix")) @ operation.state.matrix
            inner = replace(operation.state, matrix=matrix)
            yield from _operations_with_forms(content.nested(form), operators, inner)


def read_matrix(values: Any) -> pikepdf.Matrix:
    """Read a matrix of six numbers; the one that changes nothing where there is none."""
    return IDENTITY if values is None else pikepdf.Matrix(*(float(value) for value in values))


class _StateTracker:
    """The graphics state while the operators of one stream change it."""

    def __init__(self, resources: Any, state: GraphicsState) -> None:
        self._resources = resources
        self._saved: list[GraphicsState] = []
        self.state = state
        self.line_matrix = IDENTITY

    def apply(self, operator: str, operands: tuple[Any, ...]) -> None:
        """Change the state as an operator does; one without its operands changes nothing."""
        if not operands and operator not in _WITHOUT_OPERANDS:
            return
        if operator.lower() in _COLOUR_CHOICES:
            self._choose_colour(operator, operands)
        else:
            self._set_parameter(operator, operands)

    def _choose_colour(self, operator: str, operands: tuple[Any, ...]) -> None:
        kind, is_fill = operator.lower(), operator.islower()
        before = self.state.fill if is_fill else self.state.stroke
        if kind == "cs":
            colour = Colour(read_colour_space(operands[0], self._resources))
        else:
            colour = Colour(_DEVICE_SPACES.get(kind, before.space), operands)
        if is_fill:
            self.state = replace(self.state, fill=colour)
        else:
            self.state = replace(self.state, stroke=colour)

    def _set_parameter(self, operator: str, operands: tuple[Any, ...]) -> None:
        state = self.state
        match operator:
            case "q":
                self._saved.append(state)
            case "Q":
                self.state = self._saved.pop() if self._saved else state
            case "cm":
                self.state = replace(state, matrix=read_matrix(operands) @ state.matrix)
            case "gs":
                pair = entry(self._resources, "/ExtGState", operands[-1], "/Font")
                font, size = font_and_size(pair)
                if size is not None:
                    self.state = replace(state, font=font, font_size=size)
            case "Tf":
                font = entry(self._resources, "/Font", operands[0])
                self.state = replace(state, font=font, font_size=float(operands[1]))
            case "TL":
                self.state = replace(state, leading=float(operands[0]))
            case "Tr":
                self.state = replace(state, text_rendering_mode=int(operands[0]))
            case _:
                self._place_text(operator, operands)

    def _place_text(self, operator: str, operands: tuple[Any, ...]) -> None:
        match operator:
            case "BT":
                self.line_matrix = IDENTITY
            case "Tm":
                self.line_matrix = read_matrix(operands)
            case "Td" | "TD":
                x, y = (float(value) for value in operands)
                if operator == "TD":
                    self.state = replace(self.state, leading=-y)
                self._move_line(x, y)
            case "T*" | "'" | '"':
                self._move_line(0, -self.state.leading)

    def _move_line(self, x: float, y: float) -> None:
        self.line_matrix = pikepdf.Matrix(1, 0, 0, 1, x, y) @ self.line_matrix


def font_and_size(pair: Any) -> tuple[Any, float | None]:
    """Return the font and the size of a graphics state parameter ``/Font``; None if it is none."""
    size = pair[1] if isinstance(pair, pikepdf.Array) and len(pair) > 1 else None
    font = pair[0] if isinstance(size, int | Decimal) else None
    return (font, float(size)) if isinstance(font, pikepdf.Dictionary) else (None, None)
