"""The examples of the CommonMark specification, and trees in a form that can be compared.

The specification is the npm package ``commonmark-spec``, which ``make test`` installs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from lxml import etree

from conftest import ROOT
from makeready.book.model import Element
from makeready.findings import Findings
from makeready.manuscript.markdown import MarkdownParser
from makeready.manuscript.raw_html import append_text
from makeready.manuscript.source import split_lines

SPECIFICATION = ROOT / ".reading" / "node_modules" / "commonmark-spec" / "spec.txt"
_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "col",
        "colgroup",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "style",
        "script",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "iframe",
    ]
)
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
# Whether an element without a role is around others is not compared.
_TRANSPARENT = frozenset({"div", "tbody", "section", "span"})
_ATTRIBUTES = ("href", "src", "alt", "title", "start")
# Comments, processing instructions and the like are not part of a book.
_LEFT_OUT = re.compile(r"<!--(?:-?>|.*?-->)|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Z].*?>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """An example: Markdown and the HTML that it stands for."""

    number: int
    source: str
    html: str


def examples() -> list[Example]:
    """Return the examples in order, with their numbers."""
    assert SPECIFICATION.exists(), "commonmark-spec is not installed: run `make test`."
    text = SPECIFICATION.read_text("utf-8")
    return [
        Example(number, match[1].replace("→", "\t"), match[2].replace("→", "\t"))
        for number, match in enumerate(_EXAMPLE.finditer(text), 1)
    ]


def read_markdown(source: str) -> Element:
    """Return the tree that the parser makes of Markdown, before anything is removed from it."""
    findings = Findings()
    lines = split_lines(source.encode(), "x.md", findings)
    assert lines is not None
    tree = MarkdownParser("x.md", "en", findings).parse(lines)
    # The lines of code, and what is highlighted in them, are not part of the specification.
    for code in tree.iter("code"):
        etree.strip_tags(code, "span")
    return tree


class _Builder(HTMLParser):
    """Builds a tree of HTML as it is written: an end tag ends what is open inside its element."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [etree.Element("div")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = etree.SubElement(self.open[-1], tag)
        for key, value in attrs:
            if key in {*_ATTRIBUTES, "class", "align"}:
                element.set(key, value or "")
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        append_text(self.open[-1], data)


def tree_of_html(markup: str) -> Element:
    """Return the tree of HTML, a ``div`` of blocks; text beside its tags is in paragraphs."""
    builder = _Builder()
    builder.feed(_LEFT_OUT.sub("", markup))
    builder.close()
    root = builder.open[0]
    blocks = etree.Element("div")
    paragraph: Element | None = None
    items: list[str | Element] = [root.text or ""]
    for child in list(root):
        tail, child.tail = child.tail or "", None
        items += [child, tail]
    for item in items:
        if not isinstance(item, str) and item.tag in _BLOCKS:
            blocks.append(item)
            paragraph = None
        elif paragraph is not None or not isinstance(item, str) or item.strip():
            paragraph = etree.SubElement(blocks, "p") if paragraph is None else paragraph
            if isinstance(item, str):
                append_text(paragraph, item)
            else:
                paragraph.append(item)
    return blocks


def comparable(tree: Element, *, with_languages: bool = True) -> str:
    """Return a tree as text, without what HTML does not tell apart: white space around blocks.

    ``with_languages`` is whether the language of code is a part of it.
    """
    pieces: list[str] = []

    def write(element: Element, *, is_code: bool) -> None:
        tag = str(element.tag)
        names = [*_ATTRIBUTES, *(["class"] if tag == "code" and with_languages else [])]
        values = {key: " ".join(element.get(key, "").split()) for key in names}
        opening = " ".join([tag, *(f'{key}="{value}"' for key, value in values.items() if value)])
        is_code = is_code or tag == "pre"
        is_bare = tag in _TRANSPARENT
        edge = "\0" if tag in _BLOCKS or tag == "br" else ""
        pieces.append("" if is_bare else f"{edge}<{opening}>{edge}")
        text = element.text or ""
        pieces.append(text.rstrip("\n") if tag == "code" and is_code else text)
        for child in element:
            if isinstance(child.tag, str):
                write(child, is_code=is_code)
            pieces.append(child.tail or "")
        pieces.append("" if is_bare or tag in _VOID else f"{edge}</{tag}>{edge}")

    write(tree, is_code=False)
    text = re.sub(r"[\s\0]*\0[\s\0]*", "\0", "".join(pieces))
    return re.sub(r"\s+", " ", text).strip(" \0").replace("\0", "")


def alignments(tree: Element) -> list[str]:
    """Return the alignment of each cell of a tree's tables."""
    return [
        cell.get("align") or cell.get("class", "").removeprefix("align-")
        for cell in tree.iter("th", "td")
    ]


def difference(source: str, markup: str) -> tuple[str, str] | None:
    """Return what the parser makes of a source and what it should, if they are not the same."""
    made, wanted = comparable(read_markdown(source)), comparable(tree_of_html(markup))
    return None if made == wanted else (made, wanted)
