"""A manifest that came with a book lists files of the output folder, or nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from makeready.build.manifest import read_manifest
from makeready.deletion import ARTEFACT

ENTRY = {"path": "t.pdf", "edition": "a", "kind": "print", "pages": 2, "bytes": 3, "sha256": "00"}


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[object], list[str]]:
    (tmp_path / "secret.pdf").write_text("outside", "utf-8")
    output = tmp_path / "out"
    (output / "sub").mkdir(parents=True)
    for name in ("t.pdf", "t.txt", "sub/t.pdf", ".t.pdf"):
        (output / name).write_text("inside", "utf-8")
    (output / "folder.pdf").mkdir()
    (output / "link.pdf").symlink_to("../secret.pdf")
    (output / "inner.pdf").symlink_to("t.pdf")

    def read(manifest: object) -> list[str]:
        text = manifest if isinstance(manifest, str) else json.dumps({"files": manifest})
        (output / "manifest.json").write_text(text, "utf-8")
        return [artefact.path for artefact in read_manifest(output)]

    return read


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.pdf", "link.pdf", "inner.pdf", "sub/t.pdf", "folder.pdf", "gone.pdf", "t.txt"),
        *(".t.pdf", "", ".", "..", "manifest.json", "t\0.pdf", "./t.pdf", "/etc/hostname"),
    ],
)
def test_only_ordinary_files_in_the_folder_count(
    path: str, listed: Callable[[object], list[str]]
) -> None:
    assert listed([ENTRY, {**ENTRY, "path": path}]) == ["t.pdf"]


@pytest.mark.parametrize(
    "entry",
    [
        {**ENTRY, "pages": "many"},
        {**ENTRY, "path": ["t.pdf"]},
        {**ENTRY, "edition": None},
        {"path": "t.pdf"},
        "t.pdf",
        None,
    ],
)
def test_a_manifest_with_values_of_another_type_lists_nothing(
    entry: object, listed: Callable[[object], list[str]]
) -> None:
    assert listed([ENTRY, entry]) == []


@pytest.mark.parametrize("text", ["", "[]", '{"files": 1}', "[" * 100_000])
def test_a_manifest_that_is_none_lists_nothing(
    text: str, listed: Callable[[object], list[str]]
) -> None:
    assert listed(text) == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_a_manifest_that_is_no_file_lists_nothing(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / "manifest.json")
    assert read_manifest(tmp_path) == []


def test_names_of_finished_files_are_known() -> None:
    for name in ("the-book-paperback.pdf", "t.epub", "t-cover.jpg", "t-onix-3.1.xml", "ё.pdf"):
        assert ARTEFACT.fullmatch(name)
