"""A book that cites works: citations, notes and the list of works in the finished files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pdf_reading import page_texts

from conftest import CACHE, makeready

pytestmark = pytest.mark.slow

BOOK = """\
title = "Pears"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]
backmatter = ["bibliography"]

[citations]
sources = ["works.bib"]
style = "ieee"

[[contributors]]
name = "Ann Elm"

[editions.paperback]
kind = "print"

[editions.ebook]
kind = "epub"
"""
WORKS = """\
@book{kew, title = {The Kew Book}, author = {Birch, Bo}, publisher = {Kew}, year = 1999}
@online{frost, title = {On Frost}, author = {Lee, Di}, year = 2001,
  url = {https://example.org/frost}}
"""
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_citations_and_their_list_are_in_the_finished_files(tmp_path: Path) -> None:
    book, output = tmp_path / "book", tmp_path / "out"
    book.mkdir()
    (book / "book.toml").write_text(BOOK, "utf-8")
    (book / "works.bib").write_text(WORKS, "utf-8")
    (book / "chapter-1.md").write_text("# Pears\n\nSo says @kew [p. 4]; see [@frost].\n", "utf-8")
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json")
    assert (run.code, [f for f in run.findings if f["severity"] != "note"]) == (0, [])
    printed = " ".join(" ".join(page_texts(output / "pears-paperback.pdf")).split())
    assert "So says Birch [1, p. 4]; see [2]." in printed
    assert "[1] B. Birch, The Kew Book. Kew, 1999." in printed
    with zipfile.ZipFile(output / "pears.epub") as archive:
        chapter, works = (
            etree.fromstring(archive.read(name))
            for part in ("chapter-1", "bibliography")
            for name in archive.namelist()
            if name.endswith(f"/{part}.xhtml")
        )
    links = [a for a in chapter.iter(f"{XHTML}a") if a.get("role") == "doc-biblioref"]
    assert [a.get("href") for a in links] == [
        "bibliography.xhtml#ref-kew",
        "bibliography.xhtml#ref-frost",
    ]
    assert [item.get("id") for item in works.iter(f"{XHTML}li")] == ["ref-kew", "ref-frost"]
    assert works.find(f".//{XHTML}section[@role='doc-bibliography']") is not None
