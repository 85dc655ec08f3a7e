"""A plate made for print is packed as small as its stores take it, and otherwise untouched."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageFile
from sample_book import EDITION, write_book

from makeready.book.model import Book, Edition, EditionKind
from makeready.cache import DiskCache
from makeready.checks.epub.store_rules import check_stores
from makeready.epub.image_scaling import ImageScaler, pixel_limit
from makeready.findings import Findings
from makeready.stores.store import read_store

pytest_plugins = ["epub_fixtures"]

MOST = 5_000


def image(mode: str, form: str, size: tuple[int, int] = (200, 100), **more: object) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(out, form, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "form", "becomes"),
    [
        *(("L", "JPEG", "L"), ("RGB", "JPEG", "RGB"), ("CMYK", "JPEG", "CMYK")),
        *(("1", "PNG", "L"), ("P", "PNG", "RGBA"), ("LA", "PNG", "LA"), ("RGBA", "PNG", "RGBA")),
    ],
)
def test_a_large_image_is_scaled_and_stays_what_it_is(mode: str, form: str, becomes: str) -> None:
    profile = b"a profile of its own"
    content = image(mode, form, icc_profile=profile)
    scaled = ImageScaler(MOST).scale(content)
    assert scaled == ImageScaler(MOST).scale(content)
    with Image.open(io.BytesIO(scaled)) as small:
        assert (small.format, small.mode, small.size) == (form, becomes, (100, 50))
        assert small.info["icc_profile"] == profile
        grey = small.convert("L")
        assert grey.getpixel((50, 25)) < 20
        assert grey.getpixel((0, 0)) > 200


def test_a_colour_that_is_seen_through_stays_so() -> None:
    halves, out = Image.new("RGB", (200, 100), "white"), io.BytesIO()
    halves.paste("black", (100, 0, 200, 100))
    halves.save(out, "PNG", transparency=(255, 255, 255))
    with Image.open(io.BytesIO(ImageScaler(MOST).scale(out.getvalue()))) as small:
        assert small.size == (100, 50)
        assert [small.getpixel((x, 25))[3] for x in (10, 90)] == [0, 255]


@pytest.mark.parametrize(
    "content",
    [
        image("RGB", "JPEG", (100, 50)),
        image("L", "GIF"),
        b"<svg/>",
        image("RGB", "JPEG")[:900],
        image("I;16", "PNG"),
    ],
    ids=["small enough", "another format", "drawing", "cut off", "of a mode of its own"],
)
def test_another_stays_as_it_is(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    # The engine, once imported, has the whole process accept cut-off images.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert ImageScaler(MOST).scale(content) == content


def test_what_was_made_is_kept(tmp_path: Path) -> None:
    store = DiskCache(tmp_path, ".image", 1_000_000)
    scaled = ImageScaler(MOST, store).scale(image("L", "PNG"))
    (kept,) = tmp_path.glob("*/*")
    assert kept.read_bytes().endswith(scaled)
    store.put(kept.stem, b"as kept")
    assert ImageScaler(MOST, store).scale(image("L", "PNG")) == b"as kept"
    assert ImageScaler(MOST - 1, store).scale(image("L", "PNG")) != b"as kept"


def test_a_plate_is_no_trouble_to_a_store(book: Book, cover_jpeg: bytes, tmp_path: Path) -> None:
    Image.new("L", (2400, 1600), 90).save(book.root / "images" / "maps" / "The Steppe.png")
    told = []
    for stores in (("kobo",), ("apple", "ingramspark")):
        edition = replace(EDITION, stores=stores)
        made = write_book(book, (), cover_jpeg, tmp_path / "book.epub", edition)
        check_stores(made.path, (read_store("ingramspark"),), findings := Findings())
        told.append("EPU-010" in {finding.id for finding in findings})
    assert told == [True, False]


@pytest.mark.parametrize(
    ("stores", "most"),
    [(None, 3_200_000), (("apple", "kobo"), 5_600_000), (("kobo",), None), ((), None)],
)
def test_the_strictest_of_its_stores_holds(stores: tuple[str, ...] | None, most: int) -> None:
    assert pixel_limit(Edition("ebook", EditionKind.EPUB, stores=stores)) == most
