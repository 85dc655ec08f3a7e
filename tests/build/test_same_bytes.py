"""The same book, built in two folders under two environments, is the same to the byte."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
import weasyprint
from weasyprint.text.ffi import pango

from conftest import BOOKS, CACHE, ROOT, makeready
from makeready import __version__


def digests(output: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.iterdir())
        if path.is_file()
    }


def test_two_builds_in_two_folders(garden: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a place with spaces" / "деревня"
    shutil.copytree(BOOKS / "garden", elsewhere / "book")
    run = makeready(
        "build",
        "--book",
        "book",
        "--output",
        elsewhere / "out",
        "--cache",
        CACHE.resolve(),
        cwd=elsewhere,
        PYTHONHASHSEED="77",
        TZ="Asia/Almaty",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        SOURCE_DATE_EPOCH="86400",
    )
    assert run.code == 0, run.err
    assert digests(elsewhere / "out") == digests(garden)


@pytest.mark.long
def test_the_larger_book_again(lighthouse: Path, tmp_path: Path) -> None:
    book = ("--book", BOOKS / "lighthouse")
    output = ("--output", tmp_path / "out", "--cache", tmp_path / "cache")
    run = makeready("build", *book, *output, PYTHONHASHSEED="5")
    assert run.code == 0, run.err
    assert digests(tmp_path / "out") == digests(lighthouse)


def test_the_repository_book_in_another_folder_with_a_cache_of_its_own(
    interview: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "manuscript", tmp_path / "copy" / "book")
    run = makeready(
        *("build", "--book", "book", "--output", "out", "--cache", "cache", "--jobs", "1"),
        cwd=tmp_path / "copy",
        PYTHONHASHSEED="1",
    )
    assert run.code == 0, run.err
    assert digests(tmp_path / "copy" / "out") == digests(interview)


def test_manifest_tells_of_every_artefact(interview: Path) -> None:
    manifest = json.loads((interview / "manifest.json").read_text("utf-8"))
    assert [(f["path"], f["edition"], f["kind"], f["pages"]) for f in manifest["files"]] == [
        ("kazakhstan-cover.jpg", "ebook", "cover", None),
        ("kazakhstan-ingramspark-cover.pdf", "ingramspark", "wrap", 1),
        ("kazakhstan-ingramspark.pdf", "ingramspark", "print", 30),
        ("kazakhstan-lulu-cover.pdf", "lulu", "wrap", 1),
        ("kazakhstan-lulu.pdf", "lulu", "print", 32),
        ("kazakhstan-paperback-cover.pdf", "paperback", "wrap", 1),
        ("kazakhstan-paperback.pdf", "paperback", "print", 28),
        ("kazakhstan-screen.pdf", "screen", "screen", 19),
        ("kazakhstan.epub", "ebook", "epub", None),
    ]
    for entry in manifest["files"]:
        content = (interview / entry["path"]).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    versions = manifest["versions"]
    assert versions["makeready"] == __version__
    assert versions["weasyprint"] == weasyprint.__version__
    number = int(pango.pango_version())
    assert versions["pango"] == f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    assert re.fullmatch(r"\d+\.\d+\.\d+", versions["harfbuzz"])
    assert re.fullmatch(r"2\.\d+\.\d+", versions["fontconfig"])
    assert len(versions) == 5
    assert set(manifest["findings"]) == {"error", "warning", "note"}
    assert manifest["findings"]["error"] == 0
    assert manifest["findings"]["note"] > 5
    assert {path.name for path in interview.iterdir()} == {
        "manifest.json",
        *(entry["path"] for entry in manifest["files"]),
    }
