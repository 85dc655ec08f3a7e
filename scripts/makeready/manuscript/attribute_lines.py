"""Attribute lists on lines of their own, beside the block that they belong to.

kramdown and Hugo have them after a block, ``{: .wide}`` and ``{.wide}``, MyST before one; Leanpub
and Markua have ``{width=60%,float=left}`` and ``{caption: "Pots", width: 50%}`` before an image.
A list at the end of a paragraph's lines is read with the paragraph.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from makeready.manuscript.allowed_html import COLUMN_WIDTHS
from makeready.manuscript.attribute_lists import ATTRIBUTE_LIST, attributes_in, is_explicit
from makeready.manuscript.parse_run import line_start, line_text
from makeready.manuscript.table_captions import column_widths

_LONGEST = 1_000
_FENCE = re.compile(r"(?:`{3}|~{3})")
_IMAGE = re.compile(r"!\[")
_VALUE = r""""[^"{}]{0,500}"|'[^'{}]{0,500}'|[^\s,{}"']{1,200}"""
_PAIR = re.compile(rf"[ ]*([a-z][\w-]{{0,30}})[ ]*[:=][ ]*({_VALUE})[ ]*(?:,|$)")
_OF_IMAGES = frozenset(
    {"alt", "align", "caption", "class", "float", "height", "id", "title", "width"}
)
_NO_LIST = re.compile(r"\{(?::(?:[:/]|[\w-]+:)|[%{<>=+])")
"""The start of an extension of kramdown, of a list that others name, or of a tag or a comment."""
_LAST_OF_REFERENCE = frozenset("}xmnt%0123456789\"'")
_REFERENCE = re.compile(
    r"\[([^\[\]\n]{1,300})\]:[ \t]*(?:<([^<>\n]{1,1000})>|(\S{1,1000}))"
    r"""(?:[ \t]+("[^"\n]{0,500}"|'[^'\n]{0,500}'|\([^()\n]{0,500}\)))?"""
    r"(?:[ \t]+\{:?[^{}\n]{1,300}\}|(?:[ \t]+(?:width|height|class|style|id)=\S{1,100}){1,5})"
    r"[ \t]*$"
)
_MARK = "block_attributes"
_WITH_ATTRIBUTES = frozenset(
    {
        *("heading_open", "bullet_list_open", "ordered_list_open", "blockquote_open"),
        *("table_open", "div_open", "book_block_open", "dl_open", "paragraph_open"),
    }
)


def attribute_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line with nothing but an attribute list; in a table such a line ends the rows."""
    text = line_text(state, start).rstrip()
    if text[:1] != "{" or text[-1:] != "}" or len(text) > _LONGEST or state.is_code_block(start):
        return False
    following = ""
    if start + 1 < end and not state.isEmpty(start + 1):
        following = line_text(state, start + 1)
    attributes = _attributes(text, following)
    if attributes is None:
        return False
    if silent:
        return state.parentType == "table"
    last = state.tokens[-1] if state.tokens else None
    is_first = last is None or last.nesting == 1 or last.type == _MARK
    is_after = not is_first and not state.isEmpty(start - 1)
    if not is_after and (not following or _FENCE.match(following)):
        if following or last is None or last.type != "table_close":
            return False
        is_after = True
    token = state.push(_MARK, "", 0)
    token.map, token.meta["at"] = [start, start + 1], line_start(state, start)
    token.meta["after"], token.meta["attributes"], token.content = is_after, attributes, text
    state.line = start + 1
    return True


def attributed_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """Read the address of a link with attributes after it, which are left out.

    ``[pot]: pot.png "Pots" {width=40px}`` is Pandoc's, ``width=40px`` alone MultiMarkdown's.
    """
    text = line_text(state, start)
    if silent or text[:1] != "[" or text[-1:] not in _LAST_OF_REFERENCE or len(text) > _LONGEST:
        return False
    found = _REFERENCE.match(text)
    if found is None or found[1][0] in "^@#*>" or state.is_code_block(start):
        return False
    label = normalizeReference(found[1])
    address = state.md.normalizeLink(found[2] or found[3])
    title = (found[4] or "")[1:-1]
    lines = [start, start + 1]
    reference = {"title": title, "href": address, "map": lines}
    state.env.setdefault("references", {}).setdefault(label, reference)
    token = state.push("definition", "", 0)
    token.map = lines
    token.meta = {"id": label, "title": title, "url": address, "label": found[1]}
    token.meta["at"] = line_start(state, start)
    state.line = start + 1
    return True


def _attributes(text: str, following: str) -> dict[str, str] | None:
    """Return the attributes of a line; None if it is text."""
    if ATTRIBUTE_LIST.fullmatch(text) and is_explicit(text) and not _NO_LIST.match(text):
        return attributes_in(text)
    if not _IMAGE.match(following):
        return None
    found: dict[str, str] = {}
    at, inner = 0, text[1:-1]
    while at < len(inner):
        pair = _PAIR.match(inner, at)
        if pair is None or pair[1] not in _OF_IMAGES:
            return None
        found[pair[1]] = pair[2].strip("\"'")
        at = pair.end()
    return found or None


def set_attribute_lines(state: StateCore) -> None:
    """Give the attributes on lines of their own to the blocks before or after them."""
    result: list[Token] = []
    opened: list[Token] = []
    # The last block at each depth, and what the next one there gets.
    last: list[Token | None] = [None]
    pending: list[dict[str, str]] = [{}]
    for index, token in enumerate(state.tokens):
        if token.type == _MARK:
            attributes = token.meta["attributes"]
            previous = last[-1]
            if not token.meta["after"]:
                pending[-1] = _merged(pending[-1], attributes)
            elif previous is not None:
                _set(previous, None, attributes)
            continue
        if token.nesting == -1 and opened:
            last.pop()
            pending.pop()
            last[-1] = opened.pop()
        else:
            if pending[-1]:
                following = state.tokens[index + 1] if index + 1 < len(state.tokens) else None
                _set(token, following, pending[-1])
                pending[-1] = {}
            if token.nesting == 1:
                opened.append(token)
                last.append(None)
                pending.append({})
            else:
                last[-1] = token
        result.append(token)
    state.tokens = result


def _merged(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    names = f"{one.get('class', '')} {other.get('class', '')}".split()
    merged = {**one, **other}
    return {**merged, "class": " ".join(names)} if names else merged


def _set(token: Token, following: Token | None, attributes: dict[str, str]) -> None:
    if token.type == "fence":
        before = str(token.meta.get("attributes", ""))
        token.meta["attributes"] = f"{before} {_written(attributes)}".strip()
    elif token.type == "paragraph_open" and following is not None and _is_image(following):
        named = {("title" if k == "caption" else k): v for k, v in attributes.items()}
        named = {("align" if k == "float" else k): v for k, v in named.items()}
        following.content += f"{{{_written(named)}}}"
    elif token.type in _WITH_ATTRIBUTES:
        merged = _merged({"class": str(token.attrs.get("class", ""))}, attributes)
        if widths := column_widths(merged.pop("tbl-colwidths", "")):
            merged[COLUMN_WIDTHS] = widths
        token.attrs.update(merged)


def _is_image(token: Token) -> bool:
    is_image = token.type == "inline" and _IMAGE.match(token.content) is not None
    return is_image and token.content.rstrip()[-1:] in {")", "]"}


def _written(attributes: dict[str, str]) -> str:
    return " ".join(
        f'{key}="{value}"' if '"' not in value else f"{key}='{value}'"
        for key, value in attributes.items()
    )
