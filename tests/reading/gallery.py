"""The pictures of README: a book's cover and pages, its e-book on a phone, preview and web site.

All are made of the book ``tests/books/lighthouse`` by makeready, Chromium and a reading engine::

    PYTHONPATH=tests .venv/bin/python tests/reading/gallery.py
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Error, Page, sync_playwright
from readers import chromium, opened

from conftest import ROOT

BOOK = ROOT / "tests" / "books" / "lighthouse"
GALLERY = ROOT / "docs" / "gallery"
_TABLE = "#e9e5dc"
_HERO = (2000, 900)
_PAGE_HEIGHT, _COVER_HEIGHT, _PHONE_HEIGHT = 770, 660, 720
_PHONE = (390, 800)
_SCREEN = (1440, 900)
_COLOURS = 200
_SHOWN_THEMES = ("classic", "modern", "technical", "poetry")
_SHARE_SHOWN = 0.6693
_SECONDS = 60


def main() -> None:
    """Make the pictures."""
    GALLERY.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        output = Path(name)
        for command in ("build", "site"):
            words = (command, "--book", str(BOOK), "--output", str(output))
            subprocess.run([sys.executable, "-m", "makeready", *words], check=True)
        _save(_hero(output), "book")
        _save(_themes(output / "themes"), "themes")
        with _preview() as address:
            _save(_shot(address, _at_a_spread), "preview")
        site = (output / "site" / "chapter-2.html").as_uri()
        _save(_shot(site, lambda page: page.wait_for_selector(".web-search input")), "site")


def _save(picture: Image.Image, name: str) -> None:
    path = GALLERY / f"{name}.webp"
    picture.save(path, "WEBP", quality=82, method=6)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")


def _hero(output: Path) -> Image.Image:
    """Return the cover, a spread and a phone on a table."""
    table = Image.new("RGB", _HERO, _TABLE)
    (cover,) = output.glob("*-cover.jpg")
    front = Image.open(cover).convert("RGB")
    front = front.resize((_COVER_HEIGHT * front.width // front.height, _COVER_HEIGHT))
    (interior,) = (p for p in output.glob("*-paperback.pdf") if "cover" not in p.name)
    spread = _spread(interior, "Figure 1")
    (ebook,) = output.glob("*.epub")
    phone = _phone(ebook)
    gap = (_HERO[0] - front.width - spread.width - phone.width) // 4
    left = gap
    for picture, mask in ((front, None), (spread, None), (phone, phone.getchannel("A"))):
        _lay(table, picture, (left, (_HERO[1] - picture.height) // 2), mask)
        left += picture.width + gap
    return table


def _themes(folder: Path) -> Image.Image:
    """Return one manuscript in four themes: the cover and three pages in each."""
    words = ("themes", "--pictures", str(folder))
    subprocess.run([sys.executable, "-m", "makeready", *words], check=True)
    rows = [Image.open(folder / f"{name}.png").convert("RGB") for name in _SHOWN_THEMES]
    # Each picture has one cover and five pages; the pages after the third are left out.
    rows = [row.crop((0, 0, round(row.width * _SHARE_SHOWN), row.height)) for row in rows]
    width, height = max(row.width for row in rows), rows[0].height
    sheet = Image.new("RGB", (2 * width, 2 * height), rows[0].getpixel((0, 0)))
    for number, row in enumerate(rows):
        sheet.paste(row, (number % 2 * width, number // 2 * height))
    return sheet.resize(
        (_HERO[0], _HERO[0] * sheet.height // sheet.width), Image.Resampling.LANCZOS
    )


def _lay(
    table: Image.Image, picture: Image.Image, place: tuple[int, int], mask: Image.Image | None
) -> None:
    """Lay a picture on the table, with its shadow."""
    shadow = Image.new("L", table.size, 0)
    shape = mask or Image.new("L", picture.size, 255)
    shadow.paste(shape.point(lambda value: value * 90 // 255), (place[0] + 6, place[1] + 16))
    table.paste((60, 52, 40), (0, 0), shadow.filter(ImageFilter.GaussianBlur(20)))
    table.paste(picture.convert("RGB"), place, mask)


def _spread(interior: Path, words: str) -> Image.Image:
    """Return the facing pages of which the left one has these words."""
    with pypdfium2.PdfDocument(interior) as document:
        lefts = range(1, len(document) - 1, 2)
        left = next(n for n in lefts if words in document[n].get_textpage().get_text_range())
        pages = [
            document[n].render(scale=_PAGE_HEIGHT / document[n].get_height()).to_pil()
            for n in (left, left + 1)
        ]
    width, height = pages[0].size
    spread = Image.new("RGB", (2 * width, height), "white")
    for number, page in enumerate(pages):
        spread.paste(page.convert("RGB"), (number * width, 0))
    # The paper curves into the spine.
    darker = Image.new("L", spread.size, 0)
    draw = ImageDraw.Draw(darker)
    for distance in range(60):
        strength = round(46 * (1 - distance / 60) ** 2)
        for x in (width - 1 - distance, width + distance):
            draw.line((x, 0, x, height), fill=strength)
    spread.paste((70, 60, 45), (0, 0), darker)
    return spread


def _phone(ebook: Path) -> Image.Image:
    """Return a phone that shows a section of the e-book."""
    width, height = _PHONE
    with opened("foliate", ebook, width, height=height - 60, scale=2) as reader:
        reader.call("show", reader.files.index("chapter-2.xhtml"))
        screen = Image.open(BytesIO(reader.page.screenshot())).convert("RGB")
    frame, radius = 26, 96
    size = (2 * width + 2 * frame, 2 * height + 2 * frame)
    phone = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(phone)
    draw.rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill="#24211d")
    inner = (frame, frame, size[0] - 1 - frame, size[1] - 1 - frame)
    draw.rounded_rectangle(inner, radius - frame, fill="white")
    phone.paste(screen, (frame, frame + 70))
    draw.rounded_rectangle(
        (size[0] // 2 - 90, frame + 18, size[0] // 2 + 90, frame + 48), 15, fill="#24211d"
    )
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=255)
    border = Image.new("L", size, 0)
    ImageDraw.Draw(border).rounded_rectangle(inner, radius - frame, fill=255)
    whole = Image.new("RGBA", size, "#24211d")
    whole.paste(phone, (0, 0), border)
    whole.putalpha(mask)
    return whole.resize(
        (_PHONE_HEIGHT * size[0] // size[1], _PHONE_HEIGHT), Image.Resampling.LANCZOS
    )


@contextmanager
def _preview() -> Iterator[str]:
    """Run a preview of the book, and yield the address of its page."""
    command = [sys.executable, "-m", "makeready", "preview", "--no-open", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--book", str(BOOK)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.match(r"Preview: (\S+)", line):
                yield found[1]
                break
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def _at_a_spread(page: Page) -> None:
    """Have the preview show a spread, thumbnails and the e-book."""
    page.wait_for_selector(".page img", timeout=_SECONDS * 1000)
    page.wait_for_selector("#status:has-text('up to date')", timeout=_SECONDS * 1000)
    page.click("#show-thumbnails")
    page.click("#show-ebook")
    page.wait_for_selector("#device-frame iframe", timeout=_SECONDS * 1000)
    page.fill("#page", "4")
    page.press("#page", "Enter")
    page.wait_for_selector(".page[aria-label='Page 4'] img", timeout=_SECONDS * 1000)


def _shot(address: str, prepare: Callable[[Page], object]) -> Image.Image:
    """Return a page of the browser that is prepared for it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        width, height = _SCREEN
        page: Page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=1.25
        )
        _go(page, address)
        prepare(page)
        time.sleep(4)
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    return shot


def _go(page: Page, address: str) -> None:
    """Open an address, once its server listens."""
    for _ in range(_SECONDS):
        try:
            page.goto(address)
        except Error:
            time.sleep(1)
        else:
            return


if __name__ == "__main__":
    main()
