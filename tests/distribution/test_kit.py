"""The folder that is uploaded to a printer: whole and true, or not there."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from pathlib import Path

import pikepdf
import pytest

from conftest import BOOKS, CACHE, makeready

GARDEN = BOOKS / "garden"


def kit(output: Path) -> tuple[int, list[tuple[str, str, int | None]]]:
    run = makeready("kit", "--book", GARDEN, "--output", output, "--cache", CACHE, "--json")
    # The folders that it says it made are those that are there.
    there = sorted(f"kit/{one.name}" for one in (output / "kit").glob("*"))
    assert sorted(json.loads(run.out).get("folders", [])) == there
    return run.code, run.findings


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def output(garden: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(garden, tmp_path / "dist"))


@pytest.mark.slow
def test_a_sound_edition_is_whole_in_its_folder_and_a_broken_one_is_not_there(output: Path) -> None:
    code, before = kit(output)
    assert (code, [one for one in before if one[0] == "PRN-064"]) == (0, [])
    folder = output / "kit" / "kdp"
    files = contents(folder)
    interior, cover = "walled-garden-paperback.pdf", "walled-garden-paperback-cover.pdf"
    with pikepdf.open(output / interior) as pdf:
        pages = len(pdf.pages)
    assert {name for name in files if not name.startswith("pages/")} == {
        interior,
        cover,
        "form.html",
        "form.json",
        "report.html",
        "report.json",
        "SHA256SUMS",
    }
    assert sum(name.startswith("pages/") for name in files) == pages + 1
    assert (folder / interior).read_bytes() == (output / interior).read_bytes()
    sums = dict(
        reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    assert sums == {name: one for name, one in files.items() if name != "SHA256SUMS"}
    _says_what_the_book_says(folder, pages)

    assert kit(output)[0] == 0
    assert contents(folder) == files

    with pikepdf.open(output / interior, allow_overwriting_input=True) as pdf:
        pdf.pages[3].obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Text)])
        pdf.save()
    code, found = kit(output)
    assert code == 1
    assert {one[0] for one in found} - {one[0] for one in before} == {"PRN-009", "PRN-064"}
    assert list((output / "kit").iterdir()) == []


def _says_what_the_book_says(folder: Path, pages: int) -> None:
    book = tomllib.loads((GARDEN / "book.toml").read_text("utf-8"))
    form = json.loads((folder / "form.json").read_text("utf-8"))
    for key in ("title", "subtitle", "language", "publisher", "description"):
        assert form[key] == book[key]
    assert form["keywords"] == "; ".join(book["subjects"])
    assert all(one["name"] in form["contributors"] for one in book["contributors"])
    assert form["isbn"].replace("-", "") == "9780306406157"
    assert (form["pages"], form["bleed"]) == (str(pages), "no")
    assert form["spine"].startswith(f"{pages * 0.0025 * 25.4:.2f} mm")
    assert (form["trim"], form["paper"], form["ink"]) == ("5.5 × 8.5 in", "cream", "black")
