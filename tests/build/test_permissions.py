"""The permissions of what is made: those that the umask leaves, for every kind of file."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from conftest import CACHE, makeready
from makeready.files import write_whole

BOOK = Path(__file__).parents[1] / "books" / "leaflet"


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o022, 0o027, 0o077])
def test_a_file_has_the_permissions_that_the_umask_leaves(mask: int, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir(mode=0o700)
    with umask(mask):
        write_whole(tmp_path / "new" / "a", b"a")
        write_whole(tmp_path / "new" / "b", b"b", drafts)
    assert permissions(tmp_path / "new" / "a") == permissions(tmp_path / "new" / "b")
    assert permissions(tmp_path / "new" / "b") == 0o666 & ~mask
    assert permissions(tmp_path / "new") == 0o777 & ~mask


@pytest.mark.slow
@pytest.mark.parametrize("mask", [0o007, pytest.param(0o077, marks=pytest.mark.long)])
def test_all_artefacts_follow_the_umask(mask: int, tmp_path: Path) -> None:
    book, output = tmp_path / "book", tmp_path / "out"
    shutil.copytree(BOOK, book)
    Image.new("L", (1200, 1200)).save(book / "images/square.png")
    for path in (book, *book.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with umask(mask):
        for command in ("build", "onix", "kit"):
            run = makeready(command, "--book", book, "--output", output, "--cache", CACHE)
            assert run.code == 0, run.out + run.err
    made = list(output.rglob("*"))
    assert {path.suffix for path in made} >= {
        ".pdf",
        ".epub",
        ".jpg",
        ".json",
        ".xml",
        ".html",
        ".png",
    }
    for path in made:
        assert permissions(path) == (0o777 if path.is_dir() else 0o666) & ~mask, path
