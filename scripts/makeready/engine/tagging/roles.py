"""The structure types of the elements of a document (ISO 32000-1, 14.8.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

GROUPS = frozenset({"Document", "Part", "Sect", "Art", "Div", "Aside", "BlockQuote", "Index"})
"""The types that have blocks in them, and no text of their own."""

CELLS = frozenset({"TH", "TD"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TABLE_PARTS = frozenset({"caption", "thead", "tbody", "tfoot", "tr", "th", "td"})

CODE_LINE = "code-line"

_TYPES = {
    "section": "Sect", "article": "Art", "p": "P", "summary": "P", "address": "P",
    "details": "Div", "blockquote": "BlockQuote", "ul": "L", "ol": "L", "dl": "L", "li": "LI",
    "dt": "P", "table": "Table", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot",
    "tr": "TR", "th": "TH", "td": "TD", "caption": "Caption", "figcaption": "Caption",
    "em": "Em", "strong": "Strong", "q": "Quote", "img": "Figure",
    "svg": "Figure", "ruby": "Ruby", "rb": "RB", "rt": "RT", "rp": "RP",
    "del": "Span", "s": "Span", "ins": "Span", "u": "Span",
}  # fmt: skip
_TYPES_BY_CLASS = {
    ("div", "contents-list"): "TOC",
    ("div", "index-columns"): "Index",
    ("div", "verse"): "Art",
    ("div", "statement"): "Div",
    ("div", "end-note"): "Note",
    ("aside", "callout"): "Aside",
    ("img", "formula"): "Formula",
    ("span", "end-note-number"): "Lbl",
    ("span", "reference-label"): "Lbl",
    ("span", CODE_LINE): "Code",
}
_INLINE = frozenset(
    {"Link", "Code", "Em", "Strong", "Quote", "Span", "Ruby", "Figure", "Formula", "Lbl"}
)
_DECORATIONS = {"del": "LineThrough", "s": "LineThrough", "ins": "Underline", "u": "Underline"}
_NUMBERINGS = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl"),
        *("dt", "figcaption", "figure", "footer", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "summary", "table", "td", "th", "ul", *HEADINGS),
    }
)
_FOOTNOTE = "doc-footnote"


def _link(element: Any) -> str:
    return "Link" if element.get("href") else ""


def _figure(element: Any) -> str:
    """Return the type of what is around a picture and its caption, side by side."""
    return "Div" if any(tag_of(child) == "figcaption" for child in element) else ""


def _abbreviation(element: Any) -> str:
    return "Span" if element.get("title") else ""


def _body(element: Any) -> str:
    return "Sect" if "cover" in classes(element) else ""


def _listing(element: Any) -> str:
    return "Div" if _has_lines(element) else "P"


def _code(element: Any) -> str:
    return "" if _has_lines(element) else "Code"


_SPECIAL = {
    "a": _link,
    "abbr": _abbreviation,
    "body": _body,
    "code": _code,
    "figure": _figure,
    "pre": _listing,
}


def tag_of(element: Any) -> str:
    """Return the name of an element, without its namespace."""
    name: str = element.tag
    return name.rpartition("}")[2]


def classes(element: Any) -> list[str]:
    """Return the classes of an element."""
    names: str = element.get("class") or ""
    return names.split()


def structure_type(element: Any) -> str:
    """Return the type of an element by itself; empty if it has no structure element."""
    tag = tag_of(element)
    kind = "Note" if is_footnote(element) else ""
    for name in classes(element):
        kind = kind or _TYPES_BY_CLASS.get((tag, name), "")
    if kind:
        return kind
    special = _SPECIAL.get(tag)
    return _TYPES.get(tag, "") if special is None else special(element)


def is_inline(kind: str) -> bool:
    """Whether a structure element of a type is part of a text, and needs one around it."""
    return kind in _INLINE


def is_block(element: Any) -> bool:
    """Whether an element is a block by its name; a footnote stands in a line of text."""
    if is_footnote(element):
        return False
    return tag_of(element) in _BLOCKS or is_code_line(element)


def is_code_line(element: Any) -> bool:
    """Whether an element is a line of code, which is read as a paragraph."""
    return tag_of(element) == "span" and CODE_LINE in classes(element)


def _has_lines(code: Any) -> bool:
    inner = next(iter(code), code)
    return any(is_code_line(child) for child in (inner, *inner))


def is_footnote(element: Any) -> bool:
    """Whether an element is a footnote, which stands in the text where it is called."""
    role: str = element.get("role") or ""
    return role == _FOOTNOTE


def has_blocks(element: Any) -> bool:
    """Whether there are blocks in an element, also inside links and the like."""
    return any(True for _ in _first_blocks(element))


def _first_blocks(element: Any) -> Iterator[Any]:
    for child in element:
        if is_footnote(child):
            continue
        if is_block(child):
            yield child
        else:
            yield from _first_blocks(child)


def list_numbering(element: Any) -> str:
    """Return how the items of a list are numbered, if their marks are shown (14.8.5.5)."""
    if tag_of(element) == "ol":
        return _NUMBERINGS.get(element.get("type") or "", "Decimal")
    return "Disc"


def decoration(element: Any) -> str:
    """Return the type of line through or under an element's text; empty without one."""
    return _DECORATIONS.get(tag_of(element), "")


def alternative(element: Any) -> str:
    """Return the text that stands for a picture; empty if it is decorative."""
    title = next((child.text for child in element if tag_of(child) == "title"), None)
    return element.get("alt") or element.get("aria-label") or title or ""


def is_decorative(element: Any) -> bool:
    """Whether an element says nothing: an ornament, or a picture without a text."""
    tag = tag_of(element)
    if element.get("aria-hidden") == "true" or tag == "hr":
        return True
    if tag == "embed":
        return not is_piece(element)
    return tag in {"img", "svg"} and not alternative(element)


def is_piece(element: Any) -> bool:
    """Whether an image is a part of a formula, whose text the first part has."""
    return tag_of(element) == "embed" and "piece" in classes(element)
