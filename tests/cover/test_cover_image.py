"""The cover image is drawn when something it shows has changed, and cached otherwise."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from conftest import CACHE, Run, makeready
from makeready.cache import DiskCache
from makeready.cover.design import CoverDesign, CoverImage, cover_design
from makeready.cover.image import CoverImageTask
from makeready.findings import SourceLocation
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts
from makeready.manuscript.reader import read_front
from makeready.templates.environment import Layouts

LAYOUT = """{% extends "house/cover.html.j2" %}
{% block front %}
<img src="images/front.png" alt="" style="width: 10rem; height: 10rem"/>
{% endblock %}
"""
ENGINE = " weasyprint"


def ebook(book: Path, cache: Path, output: str = "out", *options: str) -> Run:
    where = ("--book", book, "--output", book.parent / output, "--cache", cache)
    # A page list would need the engine, whatever the cover needs.
    what = ("build", "ebook", "--no-page-list", "--json")
    return makeready(*what, *where, *options, PYTHONPROFILEIMPORTTIME="1")


def cover_image_of(run: Run) -> bytes:
    (path,) = run.output.glob("*-cover.jpg")
    return path.read_bytes()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that has only the fonts."""
    return cache_with_fonts(tmp_path / "cache")


def cache_with_fonts(folder: Path) -> Path:
    """Return a new cache, with the fonts if any test has made them."""
    folder.mkdir()
    if (CACHE / "faces").is_dir():
        shutil.copytree(CACHE / "faces", folder / "faces", ignore=shutil.ignore_patterns(".*"))
    return folder


def test_a_cached_cover_needs_no_engine_and_has_its_findings(
    broken_book: Callable[..., Path], cache: Path
) -> None:
    book = broken_book()
    listing = book / "book.toml"
    listing.write_text(listing.read_text("utf-8").replace('title = "', 'title = "𓀀 '), "utf-8")
    accepted = '\n[[ignore]]\nid = "LAY-003"\npath = "book.toml"\nreason = "To see it drawn."\n'
    first = ebook(book, cache, "one", "--jobs", "1")
    assert [f[:2] for f in first.findings] == [("LAY-003", "book.toml")]
    assert ENGINE in first.err
    again = ebook(book, cache, "two", "--jobs", "1")
    assert json.loads(again.out)["findings"] == json.loads(first.out)["findings"]
    assert ENGINE not in again.err
    listing.write_text(listing.read_text("utf-8") + accepted, "utf-8")
    assert ebook(book, cache, "three").code == 0


def test_it_is_the_same_drawn_by_a_worker_and_not_drawn_again_for_a_text_edit(
    broken_book: Callable[..., Path], cache: Path, tmp_path: Path
) -> None:
    book = broken_book()
    by_worker = ebook(book, cache, "one", "--jobs", "2")
    assert by_worker.code == 0
    other = cache_with_fonts(tmp_path / "other")
    in_process = ebook(book, other, "two", "--jobs", "1")
    assert cover_image_of(by_worker) == cover_image_of(in_process)
    chapter = book / "chapter-1.md"
    chapter.write_text(chapter.read_text("utf-8") + "\nOne more.\n", "utf-8")
    edited = ebook(book, cache, "three", "--jobs", "1")
    assert ENGINE not in edited.err
    assert cover_image_of(edited) == cover_image_of(by_worker)


def test_two_ebooks_have_different_files_and_identifiers(
    broken_book: Callable[..., Path], cache: Path
) -> None:
    book = broken_book()
    where = ("--book", book, "--cache", cache, "--output")
    assert makeready("build", "ebook", *where, book.parent / "alone").code == 0
    (alone,) = identifiers(book.parent / "alone")
    with (book / "book.toml").open("a", encoding="utf-8") as listing:
        listing.write('\n[editions.store]\nkind = "epub"\n')
    assert makeready("build", "--kind", "epub", *where, book.parent / "both").code == 0
    both = identifiers(book.parent / "both")
    assert len(set(both.values())) == len(both)
    # The first one keeps its identifier.
    assert both["leaflet-ebook.epub"] == identifiers(book.parent / "alone")[alone]
    assert {path.name for path in (book.parent / "both").iterdir()} == {
        "leaflet-ebook.epub",
        "leaflet-ebook-cover.jpg",
        "leaflet-store.epub",
        "leaflet-store-cover.jpg",
        "manifest.json",
    }


def identifiers(folder: Path) -> dict[str, str]:
    """Return the unique identifier of each e-book in a folder, by its file."""
    found = {}
    for path in folder.glob("*.epub"):
        with zipfile.ZipFile(path) as archive:
            package = etree.fromstring(archive.read("EPUB/content.opf"))
            ncx = etree.fromstring(archive.read("EPUB/toc.ncx"))
        (found[path.name],) = package.xpath("//*[@id = /*/@unique-identifier]/text()")
        assert ncx.xpath("//*[@name = 'dtb:uid']/@content") == [found[path.name]]
    return found


def test_the_label_cuts_no_motif_of_the_pattern(interview: Path, garden: Path) -> None:
    for path in (interview / "kazakhstan-cover.jpg", garden / "walled-garden-cover.jpg"):
        with Image.open(path) as image:
            rem = image.width / 36
            beneath = round((8.7 + 22.2) * rem) + 4
            background = image.getpixel((round(rem / 5), beneath))
            row = [image.getpixel((x, beneath)) for x in range(0, image.width, 2)]
        label = row[round(5.1 * rem / 2) : round(30.9 * rem / 2)]
        assert all(max(abs(a - b) for a, b in zip(p, background, strict=True)) < 40 for p in label)


@pytest.fixture
def design(broken_book: Callable[..., Path]) -> CoverDesign:
    """The design of a cover whose layout, one of the book's own, shows an image."""
    book = broken_book()
    (book / "styles" / "layouts").mkdir(parents=True)
    (book / "styles" / "layouts" / "cover.html.j2").write_text(LAYOUT, "utf-8")
    paint(book, "red")
    front = read_front(book)
    assert front is not None
    layouts = Layouts(book)
    fonts = load_fonts(layouts.data_files("fonts.toml")[-1], CACHE / "faces")
    seal_fontconfig(fonts)
    return cover_design(front, layouts, fonts)


def paint(book: Path, colour: str) -> None:
    Image.new("RGB", (8, 8), colour).save(book / "images" / "front.png")


def drawn(design: CoverDesign, folder: Path) -> CoverImage:
    return CoverImageTask(design, DiskCache(folder, ".cover", 10_000_000)).result()


def cached_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_it_is_drawn_again_when_a_file_it_shows_changes(
    design: CoverDesign, tmp_path: Path
) -> None:
    store, book = tmp_path / "store", tmp_path / "book"
    red = drawn(design, store)
    assert "book/images/front.png" in red.shown
    (file,) = cached_files(store)
    mark(file)
    assert drawn(design, store) == red
    assert is_marked(file)
    paint(book, "blue")
    blue = drawn(design, store)
    assert blue.jpeg != red.jpeg
    assert not is_marked(file)
    (book / "images" / "front.png").unlink()
    missing = drawn(design, store)
    assert [finding.id for finding in missing.findings] == ["LAY-001"]
    paint(book, "red")
    assert drawn(design, store) == red


def mark(file: Path) -> None:
    """Give a cached file a mode that a newly written one does not have."""
    file.chmod(0o600)


def is_marked(file: Path) -> bool:
    return file.stat().st_mode & 0o777 == 0o600


def test_it_is_drawn_again_when_its_design_changes(design: CoverDesign, tmp_path: Path) -> None:
    document = design.document.replace("--ground: #", "--ground: #f")
    designs = [
        design,
        replace(design, document=design.document.replace("10rem", "12rem")),
        replace(design, stylesheets=(*design.stylesheets, "img { opacity: 0.5 }")),
        replace(design, fonts=design.fonts[:-1]),
        replace(design, document=document),
    ]
    assert len({each.key for each in designs}) == len(designs)
    images = [drawn(each, tmp_path / "store") for each in designs[:3]]
    assert len({image.jpeg for image in images}) == len(images)


def test_a_cover_that_needs_a_second_page(design: CoverDesign, tmp_path: Path) -> None:
    rule = 'body::after { content: ""; display: block; height: 1in; break-before: page }'
    longer = replace(design, stylesheets=(*design.stylesheets, rule))
    assert drawn(design, tmp_path / "store").findings == ()
    findings = drawn(longer, tmp_path / "store").findings
    assert [(f.id, f.location) for f in findings] == [("COV-001", SourceLocation("book.toml"))]


def test_a_damaged_image_is_drawn_again(design: CoverDesign, tmp_path: Path) -> None:
    store = tmp_path / "store"
    whole = drawn(design, store)
    (file,) = cached_files(store)
    content = file.read_bytes()
    for damaged in (b"", content[: len(content) // 2], content[:-1] + b"\0", b"\0" * 100):
        file.write_bytes(damaged)
        assert drawn(design, store) == whole
        assert file.read_bytes() == content
    # A valid entry that is no cover image.
    DiskCache(store, ".cover", 10_000_000).put(design.key, b'{"findings": 3}\n')
    assert drawn(design, store) == whole
