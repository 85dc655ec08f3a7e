"""A book whose editions have their notes in each place, built: each note is where it should be."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from conftest import CACHE, Run, makeready

BOOK = """
title = "A Book of Notes"
language = "en"
modified = 2026-11-01
slug = "notes"
frontmatter = ["titlepage", "toc", "preface"]
bodymatter = ["chapter-1", "chapter-2"]
backmatter = ["afterword", "endnotes", "bibliography"]

[[contributors]]
name = "Somebody"

[editions.foot]
kind = "print"

[editions.chapters]
kind = "print"
notes = "chapter-end"

[editions.book]
kind = "print"
notes = { place = "book-end", numbering = "book" }

[editions.sections]
kind = "screen"
notes = { place = "book-end", numbering = "section" }

[editions.ebook]
kind = "epub"
page_list = "chapters"
notes = { numbering = "book" }
"""
FIRST = """# The Kettle[^t]

A paragraph^[notea in line] and a call.[^m] Another[^m] call.

[^t]: noteb of the title

[^m]: notec first

    noted second

## A heading[^h]

[^h]: notee of a heading

> A quotation[^q] of words.

[^q]: ```text
    notef
    ```

| Head[^th] | Other |
|---|---|
| cell | more |

: A caption

[^th]: noteg of a table, with another[^in]
[^in]: noteh which only a note calls
"""
MANY = "\n\n".join(
    f"Some words of a paragraph.^[A long note, {number}x, of words that are many, and more.]"
    for number in range(1, 90)
)
SECTIONS = {
    "preface.md": "# Preface\n\nText.^[The notepreface.]\n",
    "chapter-1.md": FIRST,
    "chapter-2.md": f"# The Mill\n\n{MANY}\n",
    "afterword.md": "# Afterword\n\nText without, see [](#endnotes) [on](#endnotes){.page}.\n",
    "bibliography.md": "# Bibliography\n\nA book.^[The notelast.]\n",
}
ORDER = ["noteb", "notea", "notec", "noted", "notee", "notef", "noteg", "noteh"]
NAMESPACE = {"x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    root = tmp_path_factory.mktemp("notes")
    (root / "book").mkdir()
    for name, text in {"book.toml": BOOK, **SECTIONS}.items():
        (root / "book" / name).write_text(text)
    run = makeready("build", "--book", root / "book", "--output", root / "dist", "--cache", CACHE)
    assert run.code == 0, run.out + run.err
    return root / "dist", run


def pages_of(built: tuple[Path, Run], edition: str) -> list[str]:
    document = pypdfium2.PdfDocument(built[0] / f"notes-{edition}.pdf")
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def page_of(pages: list[str], words: str) -> int:
    (page,) = (number for number, text in enumerate(pages) if words in text)
    return page


def test_no_note_is_lost_or_moved(built: tuple[Path, Run]) -> None:
    assert not re.search(r"LAY-0(02|05|06|13|14|15|16)", built[1].out + built[1].err)


@pytest.mark.parametrize("edition", ["foot", "chapters", "book", "sections"])
def test_each_note_is_once_and_in_order(built: tuple[Path, Run], edition: str) -> None:
    text = "".join(pages_of(built, edition))
    assert [text.count(word) for word in ORDER] == [1] * len(ORDER)
    assert list(re.findall(r"note[a-h]\b", text)) == ORDER
    assert re.findall(r"\b(\d+)x\b", text) == [str(number) for number in range(1, 90)]


def test_notes_at_the_end_of_a_chapter_have_a_heading(built: tuple[Path, Run]) -> None:
    pages = pages_of(built, "chapters")
    text = "\n".join(pages)
    assert text.index("cell more") < text.index("Notes\n1. noteb")
    assert len(re.findall(r"^Notes\n1\. ", text, re.MULTILINE)) == 4
    assert len(re.findall(r"^Notes$", text, re.MULTILINE)) == 4


def test_notes_at_the_end_of_the_book_are_a_section(built: tuple[Path, Run]) -> None:
    pages = pages_of(built, "book")
    first = next(n for n, text in enumerate(pages) if text.startswith("Notes\n"))
    assert first < page_of(pages, "notelast") < len(pages) - 1
    text = "".join(pages[first:])
    assert [text.index(title) for title in ("Preface", "1. The Kettle", "2. The Mill")] == sorted(
        text.index(title) for title in ("Preface", "1. The Kettle", "2. The Mill")
    )
    assert re.search(r"^Notes \d+$", pages[2], re.MULTILINE)


@pytest.mark.parametrize(
    ("edition", "words"),
    [("foot", "see Notes."), ("chapters", "see Notes."), ("book", r"see Notes on page \d+\.")],
)
def test_a_link_to_them_is_words_in_an_edition_without_that_section(
    built: tuple[Path, Run], edition: str, words: str
) -> None:
    pages = [" ".join(page.split()) for page in pages_of(built, edition)]
    afterword = next(page for page in pages if "Text without" in page)
    assert re.search(f"Text without, {words}", afterword)


def labels_of(built: tuple[Path, Run], edition: str) -> list[str]:
    document = pypdfium2.PdfDocument(built[0] / f"notes-{edition}.pdf")
    return [document.get_page_label(number) for number in range(len(document))]


def test_running_heads_name_the_pages_of_the_calls(built: tuple[Path, Run]) -> None:
    pages, labels = pages_of(built, "book"), labels_of(built, "book")
    first = next(n for n, text in enumerate(pages) if text.startswith("Notes\n"))
    called = {
        number: labels[page_of(pages[:first], f"paragraph.{number}")] for number in range(10, 98)
    }
    checked = 0
    for text in pages[first + 1 : page_of(pages, "notelast")]:
        shown = [int(n) for n in re.findall(r"^(\d+)\. ?A long", text, re.MULTILINE)]
        head = re.search(r"notes to pages? (\d+)(?:–(\d+))?", text, re.IGNORECASE)
        assert head is not None
        assert (head[1], head[2] or head[1]) == (called[shown[0]], called[shown[-1]])
        checked += 1
    assert checked >= 1


def test_numbers_run_on_or_begin_anew(built: tuple[Path, Run]) -> None:
    chapters, book = pages_of(built, "chapters"), pages_of(built, "book")
    sections = "".join(pages_of(built, "sections"))
    assert re.search(r"^1\. ?noteb", "".join(chapters), re.MULTILINE)
    assert re.search(r"^2\. ?noteb", "".join(book), re.MULTILINE)
    assert re.search(r"^97\. ?A long note, 89x", "".join(book), re.MULTILINE)
    assert re.search(r"^1\. ?notee", sections, re.MULTILINE)
    assert re.search(r"^1\. ?A long note, 1x", sections, re.MULTILINE)


def test_calls_and_notes_are_linked_on_a_screen(built: tuple[Path, Run]) -> None:
    with pikepdf.open(built[0] / "notes-sections.pdf") as pdf:
        targets = {
            str(annotation.Dest)
            for page in pdf.pages
            for annotation in page.get("/Annots", ())
            if "/Dest" in annotation
        }
        names = pdf.Root.Names.Dests
        known = {str(n) for kid in names.get("/Kids", [names]) for n in kid.Names[::2]}
    for number in range(1, 90):
        assert {f"chapter-2-note-{number}", f"chapter-2-noteref-{number}"} <= targets
    assert targets <= known


def test_the_ebook_takes_the_numbers_and_the_pages_of_the_notes(built: tuple[Path, Run]) -> None:
    with zipfile.ZipFile(built[0] / "notes.epub") as archive:
        name = next(name for name in archive.namelist() if name.endswith("chapter-2.xhtml"))
        tree = etree.fromstring(archive.read(name))
        assert not [name for name in archive.namelist() if "endnotes" in name]
    calls = tree.xpath("//x:a[@role='doc-noteref']", namespaces=NAMESPACE)
    assert [call.text for call in calls] == [str(number) for number in range(9, 98)]
    pages, labels = pages_of(built, "chapters"), labels_of(built, "chapters")
    marks = tree.xpath("//x:aside//x:span[@role='doc-pagebreak']", namespaces=NAMESPACE)
    assert len(marks) >= 2
    for mark in marks:
        page = pages[labels.index(mark.get("aria-label").removeprefix("page "))]
        after = "".join(mark.xpath("following::text()"))
        here = "".join((mark.tail or "").split())[:12]
        assert here
        assert "".join(page.split()).replace("-", "").find(here) >= 0, (here, after[:40])
