"""What is read of a finished proof: its letters, its rules and its bars."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2
from pypdfium2 import raw

BLUE, RED = (0.05, 0.33, 0.58), (0.69, 0.11, 0.11)


class Word(NamedTuple):
    """A run of letters on one baseline without a space in it; from the lower left corner."""

    x: float
    y: float
    right: float
    text: str
    size: float


@dataclass(frozen=True)
class Stroke:
    """A line drawn on a sheet, in its colour."""

    colour: tuple[float, ...]
    start: tuple[float, float]
    end: tuple[float, float]


def words_of(page: pypdfium2.PdfPage) -> list[Word]:
    """Return the upright words of a page."""
    text = page.get_textpage()
    words: list[Word] = []
    ended = True
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        left, _, right, _ = text.get_charbox(index, loose=True)
        if not letter.strip() or letter == "\ufffe":
            ended = True
            continue
        if abs(raw.FPDFText_GetCharAngle(text, index)) > 0.1:
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        size = raw.FPDFText_GetFontSize(text, index)
        last = words[-1] if words else None
        if ended or last is None or abs(last.y - y.value) > 0.5 or left - last.right > 3:
            words.append(Word(x.value, y.value, right, letter, size))
        else:
            words[-1] = last._replace(text=last.text + letter, right=right)
        ended = False
    return words


def lines_inside(words: list[Word], box: tuple[float, float, float, float]) -> list[list[Word]]:
    """Return the lines of words in a box, from top to bottom, each from left to right."""
    left, bottom, right, top = box
    lines: list[list[Word]] = []
    inside = [w for w in words if left < w.x < right and bottom < w.y < top]
    for word in sorted(inside, key=lambda one: (-round(one.y, 1), one.x)):
        if lines and abs(lines[-1][0].y - word.y) < 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line) for line in lines]


def text_of(line: list[Word]) -> str:
    return " ".join(word.text for word in line)


def strokes_of(page: pikepdf.Page) -> list[Stroke]:
    """Return the straight lines that the sheet itself draws."""
    strokes, colour = [], (0.0,)
    points: list[tuple[float, float]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "RG":
                colour = tuple(round(float(number), 2) for number in operands)
            case "m":
                points = [(float(operands[0]), float(operands[1]))]
            case "l":
                points.append((float(operands[0]), float(operands[1])))
            case "S" if len(points) == 2:
                strokes.append(Stroke(colour, points[0], points[1]))
    return strokes


def signs_of(page: pikepdf.Page) -> list[tuple[float, float]]:
    """Return the tips of the blue triangles that the sheet itself draws."""
    signs, colour = [], (0.0,)
    tip = (0.0, 0.0)
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "rg":
                colour = tuple(round(float(number), 2) for number in operands)
            case "m":
                tip = (float(operands[0]), float(operands[1]))
            case "f" if colour == BLUE:
                signs.append(tip)
    return signs


def page_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Return the box of the book's page on its sheet: the rectangle that is stroked."""
    box = (0.0, 0.0, 0.0, 0.0)
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "re":
            x, y, width, height = (float(number) for number in operands)
            box = x, y, x + width, y + height
        elif str(operator) == "S" and box[2] - box[0] > 200:
            return box
        else:
            box = (0.0, 0.0, 0.0, 0.0)
    raise AssertionError("the sheet has no page")


def labels_of(path: Path) -> dict[str, int]:
    """Return the index of each page by its label."""
    with pypdfium2.PdfDocument(path) as document:
        return {document.get_page_label(index): index for index in range(len(document))}
