"""Notes, cross-references, links and ids."""

from __future__ import annotations

import pytest
from generated_books import body, book_of, chapter, found, lines, markup


def test_notes_are_numbered_by_their_calls_and_may_have_paragraphs():
    book, findings = chapter(
        "One[^b] two[^a].\n\n[^a]: First *a*\n    goes on.\n\n    - item\n\n[^b]:\n    Only b."
    )
    section = book.sections[0]
    assert findings == []
    assert markup(section.tree) == (
        '<p>One<a class="noteref" data-note="1"></a> two<a class="noteref" data-note="2"></a>.</p>'
    )
    assert [markup(note.tree) for note in section.notes] == [
        "<p>Only b.</p>",
        "<p>First <em>a</em> goes on.</p><ul><li>item</li></ul>",
    ]


def test_a_further_call_has_the_number_of_the_note():
    book, findings = chapter("One[^b] two[^a] three[^b] four[^b].\n\n[^a]: A.\n\n[^b]: B.")
    section = book.sections[0]
    assert findings == []
    assert markup(section.tree) == (
        '<p>One<a class="noteref" data-note="1"></a> two<a class="noteref" data-note="2"></a>'
        ' three<a class="noteref" data-note="1" data-call="2"></a>'
        ' four<a class="noteref" data-note="1" data-call="3"></a>.</p>'
    )
    assert [markup(note.tree) for note in section.notes] == ["<p>B.</p>", "<p>A.</p>"]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a[^1] b[^2]\n\n[^1]: c", [("REF-002", 3)]),
        ("a[^1]\n\n[^1]: b\n\n[^2]: c", [("REF-003", 7)]),
        ("a[^1]\n\n[^1]: b\n[^1]: c", [("REF-004", 6)]),
        ("a[^1]\n\n[^1]:", [("REF-012", 5)]),
    ],
)
def test_a_mistake_in_a_note(source: str, wanted: list[tuple[str, int]]):
    assert lines(source) == [(rule, "chapter-1.md", line) for rule, line in wanted]


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("[](#chapter-1)", "number"),
        ("[](#here)", "title"),
        ("[](#chapter-1){.page}", "page"),
        ("[](#chapter-1){.title}", "title"),
        ("[](#chapter-1){.number}", "number"),
        ("[the first chapter](#chapter-1)", "text"),
    ],
)
def test_a_reference_has_a_form(source: str, form: str):
    book, findings = chapter(f"## Here {{#here}}\n\n{source}")
    assert findings == []
    link = book.sections[0].tree.find(".//a")
    assert link is not None
    assert (link.get("class"), link.get("data-form")) == ("xref", form)


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("[](#nowhere)", "REF-001"),
        ("[](#here){.number}", "REF-010"),
        ("[a](chapter-2.md#here)", "REF-009"),
        ("[a](chapter-1.md#there)", "REF-001"),
        ("[a](#%00)", "REF-001"),
        ("[a](#%ef%bf%bf)", "REF-001"),
        ("[a](chapter-1.md#%1b)", "REF-001"),
        ("[a](notes.pdf)", "REF-009"),
        ("[a]()", "REF-013"),
        ("[a](javascript:b)", "MAN-017"),
        ("[a](JaVa&#x09;script&#58;b)", "MAN-017"),
        ("[a](data:text/html,b)", "MAN-017"),
        ("[a](file:///etc/passwd)", "MAN-017"),
        ("[a](//b.c)", "MAN-017"),
        ("<a href='vbscript:a'>b</a>", "MAN-017"),
        ("[a]{#here}", "REF-007"),
        ("[a]{#chapter-1}", "REF-007"),
        ('<span id="1 st">a</span>', "REF-008"),
    ],
)
def test_a_mistake_in_a_reference(source: str, rule: str):
    book, findings = chapter(f"## Here {{#here}}\n\n{source}")
    assert findings == [(rule, "chapter-1.md", 5)]
    assert all((a.get("href") or "#").startswith("#") for a in book.sections[0].tree.iter("a"))


def test_a_missing_target_names_the_nearest_id():
    text = {"chapter-1.md": "# T\n\n## Energy {#energy}\n\n[](#enrgy)\n"}
    with book_of(text) as (_, findings):
        (finding,) = findings
        assert finding.hint.endswith(" Did you mean “#energy”?")


def test_both_locations_of_a_duplicate_id_are_named():
    with book_of({"chapter-1.md": "# T\n\n[a]{#x}\n\n[a]{#x}\n"}) as (_, findings):
        assert found(findings) == [("REF-007", "chapter-1.md", 5)]
        assert "chapter-1.md:3" in next(iter(findings)).message


def test_headings_have_unique_ids_through_the_book():
    files: dict[str, str | bytes] = {
        "chapter-1.md": "# T\n\n## Same\n\na\n\n## Same\n\nb\n\n## Ещё раз\n\nc\n",
        "chapter-2.md": "# T\n\n## Same\n\na\n",
    }
    with book_of(files) as (book, findings):
        assert not findings
        ids = [h.get("id") for s in book.sections for h in s.tree.iter("h2")]
    assert ids == [
        "chapter-1-same", "chapter-1-same-2", "chapter-1-eshchyo-raz", "chapter-2-same",
    ]  # fmt: skip


def test_links_to_the_web_are_kept():
    assert body("[a](https://b.c) <d@e.f> <ftp://g.h/i>") == (
        '<p><a href="https://b.c">a</a> <a href="mailto:d@e.f">d@e.f</a> '
        '<a href="ftp://g.h/i">ftp://g.h/i</a></p>'
    )
