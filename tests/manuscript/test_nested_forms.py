"""Forms of markup inside each other, titles, and the removal of refused content."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import PNG, TOML, body, markup, read

VERSE = '<div class="verse"><p>a<br/>~~b</p><p>- c</p></div>'
FORMS = [
    ("> /// verse\n> a\n>   b\n>\n> - c\n> ///", f"<blockquote>{VERSE}</blockquote>"),
    ("> > /// verse\n> > a\n> >   b\n> >\n> > - c\n> > ///",
     f"<blockquote><blockquote>{VERSE}</blockquote></blockquote>"),
    ("- x\n\n    /// verse\n    a\n      b\n\n    - c\n    ///",
     f"<ul><li><p>x</p>{VERSE}</li></ul>"),
    ("> /// epigraph\n> *a*\n> ///",
     '<blockquote><blockquote class="epigraph"><p><em>a</em></p></blockquote></blockquote>'),
    ("/// div | .x\nIn *it*.\n\n- a\n///\n\nOut.",
     '<div class="x"><p>In <em>it</em>.</p><ul><li>a</li></ul></div><p>Out.</p>'),
    ("- a\n\n    <table><tr><td>b</td></tr></table>",
     "<ul><li><p>a</p><table><tr><td>b</td></tr></table></li></ul>"),
    ("    by *indent*\n\n    <b>", '<pre><code><span class="code-line">by *indent*\n</span>'
     '<span class="code-line">\n</span><span class="code-line">&lt;b&gt;</span></code></pre>'),
    ("T1\nT2\n:   D1\n\n    More.\n\n:   D2",
     "<dl><dt>T1</dt><dt>T2</dt><dd><p>D1</p><p>More.</p></dd><dd><p>D2</p></dd></dl>"),
    ("One\n{.first #a}\n\nTwo", '<p class="first" id="a">One</p><p>Two</p>'),
    ("- a\n\n    ```\n    b\n      c\n    ```\n- d",
     '<ul><li><p>a</p><pre><code><span class="code-line">b\n</span>'
     '<span class="code-line">  c</span>'
     "</code></pre></li><li><p>d</p></li></ul>"),
    ("| a |\n|---|\n| ![A](images/a.png) |",
     "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>"
     '<img src="images/a.png" alt="A"/></td></tr></tbody></table>'),
    ("![A](images/../images/a%2Epng)", '<p><img src="images/a.png" alt="A"/></p>'),
    ("![A](images/a.png)\n\n/// caption | #g .wide lang=fr\nMots *dits*\n\ndeux\n///",
     '<figure id="g" lang="fr" class="wide" data-number="1"><img src="images/a.png" alt="A"/>'
     '<figcaption><p><span class="label">Figure~1.</span> Mots <em>dits</em></p><p>deux</p>'
     "</figcaption></figure>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FORMS)
def test_a_form_inside_another(text: str, wanted: str, tmp_path: Path) -> None:
    made = body(tmp_path, f"{text}\n\n![A](images/a.png)", images__a_png=PNG)
    last = '<p><img src="images/a.png" alt="A"/></p>'
    assert made.replace("\u00a0", "~") == wanted + last


def test_verse_in_a_note(tmp_path: Path) -> None:
    text = "# One\n\nSee.[^1]\n\n[^1]: Thus:\n\n    /// verse\n    a\n      b\n\n    - c\n    ///\n"
    book, found = read(tmp_path, {"chapter-1.md": text})
    assert book is not None
    assert found == []
    (note,) = book.section("chapter-1").notes
    assert [b.get("data-line") for b in note.tree.iter("p")] == ["5", "8", "11"]
    for element in note.tree.iter():
        element.attrib.pop("data-line", "")
    assert markup(note.tree).replace("\u00a0", "~") == f"<div><p>Thus:</p>{VERSE}</div>"


REFUSED = [
    ("a <script>alert(1)</script> b", "<p>a  b</p>"),
    ('a <b onclick="x()" style="color: red" class="y">b</b>', '<p>a <b class="y">b</b></p>'),
    ("a [b](java&Tab;script:x) c", "<p>a b c</p>"),
    ('<a href="&#106;avascript:x">b</a>', "<p>b</p>"),
    ("a <form><input name='x'/></form> c", "<p>a  c</p>"),
    ('<p xmlns:x="y" data-line="9">b</p>', "<p>b</p>"),
    ('<svg><use href="#x"/></svg>', ""),
    ("a <section><p>b</p></section> c", "<p>a b c</p>"),
    ('a ![b](https://e.org/c.png "T"){#d} [](#d)',
     '<p>a <span id="d"></span> <a href="#d" class="xref" data-form="title"></a></p>'),
    ('![b](c.png "T"){#d}',
     '<figure id="d" data-number="1"><figcaption><span class="label">Figure 1.</span> T'
     "</figcaption></figure>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), REFUSED)
def test_refused_content_is_removed_and_the_rest_kept(
    text: str, wanted: str, tmp_path: Path
) -> None:
    book, found = read(tmp_path, {"chapter-1.md": f"# One\n\nText.\n\n{text}\n"})
    assert book is not None
    assert found
    assert {path for _, path, _ in found} == {"chapter-1.md"}
    tree = book.section("chapter-1").tree
    for element in tree.iter():
        element.attrib.pop("data-line", "")
    made = "".join(markup(block) for block in tree)
    assert made.replace("\u00a0", " ") == f"<p>Text.</p>{wanted}"


def test_a_title_keeps_its_markup_and_its_text_has_no_call(tmp_path: Path) -> None:
    text = '# The *one* "and" only[^1] {>> sure? <<}\n\nText.\n\n[^1]: Note.\n'
    book, found = read(tmp_path, {"chapter-1.md": text})
    assert book is not None
    assert [f[0] for f in found] == ["MAN-019"]
    section = book.section("chapter-1")
    assert section.title == "The one “and” only"
    call = section.title_tree.find("a")
    assert call is not None
    assert (call.get("class"), call.get("data-note")) == ("noteref", "1")
    assert [note.number for note in section.notes] == [1]


def test_notes_are_numbered_by_section_and_figures_through_the_book(
    tmp_path: Path,
) -> None:
    toml = TOML.replace('["chapter-1"]', '["part-1", "chapter-1", "chapter-2"]')
    text = '# One\n\na[^1] b[^2]\n\n![A](images/a.png "W")\n\n[^2]: x\n\n[^1]: y\n'
    files = {
        "book.toml": toml,
        "part-1.md": "# Part\n",
        "chapter-1.md": text,
        "chapter-2.md": text,
        "images/a.png": PNG,
    }
    book, found = read(tmp_path, files)
    assert book is not None
    assert found == []
    assert [(s.kind.name, s.number) for s in book.sections] == [
        ("part", 1),
        ("chapter", 1),
        ("chapter", 2),
    ]
    assert [[(n.number, n.line) for n in s.notes] for s in book.sections[1:]] == [
        [(1, 9), (2, 7)],
        [(1, 9), (2, 7)],
    ]
    figures = [f.get("data-number") for s in book.sections for f in s.tree.iter("figure")]
    assert figures == ["1", "2"]
