"""Pack a book of 1,000 sections and so many images; print what that took, as JSON.

To be run in a process of its own: ``large_book.py FOLDER IMAGES``.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

from lxml import etree
from PIL import Image
from sample_book import EDITION, make_book

from makeready.book.kinds import Division, kind_of
from makeready.book.model import Book, Resource, Section
from makeready.build.conformance import claim_if_it_holds
from makeready.epub.archive import pack_without_media
from makeready.epub.package import assemble, write_epub
from makeready.findings import Findings
from makeready.templates.environment import Layouts

SECTIONS = 1_000
IMAGE_SIDE = 300


def _section(number: int, images: int) -> Section:
    kind = kind_of("chapter-1")
    assert kind is not None
    shown = (n for n in range(number - 1, images, SECTIONS // 2) if number <= SECTIONS // 2)
    figures = "".join(
        f'<figure><img src="images/{n}.png" alt="noise {n}"/></figure>' for n in shown
    )
    title = etree.fromstring(f"<span>Chapter {number}</span>")
    return Section(
        name=f"chapter-{number}",
        kind=kind,
        division=Division.BODY,
        number=number,
        title=f"Chapter {number}",
        title_tree=title,
        source_path=f"chapter-{number}.md",
        tree=etree.fromstring(f"<div>{'<p>Some words of it.</p>' * 12}{figures}</div>"),
    )


def _book(folder: Path, images: int) -> Book:
    book = make_book(folder)
    noise = random.Random(7).randbytes(3 * IMAGE_SIDE**2)
    first = folder / "images" / "0.png"
    Image.frombytes("RGB", (IMAGE_SIDE, IMAGE_SIDE), noise).save(first)
    for number in range(1, images):
        os.link(first, folder / "images" / f"{number}.png")
    return replace(
        book,
        sections=tuple(_section(number, images) for number in range(1, SECTIONS + 1)),
        resources=tuple(Resource(f"images/{n}.png", "image/png") for n in range(images)),
        anchors={},
    )


def main(folder: Path, images: int) -> None:
    book = _book(folder / "book", images)
    cover = io.BytesIO()
    Image.new("RGB", (1600, 2560)).save(cover, "JPEG")
    began = time.process_time()
    publication = assemble(book, EDITION, Layouts(book.root), ())
    claim_if_it_holds(
        publication,
        pack_without_media(publication, book.metadata.modified),
        book,
        EDITION,
        Findings(),
    )
    target = folder / "large.epub"
    write_epub(publication, cover.getvalue(), book.metadata.modified, target)
    told = {
        "seconds": time.process_time() - began,
        "bytes": target.stat().st_size,
        "most_memory_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
