"""Pages of two files compared: what was put in, taken out, moved or drawn over, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from conftest import CACHE, Run, makeready
from makeready.comparison.compare_files import Comparison, compare_files
from makeready.comparison.page_change import Change

Edit = Callable[[pikepdf.Pdf], None]


def diff(old: Path, new: Path, output: Path, *more: str) -> Run:
    return makeready("diff", old, new, "--output", output, "--cache", CACHE, *more)


@pytest.fixture(scope="module")
def old(garden: Path) -> Path:
    return garden / "walled-garden-paperback.pdf"


def edited(old: Path, folder: Path, edit: Edit) -> Path:
    path = folder / "new.pdf"
    with pikepdf.open(old) as pdf:
        edit(pdf)
        pdf.save(path)
    return path


def compared(old: Path, folder: Path, edit: Edit) -> Comparison:
    return compare_files(old, edited(old, folder, edit))


def changes(comparison: Comparison) -> list[tuple[Change, int | None, int | None]]:
    return [(p.change, p.old, p.new) for p in comparison.pages if p.change is not Change.SAME]


def page_of(pdf: pikepdf.Pdf, words: bytes) -> pikepdf.Page:
    """Return a page with other text, in a font that every program has."""
    page = pdf.add_blank_page(page_size=(396, 612))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.contents_add(b"BT /F 11 Tf 60 400 Td (" + words + b") Tj ET")
    return page


def draw_over(page: pikepdf.Page) -> None:
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q 0 g 100 200 40 10 re f")


def test_a_file_is_the_same_as_itself(old: Path) -> None:
    comparison = compare_files(old, old)
    assert changes(comparison) == []
    assert comparison.counts()[Change.SAME] == len(comparison.pages) > 20


def test_a_page_put_in_changes_no_other(old: Path, tmp_path: Path) -> None:
    def put_in(pdf: pikepdf.Pdf) -> None:
        page = page_of(pdf, b"Words that were nowhere before, on a page of their own")
        del pdf.pages[-1]
        pdf.pages.insert(16, page)

    assert changes(compared(old, tmp_path, put_in)) == [(Change.INSERTED, None, 16)]


def test_a_page_taken_out_changes_no_other(old: Path, tmp_path: Path) -> None:
    def take_out(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[14]

    assert changes(compared(old, tmp_path, take_out)) == [(Change.REMOVED, 14, None)]


def test_pages_with_one_digest_are_taken_as_they_are(old: Path, tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        draw_over(pdf.pages[14])
        draw_over(pdf.pages[16])
        pdf.pages.insert(10, page_of(pdf, b"Words that were nowhere before, all alone"))

    new = edited(old, tmp_path, change)
    count = len(pypdfium2.PdfDocument(old))
    before = [f"page {number}" for number in range(count)]
    after = [*before[:10], "new", *before[10:]]
    after[15] = "drawn over"
    comparison = compare_files(old, new, digests=(before, after))
    assert changes(comparison) == [(Change.INSERTED, None, 10), (Change.CHANGED, 14, 15)]
    assert comparison.pages[10].added == ("Words that were nowhere before, all alone",)
    labels = [(page.old_label, page.new_label) for page in comparison.pages[:2]]
    assert labels == [("i", "i"), ("ii", "ii")]


def test_what_is_drawn_over_a_page_is_found_where_it_is(old: Path, tmp_path: Path) -> None:
    def draw(pdf: pikepdf.Pdf) -> None:
        draw_over(pdf.pages[14])

    comparison = compared(old, tmp_path, draw)
    assert changes(comparison) == [(Change.CHANGED, 14, 14)]
    (page,) = comparison.shown()
    (box,) = page.new_boxes
    assert 94 < box.left <= 100 and 140 <= box.right < 147
    assert 194 < box.bottom <= 200 and 210 <= box.top < 217


def test_a_page_moved_as_on_the_other_side_is_not_changed(old: Path, tmp_path: Path) -> None:
    def move(pdf: pikepdf.Pdf) -> None:
        pdf.pages[14].contents_add(b"1 0 0 1 18 0 cm", prepend=True)

    assert changes(compared(old, tmp_path, move)) == [(Change.MOVED, 14, 14)]


def test_the_command_names_pages_and_shows_them(old: Path, tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        draw_over(pdf.pages[14])
        pdf.pages.insert(10, page_of(pdf, b"Words that were nowhere before, all alone"))
        del pdf.pages[-1]

    new = edited(old, tmp_path, change)
    run = diff(old, new, tmp_path / "out", "--json")
    assert run.code == 0, run.err
    data = json.loads(run.out)
    assert [(one["change"], one["new_page"]) for one in data["pages"]] == [
        ("inserted", 11),
        ("changed", 16),
    ]
    with pypdfium2.PdfDocument(tmp_path / "out" / "new.diff.pdf") as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 3
    assert "1 page changed; 1 page inserted" in " ".join(texts[0].split())
    assert "inserted" in texts[1]
    assert "nowhere before" in texts[1]
    assert texts[2].count("A garden begins with its soil") == 2
    again = diff(old, new, tmp_path / "again", "--strict")
    assert again.code == 1
    assert "changed in 1 place" in again.out
    first, second = (tmp_path / name / "new.diff.pdf" for name in ("out", "again"))
    assert first.read_bytes() == second.read_bytes()


def test_what_is_no_pdf_is_an_error(old: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    run = diff(old, tmp_path / "bad.pdf", tmp_path / "out")
    assert run.code == 1
    assert "bad.pdf cannot be read as a PDF" in run.err
    run = diff(old, tmp_path / "none.pdf", tmp_path / "out")
    assert run.code == 2
    assert "File not found" in run.err
    assert makeready("diff", old).code == 2
