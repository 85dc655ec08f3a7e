"""A displayed formula in several lines, made of the drawings of its pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from makeready.manuscript.formula_drawing import UNITS_IN_EM, Drawing

_INDENT_EM = 2.0
_LEADING_EM = 1.5
_GAP_EM = 0.45
_OPENING_TAG = re.compile(r"<svg\b[^>]*>")
_VIEW_BOX = re.compile(r'viewBox="(\S+) (\S+) \S+ \S+"')
_MOST_LINES = 30

_Line = list[Drawing]


def in_lines(pieces: Sequence[Drawing], room_em: float) -> Drawing | None:
    """Return a drawing of pieces in lines that fit, or None if they fit in one, or nowhere.

    Lines begin at relations, and at binary operators only where that is not enough.
    """
    lines = _filled(pieces, room_em)
    if not 1 < len(lines) <= _MOST_LINES:
        return None
    return _stacked(lines)


def _filled(pieces: Sequence[Drawing], room: float) -> list[_Line]:
    lines: list[_Line] = []
    for group in _at_relations(pieces):
        if lines and _width(lines[-1] + group) + _indent(len(lines) - 1) <= room:
            lines[-1] += group
            continue
        # What follows a short left side stays beside it as far as it fits.
        if not lines or _width(group) + _INDENT_EM <= room:
            lines.append([])
        for piece in group:
            line = lines[-1]
            if line and _width([*line, piece]) + _indent(len(lines) - 1) > room:
                lines.append([])
            lines[-1].append(piece)
    return lines


def _at_relations(pieces: Sequence[Drawing]) -> list[_Line]:
    groups: list[_Line] = []
    for piece in pieces:
        if not groups or piece.level == 1:
            groups.append([])
        groups[-1].append(piece)
    return groups


def _indent(line: int) -> float:
    return _INDENT_EM if line else 0.0


def _width(line: Sequence[Drawing]) -> float:
    spaces = sum(piece.space for piece in line[1:])
    return sum(piece.width for piece in line) + spaces


def _stacked(lines: Sequence[_Line]) -> Drawing:
    """Return lines one below another, all after the first one indented.

    The depth is that of the last line.
    """
    content: list[str] = []
    width = baseline = 0.0
    bottom = 0.0
    for number, line in enumerate(lines):
        ascent = max(piece.height - piece.depth for piece in line)
        next_baseline = max(baseline + _LEADING_EM, bottom + _GAP_EM + ascent)
        baseline = next_baseline if number else ascent
        x = _indent(number)
        for place, piece in enumerate(line):
            x += piece.space if place else 0.0
            content.append(_placed(piece, x, baseline))
            x += piece.width
        width = max(width, x)
        bottom = baseline + max(0.0, *(piece.depth for piece in line))
    size = f"{width * UNITS_IN_EM:.2f} {bottom * UNITS_IN_EM:.2f}"
    opening = _OPENING_TAG.match(lines[0][0].svg)
    assert opening is not None
    start = re.sub(r'viewBox="[^"]*"', f'viewBox="0 0 {size}"', opening[0])
    return Drawing(f"{start}{''.join(content)}</svg>", width, bottom, bottom - baseline)


def _placed(piece: Drawing, x: float, baseline: float) -> str:
    """Return the content of a drawing, moved so that its baseline is at a height."""
    opening, box = _OPENING_TAG.match(piece.svg), _VIEW_BOX.search(piece.svg)
    assert opening is not None
    assert box is not None
    inner = piece.svg[opening.end() : piece.svg.rindex("</svg>")]
    left = x * UNITS_IN_EM - float(box[1])
    return f'<g transform="translate({left:.2f} {baseline * UNITS_IN_EM:.2f})">{inner}</g>'
