"""Footnotes: their definitions taken out of the text, their calls numbered.

``[^id]: …`` begins a note; lines indented by four spaces go on with it, in as many
paragraphs as it needs. ``[^id]`` calls it, once, from the text of the same section.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from lxml import etree

from makeready.book.model import Element, Note
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.sanitise import take_out
from makeready.manuscript.source import TAB_WIDTH, Lines
from makeready.manuscript.vocabulary import CALL, REF

_DEFINITION = re.compile(r"[ ]{0,3}\[\^(?P<id>[^\]\s]+)\]:[ ]*(?P<text>.*)$")
_INDENT = " " * TAB_WIDTH
_BLOCK = re.compile(r"[ ]{0,3}(?:#{1,6} |>|[-*+] |\d{1,3}\. |/{3,}|\[[^\]]+\]:|\*\[)")


@dataclass(frozen=True, slots=True)
class Definition:
    """A note as it is written: its text, and the line it begins on."""

    id: str
    line: int
    lines: Lines


def take_definitions(
    lines: Lines, name: str, findings: Findings
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


def number_calls(
    tree: Element,
    definitions: dict[str, Definition],
    name: str,
    findings: Findings,
) -> list[str]:
    """Give the calls of a section their numbers; return the ids of their notes, in order."""
    order: dict[str, int] = {}
    for call in list(tree.iter(CALL)):
        note = str(call.attrib.pop(REF))
        call.tag = "a"
        call.set("class", "noteref")
        line = int(call.get("data-line", "1"))
        location = SourceLocation(name, line)
        if note not in definitions:
            near = difflib.get_close_matches(note, definitions, n=1)
            nearest = f"Did you mean [^{near[0]}]?" if near else ""
            findings.add("REF-002", location, id=note, nearest=nearest)
        elif note in order:
            findings.add("REF-005", location, id=note, first=order[note])
        else:
            order[note] = line
            call.set("data-note", str(len(order)))
    return list(order)


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


def report_uncalled(
    definitions: dict[str, Definition], called: set[str], name: str, findings: Findings
) -> None:
    """Report the notes that nothing calls."""
    for note in definitions.values():
        if note.id not in called:
            findings.add("REF-003", SourceLocation(name, note.line), id=note.id)


def note_of(number: int, tree: Element, line: int) -> Note:
    """Return the note; its ``tree`` is a ``div`` of blocks."""
    if len(tree) == 0:
        etree.SubElement(tree, "p", {"data-line": str(line)}).text = ""
    return Note(number, tree, line)
