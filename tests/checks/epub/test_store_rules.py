"""The stores' rules on a finished EPUB: a clean file, and the same file broken in one place."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from check_samples import jpeg, pack, small_epub
from click.testing import CliRunner
from PIL import Image

from makeready.checks.epub.store_rules import check_common_rules, check_stores
from makeready.cli.main import makeready
from makeready.findings import Findings
from makeready.stores.store import read_store, store_names

_PACKAGE = b"""<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:5f0a4a0e-7c39-4a5a-9a0f-4d1b6a6b0c11</dc:identifier>
<dc:title>Small</dc:title><dc:language>en</dc:language><dc:description>A book.</dc:description>
<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>
</metadata>
<manifest>
<item id="front" href="front.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>
<item id="style" href="book.css" media-type="text/css"/>
<item id="font" href="letters.ttf" media-type="font/ttf"/>
<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
<item id="figure" href="figure.jpg" media-type="image/jpeg"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
</manifest>
<spine toc="ncx"><itemref idref="front"/><itemref idref="text"/></spine></package>"""
_PAGE = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Small</title></head>
<body>
<p class="aside">Words.</p>
{}</body></html>"""
_NCX = b"""<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint id="a"><navPoint id="b"></navPoint></navPoint></navMap></ncx>"""
_NCX_PAGES = """<pageList><pageTarget id="p1" type="normal" value="1"><content src="text.xhtml"/>
</pageTarget></pageList></ncx>"""
_COVER, _FIGURE, _TEXT = "EPUB/cover.jpg", "EPUB/figure.jpg", "EPUB/text.xhtml"

Files = dict[str, bytes]


def epub() -> Files:
    """Return the files of an EPUB that every store takes."""
    return {
        **small_epub(),
        "EPUB/package.opf": _PACKAGE,
        "EPUB/front.xhtml": _PAGE.format('<img src="cover.jpg" alt="Small"/>').encode(),
        "EPUB/nav.xhtml": _PAGE.format("").encode(),
        _TEXT: _PAGE.format('<img src="figure.jpg" alt="a figure"/>\n').encode(),
        "EPUB/book.css": b"p { margin: 0; font-size: 1em }\n.aside { font-size: 9pt }\n",
        "EPUB/letters.ttf": b"font",
        "EPUB/toc.ncx": _NCX,
    }


Complaint = tuple[str, str, str]


@pytest.fixture
def visit(tmp_path: Path) -> Callable[..., list[Complaint]]:
    """Check files as an EPUB at a store; the Kindle's note on cover pages apart."""

    def run(files: Files, store: str, name: str = "book.epub") -> list[Complaint]:
        findings = Findings()
        check_stores(pack(files, tmp_path / name), [read_store(store)], findings)
        return [
            (found.id, str(found.location), found.message)
            for found in findings
            if found.id != "STO-005"
        ]

    return run


@pytest.mark.parametrize("store", store_names())
def test_a_clean_epub_passes_everywhere(visit: Callable[..., list[Complaint]], store: str) -> None:
    assert visit(epub(), store) == []


def test_the_cover_page_is_one_too_many_for_kindle_alone(tmp_path: Path) -> None:
    path = pack(epub(), tmp_path / "book.epub")
    for store in store_names():
        findings = Findings()
        check_stores(path, [read_store(store)], findings)
        assert [f.id for f in findings] == (["STO-005"] if store == "kindle" else []), store


def _image(form: str, mode: str = "RGB", size: tuple[int, int] = (1600, 2560)) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("store", "cover", "rule", "words"),
    [
        ("kindle", _image("PNG"), "EPU-006", "PNG in RGB; Amazon Kindle accepts JPEG or TIFF"),
        ("kindle", jpeg(1600, 2560, "CMYK"), "EPU-006", "JPEG in CMYK"),
        ("apple", jpeg(1600, 2560, "L"), "EPU-006", "JPEG in L; Apple Books accepts"),
        ("kobo", _image("GIF", "P"), "EPU-006", "GIF in P"),
        ("google", _image("WEBP"), "EPU-006", "WEBP in RGB"),
        ("draft2digital", _image("PNG"), "EPU-006", "PNG in RGB"),
        ("ingramspark", _image("PNG"), "EPU-006", "PNG in RGB"),
        ("kindle", b"nothing", "EPU-006", "is unreadable"),
        ("kindle", jpeg(624, 1000), "EPU-007", "needs at least 625 × 1000"),
        ("kindle", jpeg(625, 1000), "STO-003", "recommends 1600 × 2560"),
        ("apple", jpeg(1399, 2560), "EPU-007", "needs at least 1400 × 1400"),
        ("google", jpeg(639, 2560), "EPU-007", "needs at least 640 × 640"),
        ("ingramspark", jpeg(1600, 2559), "EPU-007", "1600 × 2559 pixels"),
        ("draft2digital", jpeg(1600, 2399), "STO-003", "recommends 1600 × 2400"),
        ("kindle", jpeg(1600, 10001), "STO-001", "at most 10000 a side"),
        ("google", jpeg(1600, 7201), "STO-001", "at most 7200 a side"),
        ("kobo", jpeg(1600, 1600), "STO-002", "Kobo needs it taller than wide"),
        ("draft2digital", jpeg(2400, 1600), "STO-002", "taller than wide"),
        ("kindle", jpeg(1600, 2560) + bytes(5_000_000), "EPU-008", "is 5.1 MB"),
        ("kobo", jpeg(1600, 2560) + bytes(5_000_000), "EPU-008", "Kobo accepts at most 5 MB"),
    ],
)
def test_a_cover_that_a_store_refuses(
    visit: Callable[..., list[Complaint]], store: str, cover: bytes, rule: str, words: str
) -> None:
    ((found, place, message),) = visit({**epub(), _COVER: cover}, store)
    assert (found, place) == (rule, f"book.epub/{_COVER}")
    assert words in message


def _changed(path: str, old: str, new: str) -> Files:
    files = epub()
    assert files[path].decode().count(old) == 1
    return {**files, path: files[path].replace(old.encode(), new.encode())}


def _with_text(markup: str) -> Files:
    return _changed(_TEXT, "</body>", f"{markup}</body>")


_NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
_NAV_PROPERTY = ' properties="nav"'


def _without(files: Files, text: str) -> Files:
    """Return the files with a text of the package left out."""
    package = files["EPUB/package.opf"].decode()
    assert package.count(text) == 1
    return {**files, "EPUB/package.opf": package.replace(text, "").encode()}


def _nav(levels: int) -> bytes:
    """Return a navigation document with contents of so many levels."""
    opened, closed = '<ol><li><a href="text.xhtml">One</a>', "</li></ol>"
    lists = opened * levels + closed * levels
    toc = f'<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc">{lists}</nav>'
    return _PAGE.format(toc).encode()


def _with_page_list() -> bytes:
    pages = '<ol><li><a href="text.xhtml#p1">1</a></li><li><a href="text.xhtml#p2">2</a></li></ol>'
    start = '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type='
    return _PAGE.format(f'{start}"toc"><ol/></nav>{start}"page-list">{pages}</nav>').encode()


@pytest.mark.parametrize("left_out", [_NCX_ITEM, _NAV_PROPERTY])
def test_contents_in_one_form_are_enough_for_kindle(
    visit: Callable[..., list[Complaint]], left_out: str
) -> None:
    assert visit(_without(epub(), left_out), "kindle") == []


@pytest.mark.parametrize(
    ("store", "version", "rules"),
    [
        ("apple", "2.0", ["STO-028"]),
        ("apple", "3.2", []),
        ("kobo", "2.0", []),
        ("kindle", "2.0", []),
    ],
)
def test_a_store_that_wants_epub_3(
    visit: Callable[..., list[Complaint]], store: str, version: str, rules: list[str]
) -> None:
    files = _changed("EPUB/package.opf", 'version="3.0"', f'version="{version}"')
    found = visit(files, store)
    assert [rule for rule, _, _ in found] == rules
    assert all("The book is EPUB 2.0; Apple Books wants EPUB 3." in one for _, _, one in found)


@pytest.mark.parametrize(("levels", "rules"), [(2, []), (3, ["STO-016"])])
def test_the_levels_of_the_contents_that_kindle_shows(
    visit: Callable[..., list[Complaint]], levels: int, rules: list[str]
) -> None:
    files = {**epub(), "EPUB/nav.xhtml": _nav(levels)}
    assert [rule for rule, _, _ in visit(files, "kindle")] == rules


_NEGATIVE = "p { margin: 0 0 -1em; font-size: 1em }"
_HIDDEN = "x" * 10_001
_BREAKS: dict[str, tuple[str, Files, str, str]] = {
    "webp": ("kindle", {**epub(), _FIGURE: _image("WEBP", size=(30, 20))}, "STO-006", _FIGURE),
    "tiff": ("kindle", {**epub(), _FIGURE: _image("TIFF", size=(30, 20))}, "STO-006", _FIGURE),
    "cmyk": ("kindle", {**epub(), _FIGURE: jpeg(30, 20, "CMYK")}, "STO-007", _FIGURE),
    "pixels": ("ingramspark", {**epub(), _FIGURE: jpeg(2000, 1601)}, "EPU-010", _FIGURE),
    "pixels-apple": ("apple", {**epub(), _FIGURE: jpeg(2000, 2801)}, "EPU-010", _FIGURE),
    "alternative": (
        "kindle",
        _changed(_TEXT, 'alt="a figure"', f'alt="{"a" * 141}"'),
        "STO-023",
        f"{_TEXT}:4",
    ),
    "fixed-layout": (
        "ingramspark",
        _changed(
            "EPUB/package.opf",
            "</metadata>",
            '<meta property="rendition:layout">pre-paginated</meta></metadata>',
        ),
        "STO-012",
        "",
    ),
    "woff2": (
        "kobo",
        _changed("EPUB/package.opf", "font/ttf", "font/woff2"),
        "STO-013",
        "EPUB/letters.ttf",
    ),
    "no-contents": ("kindle", _without(_without(epub(), _NCX_ITEM), _NAV_PROPERTY), "STO-015", ""),
    "deep-contents": (
        "kindle",
        {**epub(), "EPUB/nav.xhtml": _nav(levels=3)},
        "STO-016",
        "EPUB/nav.xhtml",
    ),
    "deep-ncx": (
        "kindle",
        _without(
            _changed("EPUB/toc.ncx", '<navPoint id="b">', '<navPoint id="b"><navPoint id="c"/>'),
            _NAV_PROPERTY,
        ),
        "STO-016",
        "EPUB/toc.ncx",
    ),
    "pages": (
        "ingramspark",
        {**epub(), "EPUB/nav.xhtml": _with_page_list()},
        "STO-029",
        "EPUB/nav.xhtml",
    ),
    "pages-ncx": (
        "ingramspark",
        _without(_changed("EPUB/toc.ncx", "</ncx>", _NCX_PAGES), _NAV_PROPERTY),
        "STO-029",
        "EPUB/toc.ncx",
    ),
    "version-apple": ("apple", _without(epub(), 'version="3.0"'), "STO-028", ""),
    "version-ingram": (
        "ingramspark",
        _changed("EPUB/package.opf", 'version="3.0"', 'version="2.0"'),
        "STO-028",
        "",
    ),
    "script": ("kindle", _with_text("<script>1</script>"), "STO-017", f"{_TEXT}:5"),
    "form": ("kindle", _with_text("<form></form>"), "STO-017", f"{_TEXT}:5"),
    "negative": (
        "kindle",
        _changed("EPUB/book.css", "p { margin: 0; font-size: 1em }", _NEGATIVE),
        "STO-018",
        "EPUB/book.css:1",
    ),
    "negative-inline": (
        "kindle",
        _with_text('<p style="margin-left: -2em">x</p>'),
        "STO-018",
        f"{_TEXT}:5",
    ),
    "fixed-size": (
        "kindle",
        _changed("EPUB/book.css", "font-size: 1em", "font-size: 11pt"),
        "STO-019",
        "EPUB/book.css:1",
    ),
    "fixed-size-inline": (
        "kindle",
        _with_text('<p style="font: 11pt serif">x</p>'),
        "STO-019",
        f"{_TEXT}:5",
    ),
    "hidden": (
        "kindle",
        _with_text(f'<p style="display: none">{_HIDDEN}</p>'),
        "STO-020",
        f"{_TEXT}:5",
    ),
    "title": (
        "kindle",
        _changed("EPUB/package.opf", "<dc:title>Small", f"<dc:title>{'S' * 201}"),
        "STO-021",
        "",
    ),
    "description": (
        "kindle",
        _changed("EPUB/package.opf", "A book.", "A" * 4001),
        "STO-022",
        "",
    ),
    "no-cover-page": (
        "kobo",
        _changed("EPUB/front.xhtml", '<img src="cover.jpg" alt="Small"/>', ""),
        "STO-004",
        "",
    ),
}


@pytest.mark.parametrize("name", _BREAKS)
def test_one_thing_that_a_store_refuses(visit: Callable[..., list[Complaint]], name: str) -> None:
    store, files, rule, place = _BREAKS[name]
    ((found, where, message),) = visit(files, store)
    assert (found, where) == (rule, f"book.epub/{place}" if place else "book.epub")
    assert read_store(store).title in message


@pytest.mark.parametrize("store", ["kobo", "draft2digital", "google", "ingramspark"])
def test_the_first_page_has_to_show_the_cover(
    visit: Callable[..., list[Complaint]], store: str
) -> None:
    files = _changed("EPUB/package.opf", '<itemref idref="front"/>', "")
    assert [found for found, _, _ in visit(files, store)] == ["STO-004"]


def test_a_block_that_a_stylesheet_hides(visit: Callable[..., list[Complaint]]) -> None:
    files = _with_text(f'<div class="gone">{_HIDDEN}</div>')
    assert visit(files, "kindle") == []
    files["EPUB/book.css"] += b"@media screen { div.gone { display: none } }\n"
    assert [(found, place) for found, place, _ in visit(files, "kindle")] == [
        ("STO-020", f"book.epub/{_TEXT}:5")
    ]


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("print", False),
        ("PRINT", False),
        ("only print and (color)", False),
        ("print, speech", False),
        ("not screen", False),
        ("print, screen", True),
        ("not print", True),
        ("(min-width: 1px)", True),
    ],
)
def test_styles_for_paper_are_not_counted(
    visit: Callable[..., list[Complaint]], query: str, counted: bool
) -> None:
    files = epub()
    files["EPUB/book.css"] += b"@media %s { p { margin: -1em } }\n" % query.encode()
    assert [rule for rule, _, _ in visit(files, "kindle")] == ["STO-018"] * counted


def test_a_note_set_small_is_no_running_text(visit: Callable[..., list[Complaint]]) -> None:
    assert visit(_with_text('<p><small style="font-size: 9pt">x</small></p>'), "kindle") == []


def test_a_drawing_for_a_cover_has_no_size_to_be_wrong(
    visit: Callable[..., list[Complaint]],
) -> None:
    files = _changed("EPUB/package.opf", 'href="cover.jpg" media-type="image/jpeg"',
                     'href="cover.jpg" media-type="image/svg+xml"')  # fmt: skip
    ((rule, _, message),) = visit(files, "kindle")
    assert rule == "EPU-006" and "The cover image is a drawing; Amazon Kindle accepts" in message


def test_only_title_and_subtitle_count(visit: Callable[..., list[Complaint]]) -> None:
    def titled(*kinds: str) -> Files:
        titles = "".join(
            f'<dc:title id="t{n}">{"S" * 90}</dc:title>'
            f'<meta refines="#t{n}" property="title-type">{kind}</meta>'
            for n, kind in enumerate(kinds)
        )
        return _changed("EPUB/package.opf", "<dc:title>Small</dc:title>", titles)

    assert visit(titled("collection", "main", "short", "subtitle", "expanded"), "kindle") == []
    files = titled("main", "subtitle")
    files["EPUB/package.opf"] = files["EPUB/package.opf"].replace(b"S" * 90, b"S" * 110)
    ((rule, _, message),) = visit(files, "kindle")
    assert rule == "STO-021" and "222 characters" in message


def test_images_that_fill_a_device(visit: Callable[..., list[Complaint]]) -> None:
    files = _with_text('<img src="other.jpg" alt="another"/>')
    files["EPUB/package.opf"] = files["EPUB/package.opf"].replace(
        b"</manifest>", b'<item id="o" href="other.jpg" media-type="image/jpeg"/></manifest>'
    )
    files |= {_FIGURE: jpeg(1000, 1250), "EPUB/other.jpg": jpeg(1000, 1250)}
    assert visit(files, "apple") == []
    files["EPUB/other.jpg"] = jpeg(1000, 1260)
    ((found, place, _),) = visit(files, "apple")
    assert (found, place) == ("STO-008", f"book.epub/{_TEXT}")


@pytest.mark.parametrize(("name", "said"), [("book", True), ("978-3-16-148410-0", False)])
def test_google_knows_a_file_by_its_isbn(
    visit: Callable[..., list[Complaint]], name: str, said: bool
) -> None:
    files = _changed(
        "EPUB/package.opf", "urn:uuid:5f0a4a0e-7c39-4a5a-9a0f-4d1b6a6b0c11", "9783161484100"
    )
    found = visit(files, "google", f"{name}.epub")
    assert [rule for rule, _, _ in found] == ["STO-014"] * said


def test_an_epub_too_heavy_for_a_store(tmp_path: Path) -> None:
    path = pack(epub(), tmp_path / "book.epub")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("EPUB/sound.mp3", bytes(100_000_000))
    for store, rules in (("kobo", ["STO-009"]), ("draft2digital", ["STO-009"]), ("apple", [])):
        findings = Findings()
        check_stores(path, [read_store(store)], findings)
        assert [finding.id for finding in findings] == rules


@pytest.mark.parametrize(("store", "megabytes"), [("kobo", 10), ("kindle", 30)])
def test_a_document_that_is_too_long(
    visit: Callable[..., list[Complaint]], store: str, megabytes: int
) -> None:
    files = _with_text("<p>x</p>")
    room = megabytes * 1_000_000 - len(files[_TEXT])
    filled = {**files, _TEXT: files[_TEXT].replace(b"<p>x", b"<p>x" + b" " * (room - 1))}
    assert visit(filled, store) == []
    filled[_TEXT] = filled[_TEXT].replace(b"<p>x", b"<p>x ")
    ((found, place, _),) = visit(filled, store)
    assert (found, place) == ("STO-010", f"book.epub/{_TEXT}")


def test_a_book_in_too_many_documents(visit: Callable[..., list[Complaint]]) -> None:
    files = epub()
    items = ""
    for number in range(297):
        files[f"EPUB/{number}.xhtml"] = _PAGE.format("").encode()
        items += f'<item id="i{number}" href="{number}.xhtml" media-type="application/xhtml+xml"/>'
    package = files["EPUB/package.opf"].decode()
    files["EPUB/package.opf"] = package.replace("</manifest>", f"{items}</manifest>").encode()
    assert [(found, place) for found, place, _ in visit(files, "kindle")] == [
        ("STO-011", "book.epub")
    ]
    last = re.sub(r'<item id="i296"[^>]*>', "", files["EPUB/package.opf"].decode())
    assert visit({**files, "EPUB/package.opf": last.encode()}, "kindle") == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (_TEXT, b"<html"),
        (_TEXT, b"\xff\xfe\x00"),
        ("EPUB/book.css", b"p { margin: } } @media {{{{ \x00"),
        ("EPUB/toc.ncx", b""),
        (_FIGURE, b"\x89PNG\r\n\x1a\n" + bytes(40)),
    ],
)
def test_what_cannot_be_read_is_left_to_epubcheck(
    visit: Callable[..., list[Complaint]], path: str, content: bytes
) -> None:
    assert visit({**epub(), path: content}, "kindle") == []


def test_an_image_that_claims_a_giant_size_is_not_decoded(
    visit: Callable[..., list[Complaint]],
) -> None:
    header = bytearray(jpeg(16, 16))
    frame = header.index(b"\xff\xc0")
    header[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    ((rule, _, _),) = visit({**epub(), _FIGURE: bytes(header)}, "ingramspark")
    assert rule == "EPU-010"


@pytest.mark.parametrize(
    ("cover", "words"),
    [
        (jpeg(30, 20), None),
        (_image("PNG", size=(30, 20)), None),
        (_image("TIFF", size=(30, 20)), None),
        (jpeg(30, 20, "CMYK"), None),
        (_image("GIF", "P", (30, 20)), "is GIF in P; every store accepts JPEG."),
        (_image("WEBP", size=(30, 20)), "is WEBP in RGB; every store accepts JPEG."),
        (b"nothing", "is unreadable; every store accepts JPEG."),
    ],
)
def test_without_a_store_only_what_every_store_refuses_is_reported(
    cover: bytes, words: str | None, tmp_path: Path
) -> None:
    path = pack({**epub(), _COVER: cover}, tmp_path / "book.epub")
    findings = Findings()
    check_common_rules(path, [read_store(store) for store in store_names()], findings)
    found = [(one.id, str(one.location), one.message) for one in findings]
    expected = ("EPU-006", f"book.epub/{_COVER}", f"The cover image {words}")
    assert found == ([expected] if words else [])


def _ids(*arguments: str) -> list[str]:
    result = CliRunner().invoke(makeready, ["check", *arguments, "--json"])
    return [finding["id"] for finding in json.loads(result.stdout)["findings"]]


@pytest.mark.slow
def test_a_store_s_own_demands_are_reported_only_for_that_store(tmp_path: Path) -> None:
    files = small_epub() | {_COVER: jpeg(300, 200), _FIGURE: jpeg(30, 20, "CMYK")}
    path = str(pack(files, tmp_path / "book.epub"))
    assert _ids(path) == []
    found = _ids(path, "--store", "kindle", "--store", "kobo")
    assert sorted(found) == ["EPU-007", "STO-002", "STO-005", "STO-007"]
