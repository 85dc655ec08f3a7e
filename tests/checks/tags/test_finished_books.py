"""The screen PDFs of the suite's books conform to PDF/UA-1, and say so."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from pikepdf import Name, String
from PIL import ImageCms
from tagged_pdf import tagged_pdf

from conftest import ROOT
from makeready.build.pdf_conformance import ClaimCheck
from makeready.checks.reading.read_aloud import read_aloud
from makeready.checks.tagged_pdf.tagged_pdf import check_tagged_file, check_tags
from makeready.external.verapdf import run_verapdf
from makeready.findings import Findings, SourceLocation
from makeready.images.colour_profiles import srgb_profile
from makeready.manuscript.reader import read_book
from makeready.pdf.pdfa import as_pdfa
from makeready.pdf.ua_claim import with_claim
from makeready.pdf_content.marked_content import read_marked_contents
from verapdf_program import path_with_verapdf

BOOKS = {
    "interview": "kazakhstan",
    "garden": "walled-garden",
    "lighthouse": "keepers-reckoning",
    "seedbank": "seed-bank",
}


@pytest.fixture(
    scope="module",
    params=[
        ("interview", "garden"),
        pytest.param(("lighthouse", "seedbank"), marks=pytest.mark.long),
    ],
    ids=["short", "long"],
)
def finished(request: pytest.FixtureRequest) -> list[Path]:
    """Some finished screen PDFs: Java takes seconds to start."""
    folders = {name: request.getfixturevalue(name) for name in request.param}
    return [folder / f"{BOOKS[name]}-screen.pdf" for name, folder in folders.items()]


@pytest.mark.slow
def test_verapdf_has_nothing_to_say_of_books_and_their_archive_copies(
    finished: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", path_with_verapdf(tmp_path))
    copies = []
    for path, conformance in zip(finished, ("2a", "3a"), strict=True):
        content = path.read_bytes()
        copy = as_pdfa(content, conformance)
        assert as_pdfa(content, conformance) == copy
        copies.append(tmp_path / f"{path.stem}-{conformance}.pdf")
        copies[-1].write_bytes(copy)
    files = [*finished, *copies]
    assert run_verapdf(files) == {path: [] for path in files}
    assert run_verapdf(copies[1:], "3a") == {copies[1]: []}
    failures = run_verapdf([copies[0], finished[0]], "2a")
    assert failures is not None
    assert failures[copies[0]] == []
    assert {failure.id for failure in failures[finished[0]]} >= {"6.2.4.3-2", "6.3.2-1", "6.6.4-1"}


def test_our_own_rules_have_nothing_to_say(
    finished: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    findings = Findings()
    for path in finished:
        check_tagged_file(path, findings)
    assert list(findings) == []


def test_marks_are_read_alike_with_and_without_text(finished: list[Path]) -> None:
    for path in finished:
        with pikepdf.open(path) as pdf:
            whole, fast = (read_marked_contents(pdf, with_text=text) for text in (True, False))
        assert fast.marks.keys() == whole.marks.keys()
        assert len(whole.marks) > 100
        for mark, marked in whole.marks.items():
            assert fast.marks[mark].times == marked.times
            assert fast.marks[mark].paints == marked.paints
        assert fast.painted == whole.painted
        for one, other in zip(fast.pages, whole.pages, strict=True):
            assert one.paints == other.paints
            assert not (one.has_unmarked or one.has_artifact_in_tag or one.has_tag_in_artifact)
            assert (one.has_tags, one.has_artifacts) == (other.has_tags, other.has_artifacts)


_SECTIONS = re.compile(r".*/text/(foreword|part|chapter|appendix|glossary|bibliography)[^/]*")
_XHTML = "{http://www.w3.org/1999/xhtml}"


def _paragraphs(book: Path) -> Iterator[str]:
    """Yield the first letters of the paragraphs of an e-book in order, but those of notes."""
    with zipfile.ZipFile(book) as archive:
        for name in filter(_SECTIONS.fullmatch, archive.namelist()):
            for paragraph in etree.fromstring(archive.read(name)).iter(f"{_XHTML}p"):
                around = {one.tag for one in paragraph.iterancestors()}
                if f"{_XHTML}aside" not in around and (letters := _letters(paragraph.itertext())):
                    # References in print name pages.
                    yield letters[:60]


def _letters(texts: Iterable[str]) -> str:
    return re.sub(r"\W", "", "".join(texts))


@pytest.mark.parametrize("book", ["interview", "garden"])
def test_each_paragraph_is_in_the_tree_once_and_in_order(
    book: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(book)
    with pikepdf.open(folder / f"{BOOKS[book]}-screen.pdf") as pdf:
        said = read_aloud(pdf)
    assert said is not None
    bracketed = re.compile(r"\[(?:link|quote|\w{2}): ")
    in_tree = [_letters(bracketed.sub("", part.text)) for part in said.parts]
    paragraphs = list(_paragraphs(next(folder.glob("*.epub"))))
    assert len(paragraphs) > 10
    position = 0
    for paragraph in paragraphs:
        position = next(n for n in range(position, len(in_tree)) if paragraph in in_tree[n])
        assert sum(paragraph in text for text in in_tree) == paragraphs.count(paragraph), paragraph


CLAIM = b'pdfuaid:part="1"'
_WRITTEN_CLAIM = re.compile(rb"<rdf:Description [^>]*pdfuaid[^>]*/>")


def unclaimed(garden: Path, change: Callable[[pikepdf.Pdf], None] = lambda _: None) -> bytes:
    """Return a finished file as it is before the claim is made, changed in one place."""
    target = BytesIO()
    with pikepdf.open(garden / "walled-garden-screen.pdf") as pdf:
        packet = _WRITTEN_CLAIM.sub(
            lambda match: b" " * len(match[0]), pdf.Root.Metadata.read_bytes()
        )
        pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
        change(pdf)
        pdf.save(target, compress_streams=False)
    return target.getvalue()


def _no_words(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
            del item["/Alt"]


def _unmarked(pdf: pikepdf.Pdf) -> None:
    pdf.pages[9].contents_add(b"0 0 9 9 re\nf\n")


def _no_language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = String("")


def _no_unicode(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[9].resources.Font.values()))
    font.ToUnicode = pdf.make_stream(b"")


def claimed_file(file: bytes, findings: Findings) -> bytes:
    """Return a file with the claim if it passes, checked in this process."""
    return ClaimCheck(file, lambda *_: None).claimed_file("x.pdf", findings)


def test_the_claim_is_made_where_the_rules_pass(garden: Path) -> None:
    findings = Findings()
    file = unclaimed(garden)
    assert CLAIM not in file
    claimed = claimed_file(file, findings)
    assert (len(claimed), claimed.count(CLAIM), list(findings)) == (len(file), 1, [])


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (_no_words, "ACC-056"),
        (_unmarked, "ACC-038"),
        (_no_language, "ACC-002"),
        (_no_unicode, "ACC-037"),
    ],
)
def test_no_claim_is_made_that_does_not_hold(
    change: Callable[[pikepdf.Pdf], None], rules: str, garden: Path
) -> None:
    findings = Findings()
    file = unclaimed(garden, change)
    assert claimed_file(file, findings) == file
    assert [(f.id, f.severity, str(f.location)) for f in findings] == [("ACC-062", "note", "x.pdf")]
    assert f"the rules {rules}." in next(iter(findings)).message


def test_the_profile_of_an_archive_copy_has_no_clock() -> None:
    content = srgb_profile()
    assert ImageCms.ImageCmsProfile(BytesIO(content)).profile.xcolor_space.strip() == "RGB"
    assert content[24:36] == bytes.fromhex("07de 0001 0001 0000 0000 0000")


def test_a_file_without_a_place_has_no_claim() -> None:
    target = BytesIO()
    tagged_pdf().save(target)
    assert with_claim(target.getvalue()) == target.getvalue()


def test_a_finding_is_at_its_line_of_the_manuscript(garden: Path) -> None:
    findings = Findings()
    book = read_book(ROOT / "tests" / "books" / "garden", Findings())
    assert book is not None
    with pikepdf.open(garden / "walled-garden-screen.pdf") as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/H2":
                item.S = Name.H4
        check_tags(pdf, SourceLocation("x.pdf"), findings, book)
    heading = next(finding for finding in findings if finding.id == "ACC-049")
    assert str(heading.location) == "chapter-1.md:14"
