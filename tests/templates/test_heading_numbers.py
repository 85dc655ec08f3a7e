"""Headings of numbered chapters have numbers in text, contents and bookmarks if asked for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
from pdf_reading import page_texts
from tiny_book import TOML, read

from conftest import CACHE, makeready
from makeready.templates.heading_numbers import heading_numbers


def test_headings_are_numbered_down_to_a_level(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book("garden")
    keys = "\n[numbering]\nheadings = 3\n\n[contents]\ndepth = 3\n"
    (book / "book.toml").write_text((book / "book.toml").read_text("utf-8") + keys, "utf-8")
    here = ("--book", book, "--output", tmp_path, "--cache", CACHE)
    run = makeready("build", "screen", "ebook", *here)
    assert run.code == 0, run.out + run.err
    pages = page_texts(tmp_path / "walled-garden-screen.pdf")
    texts = [" ".join(text.split()) for text in pages]
    contents = next(text for text in texts if text.startswith("Contents"))
    for title in ("1.1 What the spade found", "1.1.1 Names of soils"):
        assert title in contents
        assert sum(title in text for text in texts) == 2
    with pikepdf.open(tmp_path / "walled-garden-screen.pdf") as pdf, pdf.open_outline() as outline:
        (part,) = (one for one in outline.root if one.title.startswith("Part 1"))
        (heading,) = part.children[0].children
    assert heading.title == "1.1 What the spade found"
    assert [one.title for one in heading.children] == ["1.1.1 Names of soils"]
    with zipfile.ZipFile(tmp_path / "walled-garden.epub") as epub:
        chapter = epub.read("EPUB/text/chapter-1.xhtml").decode()
        navigation = epub.read("EPUB/toc.ncx").decode()
    assert '<span class="heading-number">1.1</span> ' in chapter
    assert "1.1 What the spade found" in navigation


def test_a_heading_without_one_above_it_has_no_number(tmp_path: Path) -> None:
    text = "# One\n\n### A\n\nText.\n\n## B\n\n### C\n\nText.\n\n## D\n\nText.\n"
    book, _ = read(tmp_path, {"book.toml": TOML, "chapter-1.md": text})
    assert book is not None
    section = book.section("chapter-1")
    found = {heading.text: number for heading, number in heading_numbers(section, section.tree, 3)}
    assert found == {"B": "1.1", "C": "1.1.1", "D": "1.2"}
