"""Small books, written to a folder and read in this process."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from lxml import etree
from PIL import Image

from makeready.book.model import Book, Element
from makeready.findings import Findings
from makeready.manuscript.reader import read_book

Reported = list[tuple[str, str, int | None]]
TOML = """\
title = "Tiny"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]
"""


def png(size: int = 2, form: str = "PNG") -> bytes:
    held = BytesIO()
    Image.new("L", (size, size), 128).save(held, form)
    return held.getvalue()


PNG = png()


def write_book(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a book's files; a text without a title gets one on its first line."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in {"book.toml": TOML, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def reported(findings: Findings) -> Reported:
    return [
        (
            f.id,
            f.location.path if f.location else "",
            f.location.line if f.location else None,
        )
        for f in findings
    ]


def read(root: Path, files: Mapping[str, str | bytes]) -> tuple[Book | None, Reported]:
    findings = Findings()
    book = read_book(write_book(root, files), findings)
    return book, reported(findings)


def chapter(root: Path, body: str, toml: str = TOML, **files: str | bytes) -> Book:
    """Return a book of one chapter without findings; ``body`` begins on line 3."""
    renamed = {name.replace("__", "/").replace("_png", ".png"): f for name, f in files.items()}
    book, found = read(root, {"book.toml": toml, "chapter-1.md": f"# One\n\n{body}\n", **renamed})
    assert book is not None
    assert [f for f in found if f[0] not in ("MAN-019", "TYP-003")] == []
    return book


def markup(element: Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)


def body(
    root: Path, text: str, toml: str = TOML, *, lines: bool = False, **files: str | bytes
) -> str:
    """Return the XML of a chapter's blocks, by default without their source lines."""
    tree = chapter(root, text, toml, **files).section("chapter-1").tree
    if not lines:
        for element in tree.iter():
            element.attrib.pop("data-line", "")
    return "".join(markup(block) for block in tree)
