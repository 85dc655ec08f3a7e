"""An e-book in vertical lines, and what cannot be set in them."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from conftest import CACHE, makeready
from makeready.epub.vertical_text import with_upright_numbers
from makeready.templates.mirrored_css import turned

BOOK = """\
title = "港"
language = "{language}"
slug = "minato"
modified = 2026-11-20
bodymatter = ["chapter-1"]
[[contributors]]
name = "佐藤"
file_as = "さとう"
[editions.book]
kind = "{kind}"
writing = "vertical"
"""
CHAPTER = "# 港\n\n第12回、1931年に*3*隻。`x 12` [1](https://example.org/)\n"


def written(folder: Path, language: str, kind: str) -> Path:
    (folder / "book.toml").write_text(BOOK.format(language=language, kind=kind), "utf-8")
    (folder / "chapter-1.md").write_text(CHAPTER, "utf-8")
    return folder


def test_a_vertical_ebook_turns_its_pages_from_right_to_left(tmp_path: Path) -> None:
    book, output = written(tmp_path, "ja", "epub"), tmp_path / "out"
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--draft")
    (path,) = output.glob("*.epub")
    with ZipFile(path) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        css = archive.read("EPUB/style/book.css").decode()
        text = archive.read("EPUB/text/chapter-1.xhtml").decode()
    assert package.find("{*}spine").get("page-progression-direction") == "rtl", run.err
    mode = package.find(".//{*}meta[@name='primary-writing-mode']")
    assert mode.get("content") == "vertical-rl"
    assert "writing-mode: vertical-rl" in css
    assert '第<span class="upright">12</span>回、1931年' in text
    assert "<code>x 12</code>" in text


@pytest.mark.parametrize(
    ("language", "kind", "id"),
    [("ja", "print", "MET-045"), ("ja", "screen", "MET-045"), ("en", "epub", "MET-046")],
)
def test_what_cannot_be_in_vertical_lines_is_an_error(
    tmp_path: Path, language: str, kind: str, id: str
) -> None:
    book = written(tmp_path, language, kind)
    run = makeready("build", "--book", book, "--output", tmp_path / "out", "--json")
    assert run.code == 1
    assert (id, "book.toml", 11) in run.findings


def test_a_script_in_columns_only_is_an_error(tmp_path: Path) -> None:
    book = written(tmp_path, "mn-Mong", "print")
    run = makeready("build", "--book", book, "--output", tmp_path / "out", "--json")
    assert ("MET-047", "book.toml", 2) in run.findings


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { margin-top: 1em }", "p { margin-right: 1em }"),
        ("p { margin: 1px 2px 3px 4px }", "p { margin: 4px 1px 2px 3px }"),
        ("p { margin: 1px 2px }", "p { margin: 2px 1px 2px 1px }"),
        ("p { border-left-width: 1px }", "p { border-top-width: 1px }"),
        ("p { max-width: 1em; line-height: 2 }", "p { max-height: 1em; line-height: 2 }"),
        ("td { margin-top: 1em }", "td { margin-top: 1em }"),
    ],
)
def test_sides_are_turned(css: str, expected: str) -> None:
    assert turned(css) == expected


def test_only_short_numbers_stand_upright() -> None:
    text = "<p>3隻、12回、1931年、4,200トン、v2.0、本当!?</p>"
    shown = with_upright_numbers(text)
    assert shown.count('class="upright"') == 3
    assert "1931年、4,200トン、v2.0" in shown
