"""Each rule of accessibility: an EPUB that all can read, broken in one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from check_samples import epub_2, pack, small_epub

from makeready.checks.epub.accessibility import check_accessibility
from makeready.checks.epub.contrast import contrast
from makeready.findings import Findings

_NAV, _PACKAGE, _CHAPTER = "EPUB/nav.xhtml", "EPUB/package.opf", "EPUB/chapter.xhtml"
_STYLE = "EPUB/style.css"
_HEAD = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en"
xml:lang="en"><head><title>One</title><link rel="stylesheet" href="style.css"/></head><body>
"""
_TEXT = """<h1>One</h1>
<p><span id="page-1" role="doc-pagebreak" epub:type="pagebreak" aria-label="1"/>Some words,
<span lang="kk" xml:lang="kk">тұқымды ерте себіңіз</span>, Дина Сейтқызы.</p>
<h2>Two</h2>
<p><span id="page-2" role="doc-pagebreak" epub:type="pagebreak" aria-label="2"/>A
<a href="nav.xhtml">way back</a>, <img src="figure.jpg" alt=""/></p>
<table><tr><th>Soil</th><td>pH</td></tr><tr><td>clay</td><td>7</td></tr></table>
<h1 id="last">Last</h1><p class="note">Faint.</p><div class="box">Framed.</div></body></html>"""
_LISTS = """<nav epub:type="toc"><ol>
<li><a href="chapter.xhtml">One</a></li><li><a href="chapter.xhtml#last">Last</a></li></ol></nav>
<nav epub:type="page-list" hidden="hidden"><ol><li><a href="chapter.xhtml#page-1">1</a></li>
<li><a href="chapter.xhtml#page-2">2</a></li></ol></nav>"""
_CLAIM = """<meta id="claim"
property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>
<meta property="a11y:certifiedBy" refines="#claim">A Press</meta></metadata>"""
_CSS = """p { color: #595959 }
.note { color: #888; font-size: 1.5em }
.box { background: #ffe; }
@media (prefers-color-scheme: dark) { p { color: #eee } }
"""

Files = dict[str, bytes]


def accessible() -> Files:
    """Return the files of an EPUB that has one of everything and claims to be accessible."""
    files = small_epub()
    nav, package = files[_NAV].decode(), files[_PACKAGE].decode()
    before, _, rest = nav.partition('<nav epub:type="toc">')
    files[_NAV] = f"{before}{_LISTS}{rest.partition('</nav>')[2]}".encode()
    package = package.replace("</metadata>", _CLAIM).replace(
        "<manifest>",
        '<manifest><item id="one" href="chapter.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="style" href="style.css" media-type="text/css"/>',
    )
    package = package.replace(
        '<meta property="schema:accessibilityHazard">',
        '<meta property="pageBreakSource">urn:isbn:9780306406157</meta>'
        '<meta property="schema:accessibilityFeature">pageNavigation</meta>'
        '<meta property="schema:accessibilityHazard">',
    )
    files[_PACKAGE] = package.replace("<spine>", '<spine><itemref idref="one"/>').encode()
    files[_CHAPTER] = _HEAD + _TEXT.encode()
    files[_STYLE] = _CSS.encode()
    return files


def found(files: Files, tmp_path: Path) -> list[str]:
    """Return what is said of an EPUB: the rule, the file and line, the first words."""
    findings = Findings()
    path = pack(files, tmp_path / "book.epub")
    check_accessibility(path, path.name, findings)
    return [f"{f.id} {f.location}" for f in findings]


def swap(name: str, old: str, new: str) -> Callable[[Files], None]:
    """Return what changes one place of one file."""

    def change(files: Files) -> None:
        assert files[name].count(old.encode()) == 1
        files[name] = files[name].replace(old.encode(), new.encode())

    return change


_IN_CHAPTER, _IN_NAV = f"book.epub/{_CHAPTER}", f"book.epub/{_NAV}"
_PAGE_LIST = _LISTS[_LISTS.index('<nav epub:type="page-list"') :]
_HERE = '<li><a href="nav.xhtml#here">Here</a></li>'


def test_what_all_can_read(tmp_path: Path) -> None:
    assert found(accessible(), tmp_path) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (swap(_CHAPTER, "<title>One</title>", "<title> </title>"), f"ACC-010 {_IN_CHAPTER}:4"),
        (swap(_CHAPTER, ' alt=""', ""), f"ACC-011 {_IN_CHAPTER}:10"),
        (swap(_CHAPTER, 'alt=""', 'alt="figure.jpg"'), f"ACC-012 {_IN_CHAPTER}:10"),
        (swap(_CHAPTER, "<h2>Two</h2>", "<h2> </h2>"), f"ACC-013 {_IN_CHAPTER}:8"),
        (swap(_CHAPTER, "<h2>Two</h2>", "<h3>Two</h3>"), f"ACC-014 {_IN_CHAPTER}:8"),
        (swap(_CHAPTER, ' lang="en"\nxml:lang="en"', ""), f"ACC-015 {_IN_CHAPTER}:3"),
        (swap(_CHAPTER, 'xml:lang="kk"', 'xml:lang="ru"'), f"ACC-016 {_IN_CHAPTER}:7"),
        (swap(_CHAPTER, ' lang="kk" xml:lang="kk"', ""), f"ACC-017 {_IN_CHAPTER}:7"),
        (swap(_CHAPTER, "<th>Soil</th>", "<td>Soil</td>"), f"ACC-018 {_IN_CHAPTER}:11"),
        (swap(_CHAPTER, "way back", ""), f"ACC-019 {_IN_CHAPTER}:10"),
        (swap(_CHAPTER, "way back", "here"), f"ACC-020 {_IN_CHAPTER}:10"),
        (swap(_STYLE, "#595959", "#777"), f"ACC-021 book.epub/{_STYLE}:1"),
        (swap(_STYLE, "1.5em", "1.2em"), f"ACC-021 book.epub/{_STYLE}:2"),
        (swap(_STYLE, "#ffe", "#333"), f"ACC-021 book.epub/{_STYLE}:3"),
        (swap(_NAV, "chapter.xhtml#last", "figure.jpg"), f"ACC-022 {_IN_NAV}"),
        (swap(_NAV, "chapter.xhtml#page-2", "chapter.xhtml#last"), f"ACC-024 {_IN_NAV}"),
        (swap(_NAV, '\n<li><a href="chapter.xhtml#page-2">2</a></li>', ""), f"ACC-024 {_IN_NAV}"),
        (swap(_PACKAGE, "pageBreakSource", "dcterms:isPartOf"), f"ACC-025 {_IN_NAV}"),
        (swap(_PACKAGE, "schema:accessibilitySummary", "dcterms:abstract"), "ACC-026 book.epub"),
        (swap(_PACKAGE, ">alternativeText<", ">index<"), "ACC-027 book.epub"),
        (swap(_PACKAGE, ">alternativeText<", ">MathML<"), "ACC-027 book.epub"),
        (swap(_PACKAGE, "Level AA", "Level B"), "ACC-028 book.epub"),
        (swap(_PACKAGE, "a11y:certifiedBy", "a11y:certifiedFor"), "ACC-028 book.epub"),
    ],
)  # fmt: skip
def test_broken_in_one_place(change: Callable[[Files], None], finding: str, tmp_path: Path) -> None:
    files = accessible()
    change(files)
    if finding == "ACC-028 book.epub":
        assert found(files, tmp_path) == [finding]
        return
    # An image without description makes what the package says of it untrue, twice.
    untrue = ["ACC-027 book.epub"] * 2 * finding.startswith("ACC-011")
    # Whatever is wrong, the claim does not hold.
    assert found(files, tmp_path) == [finding, *untrue, "ACC-028 book.epub"]


def test_marked_pages_that_nothing_lists(tmp_path: Path) -> None:
    files = accessible()
    swap(_NAV, _PAGE_LIST, "")(files)
    swap(_PACKAGE, ">pageNavigation<", ">pageBreakMarkers<")(files)
    assert found(files, tmp_path) == [f"ACC-023 {_IN_NAV}", "ACC-028 book.epub"]


def test_contents_in_another_order_than_the_book(tmp_path: Path) -> None:
    files = accessible()
    last = '<li><a href="chapter.xhtml#last">Last</a></li>'
    swap(_NAV, last, "")(files)
    swap(_NAV, '<nav epub:type="toc"><ol>', '<nav epub:type="toc"><ol>' + _HERE)(files)
    assert found(files, tmp_path) == [f"ACC-022 {_IN_NAV}", "ACC-028 book.epub"]


def test_a_book_that_claims_nothing_is_told_no_claim(tmp_path: Path) -> None:
    files = accessible()
    swap(_PACKAGE, _CLAIM, "</metadata>")(files)
    assert found(files, tmp_path) == []


_PROPERTIES = """<meta name="schema:accessMode" content="textual"/>
<meta name="schema:accessMode" content="visual"/>
<meta name="schema:accessModeSufficient" content="textual"/>
<meta name="schema:accessibilityFeature" content="{}"/>
<meta name="schema:accessibilityHazard" content="none"/>
<meta name="schema:accessibilitySummary" content="All of it can be read aloud."/></metadata>"""
_PAGES = """</navMap><pageList><pageTarget type="normal" value="1">
<navLabel><text>1</text></navLabel><content src="nav.xhtml#here"/></pageTarget></pageList>"""
_GUIDE = '<guide><reference type="index" href="nav.xhtml"/></guide></package>'


def of_epub_2(feature: str, *, pages: bool = False, guide: bool = False) -> Files:
    files = epub_2(small_epub())
    package = files[_PACKAGE].decode().replace("</metadata>", _PROPERTIES.format(feature))
    files[_PACKAGE] = package.replace("</package>", _GUIDE if guide else "</package>").encode()
    ncx = files["EPUB/toc.ncx"].decode()
    files["EPUB/toc.ncx"] = ncx.replace("</navMap>", _PAGES if pages else "</navMap>").encode()
    return files


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (of_epub_2("tableOfContents"), []),
        (of_epub_2("alternativeText"), []),
        (of_epub_2("pageNavigation", pages=True), []),
        (of_epub_2("pageBreakMarkers", pages=True), []),
        (of_epub_2("index", guide=True), []),
        (of_epub_2("pageNavigation"), ["ACC-027 book.epub"]),
        (of_epub_2("pageBreakMarkers"), ["ACC-027 book.epub"]),
        (of_epub_2("index"), ["ACC-027 book.epub"]),
        (epub_2(small_epub()), ["ACC-026 book.epub"]),
    ],
)
def test_the_properties_of_an_epub_2(files: Files, expected: list[str], tmp_path: Path) -> None:
    assert found(files, tmp_path) == expected


@pytest.mark.parametrize("marked", ['role="doc-index"', 'epub:type="index backmatter"'])
def test_an_index_is_one_by_its_role_or_its_type(marked: str, tmp_path: Path) -> None:
    files = accessible()
    swap(_PACKAGE, ">alternativeText<", ">index<")(files)
    swap(_CHAPTER, "<h2>Two</h2>", f"<section {marked}><h2>Two</h2></section>")(files)
    assert found(files, tmp_path) == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        # The worked pairs that everybody quotes: black on white, and the lightest grey of AA.
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 21.0),
        ((0x76 / 255,) * 3, (1.0, 1.0, 1.0), 4.54),
        ((1.0, 0.0, 0.0), (1.0, 1.0, 1.0), 4.0),
    ],
)
def test_the_contrast_of_two_colours(
    one: tuple[float, float, float], other: tuple[float, float, float], ratio: float
) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


_ROWS = "<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>"


@pytest.mark.parametrize(
    ("table", "rules"),
    [
        (f"<table>{_ROWS}</table>", ["ACC-018"]),
        (f"<table><caption>Two</caption>{_ROWS}</table>", ["ACC-018"]),
        ("<table><caption>One</caption><tr><td>a</td><td>b</td></tr></table>", ["ACC-018"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", []),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", []),
        (f"<table><tr><td>a</td><td>b</td></tr><tr><td><table>{_ROWS}</table></td><td/></tr></table>",
         ["ACC-018"]),
        (f'<table role="presentation">{_ROWS}</table>', []),
    ],
)  # fmt: skip
def test_only_a_table_of_data_needs_header_cells(
    table: str, rules: list[str], tmp_path: Path
) -> None:
    assert (
        rules_of(swap(_CHAPTER, '<p class="note">', f'{table}<p class="note">'), tmp_path) == rules
    )


def rules_of(change: Callable[[Files], None], tmp_path: Path) -> list[str]:
    """Return what is said of a changed EPUB, but that it contradicts the claim."""
    files = accessible()
    change(files)
    rules = [line.partition(" ")[0] for line in found(files, tmp_path)]
    return [rule for rule in rules if rule != "ACC-028"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Смотри https://www.example.org/one/two/three.html и everyone@example.org", []),
        ("Смотри www.example.org/One-two и one.two.three", []),
        ("Смотри one two three", ["ACC-017"]),
    ],
)
def test_addresses_are_in_no_language(text: str, rules: list[str], tmp_path: Path) -> None:
    passage = f'<p lang="ru" xml:lang="ru">{text}</p><p class="note">'
    assert rules_of(swap(_CHAPTER, '<p class="note">', passage), tmp_path) == rules


def test_regions_of_pictures_are_links_without_text(tmp_path: Path) -> None:
    region = '<nav epub:type="{}"><a href="chapter.xhtml#last"/></nav><p class="note">'
    for kind, rules in (("region-based", []), ("lot", ["ACC-019"])):
        change = swap(_CHAPTER, '<p class="note">', region.format(kind))
        assert rules_of(change, tmp_path) == rules


@pytest.mark.parametrize(
    ("target", "rules"),
    [
        ("figure.xhtml", []),
        ("package.opf#epubcfi(/6/4[ct]!/4/2/1:3)", []),
        ("nav.xhtml#here", []),
        ("chapter.xhtml", []),
        ("chapter.xhtml#last", ["ACC-024"]),
    ],
)
def test_a_page_may_begin_without_a_mark(target: str, rules: list[str], tmp_path: Path) -> None:
    page = f'<li><a href="{target}">0</a></li>\n<li><a href="chapter.xhtml#page-2">2'
    change = swap(_NAV, '<li><a href="chapter.xhtml#page-2">2', page)
    assert rules_of(change, tmp_path) == rules


def test_a_forced_break_is_no_printed_page(tmp_path: Path) -> None:
    files = accessible()
    for mark in ("page-1", "page-2"):
        swap(_CHAPTER, f'id="{mark}" ', "")(files)
    for mark in ("1", "2"):
        swap(_CHAPTER, f' aria-label="{mark}"', "")(files)
    files[_NAV] = files[_NAV].replace(_PAGE_LIST.encode(), b"")
    rules = {line.partition(" ")[0] for line in found(files, tmp_path)}
    assert rules == {"ACC-027", "ACC-028"}


@pytest.mark.parametrize(
    ("kind", "rules"), [("titlepage", []), ("imprint", []), ("chapter", ["ACC-027"])]
)
def test_an_image_of_the_title_is_no_content(kind: str, rules: list[str], tmp_path: Path) -> None:
    image = f'<section epub:type="{kind}"><img src="figure.jpg" alt="A mark"/></section>'

    def change(files: Files) -> None:
        swap(_CHAPTER, '<p class="note">', f'{image}<p class="note">')(files)
        files[_PACKAGE] = files[_PACKAGE].replace(b">visual<", b">auditory<")
        files[_NAV] = re.sub(rb'alt="[^"]*"', b'alt=""', files[_NAV])

    assert rules_of(change, tmp_path) == rules
