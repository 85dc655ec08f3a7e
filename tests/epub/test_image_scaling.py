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
        *(("L", "JPEG", "L"), ("RGB", "JPEG", "RGB"), ("CMYK", "JPEG", "L")),
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
        # A profile of inks is not one of the RGB colours that they become.
        assert small.info.get("icc_profile") == (None if mode == "CMYK" else profile)
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


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_is_packed_upright(orientation: int) -> None:
    picture, exif, out = Image.new("L", (60, 40), 255), Image.Exif(), io.BytesIO()
    picture.paste(0, (0, 0, 20, 10))
    exif[0x0112] = orientation
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture.transpose(back[orientation]) if orientation in back else picture
    stored.save(out, "JPEG", exif=exif, quality=95)
    packed = ImageScaler(None).scale(out.getvalue())
    assert (packed == out.getvalue()) == (orientation == 1)
    with Image.open(io.BytesIO(packed)) as upright:
        assert (upright.size, upright.getexif().get(0x0112, 1)) == ((60, 40), 1)
        assert [upright.getpixel(point) < 128 for point in ((5, 5), (55, 5), (5, 35))] == [
            True,
            False,
            False,
        ]


def test_inks_become_colours_for_screens() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(out, "JPEG")
    with Image.open(io.BytesIO(ImageScaler(None).scale(out.getvalue()))) as picture:
        red, green, blue = picture.convert("RGB").getpixel((10, 10))
        assert (picture.mode, red > 200, green < 80, blue < 80) == ("RGB", True, True, True)


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
