"""A plate made for print is packed as small as its stores take it, and otherwise untouched."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageFile, PngImagePlugin
from sample_book import EDITION, write_book

from makeready.book.model import Book, Edition, EditionKind
from makeready.cache import DiskCache
from makeready.checks.epub.store_rules import check_stores
from makeready.epub.image_scaling import ImageScaler, pixel_limit
from makeready.findings import Findings
from makeready.images.file_metadata import without_metadata
from makeready.manuscript import svg
from makeready.pdf.images import ImageConverter, ImageTarget, read_header
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
    assert (pixels(packed) == pixels(out.getvalue())) == (orientation == 1)
    with Image.open(io.BytesIO(packed)) as upright:
        assert (upright.size, upright.getexif().get(0x0112, 1)) == ((60, 40), 1)
        assert [upright.getpixel(point) < 128 for point in ((5, 5), (55, 5), (5, 35))] == [
            True,
            False,
            False,
        ]


GPS, ORIENTATION = 0x8825, 0x0112
SECRET = b"Ann Bell, 52.1, 4.9"


def photograph(form: str, orientation: int = 1) -> bytes:
    """Return an image whose file says where it was taken, by whom, and which side is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x013B] = SECRET.decode()
    exif[GPS] = {1: "N", 2: (52.0, 6.0, 0.0), 29: SECRET.decode()}
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    more: dict[str, dict[str, object]] = {
        "JPEG": {"comment": SECRET, "xmp": SECRET, "progressive": True},
        "PNG": {"pnginfo": notes},
        "WEBP": {"xmp": SECRET, "lossless": True},
        "GIF": {"comment": SECRET},
    }
    picture, out = Image.radial_gradient("L").resize((90, 60)), io.BytesIO()
    picture.paste(0, (0, 0, 30, 20))
    profile = b"a profile of its own"
    picture.save(out, form, exif=exif, dpi=(300, 300), icc_profile=profile, **more[form])
    return out.getvalue() + SECRET


def pixels(content: bytes) -> tuple[str | None, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(content)) as image:
        return image.format, image.size, image.convert("RGB").tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_an_image_does_not_say_where_it_was_taken(form: str) -> None:
    content = photograph(form)
    assert SECRET in content
    packed = ImageScaler(None).scale(content)
    assert SECRET not in packed and b"Exif" not in packed and b"EXIF" not in packed
    assert pixels(packed) == pixels(content)
    with Image.open(io.BytesIO(packed)) as image, Image.open(io.BytesIO(content)) as before:
        assert not image.getexif()
        for key in ("dpi", "icc_profile", "background", "duration"):
            assert image.info.get(key) == before.info.get(key), key
    assert ImageScaler(None).scale(packed) == packed


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_an_image_that_is_turned_or_scaled_does_not_say_it_either(form: str) -> None:
    content = photograph(form, 6)
    packed = ImageScaler(None).scale(content)
    small = ImageScaler(1000).scale(photograph(form))
    for made, size in ((packed, (60, 90)), (small, (38, 25))):
        assert SECRET not in made
        with Image.open(io.BytesIO(made)) as image:
            assert (image.format, image.size, dict(image.getexif())) == (form, size, {})
            assert image.info["icc_profile"] == b"a profile of its own"
    with Image.open(io.BytesIO(packed)) as image:
        assert image.convert("L").getpixel((55, 5)) < 20


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_damaged_file_stays_as_it_is_or_loses_its_metadata(form: str) -> None:
    content = photograph(form)
    for end in range(0, len(content), 7):
        assert len(without_metadata(content[:end])) <= end


def test_a_jpeg_in_a_pdf_does_not_say_where_it_was_taken() -> None:
    content = photograph("JPEG")
    # With a profile it would be converted.
    content = content.replace(b"ICC_PROFILE", b"XXX_PROFILE")
    converter = ImageConverter(ImageTarget())
    converted = converter.convert(content, read_header(content), 1)
    assert (converted.filter, converted.width) == ("/DCTDecode", 90)
    assert SECRET not in converted.data
    assert pixels(converted.data) == pixels(content)


def test_an_image_in_a_drawing_does_not_say_where_it_was_taken() -> None:
    url = "data:image/jpeg;base64," + base64.b64encode(photograph("JPEG")).decode()
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>'
    found = re.search(rb"base64,([^\"]*)", svg.cleaned(drawing.encode()))
    assert found is not None
    assert SECRET not in base64.b64decode(found[1])


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
