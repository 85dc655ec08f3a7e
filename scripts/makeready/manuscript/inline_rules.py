"""Rules of Markdown's inline markup beyond CommonMark: spans, note calls, queries, attributes."""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from makeready.manuscript.allowed_html import NOTE, NOTE_CALL, NOTE_ID
from makeready.manuscript.attribute_lists import ATTRIBUTE_LIST, attributes_in, is_explicit
from makeready.manuscript.parse_run import InlineRule, LeafPosition, run_of

MAX_BRACKETS = 20
"""How deep brackets can be inside each other: reading them takes time by their depth."""

_BRACKET = re.compile(r"\\.|`+|[\[\]]", re.DOTALL)
_CALL = re.compile(r"\[\^([^\]\[\s]+)\]")
_IMAGE_WITH_SPACES = re.compile(
    r"""!\[([^\[\]]{0,500})\]\(([^()<>\n"']{1,300}\.(?:png|jpe?g|gif|svg|webp|tiff?))"""
    r"""(?:[ ]+("[^"\n]{0,500}"|'[^'\n]{0,500}'))?[ ]*\)""",
    re.IGNORECASE,
)
_QUERY_EDGE = re.compile(r"\{>>|<<\}")
_MARKED = re.compile(r"==(?=[^\s=])([^\n=]{0,500}(?:=[^\n=]{1,500}){0,3}[^\s=])==(?![\w=])")
_INSERTED = re.compile(r"\^\^(?=[^\s^\[])([^\n^]{0,500}[^\s^])\^\^(?![\w^])")
_UNDERSCORES = re.compile(r"_++(?=\w)")
_TILDES = re.compile(r"~{3,}+")
_ADDRESS = re.compile(r"://\w|:[A-Za-z0-9.+_-]{1,320}@")
_SCHEME_END = re.compile(r"(?:https?|mailto|xmpp)$")
_LOCAL_PART = re.compile(r"(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]+$")
_NOT_BEFORE = frozenset("[<@/")
"""The signs after which what looks like an address is none; nor is it after letters and digits."""
_QUOTATION_MARK = re.compile('["“”„«»‹›‘’—]')
_MAIL = re.compile(r"@[A-Za-z0-9._-]*[A-Za-z0-9]")
_LONGEST_ADDRESS = 4000
_LONGEST_SCHEME = 6
_LONGEST_LOCAL_PART = 320
_LONGEST_PENDING = 4 * _LONGEST_LOCAL_PART


class PositionedInline(ParserInline):
    """The parser of inline markup; notes on each token where in the source it begins."""

    def tokenize(self, state: StateInline) -> None:
        """Read the markup from the state's position to its end."""
        rules = self.ruler.getRules("")
        end, depth = state.posMax, state.md.options["maxNesting"]
        while state.pos < end:
            start, count, pending = state.pos, len(state.tokens), bool(state.pending)
            for rule in rules if state.level < depth else ():
                if rule(state, False):
                    _note_position(state, start, count + pending)
                    break
            else:
                state.append_pending(state.src[state.pos])
                state.pos += 1
            if len(state.pending) > _LONGEST_PENDING:
                _push_start_of_pending(state)
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        """Return the tokens of a leaf's text."""
        leaf = env["run"].leaf
        result = super().parse(src, md, env, tokens)
        for token in result:
            if "at" in token.meta:
                token.meta["at"] = leaf.of(token.meta["at"])
        return result


def _push_start_of_pending(state: StateInline) -> None:
    """Make a token of the text before the next one but for its end: rules search in it."""
    text = state.pending
    state.pending = text[:-_LONGEST_LOCAL_PART]
    state.pushPending()
    state.pending = text[-_LONGEST_LOCAL_PART:]


def _note_position(state: StateInline, at: int, index: int) -> None:
    tokens = state.tokens
    if index < len(tokens) and tokens[index].info == "auto" and state.src[at] != "<":
        # A bare address is recognised after its scheme.
        at = state.pos - len(tokens[index + 1].content)
    while index < len(tokens) and "at" not in tokens[index].meta:
        tokens[index].meta["at"] = at
        if tokens[index].type != "text":
            break
        at += len(tokens[index].content)
        index += 1


def read_inline(state: StateCore) -> None:
    """Read the inline markup of all leaves."""
    depth = state.md.options["maxNesting"]
    state.md.options["maxNesting"] = MAX_BRACKETS
    try:
        for token in state.tokens:
            if token.type == "inline":
                state.env["run"].leaf = LeafPosition(token.meta.get("pieces") or [(0, 0)])
                token.children = []
                state.md.inline.parse(token.content, state.md, state.env, token.children)
    finally:
        state.md.options["maxNesting"] = depth


def source_offset(state: StateInline) -> int:
    """Return the offset in the source of the state's position."""
    return run_of(state).leaf.of(state.pos)


def whole_links(rule: InlineRule) -> InlineRule:
    """Return the rule of links, or of images, without three faults of markdown-it 4.3.

    It is tried only where a bracket that closes is still to come: otherwise the text is searched
    to its end at each bracket. In ``[a](b c[d]``, where ``(b`` is no address, it takes ``[d]`` for
    the reference that belongs to ``[a]``, and loses the text between. A reference ``[a]`` is not
    found before ``(`` at the end of a text.
    """

    def up_to(state: StateInline, end: int, silent: bool) -> bool:
        maximum, state.posMax = state.posMax, end
        found = rule(state, silent)
        state.posMax = maximum
        return found

    def run(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not state.src.startswith(("[", "!["), start) or state.html_terminator_last("]") < start:
            return False
        if not rule(state, True):
            is_last = state.src[state.posMax - 1] == "("
            label_end = _pairs(state).get(state.src.index("[", start)) if is_last else None
            is_before_last = label_end is not None and label_end == state.posMax - 2
            return is_before_last and up_to(state, state.posMax - 1, silent)
        end, state.pos = state.pos, start
        if state.src[end - 1] != "]" or state.src.find("](", start, end) < 0:
            return rule(state, silent)
        label_end = state.md.helpers.parseLinkLabel(state, state.src.index("[", start))
        if not state.src.startswith("(", label_end + 1):
            return rule(state, silent)
        return up_to(state, label_end + 1, silent)

    return run


def within_address(rule: InlineRule) -> InlineRule:
    """Return a rule of bare addresses that looks at no more text than an address may have.

    The plugin copies the rest of the text at each place.
    """

    def run(state: StateInline, silent: bool) -> bool:
        if silent or state.linkLevel > 0 or not _may_be_address(state):
            return False
        maximum = state.posMax
        state.posMax = min(maximum, state.pos + _LONGEST_ADDRESS)
        found = rule(state, silent) or _after_sign(rule, state)
        state.posMax = maximum
        return found

    return run


def _after_sign(rule: InlineRule, state: StateInline) -> bool:
    """Read an address as GitHub does where the plugin reads none: after a quotation mark or sign.

    The address ends before the next quotation mark or long dash.
    """
    is_mail = state.src[state.pos] == "@"
    pattern, length = (
        (_LOCAL_PART, _LONGEST_LOCAL_PART) if is_mail else (_SCHEME_END, _LONGEST_SCHEME)
    )
    beginning = pattern.search(state.src[max(0, state.pos - length) : state.pos])
    if beginning is None or not state.pending.endswith(beginning[0]):
        return False
    start = state.pos - len(beginning[0])
    before = state.src[start - 1 : start]
    if not before or before.isalnum() or before in _NOT_BEFORE:
        return False
    end = _QUOTATION_MARK.search(state.src, state.pos, state.posMax)
    window = state.src[start : end.start() if end else state.posMax]
    inner = StateInline(window, state.md, state.env, [])
    inner.pending, inner.pos = beginning[0], len(beginning[0])
    if not rule(inner, False):
        return False
    state.pending = state.pending[: -len(beginning[0])]
    for token in inner.tokens:
        copy = state.push(token.type, token.tag, token.nesting)
        copy.attrs, copy.content = token.attrs, token.content
        copy.markup, copy.info = token.markup, token.info
    state.pos = start + inner.pos
    return True


def _may_be_address(state: StateInline) -> bool:
    position = state.pos
    match state.src[position]:
        case "w":
            return state.src.startswith("www.", position)
        case ":":
            before = state.src[max(0, position - _LONGEST_SCHEME) : position]
            # The plugin takes "https://" alone for an address.
            has_address = _ADDRESS.match(state.src, position) is not None
            return has_address and _SCHEME_END.search(before) is not None
        case "@":
            return _MAIL.match(state.src, position) is not None
        case _:
            return False


def _pairs(state: StateInline) -> dict[int, int]:
    """Return the position of each bracket that opens, with that of the one that closes it."""
    pairs: dict[int, int] | None = getattr(state, "pairs", None)
    if pairs is not None:
        return pairs
    pairs, opened, skip = {}, [], -1
    marks = list(_BRACKET.finditer(state.src))
    last: dict[str, int] = {}
    after: dict[int, int] = {}
    for mark in reversed(marks):
        if mark[0][0] == "`":
            if mark[0] in last:
                after[mark.start()] = last[mark[0]]
            last[mark[0]] = mark.end()
    for mark in marks:
        if mark.start() < skip:
            continue
        if mark[0][0] == "`":
            skip = after.get(mark.start(), skip)
        elif mark[0] == "[":
            opened.append(mark.start())
        elif mark[0] == "]" and opened:
            pairs[opened.pop()] = mark.start()
    state.pairs = pairs  # type: ignore[attr-defined]
    return pairs


def closing_bracket(state: StateInline, start: int) -> int | None:
    """Return the position of the bracket that closes the one at ``start``."""
    return _pairs(state).get(start)


def underscores_in_word(state: StateInline, silent: bool) -> bool:
    """Read underscores inside a word as text, so that they do not divide a mail address."""
    found = _UNDERSCORES.match(state.src, state.pos, state.posMax)
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    if found is None or not before.isalnum() or not state.src[found.end()].isalnum():
        return False
    if not silent:
        state.append_pending(found[0])
    state.pos = found.end()
    return True


def many_tildes(state: StateInline, silent: bool) -> bool:
    """Read three and more tildes as text, as GitHub does."""
    found = _TILDES.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.append_pending(found[0])
    state.pos = found.end()
    return True


def single_tildes(rule: InlineRule) -> InlineRule:
    """Return the rule of ``~subscript~`` for tildes that no other tilde is beside."""

    def run(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != "~" or state.src.startswith(
            "~", max(0, state.pos - 1), state.pos
        ):
            return False
        closing = state.src.find("~", state.pos + 1, state.posMax)
        return not state.src.startswith("~", closing + 1) and rule(state, silent)

    return run


def span(state: StateInline, silent: bool) -> bool:
    """Read ``[words]{.class lang=fr}``.

    When the end of a link is looked for, its brackets are any brackets: a link may contain it.
    """
    start = state.pos
    if silent or state.src[start] != "[":
        return False
    end = _pairs(state).get(start)
    attributes = ATTRIBUTE_LIST.match(state.src, end + 1, state.posMax) if end is not None else None
    if attributes is None or end is None:
        return False
    maximum, state.pos, state.posMax = state.posMax, start + 1, end
    token = state.push("span_open", "span", 1)
    token.meta["attributes"] = attributes_in(attributes[0])
    state.md.inline.tokenize(state)
    state.push("span_close", "span", -1)
    state.pos, state.posMax = attributes.end(), maximum
    return True


def mark(state: StateInline, silent: bool) -> bool:
    """Read ``==words==``, which are marked; ``a == b`` and ``a==b`` are text."""
    before = state.src[max(state.pos - 1, 0) : state.pos]
    if before == "=" or before.isalnum():
        return False
    found = _MARKED.match(state.src, state.pos, state.posMax)
    return found is not None and _read_marked(state, found, "mark", silent=silent)


def insertion(state: StateInline, silent: bool) -> bool:
    """Read ``^^words^^`` of MkDocs, which are inserted."""
    found = _INSERTED.match(state.src, state.pos, state.posMax)
    if found is None or state.src[max(state.pos - 1, 0) : state.pos].isalnum():
        return False
    return _read_marked(state, found, "ins", silent=silent)


def _read_marked(state: StateInline, found: re.Match[str], tag: str, *, silent: bool) -> bool:
    """Read the first group of a match as the content of an element, and go on after the match."""
    if not silent:
        maximum = state.posMax
        state.pos, state.posMax = found.start(1), found.end(1)
        state.push(f"{tag}_open", tag, 1)
        state.md.inline.tokenize(state)
        state.push(f"{tag}_close", tag, -1)
        state.posMax = maximum
    state.pos = found.end()
    return True


def attribute_list(state: StateInline, silent: bool) -> bool:
    """Read ``{#id .class}``: that of the markup or block before it, or else text."""
    if state.src[state.pos] != "{":
        return False
    found = ATTRIBUTE_LIST.match(state.src, state.pos, state.posMax)
    if found is None or not (
        is_explicit(found[0]) or state.src[state.pos - 1 : state.pos] in {")", "]"}
    ):
        return False
    if not silent:
        state.push("attribute_list", "", 0).content = found[0]
    state.pos = found.end()
    return True


def image_with_spaces(state: StateInline, silent: bool) -> bool:
    """Read an image whose name has spaces, which CommonMark would print as text."""
    found = _IMAGE_WITH_SPACES.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs = {"src": state.md.normalizeLink(found[2]), "alt": ""}
        if found[3]:
            token.attrs["title"] = found[3][1:-1]
        words = Token("text", "", 0)
        words.content = found[1]
        token.children = [words]
    state.pos = found.end()
    return True


def note_call(state: StateInline, silent: bool) -> bool:
    """Read ``[^id]``, even if there is no such note; a link may contain it."""
    found = None if silent else _CALL.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    state.push("note_call", NOTE_CALL, 0).attrs = {NOTE_ID: found[1]}
    state.pos = found.end()
    return True


def inline_note(state: StateInline, silent: bool) -> bool:
    """Read ``^[words]``, a note where it is called; its id is none that an author can write.

    ``^[1]^`` without spaces is superscript.
    """
    start = state.pos
    if silent or not state.src.startswith("^[", start):
        return False
    end = _pairs(state).get(start + 1)
    if end is None or end >= state.posMax or not state.src[start + 2 : end].strip():
        return False
    words = state.src[start + 2 : end]
    if state.src.startswith("^", end + 1) and not any(map(str.isspace, words)):
        return False
    run = run_of(state)
    run.inline_notes += 1
    attributes = {NOTE_ID: f"inline note {run.inline_notes}"}
    state.push("note_call", NOTE_CALL, 0).attrs = {**attributes}
    maximum, state.pos, state.posMax = state.posMax, start + 2, end
    for name in (NOTE, "p"):
        token = state.push(f"inline_note_{name}_open", name, 1)
        token.meta["at"] = start
        token.attrs = {**attributes} if name == NOTE else {}
    state.md.inline.tokenize(state)
    for name in ("p", NOTE):
        state.push(f"inline_note_{name}_close", name, -1)
    state.pos, state.posMax = end + 1, maximum
    return True


def query(state: StateInline, silent: bool) -> bool:
    """Read ``{>> an editor's query <<}``; report a mark without its other half."""
    edge = _QUERY_EDGE.match(state.src, state.pos, state.posMax)
    if edge is None:
        return False
    following = (
        _QUERY_EDGE.search(state.src, edge.end(), state.posMax) if edge[0][0] == "{" else None
    )
    if following is None or following[0][0] == "{":
        if not silent:
            is_start = edge[0][0] == "{"
            problem = "starts here and never ends" if is_start else "ends here but never started"
            run_of(state).report("MAN-020", source_offset(state), problem=problem)
            state.append_pending(edge[0])
        state.pos = edge.end()
        return True
    if not silent:
        words = state.src[edge.end() : following.start()]
        state.push("query", "", 0).content = " ".join(words.split())
    state.pos = following.end()
    return True


def unclosed_comment(state: StateInline, silent: bool) -> bool:
    """Report a comment that is not closed in its paragraph, and is text for this reason."""
    if not silent and state.src.startswith("<!--", state.pos):
        run_of(state).report("MAN-033", source_offset(state))
    return False
