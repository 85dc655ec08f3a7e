"""Definition lists: terms, each on a line, and under them definitions that begin with a colon.

A definition is set as paragraphs if a blank line is before it or inside it.
"""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from makeready.manuscript.parse_run import leaf_pieces, line_start, line_text
from makeready.manuscript.table_captions import is_table_label

_MARKER = ":"
_MOST_TERMS = 50
_INDENT = 2
"""The lines of a definition are indented by at least this many spaces."""


def definition_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a definition list."""
    if state.is_code_block(start):
        return False
    if silent:
        return state.ddIndent >= 0 and _content_start(state, start) is not None
    first = _first_definition(state, start, end)
    if first is None:
        return False
    token = state.push("dl_open", "dl", 1)
    token.map = lines = [start, start]
    line = start
    while first is not None:
        _push_terms(state, line, first)
        line = _read_definitions(state, first, end)
        has_more = line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent
        # Lines inside another block must not be tried as terms: they report faults of their own.
        may_be_term = has_more and not _is_other_block(state, line, end)
        first = _first_definition(state, line, end) if may_be_term else None
    state.push("dl_close", "dl", -1)
    lines[1] = state.line = line
    return True


def _content_start(state: StateBlock, line: int) -> int | None:
    """Return the offset after a definition's marker and the space after it."""
    start, end = line_start(state, line), state.eMarks[line]
    if start >= end or state.src[start] != _MARKER:
        return None
    content = state.skipSpaces(start + 1)
    return content if start + 1 < content < end else None


def _first_definition(state: StateBlock, start: int, end: int) -> int | None:
    """Return the line of the first definition of the terms from ``start``; None if there is none.

    One blank line may be between the terms and the definition.
    """
    for line in range(start + 1, min(end, start + _MOST_TERMS)):
        if state.isEmpty(line):
            line += 1  # noqa: PLW2901 - the line after the blank one is the last to look at
            is_definition = line < end and _is_definition(state, line)
            return line if is_definition else None
        if _is_definition(state, line):
            return line
        if state.sCount[line] < state.blkIndent or _is_other_block(state, line, end):
            return None
    return None


def _is_definition(state: StateBlock, line: int) -> bool:
    return (
        state.sCount[line] >= state.blkIndent
        and not state.is_code_block(line)
        and _content_start(state, line) is not None
        and not is_table_label(line_text(state, line))
    )


def _is_other_block(state: StateBlock, line: int, end: int) -> bool:
    """Return whether a line begins another block, so that it is no term."""
    parent, state.parentType = state.parentType, "paragraph"
    rules = state.md.block.ruler.getRules("paragraph")
    found = any(rule(state, line, end, True) for rule in rules)
    state.parentType = parent
    return found


def _push_terms(state: StateBlock, start: int, end: int) -> None:
    for line in range(start, end):
        if state.isEmpty(line):
            continue
        state.push("dt_open", "dt", 1).map = [line, line + 1]
        token = state.push("inline", "", 0)
        token.map, token.children = [line, line + 1], []
        token.content = state.getLines(line, line + 1, state.blkIndent, False).strip()
        token.meta["pieces"] = leaf_pieces(state, token)
        state.push("dt_close", "dt", -1)


def _read_definitions(state: StateBlock, line: int, end: int) -> int:
    """Read the definitions from a line; return the line after them."""
    while line < end and _is_definition(state, line):
        content = _content_start(state, line)
        assert content is not None
        count = len(state.tokens)
        state.push("dd_open", "dd", 1).map = lines = [line, line]
        saved = (state.bMarks[line], state.tShift[line], state.sCount[line])
        indents = (state.blkIndent, state.ddIndent)
        tight, parent = state.tight, state.parentType
        is_after_blank = state.isEmpty(line - 1)
        state.blkIndent = state.ddIndent = state.sCount[line] + _INDENT
        # As in an item of a list, content that begins far from its marker is not code.
        state.bMarks[line], state.tShift[line], state.sCount[line] = content, 0, state.blkIndent
        state.tight, state.parentType = True, "definition"
        state.md.block.tokenize(state, line, end)
        if state.tight and not is_after_blank:
            _hide_paragraphs(state, count)
        state.bMarks[line], state.tShift[line], state.sCount[line] = saved
        state.blkIndent, state.ddIndent = indents
        state.tight, state.parentType = tight, parent
        state.push("dd_close", "dd", -1)
        line = lines[1] = state.line
    return line


def _hide_paragraphs(state: StateBlock, count: int) -> None:
    level = state.tokens[count].level + 1
    for token in state.tokens[count + 1 :]:
        if token.level == level and token.type in {"paragraph_open", "paragraph_close"}:
            token.hidden = True
