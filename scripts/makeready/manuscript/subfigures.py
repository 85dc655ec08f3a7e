"""Several images in one figure, or beside each other: rows of images, each row as wide as the text.

A figure is ``figure > div.image-row > figure.image-cell``, with its caption at the end. Each cell
has ``data-share``, its part of the width, and with a letter ``data-letter``; each row has
``data-height-share``, its part of the height of all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.allowed_html import CAPTION_BESIDE, LAYOUT_ATTRIBUTES
from makeready.manuscript.image_sizes import SIZES, read_length
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import source_line

RATIO = "data-ratio"
"""The attribute of an image with its width by its height, while figures are built."""
LETTER, SHARE, HEIGHT_SHARE = "data-letter", "data-share", "data-height-share"
IMAGE_ROWS, ROW, CELL = "image-rows", "image-row", "image-cell"
GAP = 0.03
"""The space between two images of a row, as a part of the width."""

_USUAL_RATIO = 1.5
_NARROWEST = 0.5
"""The least width of an image in a row of equal heights, by that of an equal share."""
_TALLEST = 1.25
"""The height of all rows by the width, from which they are made smaller."""
_MOST_IN_ROW, _SQUARE = 3, 4
_MOST_IMAGES = 100
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
_SPEC_ROW = re.compile(r"\[([^\[\]]{0,500})\]")
_FULL_PERCENT = 100.0
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Cell:
    """An image, or a link with nothing else in it, its caption, and where its id is."""

    content: Element
    image: Element
    caption: Element | None
    source: Element

    @property
    def ratio(self) -> float:
        """The width of the image by its height."""
        return float(self.image.get(RATIO) or 0) or _USUAL_RATIO

    @property
    def percent(self) -> float:
        """The width that the image was given in percent; 0 without one."""
        length = read_length(self.image.get("width") or "")
        return length.number if length is not None and length.unit == "%" else 0.0


Rows = list[list[_Cell]]


def image_rows(container: Element, *, words_are_captions: bool) -> tuple[Rows, Element | None]:
    """Return the images of a container as rows, and its caption, if it contains nothing else.

    Without images, or with other content, there are no rows. With ``words_are_captions`` the words
    of an image alone in its paragraph are its caption, as in Pandoc.
    """
    reader = _RowReader(words_are_captions=words_are_captions)
    blocks = list(container)
    caption = next((block for block in blocks if block.tag == "figcaption"), None)
    if caption is not None:
        blocks.remove(caption)
    elif words_are_captions and blocks and (_is_text(blocks[-1]) or _is_caption(blocks[-1])):
        caption = blocks.pop()
    texts = [container.text, *(block.tail for block in container)]
    if any((text or "").strip() for text in texts) or not reader.read(blocks):
        return [], None
    return reader.rows, caption


def layout_of(container: Element) -> dict[str, str]:
    """Take the attributes of Quarto that lay images out from an element, and return them."""
    found = {key: str(container.attrib.pop(key, "")) for key in LAYOUT_ATTRIBUTES}
    return {key: value for key, value in found.items() if value}


def lay_out(
    figure: Element, rows: Rows, layout: dict[str, str], *, anchor: str = "", lettered: bool = True
) -> None:
    """Add the rows to a figure or a ``div``, with letters to the images that have captions or ids.

    ``anchor`` is the id of the figure, of which those of its images are made.
    """
    cells = [cell for row in rows for cell in row]
    has_letters = lettered and any(
        cell.caption is not None or cell.source.get("id") for cell in cells
    )
    laid_out = _with_shares(rows, cells, layout)
    heights = [max(share / cell.ratio for cell, share in row) for row in laid_out]
    scale = min(1.0, _TALLEST / sum(heights))
    number = 0
    for row, height in zip(laid_out, heights, strict=True):
        line = str(source_line(row[0][0].image))
        element = etree.SubElement(figure, "div", {"class": ROW, LINE: line})
        element.set(HEIGHT_SHARE, f"{height / sum(heights):.4f}")
        for cell, share in row:
            number += 1
            letter = letter_of(number) if has_letters else ""
            one = _cell_element(cell, letter, f"{anchor}-{number}" if anchor and letter else "")
            one.set(SHARE, f"{share * scale - 0.00005:.4f}")
            element.append(one)


def _cell_element(cell: _Cell, letter: str, anchor: str) -> Element:
    has_caption = cell.caption is not None or bool(letter)
    line = str(source_line(cell.image))
    one = etree.Element("figure" if has_caption else "div", {"class": CELL, LINE: line})
    for key, value in (("id", anchor), ("id", cell.source.get("id")), ("lang", _language(cell))):
        if value:
            one.set(key, value)
    for key in ("id", "title", "lang", *SIZES):
        cell.image.attrib.pop(key, "")
    is_decorative = "decorative" in (cell.image.get("class") or "").split()
    cell.image.attrib.pop("class", "")
    if is_decorative:
        cell.image.set("class", "decorative")
    cell.content.tail = None
    one.append(cell.content)
    if not has_caption:
        return one
    caption = cell.caption if cell.caption is not None else etree.Element("figcaption")
    caption.tag, caption.tail = "figcaption", None
    caption.attrib.clear()
    caption.set(LINE, line)
    if letter:
        one.set(LETTER, letter)
        add_letter(caption, letter)
    one.append(caption)
    return one


def _language(cell: _Cell) -> str:
    return cell.image.get("lang") or cell.source.get("lang") or ""


def add_letter(caption: Element, letter: str) -> None:
    """Put a letter before the words of a caption."""
    label = etree.Element("span", {"class": "label"})
    label.text = f"({letter})"
    if len(caption) or (caption.text or "").strip():
        label.tail = f" {(caption.text or '').lstrip()}"
    caption.text = None
    caption.insert(0, label)


def letter_of(number: int) -> str:
    """Return the letter of a part of a figure, by its number."""
    return _LETTERS[number - 1] if number <= len(_LETTERS) else f".{number}"


# Reading


class _RowReader:
    """Reads blocks that are images alone into rows."""

    def __init__(self, *, words_are_captions: bool) -> None:
        self._words_are_captions = words_are_captions
        self.rows: Rows = []
        self._row: list[_Cell] = []

    def read(self, blocks: Sequence[Element]) -> bool:
        """Read blocks; return whether they are nothing but images, two or more."""
        found = self._read(blocks)
        self._end_row()
        return found and 1 < sum(map(len, self.rows)) <= _MOST_IMAGES

    def _read(self, blocks: Sequence[Element]) -> bool:
        return all(map(self._read_block, blocks))

    def _read_block(self, block: Element) -> bool:
        if block.tag in {"img", "a", "span"}:
            return self._read_inline(block)
        if block.tag == "figure":
            return self._read_figure(block)
        self._end_row()
        if block.tag == "p":
            return self._read_paragraph(block)
        return block.tag == "br" or (block.tag == "div" and self._read_div(block))

    def _read_div(self, div: Element) -> bool:
        if any((text or "").strip() for text in (div.text, *(child.tail for child in div))):
            return False
        return self._read_labelled(div) if div.get("id") else self._read(list(div))

    def _read_paragraph(self, paragraph: Element) -> bool:
        if (paragraph.text or "").strip() or not len(paragraph):
            return False
        before = len(self._row)
        if not all(
            self._read_inline(child) and not (child.tail or "").strip() for child in paragraph
        ):
            return False
        if len(self._row) == before + 1:
            cell = self._row[-1]
            if not cell.image.get("id") and paragraph.get("id"):
                cell.source = paragraph
            if cell.caption is None and self._words_are_captions and cell.image.get("alt"):
                cell.caption = etree.Element("figcaption")
                cell.caption.text = cell.image.get("alt")
        return True

    def _read_inline(self, element: Element) -> bool:
        if element.tag == "br":
            return True
        if element.tag == "span" and CAPTION_BESIDE in (element.get("class") or "").split():
            if not self._row:
                return False
            self._row[-1].caption = element
            return True
        image = element if element.tag == "img" else _linked_image(element)
        if image is None:
            return False
        cell = _Cell(element, image, None, image)
        if title := image.get("title"):
            cell.caption = etree.Element("figcaption")
            cell.caption.text = title
        self._row.append(cell)
        return True

    def _read_figure(self, figure: Element) -> bool:
        children = [child for child in figure if child.tag != "figcaption"]
        texts = [figure.text, *(child.tail for child in figure)]
        if len(children) != 1 or any((text or "").strip() for text in texts):
            return False
        inner = children[0]
        if inner.tag in {"p", "div"} and len(inner) == 1 and not (inner.text or "").strip():
            inner = inner[0]
        if not self._read_inline(inner):
            return False
        cell = self._row[-1]
        cell.caption = next((c for c in figure if c.tag == "figcaption"), cell.caption)
        if figure.get("id"):
            cell.source = figure
        return True

    def _read_labelled(self, div: Element) -> bool:
        """Read a block of its own around one image, whose last paragraph is its caption."""
        blocks = list(div)
        caption = blocks.pop() if len(blocks) > 1 and _is_text(blocks[-1]) else None
        if len(blocks) != 1 or not self._read_block(blocks[0]) or len(self._row) != 1:
            return False
        self._row[-1].source = div
        if caption is not None:
            self._row[-1].caption = caption
        return True

    def _end_row(self) -> None:
        if self._row:
            self.rows.append(self._row)
        self._row = []


def _is_text(block: Element) -> bool:
    """Return whether a block is a paragraph with words, and not of images."""
    if block.tag != "p":
        return False
    texts = [block.text or ""]
    for child in block:
        if CAPTION_BESIDE not in (child.get("class") or "").split():
            texts += map(str, child.itertext())
        texts.append(child.tail or "")
    return bool("".join(texts).strip())


def _is_caption(block: Element) -> bool:
    return block.tag == "div" and "caption" in (block.get("class") or "").split()


def _linked_image(element: Element) -> Element | None:
    is_link = element.tag in {"a", "span"} and len(element) == 1
    if not is_link or (element.text or "").strip() or (element[0].tail or "").strip():
        return None
    return element[0] if element[0].tag == "img" else None


# Widths


def _with_shares(
    rows: Rows, cells: list[_Cell], layout: dict[str, str]
) -> list[list[tuple[_Cell, float]]]:
    """Return the rows that the layout asks for, each cell with its part of the width."""
    if spec := _spec(layout.get("layout", "")):
        return [_by_weights(row, weights) for row, weights in _by_spec(cells, spec)]
    columns = _whole(layout.get("layout-ncol", ""))
    if not columns and (count := _whole(layout.get("layout-nrow", ""))):
        columns = ceil(len(cells) / count)
    if not columns and all(cell.percent for cell in cells):
        return list(_by_percent(cells))
    if columns:
        rows = list(_chunks(cells, columns))
    else:
        rows = [part for row in rows for part in _chunks(row, _usual_columns(len(row)))]
        columns = 1 if all(len(row) == 1 for row in rows) else 0
    full = columns or max(map(len, rows))
    return [_even(row, full) for row in rows]


def _even(row: list[_Cell], columns: int) -> list[tuple[_Cell, float]]:
    """Return cells of equal height; in a row that is not full, each with an equal share."""
    if len(row) < columns:
        return _weighted(row, [1.0] * len(row), float(columns - len(row)), columns)
    least = _NARROWEST * sum(cell.ratio for cell in row) / len(row)
    return _weighted(row, [max(cell.ratio, least) for cell in row])


def _weighted(
    row: list[_Cell], weights: Sequence[float], empty: float = 0.0, columns: int = 0
) -> list[tuple[_Cell, float]]:
    room = 1 - GAP * (max(len(row), columns) - 1)
    total = sum(weights) + empty
    return [
        (cell, room * weight / total if total else room / len(row))
        for cell, weight in zip(row, weights, strict=True)
    ]


def _usual_columns(count: int) -> int:
    return 2 if count == _SQUARE else _MOST_IN_ROW


def _chunks(cells: list[_Cell], columns: int) -> Iterator[list[_Cell]]:
    starts = [*range(0, len(cells), columns), len(cells)]
    return (cells[start:end] for start, end in pairwise(starts))


def _by_percent(cells: list[_Cell]) -> Iterator[list[tuple[_Cell, float]]]:
    """Yield rows of cells whose widths are given, as many in each as have room."""
    row: list[_Cell] = []
    used = 0.0
    for cell in cells:
        if row and used + cell.percent > _FULL_PERCENT:
            yield _given(row)
            row, used = [], 0.0
        row.append(cell)
        used += cell.percent
    yield _given(row)


def _given(row: list[_Cell]) -> list[tuple[_Cell, float]]:
    room = 1 - GAP * (len(row) - 1)
    total = sum(cell.percent for cell in row) / _FULL_PERCENT
    scale = min(1.0, room / total)
    return [(cell, cell.percent / _FULL_PERCENT * scale) for cell in row]


def _spec(text: str) -> list[list[float]]:
    """Return the rows of Quarto's ``layout="[[1,1],[1]]"``, negative numbers for spaces."""
    parts = _SPEC_ROW.findall(text) or [text]
    rows = [[float(number) for number in _NUMBER.findall(part)] for part in parts]
    return [row for row in rows if any(number > 0 for number in row)]


def _by_spec(
    cells: list[_Cell], spec: list[list[float]]
) -> Iterator[tuple[list[_Cell], list[float]]]:
    at = 0
    rows = iter(spec)
    weights = spec[-1]
    while at < len(cells):
        weights = next(rows, weights)
        count = sum(weight > 0 for weight in weights)
        row = cells[at : at + count]
        at += count
        yield row, [weight for weight in weights if weight]


def _by_weights(row: list[_Cell], weights: Sequence[float]) -> list[tuple[_Cell, float]]:
    """Return cells with the shares that weights give; negative ones are spaces."""
    own = [weight for weight in weights if weight > 0]
    empty = sum(own[len(row) :]) - sum(weight for weight in weights if weight < 0)
    return _weighted(row, own[: len(row)], empty, len(own))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 3 else 0  # noqa: PLR2004
