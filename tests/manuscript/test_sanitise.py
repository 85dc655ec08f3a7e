"""What no book may hold is taken out and reported, with its line."""

from __future__ import annotations

import pytest
from generated_books import Found, book_of, chapter, found, lines, markup
from lxml import etree

FORBIDDEN = {
    "script": ("a <script>b</script> c", "MAN-015"),
    "script block": ("<script>\nalert(1)\n</script>", "MAN-015"),
    "style": ("<style>p{}</style>", "MAN-015"),
    "frame": ("<iframe src='http://a.b'></iframe>", "MAN-015"),
    "object": ("<object data='a'></object>", "MAN-015"),
    "embed": ("a <embed src='b'>", "MAN-015"),
    "form": ("<form action='a'></form>", "MAN-015"),
    "link": ("a <link rel='attachment' href='file:///etc/passwd'>", "MAN-015"),
    "meta": ("a <meta http-equiv='refresh'>", "MAN-015"),
    "base": ("a <base href='http://b.c'>", "MAN-015"),
    "drawing": ("a <svg><use href='#b'/></svg>", "MAN-015"),
    "unknown": ("a <blink>b</blink>", "MAN-015"),
    "handler": ("a <b onclick='c'>d</b>", "MAN-016"),
    "handler in braces": ("*a*{onclick=b}", "MAN-016"),
    "style attribute": ("a <b style='color:red'>c</b>", "MAN-016"),
    "attachment": ("<a rel='attachment' href='http://b.c'>d</a>", "MAN-016"),
    "wide cell": ("<table><tr><td colspan='1000000'>a</td></tr></table>", "MAN-028"),
    "unclosed": ("a <b>c", "MAN-018"),
    "unopened": ("a</b> c", "MAN-018"),
    "crossing": ("a <b>c *d</b> e*", "MAN-018"),
    "block in a paragraph": ("a <div>b</div>", "MAN-018"),
    "forged line": ("*a*{data-line=x}", "MAN-016"),
    "forged note": ("<a data-note='9'>b</a>", "MAN-016"),
}


def beside_a_sound_chapter(text: str) -> Found:
    """Read a text whose refusal leaves nothing of its own section."""
    files: dict[str, str | bytes] = {"chapter-1.md": "# T\n\na\n", "chapter-2.md": f"# T\n\n{text}"}
    with book_of(files) as (_, findings):
        return found(findings)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_it_is_taken_out(name: str):
    source, rule = FORBIDDEN[name]
    book, findings = chapter(f"Text.\n\n{source}")
    assert {f[0] for f in findings} == {rule}
    assert {f[2] for f in findings} == {5}
    written = etree.tostring(book.sections[0].tree, encoding="unicode")
    for word in ("script", "onclick", "style", 'href="file', "rel=", "1000000", "data-note"):
        assert f"<{word}" not in written and f" {word}" not in written


@pytest.mark.parametrize("key", ["colspan", "rowspan"])
@pytest.mark.parametrize(("given", "kept"), [(49, 49), (50, 50), (51, 50)])
def test_a_cell_spans_as_many_as_the_limit(key: str, given: int, kept: int):
    book, findings = chapter(f"<table><tr><td {key}='{given}'>a</td></tr></table>")
    (cell,) = book.sections[0].tree.iter("td")
    assert cell.get(key) == str(kept)
    assert findings == [("MAN-028", "chapter-1.md", 3)] * (given > kept)


def test_an_unknown_element_leaves_its_words():
    book, _ = chapter("one <blink>two</blink> three")
    assert markup(book.sections[0].tree) == "<p>one two three</p>"


@pytest.mark.parametrize(
    "text",
    [
        "> " * 80 + "deep",
        "\n".join(" " * 4 * n + "- deep" for n in range(80)),
        "\n".join(["<div>"] * 80 + ["</div>"] * 80),
        "/// div\n" * 80 + "deep\n" + "///\n" * 80,
        "<b>" * 80 + "deep" + "</b>" * 80,
    ],
)
def test_nesting_has_an_end(text: str):
    assert {f[0] for f in beside_a_sound_chapter(text)} == {"MAN-013"}


@pytest.mark.parametrize(
    "text",
    ["<a " * 20_000, "[" * 20_000, "*a " * 20_000, "`a" * 20_001, "![](" * 9_000, "^a" * 20_000,
     "# a" + " " * 90_000 + "b", "<a \n\n" * 400 + "word " * 100_000],
)  # fmt: skip
def test_marks_that_would_take_the_parser_minutes_are_refused(text: str):
    assert [f[0] for f in beside_a_sound_chapter(text)] == ["MAN-014"]


@pytest.mark.parametrize("length", [1, 7, 60])
def test_a_long_paragraph_with_honest_marks_is_read(length: int):
    text = "Some words *in italics* [and](http://a.b) so on. " * length
    assert lines(text) == []
