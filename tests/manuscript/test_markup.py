"""The tree of each form of markup."""

from __future__ import annotations

import pytest
from generated_books import body, book_of, chapter, lines, markup, png
from lxml import etree

FORMS = {
    "emphasis": ("*a* **b** `c < d`", "<p><em>a</em> <strong>b</strong> <code>c &lt; d</code></p>"),
    "references to characters": ("AT&T &copy; &lt;b&gt; &nbsp;x", "<p>AT&amp;T © &lt;b&gt; ~x</p>"),
    "raised and lowered": ("x^2^ H~2~O", "<p>x<sup>2</sup> H<sub>2</sub>O</p>"),
    "hard break": ("one  \ntwo", "<p>one<br/>two</p>"),
    "scene break": ("a\n\n* * *\n\nb", '<p>a</p><hr class="break"/><p>b</p>'),
    "small capitals": ("[Nato]{.smallcaps}", '<p><span class="smallcaps">Nato</span></p>'),
    "language span": ("[mots]{lang=fr}", '<p><span lang="fr">mots</span></p>'),
    "index term": ("[oil]{.index}", '<p><span class="index-term">oil</span></p>'),
    "subtitle": ("Under it\n{.subtitle}", '<p class="subtitle">Under it</p>'),
    "abbreviation": (
        "The html.\n\n*[html]: Hyper Text",
        '<p>The <abbr title="Hyper Text">html</abbr>.</p>',
    ),
    "definition list": ("A\n:   b\n:   c", "<dl><dt>A</dt><dd>b</dd><dd>c</dd></dl>"),
    "list": ("- a\n    - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
    "outer list goes on after an inner one": (
        "- a\n\n    - b\n    - c\n- d",
        "<ul><li><p>a</p><ul><li>b</li><li>c</li></ul></li><li><p>d</p></li></ul>",
    ),
    "list with letters": (
        "a) one\nb) two\n   more",
        '<ol type="a" class="bracket"><li>one</li><li>two more</li></ol>',
    ),
    "list with letters in a list": (
        "1. one\n    a) b\n    b) c\n2. two",
        '<ol><li>one<ol type="a" class="bracket"><li>b</li><li>c</li></ol></li><li>two</li></ol>',
    ),
    "list with numerals": (
        "(i) one\n\n(ii) two",
        '<ol type="i" class="brackets"><li><p>one</p></li><li><p>two</p></li></ol>',
    ),
    "list with capitals": ("A.  b\nB.  c", '<ol type="A"><li>b</li><li>c</li></ol>'),
    "list with numbers in brackets": (
        "(1) b\n(2) c\n\nd",
        '<ol class="brackets"><li>b</li><li>c</li></ol><p>d</p>',
    ),
    "initials are no list": ("A. Smith\nB. Jones", "<p>A.~Smith B.~Jones</p>"),
    "one letter is no list": ("a) b\n\nc", "<p>a) b</p><p>c</p>"),
    "a letter further on is no list": ("a) b\n\nc\n\nb) d", "<p>a) b</p><p>c</p><p>b) d</p>"),
    "marked words": ("a ==b *c*== d", "<p>a <mark>b <em>c</em></mark> d</p>"),
    "signs that mark nothing": ("a==b c==d e == f == g", "<p>a==b c==d e == f == g</p>"),
    "numbered list": ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    "a year with a backslash is no list": ("1984\\. It was cold.", "<p>1984. It was cold.</p>"),
    "a hash is no heading": ("#1 in the list", "<p>#1 in the list</p>"),
    "heading": ("## A {#a .x}", '<h2 id="a" class="x">A</h2>'),
    "code block": (
        "```py\nx = 1\n\ny\n```",
        '<pre><code class="language-py"><span class="code-line">x = 1\n</span>'
        '<span class="code-line">\n</span><span class="code-line">y</span></code></pre>',
    ),
    "code in a quotation": (
        "> ~~~\n> a\n> ~~~",
        '<blockquote><pre><code><span class="code-line">a</span></code></pre></blockquote>',
    ),
    "raw inline": ("a <u>b *c*</u> d", "<p>a <u>b <em>c</em></u> d</p>"),
    "raw break": ("a<br>b", "<p>a<br/>b</p>"),
    "list without end tags": (
        "<ul>\n<li>a\n<li>b <UL>\n<LI>c\n</UL>\n</ul>\n\n*d*",
        "<ul><li>a</li><li>b <ul><li>c</li></ul></li></ul><p><em>d</em></p>",
    ),
    "paragraphs without end tags": (
        "<p>a\n<p>b\n\n*c*\n\n<p>d\n\n## e",
        '<p>a</p><p>b</p><p><em>c</em></p><p>d</p><h2 id="chapter-1-e">e</h2>',
    ),
    "paragraph that a list ends": (
        "<p>a\n<ul><li>b</ul></p>\n\n*c*",
        "<p>a</p><ul><li>b</li></ul><p><em>c</em></p>",
    ),
    "paragraph over a blank line": ("<p>a\n\nb</p>\n\n*c*", "<p>a</p><p>b</p><p><em>c</em></p>"),
    "paragraph in a quotation without end tag": (
        "<blockquote>\n<p>a\n</blockquote>\n\n*c*",
        "<blockquote><p>a</p></blockquote><p><em>c</em></p>",
    ),
    "table without end tags": (
        "<table>\n<thead><tr><th>a<th>b\n<tbody>\n<tr><td>c<td><p>d<p>e\n<tr><td>f<td>g\n</table>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>"
        "<tr><td>c</td><td><p>d</p><p>e</p></td></tr><tr><td>f</td><td>g</td></tr></tbody></table>",
    ),
    "definitions without end tags": (
        "<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>",
        "<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dd>e</dd></dl>",
    ),
    "ruby without end tags": (
        "<ruby>a<rt>b<rt>c</ruby> d",
        "<p><ruby>a<rt>b</rt><rt>c</rt></ruby> d</p>",
    ),
    "attributes of other tools": (
        '<p align="center" class="md:x y" role="note">a</p>',
        '<p class="y align-center">a</p>',
    ),
    "indented list": ("  * a\n  * b\n\n  c", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
    "list indented less and less": ("  - a\n - b\n- c", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
    "languages with signs": (
        "~~~ c++\na\n~~~\n\n~~~{.f#}\nb\n~~~",
        '<pre><code class="language-cpp"><span class="code-line">a</span></code></pre>'
        '<pre><code class="language-fsharp"><span class="code-line">b</span></code></pre>',
    ),
    "raw block": ('<div class="x"><p>a &amp; b</p></div>', '<div class="x"><p>a &amp; b</p></div>'),
    "link": ("[a](http://b.c/?d&e)", '<p><a href="http://b.c/?d&amp;e">a</a></p>'),
    "wrapped link": ("[a\nb][c\nd]\n\n[c d]: http://e.f", '<p><a href="http://e.f">a b</a></p>'),
    "address": ("<http://a.b>", '<p><a href="http://a.b">http://a.b</a></p>'),
    "epigraph": (
        "/// epigraph\nBe.\n\nBard\n{.attribution}\n///",
        '<blockquote class="epigraph"><p>Be.</p><p class="attribution">Bard</p></blockquote>',
    ),
    "verse": (
        "/// verse\nTyger *burning\n  bright*\n- forests\n1. night\n\n    What\n///",
        '<div class="verse"><p>Tyger <em>burning<br/>~~bright</em><br/>- forests<br/>1. night</p>'
        "<p>~~~~What</p></div>",
    ),
    "division": (
        "/// div | #a .b lang=fr\nmot\n///",
        '<div id="a" class="b" lang="fr"><p>mot</p></div>',
    ),
    "table": (
        "| a | b |\n|---|--:|\n| c | d |",
        '<table><thead><tr><th>a</th><th class="align-right">b</th></tr></thead>'
        '<tbody><tr><td>c</td><td class="align-right">d</td></tr></tbody></table>',
    ),
    "table with caption": (
        "| a |\n|---|\n| b |\n\n/// caption | #t\nOf *b*\n///",
        '<table id="t" data-number="1"><caption><span class="label">Table~1.</span> Of <em>b</em>'
        "</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_markup(name: str):
    source, wanted = FORMS[name]
    assert body(source) == wanted


FIGURE = (
    '<figure id="f" class="wide" data-number="1"><img src="images/a.png" alt="A"/>'
    '<figcaption><span class="label">Figure~1.</span> Words</figcaption></figure>'
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('![A](images/a.png "Words"){#f .wide}', FIGURE),
        ("![A](images/a.png){#f .wide}\n\n/// caption\nWords\n///", FIGURE),
        ("![A](images/a.png)\n\n/// caption | #f .wide\nWords\n///", FIGURE),
        ("![A](images/a.png)", '<p><img src="images/a.png" alt="A"/></p>'),
        (
            "a ![](images/a.png){.decorative} b",
            '<p>a <img src="images/a.png" alt="" class="decorative"/> b</p>',
        ),
    ],
)
def test_a_form_of_image(source: str, wanted: str):
    got = body(source, a=png())
    assert sorted(got.replace(">", " ").split()) == sorted(wanted.replace(">", " ").split())


def test_the_tree_is_valid_xml_and_html():
    book, _ = chapter("[]{#here} a[^1] **b** <span></span>\n\n| a |\n|---|\n|  |\n\n[^1]: c")
    section = book.sections[0]
    for tree in (section.tree, section.title_tree, *(note.tree for note in section.notes)):
        written = etree.tostring(tree, encoding="unicode")
        assert etree.fromstring(written) is not None
        for tag in ("a", "span", "td", "p", "div"):
            assert f"<{tag}/>" not in written and f"<{tag} />" not in written


def test_figures_and_tables_are_numbered_through_the_book_in_its_language():
    files: dict[str, str | bytes] = {
        f"chapter-{n}.md": f'# Kapitel\n\n![A](images/a.png "B")\n\n[](#abb)\n{{#x{n}}}\n'
        for n in (1, 2)
    }
    files["chapter-2.md"] = '# K\n\n![A](images/a.png "B"){#abb}\n'
    with book_of(files | {"images/a.png": png()}, "de") as (book, findings):
        assert not findings
        assert "Abbildung~1." in markup(book.sections[0].tree)
        assert "Abbildung~2." in markup(book.sections[1].tree)
        anchor = book.anchors["abb"]
        assert (anchor.kind, anchor.number, anchor.title) == ("figure", "2", "B")
        assert [r.path for r in book.resources] == ["images/a.png"]


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        ("/// epigraf\na\n///", "MAN-022", 3),
        ("/// verse\na", "MAN-021", 3),
        ("a\n\n///", "MAN-021", 5),
        ("/// div | width=3\na\n///", "MAN-032", 3),
        ("a\n\n/// caption\nb\n///", "MAN-023", 5),
        ("```\na", "MAN-026", 3),
        ("1. a\n  - b", "MAN-024", 4),
        ("10. a\n\n   b", "MAN-024", 5),
        ("a\n2. b", "MAN-034", 4),
        ("the end:\n255. b", "MAN-034", 4),
        ("1984. It was cold.", "MAN-043", 3),
        ("[a][b] c", "REF-011", 3),
        ("[this][1]", "REF-011", 3),
        ("<!-- a", "MAN-033", 3),
    ],
)
def test_markup_that_would_be_lost_is_reported(source: str, rule: str, line: int):
    assert lines(source) == [(rule, "chapter-1.md", line)]


@pytest.mark.parametrize(
    "text",
    [
        "from 0 to\n255. If",
        "> a\n> 21. B",
        "> #### Note\n>\n> a",
        "```\n\\raisebox{h}[0pt][0pt]{\n```",
        "```c\nx[some][other]\n```",
    ],
)
def test_prose_that_looks_like_a_fault_is_none(text: str) -> None:
    assert lines(text) == []


@pytest.mark.parametrize("text", ["a[i][0] = b", "f(x)[i][j]", "[0][1]", "*x*[1][2]"])
def test_indexes_are_no_links(text: str) -> None:
    assert lines(text) == []


@pytest.mark.parametrize(
    ("language", "source", "wanted"),
    [
        ("cs", "3. května 1990", "<p>3. května 1990</p>"),
        ("de", "1. Mai 1990", "<p>1. Mai 1990</p>"),
        ("de-AT", "> 2. Weltkrieg", "<blockquote><p>2. Weltkrieg</p></blockquote>"),
        ("de", "- 1. Mai 1990", "<ul><li>1. Mai 1990</li></ul>"),
        ("de", "Es war am\n3. Mai 1990", "<p>Es war am 3. Mai 1990</p>"),
        ("de", "1. Januar\n2. Februar", "<ol><li>Januar</li><li>Februar</li></ol>"),
        ("de", "3. Mais ernten", '<ol start="3"><li>Mais ernten</li></ol>'),
        ("en", "3. May I ask?", '<ol start="3"><li>May I ask?</li></ol>'),
    ],
)
def test_a_date_at_the_start_of_a_line_is_no_list(language: str, source: str, wanted: str):
    book, findings = chapter(source, language)
    assert [rule for rule, _, _ in findings if rule != "MET-011"] == []
    assert markup(book.sections[0].tree).replace("~", " ") == wanted
