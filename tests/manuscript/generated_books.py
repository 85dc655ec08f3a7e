"""Books generated for one test each, from the text of their files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree
from PIL import Image

from makeready.book.model import Book, Element
from makeready.findings import Findings, Severity
from makeready.manuscript.reader import read_book

CONFIG = """title = "A Book"
language = "{language}"
modified = "2024-05-01"
bodymatter = [{body}]
"""
Found = list[tuple[str, str, int | None]]


def png(size: tuple[int, int] = (3, 2)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, "PNG")
    return buffer.getvalue()


def write_book(root: Path, files: dict[str, str | bytes], language: str = "en") -> Path:
    names = ", ".join(f'"{n.removesuffix(".md")}"' for n in files if n.endswith(".md"))
    content = {"book.toml": CONFIG.format(body=names, language=language)} | files
    for name, text in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return root


@contextmanager
def book_of(files: dict[str, str | bytes], language: str = "en") -> Iterator[tuple[Book, Findings]]:
    findings = Findings()
    with TemporaryDirectory() as folder:
        book = read_book(write_book(Path(folder), files, language), findings)
        assert book is not None
        yield book, findings


def chapter(text: str, language: str = "en", **files: bytes) -> tuple[Book, Found]:
    """Return a book of one chapter, whose text begins on line 3; ``files`` are images by stem."""
    images = {f"images/{stem}.png": data for stem, data in files.items()}
    with book_of({"chapter-1.md": f"# Title\n\n{text}\n"} | images, language) as (book, findings):
        return book, found(findings)


def found(findings: Findings, *, notes: bool = False) -> Found:
    return [
        (f.id, f.location.path if f.location else "", f.location.line if f.location else None)
        for f in findings
        if notes or f.severity is not Severity.NOTE
    ]


def lines(text: str, language: str = "en") -> Found:
    return chapter(text, language)[1]


def body(text: str, language: str = "en", **files: bytes) -> str:
    """Return the markup of a chapter without findings, without its source lines."""
    book, findings = chapter(text, language, **files)
    assert findings == []
    return markup(book.sections[0].tree)


def markup(tree: Element) -> str:
    inner = "".join(etree.tostring(child, encoding="unicode") for child in tree)
    return re.sub(r' data-line="\d+"', "", inner).replace("\u00a0", "~").replace("\u202f", "_")
