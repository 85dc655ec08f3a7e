"""Write the bench book: for makeready, and for the peers it is timed beside.

::

    python tests/bench/generate.py --pages 300 --output FOLDER

The book for makeready is in ``FOLDER/makeready``; what the peers read is in ``FOLDER/peers``.
The same pages and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from bench_book import (
    AUTHOR,
    IMAGES,
    TITLE,
    Block,
    Chapter,
    Figure,
    Heading,
    ItemList,
    Note,
    Paragraph,
    Part,
    Reference,
    Table,
    Term,
    Text,
    compose,
    notes_of,
)
from peers import write_peers
from PIL import Image, ImageDraw

_BOOK = """\
title = "{title}"
subtitle = "Of no river in particular"
language = "en-GB"
slug = "bench"
modified = 2026-01-01
publisher = "The bench"
rights = "Composed by a machine, and free to use."
description = "A book of any length, to time the making of books with."
subjects = ["Rivers"]
frontmatter = ["halftitlepage", "titlepage", "copyright-page", "toc"]
bodymatter = [{chapters}]
backmatter = [{index}"colophon"]

[[contributors]]
name = "{author}"
role = "aut"

[editions.paperback]
kind = "print"
printer = "generic"
trim = "148x210mm"

[editions.screen]
kind = "screen"
trim = "148x210mm"

[editions.ebook]
kind = "epub"
"""
_SIZE_PX = (1200, 540)
_SHADES = 4
_GROUND, _TINT, _INK = 3, 2, 0


def write_book(chapters: tuple[Chapter, ...], folder: Path, *, index: bool = False) -> None:
    """Write the book as makeready reads it, with an index of its terms or without."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ", ".join(f'"{chapter.anchor}"' for chapter in chapters)
    listed = '"index", ' if index else ""
    text = _BOOK.format(title=TITLE, author=AUTHOR, chapters=names, index=listed)
    (folder / "book.toml").write_text(text, "utf-8")
    for chapter in chapters:
        (folder / f"{chapter.anchor}.md").write_text(markdown(chapter), "utf-8")
    draw_images(folder / "images")


def markdown(chapter: Chapter) -> str:
    """Write a chapter in makeready's markup."""
    blocks = [f"# {chapter.title}", *(_block(block) for block in chapter.blocks)]
    notes = [f"[^{note.number}]: {note.words}" for note in notes_of(chapter)]
    return "\n\n".join([*blocks, *notes]) + "\n"


def edited(text: str, sentence: str) -> str:
    """Add a sentence to the paragraph in the middle of a chapter."""
    blocks = text.split("\n\n")
    plain = [index for index, block in enumerate(blocks) if block[0].isalpha()]
    blocks[plain[len(plain) // 2]] += f" {sentence}"
    return "\n\n".join(blocks)


def _block(block: Block) -> str:
    match block:
        case Heading(words):
            return f"## {words}"
        case Paragraph(parts, quoted):
            return ("> " if quoted else "") + "".join(_part(part) for part in parts)
        case ItemList(items, ordered):
            return "\n".join(f"{'1.' if ordered else '-'} {item}" for item in items)
        case Figure(anchor, _, image, caption):
            return f'![{IMAGES[image]}](images/{image}.png "{caption}"){{#{anchor}}}'
        case Table(anchor, _, header, rows, caption):
            lines = [" | ".join(row) for row in (header, ("---", "---", "---:"), *rows)]
            table = "\n".join(f"| {line} |" for line in lines)
            return f"{table}\n\n/// caption | #{anchor}\n{caption}\n///"


def _part(part: Part) -> str:
    match part:
        case Text(words, emphasis):
            return f"*{words}*" if emphasis else words
        case Note(number, _):
            return f"[^{number}]"
        case Reference(target, _, _):
            return f"[](#{target}) [on](#{target}){{.page}}"
        case Term(words):
            return f"[{words}]{{.index}}"


def draw_images(folder: Path) -> None:
    """Draw the two figures, in four greys, wide enough to print at 300 dots an inch."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in (("soundings", _draw_soundings), ("lots", _draw_lots)):
        image = Image.new("L", _SIZE_PX, _GROUND)
        draw(ImageDraw.Draw(image))
        greys = image.point([min(value, _GROUND) * 255 // (_SHADES - 1) for value in range(256)])
        greys.save(folder / f"{name}.png", optimize=True)


def _draw_soundings(draw: ImageDraw.ImageDraw) -> None:
    width, _ = _SIZE_PX
    bed = [
        (x, 90 + int(330 * math.sin(math.pi * x / width) + 28 * math.sin(x / 47)))
        for x in range(0, width + 1, 10)
    ]
    draw.polygon([(0, 90), *bed, (width, 90)], fill=_TINT)
    draw.line(bed, fill=_INK, width=6)
    draw.line([(0, 90), (width, 90)], fill=_INK, width=3)
    for x in range(100, width, 100):
        draw.line([(x, 60), (x, bed[x // 10][1])], fill=_INK, width=2)


def _draw_lots(draw: ImageDraw.ImageDraw) -> None:
    width, height = _SIZE_PX
    middle = [(x, height // 2 + int(60 * math.sin(x / 190))) for x in range(0, width + 1, 10)]
    draw.line(middle, fill=_TINT, width=70, joint="curve")
    for index, left in enumerate(range(20, width - 100, 118)):
        depth = 90 + 31 * (index % 3)
        draw.rectangle((left, 20, left + 96, 20 + depth), outline=_INK, width=4)
        draw.rectangle((left, height - 20 - depth, left + 96, height - 20), outline=_INK, width=4)


def generate(pages: int, folder: Path, seed: str = "makeready", *, index: bool = False) -> None:
    """Write the book of about so many pages, for makeready and for the peers."""
    chapters = compose(pages, seed)
    write_book(chapters, folder / "makeready", index=index)
    write_peers(chapters, folder / "peers")
    draw_images(folder / "peers" / "images")


def main() -> None:
    """Read the command line and write the book."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100, help="about how many (default: 100)")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--seed", default="makeready", help="another seed is another book")
    parser.add_argument("--index", action="store_true", help="give makeready's book an index")
    given = parser.parse_args()
    generate(given.pages, given.output, given.seed, index=given.index)


if __name__ == "__main__":
    main()
