"""Any text is read in reasonable time, without exceptions, to well-formed trees."""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tiny_book import PNG, read

from makeready.book.config import read_config
from makeready.findings import Findings
from makeready.manuscript.allowed_html import BLOCKS

MARKS = """
    [ ] [^ [^1] [^1]: ]( ( ) { } {# {#a} {.x} {.page} * ** _ __ ` `` ``` ~~~ ~ ^ | |---| > < <b>
    </b> <div> </div> <p> <br> <img <!-- --> <? <![CDATA[ ]]> &amp; &#0; &#x110000; {>> <<} ///
    ///div \\ \\[ \\\\ ![ ![](images/a.png) [](#a) [](#chapter-1) # ## : - + 1. 12. === ---
    http://e.org     javascript: " ' " -- ... 5-7 No. NATO *[a]: [a]: wzxhzdk:1 klzzwxh:0001 \x02
    \x03 \ufeff \u2028
    \u00a0 \u202f é 漢 \U0001f600
"""
LINES = """
    /// verse|/// caption | #a|/// epigraph|/// div | .x lang=fr|///|```|~~~|***|---|===
    # Two|## Sub {#a}|> q|> > q|> ```|- a|    - b|1. a|:   d|| a | b ||---|---||[^1]: note|    more
    {#a .b}|<div>|</div>|<table>|<!--|-->|{>>|<<}|*[HTML]: x|[a]: https://e.org
"""
TEXT = st.one_of(
    st.sampled_from(re.findall(r"[^ \n]+", MARKS)),
    st.sampled_from([" ", " ", "\n", "\n\n", "    ", "\t", "word", "a", "\n> ", "\n- ", "\n    "]),
    st.sampled_from([f"\n{line.strip()}\n" for line in LINES.replace("\n", "|").split("|")]),
    st.sampled_from(["\n| a | b |\n|---|--:|\n| c ", "\n/// caption | #a\nx\n///\n"]),
    st.text(max_size=4),
)
DOCUMENTS = st.lists(TEXT, max_size=40).map("".join)
HARD = settings(derandomize=True)


@pytest.mark.slow
@settings(HARD, max_examples=200)
@given(DOCUMENTS, st.sampled_from(["# One\n\n", ""]))
def test_any_text_is_read(text: str, title: str) -> None:
    raw = (title + text).encode("utf-8", "surrogatepass")
    with TemporaryDirectory() as folder:
        start = time.process_time()
        book, _ = read(Path(folder), {"chapter-1.md": raw, "images/a.png": PNG})
        assert time.process_time() - start < 2
    for section in book.sections if book else ():
        for tree in (section.tree, section.title_tree, *(note.tree for note in section.notes)):
            written = etree.tostring(tree)
            again = etree.tostring(etree.fromstring(written), method="c14n")
            assert again == etree.tostring(tree, method="c14n")
            for element in tree.iterdescendants():
                line = element.get("data-line")
                assert (line is not None) == (element.tag in BLOCKS)
                assert line is None or 1 <= int(line) <= raw.count(b"\n") + raw.count(b"\r") + 1


KEYS = [
    "title", "language", "modified", "slug", "bodymatter", "frontmatter", "contributors",
    "editions", "words", "ignore", "cover", "typography", "subjects", "x", "editions.a",
    "contributors.name", "cover.ground",
]  # fmt: skip
VALUES = [
    '"a"', "3", "2026-11-01", "[]", '["a"]', "[1]", "{}", '{ name = "a" }', "[{}]",
    '[{ name = 1 }]', "true", '[["a"]]', '{ a = { kind = "x" } }', '{ a = {} }', '""', '"\\u0000"',
    "inf",
    "[{ id = 1 }, { id = 'b', reason = 'c' }]", "{ chapter = 1, nothing = 'x' }",
]  # fmt: skip


@pytest.mark.slow
@settings(HARD, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=8))
def test_any_book_toml_is_read(pairs: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in dict(pairs).items())
    with TemporaryDirectory() as folder:
        (Path(folder) / "book.toml").write_text(text, "utf-8")
        findings = Findings()
        config = read_config(Path(folder), findings)
    assert config is not None or findings.errors
    assert all(f.location and f.location.path == "book.toml" for f in findings)
