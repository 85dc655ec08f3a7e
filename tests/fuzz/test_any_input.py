"""Any input of a stranger is read or refused: no exception but those that users are shown.

In the suite the inputs are the same each time, for about a minute. ``make fuzz EXAMPLES=100000``
tries others, and keeps those that failed for the next run.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pytest
from check_samples import small_epub
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from conftest import BOOKS, ROOT
from makeready.build.check_file import ExternalFiles, check_external_files
from makeready.checks.epub.accessibility import check_accessibility
from makeready.checks.epub.container import check_container
from makeready.checks.epub.store_rules import check_common_rules
from makeready.errors import FindingsError
from makeready.findings import Findings
from makeready.manuscript import svg
from makeready.manuscript.reader import read_book
from makeready.stores.store import stores_named
from makeready.templates.own_stylesheet import read_own_stylesheet
from makeready.templates.stylesheet_urls import with_book_paths
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Report

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
SECONDS = 60


def fuzzed(examples: int) -> settings:
    """Return the settings of a test: so many examples in the suite, or as many as asked for."""
    is_fixed = not EXAMPLES
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=is_fixed,
        database=None if is_fixed else DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "fuzz"),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, *([] if is_fixed else [Phase.shrink])],
    )


def changed(seeds: list[bytes], tokens: list[bytes]) -> st.SearchStrategy[bytes]:
    """Return a strategy for seeds that are changed in some places."""
    piece = st.one_of(st.sampled_from(tokens), st.binary(max_size=6))
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), piece, st.integers(1, 30))
    return st.builds(_change, st.sampled_from(seeds), st.lists(change, max_size=6))


def _change(seed: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    for place, removed, piece, times in changes:
        at = int(place * len(seed))
        seed = seed[:at] + piece * times + seed[at + removed :]
    return seed


def book_files(toml: bytes, chapter: bytes, folder: Path) -> None:
    (folder / "book.toml").write_bytes(toml)
    (folder / "chapter-1.md").write_bytes(chapter)


TOML = (BOOKS / "leaflet" / "book.toml").read_bytes()
TOML_TOKENS = [
    b'=', b'[', b']', b'[[', b']]', b'{', b'}', b'"', b'"""', b"'", b'\n', b'#', b'.', b',',
    b'-', b'title', b'editions.x', b'kind', b'isbn', b'inf', b'nan', b'1e999', b'9' * 300,
    b'\\u0000', b'2026-13-41', b'\x00', b'\xff', b'\xef\xbb\xbf', b'../..', b'/dev/zero',
    b'true',
]  # fmt: skip


@fuzzed(150)
@given(changed([TOML], TOML_TOKENS))
@example(b"x = " + b"1" * 4301)
@example(b"x = " + b"[" * 10_000)
def test_any_book_toml_is_read(toml: bytes) -> None:
    with TemporaryDirectory() as folder:
        book_files(toml, b"# One\n\nWords.\n", Path(folder))
        read_book(Path(folder), Findings())


MARKDOWN_TOKENS = [
    b'#', b'*', b'_', b'[', b'](', b')', b'![', b'{', b'}', b'<', b'>', b'`', b'```\n',
    b'~', b'|', b'\n\n', b'\n> ', b'\n- ', b'\n1. ', b'\n    ', b'\n/// verse\n',
    b'\n///\n', b'[^1]', b'[^1]: ', b'&#0;', b'&#x110000;', b'&lol;', b'%00', b'<a name=x>',
    b'</div>', b'<svg>', b'<!--', b'-->', b'javascript:', b'\x00', b'\xff', b'\r',
    b'\xe2\x80\xae', b'{#a .b c=d}', b'{>>', b'<<}',
]  # fmt: skip
MARKDOWN = [
    (BOOKS / "leaflet" / "chapter-1.md").read_bytes(),
    b'# One\n\nA [link](#a "t") and ![image](images/a.png){width=50%}.[^1]\n\n[^1]: A *note*.\n\n'
    b"| a | b |\n|---|--:|\n| c | d |\n\n- x\n    - y\n\n> q\n\n/// verse\na\nb\n///\n",
]


@fuzzed(150)
@given(changed(MARKDOWN, MARKDOWN_TOKENS))
@example(b"# One\n\n[](#%00)\n")
def test_any_markdown_is_read(chapter: bytes) -> None:
    toml = b'title = "T"\nlanguage = "en"\nbodymatter = ["chapter-1"]\n'
    with TemporaryDirectory() as folder:
        book_files(toml, chapter, Path(folder))
        read_book(Path(folder), Findings())


SVG_TOKENS = [
    b'<', b'>', b'/>', b'"', b"'", b'=', b'&', b';', b'<!--', b']]>', b'<![CDATA[',
    b'<?x?>', b'<script>', b'<style>', b'url(', b'@import', b'xlink:href', b'href', b'#a',
    b'data:image/png;', b'nan', b'inf', b'1e999', b'-1', b'0', b'%', b'\x00', b'\xff',
    b"<use href='#a'/>", b'<!DOCTYPE x', b'\\75', b'@media all{', b'font:', b" style='", b'--a:',
    b'<switch>', b" xmlns:a='b' a:c='d'", b'</style>', b'<flowRoot>', b'(((',
]  # fmt: skip
SVG = [
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    b'width="10mm" height="10" viewBox="0 0 10 10"><style>rect { fill: red }</style><defs>'
    b'<g id="a"><rect width="5" height="5" style="fill: url(#b)"/></g></defs>'
    b'<use xlink:href="#a" x="1"/><text font-family="serif">A</text></svg>'
]


def refuse_raster(_: bytes) -> str:
    return "it is no image"


@fuzzed(300)
@given(changed(SVG, SVG_TOKENS))
@example(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="a b c"/>')
def test_any_drawing_is_refused_or_cleaned_once(drawing: bytes) -> None:
    if svg.inspect(drawing, refuse_raster).problem:
        return
    clean = svg.cleaned(drawing)
    assert not svg.inspect(clean, refuse_raster).problem
    assert svg.cleaned(clean) == clean


CSS_TOKENS = [
    b'{', b'}', b'(', b')', b'[', b']', b':', b';', b',', b'/', b'*', b'/*', b'*/', b"'",
    b'"', b'\\', b'calc(', b'url(', b'url(x', b'@import ', b'@page', b'@media',
    b'counter-reset', b'nan', b'1e999', b'\n', b'\x00', b'\xff', b'::before', b':is(', b'&',
    b'!important', b'<!--', b'U+0-7F',
]  # fmt: skip
CSS = [
    b"@page { margin: 1in }\np { width: calc(100% - (4pt / 2)); background: url(images/a.png) }\n"
    b'@media print { .a > b::before { content: "x" counter(a); counter-reset: a 3 } }\n'
]


@fuzzed(300)
@given(changed(CSS, CSS_TOKENS))
@example(b"p { width: calc(1px / 0) }")
@example(b"p{" * 1000)
@example(b"p { width: " + b"(" * 5000)
def test_any_stylesheet_is_read(css: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "styles" / "css" / "print.css"
        path.parent.mkdir(parents=True)
        path.write_bytes(css)
        try:
            with_book_paths(read_own_stylesheet(path, "styles/css/print.css"), path, Path(folder))
        except FindingsError as error:
            assert error.path.startswith("styles/")


def sample_pdf() -> bytes:
    """Return a small PDF with text, a form, an image and metadata, without compression."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(360, 576)).obj
    form = pikepdf.Stream(pdf, b"0 0 10 10 re f")
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 10, 10]
    image = pikepdf.Stream(pdf, b"\x00" * 4)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 2, 2, 8
    image.ColorSpace = pikepdf.Name.DeviceGray
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form, I=image))
    page.Contents = pikepdf.Stream(pdf, b"q 1 0 0 1 72 72 cm /F Do Q q 50 0 0 50 90 90 cm /I Do Q")
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "T"
    out = io.BytesIO()
    pdf.save(out, static_id=True, compress_streams=False)
    return out.getvalue()


PDF_TOKENS = [
    b'<<', b'>>', b'[', b']', b'(', b')', b'/', b'obj', b'endobj', b'stream\n',
    b'endstream', b'R', b'0', b'-1', b'99999999999', b'1e9', b'/F Do ', b'q ', b'Q ',
    b'BT ', b'ET ', b'/Filter /LZWDecode', b'/Type', b'/Page', b'/MediaBox [0 0 0 0]',
    b'/DecodeParms', b'1 0 R', b'\x00', b'\xff', b'%',
]  # fmt: skip


@fuzzed(40)
@given(changed([sample_pdf()], PDF_TOKENS))
def test_any_pdf_is_checked(pdf: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.pdf"
        path.write_bytes(pdf)
        files = ExternalFiles(interior=path, printer="kdp")
        assert check_external_files(files, lambda _: None, SECONDS).findings


def ebook_findings(path: Path, _report: Report) -> Findings:
    """Return what is found in an e-book without EPUBCheck, which takes seconds to start."""
    findings = Findings()
    check_container(path, findings)
    if {finding.id for finding in findings}.isdisjoint({"EPU-001", "EPU-012"}):
        check_accessibility(path, path.name, findings)
        check_common_rules(path, stores_named(()), findings)
    return findings


EPUB = small_epub()
XML_TOKENS = [
    b'<', b'>', b'/>', b'"', b'=', b'&', b';', b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b'<![CDATA[', b'<!--', b'..', b'/', b'%2e%2e/', b'%00', b'#', b'\x00', b'\xff', b'id',
    b'href', b"properties='nav'", b'xml:lang', b'en', b'-1', b'1e999', b'<p>', b'</p>',
    b'http://example.org/', b'<?x?>',
]  # fmt: skip


@fuzzed(80)
@given(st.sampled_from(sorted(EPUB)), st.data())
def test_any_ebook_is_checked(name: str, data: st.DataObject) -> None:
    content = data.draw(changed([EPUB[name]], XML_TOKENS))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.epub"
        with zipfile.ZipFile(path, "w") as archive:
            for other, bytes_ in EPUB.items():
                archive.writestr(other, content if other == name else bytes_)
        assert not isinstance(run_limited(ebook_findings, path, lambda _: None, SECONDS), Stopped)


@fuzzed(30)
@given(st.binary(min_size=1, max_size=8), st.floats(0, 1))
def test_any_archive_is_checked(piece: bytes, place: float) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.epub"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in EPUB.items():
                archive.writestr(name, content)
        whole = path.read_bytes()
        at = int(place * len(whole))
        path.write_bytes(whole[:at] + piece + whole[at + len(piece) :])
        assert not isinstance(run_limited(ebook_findings, path, lambda _: None, SECONDS), Stopped)
