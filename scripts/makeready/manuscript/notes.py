"""Footnotes: their definitions are extracted from the tree, and their calls numbered.

``[^id]: …`` defines a note; lines indented by four spaces continue it, in any number of
paragraphs. ``[^id]`` calls it in the text of the same section, once or several times.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

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

_Id = TypeVar("_Id", bound=Hashable)
_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")


@dataclass(frozen=True, slots=True)
class Definition:
    """The definition of a note: its blocks, in a ``div``, and the line it begins on."""

    id: str
    line: int
    body: Element


@dataclass(slots=True)
class NoteCalls:
    """The notes that a file calls, by their ids.

    ``order`` has them in order, ``undefined`` those without a definition, each with the line of
    its first call, and ``inner`` those that are called in notes that nothing calls.
    """

    order: tuple[str, ...] = ()
    undefined: dict[str, int] = field(default_factory=dict)
    inner: set[str] = field(default_factory=set)


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


def number_calls(tree: Element, bodies: Mapping[str, Element], first: int = 1) -> NoteCalls:
    """Give the note calls of a file their numbers from ``first`` on, and return the calls.

    ``bodies`` are the notes by their ids. Notes may call notes.
    """
    inner = {name: list(body.iter(NOTE_CALL)) for name, body in bodies.items()}
    called = list(tree.iter(NOTE_CALL))
    ids = {name: [call.get(NOTE_ID, "") for call in calls] for name, calls in inner.items()}
    order = note_order([call.get(NOTE_ID, "") for call in called], ids)
    result = NoteCalls(tuple(order))
    numbers = {note: number for number, note in enumerate(order, start=first)}
    counts: Counter[str] = Counter()
    for call in chain(called, *(inner[note] for note in order)):
        note = str(call.attrib.pop(NOTE_ID))
        call.tag = "a"
        call.set("class", "noteref")
        if note not in bodies:
            result.undefined.setdefault(note, int(call.get("data-line", "1")))
            continue
        call.set("data-note", str(numbers[note]))
        counts[note] += 1
        if counts[note] > 1:
            call.set("data-call", str(counts[note]))
    result.inner |= {note for name in ids.keys() - set(order) for note in ids[name]}
    return result


def note_order(called: Sequence[_Id], inner: Mapping[_Id, Sequence[_Id]]) -> list[_Id]:
    """Return the notes that a text calls, in the order of their numbers.

    ``called`` are the notes called in the text, ``inner`` those called in each note. A note that
    only other notes call follows the first of these.
    """
    in_text = set(called)
    order: dict[_Id, None] = {}
    waiting = [iter(called)]
    while waiting:
        note = next(waiting[-1], None)
        if note is None:
            waiting.pop()
        elif note in inner and note not in order and (len(waiting) == 1 or note not in in_text):
            order[note] = None
            waiting.append(iter(inner[note]))
    return list(order)


def elements_with_notes(tree: Element, notes: Mapping[int, Element]) -> Iterator[Element]:
    """Yield the elements of a tree, and after the first call of each note those of the note.

    ``notes`` are the trees of the notes by their numbers.
    """
    waiting = [tree.iter(etree.Element)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
            continue
        yield element
        number = element.get("data-note")
        if number is not None and element.get("data-call") is None:
            waiting.append(notes[int(number)].iter(etree.Element))


def report_calls(
    calls: NoteCalls,
    definitions: dict[str, Definition],
    path: str,
    findings: Findings,
) -> None:
    """Report undefined calls, and notes that are never called.

    A call and a note whose ids are nearly the same, or that are the only ones left over, are one
    mistake, and one finding.
    """
    uncalled = [i for i in definitions if i not in calls.order and i not in calls.inner]
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
