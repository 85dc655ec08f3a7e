"""A sound cover, and the same broken in one place: that finding alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from check_samples import breaker

from conftest import BOOKS, CACHE, makeready
from makeready.book.model import Book, Edition
from makeready.checks.print.cover import CoverRequirements, check_cover, cover_requirements_of
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.printers.cover import CoverBox
from makeready.printers.print_job import print_job


@pytest.fixture(scope="module")
def book() -> Book:
    read = read_book(BOOKS / "garden", Findings())
    assert read is not None
    return read


@pytest.fixture
def cover(garden: Path, book: Book) -> tuple[Path, CoverRequirements]:
    """The garden's printed cover, and what it is measured by."""
    edition: Edition = next(e for e in book.editions if e.name == "paperback")
    files = json.loads((garden / "manifest.json").read_text("utf-8"))["files"]
    pages = next(f["pages"] for f in files if f["edition"] == "paperback" and f["kind"] == "print")
    name = "walled-garden-paperback-cover.pdf"
    return garden / name, cover_requirements_of(print_job(edition), pages, book.metadata)


def found(path: Path, requirements: CoverRequirements) -> list[str]:
    findings = Findings()
    check_cover(path, requirements, findings)
    return [finding.id for finding in findings]


def test_a_sound_cover(cover: tuple[Path, CoverRequirements]) -> None:
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
    cover: tuple[Path, CoverRequirements],
    tmp_path: Path,
    change: Callable[[pikepdf.Pdf], None],
    wanted: str,
) -> None:
    clean, requirements = cover
    assert found(breaker(clean, tmp_path)(change), requirements) == [wanted]


def test_it_says_what_the_book_says(cover: tuple[Path, CoverRequirements]) -> None:
    clean, requirements = cover
    assert found(clean, replace(requirements, titles=("Another",))) == ["COV-032"]
    assert found(clean, replace(requirements, authors=("Nobody",))) == ["COV-033"]
    assert found(clean, replace(requirements, price="51995")) == ["COV-031"]
    other = replace(requirements.requirements, isbn="9783161484100")
    assert found(clean, replace(requirements, requirements=other)) == ["COV-030"]


def test_the_ink_of_a_cover_is_measured(
    cover: tuple[Path, CoverRequirements], tmp_path: Path
) -> None:
    clean, requirements = cover
    profile = requirements.requirements.profile
    assert profile.rules.colour is not None
    colour = replace(profile.rules.colour, total_ink_percent=320)
    limited = replace(profile, rules=replace(profile.rules, colour=colour))
    strict = replace(requirements, requirements=replace(requirements.requirements, profile=limited))
    assert found(clean, strict) == []
    deep = breaker(clean, tmp_path)(paint("1 1 1 1 k 500 400 30 30 re"))
    assert found(deep, strict) == ["PRN-017"]


def test_text_keeps_its_distance(cover: tuple[Path, CoverRequirements]) -> None:
    clean, requirements = cover
    safe = requirements.geometry.front_safe.inset(45, 0)
    assert found(
        clean, replace(requirements, geometry=replace(requirements.geometry, front_safe=safe))
    ) == ["COV-025"]


def letter(left: float, bottom: float, size: float) -> Callable[[pikepdf.Pdf], None]:
    """Set the letters of the page that come first once more, so far from its lower left corner."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        said = list(pikepdf.parse_content_stream(page))
        font = next(one.operands[0] for one in said if str(one.operator) == "Tf")
        (shown,) = next(one.operands for one in said if str(one.operator) == "TJ")
        first = pikepdf.unparse_content_stream([([shown[0]], pikepdf.Operator("Tj"))])
        place = f"Q q 0 0 0 1 k BT {font} {size} Tf 1 0 0 1 {left} {bottom} Tm "
        page.contents_add(b"q", prepend=True)
        page.contents_add(place.encode() + first + b" ET Q")

    return change


def drawn(pdf: pikepdf.Pdf) -> None:
    """Leave no letter, as where all type was made into outlines."""
    shows = {"Tj", "TJ", "'", '"'}
    said = pikepdf.parse_content_stream(pdf.pages[0])
    kept = [one for one in said if str(one.operator) not in shows]
    pdf.pages[0].Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))


def test_text_on_the_spine_keeps_off_the_folds(
    cover: tuple[Path, CoverRequirements], tmp_path: Path
) -> None:
    clean, requirements = cover
    spine = requirements.geometry.spine
    fold, _, other, _ = spine.pdf_rect_pt(requirements.geometry.height_mm)
    bears = replace(
        requirements, geometry=replace(requirements.geometry, spine_text=spine.inset(0.3, 9))
    )
    bare = replace(requirements, geometry=replace(requirements.geometry, spine_text=None))
    assert found(clean, bare) == found(clean, bears) == []
    amid = breaker(clean, tmp_path)(letter((fold + other) / 2 - 0.6, 300, 2))
    assert found(amid, bears) == []
    assert found(amid, bare) == ["COV-023"]
    assert found(breaker(clean, tmp_path)(letter(fold + 0.1, 300, 2)), bears) == ["COV-024"]


def test_the_place_of_the_printer_s_barcode_is_clear(
    cover: tuple[Path, CoverRequirements], tmp_path: Path
) -> None:
    clean, requirements = cover
    # Its own barcode is painted over, and the printer's place is where nothing else is.
    blank = "0 20 390 95 re"
    place = CoverBox(10, requirements.geometry.height_mm - 35, 40, 20)
    asked = replace(
        requirements,
        geometry=replace(requirements.geometry, barcode=place),
        requirements=replace(requirements.requirements, isbn=""),
        price="",
    )
    bare = breaker(clean, tmp_path)(paint(blank))
    assert found(bare, asked) == []

    def lettered(pdf: pikepdf.Pdf) -> None:
        paint(blank)(pdf)
        letter(60, 60, 12)(pdf)

    assert found(breaker(clean, tmp_path)(lettered), asked) == ["COV-027"]
    painted = paint(f"{blank} f 0 0 0 .8 k 60 60 30 30 re")
    assert found(breaker(clean, tmp_path)(painted), asked) == ["COV-028"]


def test_a_front_without_letters(cover: tuple[Path, CoverRequirements], tmp_path: Path) -> None:
    clean, requirements = cover
    assert found(breaker(clean, tmp_path)(drawn), requirements) == ["COV-034"]


def test_the_weight_of_the_file(cover: tuple[Path, CoverRequirements]) -> None:
    clean, requirements = cover
    profile = requirements.requirements.profile
    megabytes = clean.stat().st_size / 1_000_000

    def weighed(most: float, advised: float) -> list[str]:
        rules = replace(
            profile.rules,
            file=replace(profile.rules.file, maximum_mb=most),
            covers=tuple(replace(row, advised_mb=advised) for row in profile.rules.covers),
        )
        lighter = replace(requirements.requirements, profile=replace(profile, rules=rules))
        return found(clean, replace(requirements, requirements=lighter))

    more, less = megabytes + 0.001, megabytes - 0.001
    assert weighed(more, more) == []
    assert weighed(more, less) == ["COV-036"]
    assert weighed(less, less) == ["COV-035"]


@pytest.mark.slow
def test_the_command_tells_of_a_broken_cover(garden: Path, tmp_path: Path) -> None:
    output, name = tmp_path / "out", "walled-garden-paperback-cover.pdf"
    output.mkdir()
    for file in ("manifest.json", "walled-garden-paperback.pdf", name):
        shutil.copy(garden / file, output)

    def told() -> list[str]:
        where = ("--book", BOOKS / "garden", "--output", output, "--cache", CACHE)
        run = makeready("check", "--json", *where)
        return [f["id"] for f in json.loads(run.out)["findings"] if f["path"] == name]

    assert told() == []
    shutil.copy(breaker(garden / name, tmp_path)(trimmed), output)
    assert told() == ["COV-022"]
    (output / "walled-garden-paperback.pdf").unlink()
    assert told() == ["COV-037"]
