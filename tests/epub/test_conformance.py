"""An e-book claims to be accessible where somebody answers for it and nothing speaks against it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from sample_book import EDITION

from conftest import CACHE, makeready
from makeready.book.model import Book
from makeready.build.conformance import claim_if_it_holds
from makeready.epub.archive import pack_without_media
from makeready.epub.package import assemble
from makeready.findings import Findings, SourceLocation
from makeready.templates.environment import Layouts

pytest_plugins = ["epub_fixtures"]

_META = "{http://www.idpf.org/2007/opf}meta"
_CERTIFIED = """
[accessibility]
certified_by = "A Small Press"
credential = "An eye for it"
report = "https://example.org/report"
"""


def said(path: Path) -> dict[str, str]:
    """Return what an e-book says of its conformance."""
    with zipfile.ZipFile(path) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    metas = ((m.get("property") or "", m.text or "") for m in package.iter(_META))
    links = (
        (link.get("rel") or "", link.get("href") or "")
        for link in package.iter("{http://www.idpf.org/2007/opf}link")
    )
    wanted = ("a11y:", "dcterms:conformsTo")
    return {name: value for name, value in (*metas, *links) if name.startswith(wanted)}


def test_nobody_is_named(garden: Path) -> None:
    assert said(garden / "walled-garden.epub") == {}


@pytest.mark.parametrize("described", [True, False])
def test_what_could_be_claimed_is_told(book: Book, *, described: bool) -> None:
    if not described:
        for section in book.sections:
            for image in section.tree.iter("img"):
                del image.attrib["alt"]
    publication = assemble(book, EDITION, Layouts(book.root), ())
    claim_if_it_holds(
        publication,
        pack_without_media(publication, book.metadata.modified),
        book,
        EDITION,
        findings := Findings(),
    )
    told = [(f.id, f.severity, f.location) for f in findings]
    assert told == ([("ACC-029", "note", SourceLocation("book.toml"))] if described else [])


@pytest.mark.slow
@pytest.mark.parametrize("described", [True, False])
def test_somebody_is_named(
    described: bool, broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    with (book / "book.toml").open("a") as file:
        file.write(_CERTIFIED)
    if not described:
        chapter = book / "chapter-1.md"
        text = chapter.read_text("utf-8")
        before, _, rest = text.partition("![")
        chapter.write_text(f"{before}![{rest[rest.index(']') :]}", "utf-8")
    output = ("--output", tmp_path / "out", "--cache", CACHE, "--json")
    run = makeready("build", "ebook", "--book", book, *output)
    assert run.code == 0, run.err
    (path,) = (tmp_path / "out").glob("*.epub")
    if described:
        assert run.findings == []
        assert said(path) == {
            "dcterms:conformsTo": "EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
            "a11y:certifiedBy": "A Small Press",
            "a11y:certifierCredential": "An eye for it",
            "a11y:certifierReport": "https://example.org/report",
        }
    else:
        assert {rule for rule, _, _ in run.findings} == {"IMG-005", "ACC-011"}
        assert said(path) == {}
