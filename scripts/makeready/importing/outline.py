"""The headings and fences of a Markdown file, and its front matter, before it becomes a section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from makeready.manuscript.block_directives import holds_markdown
from makeready.manuscript.block_rules import fence
from makeready.manuscript.front_matter import read_front_matter

_ATTRIBUTES = re.compile(r"[ \t]*\{([^{}\n]{0,500})\}[ \t]*$")
_HTML_TITLE = re.compile(r"<h1\b[^<>]{0,500}>([^<>\n]{1,500})</h1>", re.IGNORECASE)
_UNNUMBERED = re.compile(r"(?:^|\s)(?:-|\.unnumbered)(?:\s|$)")
_MARKUP = re.compile(r"[*_`]+|\\(?=[^\w\s])")
_COMMENT = re.compile(r"<!--.{0,500}?-->")
_MOST_DEPTH = 8
_CODE = frozenset({"fence", "code_block"})
_INLINE_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\n]{0,300}\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level from 1, its text as it is typed without attributes, and its line."""

    level: int
    text: str
    line: int
    attributes: str = ""

    @property
    def is_unnumbered(self) -> bool:
        """Whether its attributes say that it has no number."""
        return bool(_UNNUMBERED.search(self.attributes))

    @property
    def plain(self) -> str:
        """Its text without emphasis, code and links."""
        return plain_title(self.text)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its info string, its content and the line of its first mark."""

    info: str
    content: str
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a file that say what it is: front matter, headings, fences."""

    front_matter: dict[str, Any] = field(default_factory=dict)
    body_line: int = 1
    """The line on which the text below the front matter begins."""
    headings: tuple[Heading, ...] = ()
    fences: tuple[Fence, ...] = ()
    code: tuple[tuple[int, int], ...] = ()
    """The indexes of the first line of each block of code, and of that after it."""
    has_text_before_heading: bool = False

    @property
    def title(self) -> str:
        """The title: that of the front matter, else the first heading if it is of level 1."""
        written = self.front_matter.get("title")
        if isinstance(written, str) and written.strip():
            return " ".join(written.split())
        is_first = bool(self.titles) and self.titles[0] is self.headings[0]
        return self.titles[0].plain if is_first else ""

    @property
    def titles(self) -> tuple[Heading, ...]:
        """The headings of the first level."""
        return tuple(heading for heading in self.headings if heading.level == 1)


def plain_title(text: str) -> str:
    """Return the words of a title without Markdown's marks."""
    plain = _COMMENT.sub("", text) if "<!--" in text else text
    return " ".join(_MARKUP.sub("", _INLINE_LINK.sub(r"\1", plain)).split())


def lines_outside_code(text: str) -> Iterator[int]:
    """Yield the indexes of the lines that are in no fenced or indented block of code."""
    position = 0
    for start, end in outline_of(text).code:
        yield from range(position, start)
        position = end
    yield from range(position, text.count("\n") + 1)


@lru_cache(maxsize=2_000)
def outline_of(text: str) -> Outline:
    """Return the outline of a Markdown text."""
    lines = text.split("\n")
    end, values = read_front_matter(lines)
    headings, fences, first = [], [], ""
    code: list[tuple[int, int]] = []
    tokens = block_tokens("\n".join(lines[end:]))
    for index, token in enumerate(tokens):
        if token.map is None or (token.level and token.type not in _CODE):
            continue
        line = token.map[0] + 1 + end
        if token.type in _CODE:
            code += _code_in(token, token.map, end)
        if token.type == "heading_open":
            written = tokens[index + 1].content
            attributes = _ATTRIBUTES.search(written)
            headings.append(
                Heading(
                    int(token.tag[1]),
                    _ATTRIBUTES.sub("", written).strip(),
                    line,
                    attributes[1] if attributes else "",
                )
            )
        elif token.type == "fence":
            fences.append(Fence(token.info.strip(), token.content, line))
        elif token.type == "html_block" and (found := _HTML_TITLE.search(token.content)):
            headings.append(Heading(1, found[1].strip(), line))
        if not first and not token.level and token.type != "html_block":
            first = token.type
    has_text = first not in {"", "heading_open"}
    return Outline(values, end + 1, tuple(headings), tuple(fences), tuple(code), has_text)


def _code_in(
    token: Token, lines: Sequence[int], before: int, depth: int = 0
) -> Iterator[tuple[int, int]]:
    """Yield where code is in a block that may be a directive, which has Markdown between its marks.

    ``before`` is how many lines of the text are before those that ``lines`` counts.
    """
    is_directive = token.type == "fence" and holds_markdown(token.info.strip())
    if not is_directive or depth > _MOST_DEPTH:
        yield lines[0] + before, lines[1] + before
        return
    first, last = lines[0] + before + 1, lines[1] + before - 1
    yield first - 1, first
    for inner in block_tokens(token.content):
        if inner.type in _CODE and inner.map is not None:
            yield from _code_in(inner, inner.map, first, depth + 1)
    if last >= first:
        yield last, last + 1


def block_tokens(text: str) -> list[Token]:
    """Return the tokens of a text's blocks; what is in a paragraph is not read."""
    md = MarkdownIt("commonmark").disable(["inline"])
    md.block.ruler.at("fence", fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return md.parse(text)
