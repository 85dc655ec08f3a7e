"""The tree of a text, built of the parser's tokens.

Text beside the tags of an HTML block is put into a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from markdown.util import ETX, STX, AtomicString
from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token

from makeready.book.queries import Query, QueryKind
from makeready.manuscript.allowed_html import (
    ACTIVE,
    BLOCKS,
    CAPTION_BESIDE,
    DIAGRAM,
    FORMULA,
    HTML_VOID,
    NOTE,
    NOTE_CALL,
    OBSOLETE,
    VERBATIM,
)
from makeready.manuscript.attribute_lists import (
    attributes_in,
    has_list,
    set_attributes,
)
from makeready.manuscript.code_fences import CodeFence
from makeready.manuscript.element_builder import ElementBuilder, Origin
from makeready.manuscript.indented_prose import count_prose
from makeready.manuscript.latex_references import without_label
from makeready.manuscript.listing_captions import IS_CAPTIONED
from makeready.manuscript.listings import Listing, Listings
from makeready.manuscript.parse_run import LeafPosition, ParseRun
from makeready.manuscript.query_marks import (
    QUERY,
    RANGE_END,
    RANGE_START,
    QueryMarks,
    query_in_comment,
)
from makeready.manuscript.raw_html import OtherMarkup, Tag, Text, html_parts
from makeready.manuscript.text_of_line import TextOfLine

CHECKBOXES = {False: "☐", True: "☑"}
"""The signs of an open and of a done item of a task list."""
_SIZE = re.compile(r"(.*)\|[ ]?(\d{2,4})(?:x(\d{2,4}))?", re.DOTALL)
_MARKDOWN = re.compile(
    r"!?\[[^\[\]\n]{1,200}\]\([^()\s]{1,300}(?:[ ][^()\n]{0,200})?\)"
    r"|(?<![\w*])(\*\*?|__)(?=[^\s*_])[^*_\n]{1,200}(?<=[^\s*_])\1(?![\w*])"
    r"|`[^`\n]{1,200}`|^[ ]{0,3}(?:\#{1,6}|[-*+]|\d{1,3}\.)[ ][^\W_]",
    re.MULTILINE,
)
"""What is Markdown, in text of an HTML block, which is not read."""
_LONGEST_SHOWN = 60
_HTML_BLOCKS = BLOCKS | ACTIVE | frozenset(block_names)
_ROOM_FOR_BLOCKS = frozenset({"td", "th"})
"""Leaves of Markdown that may contain blocks of HTML."""


class TokenTree(ElementBuilder):
    """Builds the tree of one text."""

    def __init__(self, root: str, run: ParseRun) -> None:
        super().__init__(root, run)
        self._ignored: list[str] = []
        self._ends_after_leaf: list[tuple[str, int]] = []
        self._checkbox: bool | None = None
        self._listings = Listings(run.code, run.includes)
        self._indented_prose: list[int] = []
        self._markdown_in_html: list[tuple[int, str]] = []
        self.queries: list[Query] = []
        self._marks = QueryMarks(run)

    def build(self, tokens: Sequence[Token]) -> ElementTree.Element:
        """Return the tree of a text's tokens."""
        for token in tokens:
            self._add_block(token)
        self._close_all()
        self.queries = self._marks.queries()
        if self._indented_prose:
            count = len(self._indented_prose)
            self._run.report("MAN-063", self._indented_prose[0], paragraphs=count)
        if self._markdown_in_html:
            offset, text = self._markdown_in_html[0]
            self._run.report(
                "MAN-044",
                offset,
                text=" ".join(text.split())[:_LONGEST_SHOWN],
                name="Markdown directly after a tag of HTML",
                count=len(self._markdown_in_html),
                instead="Put a blank line before and after it.",
            )
        return self._root_element()

    # Blocks

    def _add_block(self, token: Token) -> None:
        offset = token.meta.get("at", 0)
        if token.type != "paragraph_open":
            self._add_checkbox()
        match token.type:
            case "inline":
                self._marks.start_block(self._open[-1].offset if self._open else offset)
                self._add_inline(token.children or [])
                self._marks.end_block()
            case "fence":
                self._add_code(token, offset)
            case "code_block":
                self._indented_prose += [offset] * count_prose(token.content)
                self._add_code(token, offset)
            case "formula_block":
                self._start_markdown("p", {}, offset)
                self._add_formula(token, offset)
                self._end_markdown()
            case "html_block":
                self._add_html_block(token)
            case "definition":
                pass
            case "image_block":
                self._leaf("img", token.attrs, offset)
            case "plain_text":
                self._add_plain_text(token, offset)
            case "hr":
                self._close_implied("hr")
                self._leaf("hr", {}, offset)
            case "list_item_open":
                self._checkbox = token.meta.get("checked")
                attributes = {} if self._checkbox is None else {"class": "task"}
                self._start_markdown("li", attributes, offset)
            case _:
                self._add_container(token, offset)

    def _add_plain_text(self, token: Token, offset: int) -> None:
        """Add text that is no Markdown, in an element if the token has one."""
        if token.tag:
            self._leaf(token.tag, {}, offset, token.content)
        else:
            self._text(token.content)

    def _add_container(self, token: Token, offset: int) -> None:
        if token.hidden:
            self._add_checkbox()
        elif token.nesting == 1:
            self._start_markdown(token.tag, _attributes(token), offset)
            self._add_checkbox()
        else:
            self._end_markdown()
            ends, self._ends_after_leaf = self._ends_after_leaf, []
            for tag, place in ends:
                self._end_tag(tag, place)

    def _add_checkbox(self) -> None:
        """Add the box of an item of a task list, at the start of its first paragraph or block."""
        if self._checkbox is not None:
            box = {"class": "checkbox"}
            self._leaf("span", box, self._open[-1].offset, CHECKBOXES[self._checkbox])
            self._text(" ")
            self._checkbox = None

    def _add_code(self, token: Token, offset: int) -> None:
        """Add a listing; each of its lines is a ``span``."""
        listing = self._read_listing(token, offset)
        fence = listing.fence
        if fence.is_hidden:
            return
        self._close_implied("pre")
        if fence.diagram:
            self._start(DIAGRAM, _diagram_attributes(fence), offset, Origin.MARKDOWN)
        is_elsewhere = fence.diagram or token.meta.get(IS_CAPTIONED)
        has_id = {"id": fence.id} if fence.id and not is_elsewhere else {}
        self._start("pre", has_id, offset, Origin.MARKDOWN)
        attributes = {"class": f"language-{fence.language}"} if fence.language else {}
        self._start("code", attributes, offset, Origin.MARKDOWN)
        if not self._open[-1].is_left_out:
            self._add_lines(listing)
        code = self._end()
        for element in code.iter() if code is not None else ():
            element.text = element.text and AtomicString(element.text)
            element.tail = element.tail and AtomicString(element.tail)
        self._end()
        if fence.diagram:
            self._end()

    def _read_listing(self, token: Token, offset: int) -> Listing:
        before = str(token.meta.get("attributes", ""))
        text = token.content.removesuffix("\n")
        info = token.info.strip()
        line = self._run.line(offset) if token.type == "fence" else None
        listing = self._listings.read(info, text, before, line)
        if listing.is_too_much:
            self._run.report("MAN-060", offset, language=listing.fence.language)
        if listing.fence.is_cell:
            self._run.report("MAN-061", offset)
        return listing

    def _add_lines(self, listing: Listing) -> None:
        for attributes, pieces in listing.lines:
            self._builder.start("span", attributes)
            for name, piece in pieces:
                if name:
                    self._builder.start("span", {"class": name})
                self._builder.data(piece)
                if name:
                    self._builder.end("span")
            self._builder.end("span")

    def _add_formula(self, token: Token, offset: int) -> None:
        meta = token.meta
        attributes = {"data-display": "block"} if meta.get("display", True) else {}
        if meta.get("continues"):
            attributes["data-continues"] = "yes"
        attributes |= {"data-mark": meta["mark"]} if meta.get("mark") else {}
        attributes |= {"id": meta["label"]} if meta.get("label") else {}
        self._leaf(FORMULA, attributes, offset, token.content)

    def _add_html_block(self, token: Token) -> None:
        place = LeafPosition(token.meta.get("pieces") or [(0, 0)])
        for part in html_parts(token.content):
            offset = place.of(part.offset)
            if isinstance(part, Text):
                self._add_html_text(part.text, offset)
            elif isinstance(part, OtherMarkup):
                self._add_other_markup(part, offset)
            elif part.is_end:
                self._end_tag(part.name, offset)
            else:
                self._close_implied(part.name)
                if part.name not in _HTML_BLOCKS:
                    self._start_paragraph(offset)
                self._start_tag(part, offset)
        if self._open and self._open[-1].origin is Origin.PARAGRAPH:
            self._end()

    def _add_html_text(self, text: str, offset: int) -> None:
        if not self._is_verbatim():
            text = self._marks.plain_text(text, offset)
        if text.strip():
            self._start_paragraph(offset)
            if (found := _MARKDOWN.search(text)) and not self._is_verbatim():
                self._markdown_in_html.append((offset + found.start(), found[0]))
        if self._html_open():
            self._text(text)

    def _is_verbatim(self) -> bool:
        return any(element.tag in VERBATIM or element.tag in ACTIVE for element in self._open)

    def _start_paragraph(self, offset: int) -> None:
        """Open a paragraph, unless an element of HTML is open."""
        if not self._html_open():
            self._start("p", {}, offset, Origin.PARAGRAPH)

    def _add_other_markup(self, part: OtherMarkup, offset: int) -> None:
        if part.kind == "<!--":
            if not part.is_closed:
                self._run.report("MAN-033", offset)
            elif words := query_in_comment(part.text):
                self._marks.mark(offset, words)
            return
        problem = "is not an HTML tag" if part.kind == "<" else "is not allowed in a section"
        tag = part.text[1:21].rstrip("<>")
        self._run.report("MAN-018", offset, tag=tag, problem=problem)

    # Inline markup

    def _add_inline(self, tokens: Sequence[Token]) -> None:
        self._ignored = []
        self._ended = None
        line = TextOfLine(self._inline_text)
        skips_list = False
        for index, token in enumerate(tokens):
            if token.type in {"text", "softbreak", "text_special"}:
                line.add(_text_of(token))
                continue
            offset = token.meta.get("at", 0)
            if skips_list:
                skips_list = False
                continue
            if token.type == "attribute_list":
                if (
                    line.is_empty()
                    and self._ended is not None
                    and has_list(self._ended, token.content)
                ):
                    set_attributes(self._ended, token.content)
                else:
                    line.add(token.content)
                continue
            if token.type in {RANGE_START, RANGE_END}:
                line.write()
                self._add_range_edge(token, offset)
                continue
            if token.type == QUERY or token.content.startswith("<!--"):
                following = tokens[index + 1] if index + 1 < len(tokens) else None
                line.leave_out(is_line_end=following is not None and following.type == "softbreak")
                self._add_left_out(token, offset, line)
                continue
            line.write()
            self._ended = None
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if token.type == "image" and _has_caption(token, following):
                skips_list = following is not None and following.type == "attribute_list"
                attributes = following.content if following is not None and skips_list else ""
                self._add_captioned_image(token, attributes, offset)
                continue
            self._add_markup(token, offset)
        line.write()

    def _inline_text(self, text: str) -> None:
        self._marks.text(text)
        self._text(text)

    def _add_left_out(self, token: Token, offset: int, line: TextOfLine) -> None:
        """Add the query that a token is, after the text of its line so far."""
        is_query = token.type == QUERY
        words = token.content if is_query else query_in_comment(token.content)
        if words:
            self._marks.mark(offset, words, token.meta.get("kind", QueryKind.QUERY), line.letters())

    def _add_range_edge(self, token: Token, offset: int) -> None:
        if token.type == RANGE_START:
            self._marks.start_range(offset, token.meta["kind"], token.meta.get("words", ""))
        else:
            self._marks.end_range()

    def _add_captioned_image(self, token: Token, attributes: str, offset: int) -> None:
        """Add an image of Quarto, whose words are its caption, and the caption after it."""
        self._add_markup(token, offset)
        image = self._ended
        self._start("span", {"class": CAPTION_BESIDE}, offset, Origin.MARKDOWN)
        self._add_inline(token.children or [])
        self._end()
        if image is not None:
            set_attributes(image, attributes)
            image.set("alt", image.attrib.pop("fig-alt", "") or image.get("alt", ""))
        self._ended = None

    def _add_markup(self, token: Token, offset: int) -> None:
        match token.type:
            case "hardbreak":
                self._leaf("br", {}, offset)
            case "code_inline":
                self._leaf("code", {}, offset, token.content)
                self._marks.text(token.content)
            case "image":
                for child in token.children or []:
                    if child.type == QUERY:
                        kind = child.meta.get("kind", QueryKind.QUERY)
                        self._marks.mark(offset, child.content, kind)
                attributes = _labelled(token.attrs)
                title = self._marks.plain_text(str(attributes.get("title", "")), offset)
                attributes |= {"title": " ".join(title.split())} if title else {}
                self._leaf("img", {**attributes, **_description(token)}, offset)
            case "note_call":
                self._leaf(NOTE_CALL, token.attrs, offset)
            case "formula":
                self._add_formula(token, offset)
            case "html_inline":
                self._add_inline_html(token.content, offset)
            case _ if token.nesting == 1:
                # The token of strong emphasis is the second of its two marks.
                start = offset - 1 if token.type == "strong_open" else offset
                if token.tag == NOTE:
                    self._marks.start_block(start)
                attributes = token.meta.get("attributes", token.attrs)
                self._start(
                    "del" if token.tag == "s" else token.tag, attributes, start, Origin.MARKDOWN
                )
            case _:
                if token.tag == NOTE:
                    self._marks.end_block()
                self._end_markdown()

    def _add_inline_html(self, raw: str, offset: int) -> None:
        for part in html_parts(raw):
            if isinstance(part, OtherMarkup):
                self._add_other_markup(part, offset)
            elif isinstance(part, Tag) and part.is_end:
                self._end_inline_tag(part.name, offset)
            elif isinstance(part, Tag) and part.name in BLOCKS and not self._has_room_for_blocks():
                if not self._ignored and part.was not in OBSOLETE:
                    problem = "is not allowed inside a paragraph"
                    self._run.report("MAN-018", offset, tag=part.name, problem=problem)
                if part.name not in HTML_VOID and not part.is_empty:
                    self._ignored.append(part.name)
            elif isinstance(part, Tag):
                self._close_implied(part.name)
                self._start_tag(part, offset)

    def _end_inline_tag(self, name: str, offset: int) -> None:
        if name in self._ignored:
            self._ignored.remove(name)
        elif name in BLOCKS and self._is_open_around_leaf(name):
            self._ends_after_leaf.append((name, offset))
        else:
            self._end_tag(name, offset)

    def _has_room_for_blocks(self) -> bool:
        leaf = next((e for e in reversed(self._open) if e.origin is Origin.MARKDOWN), None)
        return leaf is not None and leaf.tag in _ROOM_FOR_BLOCKS

    def _is_open_around_leaf(self, name: str) -> bool:
        """Return whether a tag is open directly around a paragraph, inside which it is not."""
        position = len(self._open) - 1
        while position >= 0 and self._open[position].tag not in BLOCKS:
            position -= 1
        if position < 0 or self._open[position].origin is not Origin.MARKDOWN:
            return False
        position -= 1
        while position >= 0 and self._open[position].origin is Origin.HTML:
            if self._open[position].tag == name:
                return True
            position -= 1
        return False


def _labelled(attributes: Mapping[str, str | int | float]) -> dict[str, str | int | float]:
    """Return the attributes of an image, with the label of LaTeX in its title as the id."""
    title, label = without_label(str(attributes.get("title", "")))
    return {**attributes, "title": title, "id": label} if label else dict(attributes)


def _description(image: Token) -> dict[str, str]:
    """Return the description of an image, and the size in it of Obsidian: ``pots|300x200``."""
    words = _words(image.children or [])
    found = _SIZE.fullmatch(words)
    if found is None:
        return {"alt": words}
    sizes = {"width": found[2], "height": found[3]}
    return {"alt": found[1].strip(), **{key: size for key, size in sizes.items() if size}}


def _has_caption(image: Token, following: Token | None) -> bool:
    """Return whether the words of an image are its caption, by the attributes after it.

    They are with a label of LaTeX in them too.
    """
    if image.attrs.get("title") or not image.children:
        return False
    names = [str(child.attrs.get("id", "")) for child in image.children]
    attributes: Mapping[str, str] = {}
    if following is not None and following.type == "attribute_list":
        attributes = attributes_in(following.content)
        names.append(attributes.get("id", ""))
    return "fig-alt" in attributes or any(n.startswith(("fig-", "fig:")) for n in names)


def _diagram_attributes(fence: CodeFence) -> dict[str, str]:
    options = fence.options
    given = {
        "data-language": fence.diagram,
        "data-before": str(fence.option_lines),
        "data-caption": fence.title,
        "data-alt": options.get("fig-alt") or options.get("alt", ""),
        "data-width": options.get("width") or options.get("fig-width", ""),
        "data-height": options.get("height", ""),
        "id": fence.id,
    }
    return {name: value for name, value in given.items() if value}


def _attributes(token: Token) -> Mapping[str, object]:
    style = str(token.attrs.get("style", ""))
    if style.startswith("text-align:"):
        return {"class": f"align-{style.removeprefix('text-align:')}"}
    attributes = dict(token.attrs)
    if attributes.get("class") == "contains-task-list":
        del attributes["class"]
    return attributes


def _text_of(token: Token) -> str:
    if token.type == "softbreak":
        return "\n"
    if token.content in {"{", "}"} and token.type == "text_special":
        # As Python-Markdown writes an escaped character, so that it is part of no attribute list.
        return f"{STX}{ord(token.content)}{ETX}"
    return token.content.replace("\t", " ")


def _words(tokens: Sequence[Token]) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        _words(t.children or []) if t.type == "image" else breaks.get(t.type, t.content)
        for t in tokens
        if t.type not in {"html_inline", QUERY}
    )
