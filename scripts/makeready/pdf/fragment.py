"""A fragment: the pages of one section with all that the linker needs, storable as bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from makeready.findings import Finding, finding_from_dict
from makeready.pdf.extract import ExtractedSection
from makeready.pdf.objects import SEPARATOR, Objects, Stream, join_texts


@dataclass(frozen=True, slots=True)
class Destination:
    """The position of an anchor: the page, from 0, and a point in PDF coordinates."""

    anchor: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline with the entries under it; page and point as in `Destination`."""

    title: str
    page: int
    x: float
    y: float
    children: tuple[Bookmark, ...] = ()


@dataclass(frozen=True, slots=True)
class FontUse:
    """A font as one fragment uses it, with the entries of its descriptor.

    ``digest`` is the SHA-256 of the font's file. ``widths``, in thousandths of an em, and
    ``to_unicode``, the text a glyph stands for, are by its code in content streams: that is the
    glyph's id, or one of ``second_codes``, which have the ids of glyphs that also stand for another
    text.
    """

    name: str
    family: str
    digest: str
    flags: int
    ascent: int
    descent: int
    widths: dict[int, float]
    to_unicode: dict[int, str]
    second_codes: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A page number as drawn on the fragment's page ``page``, from 0.

    ``target`` is the anchor whose page it names, empty for a folio. ``glyphs`` are the ids of the
    glyphs of the ten digits, in hexadecimal; empty for a number that cannot be changed.
    """

    page: int
    target: str
    text: str
    glyphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image as a page shows it: its path, its pixels, and how many of them make an inch.

    ``line`` is that of the source that shows it; 0 for something that is not in the source.
    """

    path: str
    line: int
    width: int
    height: int
    dpi: float
    is_line_art: bool


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


class TextLine(NamedTuple):
    """A line on the page ``page``, from 0: its edges, its baseline and its type size, in points.

    The point of its left edge on its baseline is in PDF coordinates. ``line``, ``occurrence`` and
    ``letters`` are those of the `TextPosition` at which it begins; of a line of a footnote
    ``occurrence`` counts the blocks of notes. Of a line on a page that was turned all is at its
    first letter. An image that stands in no line of text has a ``height``, above the baseline.
    """

    page: int
    left: float
    right: float
    baseline: float
    size: float
    line: int
    occurrence: int
    letters: int
    is_note: bool = False
    is_turned: bool = False
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Fragment:
    """One typeset section without font programs.

    ``page_starts`` is the text position at which each page begins, ``messages`` are the engine's
    warnings and ``findings`` the proofreader's. ``lines`` are those of its text. ``line_counts``
    says how many paragraphs the engine broke into lines, by reason, and how many were broken as a
    whole, under the empty one.
    """

    extracted: ExtractedSection
    source_path: str
    page_count: int
    destinations: tuple[Destination, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    page_numbers: tuple[PageNumber, ...] = ()
    fonts: dict[str, FontUse] = field(default_factory=dict)
    page_starts: tuple[TextPosition, ...] = ()
    messages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    images: tuple[ImageUse, ...] = ()
    lines: tuple[TextLine, ...] = ()
    line_counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_changeable(self) -> bool:
        """Whether all its page numbers can be replaced by others of as many digits."""
        return all(number.glyphs for number in self.page_numbers)

    def anchors(self) -> dict[str, int]:
        """Return the page of each anchor, from 0."""
        pages: dict[str, int] = {}
        for destination in self.destinations:
            pages.setdefault(destination.anchor, destination.page)
        return pages

    def dump(self) -> bytes:
        """Return the fragment as bytes: a JSON sidecar with its length, and the objects."""
        extracted, streams = self.extracted, self.extracted.objects.streams
        stream_pieces = (piece for s in streams for piece in (s.dictionary, s.data))
        pieces = (join_texts(extracted.objects.plain), extracted.metadata, *stream_pieces)
        sidecar = json.dumps(
            {
                "lengths": [len(piece) for piece in pieces],
                "streams": [(s.has_page_numbers, s.image_digest) for s in streams],
                "pages": extracted.pages,
                "elements": extracted.elements,
                "parent_tree": extracted.parent_tree,
                "element_ids": extracted.element_ids,
                "catalog_entries": extracted.catalog_entries,
                "boxes": extracted.boxes,
                "source_path": self.source_path,
                "page_count": self.page_count,
                "destinations": [list(asdict(d).values()) for d in self.destinations],
                "bookmarks": [asdict(b) for b in self.bookmarks],
                "page_numbers": [asdict(n) for n in self.page_numbers],
                "fonts": {key: asdict(use) for key, use in self.fonts.items()},
                "page_starts": [(s.line, s.occurrence, s.letters) for s in self.page_starts],
                "messages": list(self.messages),
                "findings": [asdict(f) for f in self.findings],
                "images": [list(asdict(use).values()) for use in self.images],
                "lines": self.lines,
                "line_counts": self.line_counts,
            },
            ensure_ascii=False,
        ).encode()
        return b"".join((len(sidecar).to_bytes(8, "big"), sidecar, *pieces))


def load_fragment(content: bytes) -> Fragment:
    """Read what `Fragment.dump` returned; ValueError, KeyError or TypeError if it is not that."""
    size = int.from_bytes(content[:8], "big")
    data = json.loads(content[8 : 8 + size])
    return Fragment(
        extracted=_extracted(data, content, 8 + size),
        source_path=data["source_path"],
        page_count=data["page_count"],
        destinations=tuple(Destination(*row) for row in data["destinations"]),
        bookmarks=tuple(_bookmark(entry) for entry in data["bookmarks"]),
        page_numbers=tuple(
            PageNumber(n["page"], n["target"], n["text"], tuple(n["glyphs"]))
            for n in data["page_numbers"]
        ),
        fonts={key: _font_use(use) for key, use in data["fonts"].items()},
        page_starts=tuple(TextPosition(*start) for start in data["page_starts"]),
        messages=tuple(data["messages"]),
        findings=tuple(finding_from_dict(entry) for entry in data["findings"]),
        images=tuple(ImageUse(*row) for row in data["images"]),
        lines=tuple(TextLine(*row) for row in data["lines"]),
        line_counts=dict(data["line_counts"]),
    )


def _extracted(data: dict[str, Any], content: bytes, start: int) -> ExtractedSection:
    pieces: list[bytes] = []
    for length in data["lengths"]:
        pieces.append(content[start : start + length])
        start += length
    plain, metadata, *rest = pieces
    streams = (
        Stream(dictionary, stream_data, has_page_numbers, image_digest)
        for dictionary, stream_data, (has_page_numbers, image_digest) in zip(
            rest[::2], rest[1::2], data["streams"], strict=True
        )
    )
    return ExtractedSection(
        objects=Objects(tuple(plain.split(SEPARATOR)) if plain else (), tuple(streams)),
        pages=tuple(data["pages"]),
        elements=tuple(data["elements"]),
        parent_tree=data["parent_tree"],
        element_ids=data["element_ids"],
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
    second_codes = {int(code): glyph for code, glyph in entry.pop("second_codes").items()}
    return FontUse(**entry, widths=widths, to_unicode=to_unicode, second_codes=second_codes)
