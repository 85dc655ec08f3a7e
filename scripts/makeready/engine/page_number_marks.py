"""Marks where a document draws page numbers, so that they can be changed in the finished PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import weasyprint.draw.text as engine_text
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import create_layout

from makeready.engine.replaced_functions import replaced
from makeready.pdf.fragment import PageNumber
from makeready.pdf.page_numbers import TAG

_DIGITS = "0123456789"


class PageNumberRecorder:
    """A recorder of the page numbers a document draws; ``numbers`` has them in drawing order.

    Page numbers are the folio in a margin box, and the text of elements with ``data-page-of``.
    """

    def __init__(self, document: Document) -> None:
        self.numbers: list[PageNumber] = []
        self._pages_and_targets: dict[int, tuple[int, str]] = {}
        for index, page in enumerate(document.pages):
            for box, target in _number_boxes(page._page_box):
                self._pages_and_targets[id(box)] = (index, target)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record and mark the numbers that are drawn for as long as the context lasts."""
        original = engine_text.draw_first_line

        def draw_first_line(stream: Any, textbox: Any, *rest: Any) -> Any:
            before = len(stream.stream)
            result = original(stream, textbox, *rest)
            if id(textbox) in self._pages_and_targets:
                self._record(stream, textbox, before)
            return result

        with replaced(engine_text, draw_first_line=draw_first_line):
            yield

    def _record(self, stream: Any, textbox: Any, before: int) -> None:
        """Record a number; mark it if the engine drew it with one text operator in digits."""
        page, target = self._pages_and_targets[id(textbox)]
        text_operators = [
            index
            for index in range(before, len(stream.stream))
            if isinstance(stream.stream[index], bytes) and stream.stream[index].endswith(b"] TJ")
        ]
        text = textbox.text.strip()
        is_number = text.isascii() and text.isdigit() and len(text_operators) == 1
        glyphs = _digit_glyphs(stream, textbox.style) if is_number else ()
        if glyphs:
            mark = f"/{TAG}{len(self.numbers)} MP".encode()
            stream.stream.insert(text_operators[0], mark)
        self.numbers.append(PageNumber(page, target, text, glyphs))


def _number_boxes(page_box: Any) -> Iterator[tuple[Any, str]]:
    """Yield the text boxes of folios (target empty) and of page references with their targets."""
    for child in page_box.children:
        if isinstance(child, boxes.MarginBox):
            if _is_folio(child):
                for box in child.descendants():
                    if isinstance(box, boxes.TextBox) and box.text.strip():
                        yield box, ""
            continue
        for box in child.descendants():
            element = box.element
            if isinstance(box, boxes.TextBox) and element is not None and box.text.strip():
                target = element.get("data-page-of")
                if target:
                    yield box, target


def _is_folio(margin_box: Any) -> bool:
    """Whether a margin box shows the page's number and nothing else."""
    content = margin_box.style["content"]
    return (
        not isinstance(content, str)
        and len(content) == 1
        and content[0][0] == "counter()"
        and content[0][1][0] == "page"
    )


def _digit_glyphs(stream: Any, style: Any) -> tuple[str, ...]:
    """Return the glyph ids of the ten digits in a style, as four hexadecimal digits each.

    Empty where the digits are not all of one width, or are not one glyph each.
    """
    layout = create_layout(_DIGITS, style, None, None, 0)
    line, _ = layout.get_first_line()
    glyphs: list[int] = []
    widths: set[int] = set()
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, font_size = stream.add_font(item.item.analysis.font)
        for info in item.glyphs.glyphs[0 : item.glyphs.num_glyphs]:
            _keep_glyph(stream, font, font_size, item.item.analysis.font, info.glyph, len(glyphs))
            glyphs.append(info.glyph)
            widths.add(info.geometry.width)
    if len(glyphs) != len(_DIGITS) or len(widths) != 1:
        return ()
    return tuple(f"{glyph:04x}" for glyph in glyphs)


def _keep_glyph(
    stream: Any, font: Any, size: float, pango_font: Any, glyph: int, digit: int
) -> None:
    """Add a digit to the glyphs of a font that are embedded, as ``draw_first_line`` does."""
    if glyph not in font.widths:
        pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
        font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    font.to_unicode.setdefault(glyph, str(digit))
