"""What the package says of the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from sample_book import DC, OPF, Epub, write_book

from makeready.book.model import Book, Contributor, Resource, Series, SubjectCode
from makeready.book.schema import relators
from makeready.checks.epub.epub import check_epub
from makeready.findings import Findings
from makeready.fonts import Font

pytest_plugins = ["epub_fixtures"]

Write = Callable[[Book], Epub]


def _refinements(epub: Epub, element: etree._Element) -> dict[str, str]:
    target = f"#{element.get('id')}"
    return {
        meta.get("property") or "": meta.text or ""
        for meta in epub.package.iter(f"{OPF}meta")
        if meta.get("refines") == target
    }


def _people(epub: Epub, name: str) -> list[tuple[str, dict[str, str]]]:
    return [(e.text or "", _refinements(epub, e)) for e in epub.package.iter(f"{DC}{name}")]


def _with_body(book: Book, name: str, body: str) -> Book:
    section = replace(book.section(name), tree=etree.fromstring(f"<div>{body}</div>"))
    return replace(book, sections=tuple(section if s.name == name else s for s in book.sections))


def test_titles_say_which_they_are(built: Epub) -> None:
    assert _people(built, "title") == [
        ('Salt & Grass: "a < b"', {"title-type": "main", "display-seq": "1"}),
        ("Notes from the Қазақ steppe", {"title-type": "subtitle", "display-seq": "2"}),
    ]


def test_people_have_role_filing_name_and_order(built: Epub) -> None:
    assert _people(built, "creator") == [
        ("Ann O’Neill", {"role": "aut", "file-as": "O’Neill, Ann", "display-seq": "1"}),
        ("Cy Young", {"role": "aut", "file-as": "Young, Cy", "display-seq": "2"}),
    ]
    assert _people(built, "contributor") == [
        ("Béla <Tóth>", {"role": "trl", "file-as": "Tóth, Béla", "display-seq": "1"})
    ]


def test_a_book_without_author_has_its_first_contributor_for_creator(
    book: Book, write: Write
) -> None:
    people = (Contributor("E. D.", "D., E.", "edt"), Contributor("I. L.", "L., I.", "ill"))
    epub = write(replace(book, metadata=replace(book.metadata, contributors=people)))
    assert [name for name, _ in _people(epub, "creator")] == ["E. D."]
    assert [name for name, _ in _people(epub, "contributor")] == ["I. L."]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("identifier", ["urn:uuid:6f0f1c1e-4f6b-5d59-9e5c-0c8a2f0f7a11", "urn:isbn:9783161484100"]),
        ("language", ["en"]),
        ("publisher", ["Salt & Sons"]),
        ("date", ["2024"]),
        ("rights", ["© the authors"]),
        ("source", ["The Grass Gazette"]),
        ("description", ["A small book & a full one."]),
        ("subject", ["Travel", "Steppes & plains"]),
    ],
)
def test_dublin_core(built: Epub, name: str, values: list[str]) -> None:
    assert built.texts(name) == values


def test_subjects_of_a_scheme_have_their_code(book: Book, write: Write) -> None:
    codes = (
        SubjectCode("BISAC", "TRV003000", "TRAVEL / Asia / General"),
        SubjectCode("Thema", "WTL", ""),
    )
    epub = write(replace(book, metadata=replace(book.metadata, subject_codes=codes)))
    assert _people(epub, "subject") == [
        ("Travel", {}),
        ("Steppes & plains", {}),
        ("TRAVEL / Asia / General", {"authority": "BISAC", "term": "TRV003000"}),
        ("WTL", {"authority": "Thema", "term": "WTL"}),
    ]


def test_a_series_has_its_place(book: Book, write: Write) -> None:
    series = Series("The Grass Library", "2.1", "0028-0836")
    epub = write(replace(book, metadata=replace(book.metadata, series=series)))
    (element,) = [
        e for e in epub.package.iter(f"{OPF}meta") if e.get("property") == "belongs-to-collection"
    ]
    assert element.text == "The Grass Library"
    assert _refinements(epub, element) == {
        "collection-type": "series",
        "group-position": "2.1",
        "dcterms:identifier": "urn:issn:0028-0836",
    }


def test_readers_and_keywords(book: Book, write: Write) -> None:
    metadata = replace(book.metadata, audience="general", keywords=("steppe", "horses & camels"))
    epub = write(replace(book, metadata=metadata))
    assert epub.properties("dcterms:audience") == ["general"]
    assert epub.properties("schema:keywords") == ["steppe, horses & camels"]


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say_of_all_there_can_be(
    book: Book, fonts: tuple[Font, ...], cover_jpeg: bytes, tmp_path: Path
) -> None:
    metadata = replace(
        book.metadata,
        audience="children",
        keywords=("steppe", "horses"),
        series=Series("The Grass Library", "2.1", "0028-0836"),
        subject_codes=(SubjectCode("BISAC", "TRV003000"), SubjectCode("Thema", "WTL", "Travel")),
        contributors=tuple(Contributor(role, role, role) for role in relators()),
    )
    path = tmp_path / "full.epub"
    write_book(replace(book, metadata=metadata), fonts, cover_jpeg, path)
    findings = Findings()
    check_epub(path, findings)
    assert list(findings) == []


def test_the_unique_identifier_is_the_books_own(built: Epub) -> None:
    unique = built.package.get("unique-identifier")
    (element,) = [e for e in built.package.iter(f"{DC}identifier") if e.get("id") == unique]
    assert element.text == "urn:uuid:6f0f1c1e-4f6b-5d59-9e5c-0c8a2f0f7a11"


def test_modified_is_the_books_and_said_once(built: Epub) -> None:
    assert built.properties("dcterms:modified") == ["2024-05-06T07:08:09Z"]


def test_what_is_not_known_is_not_said(book: Book, write: Write) -> None:
    bare = replace(
        book.metadata, subtitle="", publisher="", date="", rights="", source="", description="",
        subjects=(), contributors=(),
    )  # fmt: skip
    package = write(replace(book, metadata=bare)).package
    names = {etree.QName(e).localname for e in package.iter(f"{DC}*")}
    assert names == {"identifier", "title", "language"}


def test_a_book_of_described_pictures(built: Epub) -> None:
    assert built.properties("schema:accessMode") == ["textual", "visual"]
    assert built.properties("schema:accessModeSufficient") == ["textual"]
    assert built.properties("schema:accessibilityFeature") == [
        "alternativeText", "ARIA", "displayTransformability", "readingOrder",
        "structuralNavigation", "tableOfContents",
    ]  # fmt: skip
    assert built.properties("schema:accessibilityHazard") == ["none"]
    (summary,) = built.properties("schema:accessibilitySummary")
    assert "Every picture that carries meaning is described in words." in summary
    assert built.properties("dcterms:conformsTo") == []


def test_a_book_without_pictures(book: Book, write: Write) -> None:
    epub = write(_with_body(book, "chapter-1", "<p>Words.</p>"))
    assert epub.properties("schema:accessMode") == ["textual"]
    assert epub.properties("schema:accessModeSufficient") == ["textual"]
    assert "alternativeText" not in epub.properties("schema:accessibilityFeature")


def test_one_picture_without_description(book: Book, write: Write) -> None:
    body = '<p><img src="images/maps/The Steppe.png"/></p>'
    epub = write(_with_body(book, "chapter-3", body))
    assert epub.properties("schema:accessModeSufficient") == ["textual,visual"]
    assert "alternativeText" not in epub.properties("schema:accessibilityFeature")
    assert "1 of 2 pictures are not described" in epub.properties("schema:accessibilitySummary")[0]


def test_a_decorative_picture_needs_no_description(book: Book, write: Write) -> None:
    body = '<p><img src="images/maps/The Steppe.png" alt=""/></p>'
    epub = write(_with_body(book, "chapter-3", body))
    assert "alternativeText" in epub.properties("schema:accessibilityFeature")


def test_a_moving_picture_may_be_a_hazard(book: Book, write: Write) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    name = "images/moving.gif"
    frames[0].save(book.root / name, save_all=True, append_images=frames[1:])
    moving = replace(
        _with_body(book, "chapter-3", f'<p><img src="{name}" alt="A flash"/></p>'),
        resources=(Resource(name, "image/gif"),),
    )
    hazards = write(moving).properties("schema:accessibilityHazard")
    assert hazards == ["unknownFlashingHazard", "unknownMotionSimulationHazard", "noSoundHazard"]
