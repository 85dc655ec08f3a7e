"""From a line on a page to the source and back, by the words where a block has several lines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from preview_runs import wait_for

from makeready.book.line_origins import LineOrigins, LineRun
from makeready.errors import UsageError
from makeready.findings import SourceLocation
from makeready.pdf.fragment import TextLine
from makeready.preview.editors import COMMAND, Editor, address_patterns, editor_of, run_command
from makeready.preview.made import PageEntry, SectionEntry
from makeready.preview.source_positions import SourcePositions, box_of

_SOURCE = """\
# One

The *first* words are here,
and [these](http://example.org/words) are in the
second and third of its lines.

Another block.
"""
_PAGES = [
    ["One", "The first words are here, and these are", "in the second and"],
    ["third of its lines.", "Another block."],
]
_BLOCKS = [[0, 3, 3], [3, 7]]


def _line(page: int, block: int, number: int) -> TextLine:
    return TextLine(page, 50.0, 250.0, 500.0 - 14 * number, 10.0, block, 0, 0)


@pytest.fixture
def positions(tmp_path: Path) -> SourcePositions:
    (tmp_path / "chapter-1.md").write_text(_SOURCE, "utf-8")
    lines = [
        _line(page, block, number)
        for page, blocks in enumerate(_BLOCKS)
        for number, block in enumerate(blocks)
    ]
    pages = [PageEntry("i", "blank"), PageEntry("1", "a", "key", 0), PageEntry("2", "b", "key", 1)]
    section = SectionEntry("chapter-1", "One", LineOrigins("chapter-1.md"))

    def texts(page: int, wanted: Sequence[TextLine]) -> list[str]:
        there = [one for one in lines if one.page == page - 1]
        return [_PAGES[page - 1][there.index(one)] for one in wanted]

    return SourcePositions(tmp_path, pages, {"key": section}, {"key": lines}, texts)


def test_each_line_has_the_source_line_that_it_begins_in(positions: SourcePositions) -> None:
    found = [
        source.line
        for page in (1, 2)
        for source in positions.sources(page, positions.on_page(page))
        if source is not None
    ]
    assert found == [1, 3, 4, 5, 7]
    assert positions.on_page(0) == []


@pytest.mark.parametrize(
    ("line", "places"),
    [(1, [(1, 0)]), (3, [(1, 1)]), (4, [(1, 2)]), (5, [(2, 0)]), (6, [(2, 0)]), (7, [(2, 1)])],
)
def test_a_source_line_has_its_place(
    positions: SourcePositions, line: int, places: list[tuple[int, int]]
) -> None:
    found = positions.places(SourceLocation("chapter-1.md", line))
    assert [(one.page, one.number) for one in found] == places
    assert positions.places(SourceLocation("chapter-2.md", line)) == []


def test_a_section_of_two_files_is_found_in_both(tmp_path: Path) -> None:
    origins = LineOrigins("a.md", (LineRun(4, "b.md", 1),))
    section = SectionEntry("chapter-1", "One", origins)
    lines = [_line(0, 3, 0), _line(0, 6, 1)]
    positions = SourcePositions(
        tmp_path,
        [PageEntry("1", "a", "key")],
        {"key": section},
        {"key": lines},
        lambda _, of: [""] * len(of),
    )
    assert positions.sources(0, lines) == [SourceLocation("a.md", 3), SourceLocation("b.md", 3)]
    assert [one.number for one in positions.places(SourceLocation("b.md", 3))] == [1]


def test_a_line_is_around_its_baseline() -> None:
    left, top, width, height = box_of(_line(0, 1, 0), 600.0)
    assert (left, width) == (50.0, 200.0)
    assert top < 100.0 < top + height


def test_a_file_outside_the_book_is_not_read(positions: SourcePositions, tmp_path: Path) -> None:
    (tmp_path / "chapter-1.md").unlink()
    outside = tmp_path.with_name("outside.md")
    outside.write_text(_SOURCE, "utf-8")
    (tmp_path / "chapter-1.md").symlink_to(outside)
    lines = positions.on_page(1)
    assert {one.line for one in positions.sources(1, lines) if one} == {1, 3}


def test_a_command_gets_the_file_as_one_word(tmp_path: Path) -> None:
    book = tmp_path / "a book; $(touch x)"
    book.mkdir()
    write = "import sys; open(sys.argv[1], 'w').write(sys.argv[2])"
    editor = editor_of(f'{sys.executable} -c "{write}" {{file}} +{{line}}')
    assert editor.name == COMMAND
    assert run_command(editor, book, SourceLocation("chapter-1.md", 7))
    made = book / "chapter-1.md"
    wait_for(lambda: made.is_file() and made.read_text("utf-8") == "+7")
    assert not run_command(Editor(COMMAND, ("no-such-program",)), book, SourceLocation("a.md", 1))


def test_editors_are_known_by_name_or_have_a_place_for_the_file() -> None:
    assert editor_of("") == editor_of("vscode")
    assert address_patterns()["idea"][1] == "idea://open?file={path}&line={line}"
    for text in ("emacs", "rm -rf /", "'"):
        with pytest.raises(UsageError, match=r"neither a known editor"):
            editor_of(text)
