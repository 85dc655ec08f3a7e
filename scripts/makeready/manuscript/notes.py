"""Footnotes: their definitions are extracted from the tree, and their calls numbered.

``[^id]: …`` defines a note; lines indented by four spaces continue it, in any number of
paragraphs. ``[^id]`` calls it in the text of the same section, once or several times.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree
from markdown_it.rules_block import StateBlock

from makeready.book.model import Element, Note
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import NOTE, NOTE_CALL, NOTE_ID
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.parse_run import line_start
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.source import TAB_WIDTH
from makeready.manuscript.suppressed import MissingTargets

_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")


@dataclass(frozen=True, slots=True)
class Definition:
    """The definition of a note: its blocks, in a ``div``, and the line it begins on."""

    id: str
    line: int
    body: Element


@dataclass(slots=True)
class NoteCalls:
    """The note calls of a section, each with its line.

    ``order`` has the first call of each note in order, ``undefined`` those of notes without a
    definition.
    """

    order: dict[str, int] = field(default_factory=dict)
    undefined: dict[str, int] = field(default_factory=dict)


def note_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the definition of a note, where it is written."""
    offset = line_start(state, start)
    match = _DEFINITION.match(state.src, offset, state.eMarks[start])
    if match is None or state.is_code_block(start):
        return False
    if silent:
        return True
    token = state.push("note_open", NOTE, 1)
    token.map = lines = [start, start]
    token.attrs = {NOTE_ID: match[1]}
    saved = (state.bMarks[start], state.tShift[start], state.sCount[start])
    indent, parent = state.blkIndent, state.parentType
    state.blkIndent += TAB_WIDTH
    state.bMarks[start], state.tShift[start], state.sCount[start] = match.end(), 0, state.blkIndent
    state.parentType = "note"
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start] = saved
    state.blkIndent, state.parentType = indent, parent
    state.push("note_close", NOTE, -1)
    lines[1] = state.line
    return True


def extract_definitions(
    tree: Element, path: str, findings: Findings, missing_targets: MissingTargets
) -> dict[str, Definition]:
    """Remove the notes from a tree and return them by id; report empty and duplicate ones."""
    definitions: dict[str, Definition] = {}
    for body in list(tree.iter(NOTE)):
        note = Definition(str(body.attrib.pop(NOTE_ID)), int(body.attrib.pop(LINE)), body)
        remove_element(body)
        body.tag = "div"
        location = SourceLocation(path, note.line)
        if note.id in definitions:
            first = SourceLocation(path, definitions[note.id].line)
            findings.add("REF-004", location, id=note.id, first=first)
            missing_targets.add(body)
            continue
        if len(body) == 0:
            findings.add("REF-012", location, id=note.id)
        definitions[note.id] = note
    return definitions


def number_calls(tree: Element, definitions: dict[str, Definition], first: int = 1) -> NoteCalls:
    """Give the note calls of a file their numbers from ``first`` on, and return the calls."""
    calls = NoteCalls()
    numbers: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for call in list(tree.iter(NOTE_CALL)):
        note = str(call.attrib.pop(NOTE_ID))
        call.tag = "a"
        call.set("class", "noteref")
        line = int(call.get("data-line", "1"))
        if note not in definitions:
            calls.undefined.setdefault(note, line)
            continue
        calls.order.setdefault(note, line)
        call.set("data-note", str(numbers.setdefault(note, first + len(calls.order) - 1)))
        counts[note] += 1
        if counts[note] > 1:
            call.set("data-call", str(counts[note]))
    return calls


def remove_nested_calls(tree: Element, path: str, findings: Findings) -> set[str]:
    """Report and remove the calls inside a note; return the ids they call."""
    nested: set[str] = set()
    for call in list(tree.iter(NOTE_CALL)):
        note = call.get(NOTE_ID, "")
        nested.add(note)
        line = int(call.get("data-line", "1"))
        findings.add("REF-006", SourceLocation(path, line), id=note)
        remove_element(call)
    return nested


def report_calls(
    calls: NoteCalls,
    nested: set[str],
    definitions: dict[str, Definition],
    path: str,
    findings: Findings,
) -> None:
    """Report undefined calls, and notes that are never called.

    A call and a note whose ids are nearly the same, or that are the only ones left over, are one
    mistake, and one finding.
    """
    uncalled = [i for i in definitions if i not in calls.order and i not in nested]
    is_only_pair = len(uncalled) == 1 == len(calls.undefined)
    for note, line in calls.undefined.items():
        near = difflib.get_close_matches(note, uncalled, n=1) or (uncalled if is_only_pair else [])
        likely = near or difflib.get_close_matches(note, definitions, n=1)
        suggestion = f" Did you mean [^{likely[0]}]?" if likely else ""
        findings.add("REF-002", SourceLocation(path, line), id=note, suggestion=suggestion)
        if near:
            uncalled.remove(near[0])
    for note in uncalled:
        findings.add("REF-003", SourceLocation(path, definitions[note].line), id=note)


def make_note(number: int, tree: Element, line: int) -> Note:
    """Return a note whose ``tree``, a ``div`` of blocks, is not empty."""
    if len(tree) == 0:
        etree.SubElement(tree, "p", {"data-line": str(line)}).text = ""
    return Note(number, tree, line)
