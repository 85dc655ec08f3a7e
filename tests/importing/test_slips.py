"""Slips whose meaning is evident: prose that is indented, and headings without a space."""

from __future__ import annotations

import pytest

from importing.source_book import imported, write_files
from makeready.importing.slips import without_slips
from makeready.importing.typed_dashes import has_typed_dashes

PROSE = "    Nobody had seen the boat go out, and nobody saw it come in.\n"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (f"A.\n\n{PROSE}\nB.\n", f"A.\n\n{PROSE.lstrip()}\nB.\n"),
        ("A.\n\n##In Which It Rains\n\nB.\n", "A.\n\n## In Which It Rains\n\nB.\n"),
        ("A.\n\n    x = f(y)\n\nB.\n", ""),
        ("```\n\n##No\n```\n", ""),
        ("A\n##no\n", ""),
        ("## About ##vim\n", ""),
        ("#tag\n", ""),
        ("- a\n\n      " + PROSE.strip() + "\n", ""),
    ],
)
def test_slips(text: str, changed: str) -> None:
    assert without_slips(text) == (changed or text)


def test_a_book_of_one_file_is_dated(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("dated")
    write_files(folder, {"saga.md": "# Title: Saga\n\n## PART I\n\nText.\n\n## PART II\n\nText.\n"})
    book = imported(folder / "saga.md", folder / "book")
    assert "modified" in book.values


@pytest.mark.parametrize(
    ("text", "is_em"),
    [
        ("the men--the boys--the sea--all", True),
        ("the men--the boys", False),
        ("the men--the boys--the sea--all and then---no", False),
        ("the men -- the boys -- the sea -- all", False),
        ("run --a --b --c and 3--4, 5--6, 7--8", False),
        ("---\n\nthe men--the boys--the sea--all\n\n---\n", True),
    ],
)
def test_dashes_of_a_typewriter(text: str, *, is_em: bool) -> None:
    assert has_typed_dashes([text]) is is_em
