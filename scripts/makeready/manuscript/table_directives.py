"""Directives of MyST that are tables: ``{table}``, ``{list-table}`` and ``{csv-table}``.

A table of values, separated by commas, may be in a file of the book's folder.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from makeready.manuscript.allowed_html import CAPTION_BEFORE, COLUMN_WIDTHS
from makeready.manuscript.callouts import read_content
from makeready.manuscript.directives import Directive
from makeready.manuscript.parse_run import line_start, line_text, run_of
from makeready.manuscript.table_captions import column_widths
from makeready.manuscript.table_tokens import Cell, Row, Table, push_table, read_cell

TABLES = frozenset({"csv-table", "list-table", "table"})
_DELIMITERS = {"tab": "\t", "space": " "}


def read_table(state: StateBlock, directive: Directive) -> bool:
    """Push the tokens of a table; return whether it could be read."""
    match directive.name:
        case "list-table":
            return _list_table(state, directive)
        case "csv-table":
            return _csv_table(state, directive)
        case _:
            _push_caption(state, directive)
            read_content(state, directive.first, directive.stop)
            return True


def _push_caption(state: StateBlock, directive: Directive) -> None:
    """Push the caption of the table that follows, with the attributes of the table."""
    attributes = directive.attributes()
    widths = column_widths(directive.options.get("widths", ""))
    token = state.push("caption_open", "div", 1)
    token.map = [directive.start, directive.start + 1]
    token.meta["before"], token.meta["at"] = True, line_start(state, directive.start)
    names = attributes.pop("class", "")
    token.attrs = {**attributes, "class": f"caption {CAPTION_BEFORE} {names}".strip()}
    if widths:
        token.attrs[COLUMN_WIDTHS] = widths
    inline = state.push("inline", "", 0)
    inline.content, inline.children, inline.map = directive.argument, [], list(token.map)
    inline.meta["pieces"] = [(0, directive.at)]
    state.push("caption_close", "div", -1)


def _count(directive: Directive, name: str, default: int) -> int:
    value = directive.options.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 4 else default  # noqa: PLR2004 - digits


# Lists of lists


def _list_table(state: StateBlock, directive: Directive) -> bool:
    count = len(state.tokens)
    read_content(state, directive.first, directive.stop)
    tokens = state.tokens[count:]
    del state.tokens[count:]
    rows = _rows_of_lists(tokens)
    if not rows:
        return False
    _push_with_caption(state, directive, rows, _count(directive, "header-rows", 0))
    return True


def _push_with_caption(
    state: StateBlock, directive: Directive, rows: list[Row], header_rows: int
) -> None:
    _push_caption(state, directive)
    columns = max(len(row.cells) for row in rows)
    for row in rows:
        row.cells += [Cell([]) for _ in range(columns - len(row.cells))]
    table = Table(rows[:header_rows], rows[header_rows:])
    table.header_columns = _count(directive, "stub-columns", 0)
    push_table(state, (directive.start, directive.stop), table)


def _rows_of_lists(tokens: Sequence[Token]) -> list[Row]:
    """Return the rows of a list of lists; none if the tokens are anything else."""
    rows: list[Row] = []
    for item in _items(tokens):
        cells = [Cell(_without_one_paragraph(inner)) for inner in _items(item)]
        if not cells or item[0].map is None:
            return []
        rows.append(Row(item[0].map[0], cells))
    return rows


def _items(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the content of the items of a list; none if the tokens are not one list."""
    if not tokens or tokens[0].type not in {"bullet_list_open", "ordered_list_open"}:
        return
    level = tokens[0].level
    if any(token.level == level for token in tokens[1:-1]) or tokens[-1].level != level:
        return
    content: list[Token] = []
    for token in tokens[1:-1]:
        if token.level == level + 1 and token.type == "list_item_open":
            content = []
        elif token.level == level + 1 and token.type == "list_item_close":
            yield content
        else:
            content.append(token)


def _without_one_paragraph(tokens: list[Token]) -> list[Token]:
    is_one = [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return [tokens[1]] if is_one else tokens


# Values


def _csv_table(state: StateBlock, directive: Directive) -> bool:
    options = directive.options
    if "url" in options:
        return False
    rows = _csv_rows(state, directive, _lines_of_content(state, directive))
    header_rows = _count(directive, "header-rows", 0)
    if header := options.get("header"):
        rows = [*_csv_rows(state, directive, [(directive.start, header)]), *rows]
        header_rows += 1
    if not rows:
        return False
    _push_with_caption(state, directive, rows, header_rows)
    return True


def _lines_of_content(state: StateBlock, directive: Directive) -> list[tuple[int, str]]:
    """Return the lines of values, each with the line of the source that it is on, or is named."""
    file, includes = directive.options.get("file", ""), run_of(state).includes
    if file and includes is not None:
        line = run_of(state).line(line_start(state, directive.start))
        text = includes.file_of_code(file, {}, line)
        return [(directive.start, one) for one in text.splitlines()]
    lines = range(directive.first, directive.stop)
    return [(line, line_text(state, line)) for line in lines]


def _csv_rows(
    state: StateBlock, directive: Directive, lines: Sequence[tuple[int, str]]
) -> list[Row]:
    options = directive.options
    delimiter = options.get("delim", ",") or ","
    delimiter = _DELIMITERS.get(delimiter.lower(), delimiter[:1])
    quote = options.get("quote", '"')[:1] or '"'
    texts = [f"{text}\n" for _, text in lines]
    reader = csv.reader(texts, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    rows: list[Row] = []
    done = 0
    try:
        for values in reader:
            line, done = lines[done][0], reader.line_num
            if not any(value.strip() for value in values):
                continue
            at = line_start(state, line)
            cells = [
                Cell(read_cell(state, [(at, text) for text in value.strip().split("\n")], line))
                for value in values
            ]
            rows.append(Row(line, cells))
    except csv.Error:
        return []
    return rows
