"""The repository's own book, made for three printers and put into the folders sent to them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import onixcheck
import pikepdf
import pytest
from pdf_reading import page_texts, poppler

from conftest import CACHE, Run, makeready

FOLDERS = {"kdp": "paperback", "ingramspark": "ingramspark", "lulu": "lulu"}
STORES = {"kindle", "apple", "kobo", "google", "draft2digital", "ingramspark-ebook"}
PAGES = {"kdp": 28, "ingramspark": 30, "lulu": 32}
SPINES_IN = {"kdp": 28 * 0.0025, "ingramspark": 30 / 368, "lulu": 32 / 444 + 0.06}
"""Specifications 1.4, 2.3 and 3.1."""
NAMED = "PDF subtype:    PDF/X-1:2001"


@pytest.fixture(scope="module")
def kits(interview: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    output = Path(shutil.copytree(interview, tmp_path_factory.mktemp("own") / "dist"))
    run = makeready("kit", "--output", output, "--cache", CACHE, "--json")
    return run, output / "kit"


pytestmark = pytest.mark.slow


def test_all_checks_pass_and_what_is_missing_is_said(kits: tuple[Run, Path]) -> None:
    run, folder = kits
    assert run.code == 0, run.err
    assert [(rule, path) for rule, path, _ in run.findings if not rule.startswith("ONX")] == [
        ("PRN-065", "book.toml")
    ]
    assert {kit.name for kit in folder.iterdir()} == set(FOLDERS) | STORES
    # The e-book has no ISBN, price, publisher and date yet.
    assert {rule for rule, _, _ in run.findings if rule.startswith("ONX")} == {
        *("ONX-001", "ONX-002", "ONX-003", "ONX-007"),
    }


def test_every_store_takes_the_e_book(kits: tuple[Run, Path]) -> None:
    for store in STORES:
        folder = kits[1] / store
        report = json.loads((folder / "report.json").read_text("utf-8"))
        assert all(one["severity"] != "error" for one in report["findings"])
        for name in ("kazakhstan-onix-3.0.xml", "kazakhstan-onix-3.1.xml"):
            assert onixcheck.validate(str(folder / name), ("xsd", "rng")) == []


@pytest.mark.parametrize("printer", FOLDERS)
def test_a_printer_is_sent_what_it_asks_for(kits: tuple[Run, Path], printer: str) -> None:
    folder = kits[1] / printer
    stem = f"kazakhstan-{FOLDERS[printer]}"
    interior, cover = folder / f"{stem}.pdf", folder / f"{stem}-cover.pdf"
    for path in (interior, cover):
        subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
        # Lulu asks for no standard, and the house gives it none it does not ask for.
        assert (NAMED in poppler("pdfinfo", path)) is (printer != "lulu")
    inks = subprocess.run(
        ["gs", "-q", "-o", "-", "-sDEVICE=ink_cov", interior],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    covered = re.findall(r"([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) CMYK OK", inks)
    assert len(covered) == PAGES[printer]
    assert {row[:3] for row in covered} == {("0.00000", "0.00000", "0.00000")}
    with pikepdf.open(interior) as pdf:
        boxes = {tuple(map(float, page.mediabox)) for page in pdf.pages}
        assert (boxes, len(pdf.pages)) == ({(0, 0, 360, 576)}, PAGES[printer])
    texts = page_texts(interior)
    printed = max(number for number, text in enumerate(texts, 1) if text.strip())
    assert texts[:printed] == page_texts(kits[1] / "kdp" / "kazakhstan-paperback.pdf")[:printed]
    assert (printer == "ingramspark") <= (not texts[-1].strip())
    spine_in = SPINES_IN[printer]
    with pikepdf.open(cover) as pdf:
        width, height = (float(side) / 72 for side in pdf.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((10.25 + spine_in, 8.25), abs=0.002)
    form = json.loads((folder / "form.json").read_text("utf-8"))
    assert (form["pages"], form["bleed"], "isbn" in form) == (str(PAGES[printer]), "no", False)
    assert f"({spine_in:.4f} in)" in form["spine"]
