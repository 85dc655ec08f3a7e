"""What a printer asks for and a book has not is said, and never made up."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from conftest import CACHE, makeready

BOOK = """
title = "A Pamphlet"
language = "en"
modified = 2026-11-01
slug = "pamphlet"
bodymatter = [{chapters}]

[[contributors]]
name = "Somebody"
"""
EDITIONS = """
[editions.named]
kind = "print"
printer = "ingramspark"
paper = "groundwood"
isbn = "978-0-306-40615-7"

[editions.nameless]
kind = "print"
printer = "ingramspark"
paper = "groundwood"

[editions.barnes]
kind = "print"
printer = "bnpress"
"""
OURS = {"form.html", "form.json", "report.html", "report.json", "SHA256SUMS"}


@pytest.fixture
def pamphlet(tmp_path: Path) -> Path:
    """A book of a few words in nine chapters, which are enough pages for these printers."""
    folder = tmp_path / "pamphlet"
    folder.mkdir()
    names = [f"chapter-{number}" for number in range(1, 10)]
    for name in names:
        (folder / f"{name}.md").write_text("# Another\n\nA few words, and no more.\n", "utf-8")
    listed = ", ".join(f'"{name}"' for name in names)
    text = BOOK.format(chapters=listed) + EDITIONS
    (folder / "book.toml").write_text(text, "utf-8")
    return folder


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()} - OURS


def isbn_on(cover: Path) -> str:
    """Read the barcode off a cover as it is printed, at 300 dpi."""
    with pypdfium2.PdfDocument(cover) as pdf:
        read = zxingcpp.read_barcode(pdf[0].render(scale=300 / 72, grayscale=True).to_pil())
    return read.text if read is not None else ""


@pytest.mark.slow
def test_a_folder_says_what_it_lacks_of_isbn_and_cover(pamphlet: Path, tmp_path: Path) -> None:
    output = tmp_path / "dist"
    where = ("--book", pamphlet, "--output", output, "--cache", CACHE, "--json")
    built = makeready("build", *where)
    assert (built.code, built.findings) == (0, []), built.err

    run = makeready("kit", *where)
    assert run.code == 0, run.err
    lines = (pamphlet / "book.toml").read_text("utf-8").splitlines()
    told = [(rule, path, lines[(line or 0) - 1]) for rule, path, line in run.findings]
    assert told == [
        ("PRN-065", "book.toml", "[editions.nameless]"),
        ("PRN-066", "book.toml", "[editions.barnes]"),
    ]
    kits = output / "kit"
    assert sorted(folder.name for folder in kits.iterdir()) == [
        "bnpress",
        "ingramspark-named",
        "ingramspark-nameless",
    ]
    assert files(kits / "ingramspark-named") == {"9780306406157_txt.pdf", "9780306406157_cov.pdf"}
    assert isbn_on(kits / "ingramspark-named" / "9780306406157_cov.pdf") == "9780306406157"
    own = {"pamphlet-nameless.pdf", "pamphlet-nameless-cover.pdf"}
    assert files(kits / "ingramspark-nameless") == own
    assert files(kits / "bnpress") == {"pamphlet-barnes.pdf"}
    for name, missing in (("ingramspark-named", []), ("ingramspark-nameless", ["PRN-065"])):
        report = json.loads((kits / name / "report.json").read_text("utf-8"))
        assert [one["id"] for one in report["findings"] if one["severity"] != "note"] == missing
        form = (kits / name / "form.html").read_text("utf-8")
        assert ("ISBN_txt.pdf and ISBN_cov.pdf" in form) is bool(missing)

    # A cover that can be made and was not is no small thing to lack.
    (output / "pamphlet-named-cover.pdf").unlink()
    run = makeready("kit", "named", *where)
    assert run.code == 1
    assert [rule for rule, _, _ in run.findings] == ["PRN-064"]
    assert "its cover has not been built" in run.out
    assert not (kits / "ingramspark-named").exists()
