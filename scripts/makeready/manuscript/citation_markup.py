"""Citations as Pandoc and MyST write them, while a section is read by itself.

==================================  ============================================================
``[@key]``, ``[see @a, p. 4; @b]``  works cited in parentheses, with words before and after each
``[-@key]``                         the same without its names, which the sentence has already
``@key``, ``@key [p. 4]``           the names in the text: “Knuth (1984, 4)”
``{cite}`a,b```, ``{cite:t}`a```    MyST's roles for the two
``{bibliography}``, ``{#refs}``     a directive and a div: the list of the works that are cited
==================================  ============================================================

A citation is an element ``CITATION`` with one ``CITE`` for each work, in which two spans are the
words before and after it. ``with_marks`` makes spans of them, which the tree of a section keeps
until the works of the whole book are known (``cited_works``).
"""

from __future__ import annotations

import re
from collections.abc import Container

from lxml import etree
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from makeready.book.model import Element
from makeready.manuscript.allowed_html import CITATION, CITE, NOTE, NOTE_CALL, NOTE_ID
from makeready.manuscript.inline_rules import closing_bracket
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.parse_run import InlineRule, LeafPosition, line_text, run_of

CITATION_CLASS, CITE_CLASS = "citation-mark", "cite-mark"
"""The classes of the spans that citations are in the tree of a section."""
CITE_LINK = "citation"
"""The class of a link from a citation to the entry of a work."""
LIST_CLASS = "list-of-works"
"""The class of the place for the list of works; with ``OWN_LIST``, those of the section."""
OWN_LIST = "list-of-section"
LIST_ID = "refs"
IN_TEXT, NAMES_ONLY = "text", "names"
"""Forms of a citation: names in the text; these alone, where the rest is in a note."""

_KEY = r"(?:\{([^{}\s]{1,300})\}|(\w(?:\w|[:.#$%&\-+?<>~/](?=\w)){0,300}))"
_CITE = re.compile(rf"(?<![\w@.\\])(-?)@{_KEY}")
_IN_TEXT = re.compile(rf"@{_KEY}")
_LOCATOR = re.compile(r"[ \n]?\[(?![\s\]])")
_ROLE = re.compile(
    r"(?:\{cite(?::(?P<form>[a-z]{1,12}))?\}|:cite(?::(?P<other>[a-z]{1,12}))?:)"
    r"`(?P<keys>[^`\n]{1,2000})`(?!`)"
)
_KEYS_OF_ROLE = re.compile(r"[^\s,]+")
_IN_TEXT_ROLES = frozenset({"t", "ts", "ct", "cts", "alt", "alts"})
_LONGEST = 5_000
_DIRECTIVE = re.compile(r"(`{3,}|:{3,})[ \t]*\{bibliography\}[^\n`]*$")
_FENCE = re.compile(r"(`{3,}|:{3,})[ \t]*$")
_OWN = re.compile(r":filter:.*docname")
_PUNCTUATION = re.compile(r"[.,;:?!]+(?=\s|$)")


def bracketed_citation(state: StateInline, silent: bool) -> bool:
    """Read ``[see @a, p. 4; @b]``, if each piece between semicolons has a key."""
    start = state.pos
    if silent or state.src[start] != "[" or state.linkLevel:
        return False
    end = closing_bracket(state, start)
    if end is None or end - start > _LONGEST or state.src.startswith("(", end + 1):
        return False
    pieces = _pieces(state.src, start + 1, end)
    cites = [_CITE.search(state.src, first, last) for first, last in pieces]
    if None in cites or not all(_is_balanced(state.src[a:b]) for a, b in pieces):
        return False
    _push_citation(state, "", state.src[start : end + 1])
    for (first, last), cite in zip(pieces, cites, strict=True):
        assert cite is not None
        _push_cite(state, cite, (first, cite.start()), (cite.end(), last))
    state.push("citation_close", CITATION, -1)
    state.pos = end + 1
    return True


def _pieces(source: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pieces between semicolons; a citation has no other brackets around keys."""
    pieces: list[tuple[int, int]] = []
    while True:
        at = source.find(";", start, end)
        pieces.append((start, end if at < 0 else at))
        if at < 0:
            return pieces
        start = at + 1


def _is_balanced(text: str) -> bool:
    return text.count("[") == text.count("]")


def citation_in_text(state: StateInline, silent: bool) -> bool:
    """Read ``@key`` and ``@key [p. 4]``; what stands before it is no letter, as in an address."""
    start = state.pos
    if silent or state.src[start] != "@" or state.linkLevel:
        return False
    before = state.src[start - 1 : start]
    key = _IN_TEXT.match(state.src, start, state.posMax)
    if key is None or before.isalnum() or (before and before in "_@./\\-"):
        return False
    end = key.end()
    locator = _LOCATOR.match(state.src, end, state.posMax)
    close = closing_bracket(state, locator.end() - 1) if locator else None
    is_locator = (
        locator is not None
        and close is not None
        and close - end < _LONGEST
        and not _CITE.search(state.src, locator.end(), close)
        and not state.src.startswith(("(", "[", "{", ":"), close + 1)
        and not state.src.startswith("^", locator.end())
    )
    if locator is None or close is None or not is_locator:
        after = (end, end)
    else:
        after, end = (locator.end(), close), close + 1
    _push_citation(state, IN_TEXT, state.src[start:end])
    _push_cite(state, key, (start, start), after, comma=after[0] < after[1])
    state.push("citation_close", CITATION, -1)
    state.pos = end
    return True


def citation_role(state: StateInline, silent: bool) -> bool:
    """Read MyST's ``{cite}`a,b``` and ``{cite:t}`a```."""
    found = _ROLE.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel or state.src[max(state.pos - 1, 0)] in "`\\":
        return False
    if not silent:
        form = found["form"] or found["other"] or "p"
        _push_citation(state, IN_TEXT if form in _IN_TEXT_ROLES else "", found[0])
        for key in _KEYS_OF_ROLE.findall(found["keys"]):
            hides = {"data-hides": "yes"} if form.startswith("year") else {}
            token = state.push("cite_open", CITE, 1)
            token.attrs, token.meta["at"] = {"data-key": key, **hides}, found.start()
            state.push("cite_close", CITE, -1)
        state.push("citation_close", CITATION, -1)
    state.pos = found.end()
    return True


def _push_citation(state: StateInline, form: str, raw: str) -> None:
    state.push("citation_open", CITATION, 1).attrs = {"data-form": form, "data-raw": raw}


def _push_cite(
    state: StateInline,
    cite: re.Match[str],
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    comma: bool = False,
) -> None:
    key = cite[cite.lastindex or 1]
    token = state.push("cite_open", CITE, 1)
    token.attrs, token.meta["at"] = {"data-key": key}, cite.start()
    if cite.re is _CITE and cite[1]:
        token.attrs["data-hides"] = "yes"
    for place, (start, end) in (("before", before), ("after", after)):
        if state.src[start:end].strip():
            affix = state.push("affix_open", "span", 1)
            affix.attrs, affix.meta["at"] = {"data-place": place}, start
            if comma:
                state.push("text", "", 0).content = ", "
            _tokenize(state, start, end)
            state.push("affix_close", "span", -1)
    state.push("cite_close", CITE, -1)


class _Part(LeafPosition):
    """Positions in a part of a leaf's text, which begins at ``start``."""

    def __init__(self, leaf: LeafPosition, start: int) -> None:
        self._leaf, self._start = leaf, start

    def of(self, offset: int) -> int:
        """Return the offset in the source of one in the part."""
        return self._leaf.of(self._start + offset)


def _tokenize(state: StateInline, start: int, end: int) -> None:
    """Read the markup between two positions; markdown-it reads text beyond ``posMax``."""
    part = StateInline(state.src[start:end], state.md, state.env, [])
    part.level = state.level
    run = run_of(state)
    leaf, run.leaf = run.leaf, _Part(run.leaf, start)
    state.md.inline.tokenize(part)
    for rule in state.md.inline.ruler2.getRules(""):
        rule(part)
    run.leaf = leaf
    for token in part.tokens:
        if "at" in token.meta:
            token.meta["at"] += start
        state.tokens.append(token)
        state.tokens_meta.append(None)


def list_of_works(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read MyST's directive ``{bibliography}``, with its options."""
    if state.is_code_block(start) or not run_of(state).reads_citations:
        return False
    opening = _DIRECTIVE.match(line_text(state, start))
    if opening is None:
        return False
    if silent:
        return True
    line, is_own = start + 1, False
    while line < end:
        text = line_text(state, line)
        fence = _FENCE.match(text)
        line += 1
        if fence and fence[1].startswith(opening[1]):
            break
        is_own |= _OWN.search(text) is not None
    token = state.push("div_open", "div", 1)
    token.attrs = {"class": f"{LIST_CLASS} {OWN_LIST}" if is_own else LIST_CLASS}
    token.map = [start, line]
    state.push("div_close", "div", -1)
    state.line = line
    return True


def is_list_of_works(block: Element) -> bool:
    """Return whether a block is the place for the list of works."""
    return block.tag == "div" and LIST_CLASS in (block.get("class") or "").split()


def when_cited(rule: InlineRule) -> InlineRule:
    """Return an inline rule that holds only in a book that has sources."""

    def run(state: StateInline, silent: bool) -> bool:
        return bool(run_of(state).reads_citations) and rule(state, silent)

    return run


def put_into_notes(tree: Element, keys: Container[str]) -> None:
    """Make a note of each citation that is in none; it is called after the punctuation there.

    ``@name`` that is none of the ``keys`` of the book's works may be no citation.
    """
    marks = [
        citation
        for citation in tree.iter(CITATION)
        if next(citation.iterancestors(NOTE), None) is None
        and (citation.get("data-form") != IN_TEXT or citation[0].get("data-key") in keys)
    ]
    for number, citation in enumerate(marks, start=1):
        parent = citation.getparent()
        assert parent is not None
        line = next(
            (e.get(LINE) for e in (citation, *citation.iterancestors()) if e.get(LINE)), "1"
        )
        tail, citation.tail = citation.tail or "", None
        call = etree.Element(NOTE_CALL, {NOTE_ID: f"citation {number}", LINE: str(line)})
        note = etree.Element(NOTE, {NOTE_ID: f"citation {number}", LINE: str(line)})
        index = parent.index(citation)
        parent[index] = call
        if citation.get("data-form") == IN_TEXT:
            names = _copy(citation)
            names.set("data-form", NAMES_ONLY)
            names.extend(map(_copy, citation))
            parent.insert(index, names)
        else:
            _remove_space_before(call)
        moved = _PUNCTUATION.match(tail)
        if moved:
            _append_before(call, moved[0])
            tail = tail[moved.end() :]
        call.addnext(note)
        note.tail = tail or None
        etree.SubElement(note, "p", {LINE: str(line)}).append(citation)


def _copy(element: Element) -> Element:
    """Return an element without its content."""
    copy = etree.Element(element.tag)
    copy.attrib.update(element.attrib)
    return copy


def _remove_space_before(element: Element) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "").rstrip(" \n")
    elif parent is not None:
        parent.text = (parent.text or "").rstrip(" \n")


def _append_before(element: Element, text: str) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text


def with_marks(tree: Element) -> None:
    """Make spans of the citations of a tree that has been sanitised, and mark places for lists."""
    for tag, name in ((CITATION, CITATION_CLASS), (CITE, CITE_CLASS)):
        for element in tree.iter(tag):
            element.tag = "span"
            element.set("class", name)
    for block in tree.iter("div"):
        is_empty = len(block) == 0 and not (block.text or "").strip()
        if block.get("id") == LIST_ID and is_empty:
            del block.attrib["id"]
            block.set("class", f"{block.get('class', '')} {LIST_CLASS}".strip())
