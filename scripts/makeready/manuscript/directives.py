"""Directives of MyST that are tables: ``{table}``, ``{list-table}`` and ``{csv-table}``.

They stand in fences of back-ticks or of colons, with options on the first lines, ``:name: tbl-a``
or between ``---``. A table of values, separated by commas, may be in a file of the book's folder.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from makeready.manuscript.allowed_html import CAPTION_BEFORE, COLUMN_WIDTHS
from makeready.manuscript.callouts import fence_end, read_content
from makeready.manuscript.parse_run import line_start, line_text, run_of
from makeready.manuscript.table_captions import column_widths
from makeready.manuscript.table_tokens import Cell, Row, Table, push_table, read_cell

TABLES = frozenset({"csv-table", "list-table", "table"})
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*\{([\w-]+)\}[ \t]*(.*)$")
_OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*))?$")
_YAML_OPTION = re.compile(r"([\w-]+):(?:[ \t]+(.*))?$")
_DELIMITERS = {"tab": "\t", "space": " "}
_LONGEST_OPTION = 2_000


@dataclass(slots=True)
class Directive:
    """A directive on some lines: its name, its argument with its offset, and its options.

    ``first`` is the line after the options, ``stop`` the one after its content.
    """

    name: str
    start: int
    first: int
    stop: int
    argument: str = ""
    at: int = 0
    options: dict[str, str] = field(default_factory=dict)

    def attributes(self) -> dict[str, str]:
        """Return the attributes of what it stands for."""
        found = {"id": self.options.get("name") or self.options.get("label", "")}
        found["class"] = self.options.get("class", "").replace(",", " ")
        return {key: value for key, value in found.items() if value}


def directive_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a directive in a fence of back-ticks or tildes."""
    text = line_text(state, start)
    mark = _FENCE.match(text) if text[:1] in {"`", "~"} else None
    if mark is None or mark[2].lower() not in TABLES or state.is_code_block(start):
        return False
    stop, closing = fence_end(state, start, end, mark[1])
    directive = directive_of(state, mark[2].lower(), mark[3], start, stop)
    count, line = len(state.tokens), state.line
    if silent:
        return True
    if not read_directive(state, directive):
        # What is not read is code, and reported as such.
        del state.tokens[count:]
        state.line = line
        return False
    if closing is None:
        run_of(state).report("MAN-026", line_start(state, start), fence=mark[1])
    state.line = stop if closing is None else closing + 1
    return True


def directive_of(state: StateBlock, name: str, argument: str, start: int, stop: int) -> Directive:
    """Return the directive that begins on a line, with its options."""
    argument = argument.strip()
    at = line_start(state, start)
    if argument:
        at = max(state.src.find(argument, at, state.eMarks[start]), at)
    directive = Directive(name, start, start + 1, stop, argument, at)
    directive.first = _read_options(state, directive)
    return directive


def _read_options(state: StateBlock, directive: Directive) -> int:
    """Read the options of a directive; return the line after them."""
    line, stop, name = directive.first, directive.stop, ""
    is_yaml = line < stop and line_text(state, line).rstrip() == "---"
    pattern = _YAML_OPTION if is_yaml else _OPTION
    line += is_yaml
    options = directive.options
    while line < stop:
        text = line_text(state, line).rstrip()
        if is_yaml and text == "---":
            return line + 1
        found = pattern.match(text)
        if found is not None:
            name = found[1].lower()
            options[name] = (found[2] or "").strip().strip("\"'")[:_LONGEST_OPTION]
        elif name and text and state.sCount[line] > state.blkIndent:
            options[name] = f"{options[name]} {text}".strip()[:_LONGEST_OPTION]
        elif not (is_yaml and not text):
            break
        line += 1
    return line


def read_directive(state: StateBlock, directive: Directive) -> bool:
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


def report_directive(state: StateBlock, directive: Directive) -> None:
    """Report a directive that could not be read, and whose content is text."""
    run_of(state).report(
        "MAN-044",
        line_start(state, directive.start),
        text=f":::{{{directive.name}}}",
        name="a directive of MyST",
        count=1,
        instead="Write it as a table with bars: | a | b |.",
    )


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
