"""What is different between two pages that stand for each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from makeready.comparison.page_pairs import PagePair
from makeready.comparison.page_words import Box, PageWords, Word

_PIXELS_PER_PT = 100 / 72
_LONGEST_SIDE_PX = 4000
_FAINT = 40
"""Differences of grey values that count as none."""

_CELL_PX = 6
_SAME_SIZE_PT = 0.5
_SAME_PLACE_PT = 0.4
_REDUCED = 4


class Change(StrEnum):
    """How a page is different.

    ``MOVED`` has the same lines elsewhere on the page, as on the other side of a spread;
    ``REFLOWED`` the same words in other lines, or words of pages beside it; ``RENUMBERED`` another
    running head or page number only.
    """

    SAME = "same"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    REFLOWED = "reflowed"
    CHANGED = "changed"
    INSERTED = "inserted"
    REMOVED = "removed"


SHOWN = (Change.CHANGED, Change.INSERTED, Change.REMOVED)
"""The changes that are more than a consequence of others."""


@dataclass(frozen=True, slots=True)
class ComparedPages:
    """A page of the old file and one of the new, from 0 with their labels; None for no page.

    The boxes are where they differ, in points from the lower left corner of each. ``removed`` and
    ``added`` are the words that only one has, those that follow each other together.
    """

    change: Change
    old: int | None
    new: int | None
    old_label: str = ""
    new_label: str = ""
    old_boxes: tuple[Box, ...] = ()
    new_boxes: tuple[Box, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def compare_pair(
    pair: PagePair, old: pypdfium2.PdfDocument, new: pypdfium2.PdfDocument
) -> ComparedPages:
    """Return what is different between the pages of a pair."""
    if pair.old is None or pair.new is None:
        return _alone(pair)
    change, old_boxes, new_boxes = _change_of(pair, pair.old, pair.new, old, new)
    return ComparedPages(
        change,
        pair.old.number,
        pair.new.number,
        pair.old.label,
        pair.new.label,
        tuple(old_boxes),
        tuple(new_boxes),
        _texts(pair.old, pair.removed),
        _texts(pair.new, pair.added),
    )


def _alone(pair: PagePair) -> ComparedPages:
    old, new = pair.old, pair.new
    if new is not None:
        added = _texts(new, new.words)
        return ComparedPages(Change.INSERTED, None, new.number, new_label=new.label, added=added)
    assert old is not None
    removed = _texts(old, old.words)
    return ComparedPages(Change.REMOVED, old.number, None, old_label=old.label, removed=removed)


def _texts(page: PageWords, words: Sequence[Word]) -> tuple[str, ...]:
    """Return words of a page, those that follow each other on it as one text."""
    places = {id(word): place for place, word in enumerate(page.words)}
    texts: list[list[str]] = []
    expected = -1
    for word in words:
        place = places.get(id(word), -1)
        if place != expected or place < 0:
            texts.append([])
        texts[-1].append(word.text)
        expected = place + 1
    return tuple(" ".join(text) for text in texts)


def _change_of(
    pair: PagePair,
    before: PageWords,
    after: PageWords,
    old: pypdfium2.PdfDocument,
    new: pypdfium2.PdfDocument,
) -> tuple[Change, Sequence[Box], Sequence[Box]]:
    if pair.removed or pair.added:
        return Change.CHANGED, _boxes_of(pair.removed), _boxes_of(pair.added)
    if not _have_one_size(before, after):
        whole = Box(0, 0, before.width, before.height), Box(0, 0, after.width, after.height)
        return Change.CHANGED, whole[:1], whole[1:]
    shift = _shift(before.words, after.words)
    if before.text != after.text or shift is None:
        return Change.REFLOWED, (), ()
    if max(map(abs, shift)) > _SAME_PLACE_PT:
        is_same = _look_alike_elsewhere(before, after, old, new)
        return (Change.MOVED if is_same else Change.CHANGED), (), ()
    first, second = _picture(old, before), _picture(new, after)
    if _furniture(before) == _furniture(after) and _differs(first, second) is None:
        return Change.SAME, (), ()
    _cover_furniture(first, before, after)
    _cover_furniture(second, before, after)
    boxes = _differing_boxes(first, second, before)
    return (Change.CHANGED if boxes else Change.RENUMBERED), boxes, boxes


def _have_one_size(before: PageWords, after: PageWords) -> bool:
    return (
        abs(before.width - after.width) < _SAME_SIZE_PT
        and abs(before.height - after.height) < _SAME_SIZE_PT
    )


def _furniture(page: PageWords) -> list[str]:
    return [word.text for word in page.furniture]


def _shift(before: Sequence[Word], after: Sequence[Word]) -> tuple[float, float] | None:
    """Return how far all words of a page have moved together; None if they have not."""
    pairs = [
        (one, other)
        for old, new in zip(before, after, strict=False)
        for one, other in zip(old.boxes, new.boxes, strict=False)
    ]
    if any(len(old.boxes) != len(new.boxes) for old, new in zip(before, after, strict=False)):
        return None
    if not pairs:
        return 0.0, 0.0
    one, other = pairs[0]
    x, y = other.left - one.left, other.bottom - one.bottom
    for one, other in pairs:
        aside = abs(other.left - one.left - x), abs(other.bottom - one.bottom - y)
        if max(aside) > _SAME_PLACE_PT:
            return None
    return x, y


def _boxes_of(words: Sequence[Word]) -> list[Box]:
    """Return the boxes of words, one for words beside each other."""
    boxes: list[Box] = []
    for word in words:
        for box in word.boxes:
            last = boxes[-1] if boxes else None
            space = box.top - box.bottom
            if last and abs(last.bottom - box.bottom) < 1 and 0 <= box.left - last.right < space:
                boxes[-1] = last._replace(right=box.right)
            else:
                boxes.append(box)
    return boxes


def _picture(document: pypdfium2.PdfDocument, page: PageWords) -> Image.Image:
    shown = document[page.number]
    longest = max(page.width, page.height, 1)
    scale = min(_PIXELS_PER_PT, _LONGEST_SIDE_PX / longest)
    picture: Image.Image = shown.render(scale=scale, grayscale=True).to_pil().convert("L")
    shown.close()
    return picture


def _cover_furniture(picture: Image.Image, *pages: PageWords) -> None:
    """Paint over the running head and the number of a page, and where those of another are."""
    draw = ImageDraw.Draw(picture)
    for page in pages:
        scale = picture.height / page.height
        for word in page.furniture:
            for box in word.boxes:
                top, bottom = page.height - box.top, page.height - box.bottom
                draw.rectangle(
                    [
                        (box.left - 2) * scale,
                        (top - 2) * scale,
                        (box.right + 2) * scale,
                        (bottom + 2) * scale,
                    ],
                    fill=255,
                )


def _differs(one: Image.Image, other: Image.Image) -> Image.Image | None:
    """Return where two pictures of one size differ, in white; None if they do not."""
    if one.size != other.size:
        other = other.resize(one.size)
    difference = ImageChops.difference(one, other).point(lambda grey: 255 if grey > _FAINT else 0)
    return difference if difference.getbbox() else None


def _differing_boxes(one: Image.Image, other: Image.Image, page: PageWords) -> list[Box]:
    """Return boxes around what two pictures of a page do not have in common."""
    difference = _differs(one, other)
    if difference is None:
        return []
    width, height = (-(-side // _CELL_PX) for side in difference.size)
    cells = difference.reduce(_CELL_PX).point(lambda grey: 255 if grey else 0)
    wanted = {
        (x, y)
        for x, y in product(range(min(width, cells.width)), range(min(height, cells.height)))
        if cells.getpixel((x, y))
    }
    scale = one.height / page.height
    return [_box_of(group, scale, page.height) for group in _groups(wanted)]


def _groups(cells: set[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return cells in groups of those that touch each other, or nearly do."""
    groups = []
    left = set(cells)
    for start in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if start not in left:
            continue
        left.remove(start)
        group, pending = [start], [start]
        while pending:
            x, y = pending.pop()
            for dx, dy in product((-2, -1, 0, 1, 2), repeat=2):
                beside = x + dx, y + dy
                if beside in left:
                    left.remove(beside)
                    group.append(beside)
                    pending.append(beside)
        groups.append(group)
    return groups


def _box_of(cells: Sequence[tuple[int, int]], scale: float, height: float) -> Box:
    size = _CELL_PX / scale
    columns, rows = [x for x, _ in cells], [y for _, y in cells]
    return Box(
        round(min(columns) * size, 1),
        round(height - (max(rows) + 1) * size, 1),
        round((max(columns) + 1) * size, 1),
        round(height - min(rows) * size, 1),
    )


def _look_alike_elsewhere(
    before: PageWords,
    after: PageWords,
    old: pypdfium2.PdfDocument,
    new: pypdfium2.PdfDocument,
) -> bool:
    """Return whether what is on two pages looks alike but for its place on the page."""
    parts = []
    for document, page in ((old, before), (new, after)):
        picture = _picture(document, page)
        _cover_furniture(picture, page)
        box = ImageChops.invert(picture).getbbox()
        if box is None:
            return True
        parts.append(picture.crop(box))
    first, second = parts
    if max(abs(a - b) for a, b in zip(first.size, second.size, strict=True)) > _REDUCED:
        return False
    # The parts may begin at other fractions of a pixel.
    small = [part.resize(first.size).reduce(_REDUCED) for part in (first, second)]
    difference = ImageChops.difference(*small)
    return difference.point(lambda grey: 255 if grey > 2 * _FAINT else 0).getbbox() is None
