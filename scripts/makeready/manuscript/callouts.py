"""Callouts: notes, tips and warnings beside the text, ``aside.callout`` in the tree.

Each spelling ends in the same tokens, whose first paragraph is ``p.callout-title``:

* ``> [!NOTE]`` of GitHub, with a title after it and ``+`` or ``-`` as Obsidian writes it;
* ``!!! note "Title"``, ``??? note`` and ``=== "Tab"`` of MkDocs, with indented content;
* ``A> …``, ``W> …`` of Leanpub;
* ``{aside}`` … ``{/aside}`` of Markua, ``{% hint %}`` … ``{% endhint %}`` of GitBook;
* a fence ``{note} Title`` of MyST, ``admonish`` of mdBook, ``ad-note`` of Obsidian;
* ``::: note`` and ``::: {.callout-note}`` are read by ``fenced_divs.py``.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.blockquote import blockquote
from markdown_it.token import Token

from makeready.manuscript.allowed_html import HEADING_MARK
from makeready.manuscript.parse_run import BlockRule, line_start, line_text, run_of
from makeready.manuscript.source import TAB_WIDTH

TITLE_CLASS = "callout-title"
TAB_TITLE_CLASS = "tab-title"
_HEADING_CLASS = "callout-heading"


@dataclass(frozen=True, slots=True)
class CalloutType:
    """A type of callout: its class, and the key of its label; one without has no title."""

    role: str
    label: str = ""


def _types(role: str, label: str, names: str) -> dict[str, CalloutType]:
    return dict.fromkeys(names.split(), CalloutType(role, label))


TYPES = {
    **_types("note", "note", "note notes remark"),
    **_types("note", "information", "info information"),
    **_types("note", "see_also", "seealso see-also"),
    **_types("tip", "tip", "tip hint success check done"),
    **_types("important", "important", "important"),
    **_types("warning", "warning", "warning warn attention"),
    **_types("caution", "caution", "caution"),
    **_types("caution", "danger", "danger"),
    **_types("caution", "error", "error bug failure fail missing"),
    **_types("neutral", "question", "question help faq"),
    **_types("neutral", "discussion", "discussion"),
    **_types("neutral", "exercise", "exercise"),
    **_types("neutral", "example", "example"),
    **_types("neutral", "summary", "summary abstract tldr"),
    **_types("neutral", "", "admonition aside blurb callout cite details dropdown quote"),
    **_types("neutral", "", "margin sidebar topic"),
}
LABELS = tuple(dict.fromkeys(kind.label for kind in TYPES.values() if kind.label))
"""The keys of the labels that callouts have."""
_PREFIXES = ("callout-", "admonition-", "alert-", "rmd")
_LEANPUB = {
    "A": "aside",
    "B": "blurb",
    "D": "discussion",
    "E": "error",
    "I": "info",
    "Q": "question",
    "T": "tip",
    "W": "warning",
    "X": "exercise",
}
_ALERT = re.compile(r"\[!([A-Za-z][\w-]*)(?:\|[^\]\n]*)?\][+-]?(?:[ \t]+(.*))?$")
_INDENTED = re.compile(r'(!{3}|\?{3}\+?)[ \t]*([\w-]+(?:[ \t]+[\w-]+)*+)(?:[ \t]+"(.*)")?[ \t]*$')
_TAB = re.compile(r"""===[+!]{0,2}[ \t]+(?:"(.+)"|'(.+)')[ \t]*$""")
_LEANPUB_LINE = re.compile(r"([ABDEIQTWX])>(?=[ \t]|$)")
_LEANPUB_CLASS = re.compile(r'\{(?:[^{}]*,)?[ ]*class:[ ]*"?([\w-]+)"?[ ]*\}[ \t]*$')
_TAG = re.compile(r"\{(?:(aside|blurb)(?:,([^{}]*))?|%-?[ ]*(hint)\b([^{}%]*)-?%)\}[ \t]*$")
_END_TAGS = {
    "aside": re.compile(r"^[ >]*\{/aside\}[ \t]*$", re.MULTILINE),
    "blurb": re.compile(r"^[ >]*\{/blurb\}[ \t]*$", re.MULTILINE),
    "hint": re.compile(r"^[ >]*\{%-?[ ]*endhint[ ]*-?%\}[ \t]*$", re.MULTILINE),
}
_TAG_TYPE = re.compile(r"""\b(?:class|style)[=:][ ]*["']?([\w-]+)""")
_FENCE = re.compile(
    r"(`{3,}|~{3,})[ \t]*(?:\{([\w-]+)\}[ \t]*(.*)|ad-([\w-]+)[ \t]*|admonish\b[ \t]*(.*))$"
)
_OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")
_PLAIN_OPTION = re.compile(r"(title|collapse|icon|color):[ \t]*(.*)")
_ADMONISH_TYPE = re.compile(r"([\w-]+)(?![\w-]*=)")
_TITLE_VALUE = re.compile(r"""\btitle[ ]?=[ ]?(?:"([^"]*)"|'([^']*)')""")


def type_of(name: str) -> CalloutType | None:
    """Return the type of callout that a name stands for, such as ``callout-note``."""
    name = name.lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return TYPES.get(name)


def named_type(name: str) -> CalloutType:
    """Return the type of callout of a name, also of one that is not known."""
    return type_of(name) or CalloutType("neutral")


# Tokens


def open_callout(state: StateBlock, kind: CalloutType, start: int, stop: int) -> Token:
    """Push the token that opens a callout."""
    token = state.push("callout_open", "aside", 1)
    token.map = [start, stop]
    token.attrs = {"class": f"callout callout-{kind.role}"}
    return token


def push_title(
    state: StateBlock, text: str, line: int, offset: int, name: str = TITLE_CLASS
) -> None:
    """Push a title that begins at an offset in the source."""
    state.push("paragraph_open", "p", 1)
    state.push("inline", "", 0)
    state.push("paragraph_close", "p", -1)
    _set_title(state.tokens[-3:], text, line, offset, name)


def _set_title(tokens: list[Token], text: str, line: int, offset: int, name: str) -> None:
    opening, inline, _ = tokens
    opening.attrs = {"class": name}
    opening.map = inline.map = [line, line + 1]
    opening.meta["at"] = inline.meta["at"] = offset
    inline.content, inline.children = text, []
    inline.meta["pieces"] = [(0, offset)]


def finish_callout(state: StateBlock, index: int, kind: CalloutType, name: str) -> None:
    """Give a callout without a title one: its first heading, or the label of its type.

    Headings inside it become paragraphs, so that they are not in the contents.
    """
    tokens = state.tokens
    has_title = tokens[index + 1].attrs.get("class") == TITLE_CLASS
    if not has_title and tokens[index + 1].type != "heading_open":
        label = _label(state, kind, name)
        if label:
            _insert_title(state, index, label)
        has_title = True
    headings_as_paragraphs(tokens[index + 1 :], TITLE_CLASS if not has_title else _HEADING_CLASS)


def headings_as_paragraphs(tokens: list[Token], first: str, rest: str = _HEADING_CLASS) -> None:
    """Make paragraphs of headings, the first with the class ``first``, others ``rest``."""
    name = first
    for token in tokens:
        if token.type == "heading_open":
            token.type, token.tag = "paragraph_open", "p"
            token.attrs["class"] = name
            token.attrs[HEADING_MARK] = token.markup
            name = rest
        elif token.type == "heading_close":
            token.type, token.tag = "paragraph_close", "p"


def _label(state: StateBlock, kind: CalloutType, name: str) -> str:
    if kind.label:
        label = run_of(state).labels.get(kind.label, kind.label)
        return label[:1].upper() + label[1:]
    if name.lower() in TYPES:
        return ""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _insert_title(state: StateBlock, index: int, text: str) -> None:
    opening = state.tokens[index]
    assert opening.map is not None
    title = [
        Token("paragraph_open", "p", 1),
        Token("inline", "", 0),
        Token("paragraph_close", "p", -1),
    ]
    line = opening.map[0]
    _set_title(title, text, line, line_start(state, line), TITLE_CLASS)
    for token, level in zip(title, (1, 2, 1), strict=True):
        token.block, token.level = True, opening.level + level
    state.tokens[index + 1 : index + 1] = title


def read_content(state: StateBlock, first: int, stop: int) -> None:
    """Read the blocks of a container from a line to the line before ``stop``."""
    parent, maximum = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", stop
    state.md.block.tokenize(state, first, stop)
    state.parentType, state.lineMax = parent, maximum


# GitHub and Obsidian


def alert_mark(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """Read ``[!NOTE]`` on the first line of a quotation."""
    opening = state.tokens[-1] if state.tokens else None
    if silent or opening is None or opening.type != "blockquote_open":
        return False
    is_first = opening.map is not None and opening.map[0] == start
    mark = _ALERT.match(line_text(state, start)) if is_first else None
    if mark is None or state.is_code_block(start):
        return False
    opening.meta["callout"] = mark[1]
    title = (mark[2] or "").strip()
    if title:
        push_title(state, title, start, line_start(state, start) + mark.start(2))
    if start + 1 < state.lineMax and state.sCount[start + 1] < 0:
        # A line without the mark of a quotation goes on with a paragraph, which begins here.
        state.sCount[start + 1] = state.blkIndent
    state.line = start + 1
    return True


def with_alerts(rule: BlockRule) -> BlockRule:
    """Return the rule of quotations that makes those marked ``[!NOTE]`` callouts."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        count = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        name = None if silent else state.tokens[count].meta.get("callout")
        if name is not None:
            _as_callout(state, count, named_type(name), name)
        return True

    return run


def _as_callout(state: StateBlock, index: int, kind: CalloutType, name: str) -> None:
    """Make a callout of a quotation."""
    opening = state.tokens[index]
    opening.tag = state.tokens[-1].tag = "aside"
    opening.attrs = {"class": f"callout callout-{kind.role}"}
    finish_callout(state, index, kind, name)


# MkDocs


def indented_callout(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read ``!!! note "Title"`` or ``=== "Tab"`` and the indented lines after it."""
    text = line_text(state, start)
    if text[:3] not in {"!!!", "???", "==="} or state.is_code_block(start):
        return False
    indent = state.blkIndent + TAB_WIDTH
    first = state.skipEmptyLines(start + 1)
    has_content = first < end and state.sCount[first] >= indent
    if text[0] == "=":
        tab = _TAB.match(text)
        if tab is None or not has_content:
            return False
        group = 1 if tab[1] else 2
        return silent or _read_tab(state, start, end, tab[group], tab.start(group))
    mark = _INDENTED.match(text)
    if mark is None or not (has_content or mark[3]):
        if mark is not None and not silent and type_of(mark[2].split()[0]) is not None:
            run_of(state).report("MAN-052", line_start(state, start), mark=text.strip())
        return False
    if silent:
        return True
    words = mark[2].split()
    name = next((word for word in words if type_of(word)), words[0])
    kind, index = named_type(name), len(state.tokens)
    stop = _end_of_indented(state, start, end)
    open_callout(state, kind, start, stop)
    if mark[3]:
        push_title(state, mark[3], start, line_start(state, start) + mark.start(3))
    _read_indented(state, start, stop)
    state.push("callout_close", "aside", -1)
    if mark[3] == "":
        headings_as_paragraphs(state.tokens[index:], _HEADING_CLASS)
    else:
        finish_callout(state, index, kind, name)
    return True


def _end_of_indented(state: StateBlock, start: int, end: int) -> int:
    """Return the line after the lines that are indented under a line, without blank ones."""
    stop = start + 1
    for line in range(start + 1, end):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < state.blkIndent + TAB_WIDTH:
            break
        stop = line + 1
    return stop


def _read_indented(state: StateBlock, start: int, stop: int) -> None:
    indent = state.blkIndent
    state.blkIndent += TAB_WIDTH
    read_content(state, start + 1, stop)
    state.blkIndent = indent
    state.line = stop


def _read_tab(state: StateBlock, start: int, end: int, title: str, at: int) -> bool:
    stop = _end_of_indented(state, start, end)
    token = state.push("tab_open", "div", 1)
    token.map, token.attrs = [start, stop], {"class": "tab"}
    push_title(state, title, start, line_start(state, start) + at, TAB_TITLE_CLASS)
    _read_indented(state, start, stop)
    state.push("tab_close", "div", -1)
    return True


# Leanpub


def leanpub_box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines that begin with ``A>``, ``W>`` …, as a quotation is read."""
    text = line_text(state, start)
    name, first = "", start
    if text[:1] == "{" and (found := _LEANPUB_CLASS.match(text)) and start + 1 < end:
        name, first = found[1], start + 1
    mark = _LEANPUB_LINE.match(line_text(state, first))
    if mark is None or state.is_code_block(first) or state.sCount[first] < state.blkIndent:
        return False
    if name and mark[1] not in "AB":
        return False
    if silent:
        return True
    name, index = name or _LEANPUB[mark[1]], len(state.tokens)
    stop = _end_of_box(state, first, end, mark[0])
    shifted = _shift_to_marks(state, first, stop, mark[0])
    maximum, state.lineMax = state.lineMax, stop
    blockquote(state, first, stop, False)
    state.lineMax = maximum
    for line, begin, shift in shifted:
        state.bMarks[line], state.tShift[line] = begin, shift
    _as_callout(state, index, named_type(name), name)
    return True


def _end_of_box(state: StateBlock, start: int, end: int, mark: str) -> int:
    """Return the line after the last that can belong to a box."""
    for line in range(start, end):
        other = _LEANPUB_LINE.match(line_text(state, line))
        if state.isEmpty(line) or (other is not None and other[0] != mark):
            return line
    return end


def _shift_to_marks(
    state: StateBlock, start: int, stop: int, mark: str
) -> list[tuple[int, int, int]]:
    """Let the lines of a box begin at the ``>`` of their marks; return what they were."""
    shifted = []
    for line in range(start, stop):
        if line_text(state, line).startswith(mark) and state.sCount[line] >= state.blkIndent:
            shifted.append((line, state.bMarks[line], state.tShift[line]))
            state.bMarks[line] = line_start(state, line) + len(mark) - 1
            state.tShift[line] = 0
    return shifted


# Markua, GitBook


def tagged_callout(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the blocks between ``{aside}`` and ``{/aside}``, or ``{% hint %}`` and its end."""
    text = line_text(state, start)
    tag = _TAG.match(text) if text.startswith("{") else None
    if tag is None or state.is_code_block(start):
        return False
    name = tag[1] or tag[3]
    closing = _end_tag(state, name, start, end)
    if closing is None or silent:
        return closing is not None
    found = _TAG_TYPE.search(tag[2] or tag[4] or "")
    word = found[1] if found else "info" if name == "hint" else name
    kind, index = named_type(word), len(state.tokens)
    open_callout(state, kind, start, closing)
    read_content(state, start + 1, closing)
    state.push("callout_close", "aside", -1)
    finish_callout(state, index, kind, word)
    state.line = closing + 1
    return True


def _end_tag(state: StateBlock, name: str, start: int, end: int) -> int | None:
    """Return the line of the next end tag; all are looked for once in a text."""
    key = f"end tags {name}"
    if key not in state.env:
        state.env[key] = [found.end() for found in _END_TAGS[name].finditer(state.src)]
    ends: list[int] = state.env[key]
    number = bisect.bisect_right(ends, state.eMarks[start])
    if number == len(ends):
        return None
    line = bisect.bisect_left(state.eMarks, ends[number])
    return line if line < end and state.sCount[line] >= state.blkIndent else None


# MyST, mdBook's admonish, Obsidian's Admonition


def callout_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a fence whose name is that of a callout, and Markdown inside it."""
    text = line_text(state, start)
    mark = _FENCE.match(text) if text[:1] in {"`", "~"} else None
    if mark is None or state.is_code_block(start):
        return False
    name, title = _fence_name(mark)
    if name not in {"tab-item", "tab-set"} and type_of(name) is None:
        return False
    if silent:
        return True
    stop, closing = fence_end(state, start, end, mark[1])
    if closing is None:
        run_of(state).report("MAN-026", line_start(state, start), fence=mark[1])
    first, options = _options(state, start + 1, stop, is_plain=mark[4] is not None)
    title = title or options.get("title")
    kind = named_type(name)
    for word in options.get("class", "").split():
        kind = type_of(word) or kind
    place = line_start(state, start) + max(text.find(title or "\n"), 0)
    index = len(state.tokens)
    if name.startswith("tab-"):
        token = state.push("tab_open", "div", 1)
        token.map, token.attrs = [start, stop], {"class": "tab" if name == "tab-item" else name}
    else:
        token = open_callout(state, kind, start, stop)
    if options.get("name"):
        token.attrs["id"] = options["name"]
    if title:
        is_tab = name.startswith("tab-")
        push_title(state, title, start, place, TAB_TITLE_CLASS if is_tab else TITLE_CLASS)
    read_content(state, first, stop)
    state.push("callout_close", token.tag, -1)
    if token.tag == "aside":
        finish_callout(state, index, kind, name)
    state.line = stop if closing is None else closing + 1
    return True


def _fence_name(mark: re.Match[str]) -> tuple[str, str | None]:
    """Return the name and the title in the first line of a fence."""
    if mark[2]:
        return mark[2].lower(), mark[3].strip()
    if mark[4]:
        return mark[4], None
    words = mark[5] or ""
    title = _TITLE_VALUE.search(words)
    kind = _ADMONISH_TYPE.match(words)
    return kind[1] if kind else "note", (title[1] or title[2]) if title else None


def fence_end(state: StateBlock, start: int, end: int, fence: str) -> tuple[int, int | None]:
    """Return the line after a fence's content, and the line that closes it."""
    for line in range(start + 1, end):
        if not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return line, None
        text = line_text(state, line)
        if text.startswith(fence) and not text.strip(fence[0] + " \t"):
            return line, line
    return end, None


def _options(
    state: StateBlock, first: int, stop: int, *, is_plain: bool
) -> tuple[int, dict[str, str]]:
    """Return the line after the options of a fence, and the options."""
    options: dict[str, str] = {}
    pattern = _PLAIN_OPTION if is_plain else _OPTION
    line = first
    while line < stop and (option := pattern.match(line_text(state, line))):
        options[option[1]] = option[2].strip()
        line += 1
    return line, options
