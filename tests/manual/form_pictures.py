"""The pictures of the forms in the manual: each example of Markdown as makeready sets it.

Run as a program, it makes those that are missing or whose example has changed; with ``--all`` each.
A picture is an ``<img>`` in the line after an example, and holds the digest of it.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
from markdown_it import MarkdownIt
from PIL import Image, ImageChops, ImageDraw, ImageOps, PngImagePlugin

FORMS = Path(__file__).resolve().parents[2] / "docs" / "manual" / "forms"
DIGEST = "Example"
_DPI, _PADDING, _COLOURS = 300, 36, 16
_MEASURE_PX = 1100
"""The width of the text, 24 em of 11 pt."""

_LARGEST_GAP = 110
_FRAME = "#d8d4cb"
_PICTURE = re.compile(r'<p><img src="(\.\./images/forms/[\w-]+\.png)" width="375" alt="\w')
_BOOK = """title = "Sample"
slug = "{slug}"
language = "{language}"
modified = 2026-11-01
bodymatter = ["chapter-1"]{more}
[editions.screen]
kind = "screen"
trim = "5x8in"
[[ignore]]
id = "ACC-005"
reason = "A sample has no title, and so no bookmark."
"""
WORKS = """@book{elm1999,
  author = {Elm, Ann}, title = {Frost in the Walled Garden},
  address = {York}, publisher = {Orchard Press}, year = {1999}}
@book{lee2001,
  author = {Lee, Tom}, title = {Of Walls}, address = {Leeds}, publisher = {Stone}, year = {2001}}
"""
_LAYOUT = """{% extends "house/chapter.html.j2" %}
{% block opener %}{% if section.title != "Sample" %}{{ super() }}{% endif %}{% endblock %}
"""
_STYLE = ".lead-in { font-variant-caps: normal; letter-spacing: 0 }\n"
_SCREEN = "a[href] { color: inherit }\n.opener { min-height: 0 }\n"


@dataclass(frozen=True, slots=True)
class More:
    """What the book of an example has besides: keys of ``book.toml``, and files.

    The example is in ``file``.
    """

    toml: str
    files: tuple[tuple[str, str], ...] = ()
    file: str = "chapter-1.md"


_MORE = {
    "citations-1": More(
        'backmatter = ["bibliography"]\ncitations = { sources = ["references.bib"] }',
        (("references.bib", WORKS),),
    ),
    "index-and-glossary-1": More('backmatter = ["index"]'),
    "index-and-glossary-2": More(
        'backmatter = ["glossary"]',
        (("chapter-1.md", "# Sample\n\nThe beds have [mould](#glossary-leaf-mould) in autumn."),),
        "glossary.md",
    ),
}
"""What examples need that are more than a chapter, by the names of their pictures."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """An example and its picture."""

    text: str
    path: Path

    @property
    def digest(self) -> str:
        """The digest of the example."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def is_current(self) -> bool:
        """Return whether the picture is of this text."""
        if not self.path.is_file():
            return False
        with Image.open(self.path) as image:
            return image.info.get(DIGEST) == self.digest


def pictured_examples() -> Iterator[Pictured]:
    """Yield the examples that have a picture."""
    for page in sorted(FORMS.glob("*.md")):
        tokens = MarkdownIt("commonmark").parse(page.read_text("utf-8"))
        for token, following in pairwise(tokens):
            found = _PICTURE.match(following.content) if following.type == "html_block" else None
            if token.type == "fence" and found:
                path = (page.parent / found[1]).resolve()
                yield Pictured(token.content, path)


def make_pictures(examples: Sequence[Pictured]) -> None:
    """Build a book of each example, and write its pages as a picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        books = [_write_book(folder / example.path.stem, example) for example in examples]
        words = [word for book in books for word in ("--book", str(book))]
        output = ("--output", str(folder / "dist"))
        command = [sys.executable, "-m", "makeready", "build", "--kind", "screen", *words, *output]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for example in examples:
            (file,) = (folder / "dist").rglob(f"{example.path.stem}-screen.pdf")
            _write_picture(file, example)


def _write_book(folder: Path, example: Pictured) -> Path:
    (folder / "styles" / "layouts").mkdir(parents=True)
    (folder / "styles" / "css").mkdir()
    (folder / "images").mkdir()
    own = _MORE.get(example.path.stem, More(""))
    is_chapter = own.file == "chapter-1.md"
    begins = example.text.startswith("# ")
    has_title = begins and is_chapter
    text = example.text if begins else f"# Sample\n\n{example.text}"
    more = '\nnumbering = "none"' if has_title else ""
    more += f"\n{own.toml}" if own.toml else ""
    toml = _BOOK.format(slug=folder.name, language="en-GB", more=more)
    files = {
        "book.toml": toml,
        own.file: text,
        **dict(own.files),
        "styles/layouts/chapter.html.j2": _LAYOUT,
        "styles/css/book.css": _STYLE,
        "styles/css/screen.css": _SCREEN,
    }
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    for name in ("pot", "pots"):
        _drawing(1 if name == "pot" else 2).save(folder / "images" / f"{name}.png")
    return folder


def _drawing(count: int) -> Image.Image:
    """Return a drawing of flower pots on a wall."""
    scale, width, height = 4, 500 * count, 460
    image = Image.new("L", (width * scale, height * scale), 255)
    draw = ImageDraw.Draw(image)

    def shape(*points: tuple[float, float], fill: int) -> None:
        draw.polygon([(x * scale, y * scale) for x, y in points], fill=fill)

    for number in range(count):
        left, top = 500 * number + 110 + 30 * number, 120 + 40 * number
        right = left + 280 - 60 * number
        shape((left, top), (right, top), (right, top + 55), (left, top + 55), fill=90)
        inner, foot = left + 22, 400
        shape(
            (inner, top + 55),
            (right - 22, top + 55),
            (right - 62, foot),
            (inner + 40, foot),
            fill=135,
        )
        shape(
            (inner, top + 55),
            (right - 22, top + 55),
            (right - 25, top + 72),
            (inner + 3, top + 72),
            fill=70,
        )
        stem = (left + right) / 2
        shape((stem - 3, top), (stem + 3, top), (stem + 2, top - 70), (stem - 2, top - 70), fill=60)
        for side in (-1, 1):
            shape(
                (stem, top - 30),
                (stem + side * 30, top - 66),
                (stem + side * 66, top - 60),
                (stem + side * 40, top - 34),
                fill=110,
            )
    shape((0, 400), (width, 400), (width, 410), (0, 410), fill=40)
    for x in range(0, width, 125):
        shape((x, 410), (x + 2, 410), (x + 2, height), (x, height), fill=170)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _write_picture(file: Path, example: Pictured) -> None:
    """Write the pages of a file without its cover, one below the other."""
    with pypdfium2.PdfDocument(file) as document:
        pages = [page.render(scale=_DPI / 72).to_pil().convert("RGB") for page in document][1:]
    parts = [_without_gaps(part) for page in pages if (part := _inked(page)) is not None]
    width = _MEASURE_PX + 2 * _PADDING
    height = sum(part.height for part in parts) + _LARGEST_GAP * (len(parts) - 1)
    picture = Image.new("RGB", (width, height), "white")
    top = 0
    for part in parts:
        picture.paste(part, (0, top))
        top += part.height + _LARGEST_GAP
    picture = ImageOps.expand(picture, (0, _PADDING, 0, _PADDING), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, width - 1, picture.height - 1), None, _FRAME, 3)
    notes = PngImagePlugin.PngInfo()
    notes.add_text(DIGEST, example.digest)
    palette = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    example.path.parent.mkdir(parents=True, exist_ok=True)
    palette.save(example.path, optimize=True, dpi=(_DPI, _DPI), pnginfo=notes)


def _inked(page: Image.Image) -> Image.Image | None:
    """Return the part of a page with ink, in the width of the text and what hangs out of it."""
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    left = (page.width - _MEASURE_PX) // 2 - _PADDING
    return page.crop((left, box[1], page.width - left, box[3])) if box else None


def _without_gaps(part: Image.Image) -> Image.Image:
    """Return a part of a page with large white gaps between its lines made smaller."""
    rows = part.convert("L").resize((1, part.height), Image.Resampling.BOX).tobytes()
    kept, blank = list[int](), 0
    for row, value in enumerate(rows):
        blank = blank + 1 if value == 255 else 0
        if blank <= _LARGEST_GAP:
            kept.append(row)
    shorter = Image.new("RGB", (part.width, len(kept)), "white")
    start = 0
    while start < len(kept):
        end = start
        while end + 1 < len(kept) and kept[end + 1] == kept[end] + 1:
            end += 1
        band = part.crop((0, kept[start], part.width, kept[end] + 1))
        shorter.paste(band, (0, start))
        start = end + 1
    return shorter


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="make pictures that are current too")
    options = parser.parse_args()
    examples = [e for e in pictured_examples() if options.all or not e.is_current()]
    if examples:
        make_pictures(examples)
    print(f"{len(examples)} pictures made")


if __name__ == "__main__":
    main()
