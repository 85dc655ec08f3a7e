"""A technical book comes out whole: code in every place, listings, wide tables, no settings."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from pdf_reading import page_texts

from conftest import BOOKS, CACHE, makeready

BOOK = BOOKS / "seedbank"
LISTING = re.compile(r"^ *```.*?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


def letters_alone(text: str) -> str:
    """Return what a line break, a hyphen at its end or a quotation mark cannot change."""
    return re.sub(r"[\W_]", "", text)


def test_nothing_is_found_in_it(seedbank: Path, tmp_path: Path) -> None:
    folders = ("--book", BOOK, "--output", tmp_path / "out", "--cache", CACHE)
    run = makeready("build", *folders, "--json")
    assert (run.code, run.findings) == (0, [])
    assert sorted(p.name for p in tmp_path.glob("out/*.pdf")) == sorted(
        p.name for p in seedbank.glob("*.pdf")
    )


@pytest.mark.parametrize("edition", ["paperback", "screen"])
def test_every_listing_is_printed_in_order(seedbank: Path, edition: str) -> None:
    printed = "\n".join(page_texts(seedbank / f"seed-bank-{edition}.pdf")[4:])
    printed = letters_alone(re.sub(r"(?m)^(\d+\s+)?THE SEED BANK.*$", "", printed, flags=re.I))
    listings = [
        listing
        for name in ("chapter-1", "chapter-2", "chapter-3", "chapter-4", "appendix-1")
        for listing in LISTING.findall((BOOK / f"{name}.md").read_text("utf-8"))
    ]
    assert len(listings) >= 6
    at = 0
    for listing in listings:
        for line in filter(None, map(letters_alone, listing.splitlines())):
            at = printed.find(line, at)
            assert at >= 0, line
            at += len(line)


def test_the_screen_edition_takes_the_trim_of_the_paperback(seedbank: Path) -> None:
    for edition in ("paperback", "screen"):
        with pikepdf.open(seedbank / f"seed-bank-{edition}.pdf") as pdf:
            box = [float(side) for side in pdf.pages[0].trimbox]
        assert (box[2] - box[0], box[3] - box[1]) == (504, 720)
