"""Contrast is judged by what the elements of a document really get, and by nothing else."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.checks.epub.cascade import StyleReader
from makeready.checks.epub.contrast import low_contrasts

_HEAD = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    '<head><link rel="stylesheet" href="book.css"/>{}</head><body>{}</body></html>'
)
_FAINT, _DARK = "color: #999", "background: #222"


def found(css: str, body: str, head: str = "", **files: str) -> list[tuple[str, int, str]]:
    contents = {"EPUB/book.css": css, **{f"EPUB/{name}.css": text for name, text in files.items()}}
    tree = etree.fromstring(_HEAD.format(head, body))

    def read(path: str) -> bytes | None:
        return contents[path].encode() if path in contents else None

    rules = StyleReader(read).rules_of("EPUB/text.xhtml", tree)
    low = low_contrasts("EPUB/text.xhtml", tree, rules)
    return [(one.path.removeprefix("EPUB/"), one.line, one.selector) for one in low]


@pytest.mark.parametrize(
    ("css", "body"),
    [
        (f"p {{ {_FAINT} }}", "<p>words</p>"),
        (f"body {{ {_FAINT} }}", "<div><p>words</p></div>"),
        (f".a p {{ {_FAINT} }}", '<div class="a"><p>words</p></div>'),
        (f"p {{ {_FAINT} }} p {{ font-size: 1em }}", "<p>words</p>"),
        ("p { color: #999 !important } p { color: #000 }", "<p>words</p>"),
        (f"p.a {{ {_FAINT} }} p {{ color: #000 }}", '<p class="a">words</p>'),
        (f"div {{ {_DARK} }}", "<div><p>words</p></div>"),
        ("p { color: rgb(0 0 0 / 30%) } p { color: rgba(0, 0, 0, .3) }", "<p>words</p>"),
        ("p { color: #949494; font-size: 23px }", "<p>words</p>"),
        ("p { color: #767676; background: #eee }", "<p>words</p>"),
        (f"@media screen {{ p {{ {_FAINT} }} }}", "<p>words</p>"),
        (f"@media all {{ p {{ {_FAINT} }} }}", "<!-- note --><p>words<!-- note --></p>"),
        (f"a {{ {_FAINT} }}", '<p><a href="x">words</a></p>'),
        (
            '@namespace e "http://www.idpf.org/2007/ops"; [e|type~="note"] { color: #999 }',
            '<p epub:type="note">words</p>',
        ),
        (f"p {{ {_FAINT} }}", '<p>words<b style="color: #000">x</b></p>'),
    ],
)
def test_text_with_too_little_contrast(css: str, body: str) -> None:
    ((path, line, _),) = found(css, body)
    assert (path, line) == ("book.css", 1)


@pytest.mark.parametrize(
    ("css", "body"),
    [
        (f".unused {{ {_FAINT} }}", "<p>words</p>"),
        (f"p {{ {_FAINT} }} p {{ color: #000 }}", "<p>words</p>"),
        (f"p {{ color: #000 }} div p {{ {_FAINT} }}", "<p>words</p>"),
        (f"p {{ {_FAINT} }}", "<p> </p><p>* — *</p>"),
        (f"p {{ {_FAINT} }}", '<p><span style="color: #000">words</span></p>'),
        (f"p {{ {_FAINT}; display: none }}", "<p>words</p>"),
        (f"div {{ display: none }} p {{ {_FAINT} }}", "<div><p>words</p></div>"),
        (f"p {{ {_FAINT} }}", '<div hidden="hidden"><p>words</p></div>'),
        (f"p {{ {_FAINT}; visibility: hidden }}", "<p>words</p>"),
        (f"p {{ {_FAINT} }} .box {{ {_DARK} }}", '<div class="box"><p>words</p></div>'),
        (f".box {{ {_DARK}; color: #fff }}", '<div class="box"><p>words</p></div>'),
        ("p { color: #fff } .box { background: url(a.png) }", '<div class="box"><p>a</p></div>'),
        ("p { color: #fff } .b { background: linear-gradient(#000, #111) }", '<p class="b">a</p>'),
        ("p { color: #fff; position: absolute }", "<p>words</p>"),
        ("p { color: #949494; font-size: 24px }", "<p>words</p>"),
        ("h1 { color: #949494 }", "<h1>words</h1>"),
        ("p { color: #949494; font-size: 14pt; font-weight: bold }", "<p>words</p>"),
        ("p { color: #767676 }", "<p>words</p>"),
        (f"@media (prefers-color-scheme: dark) {{ p {{ {_FAINT} }} }}", "<p>words</p>"),
        (f"@media amzn-kf8 {{ p {{ {_FAINT} }} }}", "<p>words</p>"),
        (f"@media (max-width: 300px) {{ p {{ {_FAINT} }} }}", "<p>words</p>"),
        (f"p::before {{ {_FAINT} }} p:hover {{ {_FAINT} }}", "<p>words</p>"),
        ("div { color: #fff; background: #fff } a { color: #000 }", '<div><a href="x">a</a></div>'),
        (f"div {{ {_FAINT} }}", '<div><a href="x">words</a></div>'),
        ("p { color: var(--ink) } p.a { color: currentColor }", '<p class="a">words</p>'),
        (f"p {{ {_FAINT} }}", "<video><p>words</p></video>"),
        (f"p {{ {_FAINT} }} p {{ color: inherit }}", "<p>words</p>"),
        ("p { color: #999 } ]] { color: #999 } p { color: #000 }", "<p>words</p>"),
    ],
)
def test_text_that_no_rule_makes_faint(css: str, body: str) -> None:
    assert found(css, body) == []


def test_where_the_rule_is() -> None:
    body = '<p>words</p>\n<p style="color: #999">words</p>'
    head = "<style>\np { color: #aaa }</style>"
    assert found("", body, head) == [
        ("text.xhtml", 2, "p"),
        ("text.xhtml", 3, "p style"),
    ]
    head = '<link rel="alternate stylesheet" href="other.css"/>'
    assert found("", "<p>words</p>", head, other="p { color: #aaa }") == []
    css = "@import 'other.css'; @import url(book.css);"
    assert found(css, "<p>words</p>", other="\np { color: #aaa }") == [("other.css", 2, "p")]
    assert found("@import 'other.css' print;", "<p>words</p>", other="p { color: #aaa }") == []
