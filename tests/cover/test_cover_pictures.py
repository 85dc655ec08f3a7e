"""Pictures on the cover reach its edges, and are told when they are missing or too coarse."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PIL import Image
from typeset_fixtures import TypesetBook

from conftest import CACHE
from makeready.book.model import Edition, EditionKind
from makeready.cover.wrap import FinishedWrap, make_wrap
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.reader import read_book
from makeready.printers.print_job import print_job

_RED, _GREEN, _BLUE = (200, 30, 40), (30, 140, 60), (40, 60, 190)
_SCALE = 1.5


def with_cover(book: Path, keys: str) -> Path:
    path = book / "book.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[cover]\n{keys}\n", "utf-8")
    return book


def wrap_of(book: Path) -> tuple[FinishedWrap, list[str]]:
    typeset_book = TypesetBook(book, CACHE / "fragments")
    edition = Edition("paperback", EditionKind.PRINT, 360, 576, printer="kdp", paper="cream")
    wrap = make_wrap(typeset_book.pagination, print_job(edition), 200)
    assert wrap is not None
    return wrap, [finding.id for finding in typeset_book.findings]


def is_near(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    """Return whether a pixel is of a colour, as far as inks can show it."""
    return max(range(3), key=lambda n: pixel[n]) == max(range(3), key=lambda n: colour[n])


def test_pictures_fill_front_and_back(broken_book: Callable[..., Path]) -> None:
    keys = 'image = "front.png"\nback_image = "back.png"\nportrait = "face.png"\ncrop = "left"'
    book = with_cover(broken_book(), keys)
    # What is right of the middle would be seen if the picture were cut at the left.
    front = Image.new("RGB", (4000, 2500), _GREEN)
    front.paste(_RED, (0, 0, 1700, 2500))
    front.save(book / "front.png")
    Image.new("RGB", (1600, 2500), _BLUE).save(book / "back.png")
    Image.new("RGB", (400, 500), _GREEN).save(book / "face.png")
    wrap, found = wrap_of(book)
    assert found == []
    with pypdfium2.PdfDocument(io.BytesIO(wrap.content)) as pdf:
        sheet = pdf[0].render(scale=_SCALE).to_pil().convert("RGB")
    width, height = sheet.size
    mm = _SCALE * 72 / 25.4
    for corner in ((width - 2, 2), (width - 2, height - 2)):
        assert is_near(sheet.getpixel(corner), _RED), corner
    for corner in ((2, 2), (2, height - 2)):
        assert is_near(sheet.getpixel(corner), _BLUE), corner
    box = wrap.geometry.back
    face = (round((box.left_mm + 20) * mm), round((box.bottom_mm - 20) * mm))
    assert is_near(sheet.getpixel(face), _GREEN)


def test_a_picture_with_a_title_of_its_own_is_the_whole_front(
    broken_book: Callable[..., Path],
) -> None:
    book = with_cover(broken_book(), 'image = "front.png"\npanel = false')
    Image.new("RGB", (1700, 2700), _RED).save(book / "front.png")
    wrap, found = wrap_of(book)
    assert found == []
    with pypdfium2.PdfDocument(io.BytesIO(wrap.content)) as pdf:
        sheet = pdf[0].render(scale=_SCALE).to_pil().convert("RGB")
    width, height = sheet.size
    front = sheet.crop((width * 11 // 20, 0, width, height))
    assert all(is_near(colour, _RED) for _, colour in front.getcolors(front.width * front.height))


def test_a_coarse_picture_is_told(broken_book: Callable[..., Path]) -> None:
    book = with_cover(broken_book(), 'image = "front.png"')
    Image.new("RGB", (800, 1250), _RED).save(book / "front.png")
    assert wrap_of(book)[1] == ["COV-038"]


def test_a_missing_picture_is_told_with_its_line(broken_book: Callable[..., Path]) -> None:
    book = with_cover(broken_book(), 'crop = "top"\nimage = "images/front.png"')
    lines = (book / "book.toml").read_text("utf-8").split("\n")
    line = lines.index('image = "images/front.png"') + 1
    findings = Findings()
    read_book(book, findings)
    missing = [finding.location for finding in findings if finding.id == "IMG-001"]
    assert missing == [SourceLocation("book.toml", line)]
