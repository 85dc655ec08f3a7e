"""The sample book, written as an EPUB."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sample_book import Epub, make_book, write_book

from makeready.book.model import Book
from makeready.book.styles_folder import built_in_styles
from makeready.fonts import Font
from makeready.fonts.instances import load_fonts

# Instancing the fonts takes far longer than everything else here, so it is done once and kept.
_FONTS_CACHE = Path(__file__).parents[2] / ".makeready" / "faces"


@pytest.fixture(scope="session")
def fonts() -> tuple[Font, ...]:
    return load_fonts(built_in_styles() / "fonts.toml", _FONTS_CACHE)


@pytest.fixture(scope="session")
def cover_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 2560), "#17324a").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return make_book(tmp_path / "book")


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, fonts: tuple[Font, ...], cover_jpeg: bytes
) -> Epub:
    """The sample book, built once with every font."""
    folder = tmp_path_factory.mktemp("built")
    book = make_book(folder / "book")
    return write_book(book, fonts, cover_jpeg, folder / "dist" / "salt-and-grass.epub")


@pytest.fixture
def write(tmp_path: Path, cover_jpeg: bytes) -> Callable[[Book], Epub]:
    """Write a changed book without fonts, which take most of a build's time."""

    def run(book: Book) -> Epub:
        return write_book(book, (), cover_jpeg, tmp_path / "dist" / "book.epub")

    return run
