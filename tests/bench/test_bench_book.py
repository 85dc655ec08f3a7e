"""The book that makeready and its peers are timed with: the same for all, and a sound one."""

from itertools import chain
from pathlib import Path

import pytest
from bench_book import Figure, Heading, ItemList, Note, Paragraph, Reference, Table, Term, compose
from generate import edited, generate
from lxml import html
from sheets import BOTTOM_PT, LEADING_PT, SIDE_PT, SIZE_PT, TOP_PT

from makeready.book.model import EditionKind
from makeready.findings import Findings, Severity
from makeready.manuscript.reader import read_book
from makeready.pagination.page_geometry import page_geometry
from makeready.printers.profile import read_profile

ROOT = Path(__file__).resolve().parents[2]
FORMS = (
    "makeready/chapter-*.md",
    "peers/book.md",
    "peers/book.typ",
    "peers/literal.html",
    "peers/counter.html",
)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    generate(60, folder)
    return folder


def contents_of(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def parts_of(chapters):
    blocks = chain.from_iterable(chapter.blocks for chapter in chapters)
    return [part for block in blocks if isinstance(block, Paragraph) for part in block.parts]


def test_the_same_seed_gives_the_same_bytes_and_another_another_book(books, tmp_path):
    generate(60, tmp_path / "again")
    generate(60, tmp_path / "other", seed="other")
    assert contents_of(tmp_path / "again") == contents_of(books)
    other = contents_of(tmp_path / "other")
    assert other.keys() == contents_of(books).keys()
    assert other["makeready/chapter-1.md"] != contents_of(books)["makeready/chapter-1.md"]


def test_it_reads_without_a_finding(books):
    findings = Findings()
    book = read_book(books / "makeready", findings)
    assert [f for f in findings if f.severity is not Severity.NOTE] == []
    assert [edition.kind for edition in book.editions] == [
        EditionKind.PRINT,
        EditionKind.SCREEN,
        EditionKind.EPUB,
    ]


def test_a_longer_book_has_as_many_more_words():
    short, long = (
        sum(len(part.words.split()) for part in parts_of(compose(pages)) if hasattr(part, "words"))
        for pages in (108, 308)
    )
    assert long / short == pytest.approx(3, rel=0.05)


def test_it_has_everything_a_book_holds_and_every_reference_has_its_place():
    chapters = compose(100)
    blocks = list(chain.from_iterable(chapter.blocks for chapter in chapters))
    parts = parts_of(chapters)
    for kind in (Figure, Heading, ItemList, Paragraph, Table):
        assert any(isinstance(block, kind) for block in blocks)
    for kind in (Note, Reference, Term):
        assert sum(isinstance(part, kind) for part in parts) >= len(chapters)
    anchors = [block.anchor for block in blocks if isinstance(block, Figure | Table)]
    assert len(anchors) == len(set(anchors))
    assert {part.target for part in parts if isinstance(part, Reference)} <= set(anchors)


def words_of(block):
    match block:
        case Heading(words):
            return [words]
        case Paragraph(parts):
            return [part.words for part in parts if not isinstance(part, Note | Reference)]
        case ItemList(items):
            return list(items)
        case Figure():
            return [block.caption]
        case Table():
            return [cell for row in (block.header, *block.rows) for cell in row]


@pytest.mark.parametrize("form", FORMS)
def test_each_program_is_given_all_of_the_text_in_its_order(books, form):
    # A file after another by its number, as the book has them.
    paths = sorted(books.glob(form), key=lambda path: (len(path.name), path.name))
    text = straight("\n".join(path.read_text("utf-8") for path in paths))
    if form.endswith(".html"):
        text = straight(html.document_fromstring(text).text_content())
    place = 0
    for chapter in compose(60):
        for words in chain([chapter.title], *map(words_of, chapter.blocks)):
            place = text.index(words, place) + len(words)
    assert all(part.words in text for part in parts_of(compose(60)) if isinstance(part, Note))


def straight(text):
    return text.translate(str.maketrans("“”’", '""\''))


def test_an_edit_adds_one_sentence_to_one_paragraph(books):
    text = (books / "makeready" / "chapter-1.md").read_text("utf-8")
    before, after = text.split("\n\n"), edited(text, "So it was.").split("\n\n")
    [(old, new)] = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert new == f"{old} So it was."


def test_the_peers_have_makereadys_page(books):
    book = read_book(books / "makeready", Findings())
    screen = next(e for e in book.editions if e.kind is EditionKind.SCREEN)
    printer = read_profile("generic")
    page = page_geometry(
        screen.trim_width_pt,
        screen.trim_height_pt,
        printer.gutter_pt(1000),
        printer.outside_margin_pt(),
        ROOT / "styles" / "measures.toml",
    )
    side_pt = (page.inner_pt + page.outer_pt) / 2
    theirs = (SIZE_PT, LEADING_PT, SIDE_PT, TOP_PT, BOTTOM_PT)
    ours = (page.size_pt, page.leading_pt, side_pt, page.top_pt, page.bottom_pt)
    assert theirs == pytest.approx(ours, abs=0.05)
