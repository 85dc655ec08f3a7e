"""The blocks that makeready adds to Markdown: ``/// name | #id .class lang=fr`` … ``///``.

``epigraph``  a quotation at the start of a section: ``blockquote.epigraph``; its source is a
              paragraph with ``{.attribution}``
``verse``     text whose lines and indents are kept: ``div.verse``, a paragraph for each stanza
``drama``     a play: ``div.drama``, in which a paragraph that begins with a name and a colon is a
              speech, and one in italics alone a stage direction
``caption``   the caption of the image or table directly before it
``div``       a plain container, for a class or a language
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from markdown_it.rules_block import StateBlock

from makeready.manuscript.attribute_lists import attributes_of
from makeready.manuscript.block_rules import FENCE_WITH_CODE
from makeready.manuscript.parse_run import leaf_pieces, line_start, line_text, run_of

NO_BREAK_SPACE = "\u00a0"
TAGS = {"epigraph": "blockquote", "verse": "div", "drama": "div", "caption": "div", "div": "div"}
_CLASSES = {
    "epigraph": "epigraph",
    "verse": "verse",
    "drama": "drama",
    "caption": "caption",
    "div": "",
}
_OPENING = re.compile(r"(/{3,})[ \t]*([\w-]+)[ \t]*(?:\|(.*))?$")
_CLOSING = re.compile(r"(/{3,})[ \t]*$")
_CODE_FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)$")


def book_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a block ``/// name``, and report one that is unknown, not closed or not opened."""
    text = line_text(state, start)
    if not text.startswith("///") or state.is_code_block(start):
        return False
    opening = _OPENING.match(text)
    if opening is None:
        return _stray_end(state, start, text, silent)
    if silent:
        return True
    name = opening[2].lower()
    closing = _closing_line(state, start, end, opening[1])
    stop = closing if closing is not None else end_of_container(state, start, end)
    _report_mistakes(state, start, name, opening[3] or "", is_closed=closing is not None)
    tag = TAGS.get(name, "div")
    token = state.push("book_block_open", tag, 1)
    token.map = [start, stop]
    classes = _CLASSES.get(name, "")
    token.attrs = {"class": classes} if classes else {}
    for key, value in block_options(opening[3] or "")[0].items():
        before = token.attrs.get(key)
        token.attrs[key] = f"{before} {value}" if key == "class" and before else value
    parent, maximum = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", stop
    if name == "verse":
        _read_verse(state, start + 1, stop, state.sCount[start])
    else:
        state.md.block.tokenize(state, start + 1, stop)
    state.push("book_block_close", tag, -1)
    state.parentType, state.lineMax = parent, maximum
    state.line = stop if closing is None else closing + 1
    return True


def _stray_end(state: StateBlock, line: int, text: str, silent: bool) -> bool:
    """Report a line of slashes that ends no block; it is no part of the text."""
    if _CLOSING.match(text) is None:
        return False
    if not silent:
        problem = "ends here but never started"
        run_of(state).report("MAN-021", line_start(state, line), name="…", problem=problem)
        state.line = line + 1
    return True


def _closing_line(state: StateBlock, start: int, end: int, slashes: str) -> int | None:
    """Return the line that closes a block: blocks with as many slashes may be inside it."""
    depth = 1
    for line, text in lines_outside_code(state, start, end):
        if not text.startswith("///"):
            continue
        opening, closing = _OPENING.match(text), _CLOSING.match(text)
        if closing and closing[1] == slashes:
            depth -= 1
        elif opening and opening[1] == slashes:
            depth += 1
        if depth == 0:
            return line
    return None


def lines_outside_code(state: StateBlock, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the lines that can belong to a block, without their indent, but not fenced code."""
    fence = ""
    for line in range(start + 1, end_of_container(state, start, end)):
        text = line_text(state, line)
        if text[:1] in "`~" and (mark := _code_fence(text)):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        if not fence:
            yield line, text


def _code_fence(text: str) -> re.Match[str] | None:
    return _CODE_FENCE.match(text) or FENCE_WITH_CODE.match(text)


def end_of_container(state: StateBlock, start: int, end: int) -> int:
    """Return the line after the last one that can belong to a block."""
    for line in range(start + 1, end):
        if not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return line
    return end


def _report_mistakes(
    state: StateBlock, line: int, name: str, options: str, *, is_closed: bool
) -> None:
    run, offset = run_of(state), line_start(state, line)
    if name not in TAGS:
        near = difflib.get_close_matches(name, TAGS, n=1)
        suggestion = f"Did you mean “{near[0]}”?" if near else f"Known blocks: {', '.join(TAGS)}."
        run.report("MAN-022", offset, name=name, suggestion=suggestion)
    elif unknown := block_options(options)[1]:
        run.report("MAN-032", offset, name=name, options=unknown)
    if not is_closed:
        run.report("MAN-021", offset, name=name, problem="starts here and never ends")


def block_options(text: str) -> tuple[dict[str, str], str]:
    """Return a block's attributes, and the part of its options that is not understood."""
    options: dict[str, str] = {}
    unknown = ""
    pairs, rest = attributes_of(text)
    for key, value in pairs:
        if key == ".":
            options["class"] = f"{options['class']} {value}" if "class" in options else value
        # A word by itself has itself as its value, and so has the id in “#id”.
        elif key in {"id", "lang"} and (key != value or "#id" in text.split()):
            options[key] = value
        else:
            unknown = key if key == value else f"{key}={value}"
    return options, unknown or rest


def _read_verse(state: StateBlock, first: int, stop: int, indent: int) -> None:
    """Read stanzas: each is one leaf, whose lines keep their indent; no line begins a block."""
    line = first
    while line < stop:
        if state.isEmpty(line):
            line += 1
            continue
        state.push("paragraph_open", "p", 1).map = [line, line + 1]
        token = state.push("inline", "", 0)
        begin, lines = line, []
        while line < stop and not state.isEmpty(line):
            lines.append(_verse_line(state, line, indent))
            line += 1
        token.map, token.children, token.content = [begin, line], [], "\n".join(lines)
        token.meta["pieces"] = leaf_pieces(state, token)
        state.push("paragraph_close", "p", -1)


def _verse_line(state: StateBlock, line: int, indent: int) -> str:
    """Return a line of verse, its indent beyond that of the block as no-break spaces."""
    text = state.getLines(line, line + 1, indent, False).rstrip()
    words = text.lstrip(" \t")
    if words.startswith("{"):
        return words
    return NO_BREAK_SPACE * (len(text) - len(words)) + words
