"""Images too coarse for print are reported when a book is built, each once for all editions."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from conftest import CACHE, makeready
from manuscript.tiny_book import write_book

TOML = """\
title = "Coarse"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]

[[contributors]]
name = "Ann Writer"

[editions.any]
kind = "print"

[editions.ingram]
kind = "print"
printer = "ingramspark"
paper = "cream"
trim = "6x9in"

[editions.large]
kind = "print"
printer = "ingramspark"
paper = "cream"
trim = "8.5x11in"

[editions.screen]
kind = "screen"
"""
CHAPTER = """\
# One

Fine: ![a](images/fine.png){width=1in} and ![a](images/one.png){width=1in}.

Nearly: ![b](images/nearly.png){width=1in} and smaller ![b](images/nearly.png){width=0.9in}.

![c](images/small%20one.png "A caption"){width=1in}

Line art: ![d](images/enough.png){width=1in} and ![e](images/line.png){width=1in}.

![f](images/wide.png){width=100%}
"""


def picture(side: int, mode: str = "L") -> bytes:
    held = BytesIO()
    Image.new(mode, (side, side), 1).save(held, "PNG")
    return held.getvalue()


def coarse(book: Path, output: Path) -> list[dict[str, Any]]:
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    run = makeready("build", *where)
    assert run.code in {0, 1}, run.err
    return [f for f in json.loads(run.out)["findings"] if f["id"] == "IMG-012"]


def test_each_coarse_image_is_reported_once_with_its_line(tmp_path: Path) -> None:
    sides = {"fine": 300, "one": 1, "nearly": 299, "small one": 199, "wide": 1300}
    images: dict[str, str | bytes] = {f"images/{n}.png": picture(s) for n, s in sides.items()}
    images |= {f"images/{n}.png": picture(s, "1") for n, s in {"enough": 600, "line": 599}.items()}
    files = {"book.toml": TOML, "chapter-1.md": CHAPTER, **images}
    book = write_book(tmp_path / "book", files)
    found = coarse(book, tmp_path / "out")
    assert [(f["path"], f["line"], f["editions"]) for f in found] == [
        ("chapter-1.md", 5, ["any", "ingram", "large"]),
        ("chapter-1.md", 7, ["any", "ingram", "large"]),
        ("chapter-1.md", 9, ["ingram", "large"]),
        ("chapter-1.md", 11, ["large"]),
    ]
    assert [f["message"] for f in found[:3]] == [
        "“images/nearly.png” (299 × 299 pixels) prints at 299 dpi; 300 dpi is needed.",
        "“images/small one.png” (199 × 199 pixels) prints at 199 dpi; 300 dpi is needed. "
        "IngramSpark rejects less than 200.",
        "“images/line.png” (599 × 599 pixels) prints at 599 dpi; 600 dpi is needed.",
    ]
    # The width that the hint proposes is one that does.
    text = CHAPTER
    for finding, name in zip(found[:3], ("nearly.png", "small%20one.png", "line.png"), strict=True):
        width = re.search(r"\{(width=[^}]*)\}", finding["hint"])
        assert width is not None
        text = re.sub(rf"({name}[^{{]*\{{)width=1in", rf"\1{width[1]}", text)
    (book / "chapter-1.md").write_text(text, "utf-8")
    assert [f["line"] for f in coarse(book, tmp_path / "out")] == [11]


def test_a_check_names_the_line_and_all_editions(tmp_path: Path) -> None:
    toml = (
        TOML.split("[editions.ingram]", maxsplit=1)[0]
        + '[editions.large]\nkind = "print"\ntrim = "6x9in"\n'
    )
    text = (
        "# One\n\n![a](images/a.png){width=1in} ![b](images/b.png){width=1in}\n\n"
        "![c](images/c.png){width=1in}\n"
    )
    images = {f"images/{name}.png": picture(side) for name, side in (("a", 250), ("b", 180))}
    files = {"book.toml": toml, "chapter-1.md": text, "images/c.png": picture(300), **images}
    book, output = write_book(tmp_path / "book", files), tmp_path / "out"
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    assert makeready("build", *where).code == 0
    run = makeready("check", *where)
    found = [f for f in json.loads(run.out)["findings"] if f["id"] in {"PRN-046", "PRN-047"}]
    assert sorted((f["id"], f["path"], f["line"], *f["editions"]) for f in found) == [
        ("PRN-046", "chapter-1.md", 3, "any", "large"),
        ("PRN-047", "chapter-1.md", 3, "any", "large"),
    ]
