"""HTML in a book is valid: as written, or repaired where it is plain what was meant."""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from generated_books import body, chapter, markup, png
from lxml import etree
from random_trees import random_trees

from makeready.book.content_model import content_faults
from makeready.book.model import Element
from makeready.external.epubcheck import run_epubcheck
from makeready.findings import Findings
from makeready.manuscript.content_repair import repair_content

REPAIRS = {
    # Parts without their parents, and parents without their parts.
    "<li>a</li><li>b</li>": "<ul><li>a</li><li>b</li></ul>",
    "<dt>a</dt><dd>b</dd>": "<dl><dt>a</dt><dd>b</dd></dl>",
    "<dt>a</dt>": "<dl><dt>a</dt><dd></dd></dl>",
    "<dl><dd>a</dd></dl>": "<p>a</p>",
    "<dl><dd>a</dd><dt>b</dt><dd>c</dd></dl>": "<p>a</p><dl><dt>b</dt><dd>c</dd></dl>",
    "<td>a</td><th>b</th>": "<table><tr><td>a</td><th>b</th></tr></table>",
    "<tr><td>a</td></tr>": "<table><tr><td>a</td></tr></table>",
    "<figcaption>a</figcaption>": "<p>a</p>",
    "<summary>a</summary>": "<p>a</p>",
    "<details>a</details>": "<details><summary>Details</summary>a</details>",
    "<details>a<summary>b</summary></details>": "<details><summary>b</summary>a</details>",
    "<ul>a</ul>": "<ul><li>a</li></ul>",
    "<ul><li>a</li><ul><li>b</li></ul></ul>": "<ul><li>a<ul><li>b</li></ul></li></ul>",
    "<div><ruby>a</ruby></div>": "<div><span>a</span></div>",
    "<div><ruby>a<rt>b</rt>c</ruby></div>": "<div><ruby>a<rt>b</rt></ruby>c</div>",
    # Parts in the wrong order.
    "<table><tr><td>a</td></tr><caption>b</caption></table>": (
        '<table data-number="1"><caption><span class="label">Table 1.</span> b</caption>'
        "<tr><td>a</td></tr></table>"
    ),
    "<table><tfoot><tr><td>a</td></tr></tfoot><tr><td>b</td></tr></table>": (
        "<table><tr><td>b</td></tr><tfoot><tr><td>a</td></tr></tfoot></table>"
    ),
    "<table><tr><td>a</td></tr><tbody><tr><td>b</td></tr></tbody></table>": (
        "<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><td>b</td></tr></tbody></table>"
    ),
    '<figure><img src="images/a.png" alt="a"><figcaption>b</figcaption><br></figure>': (
        '<figure data-number="1"><img src="images/a.png" alt="a"/>'
        '<figcaption><span class="label">Figure 1.</span> b</figcaption></figure>'
    ),
    # Blocks where there is one line of text.
    "<div><p>a<table><tr><td>b</td></tr></table>c</p></div>": (
        "<div><p>a</p><table><tr><td>b</td></tr></table>c</div>"
    ),
    "## A {#h}\n\n<h3>a <p>b</p></h3>": '<h2 id="h">A</h2><h3 id="chapter-1-a-b">a <br/>b</h3>',
    "<pre><p>a</p><p>b</p></pre>": (
        '<pre><span class="code-line">a\n</span><span class="code-line">b</span></pre>'
    ),
    "<div><em>a<p>b</p>c</em></div>": "<div><em>a</em><p><em>b</em></p><em>c</em></div>",
    # Elements inside others of their kind, or without what they need.
    '<div><a href="https://a.example">a <a href="https://b.example">b</a> c</a></div>': (
        '<div><a href="https://a.example">a </a><a href="https://b.example">b</a>'
        '<a href="https://a.example"> c</a></div>'
    ),
    "[a[^1] b](https://a.example)\n\n[^1]: c": (
        '<p><a href="https://a.example">a</a><a class="noteref" data-note="1"></a>'
        '<a href="https://a.example"> b</a></p>'
    ),
    "<div><dfn>a<dfn>b</dfn></dfn></div>": "<div><dfn>a<span>b</span></dfn></div>",
    "<header>a<header>b</header></header>": "<header>a<div>b</div></header>",
    "<div><time>now</time></div>": "<div><span>now</span></div>",
    "<div><bdo>a</bdo> <data>b</data></div>": "<div><span>a</span> <span>b</span></div>",
}
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"
HEAD = "<table{}>{}<thead><tr><th>a</th><th>b</th></tr></thead>"


@pytest.mark.parametrize("text", REPAIRS)
def test_what_is_plainly_meant_is_made_right(text: str) -> None:
    images = {"a": png()} if "images/" in text else {}
    assert body(text, **images).replace("~", " ") == REPAIRS[text]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (
            f"{TABLE}\n: Pots *by* size {{#pots .wide}}",
            HEAD.format(
                ' id="pots" class="wide" data-number="1"',
                '<caption><span class="label">Table 1.</span> Pots <em>by</em> size</caption>',
            ),
        ),
        ("- a\n\n: b", "<ul><li>a</li></ul><p>: b</p>"),
        ("## A\n\n: b", '<h2 id="chapter-1-a">A</h2><p>: b</p>'),
        ("a\n: b\n\n: c", "<dl><dt>a</dt><dd>b</dd><dd>"),
    ],
)
def test_a_definition_without_a_term(text: str, start: str) -> None:
    assert body(text).replace("~", " ").startswith(start)


VALID = [
    "<dl><div><dt>a</dt><dd>b</dd></div></dl>",
    '<details open="open"><summary>a</summary><p>b</p></details>',
    "<figure><p>a</p><p>b</p></figure>",
    "<div><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></div>",
    '<ol start="3" type="a" reversed="reversed"><li value="3">a</li></ol>',
    "<table><colgroup><col/></colgroup><thead></thead><tbody><tr></tr></tbody><tfoot></tfoot></table>",
    '<div><a href="https://a.example"><p>a</p></a></div>',
    '<div><time datetime="2026-11">a</time></div>',
]


@pytest.mark.parametrize("text", VALID)
def test_valid_html_stays_as_it_is(text: str) -> None:
    assert body(text) == text


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ('<ol type="x"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ('<ol reversed="true"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ('<ul><li value="3">a</li></ul>', "<ul><li>a</li></ul>"),
        ('<table><tr><td colspan="0">a</td></tr></table>', "<table><tr><td>a</td></tr></table>"),
        (
            '<table><tr><th scope="x">a</th></tr></table>',
            "<table><tr><th>a</th></tr></table>",
        ),
        ('<div><time datetime="soon">a</time></div>', "<div><span>a</span></div>"),
    ],
)
def test_invalid_attributes_are_told_and_removed(attributes: str, kept: str) -> None:
    book, found = chapter(attributes)
    assert found == [("MAN-016", "chapter-1.md", 3)]
    assert markup(book.sections[0].tree) == kept


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<table>\n<tr>a</tr>\n</table>", 4),
        ("<table>a</table>", 3),
        ("<h2>a\n<ul><li>b</li></ul></h2>", 3),
        (
            "<div>\n<a href='https://a.example'><p><a href='https://b.example'>b</a></p></a></div>",
            4,
        ),
    ],
)
def test_what_could_be_meant_otherwise_is_told(text: str, line: int) -> None:
    book, found = chapter(text)
    assert found == [("MAN-042", "chapter-1.md", line)]
    assert list(content_faults(book.sections[0].tree)) == []


def repaired(tree: Element) -> Element:
    result = copy.deepcopy(tree)
    repair_content(result, "", "chapter-1.md", Findings())
    return result


_MOVED = ("caption", "col", "colgroup", "details", "rp", "summary", "tfoot")


def test_repair_leaves_no_fault_and_keeps_the_text_in_order() -> None:
    broken = 0
    for tree in random_trees(seed=1, count=600):
        result = repaired(tree)
        assert list(content_faults(result)) == [], etree.tostring(tree)
        if next(content_faults(tree), None) is None and next(tree.iter("time"), None) is None:
            assert etree.tostring(result) == etree.tostring(tree)
        else:
            broken += 1
        if next(tree.iter(*_MOVED), None) is None:
            before, after = (re.findall("w...", "".join(t.itertext())) for t in (tree, result))
            assert after == before, etree.tostring(tree)
    assert 200 < broken < 500


PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">urn:x</dc:identifier>
<dc:title>t</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2026-11-01T00:00:00Z</meta></metadata>
<manifest><item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>
{items}<item id="p" href="a.png" media-type="image/png"/></manifest>
<spine>{refs}</spine></package>"""
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>t</title></head><body>{}</body></html>"""
NAV = '<nav epub:type="toc"><ol><li><a href="{}.xhtml">x</a></li></ol></nav>'


def invalid_documents(path: Path, trees: Sequence[Element]) -> set[int]:
    """Return the indices of the trees that EPUBCheck finds fault with, each as a document."""
    for tree in trees:
        for image in tree.iter("img"):
            image.set("src", "a.png")
    items = "".join(
        f'<item id="d{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(trees))
    )
    refs = "".join(f'<itemref idref="d{n}"/>' for n in range(len(trees)))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("c.opf", PACKAGE.format(items=items, refs=refs))
        archive.writestr("n.xhtml", DOCUMENT.format(NAV.format(0)))
        archive.writestr("a.png", png())
        for n, tree in enumerate(trees):
            archive.writestr(
                f"{n}.xhtml", DOCUMENT.format(etree.tostring(tree, encoding="unicode"))
            )
    found = run_epubcheck(path)
    locations = [f.location.path if f.location else "" for f in found if f.severity == "error"]
    assert all(re.fullmatch(r"x\.epub/\d+\.xhtml", location) for location in locations), locations
    return {int(location.removesuffix(".xhtml").rpartition("/")[2]) for location in locations}


@pytest.mark.long
def test_the_model_is_that_of_epubcheck(tmp_path: Path) -> None:
    invalid = 0
    for seed in range(12):
        # EPUBCheck names no more than 25 places for a message.
        trees = random_trees(seed, 25)
        faulty = {n for n, tree in enumerate(trees) if next(content_faults(tree), None) is not None}
        path = tmp_path / "x.epub"
        assert invalid_documents(path, trees) == faulty
        assert invalid_documents(path, [repaired(tree) for tree in trees]) == set()
        invalid += len(faulty)
    assert 100 < invalid < 250
