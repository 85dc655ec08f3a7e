"""Ace by DAISY finds nothing against our books, and does find what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from check_samples import pack, small_epub
from readers import INSTALLED, chromium

ACE = INSTALLED / "node_modules" / ".bin" / "ace-puppeteer"

pytestmark = pytest.mark.slow


def violations(book: Path, output: Path) -> list[tuple[str, str]]:
    """Run Ace on an EPUB; return what it has against it, by document and rule."""
    assert ACE.exists(), "Ace is not installed: run `make test`."
    subprocess.run(
        [ACE, "--silent", "--force", "--outdir", output, book],
        env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": chromium()},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    report = json.loads((output / "report.json").read_text("utf-8"))
    found = list(_failed(report["assertions"]))
    assert (report["earl:result"]["earl:outcome"] == "pass") == (not found)
    return found


def _failed(assertions: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for document in assertions:
        for assertion in document["assertions"]:
            rule = assertion["earl:test"]["dct:title"]
            yield document["earl:testSubject"]["url"].rpartition("/")[2], rule


@pytest.mark.parametrize(
    "book",
    [
        pytest.param("interview", marks=pytest.mark.long),
        pytest.param("garden", marks=pytest.mark.long),
        pytest.param("manual", marks=pytest.mark.long),
        "lighthouse",
    ],
)
def test_no_violation_in_our_books(
    book: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    (path,) = request.getfixturevalue(book).glob("*.epub")
    assert violations(path, tmp_path / "report") == []


def test_an_image_without_description_is_seen(tmp_path: Path) -> None:
    files = small_epub()
    files["EPUB/nav.xhtml"] = files["EPUB/nav.xhtml"].replace(b' alt="a figure"', b"")
    found = violations(pack(files, tmp_path / "book.epub"), tmp_path / "report")
    assert ("nav.xhtml", "image-alt") in found
