"""Drafts: every edition whatever is found, a mark on each page, and nothing that can be sold."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from conftest import CACHE, Run, makeready
from makeready.external.epubcheck import run_epubcheck

EDITIONS = """
[editions.screen]
kind = "screen"

[editions.pocket]
kind = "print"
printer = "kdp"
trim = "3x4in"
"""
XHTML = "{http://www.w3.org/1999/xhtml}"


def run(command: str, book: Path, output: Path, *more: str) -> Run:
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    return makeready(command, *more, *where)


def change(book: Path, name: str, old: str, new: str) -> None:
    text = (book / name).read_text("utf-8")
    assert old in text
    (book / name).write_text(text.replace(old, new), "utf-8")


def broken(book: Path) -> Path:
    """Break a book in ``book.toml``, in its manuscript and on its pages."""
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.write(EDITIONS)
    change(book, "chapter-1.md", "(#chapter-2)", "(#chapter-9)")
    change(book, "chapter-2.md", "is here", "is 漢 here")
    (book / "images" / "square.png").unlink()
    return book


FOUND = [
    ("PRN-020", "book.toml", 24),
    ("PRN-020", "book.toml", 21),
    ("IMG-001", "chapter-1.md", 7),
    ("REF-001", "chapter-1.md", 5),
    ("LAY-003", "chapter-2.md", 3),
]


def marks_at_the_edge(path: Path) -> list[int]:
    """Return how often each page of a PDF shows the mark within 20 points of its upper edge."""
    marks = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            left, _, right, top = page.get_trimbox()
            edge = page.get_textpage().get_text_bounded(left, top - 20, right, top)
            marks.append(edge.split().count("Draft"))
    return marks


def marked_documents(path: Path) -> dict[str, bool]:
    """Return for each document of an EPUB whether it begins with the mark."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            .findtext(f"{XHTML}body/{XHTML}p[1]", "")
            .startswith("Draft")
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def test_all_that_is_wrong_is_told_in_one_run(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    made = run("build", broken(broken_book()), tmp_path / "out")
    assert made.code == 1
    assert made.findings == FOUND
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.long
def test_a_draft_of_a_broken_book_has_every_edition(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken(broken_book()), tmp_path / "out"
    made = run("build", book, output, "--draft")
    assert made.code == 1
    assert [found for found in made.findings if found[0] != "LAY-007"] == FOUND
    pages = {f["id"]: f.get("pages", []) for f in json.loads(made.out)["findings"]}
    assert pages["LAY-003"][0::2] == ["page 3 of paperback", "page 3 of pocket"]
    files = sorted(path.name for path in output.iterdir())
    assert files == [
        "leaflet-paperback.draft.pdf",
        "leaflet-pocket.draft.pdf",
        "leaflet-screen.draft.pdf",
        "leaflet.draft.epub",
        "manifest.json",
    ]
    for name in files[:3]:
        assert set(marks_at_the_edge(output / name)) == {1}, name
    documents = marked_documents(output / "leaflet.draft.epub")
    assert len(documents) >= 5
    assert all(documents.values()), documents
    said = run_epubcheck(output / "leaflet.draft.epub")
    assert [finding for finding in said if finding.severity == "error"] == []
    assert [run(command, book, output).code for command in ("kit", "check", "onix")] == [2, 2, 1]
    assert sorted(path.name for path in output.iterdir()) == files


@pytest.mark.long
def test_drafts_beside_finished_files_change_nothing(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book(), tmp_path / "out"
    change(book, "book.toml", 'kind = "epub"', 'kind = "epub"\nstores = ["kobo"]')
    assert run("build", book, output).code == 0
    finished = {path.name: path.read_bytes() for path in output.iterdir()}
    kept = json.loads(finished.pop("manifest.json"))["files"]
    assert run("build", book, output, "--draft").code == 0
    drafts = {path.name: path.read_bytes() for path in output.glob("*.draft.*")}
    assert sorted(drafts) == ["leaflet-paperback.draft.pdf", "leaflet.draft.epub"]
    assert {name: (output / name).read_bytes() for name in finished} == finished
    listed = json.loads((output / "manifest.json").read_text("utf-8"))["files"]
    assert [file for file in listed if file["path"] not in drafts] == kept
    assert {file["kind"] for file in listed if file["path"] in drafts} == {"draft"}
    # A draft of an earlier book is none of the files that a kit or a check asks for.
    change(book, "chapter-2.md", "is here", "is not here")
    assert run("build", book, output).code == 0
    assert "MET-092" not in [found[0] for found in run("check", book, output).findings]
    run("kit", book, output)
    packed = [path.name for path in (output / "kit").rglob("*") if path.is_file()]
    assert "leaflet.epub" in packed
    assert not [name for name in packed if "draft" in name]
    assert run("build", book, output, "--draft", "paperback").code == 0
    assert marks_at_the_edge(output / "leaflet-paperback.draft.pdf")[0] == 1


def test_a_draft_is_the_same_each_time_and_claims_no_standard(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    contents = []
    for name in ("one", "two"):
        assert run("build", book, tmp_path / name, "--draft", "paperback").code == 0
        contents.append((tmp_path / name / "leaflet-paperback.draft.pdf").read_bytes())
    assert contents[0] == contents[1]
    assert b"GTS_PDFXVersion" not in contents[0]
    assert b"pdfxid" not in contents[0]


@pytest.mark.long
def test_a_draft_shows_a_cover_whose_text_does_not_fit(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book(), tmp_path / "out"
    change(book, "book.toml", 'printer = "generic"', 'printer = "generic"\nspine_mm = 5')
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[cover]\nblurb = "{"Words for the back. " * 300}"\n')
    assert run("build", book, output, "paperback").findings == [("COV-012", "book.toml", 11)]
    assert not list(output.glob("*-cover*"))
    made = run("build", book, output, "--draft", "paperback")
    assert (made.code, made.findings) == (1, [("COV-012", "book.toml", 11)])
    assert marks_at_the_edge(output / "leaflet-paperback-cover.draft.pdf") == [2]
