"""A fragment: the pages of one section with everything a whole file needs, in one file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from makeready.findings import Finding, finding_from_dict
from makeready.pdf.extract import ExtractedSection
from makeready.pdf.objects import SEPARATOR, Objects, Stream, joined


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an anchor fell: page from 0, and the point in PDF coordinates."""

    anchor: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of the outline, with what stands under it."""

    title: str
    page: int
    x: float
    y: float
    children: tuple[Bookmark, ...] = ()


@dataclass(frozen=True, slots=True)
class FontUse:
    """A font as one fragment uses it.

    ``digest`` is the SHA-256 of the font's file. ``widths``, in thousandths of an em, and
    ``to_unicode``, the text a glyph stands for, are by glyph id.
    """

    name: str
    family: str
    digest: str
    flags: int
    ascent: int
    descent: int
    widths: dict[int, float]
    to_unicode: dict[int, str]


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A number as drawn: on page ``page`` of the fragment (from 0).

    ``target`` is the anchor it names the page of, empty for the page's own folio; ``glyphs``
    are the glyph ids of the ten digits as hex, empty where it cannot be changed.
    """

    page: int
    target: str
    text: str
    glyphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextPosition:
    """A position in a section's text.

    It is after the first ``letters`` letters of a block's own text, which excludes that of blocks
    inside it and of footnotes. The block is the ``occurrence``-th of source line ``line``, from 0;
    line 0 stands for something that is not in the source.
    """

    line: int
    occurrence: int
    letters: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """One typeset section without font programs.

    ``numbers`` are the page numbers it shows, ``page_starts`` the text position at which each
    page begins, ``messages`` the engine's warnings and ``findings`` the proofreader's.
    """

    extracted: ExtractedSection
    source_path: str
    page_count: int
    destinations: tuple[Destination, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    numbers: tuple[PageNumber, ...] = ()
    fonts: dict[str, FontUse] = field(default_factory=dict)
    page_starts: tuple[TextPosition, ...] = ()
    messages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_changeable(self) -> bool:
        """Whether every page number in it can be set to another of as many digits."""
        return all(number.glyphs for number in self.numbers)

    def anchors(self) -> dict[str, int]:
        """Return the page each anchor fell on, from 0."""
        pages: dict[str, int] = {}
        for destination in self.destinations:
            pages.setdefault(destination.anchor, destination.page)
        return pages

    def dump(self) -> bytes:
        """Write the fragment as one block of bytes."""
        cut, streams = self.extracted, self.extracted.objects.streams
        plain = joined(cut.objects.plain)
        pieces = (plain, cut.metadata, *(part for s in streams for part in (s.dictionary, s.data)))
        sidecar = json.dumps(
            {
                "lengths": [len(piece) for piece in pieces],
                "streams": [(s.marked, s.picture) for s in streams],
                "pages": cut.pages,
                "elements": cut.elements,
                "parents": cut.parents,
                "catalog_entries": cut.catalog_entries,
                "boxes": cut.boxes,
                "source_path": self.source_path,
                "page_count": self.page_count,
                "destinations": [list(asdict(d).values()) for d in self.destinations],
                "bookmarks": [asdict(b) for b in self.bookmarks],
                "numbers": [asdict(n) for n in self.numbers],
                "fonts": {key: asdict(use) for key, use in self.fonts.items()},
                "page_starts": [(s.line, s.occurrence, s.letters) for s in self.page_starts],
                "messages": list(self.messages),
                "findings": [asdict(f) for f in self.findings],
            },
            ensure_ascii=False,
        ).encode()
        return b"".join((len(sidecar).to_bytes(8, "big"), sidecar, *pieces))


def load(block: bytes) -> Fragment:
    """Read what `Fragment.dump` wrote; ValueError, KeyError or TypeError when it is no such."""
    size = int.from_bytes(block[:8], "big")
    data = json.loads(block[8 : 8 + size])
    return Fragment(
        extracted=_cut(data, block, 8 + size),
        source_path=data["source_path"],
        page_count=data["page_count"],
        destinations=tuple(Destination(*row) for row in data["destinations"]),
        bookmarks=tuple(_bookmark(entry) for entry in data["bookmarks"]),
        numbers=tuple(
            PageNumber(n["page"], n["target"], n["text"], tuple(n["glyphs"]))
            for n in data["numbers"]
        ),
        fonts={key: _font_use(use) for key, use in data["fonts"].items()},
        page_starts=tuple(TextPosition(*start) for start in data["page_starts"]),
        messages=tuple(data["messages"]),
        findings=tuple(finding_from_dict(entry) for entry in data["findings"]),
    )


def _cut(data: dict[str, Any], block: bytes, start: int) -> ExtractedSection:
    pieces: list[bytes] = []
    for length in data["lengths"]:
        pieces.append(block[start : start + length])
        start += length
    plain, metadata, *rest = pieces
    streams = (
        Stream(dictionary, content, marked, picture)
        for dictionary, content, (marked, picture) in zip(
            rest[::2], rest[1::2], data["streams"], strict=True
        )
    )
    return ExtractedSection(
        objects=Objects(tuple(plain.split(SEPARATOR)) if plain else (), tuple(streams)),
        pages=tuple(data["pages"]),
        elements=tuple(data["elements"]),
        parents=data["parents"],
        catalog_entries=data["catalog_entries"],
        boxes={key: tuple(box) for key, box in data["boxes"].items()},
        metadata=metadata,
    )


def _bookmark(entry: dict[str, Any]) -> Bookmark:
    children = tuple(_bookmark(child) for child in entry["children"])
    return Bookmark(entry["title"], entry["page"], entry["x"], entry["y"], children)


def _font_use(entry: dict[str, Any]) -> FontUse:
    widths = {int(glyph): width for glyph, width in entry.pop("widths").items()}
    to_unicode = {int(glyph): text for glyph, text in entry.pop("to_unicode").items()}
    return FontUse(**entry, widths=widths, to_unicode=to_unicode)
