"""Captions of listings, in the spellings of mdBook, Quarto, MyST, Pandoc and others.

All become ``figure.listing`` with a ``figcaption`` above the code:

* ``title``, ``caption``, ``lst-cap`` and ``filename`` after the mark of a fence, or in the options
  of its cell or directive (``code_fences.py``);
* ``Listing: words {#lst:a}`` and ``: words {#lst:a}``, a paragraph before or after a fence, of
  pandoc-crossref;
* ``<Listing number="3-1" file-name="src/main.rs" caption="words">`` … ``</Listing>`` of mdBook.

Quarto's ``::: {#lst-a}`` is read in ``figures.py``.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from makeready.manuscript.allowed_html import FILE_NAME, GIVEN_NUMBER, LISTING
from makeready.manuscript.attribute_lists import attributes_in
from makeready.manuscript.callouts import read_content
from makeready.manuscript.code_fences import FILE_NAME_PATTERN, CodeFence, read_fence
from makeready.manuscript.parse_run import LeafPosition, line_start, line_text
from makeready.manuscript.raw_html import Tag, html_parts
from makeready.manuscript.statement_kinds import UNNUMBERED

IS_CAPTIONED = "captioned"
"""The key in the ``meta`` of a fence whose figure has its caption and its id."""

_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
_CAPTION = re.compile(
    r"(Listing)?:[ \t]+(\S.{0,2000}?)[ \t\n]*(\{[^{}\n]{1,200}\})?[ \t]*", re.DOTALL
)
_LONGEST_CAPTION = 2000
_MOST_LINES_OF_TAG = 20
_LISTING_ID = re.compile(r"lst[-:]")
_LOOKS_LIKE_FILE = re.compile(rf"{FILE_NAME_PATTERN}/?")
_COMPONENT = re.compile(r"<Listing(?:\s[^\n]{0,4000})?>[ \t]*")
_CODE_OR_SIGN = re.compile(r"(`+)(?!`).{0,200}?(?<!`)\1(?!`)|<")
_COMPONENT_END = re.compile(r"^[ \t>]*</Listing>[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Caption:
    """A caption: its words, whether they are Markdown, and where they are in the source."""

    words: str = ""
    is_markdown: bool = True
    position: int = 0
    file: str = ""

    @property
    def is_file(self) -> bool:
        """Whether there is the name of a file, and nothing else."""
        return not self.words or _LOOKS_LIKE_FILE.fullmatch(self.words) is not None


def caption_listings(state: StateCore) -> None:
    """Put the fences that have captions into figures."""
    result: list[Token] = []
    tokens = state.tokens
    skip = 0
    for index, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif token.type != "fence":
            result.append(token)
        else:
            fence = _read(token)
            found = _caption_in(result[-3:], fence)
            if found is not None:
                del result[-3:]
            elif not _belongs_to_next(tokens[index + 1 : index + 5]):
                found = _caption_in(tokens[index + 1 : index + 4], fence)
                skip = 3 if found else 0
            result += _figure(token, fence, found)
    state.tokens = result


def _read(token: Token) -> CodeFence:
    lines = token.content.removesuffix("\n").split("\n")
    info = token.info.strip()
    return read_fence(info, lines, str(token.meta.get("attributes", "")))


def _belongs_to_next(tokens: Sequence[Token]) -> bool:
    """Return whether a paragraph after a fence is the caption of another fence after it."""
    return (
        [token.type for token in tokens] == [*_PARAGRAPH, "fence"]
        and tokens[1].content.startswith("Listing:")
        and _caption_in(tokens[:3], _read(tokens[3])) is not None
    )


def _caption_in(tokens: Sequence[Token], fence: CodeFence) -> tuple[_Caption, str] | None:
    """Return the caption of a listing that a paragraph is, and its id."""
    if [token.type for token in tokens] != _PARAGRAPH or fence.diagram or fence.title:
        return None
    inline = tokens[1]
    found = _CAPTION.fullmatch(inline.content, 0, _LONGEST_CAPTION)
    if found is None or len(inline.content) > _LONGEST_CAPTION:
        return None
    name = attributes_in(found[3]).get("id", "") if found[3] else ""
    if not _LISTING_ID.match(name or fence.id) or (name and fence.id):
        return None
    at = LeafPosition(inline.meta.get("pieces") or [(0, 0)]).of(found.start(2))
    return _Caption(found[2], position=at, file=fence.file_name), name or fence.id


def _figure(token: Token, fence: CodeFence, found: tuple[_Caption, str] | None) -> list[Token]:
    """Return a fence in a figure; a fence without a caption as it is."""
    at = int(token.meta.get("at", 0))
    caption, name = found or (
        _Caption(fence.title, fence.has_markdown_title, at, fence.file_name),
        fence.id,
    )
    if fence.diagram or fence.is_hidden or not (caption.words or caption.file):
        return [token]
    token.meta[IS_CAPTIONED] = True
    is_numbered = bool(name) or (caption.is_markdown and not caption.is_file)
    opening = _open("figure", token.map, at, _attributes(name, is_numbered=is_numbered))
    return [opening, *_caption_tokens(caption, token.map, at), token, _close("figure")]


def _caption_tokens(caption: _Caption, lines: Sequence[int] | None, at: int) -> list[Token]:
    tokens = [_open("figcaption", lines, at)]
    if caption.words and caption.is_markdown and not caption.is_file:
        inline = Token("inline", "", 0, content=caption.words, children=[], block=True)
        inline.map = list(lines) if lines else None
        inline.meta.update(at=caption.position, pieces=[(0, caption.position)])
        tokens.append(inline)
    elif caption.words:
        tokens.append(_leaf(caption.words, at, is_code=caption.is_file))
    if caption.file:
        if caption.words:
            tokens.append(_open("span", lines, at, {"class": FILE_NAME}))
        tokens.append(_leaf(caption.file, at, is_code=True))
        if caption.words:
            tokens.append(_close("span"))
    return [*tokens, _close("figcaption")]


def _attributes(name: str, *, is_numbered: bool) -> dict[str, str]:
    """Return the attributes of a figure; the name of a file alone is no caption with a number."""
    classes = LISTING if is_numbered else f"{LISTING} {UNNUMBERED}"
    return {"class": classes, "id": name} if name else {"class": classes}


def _open(
    tag: str, lines: Sequence[int] | None, at: int, attributes: Mapping[str, str] | None = None
) -> Token:
    token = Token(f"{tag}_open", tag, 1, block=True)
    token.map = list(lines) if lines else None
    token.attrs.update(attributes or {})
    token.meta["at"] = at
    return token


def _close(tag: str) -> Token:
    return Token(f"{tag}_close", tag, -1, block=True)


def _leaf(text: str, at: int, *, is_code: bool) -> Token:
    return Token("plain_text", "code" if is_code else "", 0, content=text, meta={"at": at})


# mdBook


def listing_component(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read ``<Listing …>``, with blocks of Markdown to the line ``</Listing>``."""
    if not line_text(state, start).startswith("<Listing") or state.is_code_block(start):
        return False
    tag, first = _tag(state, start, end)
    closing = None if tag is None else _closing_line(state, first, end)
    if tag is None or closing is None:
        return False
    if not silent:
        _read_component(state, tag, start, first, closing)
        state.line = closing + 1
    return True


def _read_component(state: StateBlock, tag: Tag, start: int, first: int, closing: int) -> None:
    """Push the figure of a listing whose content is from one line to before another."""
    at = line_start(state, start)
    words, file, number, name = (
        tag.attributes.get(key, "").strip() for key in ("caption", "file-name", "number", "id")
    )
    position = state.src.find(words, at, state.eMarks[first - 1]) if words else at
    # What was &lt; in the attribute is no tag in the Markdown that the attribute is.
    words = _CODE_OR_SIGN.sub(lambda found: "&lt;" if found[0] == "<" else found[0], words)
    caption = _Caption(words, position=max(position, at), file=file)
    is_figure = bool(words or file or number)
    if is_figure:
        attributes = _attributes(name, is_numbered=bool(number or name))
        if number:
            attributes[GIVEN_NUMBER] = number
        _push(state, [_open("figure", [start, closing + 1], at, attributes)])
        _push(state, _caption_tokens(caption, [start, first], at))
    read_content(state, first, closing)
    if is_figure:
        _push(state, [_close("figure")])


def _push(state: StateBlock, tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.nesting < 0:
            state.level -= 1
        token.level = state.level
        if token.nesting > 0:
            state.level += 1
        state.tokens.append(token)


def _tag(state: StateBlock, start: int, end: int) -> tuple[Tag | None, int]:
    """Return the start tag that begins on a line, and the line after it."""
    lines: list[str] = []
    for line in range(start, min(end, start + _MOST_LINES_OF_TAG)):
        lines.append(line_text(state, line).rstrip())
        if state.isEmpty(line) or lines[-1].endswith(">"):
            break
    text = " ".join(lines)
    if _COMPONENT.fullmatch(text) is None:
        return None, start
    parts = list(html_parts(text))
    tag = parts[0] if len(parts) == 1 and isinstance(parts[0], Tag) else None
    return (None if tag is None or tag.is_empty else tag), start + len(lines)


def _closing_line(state: StateBlock, first: int, end: int) -> int | None:
    """Return the line of the next end tag, if it is in the same block."""
    if "ends of listings" not in state.env:
        ends = [match.end() for match in _COMPONENT_END.finditer(state.src)]
        state.env["ends of listings"] = ends
    ends = state.env["ends of listings"]
    index = bisect.bisect_left(ends, state.bMarks[first]) if first < end else len(ends)
    if index == len(ends):
        return None
    line = bisect.bisect_left(state.eMarks, ends[index])
    if line >= end or line_text(state, line).strip() != "</Listing>":
        return None
    return line if state.sCount[line] >= state.blkIndent else None
