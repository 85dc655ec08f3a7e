"""``makeready onix``: a book's finished files described to the trade, and what it does not say."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import onixcheck
import pikepdf
import pytest
from lxml import etree

from conftest import BOOKS, CACHE, Run, makeready
from makeready.onix.accessibility import features_of

NAMES = [f"walled-garden-onix-{release}.xml" for release in ("3.0", "3.1")]
FACTS = """
bisac = ["GAR000000 GARDENING / General"]
thema = ["WMB", "1DDU"]
keywords = ["walls"]
audience = "general"
territories = ["WORLD"]
series = { title = "Walls", position = 2 }
slug = "walled-garden\""""
Tell = Callable[..., Run]


def full(text: str) -> str:
    """Fill in what the trade asks."""
    text = text.replace('\nslug = "walled-garden"', FACTS)
    text = text.replace(
        'isbn = "978-0-306-40615-7"', 'isbn = "978-0-306-40615-7"\nprice = "USD 9.95"'
    )
    ebook = 'kind = "epub"\nisbn = "978-3-16-148410-0"\nprices = ["EUR 5"]'
    return text.replace('kind = "epub"', ebook)


@pytest.fixture
def tell(garden: Path, tmp_path: Path) -> Tell:
    """Describe the garden, with another ``book.toml`` and another manifest."""
    output = Path(shutil.copytree(garden, tmp_path / "dist"))
    book = Path(shutil.copytree(BOOKS / "garden", tmp_path / "garden"))
    given = (book / "book.toml").read_text("utf-8")

    def run(
        change: Callable[[str], str] = str,
        files: Callable[[list[dict[str, object]]], None] | None = None,
    ) -> Run:
        (book / "book.toml").write_text(change(given), "utf-8")
        if files is not None:
            manifest = json.loads((output / "manifest.json").read_text("utf-8"))
            files(manifest["files"])
            (output / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        return makeready("onix", "--book", book, "--output", output, "--cache", CACHE, "--json")

    return run


def texts(block: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in block.iter(f"{{*}}{name}")]


def extents(product: etree._Element) -> dict[str, str]:
    return dict(zip(texts(product, "ExtentType"), texts(product, "ExtentValue"), strict=True))


@pytest.mark.slow
def test_a_book_that_says_all_is_told_whole(tell: Tell) -> None:
    run = tell(full)
    assert (run.code, json.loads(run.out)["findings"]) == (0, [])
    for name in NAMES:
        assert onixcheck.validate(str(run.output / name), ("xsd", "rng")) == []
    content = [(run.output / name).read_bytes() for name in NAMES]
    assert tell(full).code == 0
    assert [(run.output / name).read_bytes() for name in NAMES] == content
    printed, ebook = etree.fromstring(content[1]).iter("{*}Product")
    assert texts(printed, "IDValue") == ["9780306406157", *["9783161484100"] * 2]
    assert texts(ebook, "IDValue") == ["9783161484100", *["9780306406157"] * 2]
    assert texts(printed, "ProductRelationCode") == ["06", "27"]
    assert texts(ebook, "ProductRelationCode") == ["06", "13"]
    _counts_the_pages(run.output, printed, ebook)
    _says_what_the_epub_says(run.output / "walled-garden.epub", ebook)
    listed = json.loads((run.output / "manifest.json").read_text("utf-8"))["files"]
    assert {one["path"] for one in listed} >= set(NAMES)


def _counts_the_pages(output: Path, printed: etree._Element, ebook: etree._Element) -> None:
    with pikepdf.open(output / "walled-garden-paperback.pdf") as pdf:
        folios = [page.label for page in pdf.pages if "/Contents" in page.obj]
        assert extents(printed)["06"] == str(len(pdf.pages))
    assert extents(printed)["00"] == folios[-1]
    path = output / "walled-garden.epub"
    with zipfile.ZipFile(path) as archive:
        (navigation,) = (
            archive.read(name)
            for name in archive.namelist()
            if name.endswith(".xhtml") and b'epub:type="toc"' in archive.read(name)
        )
    (pages,) = etree.fromstring(navigation).xpath("//*[@*[local-name()='type']='page-list']")
    assert extents(ebook)["08"] == str(len(list(pages.iter("{*}a"))))
    assert extents(ebook)["22"] == f"{path.stat().st_size / 1e6:.2f}"


def _says_what_the_epub_says(path: Path, ebook: etree._Element) -> None:
    with zipfile.ZipFile(path) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    told = [
        (
            *texts(feature, "ProductFormFeatureType"),
            *texts(feature, "ProductFormFeatureValue"),
            *(texts(feature, "ProductFormFeatureDescription") or [""]),
        )
        for feature in ebook.iter("{*}ProductFormFeature")
    ]
    assert told == [(one.kind, one.code, one.description) for one in features_of(package)]
    assert len(told) > 8


GAPS = {
    "isbn of an edition": ('\nisbn = "978-3-16-148410-0"', "ONX-001"),
    "publisher": ('\npublisher = "Potting Shed Press"', "ONX-002"),
    "price": ('\nprices = ["EUR 5"]', "ONX-003"),
    "description": ("\ndescription = ", "ONX-005"),
    "audience": ('\naudience = "general"', "ONX-006"),
    "territories": ('\nterritories = ["WORLD"]', "ONX-008"),
}


@pytest.mark.slow
def test_each_gap_is_a_finding_that_names_its_key(tell: Tell) -> None:
    for key, (line, rule) in GAPS.items():
        run = tell(lambda text, line=line: _without(full(text), line))
        findings = json.loads(run.out)["findings"]
        assert [one["id"] for one in findings] == [rule], key
        assert key.split()[0] in findings[0]["hint"]
        assert run.code == 0


def _without(text: str, line: str) -> str:
    before, found, after = text.partition(line)
    assert found, line
    return before + after[after.index("\n") :]


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["has not been built", "is out of date"])
def test_what_is_not_made_is_not_described(tell: Tell, reason: str) -> None:
    def change(files: list[dict[str, object]]) -> None:
        (interior,) = [one for one in files if one["kind"] == "print"]
        if reason == "has not been built":
            files.remove(interior)
        else:
            interior["outdated"] = True

    run = tell(full, change)
    (finding,) = json.loads(run.out)["findings"]
    assert (run.code, finding["id"]) == (1, "ONX-011")
    assert reason in finding["message"]
    assert not (run.output / NAMES[0]).exists()


@pytest.mark.slow
def test_a_book_that_says_nothing_is_valid_all_the_same(tell: Tell) -> None:
    run = tell(lambda text: text.replace('publisher = "Potting Shed Press"\n', ""))
    assert run.code == 0
    assert {one["id"] for one in json.loads(run.out)["findings"]} == {
        *("ONX-001", "ONX-002", "ONX-003", "ONX-004", "ONX-006", "ONX-008"),
    }
    for name in NAMES:
        assert onixcheck.validate(str(run.output / name), ("xsd", "rng")) == []


@pytest.mark.slow
def test_the_larger_book_is_told_whole(lighthouse: Path, tmp_path: Path) -> None:
    output = Path(shutil.copytree(lighthouse, tmp_path / "dist"))
    where = ("--book", BOOKS / "lighthouse", "--output", output, "--cache", CACHE, "--json")
    run = makeready("onix", *where)
    assert (run.code, json.loads(run.out)["findings"]) == (0, [])
    for release in ("3.0", "3.1"):
        path = output / f"keepers-reckoning-onix-{release}.xml"
        assert onixcheck.validate(str(path), ("xsd", "rng")) == []
        root = etree.parse(path).getroot()
        assert texts(root, "PartNumber") == ["2", "2"]
        assert texts(root, "ContributorRole") == ["A01", "B06"] * 2
        assert texts(root, "CurrencyCode") == ["GBP", "GBP", "EUR"]
    _says_what_the_epub_says(output / "keepers-reckoning.epub", list(root.iter("{*}Product"))[1])
