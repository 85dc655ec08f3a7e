"""Blocks that are statements: their tokens, in the spellings of MyST, bookdown and Quarto.

A statement may stand in a block, or, as sphinx-exercise writes it, between the empty blocks
``{exercise-start}`` and ``{exercise-end}``, with code between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from makeready.manuscript.callouts import headings_as_paragraphs, push_title, read_content
from makeready.manuscript.parse_run import ParseRun, line_start
from makeready.manuscript.statement_kinds import (
    EXERCISE,
    KINDS,
    SOLUTION,
    STATEMENT,
    UNNUMBERED,
    StatementKind,
)

NAME_CLASS = "statement-title"
_HEADING_CLASS = "callout-heading"
_GATE = "statement_gate"
_GATES = {
    f"{kind}-{end}": (KINDS[kind], end == "end")
    for kind in (EXERCISE, SOLUTION)
    for end in ("start", "end")
}
_FOR_SCREENS = frozenset({"dropdown", "toggle", "full-width", "tip", "note"})
"""Classes of other tools that say how a statement is shown on a website."""


@dataclass(slots=True)
class StatementBlock:
    """A statement on some lines: ``first`` is its first line of text, ``stop`` the one after it.

    ``name`` is what it is called, which begins at the offset ``at``. ``target`` is the id of the
    exercise that a solution is of.
    """

    kind: StatementKind
    start: int
    first: int
    stop: int
    name: str = ""
    at: int = 0
    target: str = ""
    is_numbered: bool = True
    attributes: dict[str, str] = field(default_factory=dict)

    def token_attributes(self) -> dict[str, str | int | float]:
        """Return the attributes of its element."""
        own = [n for n in self.attributes.get("class", "").split() if n not in _FOR_SCREENS]
        own = [name for name in own if name != self.kind.name]
        unnumbered = [] if self.is_numbered else [UNNUMBERED]
        names = " ".join([STATEMENT, self.kind.name, *unnumbered, *own])
        return {**self.attributes, "class": names}


def is_gate(name: str) -> bool:
    """Return whether a directive is ``exercise-start`` or the like."""
    return name in _GATES


def read_statement(state: StateBlock, block: StatementBlock) -> None:
    """Push the tokens of a statement."""
    token = state.push("statement_open", "div", 1)
    token.map = [block.start, block.stop]
    token.attrs = block.token_attributes()
    token.meta["at"] = line_start(state, block.start)
    index = len(state.tokens)
    _push_name(state, block)
    has_name = len(state.tokens) > index
    read_content(state, block.first, block.stop)
    content = state.tokens[index:]
    is_headed = not has_name and bool(content) and content[0].type == "heading_open"
    headings_as_paragraphs(content, NAME_CLASS if is_headed else _HEADING_CLASS)
    state.push("statement_close", "div", -1)


def _push_name(state: StateBlock, block: StatementBlock) -> None:
    if block.target:
        at = line_start(state, block.start)
        push_title(state, f"[](<#{block.target}>)", block.start, at, NAME_CLASS)
    elif block.name:
        push_title(state, block.name, block.start, block.at, NAME_CLASS)


def push_gate(state: StateBlock, name: str, block: StatementBlock) -> None:
    """Push the mark of where a statement begins or ends, as a directive of that name says."""
    kind, is_end = _GATES[name]
    block.kind = kind
    token = state.push(_GATE, "div", 0)
    token.map = [block.start, block.start + 1]
    token.content, token.info = kind.name, "end" if is_end else "start"
    token.meta["at"] = line_start(state, block.start)
    if not is_end:
        token.attrs = block.token_attributes()
        _push_name(state, block)


def join_gates(state: StateCore) -> None:
    """Make a statement of what is between its first and its last mark; report one without end."""
    run: ParseRun = state.env["run"]
    if not any(token.type == _GATE for token in state.tokens):
        return
    depth = 0
    waiting: list[tuple[int, int]] = []
    for index, token in enumerate(state.tokens):
        depth += token.nesting
        while waiting and waiting[-1][1] > depth:
            _report(run, state.tokens[waiting.pop()[0]])
        if token.type != _GATE:
            continue
        if token.info == "start":
            waiting.append((index, depth))
            continue
        while waiting and waiting[-1][1] == depth:
            first = waiting.pop()[0]
            opening = state.tokens[first]
            if opening.content == token.content:
                _join(state.tokens, first, index)
                break
            _report(run, opening)
        else:
            _report(run, token)
    for first, _ in waiting:
        _report(run, state.tokens[first])
    state.tokens = [token for token in state.tokens if token.type != _GATE]


def _join(tokens: list[Token], first: int, last: int) -> None:
    opening, closing = tokens[first], tokens[last]
    opening.type, opening.nesting = "statement_open", 1
    closing.type, closing.nesting = "statement_close", -1
    headings_as_paragraphs(tokens[first:last], _HEADING_CLASS)


def _report(run: ParseRun, token: Token) -> None:
    block, at = f"{{{token.content}-{token.info}}}", int(token.meta["at"])
    if token.info == "start":
        run.report("MAN-050", at, block=block, problem="starts here and never ends")
    else:
        run.report("MAN-058", at, line=block)
