"""The structure tree of a screen edition: one book of constructs, a test for each rule."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pdf_reading import operators, poppler
from tagged_book import TaggedPdf, write_book
from typeset_fixtures import TypesetBook

from makeready.pdf_content.structure_tree import Element, MarkedContent


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> TaggedPdf:
    folder = tmp_path_factory.mktemp("tagged")
    return TaggedPdf(TypesetBook(write_book(folder / "book"), folder / "store").screen())


def _parents(element: Element) -> list[str]:
    return [parent.tag for parent in element.ancestors()]


def _tags(element: Element) -> list[str]:
    return [kid.tag for kid in element.elements]


def test_every_sentence_is_in_the_tree_once_and_in_order(book: TaggedPdf) -> None:
    assert book.sentences(book.one("Document")) == list(range(1, 82))


def test_a_paragraph_over_pages_is_one_element(book: TaggedPdf) -> None:
    paragraph = book.one("P", "Sentence 1 of")
    assert book.sentences(paragraph) == list(range(1, 25))
    assert len(book.pages(paragraph)) > 1


def test_no_element_is_empty(book: TaggedPdf) -> None:
    assert [e.tag for e in book.elements if not e.kids and e.tag not in {"TD", "TH"}] == []


def test_everything_drawn_is_in_the_tree_or_an_artifact(book: TaggedPdf) -> None:
    assert not any(page.has_unmarked for page in book.contents.pages)
    in_tree = Counter(
        (kid.holder, kid.mcid)
        for element in book.elements
        for kid in element.kids
        if isinstance(kid, MarkedContent)
    )
    drawn = {mark for mark, content in book.contents.marks.items() if content.times}
    assert set(in_tree) == drawn
    assert set(in_tree.values()) == {1}


def test_words_are_parted_by_spaces(book: TaggedPdf) -> None:
    text = book.text(book.one("P", "Sentence 1 of"))
    words = set(re.sub(r"Sentence \d+", "", text).split())
    expected = "of unmistakably ordinary extraordinariness continues throughout straightforward"
    assert words == {*expected.split(), "paragraphs,", "notwithstanding", "typographical"} | {
        "circumstances.",
        "circumstances.1",
    }


def test_a_hyphen_at_the_end_of_a_line_is_soft(book: TaggedPdf) -> None:
    text = book.letters(book.one("Document"))
    assert text.count("\u00ad") > 10
    assert "\u2010" not in text


def test_a_divided_word_is_copied_whole(book: TaggedPdf, tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    file.write_bytes(book.content)
    by_poppler = re.sub("\u00ad\\s*", "", poppler("pdftotext", file, "-"))
    with pypdfium2.PdfDocument(book.content) as pdf:
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    # This is what pdfium makes of a soft hyphen.
    by_pdfium = re.sub("\x02\\s*", "", "".join(texts))
    # A few words are divided between pages.
    assert by_poppler.count("extraordinariness") >= 78
    assert by_pdfium.count("extraordinariness") >= 78
    assert "\u2010" not in by_poppler + by_pdfium


def test_the_divisions_of_the_book_and_its_parts_are_parts(book: TaggedPdf) -> None:
    document = book.one("Document")
    assert _tags(document) == ["Sect", "Part", "Part", "Part"]
    front, body, back = document.elements[1:]
    assert [book.text(h) for h in _headings(front)] == ["Constructs", "Contents"]
    assert [book.text(h) for h in _headings(back)] == ["Glossary", "Index"]
    (part,) = body.elements
    assert part.tag == "Part"
    assert [book.text(h) for h in _headings(part)] == [
        "Part 1 A part",
        "1 All of them",
        "2 Another one1",
    ]


def _headings(part: Element) -> list[Element]:
    return [kid for section in part.elements for kid in section.elements if kid.tag == "H1"]


def test_no_level_of_headings_is_left_out(book: TaggedPdf) -> None:
    assert book.one("H3", "Left out")
    assert not book.of("H4")


def test_the_contents_are_nested(book: TaggedPdf) -> None:
    entry = book.one("TOCI", "Part 1 A part")
    assert _tags(entry) == ["Reference", "TOC"]
    chapter = entry.elements[1].elements[0]
    assert book.text(chapter).startswith("1 All of them")
    names = [book.text(kid) for kid in chapter.elements[1].elements]
    assert [re.sub(r"\d+$", "", name).strip() for name in names] == [
        "Of words",
        "Of pictures",
        "Of tables",
    ]


def test_notes_follow_their_calls_and_are_linked_both_ways(book: TaggedPdf) -> None:
    note = book.one("Note", "Sentence 25 of")
    assert book.sentences(note) == list(range(25, 65))
    assert len(book.pages(note)) > 1
    assert _tags(note) == ["Lbl", "P", "P"]
    siblings = note.parent.elements if note.parent else []
    assert siblings[siblings.index(note) - 1] is book.one("P", "Sentence 1 of")
    calls = [link for link in book.of("Link") if _names(book, link) == ["Note 1"]]
    numbers = [link for link in book.of("Link") if _names(book, link) == ["Back to the text"]]
    assert [book.text(call) for call in calls] == ["1", "1"]
    assert [book.text(number) for number in numbers] == ["1.", "2.", "2.", "1."]
    assert all("Reference" in _parents(link) for link in (*calls, *numbers))
    call, number = calls[0], numbers[0]
    assert _target(book, call) in book.pages(note)
    assert _target(book, number) in book.pages(call)


def _target(book: TaggedPdf, link: Element) -> int:
    """Return the page that a link leads to, from 0."""
    (annotation,) = book.annotations(link)
    return book.contents.page_ids.index(annotation.Dest[0].objgen)


def _names(book: TaggedPdf, link: Element) -> list[str]:
    return [str(annotation.Contents) for annotation in book.annotations(link)]


def test_both_calls_of_a_note_lead_to_it(book: TaggedPdf) -> None:
    calls = [link for link in book.of("Link") if _names(book, link) == ["Note 2"]]
    assert len(calls) == 2
    note = book.of("Note", "Called twice.")[0]
    assert book.pages(note) <= {_target(book, call) for call in calls}


def test_ids_are_in_the_id_tree(book: TaggedPdf) -> None:
    names = book.pdf.Root.StructTreeRoot.IDTree.Names
    ids = {str(names[n]): names[n + 1].objgen for n in range(0, len(names), 2)}
    assert list(ids) == sorted(ids)
    assert ids == {e.id: e.object_id for e in book.elements if e.id is not None}
    assert {e.tag for e in book.elements if e.id is not None} == {"Note", "TH"}


def test_a_link_is_one_element_with_an_annotation_for_each_line(book: TaggedPdf) -> None:
    link = book.one("Link", "a link with so many words")
    words = "a link with so many words that it is broken over a line, as no short one is"
    assert set(_names(book, link)) == {words}
    assert len(book.annotations(link)) == len({float(a.Rect[1]) for a in book.annotations(link)})
    assert len(book.annotations(link)) > 1
    assert "Reference" not in _parents(link)


def test_links_are_named_by_words_and_not_by_anchors(book: TaggedPdf) -> None:
    names = [name for link in book.of("Link") for name in _names(book, link)]
    assert {"Figure 1", "Table 1", "A linked map", "them, page 3"} <= set(names)
    assert not [name for name in names if re.search(r"chapter-|\u2060|#", name)]


def test_a_link_in_a_title_is_none_in_the_contents(book: TaggedPdf) -> None:
    in_title, in_contents = book.one("H1", "Another one"), book.of("TOCI", "Another one")[-1]
    assert _tags(in_title) == ["Link", "Reference"]
    (reference,) = in_contents.elements
    assert _names(book, reference.elements[0]) == ["2 Another one"]
    assert reference.elements[0].elements == []


def test_words_have_the_roles_of_their_elements(book: TaggedPdf) -> None:
    paragraph = book.one("P", "Emphasis with")
    assert _tags(paragraph)[:5] == ["Em", "Code", "Quote", "Span", "Span"]
    assert book.text(book.one("Strong")) == "strong"
    assert _parents(book.one("Strong"))[:2] == ["Em", "P"]
    assert book.one("Span", "mots").language == "fr"
    assert book.one("Span", "words").attributes["TextDecorationType"] == "/LineThrough"
    assert book.one("Span", "btw").expansion == "by the way"
    assert dict(book.pdf.Root.StructTreeRoot.RoleMap) == {
        "/Aside": "/Div",
        "/Em": "/Span",
        "/Strong": "/Span",
    }


def test_lists_have_labels_and_bodies(book: TaggedPdf) -> None:
    item = book.one("LI", "An item.")
    assert _tags(item) == ["Lbl", "LBody"]
    assert [book.text(kid) for kid in item.elements[1].elements] == [
        "An item.",
        "A second paragraph of the item.",
    ]
    inner = book.of("L", "1. one")[-1]
    assert _parents(inner)[:3] == ["LBody", "LI", "L"]
    assert inner.attributes["ListNumbering"] == "/Decimal"
    terms = book.one("L", "What it means.")
    assert [book.text(kid) for kid in terms.elements[0].elements[0].elements] == [
        "term",
        "What it means.",
    ]
    for numbered in book.of("L"):
        has_labels = any("Lbl" in _tags(item) for item in numbered.elements)
        assert has_labels == (numbered.attributes["ListNumbering"] != "/None")


def test_quotations_verse_and_callouts_are_groups(book: TaggedPdf) -> None:
    quotation = book.one("BlockQuote")
    assert _tags(quotation)[:2] == ["P", "P"]
    assert [book.text(p) for p in book.one("Art").elements] == ["Roses are red, violets are blue."]
    assert [book.text(p) for p in book.one("Aside").elements] == ["Warning", "A callout."]


def test_a_figure_has_a_text_and_its_place_and_its_caption_beside_it(book: TaggedPdf) -> None:
    group = next(e for e in book.of("Div") if "Figure" in _tags(e))
    figure, caption = group.elements
    assert figure.alt == "A map of the rooms"
    assert book.text(caption) == "Figure 1. The rooms"
    left, bottom, right, top = map(float, figure.attributes["BBox"])
    assert 0 < left < right < 4.5 * 72
    assert 0 < bottom < top < 6 * 72
    assert right - left == pytest.approx(2 * (top - bottom), rel=0.01)
    assert [f.alt for f in book.of("Figure")] == ["A map of the rooms", "A linked map"]


def test_formulas_have_a_text(book: TaggedPdf) -> None:
    formulas = book.of("Formula")
    sum_of_letters = "a + b + c + d + e + f + g + h + i + j + k + l + m + n"
    assert [f.alt for f in formulas] == ["a^2 + b^2", sum_of_letters, r"c = \sqrt{a^2 + b^2}"]
    assert all("BBox" in f.attributes for f in formulas)
    # One that may be divided is drawn in pieces.
    assert [len(f.kids) > 1 for f in formulas] == [False, True, False]


def test_each_line_of_code_is_a_paragraph_and_keeps_its_spaces(book: TaggedPdf) -> None:
    listing = next(div for div in book.of("Div", "weigh") if _tags(div) == ["P", "P"])
    assert [_tags(line) for line in listing.elements] == [["Code"], ["Code"]]
    assert [book.letters(line) for line in listing.elements] == [
        "def weigh(first, second, third, fourth):",
        '    return "a line of code that is too long for the page, and so is turned over"',
    ]


def test_a_table_over_pages_is_one_and_its_head_is_read_once(book: TaggedPdf) -> None:
    table = book.one("Table", "row 0")
    assert _tags(table) == ["Caption", "THead", "TBody"]
    assert len(table.elements[2].elements) == 40
    assert len(book.pages(table)) > 1
    assert book.pages(table.elements[1]) == {min(book.pages(table))}
    heads = table.elements[1].elements[0].elements
    assert [(th.tag, th.attributes["Scope"]) for th in heads] == [("TH", "/Column")] * 2


def test_cells_with_spans_name_their_headers_and_rows_are_equally_long(book: TaggedPdf) -> None:
    table = book.one("Table", "Seeds")
    rows = [row for group in table.elements for row in group.elements]
    assert [[c.tag for c in row.elements] for row in rows] == [
        ["TH", "TH"],
        ["TH", "TH"],
        ["TH", "TD", "TD"],
        ["TH", "TD", "TD"],
    ]
    names = {cell.id: book.text(cell) for row in rows for cell in row.elements if cell.id}
    headers = [names[str(h)] for h in rows[2].elements[1].attributes["Headers"]]
    assert headers == ["Seeds", "Sown", "1"]
    assert rows[0].elements[0].attributes["RowSpan"] == 2
    assert rows[2].elements[0].attributes["Scope"] == "/Row"


def test_terms_and_index_are_lists(book: TaggedPdf) -> None:
    index = book.one("Index")
    assert [tag for tag in _tags(index) if tag != "H2"] == ["L", "L"]
    locator = book.one("Link", "3") if len(book.of("Link", "3")) == 1 else book.of("Link", "3")[-1]
    assert "Reference" in _parents(locator)


def test_running_heads_and_ornaments_are_artifacts_with_their_type(book: TaggedPdf) -> None:
    found: Counter[str] = Counter()
    for page in book.pdf.pages:
        for instruction in pikepdf.parse_content_stream(page):
            if str(instruction.operator) == "BDC" and instruction.operands[0] == "/Artifact":
                properties = instruction.operands[1]
                found[f"{properties.Type} {properties.get('/Subtype', '')}".strip()] += 1
            assert not (
                str(instruction.operator) == "BMC" and instruction.operands[0] == "/Artifact"
            )
    assert found["/Pagination /Header"] > 10
    assert found["/Layout"] > 3
    text = book.text(book.one("Document"))
    assert "❦" not in text


def test_text_from_right_to_left_is_marked_as_drawn_in_reverse(book: TaggedPdf) -> None:
    paragraph = book.one("P", "\u05dd")
    assert paragraph.language == "he"
    (page,) = book.pages(paragraph)
    marks = [
        str(i.operands[0])
        for i in pikepdf.parse_content_stream(book.pdf.pages[page])
        if str(i.operator) == "BMC"
    ]
    assert marks == ["/ReversedChars"]


def test_a_print_edition_is_not_tagged(garden: Path) -> None:
    with pikepdf.open(garden / "walled-garden-paperback.pdf") as pdf:
        assert "/StructTreeRoot" not in pdf.Root
    names = {name for name, _ in operators(garden / "walled-garden-paperback.pdf")}
    assert "Tj" in names or "TJ" in names
    assert not {"BMC", "BDC"} & names
