"""Listings: the info strings of fences, highlighting, and its limits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_book import PNG, TOML, body, read, reported, write_book

from makeready.findings import Findings
from makeready.manuscript import highlighting
from makeready.manuscript.code_fences import CodeFence, read_fence
from makeready.manuscript.reader import read_book
from makeready.manuscript.xhtml import xhtml_of_text

INFOS = {
    "": CodeFence(),
    "rust,ignore": CodeFence("rust"),
    "rust,editable,noplayground": CodeFence("rust"),
    "c++": CodeFence("cpp"),
    "c#": CodeFence("csharp"),
    "language-js": CodeFence("js"),
    "{.language-js}": CodeFence("js"),
    'python title="a.py" linenums="1" hl_lines="2 4-5"': CodeFence(
        "python", "a.py", first_number=1, marked=frozenset({2, 4, 5})
    ),
    '{.python title="a.py" #lst-a .numberLines startFrom="10"}': CodeFence(
        "python", "a.py", "lst-a", first_number=10
    ),
    '{#lst-a .python lst-cap="A title" filename=b.py}': CodeFence(
        "python", "A title", "lst-a", "b.py", has_markdown_title=True
    ),
    '{#lst:a .python caption="A title"}': CodeFence(
        "python", "A title", "lst:a", has_markdown_title=True
    ),
    '{.python caption="A \\"b\\" &amp; c"}': CodeFence(
        "python", 'A "b" & c', has_markdown_title=True
    ),
    'python title="a.py" caption="A"': CodeFence(
        "python", "A", file_name="a.py", has_markdown_title=True
    ),
    '{r a, lst.cap="A", echo=TRUE}': CodeFence("r", "A", has_markdown_title=True, is_cell=True),
    "python:src/a.py": CodeFence("python", file_name="src/a.py"),
    "diff a\\+b": CodeFence("diff"),
    "foo\\+bar": CodeFence("foopbar"),
    'py filename="b.py"': CodeFence("py", file_name="b.py"),
    "python {#lst-a .number-lines}": CodeFence("python", id="lst-a", first_number=1),
    'jsx {1,4-6} title="x y"': CodeFence("jsx", "x y", marked=frozenset({1, 4, 5, 6})),
    "js showLineNumbers {2}": CodeFence("js", first_number=1, marked=frozenset({2})),
    "jsx{1}": CodeFence("jsx", marked=frozenset({1})),
    "jsx:title=src/x.js": CodeFence("jsx", "src/x.js"),
    "js:no-line-numbers": CodeFence("js", first_number=0),
    'go {linenos=table,hl_lines=[8,"15-16"],linenostart=199}': CodeFence(
        "go", first_number=199, marked=frozenset({8, 15, 16})
    ),
    "rust,linenos,name=x.rs": CodeFence("rust", id="x.rs", first_number=1),
    "{r}": CodeFence("r", is_cell=True),
    "{r plot, echo=TRUE, fig.cap='x, y'}": CodeFence("r", is_cell=True),
    '{r, echo=FALSE, fig.cap="x"}': CodeFence("r", is_cell=True, is_hidden=True),
    "{python}": CodeFence("python", is_cell=True),
    "{code-block} python": CodeFence("python"),
    "{code-cell} ipython3": CodeFence("ipython3", is_cell=True),
    'python title="Don\'t {stop}"': CodeFence("python", "Don't {stop}"),
    "ts twoslash": CodeFence("ts"),
}


@pytest.mark.parametrize("info", INFOS)
def test_what_an_info_says(info: str) -> None:
    fence = read_fence(info, ["x = 1"])
    assert {**fields(fence), "options": {}} == {**fields(INFOS[info]), "options": {}}


def fields(fence: CodeFence) -> dict[str, object]:
    return {name: getattr(fence, name) for name in CodeFence.__slots__}


CELL = """\
# A

```{python}
#| label: lst-a
#| lst-cap: "A title"
x = 1
```

```{python}
#| echo: false
y = 2
```
"""


def test_option_lines_of_a_cell_are_not_code(tmp_path: Path) -> None:
    book, findings = read(tmp_path, {"chapter-1.md": CELL})
    assert book is not None
    assert findings == [("MAN-061", "chapter-1.md", line) for line in (3, 9)]
    figure = book.sections[0].tree.find("figure")
    assert figure is not None
    assert "".join(figure.itertext()) == "Listing\u00a01. A titlex = 1"
    assert book.anchors["lst-a"].kind == "listing"
    assert "y" not in "".join(book.sections[0].tree.itertext())


def markup(folder: Path, source: str, toml: str = "") -> list[tuple[str | None, str]]:
    book, findings = read(folder, {"chapter-1.md": f"# A\n\n{source}", "book.toml": TOML + toml})
    assert book is not None
    assert findings == []
    return [(e.get("class"), "".join(e.itertext())) for e in book.sections[0].tree.iter("span")]


def test_leanpub_has_the_attributes_before_the_fence(tmp_path: Path) -> None:
    source = '# A\n\n{title="One", lang=py}\n~~~\nif x\n~~~\n\n{#no}\n\n```\na\n```\n'
    book, findings = read(tmp_path, {"chapter-1.md": source})
    assert book is not None
    assert findings == [("MAN-044", "chapter-1.md", 8)]
    tree = book.sections[0].tree
    assert ["".join(element.itertext()) for element in tree] == ["Oneif x", "{#no}", "a"]
    assert tree.xpath("string(.//code/@class)") == "language-py"


def test_code_is_highlighted_unless_the_book_says_not(tmp_path: Path) -> None:
    source = "```py\nif x:  # no\n\treturn 'a'\n```"
    assert markup(tmp_path / "a", source) == [
        ("code-line", "if x:  # no\n"),
        ("code-keyword", "if "),
        ("code-comment", "# no"),
        ("code-line", "    return 'a'"),
        ("code-keyword", "return "),
        ("code-string", "'a'"),
    ]
    toml = '[code]\nhighlighting = "none"\nline_numbers = true\n'
    assert markup(tmp_path / "b", source, toml) == [
        ("code-line", "if x:  # no\n"),
        ("code-line", "    return 'a'"),
    ]


def test_signs_and_names_of_files_in_a_diff_are_not_struck_out(tmp_path: Path) -> None:
    source = "```diff\n--- a/wall\n+++ b/wall\n-  stone\n--- x\n+  brick\n   gate\n```"
    assert markup(tmp_path, source) == [
        ("code-line", "--- a/wall\n"),
        ("code-keyword", "--- a/wall"),
        ("code-line", "+++ b/wall\n"),
        ("code-inserted", "+++ b/wall"),
        ("code-line", "-  stone\n"),
        ("code-deleted", "stone"),
        ("code-line", "--- x\n"),
        ("code-deleted", "-- x"),
        ("code-line", "+  brick\n"),
        ("code-inserted", "+  brick"),
        ("code-line", "   gate"),
    ]


def test_a_listing_that_takes_too_long_is_plain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highlighting, "MAX_SECONDS", 0.05)

    class SlowLexer:
        def get_tokens(self, _text: str) -> list[tuple[object, str]]:
            while True:
                pass

    monkeypatch.setattr(highlighting, "_lexer", lambda _name: SlowLexer())
    source = "# A\n\n```py\nif x\n```\n\n```py\nif y\n```\n"
    findings = Findings()
    started = time.process_time()
    book = read_book(write_book(tmp_path, {"chapter-1.md": source}), findings)
    assert time.process_time() - started < 3
    assert book is not None
    assert reported(findings) == [("MAN-060", "chapter-1.md", 3)]
    lines = [(e.get("class"), e.text) for e in book.sections[0].tree.iter("span")]
    assert lines == [("code-line", "if x"), ("code-line", "if y")]


def test_a_long_listing_is_plain(tmp_path: Path) -> None:
    line = "if x: pass\n"
    count = highlighting.MAX_LETTERS // len(line)
    few = markup(tmp_path / "a", f"```py\n{line * count}```")
    assert ("code-keyword", "if ") in few
    source = f"# A\n\n```py\n{line * (count + 2)}```"
    book, findings = read(tmp_path / "b", {"chapter-1.md": source})
    assert book is not None
    assert findings == [("MAN-060", "chapter-1.md", 3)]
    assert {e.get("class") for e in book.sections[0].tree.iter("span")} == {"code-line"}


HTML_LISTINGS = {
    '<pre><code class="language-py">\nx = "y"\n\tz\n</code></pre>': (
        '<pre><code class="language-py">'
        '<span class="code-line">x = <span class="code-string">"y"</span>\n</span>'
        '<span class="code-line">    z</span></code></pre>'
    ),
    '<pre class="prettyprint lang-c">\nif (x)\n</pre>': (
        '<pre class="prettyprint lang-c"><span class="code-line">'
        '<span class="code-keyword">if </span>(x)</span></pre>'
    ),
    '<pre lang="c">if (x)</pre>': (
        '<pre class="language-c"><span class="code-line">'
        '<span class="code-keyword">if </span>(x)</span></pre>'
    ),
    "<pre>\na  b\n\n  c\n</pre>": (
        '<pre><span class="code-line">a  b\n</span><span class="code-line">\n</span>'
        '<span class="code-line">  c</span></pre>'
    ),
    '<pre><code class="c">if <b id="b">x\ny\n</b></code></pre>': (
        '<pre><code class="c"><span class="code-line">if <b id="b">x</b>\n</span>'
        '<span class="code-line"><b>y</b></span></code></pre>'
    ),
    "<pre>a<br>b <code>c</code></pre>": (
        '<pre><span class="code-line">a\n</span>'
        '<span class="code-line">b <code>c</code></span></pre>'
    ),
    "<pre></pre>": "<pre></pre>",
}


@pytest.mark.parametrize("text", HTML_LISTINGS)
def test_preformatted_text_of_html_is_a_listing(text: str, tmp_path: Path) -> None:
    assert body(tmp_path, text) == HTML_LISTINGS[text]


def test_lines_of_html_are_numbered_as_those_of_fences(tmp_path: Path) -> None:
    toml = TOML + "\n[code]\nline_numbers = true\n"
    fenced = body(tmp_path / "a", "```py\nx\ny\n```", toml)
    assert 'data-line-number="2"' in fenced
    html = '<pre><code class="language-py">x\ny\n</code></pre>'
    assert body(tmp_path / "b", html, toml) == fenced


def test_code_of_html_that_is_too_much_is_plain(tmp_path: Path) -> None:
    text = "x = 1\n" * (highlighting.MAX_LETTERS // 6 + 1)
    html = f'<pre><code class="language-py">{text}</code></pre>'
    book, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{html}\n"})
    assert book is not None
    assert found == [("MAN-060", "chapter-1.md", 3)]


PRE = '<pre><code><span class="code-line">x</span></code></pre>'
CAPTIONED = (
    '<figure class="listing" id="lst-a" data-number="1"><figcaption>'
    '<span class="label">Listing~1.</span> A <em>b</em></figcaption>' + PRE + "</figure>"
)
WITH_FILE = CAPTIONED.replace(
    "</figcaption>", '<span class="file-name"><code>a.rs</code></span></figcaption>'
)
DIVIDED = CAPTIONED.replace('class="listing" id="lst-a"', 'id="lst-a" class="listing"')
DIVIDED_WITH_FILE = WITH_FILE.replace('class="listing" id="lst-a"', 'id="lst-a" class="listing"')
GIVEN = WITH_FILE.replace(' id="lst-a" data-number="1"', ' data-number="3-1"').replace(
    "Listing~1", "Listing~3-1"
)
CAPTIONS = {
    '```{#lst-a lst-cap="A *b*"}\nx\n```': CAPTIONED,
    '```{lst-cap="A *b*"}\nx\n```': CAPTIONED.replace(' id="lst-a"', ""),
    '```{#lst-a lst-cap="A *b*" filename="a.rs"}\nx\n```': WITH_FILE,
    "```{code-block}\n:caption: A *b*\n:name: lst-a\nx\n```": CAPTIONED,
    "```{code-block}\n---\ncaption: |\n  A\n  *b*\nname: lst-a\n---\nx\n```": CAPTIONED,
    '~~~ {#lst-a caption="A *b*"}\nx\n~~~': CAPTIONED,
    "Listing: A *b* {#lst-a}\n\n```\nx\n```": CAPTIONED,
    "Listing: A *b*\n\n```{#lst-a}\nx\n```": CAPTIONED,
    "```\nx\n```\n\n: A *b* {#lst-a}": CAPTIONED,
    "::: {#lst-a}\n```\nx\n```\n\nA *b*\n:::": DIVIDED,
    "::: {#lst-a}\n```{filename=a.rs}\nx\n```\n\nA *b*\n:::": DIVIDED_WITH_FILE,
    '::: {#lst-a lst-cap="A *b*"}\n```\nx\n```\n\n```\nx\n```\n:::': DIVIDED.replace(
        PRE, PRE + PRE
    ),
    '<Listing id="lst-a" caption="A *b*">\n\n```\nx\n```\n\n</Listing>': CAPTIONED,
    '<Listing number="3-1" file-name="a.rs" caption="A *b*">\n\n```\nx\n```\n\n</Listing>': GIVEN,
    "<Listing file-name='a.rs'>\n```\nx\n```\n</Listing>": (
        '<figure class="listing unnumbered"><figcaption><code>a.rs</code></figcaption>'
        f"{PRE}</figure>"
    ),
    '<Listing number="3-1"\nfile-name="a.rs" caption="A *b*">\n```\nx\n```\n</Listing>': GIVEN,
    '```{lst-cap="A `b`"}\nx\n```': CAPTIONED.replace(' id="lst-a"', "").replace(
        "<em>b</em>", "<code>b</code>"
    ),
    '<Listing id="lst-a" caption="A *b* &lt;T&gt; `V&lt;T&gt;`">\n```\nx\n```\n</Listing>': (
        CAPTIONED.replace("</em>", "</em> &lt;T&gt; <code>V&lt;T&gt;</code>")
    ),
    "<Listing>\n```\nx\n```\n</Listing>": PRE,
    '::: {#lst-a lst-cap="A *b*"}\n\n:::: {.panel-tabset}\n```\nx\n```\n::::\n\n:::': (
        DIVIDED.replace(PRE, f'<div class="panel-tabset">{PRE}</div>')
    ),
    "```\nx\n```\n\nListing: A *b* {#lst-a}\n\n```\nx\n```": PRE + CAPTIONED,
    "```{#lst-a}\nx\n```\n\n: A *b*\n\n```\nx\n```": CAPTIONED + PRE,
    '```title="A *b*"\nx\n```': (
        f'<figure class="listing unnumbered"><figcaption>A *b*</figcaption>{PRE}</figure>'
    ),
    "```\nx\n```\n\nListing: a *b*": f"{PRE}<p>Listing: a <em>b</em></p>",
}


@pytest.mark.parametrize("text", CAPTIONS)
def test_a_listing_has_its_caption(text: str, tmp_path: Path) -> None:
    assert body(tmp_path, text).replace("\N{NO-BREAK SPACE}", "~") == CAPTIONS[text]


def test_captions_are_numbered_by_chapter_in_the_language_of_the_book(tmp_path: Path) -> None:
    text = '```{.py #lst-a caption="Uno"}\nx\n```\n\n```py title="a.py"\nx\n```\n'
    files = {
        "chapter-1.md": f'# Uno\n\n{text}\n~~~ {{caption=Dos}}\nx\n~~~\n\n![A](a.png "A")\n',
        "chapter-2.md": f"# Dos\n\n{text}\nEn @lst-a.\n",
        "book.toml": TOML.replace('"en"', '"es"').replace('"]', '", "chapter-2"]')
        + '[numbering]\ncaptions = "chapter"\n',
        "a.png": PNG,
    }
    book, _ = read(tmp_path, files)
    assert book is not None
    labels = [
        "".join(label.itertext()).replace("\N{NO-BREAK SPACE}", " ")
        for section in book.sections
        for label in section.tree.iter("span")
        if label.get("class") == "label"
    ]
    assert labels == ["Listado 1.1.", "Listado 1.2.", "Figura 1.1.", "Listado 2.1."]


@pytest.mark.parametrize("reference", ["[](#lst:a)", "@lst:a", "[@lst:a]", "{numref}`lst:a`"])
def test_a_listing_is_referred_to(reference: str, tmp_path: Path) -> None:
    text = '~~~ {#lst:a caption="A"}\nx\n~~~\n\nSee ' + reference
    found = body(tmp_path, text)
    assert 'href="#chapter-1-lst-a"' in found and 'data-form="number"' in found


@pytest.mark.parametrize("text", ["<Listing>\n\nx", "> <Listing>\n\n</Listing>", "<Listing />"])
def test_a_listing_that_is_not_closed_is_an_unknown_element(text: str, tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert ("MAN-015", "chapter-1.md", 3) in found


@pytest.mark.parametrize("unit", ["<Listing>\n", "Listing: a {#lst:a}\n\n"])
def test_listings_are_read_in_linear_time(unit: str) -> None:
    text = unit * (50_000 // len(unit)) + "</Listing>\n"
    start = time.process_time()
    xhtml_of_text(text.encode(), Path("a.md"), "en", Findings())
    assert time.process_time() - start < 10
