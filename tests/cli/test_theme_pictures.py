"""The pictures of themes: which pages they show, and that the book stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from makeready.book.config import read_config
from makeready.book.themes import read_theme
from makeready.build.request import BuildRequest, BuildResult
from makeready.cli import theme_pictures
from makeready.cli.theme_pictures import copy_in_theme, pages_to_show, write_theme_pictures
from makeready.errors import UsageError
from makeready.findings import Findings

TOML = """\
title = "A Book"
language = "en"
bodymatter = ["one"]

[ design ] # [old]
theme = "press"
[[contributors]]
name = "Somebody"
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "real.toml").write_text(TOML, "utf-8")
    (folder / "book.toml").symlink_to("real.toml")
    (folder / "one.md").write_text("# One\n", "utf-8")
    return folder


def test_a_book_is_copied_in_a_theme_and_stays_as_it_is(book: Path, tmp_path: Path) -> None:
    pictures = book / "pictures"
    pictures.mkdir()
    (pictures / "press.png").touch()
    os.mkfifo(book / "pipe")
    copy = tmp_path / "copy"
    copy_in_theme(book, copy, "classic", pictures)
    assert (book / "book.toml").read_text("utf-8") == TOML
    assert sorted(path.name for path in copy.iterdir()) == ["book.toml", "one.md", "real.toml"]
    findings = Findings()
    assert read_config(copy, findings) is not None
    assert 'theme = "classic"' in (copy / "book.toml").read_text("utf-8")
    assert "MET-003" not in {one.id for one in findings}


def test_a_book_without_a_print_edition_is_refused(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_pictures, "build", lambda *_: BuildResult())
    theme = read_theme("press")
    assert theme is not None
    request = BuildRequest(book, tmp_path / "out", tmp_path / "cache")
    with pytest.raises(UsageError, match="no print edition"):
        list(write_theme_pictures([theme], book, tmp_path / "out", request, print, 9.0))


@pytest.mark.parametrize(
    ("letters", "pages"),
    [
        ([20], [0]),
        ([0, 20], [1]),
        ([0, 20, 0, 90], [1, 3]),
        ([0, 20, 90], [1, 2]),
        ([9, 20, 0, 0, 90, 95, 93, 96], [1, 4, 5, 6, 7]),
    ],
)
def test_the_pages_that_are_shown_exist(letters: list[int], pages: list[int]) -> None:
    assert pages_to_show(letters) == pages
