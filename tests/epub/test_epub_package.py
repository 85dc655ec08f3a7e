"""The EPUB as a file: its archive, its documents and links, its images and fonts."""

from __future__ import annotations

import io
import random
import re
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image
from sample_book import DC, EDITION, OPF, OPS, XHTML, Epub, make_book, write_book

from makeready.book.model import Book, Resource
from makeready.checks.epub.epub import check_epub
from makeready.epub.package import assemble, write_epub
from makeready.errors import FindingsError, MakereadyError
from makeready.findings import Findings
from makeready.fonts import Font
from makeready.templates.environment import Layouts

pytest_plugins = ["epub_fixtures"]

Write = Callable[[Book], Epub]


@pytest.mark.slow
def test_epubcheck_and_our_own_checks_find_nothing(built: Epub) -> None:
    findings = Findings()
    check_epub(built.path, findings)
    assert list(findings) == []


@pytest.mark.slow
def test_a_book_without_contents_page_is_as_clean(book: Book, write: Write) -> None:
    sections = tuple(s for s in book.sections if s.kind.name not in ("toc", "part"))
    epub = write(replace(book, sections=sections))
    findings = Findings()
    check_epub(epub.path, findings)
    assert list(findings) == []
    (navigation,) = [i for i in epub.package.iter(f"{OPF}item") if i.get("properties") == "nav"]
    spine = [ref.get("idref") for ref in epub.package.iter(f"{OPF}itemref")]
    assert navigation.get("id") not in spine
    assert spine[0] == "cover"


def test_two_folders_give_the_same_bytes(
    built: Epub, tmp_path: Path, fonts: tuple[Font, ...], cover_jpeg: bytes
) -> None:
    book = make_book(tmp_path / "another" / "place")
    target = tmp_path / "out" / "other-name.epub"
    write_book(book, fonts, cover_jpeg, target)
    assert target.read_bytes() == built.path.read_bytes()


def test_the_archive_begins_as_an_epub_and_tells_no_time(built: Epub) -> None:
    start = built.path.read_bytes()[:58]
    assert start[30:] == b"mimetypeapplication/epub+zip"
    assert int.from_bytes(start[28:30], "little") == 0
    with zipfile.ZipFile(built.path) as archive:
        entries = archive.infolist()
    stored = [e.filename for e in entries if e.compress_type == zipfile.ZIP_STORED]
    assert [name for name in stored if not name.endswith(".png")] == ["mimetype"]
    assert {(e.date_time, e.external_attr, e.create_system) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3)
    }


def test_ids_are_unique_in_every_document_and_in_the_package(built: Epub) -> None:
    trees = {**built.documents, "content.opf": built.package, "toc.ncx": built.xml("toc.ncx")}
    for name, tree in trees.items():
        ids = Counter(e.get("id") for e in tree.iter() if e.get("id"))
        assert [i for i, count in ids.items() if count > 1] == [], name


def test_every_link_leads_to_something_in_the_book(built: Epub) -> None:
    ids = {name: {e.get("id") for e in tree.iter()} for name, tree in built.documents.items()}
    followed = 0
    for name, tree in built.documents.items():
        for link in tree.iter(f"{XHTML}a"):
            file, _, fragment = (link.get("href") or "").partition("#")
            assert not fragment or fragment in ids[file or name], link.get("href")
            assert not file or file in ids
            followed += 1
        for element in tree.iter(f"{XHTML}img", f"{XHTML}link"):
            path = normpath(join("EPUB/text", element.get("src") or element.get("href") or ""))
            assert path in built.files
    assert followed >= 20


def test_every_file_is_listed_once_or_linked(built: Epub) -> None:
    package = built.package
    listed = [i.get("href") for i in package.iter(f"{OPF}item")]
    linked = {i.get("href") for i in package.iter(f"{OPF}link")}
    stored = {n.removeprefix("EPUB/") for n in built.names if n.startswith("EPUB/")}
    assert Counter(listed).most_common(1)[0][1] == 1
    assert set(listed) | linked == stored - {"content.opf"}


def test_notes_lead_there_and_back(built: Epub) -> None:
    chapter = built.documents["chapter-1.xhtml"]
    calls = [a for a in chapter.iter(f"{XHTML}a") if a.get(f"{OPS}type") == "noteref"]
    assert [call.text for call in calls] == ["1", "2"]
    by_id = {e.get("id"): e for e in chapter.iter() if e.get("id")}
    for call in calls:
        assert call.get("role") == "doc-noteref"
        note = by_id[(call.get("href") or "").removeprefix("#")]
        assert (note.tag, note.get(f"{OPS}type")) == (f"{XHTML}aside", "footnote")
        assert note.get("role") == "doc-footnote"
        (back,) = [a for a in note.iter(f"{XHTML}a") if a.get("role") == "doc-backlink"]
        assert by_id[(back.get("href") or "").removeprefix("#")] is call


def test_epub_type_keeps_the_prefix_that_reading_systems_look_for(built: Epub) -> None:
    text = built.files["EPUB/text/chapter-1.xhtml"].decode()
    assert text.count('epub:type="noteref"') == 2
    assert text.count("xmlns:") == 1


def test_cross_references_cross_files(built: Epub) -> None:
    links = {
        a.get("href"): "".join(a.itertext())
        for name in ("chapter-1.xhtml", "chapter-2.xhtml")
        for a in built.documents[name].iter(f"{XHTML}a")
        if a.get("class") == "xref"
    }
    assert links["chapter-2.xhtml#chapter-2"] == "Chapter\u00a02"
    assert links["chapter-2.xhtml#tab-area"] == "Table\u00a01"
    assert links["chapter-1.xhtml#roads"] == "Roads & rails"


def test_other_languages_are_marked_both_ways(built: Epub) -> None:
    marked = {
        (e.get("lang"), e.get("{http://www.w3.org/XML/1998/namespace}lang"))
        for tree in built.documents.values()
        for e in tree.iter()
        if e.get("lang")
    }
    assert marked == {("en", "en"), ("fr", "fr"), ("kk", "kk")}


def test_images_go_in_unchanged_and_only_if_shown(built: Epub, book: Book) -> None:
    images = [name for name in built.names if name.startswith("EPUB/images/")]
    assert images == ["EPUB/images/maps-the-steppe.png"]
    assert built.files[images[0]] == (book.root / "images/maps/The Steppe.png").read_bytes()


def test_images_are_packed_one_at_a_time_and_no_more_than_helps(
    book: Book, cover_jpeg: bytes, tmp_path: Path
) -> None:
    side, count = 1_000, 6
    size = 3 * side * side
    noise = random.Random(1)
    names = [f"images/large-{number}.png" for number in range(count)]
    for name in names:
        picture = Image.frombytes("RGB", (side, side), noise.randbytes(size))
        picture.save(book.root / name, compress_level=0)
    flat = "images/flat.png"
    Image.new("RGB", (side, side)).save(book.root / flat, compress_level=0)
    lengths = [(book.root / name).stat().st_size for name in names]
    markup = "".join(f'<p><img src="{name}" alt="Noise"/></p>' for name in [*names, flat])
    resources = tuple(Resource(name, "image/png") for name in sorted([*names, flat]))
    section = replace(book.section("chapter-3"), tree=etree.fromstring(f"<div>{markup}</div>"))
    sections = tuple(section if s.name == "chapter-3" else s for s in book.sections)
    heavy = replace(book, sections=sections, resources=resources)
    target = tmp_path / "heavy.epub"
    tracemalloc.start()
    try:
        publication = assemble(heavy, EDITION, Layouts(book.root), ())
        write_epub(publication, cover_jpeg, book.metadata.modified, target)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2.5 * size
    with zipfile.ZipFile(target) as archive:
        sizes = [archive.getinfo(f"EPUB/{name}").compress_size for name in [*names, flat]]
    assert sizes[:count] == lengths
    assert sizes[count] < size / 100


def test_the_cover_comes_first_and_is_named_for_old_and_new_readers(
    built: Epub, cover_jpeg: bytes
) -> None:
    (item,) = [i for i in built.package.iter(f"{OPF}item") if i.get("properties") == "cover-image"]
    assert built.files[f"EPUB/{item.get('href')}"] == cover_jpeg
    (meta,) = [m for m in built.package.iter(f"{OPF}meta") if m.get("name") == "cover"]
    assert meta.get("content") == item.get("id")
    (image,) = built.documents["cover.xhtml"].iter(f"{XHTML}img")
    assert image.get("alt") == (
        'Salt & Grass: "a < b": Notes from the Қазақ steppe, Ann O’Neill, Cy Young'
    )
    assert next(built.package.iter(f"{OPF}itemref")).get("idref") == "cover"


def test_a_half_title_stands_only_where_the_author_wrote_one(
    built: Epub, book: Book, write: Write
) -> None:
    assert "halftitlepage.xhtml" not in built.documents
    written = tuple(
        replace(s, source_path="halftitlepage.md") if s.name == "halftitlepage" else s
        for s in book.sections
    )
    assert "halftitlepage.xhtml" in write(replace(book, sections=written)).documents


def test_fonts_hold_the_characters_of_the_book_and_no_others(built: Epub) -> None:
    fonts = {n: c for n, c in built.files.items() if n.endswith(".ttf")}
    assert [dirname(n) for n in fonts] == ["EPUB/fonts"] * 4
    for content in fonts.values():
        font = TTFont(io.BytesIO(content))
        characters = set(font.getBestCmap())
        assert set(map(ord, "Қазақстан –à❦-")) <= characters
        assert not characters & set(map(ord, "Э€†"))
        features = {r.FeatureTag for r in font["GSUB"].table.FeatureList.FeatureRecord}
        assert {"smcp", "c2sc", "onum", "lnum"} <= features
        assert "fvar" not in font


def test_each_font_is_declared_and_linked_to_its_licence(built: Epub) -> None:
    stylesheet = built.files["EPUB/style/book.css"].decode()
    declared = re.findall(r'src: url\("\.\./(fonts/[^"]+)"\)', stylesheet)
    assert sorted(declared) == sorted(
        n.removeprefix("EPUB/") for n in built.names if n.endswith(".ttf")
    )
    items = {i.get("id"): i.get("href") for i in built.package.iter(f"{OPF}item")}
    licensed = {}
    for link in built.package.iter(f"{OPF}link"):
        licensed[items[(link.get("refines") or "").removeprefix("#")]] = link.get("href")
    assert sorted(licensed) == sorted(declared)
    for path in licensed.values():
        assert b"SIL OPEN FONT LICENSE" in built.files[f"EPUB/{path}"]


def test_a_font_for_code_goes_in_only_with_code(
    book: Book, fonts: tuple[Font, ...], cover_jpeg: bytes, tmp_path: Path
) -> None:
    mono = tuple(font for font in fonts if font.only_for_code)
    target = tmp_path / "book.epub"
    write_book(book, mono, cover_jpeg, target)
    assert not [n for n in Epub.open(target).names if n.endswith(".ttf")]
    with_code = replace(
        book.section("chapter-3"), tree=etree.fromstring("<div><pre>x = 1</pre></div>")
    )
    sections = tuple(with_code if s.name == "chapter-3" else s for s in book.sections)
    code_book = replace(book, sections=sections)
    write_book(code_book, mono, cover_jpeg, target)
    assert [n for n in Epub.open(target).names if n.endswith(".ttf")] == [
        "EPUB/fonts/fira-code-400-normal.ttf"
    ]


@pytest.mark.parametrize(
    "engine_only",
    ["@page", "string-set", "bookmark-", "footnote", "target-counter", "leader(", "device-cmyk",
     "hyphenate-limit", "display: flex", "display: grid", "position: absolute"],
)  # fmt: skip
def test_the_stylesheet_asks_for_nothing_that_only_the_page_engine_knows(
    built: Epub, engine_only: str
) -> None:
    assert engine_only not in built.files["EPUB/style/book.css"].decode()


def test_the_stylesheet_leaves_the_reader_the_running_text(built: Epub) -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", built.files["EPUB/style/book.css"].decode())
    for selectors, declarations in rules:
        assert "margin: -" not in declarations and "margin-left: -" not in declarations
        assert not re.search(r":[^;]*\d(px|pt|mm|cm|in)\b", declarations), selectors
        if {"body", "html", "p"} & {s.strip() for s in selectors.split(",")}:
            for name in ("font-size", "line-height", "text-align", "color", "background"):
                assert not re.search(rf"(^|[;\s]){name}\s*:", declarations), selectors


def test_markup_in_titles_stays_text(built: Epub) -> None:
    assert built.documents["chapter-3.xhtml"].findtext(f".//{XHTML}title") == "Less < more"
    heading = next(built.documents["chapter-1.xhtml"].iter(f"{XHTML}h1"))
    assert "".join(heading.itertext()).endswith('Roads à travers "A & B"')
    assert built.package.findtext(f".//{DC}title") == 'Salt & Grass: "a < b"'


def test_a_failed_build_leaves_the_older_file_whole(
    book: Book, write: Write, cover_jpeg: bytes
) -> None:
    target = write(book).path
    before = target.read_bytes()
    (book.root / "images/maps/The Steppe.png").unlink()
    with pytest.raises(FindingsError, match=r"images/maps/The Steppe\.png cannot be read"):
        write_book(book, (), cover_jpeg, target)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_an_image_outside_the_book_is_not_read(book: Book, write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (2, 2)).save(secret)
    image = book.root / "images/maps/The Steppe.png"
    image.unlink()
    image.symlink_to(secret)
    with pytest.raises(FindingsError, match="is outside the book's folder"):
        write(book)


def test_two_images_of_one_name_are_told_apart_or_refused(book: Book, write: Write) -> None:
    twin = Resource("images/maps-The-Steppe.png", "image/png")
    with pytest.raises(MakereadyError, match="the same name in the EPUB"):
        write(replace(book, resources=(*book.resources, twin)))


def test_a_layout_that_is_not_xml_is_named(book: Book, write: Write) -> None:
    own = book.root / "styles/layouts"
    own.mkdir(parents=True)
    (own / "dedication.html.j2").write_text("")
    (own / "colophon.html.j2").write_text("<p>unclosed")
    with pytest.raises(FindingsError, match=r"colophon\.html\.j2:1: .* well-formed XML"):
        write(book)
