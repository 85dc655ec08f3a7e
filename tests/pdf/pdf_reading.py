"""Finished PDFs read from outside, with pdfium, pikepdf and poppler."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Letter:
    """One letter as painted: its origin from the page's lower left, in points, and its size."""

    text: str
    x: float
    y: float
    size_pt: float


def page_texts(file: Path | bytes) -> list[str]:
    """Return the text of each page of a PDF, given as its path or its bytes."""
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def page_labels(path: Path) -> list[str]:
    """Return what a reader calls each page."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [pdf.get_page_label(index) for index in range(len(pdf))]


def letters(path: Path, index: int) -> list[Letter]:
    """Return the letters of a page with their baselines."""
    import ctypes  # noqa: PLC0415

    found = []
    with pypdfium2.PdfDocument(path) as pdf:
        text = pdf[index].get_textpage()
        for number in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text, number)
            x, y = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(text, number, x, y)
            size = raw.FPDFText_GetFontSize(text, number)
            matrix = raw.FS_MATRIX()
            raw.FPDFText_GetMatrix(text, number, matrix)
            if not chr(code).isspace():
                size_pt = round(size * abs(matrix.d), 2)
                found.append(Letter(chr(code), x.value, y.value, size_pt))
    return found


def operators(path: Path) -> Iterator[tuple[str, list[object]]]:
    """Yield every operator of every content stream and form, with its operands."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            yield from _operators(page.obj)


def _operators(holder: pikepdf.Object) -> Iterator[tuple[str, list[object]]]:
    for instruction in pikepdf.parse_content_stream(holder):
        yield str(instruction.operator), list(instruction.operands)
    resources = holder.get("/Resources", {})
    for child in dict(resources.get("/XObject", {}).items()).values():
        if child.get("/Subtype") == "/Form":
            yield from _operators(child)


def poppler(*command: str | Path) -> str:
    """Run one of poppler's tools and return what it prints."""
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True
    ).stdout
