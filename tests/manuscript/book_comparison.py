"""A book with one of everything, and complete descriptions of books, to compare them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from lxml import etree
from tiny_book import png, write_book

from makeready.book.model import Book, Element, Section
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections

TOML = """\
title = "{title}"
language = "{language}"
modified = 2026-11-01
bodymatter = [{names}]
"""
ONE = """\
# One & “only” {#one}

It's the "first", a <b>bold</b> one\u2028with pp. 12-19.[^n] See [](#fig-a), [](#chapter-2){.title}.

![A square](images/a.png "Grey & *plain*"){#fig-a}

/// verse
  In lines,
    it goes.
///

{>> Is that so? <<}

[^n]: A note, *marked*.

    It has two paragraphs & `code  &amp;\\t` &#13; &#9;.
"""
TWO = """\
# Two

## A *heading* here

![A square](images/a.png) stands in a line; the NASA of [old](#fig-a){.page}.

| a | b |
|---|---|
| 1 | <span id="cell" title="x&quot;y&lt;">2</span> |

/// caption | #tab
A table.
///
"""
THREE = """\
# Three

It says [](#tab) and [](#nowhere).[^missing]

![A wrong name](images/b.png)
"""
FILES = {
    "chapter-1.md": ONE,
    "chapter-2.md": TWO,
    "chapter-3.md": THREE,
    "images/a.png": png(),
    "images/b.png": png(3, "JPEG"),
}


def toml(title: str = "Kept", language: str = "en", order: tuple[int, ...] = (1, 2, 3)) -> str:
    names = ", ".join(f'"chapter-{number}"' for number in order)
    return TOML.format(title=title, language=language, names=names)


def book_in(root: Path) -> Path:
    return write_book(root, {"book.toml": toml(), **FILES})


def trees_of(section: Section) -> list[Element]:
    return [section.title_tree, section.tree, *(note.tree for note in section.notes)]


def canonical(tree: Element) -> str:
    return etree.tostring(tree, method="c14n").decode()


def description_of(book: Book | None, findings: Findings) -> tuple[object, ...]:
    """Return everything in a book and its findings, its trees in canonical XML."""
    if book is None:
        return (None, list(findings))
    plain = [getattr(book, f.name) for f in fields(book) if f.name not in {"sections", "blurb"}]
    plain.append(None if book.blurb is None else canonical(book.blurb))
    return (*plain, [of_section(section) for section in book.sections], list(findings))


def of_section(section: Section) -> tuple[object, ...]:
    numbers = [(note.number, note.line) for note in section.notes]
    names = ("name", "kind", "division", "number", "title", "source_path", "queries")
    plain = [getattr(section, name) for name in names]
    return (*plain, numbers, [canonical(tree) for tree in trees_of(section)])


def read_description(
    root: Path, unchanged_sections: UnchangedSections | None = None
) -> tuple[object, ...]:
    findings = Findings()
    return description_of(
        read_book(root, findings, unchanged_sections=unchanged_sections), findings
    )
