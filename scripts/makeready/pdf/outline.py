"""The outline and the named destinations of a file (ISO 32000-1, 12.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from makeready.pdf.fragment import Bookmark, Destination

_PRECISION = 3


@dataclass(slots=True)
class PlacedBookmark:
    """A bookmark with its destination in the whole file, and those that are under it.

    One that ``is_open`` shows these at once.
    """

    title: str
    target: Array
    children: list[PlacedBookmark]
    is_open: bool = False


def place_bookmarks(
    bookmarks: Sequence[Bookmark], pages: Sequence[pikepdf.Object]
) -> list[PlacedBookmark]:
    """Return a fragment's bookmarks with their destinations; ``pages`` are the fragment's."""
    return [
        PlacedBookmark(
            bookmark.title,
            destination_array(pages[bookmark.page], bookmark.x, bookmark.y),
            place_bookmarks(bookmark.children, pages),
        )
        for bookmark in bookmarks
    ]


def nested_bookmarks(
    sections: Iterable[tuple[int, list[PlacedBookmark]]],
) -> list[PlacedBookmark]:
    """Return the bookmarks of sections, those of a part or book under its own.

    Each section has the number of the parts and books that it is in.
    """
    nested: list[PlacedBookmark] = []
    groups: list[PlacedBookmark] = []
    for depth, bookmarks in sections:
        del groups[depth:]
        (groups[-1].children if groups else nested).extend(bookmarks)
        if groups:
            groups[-1].is_open = True
        groups += bookmarks[:1]
    return nested


def destination_array(page: pikepdf.Object, x: float, y: float) -> Array:
    """Return an explicit destination: a point on a page, which keeps the reader's zoom."""
    return Array([page, Name.XYZ, round(x, _PRECISION), round(y, _PRECISION), 0])


def write_outline(
    pdf: pikepdf.Pdf, catalog: pikepdf.Object, bookmarks: Sequence[PlacedBookmark]
) -> None:
    """Write the outline into the catalog (ISO 32000-1, 12.3.3)."""
    if not bookmarks:
        return
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    items, count = _items(pdf, bookmarks, root)
    root.First, root.Last, root.Count = items[0], items[-1], count
    catalog.Outlines = root


def _items(
    pdf: pikepdf.Pdf, bookmarks: Sequence[PlacedBookmark], parent: pikepdf.Object
) -> tuple[list[pikepdf.Object], int]:
    """Return the items of one level, and how many are shown when the parent is open."""
    items: list[pikepdf.Object] = []
    total = 0
    for bookmark in bookmarks:
        item = pdf.make_indirect(
            Dictionary(Title=String(bookmark.title), Dest=bookmark.target, Parent=parent)
        )
        children, count = _items(pdf, bookmark.children, item)
        if children:
            item.First, item.Last, item.Count = (
                children[0],
                children[-1],
                count if bookmark.is_open else -count,
            )
        if items:
            item.Prev, items[-1].Next = items[-1], item
        items.append(item)
        total += 1 + (count if bookmark.is_open else 0)
    return items, total


def write_destinations(
    pdf: pikepdf.Pdf,
    catalog: pikepdf.Object,
    destinations: Sequence[tuple[Destination, pikepdf.Object]],
) -> None:
    """Write the named destinations (12.3.2.3); of two with one name the first counts."""
    first: dict[bytes, tuple[Destination, pikepdf.Object]] = {}
    for destination, page in destinations:
        first.setdefault(destination.anchor.encode(), (destination, page))
    names = Array()
    for _, (destination, page) in sorted(first.items()):
        names.append(String(destination.anchor))
        names.append(destination_array(page, destination.x, destination.y))
    catalog.Names = Dictionary(Dests=pdf.make_indirect(Dictionary(Names=names)))
