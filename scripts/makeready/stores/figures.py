"""The tables of a store's file, as they stand in it; a key that is left out limits nothing.

Sizes of images are in pixels, of files in megabytes of a million bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from makeready.printers.figures import Figures

ImageFormat = Literal["JPEG", "PNG", "GIF", "TIFF", "WEBP", "SVG"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Figures):
    """The cover's picture.

    ``least_px`` and ``advised_px`` are the shorter side and the longer; ``portrait`` asks for a
    picture that is taller than wide, of about the ``ratio`` that is advised. ``name`` is what the
    file that is uploaded is called, of a book with an ISBN.
    """

    formats: tuple[ImageFormat, ...]
    modes: tuple[Literal["RGB", "CMYK", "L"], ...] = ()
    least_px: tuple[int, int] | None = None
    advised_px: tuple[int, int] | None = None
    most_px: int | None = None
    most_mb: float | None = None
    portrait: bool = False
    ratio: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPage(Figures):
    """Whether the first page of the EPUB is to show the cover."""

    page: Literal["wanted", "unwanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Images(Figures):
    """Images in the text; ``document_mb`` is what those of one document may take unpacked."""

    formats: tuple[ImageFormat, ...] = ()
    refused_modes: tuple[Literal["CMYK"], ...] = ()
    most_megapixels: float | None = None
    document_mb: float | None = None
    alternative_most_characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Files(Figures):
    """The EPUB as a whole, and the documents in it."""

    most_mb: float | None = None
    document_most_mb: float | None = None
    most_documents: int | None = None
    layouts: tuple[Literal["reflowable", "pre-paginated"], ...] = ()
    fonts: tuple[Literal["TTF", "OTF", "WOFF", "WOFF2"], ...] = ()
    name: Literal["isbn"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation(Figures):
    """The contents that the store's readers open: the NCX, and how deep it may go."""

    ncx: Literal["wanted", "ignored"]
    ncx_most_levels: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Figures):
    """Text and style: what the store takes out of a document, or trips over."""

    removed_elements: tuple[str, ...] = ()
    negative_margins: Literal["refused"] | None = None
    fixed_body_size: Literal["refused"] | None = None
    hidden_most_characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata(Figures):
    """The lengths of what the store shows of a book, and how many of each it asks for."""

    title_most_characters: int | None = None
    description_most_characters: int | None = None
    most_keywords: int | None = None
    keyword_most_characters: int | None = None
    most_categories: int | None = None
