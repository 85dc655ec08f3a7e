"""Footnotes: their definitions taken out of the text, their calls numbered.

``[^id]: …`` begins a note; lines indented by four spaces go on with it, in as many
paragraphs as it needs. ``[^id]`` calls it, once, from the text of the same section.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from lxml import etree

from makeready.book.model import Element, Note
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import CALL, REF
from makeready.manuscript.sanitise import take_out
from makeready.manuscript.source import TAB_WIDTH, Lines
from makeready.manuscript.suppressed import MissingTargets

_DEFINITION = re.compile(r"[ ]{0,3}\[\^(?P<id>[^\]\s]+)\]:[ ]*(?P<text>.*)$")
_INDENT = " " * TAB_WIDTH
_BLOCK = re.compile(r"[ ]{0,3}(?:#{1,6} |>|[-*+] |\d{1,3}\. |/{3,}|\[[^\]]+\]:|\*\[)")


@dataclass(frozen=True, slots=True)
class Definition:
    """A note as it is written: its text, and the line it begins on."""

    id: str
    line: int
    lines: Lines


@dataclass(slots=True)
class Calls:
    """The calls of a section, each with its line: of its notes in order, of none, again."""

    order: dict[str, int] = field(default_factory=dict)
    undefined: dict[str, int] = field(default_factory=dict)
    again: list[tuple[str, int]] = field(default_factory=list)


def take_definitions(
    lines: Lines, name: str, findings: Findings, missing_targets: MissingTargets
) -> tuple[Lines, dict[str, Definition]]:
    """Take the notes out of ``lines``; report each that is written twice or is empty."""
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
        end = _end(lines.text, index)
        body = Lines([match["text"]], [line])
        for number in range(index + 1, end):
            body.add(lines.text[number].removeprefix(_INDENT), lines.origin[number])
        if match["id"] in definitions:
            missing_targets.add_from_source(body.text)
        _keep(Definition(match["id"], line, body), definitions, name, findings)
        out.add("", line)
        index = end
    return out, definitions


def _keep(
    note: Definition, definitions: dict[str, Definition], name: str, findings: Findings
) -> None:
    location = SourceLocation(name, note.line)
    if note.id in definitions:
        findings.add("REF-004", location, id=note.id, first=definitions[note.id].line)
        return
    if not any(text.strip() for text in note.lines.text):
        findings.add("REF-012", location, id=note.id)
    definitions[note.id] = note


def _end(text: list[str], start: int) -> int:
    """Return the index after a note's last line."""
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


def number_calls(tree: Element, definitions: dict[str, Definition]) -> Calls:
    """Give the calls of a section their numbers; return what they call."""
    calls = Calls()
    for call in list(tree.iter(CALL)):
        note = str(call.attrib.pop(REF))
        call.tag = "a"
        call.set("class", "noteref")
        line = int(call.get("data-line", "1"))
        if note not in definitions:
            calls.undefined.setdefault(note, line)
        elif note in calls.order:
            calls.again.append((note, line))
        else:
            calls.order[note] = line
            call.set("data-note", str(len(calls.order)))
    return calls


def calls_inside(tree: Element, name: str, findings: Findings) -> set[str]:
    """Report the calls inside a note, and take them out."""
    inside: set[str] = set()
    for call in list(tree.iter(CALL)):
        note = call.get(REF, "")
        inside.add(note)
        line = int(call.get("data-line", "1"))
        findings.add("REF-006", SourceLocation(name, line), id=note)
        take_out(call)
    return inside


def report_calls(
    calls: Calls,
    inside: set[str],
    definitions: dict[str, Definition],
    name: str,
    findings: Findings,
) -> None:
    """Report the calls of no note, the notes that nothing calls, and what is called again.

    A call and a note that miss each other by a letter, or that are alone in it, are one
    slip of the pen, and one finding.
    """
    uncalled = [i for i in definitions if i not in calls.order and i not in inside]
    alone = len(uncalled) == 1 == len(calls.undefined)
    for note, line in calls.undefined.items():
        near = difflib.get_close_matches(note, uncalled, n=1) or (uncalled if alone else [])
        likely = near or difflib.get_close_matches(note, definitions, n=1)
        nearest = f"Did you mean [^{likely[0]}]?" if likely else ""
        findings.add("REF-002", SourceLocation(name, line), id=note, nearest=nearest)
        if near:
            uncalled.remove(near[0])
    for note, line in calls.again:
        findings.add("REF-005", SourceLocation(name, line), id=note, first=calls.order[note])
    for note in uncalled:
        findings.add("REF-003", SourceLocation(name, definitions[note].line), id=note)


def note_of(number: int, tree: Element, line: int) -> Note:
    """Return the note; its ``tree`` is a ``div`` of blocks."""
    if len(tree) == 0:
        etree.SubElement(tree, "p", {"data-line": str(line)}).text = ""
    return Note(number, tree, line)
