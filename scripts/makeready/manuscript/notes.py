"""Footnotes: their definitions are extracted from the text, and their calls numbered.

``[^id]: …`` defines a note; lines indented by four spaces continue it, in any number of
paragraphs. ``[^id]`` calls it in the text of the same section, once or several times.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from makeready.book.model import Element, Note
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import NOTE_CALL, NOTE_ID
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.source import TAB_WIDTH, Lines
from makeready.manuscript.suppressed import MissingTargets

_DEFINITION = re.compile(r"[ ]{0,3}\[\^(?P<id>[^\]\s]+)\]:[ ]*(?P<text>.*)$")
_INDENT = " " * TAB_WIDTH
_BLOCK = re.compile(r"[ ]{0,3}(?:#{1,6} |>|[-*+] |\d{1,3}\. |/{3,}|\[[^\]]+\]:|\*\[)")


@dataclass(frozen=True, slots=True)
class Definition:
    """The definition of a note: its text, and the line it begins on."""

    id: str
    line: int
    lines: Lines


@dataclass(slots=True)
class NoteCalls:
    """The note calls of a section, each with its line.

    ``order`` has the first call of each note in order, ``undefined`` those of notes without a
    definition.
    """

    order: dict[str, int] = field(default_factory=dict)
    undefined: dict[str, int] = field(default_factory=dict)


def extract_definitions(
    lines: Lines, path: str, findings: Findings, missing_targets: MissingTargets
) -> tuple[Lines, dict[str, Definition]]:
    """Return the lines without notes, and the notes; report empty and duplicate ones."""
    out = Lines()
    definitions: dict[str, Definition] = {}
    index = 0
    while index < len(lines):
        match = _DEFINITION.match(lines.text[index]) if "[^" in lines.text[index] else None
        if match is None:
            out.add(lines.text[index], lines.origin[index])
            index += 1
            continue
        line = lines.origin[index]
        end = _end_of_definition(lines.text, index)
        body = Lines([match["text"]], [line])
        for number in range(index + 1, end):
            body.add(lines.text[number].removeprefix(_INDENT), lines.origin[number])
        if match["id"] in definitions:
            missing_targets.add_from_source(body.text)
        _add_definition(Definition(match["id"], line, body), definitions, path, findings)
        out.add("", line)
        index = end
    return out, definitions


def _add_definition(
    note: Definition, definitions: dict[str, Definition], path: str, findings: Findings
) -> None:
    location = SourceLocation(path, note.line)
    if note.id in definitions:
        findings.add("REF-004", location, id=note.id, first_line=definitions[note.id].line)
        return
    if not any(text.strip() for text in note.lines.text):
        findings.add("REF-012", location, id=note.id)
    definitions[note.id] = note


def _end_of_definition(text: list[str], start: int) -> int:
    """Return the index after the last line of a note."""
    end = start + 1
    blank = False
    for number in range(start + 1, len(text)):
        line = text[number]
        if not line:
            blank = True
            continue
        if not line.startswith(_INDENT) and (
            blank or _DEFINITION.match(line) or _BLOCK.match(line)
        ):
            break
        blank = False
        end = number + 1
    return end


def number_calls(tree: Element, definitions: dict[str, Definition]) -> NoteCalls:
    """Give the note calls of a section their numbers, and return the calls."""
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
        call.set("data-note", str(numbers.setdefault(note, len(calls.order))))
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
