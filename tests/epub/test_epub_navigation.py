"""The navigation document and the NCX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lxml import etree
from sample_book import NCX, OPF, OPS, XHTML, Epub

from makeready.book.labels import labels_for
from makeready.book.model import Book
from makeready.findings import Findings

pytest_plugins = ["epub_fixtures"]

Write = Callable[[Book], Epub]
Nested = list[tuple[str, list["Nested"]]]


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _nav(epub: Epub, epub_type: str) -> etree._Element:
    navs = epub.documents["toc.xhtml"].iter(f"{XHTML}nav")
    (nav,) = [nav for nav in navs if nav.get(f"{OPS}type") == epub_type]
    return nav


def _entries(element: etree._Element) -> Nested:
    ol = element.find(f"{XHTML}ol")
    return [] if ol is None else [(_text(li[0]), _entries(li)) for li in ol]


def _points(element: etree._Element) -> Nested:
    return [
        (point.findtext(f"{NCX}navLabel/{NCX}text") or "", _points(point))
        for point in element.findall(f"{NCX}navPoint")
    ]


def test_parts_hold_their_chapters(built: Epub) -> None:
    assert _entries(_nav(built, "toc")) == [
        ("Introduction", []),
        (
            "Part 1 Over & under",
            [('1 Roads à travers "A & B"', []), ("2 Қазақстан – «дала»", [])],
        ),
        ("Part 2 Beyond", [("3 Less < more", [])]),
        ("Glossary", []),
    ]


def test_titles_keep_their_language_in_the_contents(built: Epub) -> None:
    (foreign,) = _nav(built, "toc").iter(f"{XHTML}i")
    assert (foreign.text, foreign.get("lang")) == ("à travers", "fr")


def test_a_note_in_a_title_stays_out_of_the_contents(book: Book, write: Write) -> None:
    title = etree.fromstring('<span>Less<a class="noteref" data-note="1"/> &lt; more</span>')
    chapter = replace(
        book.section("chapter-3"), title_tree=title, notes=book.section("chapter-1").notes[1:]
    )
    sections = tuple(chapter if s.name == "chapter-3" else s for s in book.sections)
    contents = _nav(write(replace(book, sections=sections)), "toc")
    (label,) = [_text(a) for a in contents.iter(f"{XHTML}a") if a.get("href") == "chapter-3.xhtml"]
    assert label == "3 Less < more"
    assert {a.get("href") for a in contents.iter(f"{XHTML}a")} == {
        f"{n}.xhtml"
        for n in (
            "introduction",
            "part-1",
            "chapter-1",
            "chapter-2",
            "part-2",
            "chapter-3",
            "glossary",
        )
    }


def test_the_contents_is_a_landmark_region_with_a_heading(built: Epub) -> None:
    nav = _nav(built, "toc")
    assert nav.get("role") == "doc-toc"
    (heading,) = nav.iter(f"{XHTML}h1")
    assert (heading.get("id"), heading.text) == (nav.get("aria-labelledby"), "Contents")


def test_the_contents_stands_in_the_spine_where_the_book_lists_it(built: Epub) -> None:
    spine = [ref.get("idref") for ref in built.package.iter(f"{OPF}itemref")]
    assert spine[:5] == ["cover", "titlepage", "copyright-page", "toc", "introduction"]
    assert not [ref for ref in built.package.iter(f"{OPF}itemref") if ref.get("linear")]


def test_landmarks_are_for_the_reading_system_alone(built: Epub) -> None:
    nav = _nav(built, "landmarks")
    assert nav.get("hidden") == "hidden"
    assert [(a.get(f"{OPS}type"), a.get("href"), a.text) for a in nav.iter(f"{XHTML}a")] == [
        ("cover", "cover.xhtml", "Cover"),
        ("toc", "#toc", "Contents"),
        ("titlepage", "titlepage.xhtml", "Title page"),
        ("bodymatter", "introduction.xhtml", "Start of the text"),
        ("glossary", "glossary.xhtml", "Glossary"),
    ]


def test_a_landmark_is_the_first_section_of_its_kind(book: Book, write: Write) -> None:
    second = replace(book.section("glossary"), name="glossary-2", title="More words")
    nav = _nav(write(replace(book, sections=(*book.sections, second))), "landmarks")
    links = [(a.get(f"{OPS}type"), a.get("href")) for a in nav.iter(f"{XHTML}a")]
    assert [link for link in links if link[0] == "glossary"] == [("glossary", "glossary.xhtml")]
    assert len({epub_type for epub_type, _ in links}) == len(links)


def test_the_ncx_says_the_same_with_its_true_depth(built: Epub) -> None:
    ncx = built.xml("toc.ncx")
    points = ncx.find(f"{NCX}navMap")
    assert points is not None
    assert _points(points) == [
        ("Introduction", []),
        (
            "Part 1. Over & under",
            [('1. Roads à travers "A & B"', []), ("2. Қазақстан – «дала»", [])],
        ),
        ("Part 2. Beyond", [("3. Less < more", [])]),
        ("Glossary", []),
    ]
    meta = {m.get("name"): m.get("content") for m in ncx.iter(f"{NCX}meta")}
    assert meta["dtb:depth"] == "2"
    assert meta["dtb:uid"] == built.texts("identifier")[0]
    orders = [point.get("playOrder") for point in ncx.iter(f"{NCX}navPoint")]
    assert orders == [str(n) for n in range(1, 8)]


def test_the_headings_of_sections_are_listed_where_it_is_asked_for(
    book: Book, write: Write
) -> None:
    epub = write(replace(book, contents_depth=2))
    contents = _nav(epub, "toc")
    links = [(a.get("href"), "".join(a.itertext())) for a in contents.iter(f"{XHTML}a")]
    assert ("chapter-1.xhtml#roads", "Roads & rails") in links
    points = [
        (point.findtext(f"{NCX}navLabel/{NCX}text"), content.get("src"))
        for point in epub.xml("toc.ncx").iter(f"{NCX}navPoint")
        for content in point.iterfind(f"{NCX}content")
    ]
    assert ("Roads & rails", "text/chapter-1.xhtml#roads") in points


def test_a_flat_book_has_depth_one(book: Book, write: Write) -> None:
    sections = tuple(s for s in book.sections if s.kind.name != "part")
    ncx = write(replace(book, sections=sections)).xml("toc.ncx")
    (depth,) = [m.get("content") for m in ncx.iter(f"{NCX}meta") if m.get("name") == "dtb:depth"]
    assert depth == "1"


def test_the_words_are_in_the_books_language(book: Book, write: Write) -> None:
    german = replace(
        book,
        metadata=replace(book.metadata, language="de"),
        labels=labels_for("de", {}, Findings()),
    )
    epub = write(german)
    labels = [a.text for a in _nav(epub, "landmarks").iter(f"{XHTML}a")]
    assert labels[0] == "Umschlag"
    assert "Beginn des Textes" in labels
    assert _nav(epub, "landmarks").get("aria-label") == "Orientierung"
    assert _entries(_nav(epub, "toc"))[1][0] == "Teil 1 Over & under"
    assert epub.documents["toc.xhtml"].get("lang") == "de"


def test_what_the_author_wrote_on_the_contents_page_stands_under_it(
    book: Book, write: Write
) -> None:
    body = "<div><p>See <a class='xref' href='#roads' data-form='title'/>.</p></div>"
    own = replace(book.section("toc"), source_path="toc.md", tree=etree.fromstring(body))
    sections = tuple(own if s.name == "toc" else s for s in book.sections)
    document = write(replace(book, sections=sections)).documents["toc.xhtml"]
    (paragraph,) = document.iter(f"{XHTML}p")
    assert _text(paragraph) == "See Roads & rails."
    assert next(paragraph.iter(f"{XHTML}a")).get("href") == "chapter-1.xhtml#roads"


def test_figures_with_captions_are_listed_where_they_are(book: Book, write: Write) -> None:
    drawn = (
        '<figure data-number="{0}"><img src="images/maps/The Steppe.png" alt="grass"/>{1}</figure>'
    )
    caption = (
        "<figcaption><span class='label'>Figure 2.</span> The <em>dry</em> steppe</figcaption>"
    )
    body = drawn.format(2, caption) + drawn.format("", "")
    sections = tuple(
        replace(s, tree=etree.fromstring(f"<div>{body}</div>")) if s.name == "chapter-3" else s
        for s in book.sections
    )
    epub = write(replace(book, sections=sections))
    (listing,) = (
        nav
        for nav in epub.documents["toc.xhtml"].iter(f"{XHTML}nav")
        if nav.get(f"{OPS}type") == "loi"
    )
    assert listing.get("hidden") == "hidden"
    assert listing.findtext(f"{XHTML}h2") == "List of illustrations"
    assert [(link.get("href"), _text(link)) for link in listing.iter(f"{XHTML}a")] == [
        ("chapter-1.xhtml#fig-steppe", "Figure 1. The steppe in spring"),
        ("chapter-3.xhtml#chapter-3-figure-2", "Figure 2. The dry steppe"),
    ]
    assert epub.documents["chapter-3.xhtml"].find(".//*[@id='chapter-3-figure-2']") is not None
