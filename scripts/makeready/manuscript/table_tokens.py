"""The tokens of a table that is written otherwise than with bars: rows of cells with blocks.

The text of a cell, whose lines are parts of lines of the source, is read by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from makeready.manuscript.allowed_html import COLUMN_WIDTHS
from makeready.manuscript.parse_run import LeafPosition, run_of

_MOST_TABLES_DEEP = 3
"""How deep tables can be in cells of such tables; in the innermost they are text."""
LONG_LINE = 72
"""Pandoc reads the dashes of a table as the widths of its columns if a line is longer than this."""
_ONE_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
_SHARED = ("references",)


@dataclass(slots=True)
class Cell:
    """A cell: its tokens, the columns and rows that it takes, and the column it begins in.

    Without a column it is next to the cell before it.
    """

    tokens: list[Token]
    columns: int = 1
    rows: int = 1
    column: int | None = None


@dataclass(slots=True)
class Row:
    """A row of cells, which begins on a line of the source."""

    line: int
    cells: list[Cell]


@dataclass(slots=True)
class Table:
    """The rows of a table; ``header_columns`` are the columns at its left that name the rows."""

    head: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)
    foot: list[Row] = field(default_factory=list)
    alignments: Sequence[str] = ()
    widths: str = ""
    header_columns: int = 0


def can_hold_tables(state: StateBlock) -> bool:
    """Return whether tables are read where the state is."""
    return int(state.env.get("tables deep", 0)) < _MOST_TABLES_DEEP


def read_cell(state: StateBlock, lines: Sequence[tuple[int, str]], first: int) -> list[Token]:
    """Return the tokens of a cell; of a single paragraph, of its text.

    ``lines`` are the offsets in the source and the texts of its lines, the first of which is
    line ``first`` of the source.
    """
    texts = [text for _, text in lines]
    source = "\n".join(texts)
    if "\n" not in source and source[:1].isalpha():
        return [_leaf(source.strip(), first, [(0, lines[0][0])])]
    if not source.strip():
        return [_leaf("", first, [(0, lines[0][0] if lines else 0)])]
    pieces, offset = [], 0
    for at, text in lines:
        pieces.append((offset, at))
        offset += len(text) + 1
    run = run_of(state)
    inner = replace(run, source=source, origins=[run.line(at) for at, _ in lines])
    env = {key: state.env[key] for key in _SHARED if key in state.env}
    env |= {"run": inner, "tables deep": int(state.env.get("tables deep", 0)) + 1}
    tokens: list[Token] = []
    state.md.block.parse(source, state.md, env, tokens)
    position = LeafPosition(pieces)
    for token in tokens:
        if token.map:
            token.map = [line + first for line in token.map]
        if "at" in token.meta:
            token.meta["at"] = position.of(token.meta["at"])
        if "pieces" in token.meta:
            token.meta["pieces"] = [(at, position.of(to)) for at, to in token.meta["pieces"]]
    if [token.type for token in tokens] == _ONE_PARAGRAPH:
        return [tokens[1]]
    return tokens


def _leaf(text: str, line: int, pieces: list[tuple[int, int]]) -> Token:
    token = Token("inline", "", 0)
    token.block, token.content, token.children = True, text, []
    token.map = [line, line + 1]
    token.meta["pieces"] = pieces
    return token


def push_table(
    state: StateBlock,
    lines: tuple[int, int],
    table: Table,
    attributes: Mapping[str, str] | None = None,
) -> None:
    """Push the tokens of a table on some lines."""
    begins = len(state.tokens)
    token = state.push("table_open", "table", 1)
    token.map = list(lines)
    token.attrs.update(attributes or {})
    if table.widths:
        token.attrs[COLUMN_WIDTHS] = table.widths
    for tag, rows in (("thead", table.head), ("tbody", table.body), ("tfoot", table.foot)):
        if not rows:
            continue
        state.push(f"{tag}_open", tag, 1).map = [rows[0].line, lines[1]]
        for row in rows:
            _push_row(state, row, table, is_head=tag == "thead")
        state.push(f"{tag}_close", tag, -1)
    state.push("table_close", "table", -1).meta["begins"] = begins


def _push_row(state: StateBlock, row: Row, table: Table, *, is_head: bool) -> None:
    state.push("tr_open", "tr", 1).map = [row.line, row.line + 1]
    column = 0
    for cell in row.cells:
        column = column if cell.column is None else cell.column
        is_header = is_head or column < table.header_columns
        tag = "th" if is_header else "td"
        token = state.push(f"{tag}_open", tag, 1)
        token.map = [row.line, row.line + 1]
        if cell.columns == 1 and column < len(table.alignments) and table.alignments[column]:
            token.attrs["class"] = f"align-{table.alignments[column]}"
        if is_header and not is_head:
            token.attrs["scope"] = "row"
        if cell.columns > 1:
            token.attrs["colspan"] = cell.columns
        if cell.rows > 1:
            token.attrs["rowspan"] = cell.rows
        _extend(state, cell.tokens)
        state.push(f"{tag}_close", tag, -1)
        column += cell.columns
    state.push("tr_close", "tr", -1)


def _extend(state: StateBlock, tokens: Iterable[Token]) -> None:
    tokens = list(tokens)
    least = min((token.level for token in tokens), default=0)
    for token in tokens:
        token.level += state.level - least
    state.tokens += tokens
