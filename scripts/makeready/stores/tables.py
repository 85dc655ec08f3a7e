"""The tables of a store's file; a key that is left out is no limit.

Image sizes are in pixels, file sizes in megabytes of a million bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from makeready.printers.tables import SourcedTable

ImageFormat = Literal["JPEG", "PNG", "GIF", "TIFF", "WEBP", "SVG"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverImageRules(SourcedTable):
    """Rules for the cover image.

    ``least_px`` and ``advised_px`` are the shorter side and the longer; ``portrait`` asks for an
    image that is taller than wide, of about the advised ``ratio``. ``name`` is the name of the
    uploaded file for a book with an ISBN.
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
class CoverPageRules(SourcedTable):
    """Whether the EPUB should begin with a page that shows the cover."""

    page: Literal["wanted", "unwanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumberRules(SourcedTable):
    """Whether the EPUB may name the pages of a print edition, in its index or a page list."""

    rule: Literal["refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRules(SourcedTable):
    """Rules for images in the text; ``document_mb`` limits those of one document, unpacked."""

    formats: tuple[ImageFormat, ...] = ()
    refused_modes: tuple[Literal["CMYK"], ...] = ()
    most_megapixels: float | None = None
    document_mb: float | None = None
    alternative_most_characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubRules(SourcedTable):
    """Rules for the EPUB as a whole, and for its documents; ``release`` is the EPUB it wants."""

    release: Literal["3"] | None = None
    most_mb: float | None = None
    document_most_mb: float | None = None
    most_documents: int | None = None
    layouts: tuple[Literal["reflowable", "pre-paginated"], ...] = ()
    fonts: tuple[Literal["TTF", "OTF", "WOFF", "WOFF2"], ...] = ()
    name: Literal["isbn"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationRules(SourcedTable):
    """Rules for the contents: of an EPUB 3 in the navigation document, of an EPUB 2 in the NCX.

    The NCX of an EPUB 3, made for old reading systems, is ``accepted`` or ``ignored``.
    """

    ncx: Literal["accepted", "ignored"]
    most_levels: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRules(SourcedTable):
    """Elements and styles that the store removes or refuses."""

    removed_elements: tuple[str, ...] = ()
    negative_margins: Literal["refused"] | None = None
    fixed_body_size: Literal["refused"] | None = None
    hidden_most_characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataLimits(SourcedTable):
    """The highest lengths and numbers of the metadata that the store shows."""

    title_most_characters: int | None = None
    description_most_characters: int | None = None
    most_keywords: int | None = None
    keyword_most_characters: int | None = None
    most_categories: int | None = None
