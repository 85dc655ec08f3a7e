"""The proof as a PDF: numbers at their lines, notes at theirs, bars where the change is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pikepdf
import proof_book
import pypdfium2
import pytest
from PIL import Image
from proof_reading import (
    BLUE,
    Stroke,
    Word,
    labels_of,
    lines_inside,
    page_box,
    signs_of,
    strokes_of,
    text_of,
    words_of,
)

from conftest import CACHE, Run, makeready

pytestmark = pytest.mark.slow

_NUMBER_SIZE = 9
"""Line numbers are in smaller type, as the file counts it."""

_HEAD_PT = 62
"""Running heads are so near to the upper edge of the book's page."""


def proof(book: Path, output: Path, *more: str, **environment: str) -> Run:
    where = ("--book", book, "--output", output, "--cache", CACHE, "--kind", "print")
    return makeready("proof", *where, *more, **environment)


@dataclass
class Sheet:
    """A sheet of a proof, read."""

    words: list[Word]
    box: tuple[float, float, float, float]
    strokes: list[Stroke]
    signs: list[tuple[float, float]]
    lines: list[list[Word]] = field(default_factory=list)

    @property
    def notes(self) -> list[list[Word]]:
        """The lines beside the page, from top to bottom."""
        left, bottom, right, top = self.box
        beside = [w for w in self.words if not left < w.x < right]
        return lines_inside(beside, (0, bottom - 1, 2000, top + 1))

    def line_at(self, y: float) -> str:
        return text_of(min(self.lines, key=lambda line: abs(line[0].y - y)))

    def barred(self) -> list[str]:
        """Return the lines that a bar is beside."""
        bars = [s for s in self.strokes if s.colour == BLUE]
        return [
            text_of(line)
            for line in self.lines
            for bar in bars
            if min(bar.start[1], bar.end[1]) < line[0].y + 2 < max(bar.start[1], bar.end[1])
        ]


def sheets_of(path: Path) -> Iterator[Sheet]:
    with pikepdf.open(path) as pdf, pypdfium2.PdfDocument(path) as document:
        for page, shown in zip(pdf.pages, document, strict=True):
            try:
                box = page_box(page)
            except AssertionError:
                return
            words = words_of(shown)
            left, bottom, right, top = box
            inner = (left + 45, bottom, right - 45, top - _HEAD_PT)
            text = [w for w in words if w.size > _NUMBER_SIZE]
            yield Sheet(words, box, strokes_of(page), signs_of(page), lines_inside(text, inner))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("proof")
    book = proof_book.committed(root)
    proof_book.edited(book)
    run = proof(book, root / "out", "--since", "v1", "--watermark", "")
    assert run.code == 0, run.err
    return book, root / "out" / "proof-paperback.proof.pdf"


@pytest.fixture(scope="module")
def sheets(made: tuple[Path, Path]) -> dict[str, Sheet]:
    by_index = list(sheets_of(made[1]))
    return {label: by_index[i] for label, i in labels_of(made[1]).items() if i < len(by_index)}


def test_every_fifth_line_has_its_number(sheets: dict[str, Sheet]) -> None:
    checked = 0
    for sheet in sheets.values():
        left, bottom, right, top = sheet.box
        small = [w for w in sheet.words if w.size < _NUMBER_SIZE and left < w.x < right]
        numbers = {int(w.text): w.y for w in small if w.text.isdigit() and bottom < w.y < top}
        assert sorted(numbers) == list(range(5, len(sheet.lines) + 1, 5))
        for number, y in numbers.items():
            assert abs(sheet.lines[number - 1][0].y - y) < 1.5
            checked += 1
    assert checked > 15


def test_a_query_stands_beside_its_line_with_the_number_of_it(sheets: dict[str, Sheet]) -> None:
    sheet = sheets["1"]
    starts = [line for line in sheet.notes if line[0].text.isdigit() and line[1].text == "l."]
    assert [line[0].text for line in starts] == ["1", "2", "3", "4", "5", "6", "7"]
    said = " ".join(text_of(line) for line in sheet.notes)
    assert "replace hour → day" in said
    assert "delete to bed" in said
    assert "insert cold" in said
    numbered = {line[0].text: sheet.lines[int(line[2].text) - 1] for line in starts}
    assert "hour" in text_of(numbered["1"])
    assert "his book" in text_of(numbered["3"])
    assert "wind" in text_of(numbered["7"])
    first = starts[0]
    assert abs(first[0].y - numbered["1"][0].y) < 8
    assert abs(sheets["6"].notes[0][0].y - sheets["6"].lines[-1][0].y) < 12
    assert "Whose?" in text_of(sheets["6"].notes[0])


def test_notes_do_not_collide(sheets: dict[str, Sheet]) -> None:
    notes = sheets["1"].notes
    assert len(notes) > 10
    for above, below in pairwise(notes):
        assert above[0].y - below[0].y > 8.5
    said = " ".join(text_of(line) for line in notes)
    assert " ".join(proof_book.LONG_QUERY.split()) in said


def test_bars_are_beside_what_changed_and_nothing_else(sheets: dict[str, Sheet]) -> None:
    barred = [line for sheet in sheets.values() for line in sheet.barred()]
    assert len(barred) == 3
    assert any("cruellest" in line for line in barred)
    assert "A paragraph that was not there before." in barred
    assert any("cannot" in line for line in barred)
    deleted = [sheet.line_at(y) for sheet in sheets.values() for _, y in sheet.signs]
    assert len(deleted) == 1
    assert "as he went down, with the oil" in deleted[0]


def test_the_pages_are_those_that_are_printed(made: tuple[Path, Path], tmp_path: Path) -> None:
    book, path = made
    built = makeready(
        *("build", "paperback", "--book", book, "--output", tmp_path, "--cache", CACHE)
    )
    assert built.code == 0, built.err
    printed_path = tmp_path / "proof-paperback.pdf"
    with (
        pypdfium2.PdfDocument(printed_path) as printed,
        pypdfium2.PdfDocument(path) as proofed,
        pikepdf.open(path) as pdf,
    ):
        for index, page in enumerate(printed):
            left, bottom, right, top = page_box(pdf.pages[index])
            inside = [
                word
                for word in words_of(proofed[index])
                if left < word.x < right and bottom < word.y < top and word.size > _NUMBER_SIZE
            ]
            mine = [(round(w.x - left), round(w.y - bottom), w.text) for w in inside]
            theirs = [(round(w.x), round(w.y), w.text) for w in words_of(page)]
            assert sorted(mine) == sorted(theirs)


def test_the_list_names_pages_and_lines(made: tuple[Path, Path]) -> None:
    with pypdfium2.PdfDocument(made[1]) as document:
        text = document[len(document) - 1].get_textpage().get_text_range()
        labels = [document.get_page_label(index) for index in range(len(document))]
    said = " ".join(text.split())
    assert labels[-1] == "list 1"
    assert "2026-10-01 · " in said
    assert " with changes" in said
    assert "5 open queries, 3 suggested changes" in said
    assert "Changed since v1" in said
    assert "chapter-2.md:15" in said
    with pikepdf.open(made[1]) as pdf:
        assert [str(item.title) for item in pdf.open_outline().root] == [
            "One",
            "Two",
            "Proof of A Proof",
        ]


def test_a_proof_is_the_same_each_time(made: tuple[Path, Path], tmp_path: Path) -> None:
    book, path = made
    run = proof(book, tmp_path, "--since", "v1", "--watermark", "", TZ="Asia/Tokyo")
    assert run.code == 0
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_an_unknown_revision_is_an_error(made: tuple[Path, Path], tmp_path: Path) -> None:
    run = proof(made[0], tmp_path / "out", "--since", "v7")
    assert run.code == 2
    assert "Git knows no revision “v7”" in run.err
    assert "The newest tags are v1." in run.err


def test_a_book_without_git_has_a_proof_without_a_date(tmp_path: Path) -> None:
    book = tmp_path / "book"
    proof_book.write(book, "# One\n\nText{>> So? <<}.", "# Two\n\nText.\n")
    run = proof(book, tmp_path / "out", "--since", "v1")
    assert run.code == 2
    assert "is not in a git repository" in run.err
    run = proof(book, tmp_path / "out")
    assert run.code == 0, run.err
    with pypdfium2.PdfDocument(tmp_path / "out" / "proof-paperback.proof.pdf") as document:
        first, last = (document[i].get_textpage().get_text_range() for i in (0, -1 % len(document)))
    assert "without a date: the book is not in git" in first
    assert "without a date" in last
    assert "Proof" in first.replace("A Proof", "")


@pytest.fixture(scope="module")
def reformed(tmp_path_factory: pytest.TempPathFactory) -> list[Sheet]:
    """The sheets of a book with words in another form, another image, and notes at its end."""
    root = tmp_path_factory.mktemp("reformed")
    book = root / "books" / "proof"
    first = f'{proof_book.FIRST}\n\n![Two squares](plan.png "The plan")'
    proof_book.write(book, first)
    toml = book / "book.toml"
    toml.write_text(toml.read_text("utf-8").replace("trim", 'notes = "book-end"\ntrim'), "utf-8")
    Image.new("L", (900, 600), 200).save(book / "plan.png")
    proof_book.commit(root)
    changed = first.replace("the longest of them all by", "the *longest* of them all by", 1)
    note = proof_book.NOTE.replace("The note", "The {>> Whose? <<}note").replace("says", "*says*")
    proof_book.write(book, changed, proof_book.SECOND + note)
    text = toml.read_text("utf-8").replace("trim", 'notes = "book-end"\ntrim')
    toml.write_text(text.replace("A Proof", "A Second Proof"), "utf-8")
    Image.new("L", (900, 600), 120).save(book / "plan.png")
    run = proof(book, root / "out", "--since", "v1", "--watermark", "")
    assert run.code == 0, run.err
    path = root / "out" / "proof-paperback.proof.pdf"
    with pypdfium2.PdfDocument(path) as document:
        last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert "Settings changed too, which have no bars: title." in " ".join(last.split())
    return list(sheets_of(path))


def test_words_in_another_form_and_another_image_have_bars(reformed: list[Sheet]) -> None:
    barred = [line for sheet in reformed for line in sheet.barred()]
    assert len(barred) == 2
    assert "longest of them all" in barred[0]
    assert "says" in barred[1]
    bars = [stroke for sheet in reformed for stroke in sheet.strokes if stroke.colour == BLUE]
    heights = sorted(abs(bar.end[1] - bar.start[1]) for bar in bars)
    # The image is as wide as the text, and two thirds as high.
    assert len(heights) == 3
    assert heights[1] < 14
    assert 130 < heights[2] < 260


def test_a_query_in_a_note_at_the_end_of_the_book_stands_there(reformed: list[Sheet]) -> None:
    (sheet,) = [one for one in reformed if any("Whose?" in text_of(line) for line in one.notes)]
    (note,) = [line for line in sheet.notes if "Whose?" in text_of(line)]
    assert "note says what" in sheet.line_at(note[0].y)
