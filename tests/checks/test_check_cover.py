"""A sound cover, and the same broken in one place: that finding alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from check_samples import breaker

from conftest import BOOKS
from makeready.book.model import Book, Edition
from makeready.checks.cover import CoverDemands, check_cover, cover_demands_of
from makeready.findings import Findings
from makeready.manuscript.reader import read_book


@pytest.fixture(scope="module")
def book() -> Book:
    read = read_book(BOOKS / "garden", Findings())
    assert read is not None
    return read


@pytest.fixture
def cover(garden: Path, book: Book) -> tuple[Path, CoverDemands]:
    """The garden's printed cover, and what it is measured by."""
    import json  # noqa: PLC0415

    edition: Edition = next(e for e in book.editions if e.name == "paperback")
    files = json.loads((garden / "manifest.json").read_text("utf-8"))["files"]
    pages = next(f["pages"] for f in files if f["edition"] == "paperback" and f["kind"] == "print")
    name = "walled-garden-paperback-cover.pdf"
    return garden / name, cover_demands_of(edition, pages, book.metadata)


def found(path: Path, demands: CoverDemands) -> list[str]:
    findings = Findings()
    check_cover(path, demands, findings)
    return [finding.id for finding in findings]


def test_a_sound_cover(cover: tuple[Path, CoverDemands]) -> None:
    assert found(*cover) == []


def paint(operators: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.contents_add(b"q", prepend=True)
        page.contents_add(f"Q q 0 0 0 0 k {operators} f Q".encode())

    return change


def wider(pdf: pikepdf.Pdf) -> None:
    for box in ("MediaBox", "BleedBox"):
        pdf.pages[0].obj[f"/{box}"][2] = float(pdf.pages[0].obj[f"/{box}"][2]) + 9


def trimmed(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.TrimBox[0] = 30


def doubled(pdf: pikepdf.Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (doubled, "COV-020"),
        (wider, "COV-021"),
        (trimmed, "COV-022"),
        (paint("0 0 3000 4 re"), "COV-026"),
        (paint("0 20 390 95 re"), "COV-029"),
    ],
)
def test_one_break_is_one_finding(
    cover: tuple[Path, CoverDemands],
    tmp_path: Path,
    change: Callable[[pikepdf.Pdf], None],
    wanted: str,
) -> None:
    clean, demands = cover
    assert found(breaker(clean, tmp_path)(change), demands) == [wanted]


def test_it_says_what_the_book_says(cover: tuple[Path, CoverDemands]) -> None:
    clean, demands = cover
    assert found(clean, replace(demands, titles=("Another",))) == ["COV-032"]
    assert found(clean, replace(demands, authors=("Nobody",))) == ["COV-033"]
    assert found(clean, replace(demands, price="51995")) == ["COV-031"]
    other = replace(demands.demands, isbn="9783161484100")
    assert found(clean, replace(demands, demands=other)) == ["COV-030"]


def test_text_keeps_its_distance(cover: tuple[Path, CoverDemands]) -> None:
    clean, demands = cover
    safe = demands.geometry.front_safe.inset(45, 0)
    assert found(clean, replace(demands, geometry=replace(demands.geometry, front_safe=safe))) == [
        "COV-025"
    ]
