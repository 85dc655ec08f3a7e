"""Content that is not allowed: it is removed, and reported with its line."""

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


def with_a_valid_chapter(text: str) -> Found:
    """Return the findings for a text that is refused as a whole, next to a valid chapter."""
    files: dict[str, str | bytes] = {"chapter-1.md": "# T\n\na\n", "chapter-2.md": f"# T\n\n{text}"}
    with book_of(files) as (_, findings):
        return found(findings)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden_content_is_removed(name: str):
    source, rule = FORBIDDEN[name]
    book, findings = chapter(f"Text.\n\n{source}")
    assert {f[0] for f in findings} == {rule}
    assert {f[2] for f in findings} == {5}
    written = etree.tostring(book.sections[0].tree, encoding="unicode")
    for word in ("script", "onclick", "style", 'href="file', "rel=", "1000000", "data-note"):
        assert f"<{word}" not in written and f" {word}" not in written


OBSOLETE = {
    "<center>a b</center>": '<div class="align-center">a b</div>',
    "<center>\n\na *b*\n\n</center>": '<div class="align-center"><p>a <em>b</em></p></div>',
    "a <center>b</center> c": "<p>a b c</p>",
    'a <font color="red" size=3>b</font>': "<p>a <span>b</span></p>",
    "a <tt>b</tt> <strike>c</strike>": "<p>a <code>b</code> <s>c</s></p>",
    '<table bgcolor="red" width="90%"><tr><td width="3">a</td></tr></table>': (
        "<table><tr><td>a</td></tr></table>"
    ),
    "<dl><dd>a</dd></dl>": "<p>a</p>",
}


@pytest.mark.parametrize("source", OBSOLETE)
def test_obsolete_html_is_read_as_what_stands_for_it(source: str):
    book, findings = chapter(f"Text.\n\n{source}")
    assert findings == []
    tree = book.sections[0].tree
    assert {element.get("data-line") for element in tree[1:]} == {"5"}
    assert markup(tree).replace("<p>Text.</p>", "") == OBSOLETE[source]


@pytest.mark.parametrize("key", ["colspan", "rowspan"])
@pytest.mark.parametrize(("given", "kept"), [(49, 49), (50, 50), (51, 50)])
def test_spans_of_cells_are_limited(key: str, given: int, kept: int):
    book, findings = chapter(f"<table><tr><td {key}='{given}'>a</td></tr></table>")
    (cell,) = book.sections[0].tree.iter("td")
    assert cell.get(key) == str(kept)
    assert findings == [("MAN-028", "chapter-1.md", 3)] * (given > kept)


def test_the_text_of_an_unknown_element_is_kept():
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
def test_nesting_is_limited(text: str):
    assert {f[0] for f in with_a_valid_chapter(text)} == {"MAN-013"}


@pytest.mark.parametrize(
    "text",
    [
        "Words.[^0]\n" + "".join(f"\nAnd.[^{n}]\n" for n in range(1, 240))
        + "".join(f"\n[^{n}]: See *A Book* (London: [Press]{{lang=en}})" for n in range(240)),
        "Oh! " * 5_000,
        "*one* and `two` and _three_; " * 1_200,
    ],
)  # fmt: skip
def test_a_chapter_of_much_markup_is_read(text: str):
    assert lines(text) == []


@pytest.mark.parametrize("length", [1, 7, 60])
def test_a_long_paragraph_with_usual_markup_is_read(length: int):
    text = "Some words *in italics* [and](http://a.b) so on. " * length
    assert lines(text) == []
