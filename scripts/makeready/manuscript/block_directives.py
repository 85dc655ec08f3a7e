"""Directives of MyST, Sphinx and their extensions that are blocks, and which of them is read how.

What a page of a book can show is read. What only a website has, such as its navigation, leaves no
trace. What is made for a screen is left out with a finding. Of a directive that is not known the
text is printed, and reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from makeready.external.diagrams import PROGRAMS
from makeready.manuscript.callouts import (
    TAB_TITLE_CLASS,
    fence_end,
    push_title,
    read_content,
    type_of,
)
from makeready.manuscript.directives import OPTION, Directive, directive_of, report_left_out
from makeready.manuscript.figure_directives import FIGURES, image_in_options, read_figure
from makeready.manuscript.mathematics import as_formula
from makeready.manuscript.parse_run import line_start, line_text, run_of
from makeready.manuscript.statement_kinds import (
    KINDS,
    SOLUTION,
    StatementKind,
    kind_of_directive,
)
from makeready.manuscript.statements import StatementBlock, is_gate, push_gate, read_statement
from makeready.manuscript.table_directives import TABLES, read_table

_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*\{([A-Za-z][\w:.-]*)(?:[ \t,]([^{}]*))?\}[ \t]*(.*)$")
_CELL_OPTION = re.compile(r"""([\w.-]+)[ ]?=[ ]?(?:"([^"]*)"|'([^']*)'|([^\s,]+))""")
_CELL_LABEL = re.compile(r"[\w:.-]+(?![ ]?=)")
_NO = frozenset({"false", "no", "0"})
_WITHOUT_TRACE = frozenset(
    {
        *("admonition-list", "contents", "currentmodule", "default-role", "genindex", "highlight"),
        *("meta", "nb-exec-table", "printindex", "role", "sectnum", "tableofcontents"),
        *("tabularcolumns", "toctree"),
    }
)
"""Directives of a website's navigation, and settings: a book has its own."""
_FOR_SCREENS = frozenset({"audio", "embed", "iframe", "video", "vimeo", "widget", "youtube"})
_QUOTATIONS = frozenset({"epigraph", "highlights", "pull-quote"})
_CODE = frozenset({"code", "code-block", "code-cell", "literalinclude", "math", "sourcecode"})
_CONTAINERS = frozenset(
    {
        *("card", "card-carousel", "carousel", "compound", "container", "div", "grid"),
        *("grid-item", "grid-item-card", "hlist", "rst-class", "tab", "tab-item", "tab-set"),
    }
)
_TITLED = frozenset({"card", "grid-item-card", "tab", "tab-item"})
_CLASSES_IN_ARGUMENT = frozenset({"container", "div", "rst-class"})
_BUTTONS = frozenset({"button-link", "button-ref"})
_NOT_BLOCKS = frozenset({"bibliography", "eval-rst", "include", "index"})
"""Directives that other rules read, or report."""
_OTHERS = frozenset({"centered", "glossary", "only", "raw", "rubric"}) | _BUTTONS
_KNOWN = TABLES | FIGURES | _WITHOUT_TRACE | _FOR_SCREENS | _QUOTATIONS | _CONTAINERS | _OTHERS
_WITH_MARKDOWN = (
    FIGURES | _QUOTATIONS | _CONTAINERS | frozenset({"glossary", "list-table", "only", "table"})
)
_INFO = re.compile(r"\{([A-Za-z][\w:.-]*)\}")
_CALLOUT = re.compile(r"admonish\b|ad-[\w-]+\s*$")
"""The callouts of mdBook's admonish, and of Obsidian's Admonition."""
_FORMATS = frozenset({"epub", "latex", "latexpdf", "pdf", "print", "tex", "xelatex"})
"""What a book is made with, among the builders that ``{only}`` names."""
_ACTIVE = re.compile(
    r"<(script|style|iframe|object|embed|form|input|button|video|audio|canvas|svg)\b", re.IGNORECASE
)
_REMOTE_IMAGE = re.compile(r"<img\b[^<>]*\bsrc[ \t]*=[ \t]*[\"']?(?:https?:)?//", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"(?:--+|[—–])[ ]?\S")
_RESULT = "it shows nothing on a page, and is left out"


def holds_markdown(info: str) -> bool:
    """Return whether a fence of back-ticks with that info has Markdown in it, and is no code."""
    mark = _INFO.match(info)
    if mark is None:
        return _CALLOUT.match(info) is not None
    name = mark[1].lower()
    return (
        name in _WITH_MARKDOWN or type_of(name) is not None or kind_of_directive(name) is not None
    )


def directive_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a directive in a fence of back-ticks or tildes."""
    text = line_text(state, start)
    mark = _FENCE.match(text) if text[:1] in {"`", "~"} else None
    if mark is None or state.is_code_block(start):
        return False
    name = mark[2].lower()
    kind = kind_of_directive(name)
    if mark[3] is not None and (kind is None or mark[4]):
        return False
    if not (kind or is_gate(name) or name in _KNOWN or _is_unknown(state, name, start, end)):
        return False
    if silent:
        return True
    stop, closing = fence_end(state, start, end, mark[1])
    directive = directive_of(state, name, mark[4], start, stop)
    if mark[3] is not None:
        _read_cell_options(directive, mark[3])
    count, line = len(state.tokens), state.line
    if not read_directive(state, directive):
        # What is not read is code, and reported as such.
        del state.tokens[count:]
        state.line = line
        return False
    if closing is None:
        run_of(state).report("MAN-026", line_start(state, start), fence=mark[1])
    state.line = stop if closing is None else closing + 1
    return True


def _is_unknown(state: StateBlock, name: str, start: int, end: int) -> bool:
    """Return whether a fence with a name that is not known has options, as no code has."""
    is_other = name in _CODE or name in _NOT_BLOCKS or name in PROGRAMS or type_of(name) is not None
    return (
        not is_other and start + 1 < end and OPTION.match(line_text(state, start + 1)) is not None
    )


def _read_cell_options(directive: Directive, text: str) -> None:
    """Read the options of a cell of bookdown: ``{theorem, label="a", name="Words"}``."""
    found = {key: a or b or c for key, a, b, c in _CELL_OPTION.findall(text)}
    label = _CELL_LABEL.match(text.strip(" ,"))
    if label is not None:
        found.setdefault("label", label[0])
    directive.options |= {key: found[key] for key in ("label",) if found.get(key)}
    directive.argument = found.get("name", "") or directive.argument


def read_directive(state: StateBlock, directive: Directive) -> bool:
    """Push the tokens of a directive; return whether it is one that is read here.

    One that is not known is read as the blocks in it, with a finding.
    """
    name = directive.name
    if kind := kind_of_directive(name):
        read_statement(state, _statement(directive, kind))
    elif is_gate(name):
        push_gate(state, name, _statement(directive, KINDS[name.partition("-")[0]]))
    elif name in TABLES:
        return read_table(state, directive)
    elif name in FIGURES:
        read_figure(state, directive)
    elif name in _QUOTATIONS:
        _read_quotation(state, directive)
    elif name in _CODE or name in PROGRAMS:
        _push_code(state, directive)
    elif name in _CONTAINERS:
        _read_container(state, directive)
    elif name in _FOR_SCREENS:
        report_left_out(state, directive, _RESULT)
    elif name in _OTHERS:
        _READERS[name](state, directive)
    elif name in _NOT_BLOCKS:
        return False
    elif name not in _WITHOUT_TRACE:
        _read_unknown(state, directive)
    return True


def _statement(directive: Directive, kind: StatementKind) -> StatementBlock:
    options = directive.options
    is_numbered = kind.is_numbered and "nonumber" not in options
    is_numbered &= (options.get("enumerated") or options.get("numbered", "")).lower() not in _NO
    block = StatementBlock(kind, directive.start, directive.first, directive.stop)
    block.is_numbered, block.attributes = is_numbered, directive.attributes()
    if kind.name == SOLUTION:
        block.target = directive.argument
    else:
        block.name, block.at = directive.argument, directive.at
    return block


def _read_quotation(state: StateBlock, directive: Directive) -> None:
    token = _open(state, directive, "blockquote")
    if directive.name == "epigraph":
        token.attrs["class"] = f"epigraph {token.attrs.get('class', '')}".strip()
    read_content(state, directive.first, directive.stop)
    last = state.tokens[-2:]
    is_attribution = last[-1:] and last[-1].type == "paragraph_close"
    if is_attribution and _ATTRIBUTION.match(last[0].content):
        state.tokens[-3].attrs["class"] = "attribution"
    state.push("directive_close", "blockquote", -1)


def _open(state: StateBlock, directive: Directive, tag: str) -> Token:
    token = state.push("directive_open", tag, 1)
    token.map = [directive.start, directive.stop]
    token.meta["at"] = line_start(state, directive.start)
    token.attrs = dict(directive.attributes())
    return token


def _push_code(state: StateBlock, directive: Directive) -> None:
    """Push a fence of code with the lines of a directive in colons, its options too."""
    token = state.push("fence", "code", 0)
    token.info = f"{{{directive.name}}} {directive.argument}".strip()
    token.content = state.getLines(
        directive.start + 1, directive.stop, state.sCount[directive.start], True
    )
    token.markup, token.map = "```", [directive.start, directive.stop]
    token.meta["at"] = line_start(state, directive.start)
    if directive.name == "math":
        as_formula(token)


def _read_container(state: StateBlock, directive: Directive) -> None:
    token = _open(state, directive, "div")
    names = [str(token.attrs.pop("class", ""))]
    is_tab = directive.name in {"tab", "tab-item"}
    names.append("tab" if is_tab else directive.name)
    if directive.name in _CLASSES_IN_ARGUMENT:
        names = [directive.argument, *names[:1]]
    if joined := " ".join(" ".join(names).split()):
        token.attrs["class"] = joined
    if directive.name in _TITLED and directive.argument:
        push_title(state, directive.argument, directive.start, directive.at, TAB_TITLE_CLASS)
    read_content(state, directive.first, directive.stop)
    state.push("directive_close", "div", -1)


def _read_unknown(state: StateBlock, directive: Directive) -> None:
    """Read a directive that is not known: its image with its text, its text alone, or nothing."""
    image = image_in_options(directive)
    if image:
        report_left_out(state, directive, "only its image and its text are printed")
        read_figure(state, directive, image)
    elif directive.is_empty and not directive.argument:
        report_left_out(state, directive, _RESULT)
        if "id" in directive.attributes():
            _read_container_of(state, directive)
    else:
        report_left_out(state, directive, "its text is printed without it")
        _read_container_of(state, directive)


def _read_container_of(state: StateBlock, directive: Directive) -> None:
    _open(state, directive, "div")
    if directive.argument:
        push_title(state, directive.argument, directive.start, directive.at, TAB_TITLE_CLASS)
    read_content(state, directive.first, directive.stop)
    state.push("directive_close", "div", -1)


def _read_glossary(state: StateBlock, directive: Directive) -> None:
    """Read terms, each with its explanation indented below it, or as a definition list."""
    lines = range(directive.first, directive.stop)
    if any(line_text(state, line).startswith(":") for line in lines):
        read_content(state, directive.first, directive.stop)
        return
    _open(state, directive, "dl")
    indent, line = state.blkIndent, directive.first
    while line < directive.stop:
        if state.isEmpty(line):
            line += 1
        elif state.sCount[line] <= indent:
            _push_term(state, line)
            line += 1
        else:
            line = _read_explanation(state, line, directive.stop)
    state.push("directive_close", "dl", -1)


def _push_term(state: StateBlock, line: int) -> None:
    state.push("dt_open", "dt", 1).map = [line, line + 1]
    token = state.push("inline", "", 0)
    token.content, token.children, token.map = line_text(state, line).strip(), [], [line, line + 1]
    token.meta["pieces"] = [(0, line_start(state, line))]
    state.push("dt_close", "dt", -1)


def _read_explanation(state: StateBlock, first: int, stop: int) -> int:
    """Read the lines that are indented; return the line after them."""
    indent, width = state.blkIndent, state.sCount[first]
    last = first
    while last < stop and (state.isEmpty(last) or state.sCount[last] >= width):
        last += 1
    state.push("dd_open", "dd", 1).map = [first, last]
    state.blkIndent = width
    read_content(state, first, last)
    state.blkIndent = indent
    state.push("dd_close", "dd", -1)
    # A line with another indent goes on with the explanation.
    return max(last, first + 1)


def _read_only(state: StateBlock, directive: Directive) -> None:
    """Read the content of ``{only}`` if it is for a book."""
    if _is_for_book(directive.argument):
        read_content(state, directive.first, directive.stop)
    else:
        report_left_out(state, directive, f"what is for {directive.argument} alone is left out")


def _is_for_book(condition: str) -> bool:
    """Return whether a condition of Sphinx, such as ``html or not latex``, holds of a book."""

    def holds(word: str) -> bool:
        words = word.split()
        return (words[-1:] != [] and words[-1] in _FORMATS) != (words[:1] == ["not"])

    plain = condition.lower().replace("(", " ").replace(")", " ")
    return any(all(map(holds, one.split(" and "))) for one in plain.split(" or "))


def _read_raw(state: StateBlock, directive: Directive) -> None:
    """Read HTML, unless it is for a screen; leave out what is for another format."""
    content = state.getLines(directive.first, directive.stop, state.blkIndent, False)
    if directive.argument.lower() != "html":
        format_name = directive.argument or "no format"
        report_left_out(state, directive, f"what is for {format_name} alone is left out")
    elif active := _ACTIVE.search(content):
        report_left_out(state, directive, f"its <{active[1].lower()}> is left out")
    elif _REMOTE_IMAGE.search(content):
        report_left_out(state, directive, "its image is on a website, and is left out")
    elif content.strip():
        token = state.push("html_block", "", 0)
        token.content, token.map = content, [directive.first, directive.stop]


def _read_line(state: StateBlock, directive: Directive) -> None:
    """Read a line: a heading that is in no contents, or one in the middle."""
    name = "callout-heading" if directive.name == "rubric" else "align-center"
    push_title(state, directive.argument, directive.start, directive.at, name)
    read_content(state, directive.first, directive.stop)


def _read_button(state: StateBlock, directive: Directive) -> None:
    """Read a button as a paragraph that is a link."""
    mark = "" if directive.name == "button-link" else "#"
    lines = (line_text(state, line) for line in range(directive.first, directive.stop))
    words = " ".join(" ".join(lines).split()).replace("[", "\\[").replace("]", "\\]")
    push_title(
        state, f"[{words}](<{mark}{directive.argument}>)", directive.start, directive.at, "button"
    )


_READERS: dict[str, Callable[[StateBlock, Directive], None]] = {
    "centered": _read_line,
    "glossary": _read_glossary,
    "only": _read_only,
    "raw": _read_raw,
    "rubric": _read_line,
    **dict.fromkeys(_BUTTONS, _read_button),
}
