"""The page numbers of the print edition in the e-book: exact, listed, and named by their source."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from pdf_reading import Letter, letters, page_labels

from conftest import CACHE, makeready
from makeready.book.model import EditionKind
from makeready.build.request import print_edition_of
from makeready.findings import Findings
from makeready.manuscript.reader import read_book

_XHTML = "{http://www.w3.org/1999/xhtml}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_MARK = f".//{_XHTML}span[@role='doc-pagebreak']"
_INDEX = f".//{_XHTML}section[@role='doc-index']"
_LETTERS = 24
_RAISED_PT = 6.0


def plain(text: str) -> str:
    """Return the letters and digits of a text, which print and e-book have alike."""
    return re.sub(r"[\W_]", "", text).casefold()


def publication(path: Path) -> dict[str, etree._Element]:
    """Return the XML documents of an e-book by their path in the archive."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xhtml", ".opf", ".ncx"))
        }


def listed(documents: dict[str, etree._Element]) -> list[tuple[str, str]]:
    """Return the links of the page list, and what they are called."""
    return [
        (link.get("href") or "", link.text or "")
        for document in documents.values()
        for nav in document.iterfind(f".//{_XHTML}nav[@role='doc-pagelist']")
        for link in nav.iter(f"{_XHTML}a")
    ]


def said(element: etree._Element, axis: str) -> str:
    """Return the text in or after an element, but what print leaves unsaid."""
    unsaid = "ancestor::*[@class = 'label']/ancestor::*[local-name() = 'header']"
    return "".join(map(str, element.xpath(f"{axis}::text()[not({unsaid})]")))


def pages_of(pdf: Path) -> dict[str, str]:
    """Return the text of each page of the screen edition, by what the page is called."""
    return {
        label: "".join(letter.text for line in lines(pdf, index) for letter in line)
        for index, label in enumerate(page_labels(pdf))
    }


def lines(pdf: Path, index: int) -> list[list[Letter]]:
    """Return the letters of a page line by line, wherever in the file they are drawn."""
    found: list[list[Letter]] = []
    for letter in sorted(letters(pdf, index), key=lambda letter: -letter.y):
        if not found or found[-1][0].y - letter.y > _RAISED_PT:
            found.append([])
        found[-1].append(letter)
    return [sorted(line, key=lambda letter: letter.x) for line in found]


@pytest.mark.parametrize(
    ("name", "slug", "head"),
    [
        pytest.param("interview", "kazakhstan", "Kazakhstan", marks=pytest.mark.slow),
        ("garden", "walled-garden", "The Walled Garden"),
        pytest.param(
            "lighthouse", "keepers-reckoning", "The Keeper’s Reckoning", marks=pytest.mark.slow
        ),
    ],
)
def test_each_mark_stands_where_the_printed_page_begins(
    name: str, slug: str, head: str, request: pytest.FixtureRequest
) -> None:
    assert_exact(request.getfixturevalue(name), slug, head)


def assert_exact(folder: Path, slug: str, head: str) -> int:
    """Compare each mark's text with its printed page; return how many stand inside a block."""
    documents = publication(folder / f"{slug}.epub")
    printed = pages_of(folder / f"{slug}-screen.pdf")
    found, inside = {}, 0
    for document in documents.values():
        heading = document.find(f".//{_XHTML}h1")
        title = plain(said(heading, "descendant")) if heading is not None else ""
        # Printed contents have page numbers between their lines, and an index has columns.
        depends_on_page_numbers = document.find(f".//{_XHTML}nav"), document.find(_INDEX)
        count = len(title) if depends_on_page_numbers != (None, None) else _LETTERS
        for mark in document.iterfind(_MARK):
            label = (mark.get("id") or "").removeprefix("page-")
            found[label] = mark
            inside += bool("".join(map(str, mark.xpath("preceding-sibling::text()"))).strip())
            begins = plain(said(mark, "following"))[:count]
            shown = plain(printed[label])
            before, met, _ = shown.partition(begins)
            assert begins, label
            assert met, (label, begins, shown[:60])
            furniture = {"", plain(head), title, title.lstrip("0123456789")}
            # The head of a table that goes on is printed again.
            assert before.removesuffix("ab").strip("0123456789") in furniture, (label, before)
    listing = listed(documents)
    assert [label for _, label in listing] == [n for n in printed if n in found]
    # A half-title without text of its own is in print alone.
    assert set(printed) - set(found) <= {"i", next(iter(printed))}
    for href, label in listing:
        file, _, anchor = href.partition("#")
        target = documents[posixpath.join("EPUB/text", file)]
        assert target.xpath("//*[@id = $anchor]", anchor=anchor) == [found[label]]
    return inside


LONG = (
    "The circumnavigation of the archipelago, notwithstanding the uncharacteristic temperature, "
    "was undertaken well-nigh without misunderstanding by half-hearted superintendents "
)
BLOCKS = (
    "{0} {0}{0}[^{1}]\n\n[^{1}]: A note of its own: {0}",
    "- {0}\n- *{0}* and more of it: {0}\n\n    {0}\n\n- {0}",
    "{0} [](#chapter-2){{.title}}, [on](#chapter-2){{.page}}, [](#chapter-1) and [](#chapter-2)"
    "{{.page}}: {0} [*{0}*](#chapter-1) [{0}](#chapter-2){{.title}}",
    "> {0}\n>\n> {0}",
    "| A | B |\n|---|---|\n| {1} one | {1} two |\n| three | four |\n\n/// caption\nTable {1}\n///",
    "/// verse\nA line of verse {1}\nAnother line of it\n///",
    "term {1}\n: {0}",
)
# Each reaches over two page turns or more.
OVER_PAGES = (
    LONG * 12,
    f"## {LONG * 8}",
    f"- {LONG * 12}\n- *{LONG * 12}*",
    "/// verse\n" + "\n".join(f"Line {n} of a stanza" for n in range(70)) + "\n///",
    "```\n" + "\n".join(f"line {n} of a listing" for n in range(70)) + "\n```",
    f"| A | B |\n|---|---|\n| {LONG * 14} | 1 |",
)


@pytest.fixture
def long_book(tmp_path: Path) -> Path:
    """A book of everything that a page can turn within."""
    book = tmp_path / "long"
    book.mkdir()
    (book / "book.toml").write_text(
        'title = "Long"\nlanguage = "en"\nmodified = 2026-01-01\n'
        'bodymatter = ["chapter-1", "chapter-2"]\n[[contributors]]\nname = "A"\n'
        '[editions.paperback]\nkind = "print"\nprinter = "generic"\ntrim = "4.5x6in"\n'
        '[editions.screen]\nkind = "screen"\ntrim = "4.5x6in"\n[editions.ebook]\nkind = "epub"\n',
        "utf-8",
    )
    for chapter in (1, 2):
        blocks = [BLOCKS[n % len(BLOCKS)].format(f"{LONG}({n}) ", n) for n in range(35)]
        title = f"# Title of chapter {'AB'[chapter - 1]}"
        text = "\n\n".join((title, *blocks, *OVER_PAGES))
        (book / f"chapter-{chapter}.md").write_text(text + "\n", "utf-8")
    return book


@pytest.mark.slow
def test_a_page_that_turns_within_a_word_is_marked_within_it(
    long_book: Path, tmp_path: Path
) -> None:
    run = makeready("build", "--book", long_book, "--output", tmp_path / "out", "--cache", CACHE)
    assert run.code == 0, run.err
    assert assert_exact(tmp_path / "out", "long", "Long") >= 8


@pytest.mark.slow
def test_pages_are_those_of_the_edition_that_is_named(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    with (book / "book.toml").open("a", encoding="utf-8") as listing:
        listing.write('\n[editions.small]\nkind = "print"\nprinter = "generic"\ntrim = "3x4in"\n')
        listing.write('isbn = "978-0-306-40615-7"\n')
        listing.write('[editions.other]\nkind = "epub"\npage_list = "small"\n')
        listing.write('[editions.bare]\nkind = "epub"\npage_list = "none"\n')
    out = tmp_path / "out"
    run = makeready(
        "build", "--kind", "epub", "--book", book, "--output", out, "--cache", CACHE, "--json"
    )
    assert (run.code, run.findings) == (0, [])
    first, other, bare = (
        publication(out / f"leaflet-{name}.epub") for name in ("ebook", "other", "bare")
    )
    assert sources(first) == ["A Leaflet (paperback)"]
    assert sources(other) == ["urn:isbn:9780306406157"]
    assert (sources(bare), listed(bare)) == ([], [])
    assert len(listed(other)) > len(listed(first)) > 0
    assert not any(document.find(_MARK) is not None for document in bare.values())


def sources(documents: dict[str, etree._Element]) -> list[str]:
    """Return what the package names as the source of its pages."""
    package = documents["EPUB/content.opf"]
    named = [m.text for m in package.iter(f"{_OPF}meta") if m.get("property") == "pageBreakSource"]
    refined = package.xpath(
        "//*[concat('#', @id) = //*[@property = 'source-of'][. = 'pagination']/@refines]/text()"
    )
    assert named == refined
    ncx = documents["EPUB/toc.ncx"]
    assert len(list(ncx.iter(f"{_NCX}pageTarget"))) == len(listed(documents))
    return refined


@pytest.mark.slow
def test_the_option_leaves_the_list_out_and_typesets_nothing(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    where = ("--book", broken_book(), "--output", tmp_path / "out", "--cache", CACHE)
    run = makeready("build", "ebook", "--no-page-list", *where)
    assert run.code == 0
    assert "Typesetting" not in run.err
    assert sources(publication(tmp_path / "out" / "leaflet.epub")) == []


def test_no_list_is_asked_for_even_where_an_edition_is_called_so(
    broken_book: Callable[..., Path],
) -> None:
    book = broken_book()
    text = (book / "book.toml").read_text("utf-8")
    text = text.replace("[editions.paperback]", "[editions.none]")
    text = text.replace('kind = "epub"', 'kind = "epub"\npage_list = "none"')
    (book / "book.toml").write_text(text, "utf-8")
    read = read_book(book, Findings())
    assert read is not None
    (ebook,) = (edition for edition in read.editions if edition.kind is EditionKind.EPUB)
    assert "none" in {edition.name for edition in read.editions}
    assert print_edition_of(ebook, read) is None


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ('kind = "epub"', 'kind = "epub"\npage_list = "screen"', "MET-025"),
        ('printer = "generic"', 'printer = "kdp"\npaper = "vellum"', "EPU-011"),
    ],
)
def test_pages_that_are_not_to_be_had(
    before: str, after: str, finding: str, broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    text = (book / "book.toml").read_text("utf-8")
    assert before in text
    (book / "book.toml").write_text(text.replace(before, after, 1), "utf-8")
    where = ("--book", book, "--output", tmp_path / "out", "--cache", CACHE, "--json")
    run = makeready("build", "ebook", *where)
    assert [name for name, _, _ in run.findings] == [finding]
