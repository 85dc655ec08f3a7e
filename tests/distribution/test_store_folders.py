"""The folder that is sent to a store: whole, as that store takes it, or not there."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import onixcheck
import pytest
from lxml import etree
from PIL import Image

from conftest import BOOKS, CACHE, Run, makeready
from makeready.book.model import Book, Edition, EditionKind
from makeready.distribution.listing import store_form_entries
from makeready.epub.remove_cover_page import remove_cover_page
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.reader import read_book
from makeready.stores.store import read_store

GARDEN = BOOKS / "garden"
STORES = 'kind = "epub"\nisbn = "978-3-16-148410-0"\nstores = ["kindle", "google"]'
ONIX = {f"walled-garden-onix-{release}.xml" for release in ("3.0", "3.1")}
PAGES = {"form.html", "form.json", "report.html", "report.json", "SHA256SUMS"}


def _kit(book: Path, output: Path, *options: str) -> Run:
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    return makeready("kit", "ebook", *where, *options)


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def output(garden: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(garden, tmp_path / "dist"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The garden, with the stores its e-book goes to."""
    book = Path(shutil.copytree(GARDEN, tmp_path / "garden"))
    text = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(text.replace('kind = "epub"', STORES), "utf-8")
    return book


@pytest.mark.slow
def test_each_store_has_its_folder_and_the_same_bytes_again(book: Path, output: Path) -> None:
    run = _kit(book, output)
    assert run.code == 0, run.out
    kits = output / "kit"
    assert {folder.name for folder in kits.iterdir()} == {"kindle", "google"}
    kindle, google = _contents(kits / "kindle"), _contents(kits / "google")
    assert set(kindle) == {"walled-garden.epub", "walled-garden-cover.jpg"} | ONIX | PAGES
    names = {"9783161484100.epub", "9783161484100_frontcover.jpg"}
    assert set(google) == names | ONIX | PAGES
    made = output / "walled-garden.epub"
    assert (kits / "google" / "9783161484100.epub").read_bytes() == made.read_bytes()
    for folder in (kits / "kindle", kits / "google"):
        _is_whole(folder)
    _lacks_the_cover_page_alone(made, kits / "kindle" / "walled-garden.epub")
    assert _kit(book, output).code == 0
    assert (_contents(kits / "kindle"), _contents(kits / "google")) == (kindle, google)


def _is_whole(folder: Path) -> None:
    files = _contents(folder)
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert sums == {name: digest for name, digest in files.items() if name != "SHA256SUMS"}
    (picture,) = folder.glob("*.jpg")
    with Image.open(picture) as cover:
        assert (cover.format, cover.mode, cover.size) == ("JPEG", "RGB", (1600, 2560))
    for name in ONIX:
        assert onixcheck.validate(str(folder / name), ("xsd", "rng")) == []
        (product,) = etree.parse(folder / name).getroot().iter("{*}Product")
        assert product.find("{*}ProductIdentifier/{*}IDValue").text == "9783161484100"
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert {one["id"] for one in report["findings"]} == {
        *("ONX-003", "ONX-004", "ONX-006", "ONX-008"),
    }
    form = json.loads((folder / "form.json").read_text("utf-8"))
    assert (form["title"], form["isbn"]) == ("The Walled Garden", "9783161484100")


def _lacks_the_cover_page_alone(made: Path, kindle: Path) -> None:
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(kindle) as bare:
        assert set(whole.namelist()) - set(bare.namelist()) == {"EPUB/text/cover.xhtml"}
        changed = {name for name in bare.namelist() if whole.read(name) != bare.read(name)}
        assert changed == {"EPUB/content.opf", "EPUB/text/toc.xhtml"}
        package, contents = (bare.read(name).decode() for name in sorted(changed))
    assert "cover.xhtml" not in package + contents
    assert 'idref="cover"' not in package
    assert 'properties="cover-image"' in package and 'name="cover"' in package
    assert contents.count("<a ") == _links(made) - 1


def _links(made: Path) -> int:
    with zipfile.ZipFile(made) as whole:
        return whole.read("EPUB/text/toc.xhtml").decode().count("<a ")


@pytest.mark.long
def test_a_store_that_refuses_the_book_has_no_folder(book: Path, output: Path) -> None:
    assert _kit(book, output).code == 0
    _make_cover_narrow(output / "walled-garden.epub", 630)
    run = _kit(book, output)
    assert run.code == 1
    found = {rule for rule, _, _ in run.findings}
    assert {"EPU-007", "STO-025"} <= found
    assert {folder.name for folder in (output / "kit").iterdir()} == {"kindle"}


def _make_cover_narrow(path: Path, width: int) -> None:
    """Give an EPUB a cover that Google takes for too small, and Kindle does not."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, 1008)).save(buffer, "JPEG")
    with zipfile.ZipFile(path) as archive:
        files = {entry: archive.read(entry) for entry in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in files.items():
            is_cover = entry.filename == "EPUB/cover.jpg"
            archive.writestr(entry, buffer.getvalue() if is_cover else content)


@pytest.mark.long
def test_one_store_is_asked_for(output: Path) -> None:
    run = _kit(GARDEN, output, "--store", "kobo")
    assert run.code == 0, run.out
    assert {folder.name for folder in (output / "kit").iterdir()} == {"kobo"}
    assert _kit(GARDEN, output, "--store", "kobbo").code == 2


@pytest.mark.long
def test_a_store_that_accepts_no_page_numbers_gets_the_index_by_section(output: Path) -> None:
    run = _kit(GARDEN, output, "--store", "ingramspark")
    assert run.code == 0, run.out
    made, kit = output / "walled-garden.epub", output / "kit" / "ingramspark"
    (sent,) = kit.glob("*.epub")
    assert re.fullmatch(r"[\dxiv–;]+", ";".join(_index_labels(made)))
    # Several places in one section are numbered after its title.
    titled = [label for label in _index_labels(sent) if not re.fullmatch("[1-9]", label)]
    assert titled and not re.search(r"\d\d|\d–\d", " ".join(titled))
    with zipfile.ZipFile(sent) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf", ".ncx"))]
        text = "".join(archive.read(name).decode() for name in names)
    for mark in (
        "pagebreak",
        "page-list",
        "pageList",
        "pageBreak",
        "pageNavigation",
    ):
        assert mark not in text, mark
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(sent) as archive:
        assert set(archive.namelist()) == set(whole.namelist())
        assert archive.read("EPUB/cover.jpg") == whole.read("EPUB/cover.jpg")
    report = json.loads((kit / "report.json").read_text("utf-8"))
    assert not {"STO-029", "ACC-027"} & {one["id"] for one in report["findings"]}
    content = sent.read_bytes()
    assert _kit(GARDEN, output, "--store", "ingramspark").code == 0
    assert sent.read_bytes() == content


def _index_labels(ebook: Path) -> list[str]:
    with zipfile.ZipFile(ebook) as archive:
        index = etree.fromstring(archive.read("EPUB/text/index.xhtml"))
    links = index.iter("{http://www.w3.org/1999/xhtml}a")
    return ["".join(a.itertext()) for a in links if "index-locator" in (a.get("class") or "")]


@pytest.fixture(scope="module")
def told() -> Book:
    book = read_book(GARDEN, Findings())
    assert book is not None
    return book


@pytest.mark.parametrize(
    ("words", "rules", "kept"),
    [
        (7, [], 7),
        (8, ["STO-026"], 7),
    ],
)
def test_a_listing_keeps_to_the_number_of_keywords(
    told: Book, words: int, rules: list[str], kept: int
) -> None:
    assert _keywords(told, tuple(f"word {n}" for n in range(words))) == (rules, kept)


def test_a_listing_leaves_out_a_keyword_that_is_too_long(told: Book) -> None:
    assert _keywords(told, ("a" * 50,)) == ([], 1)
    assert _keywords(told, ("a" * 51, "b")) == (["STO-027"], 1)


def _keywords(book: Book, words: tuple[str, ...]) -> tuple[list[str], int]:
    metadata = book.metadata
    changed = replace(book, metadata=replace(metadata, keywords=words, subjects=()))
    findings = Findings()
    edition = Edition("ebook", EditionKind.EPUB)
    place = SourceLocation("book.toml", 1)
    entries = store_form_entries(changed, edition, read_store("kindle"), findings, place)
    (keywords,) = [entry.value for entry in entries if entry.key == "keywords"]
    return [one.id for one in findings], len(re.split("; ", keywords))


def test_the_cover_page_is_taken_out_the_same_way_each_time(garden: Path, tmp_path: Path) -> None:
    for name in ("one.epub", "two.epub"):
        remove_cover_page(garden / "walled-garden.epub", tmp_path / name)
    assert (tmp_path / "one.epub").read_bytes() == (tmp_path / "two.epub").read_bytes()
