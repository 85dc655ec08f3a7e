"""Editor's queries: they are removed from the text, and reported."""

from __future__ import annotations

import pytest
from generated_books import book_of, chapter, found, lines, markup
from lxml import etree

from makeready.book.queries import QueryKind

PLACES = {
    "after a word": ("a word{>> q <<} more", "<p>a word more</p>"),
    "after a space": ("a word {>> q <<} more", "<p>a word more</p>"),
    "before a stop": ("a word {>> q <<}.", "<p>a word.</p>"),
    "after a stop": ("a word.{>> q <<}", "<p>a word.</p>"),
    "at the head": ("{>> q <<} A word", "<p>A word</p>"),
    "at a line's end": ("a word {>> q <<}\nmore", "<p>a word more</p>"),
    "over lines": ("a word {>> q\n1. r\n\n# s <<} more", "<p>a word more</p>"),
    "on its own line": ("a word\n{>> q <<}\nmore", "<p>a word more</p>"),
    "as a block": ("a word\n\n{>> q <<}\n\nmore", "<p>a word</p><p>more</p>"),
    "in emphasis": ("*a word{>> q <<}* more", "<p><em>a word</em> more</p>"),
    "in a list": ("- {>> q <<} a\n- b {>> r <<}", "<ul><li>a</li><li>b</li></ul>"),
    "in a quotation": ("> a {>> q\n> r <<} b", "<blockquote><p>a b</p></blockquote>"),
    "with markup in it": ("a {>> `q` <b> [^1] *r* | <<} b", "<p>a b</p>"),
    "beside code": ("`x` {>> q <<} `y`", "<p><code>x</code> <code>y</code></p>"),
    "in an image's words": ("[a {>> q <<}](http://b.c)", '<p><a href="http://b.c">a</a></p>'),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_query_is_removed(name: str):
    source, wanted = PLACES[name]
    book, findings = chapter(source)
    section = book.sections[0]
    assert findings == []
    assert markup(section.tree) == wanted
    assert section.queries[0].text.startswith(("q", "`q`"))


def test_each_query_is_a_note_with_its_line():
    text = "# Title {>> one <<}\n\nA {>> two <<}\n\n[^1]: a {>> three <<}\n\nb[^1]\n"
    with book_of({"chapter-1.md": text}) as (book, findings):
        assert found(findings, notes=True) == [
            ("MAN-019", "chapter-1.md", line) for line in (1, 3, 5)
        ]
        assert [q.line for q in book.sections[0].queries] == [1, 3, 5]
        assert book.sections[0].title == "Title"


@pytest.mark.parametrize(
    "source",
    [
        "`{>> a <<}`",
        "``{>> ` <<}``",
        "```\n{>> a <<}\n```",
        "    {>> a <<}",
        "- a\n\n    ```\n    {>> a <<}\n    ```",
    ],
)
def test_code_may_contain_the_syntax_of_a_query(source: str):
    book, findings = chapter(source)
    section = book.sections[0]
    assert findings == [] and section.queries == ()
    assert "{&gt;&gt; " in etree.tostring(section.tree, encoding="unicode")


@pytest.mark.parametrize(
    ("source", "line"), [("a {>> b", 3), ("a {>> b\n\nc {>> d <<}", 3), ("a\n\nb <<} c", 5)]
)
def test_an_unpaired_query_mark_is_an_error(source: str, line: int):
    assert lines(source) == [("MAN-020", "chapter-1.md", line)]


def test_comments_are_removed_without_a_finding():
    book, findings = chapter("a <!-- b --> c\n\n<!-- d\n\n[^1]: e -->\n\nf")
    assert findings == []
    assert markup(book.sections[0].tree) == "<p>a c</p><p>f</p>"


SUGGESTIONS = {
    "insertion": ("a {++new *word++} b", "<p>a b</p>", QueryKind.INSERTION, "new *word", ""),
    "insertion of paragraphs": ("{++ a\n\nb ++}\n\nc", "<p>c</p>", QueryKind.INSERTION, "a b", ""),
    "deletion": ("a {--*b* c--} d", "<p>a <em>b</em> c d</p>", QueryKind.DELETION, "", "b c"),
    "replacement": ("a {~~b~>c~~} d", "<p>a b d</p>", QueryKind.REPLACEMENT, "c", "b"),
    "mark": ("a {==b==} c", "<p>a b c</p>", QueryKind.HIGHLIGHT, "", "b"),
    "mark with a query": ("a {==b==}{>>c<<} d", "<p>a b d</p>", QueryKind.QUERY, "c", "b"),
    "comment": ("a <!-- query: b? --> c", "<p>a c</p>", QueryKind.QUERY, "b?", ""),
    "comment as a block": ("<!-- TODO b -->\n\nc", "<p>c</p>", QueryKind.QUERY, "TODO: b", ""),
    "comment in lower case": ("<!--fixme: b--> c", "<p>c</p>", QueryKind.QUERY, "FIXME: b", ""),
    "in a caption": ('![b](c.png "d{++e++}")', None, QueryKind.INSERTION, "e", ""),
    "in an image's words": ("![b {>>c<<}](d.png)", None, QueryKind.QUERY, "c", ""),
    "in HTML": ("<div>a {--b--}</div>", "<div>a b</div>", QueryKind.DELETION, "", "b"),
    "in a note": ("a^[b {--c--}]", None, QueryKind.DELETION, "", "c"),
}


@pytest.mark.parametrize("name", SUGGESTIONS)
def test_the_text_stays_as_it_was_before_a_suggestion(name: str):
    source, wanted, kind, text, marked = SUGGESTIONS[name]
    book, findings = chapter(source)
    section = book.sections[0]
    assert [one for one in findings if not one[0].startswith("IMG")] == []
    assert wanted in (None, markup(section.tree))
    assert [(q.kind, q.text, q.marked) for q in section.queries] == [(kind, text, marked)]


def test_each_suggestion_is_a_note_with_its_line():
    with book_of({"chapter-1.md": "# A\n\nb {++c++}\n\n{--d--}\n"}) as (_, findings):
        assert found(findings, notes=True) == [
            ("MAN-095", "chapter-1.md", 3),
            ("MAN-095", "chapter-1.md", 5),
        ]


def test_a_mark_knows_its_place_in_the_letters_of_its_block():
    note = "^[As [she](http://a.b) {>>who<<} said]"
    book, _ = chapter(f"It's {{--*so* late--}} -- now {{>>when?<<}}{note} x.")
    deletion, when, who = book.sections[0].queries
    assert (deletion.place.start, deletion.place.end) == (3, 9)
    assert (when.place.start, when.place.before[-6:], when.place.after) == (12, "atenow", "x")
    assert (who.place.start, who.place.before, who.place.after) == (5, "Asshe", "said")


@pytest.mark.parametrize(
    "source", ["`{++a++}`", "a {--b", "a {~~b~~}", "{++}", "    {--a--}", "{====}"]
)
def test_what_is_no_suggestion_is_text(source: str):
    with book_of({"chapter-1.md": f"# A\n\n{source}\n"}) as (book, findings):
        assert book.sections[0].queries == ()
        assert "MAN-095" not in [rule for rule, *_ in found(findings, notes=True)]
