"""Directives of MyST: their first line, their options, and the lines of their content.

They stand in fences of back-ticks or of colons, with options on the first lines, ``:name: tbl-a``
or between ``---``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.rules_block import StateBlock

from makeready.manuscript.parse_run import line_start, line_text, run_of

OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*))?$")
_YAML_OPTION = re.compile(r"([\w-]+):(?:[ \t]+(.*))?$")
_LONGEST_OPTION = 2_000
_REPORTED = "directives that were reported"


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

    @property
    def is_empty(self) -> bool:
        """Whether it has no lines of content."""
        return self.first >= self.stop

    def attributes(self) -> dict[str, str]:
        """Return the attributes of what it stands for."""
        label = self.options.get("name") or self.options.get("label", "")
        found = {"id": "-".join(label.split())}
        found["class"] = self.options.get("class", "").replace(",", " ")
        return {key: value for key, value in found.items() if value}


def directive_of(state: StateBlock, name: str, argument: str, start: int, stop: int) -> Directive:
    """Return the directive that begins on a line, with its options."""
    argument = argument.strip()
    at = line_start(state, start)
    if argument:
        at = max(state.src.find(argument, at, state.eMarks[start]), at)
    directive = Directive(name, start, start + 1, stop, argument, at)
    directive.first = _read_options(state, directive)
    while directive.first < stop and state.isEmpty(directive.first):
        directive.first += 1
    return directive


def _read_options(state: StateBlock, directive: Directive) -> int:
    """Read the options of a directive; return the line after them."""
    line, stop, name = directive.first, directive.stop, ""
    is_yaml = line < stop and line_text(state, line).rstrip() == "---"
    pattern = _YAML_OPTION if is_yaml else OPTION
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


def report_left_out(state: StateBlock, directive: Directive, reason: str) -> None:
    """Report a directive that is not read, once for each name in a text."""
    reported: set[tuple[str, str]] = state.env.setdefault(_REPORTED, set())
    if (directive.name, reason) not in reported:
        reported.add((directive.name, reason))
        at = line_start(state, directive.start)
        run_of(state).report("MAN-057", at, name=directive.name, reason=reason)
