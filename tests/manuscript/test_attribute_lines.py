"""Attribute lists on lines of their own, and Markdown directly after a tag, as other tools read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_book import PNG, body, read

TABLE = "| a |\n|---|\n| 1 |\n"
ROWS = "<thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
FORMS = {
    "after a heading": ("## H\n{: #x .no_toc }\n", '<h2 class="no_toc" id="x">H</h2>'),
    "after a table": (f"{TABLE}{{: .striped #x}}\n", f'<table class="striped" id="x">{ROWS}'),
    "after a table, of Hugo": (f"{TABLE}{{.striped}}\n", f'<table class="striped">{ROWS}'),
    "after a table and a blank line": (f"{TABLE}\n{{: #x }}\n", f'<table id="x">{ROWS}'),
    "widths": (f'{TABLE}{{#x tbl-colwidths="[9]"}}\n', f'<table id="x" data-widths="9">{ROWS}'),
    "before a paragraph": ("{#x .y}\nText\n", '<p class="y" id="x">Text</p>'),
    "two of them": ("{.y}\n{#x}\nText\n", '<p class="y" id="x">Text</p>'),
    "before a heading": ("{#x}\n## H\n", '<h2 id="x">H</h2>'),
    "before a list": ("{: .y}\n- a\n", '<ul class="y"><li>a</li></ul>'),
    "before a quotation": ("{.y}\n> a\n", '<blockquote class="y"><p>a</p></blockquote>'),
    "before terms": ("{.y}\na\n: b\n", '<dl class="y"><dt>a</dt><dd>b</dd></dl>'),
    "after a list in an item": (
        "- a\n\n  ## H\n  {: .y}\n",
        '<ul><li><p>a</p><h2 class="y" id="chapter-1-h">H</h2></li></ul>',
    ),
    "after code": (
        "```\na\n```\n{: .y}\n",
        '<pre><code><span class="code-line">a</span></code></pre>',
    ),
    "before an image, Leanpub": (
        "{width=60%,float=left}\n![a](a.png)\n",
        '<p><img src="a.png" alt="a" class="align-left" width="60%"/></p>',
    ),
    "before an image, Markua": (
        '{caption: "Pots", width: 50%, alt: "two"}\n![](a.png)\n',
        '<figure data-number="1"><img src="a.png" alt="two" width="50%"/><figcaption>'
        '<span class="label">Figure\u00a01.</span> Pots</figcaption></figure>',
    ),
    "after inline code": ("`a`{:.y}\n", '<p><code class="y">a</code></p>'),
    "a heading without a number": ("## H {-}\n", '<h2 class="unnumbered" id="chapter-1-h">H</h2>'),
    "an address, Pandoc": (
        '[a]\n\n[a]: http://x.example "T" {#y .z}\n',
        '<p><a href="http://x.example" title="T">a</a></p>',
    ),
    "an address, MultiMarkdown": (
        "![a][b]\n\n[b]: a.png width=40px height=4px\n",
        '<p><img src="a.png" alt="a"/></p>',
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_list_belongs_to_the_block_beside_it(form: str, tmp_path: Path) -> None:
    text, expected = FORMS[form]
    assert body(tmp_path, text, a_png=PNG) == expected


@pytest.mark.parametrize("text", ["{name}", "{a b}", "{a: b}", "Text {a} b.", "```\n{.y}\n```"])
def test_braces_around_anything_else_are_text(text: str, tmp_path: Path) -> None:
    assert text.strip("`\n") in body(tmp_path, text)


@pytest.mark.parametrize(
    "text", ["- a{: .y}\n", "Text.\n\n{: .y}\n\nText.\n", "Word{.y} and more.\n", "{:y: .z}\n"]
)
def test_a_list_that_belongs_to_nothing_is_reported(text: str, tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}"})
    assert [finding[0] for finding in found] == ["MAN-044"]


HTML = {
    "an attribute": ('<div markdown="1">\n*a*\n\n- b\n</div>\n', "<div><p><em>a</em></p><ul>"),
    "its name alone": ("<div class='x' markdown>\n*a*\n</div>\n", '<div class="x"><p><em>a</em>'),
    "of a block": ('<div markdown="block">\n\n*a*\n\n</div>\n', "<div><p><em>a</em></p></div>"),
    "Notion": ("<aside>\n💡 *a*\n\n</aside>\n", "<aside><p>💡 <em>a</em></p></aside>"),
    "a figure": (
        '<figure markdown="span">\n  ![a](a.png)\n  <figcaption>b</figcaption>\n</figure>\n',
        '<figure data-number="1"><p><img src="a.png" alt="a"/></p><figcaption>',
    ),
}


@pytest.mark.parametrize("form", HTML)
def test_markdown_after_a_tag_is_read(form: str, tmp_path: Path) -> None:
    text, expected = HTML[form]
    assert body(tmp_path, text, a_png=PNG).startswith(expected)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<div>\nSee [a](#one).\n</div>", 4),
        ("<div>\n**a** b\n</div>", 4),
        ("<div>a `b`</div>", 3),
        ("<div>\na\n- b\n</div>", 5),
    ],
)
def test_markdown_that_is_not_read_is_reported(text: str, line: int, tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert found == [("MAN-044", "chapter-1.md", line)]


@pytest.mark.parametrize(
    "text", ["<pre>\n**a**\n</pre>", "<p>2 * 3 * 4 [1] a_b_c `</p>", "<div>\n\n**a**\n\n</div>"]
)
def test_other_text_in_html_is_not(text: str, tmp_path: Path) -> None:
    body(tmp_path, text)


@pytest.mark.parametrize("line", ["{.a}\n", "## H\n{.a}\n", "<div markdown>\nx\n", "[a]: b {.c}\n"])
def test_many_are_read_in_linear_time(line: str, tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        begin = time.process_time()
        read(tmp_path / str(count), {"chapter-1.md": "# One\n\n" + line * count})
        return time.process_time() - begin

    assert seconds(4000) < 24 * max(seconds(500), 0.05)
