"""Listings: the info strings of fences, highlighting, and its limits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_book import TOML, body, read, reported, write_book

from makeready.findings import Findings
from makeready.manuscript import highlighting
from makeready.manuscript.code_fences import CodeFence, read_fence
from makeready.manuscript.reader import read_book

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
        "python", "a.py", "lst-a", 10
    ),
    '{#lst-a .python lst-cap="A title" filename=b.py}': CodeFence("python", "A title", "lst-a"),
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
