"""Folders and files that cannot be written are named, with an exit code of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import BOOKS, CACHE, Run, makeready


def build(output: Path, cache: Path = CACHE) -> Run:
    return makeready("build", "--book", BOOKS / "leaflet", "--output", output, "--cache", cache)


def test_a_file_in_place_of_the_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("", "utf-8")
    run = build(tmp_path / "out", tmp_path / "cache")
    assert run.code == 6, run.err
    assert f"Cannot read or write {tmp_path / 'cache'}" in run.err
    assert "report it" not in run.err


@pytest.mark.slow
def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "out" / "leaflet-paperback.pdf"
    in_the_way.mkdir(parents=True)
    run = build(tmp_path / "out")
    assert run.code == 6, run.err
    assert f"Cannot read or write {in_the_way}: is a directory." in run.err
    assert "report it" not in run.err
