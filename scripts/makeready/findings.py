"""Findings of checks: what is wrong, where, and what to do about it.

Every rule is declared once, in the ``rules/`` folder, in a file for each family; code names a
rule by its id and fills in the values. Ids are permanent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.wording import fill_in


class Severity(StrEnum):
    """The severity of a finding: an error stops the build, a warning fails with ``--strict``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A location in the book: a POSIX path relative to its folder, and a line from 1."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


Located = Callable[[SourceLocation | None], SourceLocation | None]


def _as_it_is(location: SourceLocation | None) -> SourceLocation | None:
    return location


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is declared; ``message`` and ``hint`` are templates of ``wording.fill_in``.

    A finding that is not ``ignorable`` leaves nothing to build, or would leave text out of the
    book, so no ``[[ignore]]`` accepts it.
    """

    id: str
    severity: Severity
    message: str
    hint: str
    rationale: str
    source: str
    ignorable: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation of a rule or a note, with the text that is shown.

    ``editions`` are the names of the editions it is about; it is empty for one about the book.
    ``pages`` are in words those of drafts that its line is on, such as “page 12 of paperback”.
    """

    id: str
    severity: Severity
    message: str
    hint: str
    location: SourceLocation | None = None
    editions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@cache
def rules_by_id() -> dict[str, Rule]:
    """Read all rules, by id, family by family."""
    rules: dict[str, Rule] = {}
    folder = files("makeready").joinpath("rules")
    for family in sorted(folder.iterdir(), key=lambda entry: entry.name):
        for rule_id, entry in tomllib.loads(family.read_text("utf-8")).items():
            if rule_id in rules:
                raise ValueError(f"rule {rule_id} is declared twice")
            rules[rule_id] = Rule(
                id=rule_id,
                severity=Severity(entry["severity"]),
                message=entry["message"],
                hint=entry["hint"],
                rationale=entry["rationale"],
                source=entry.get("source", ""),
                ignorable=entry.get("ignorable", True),
            )
    return rules


class Findings:
    """The findings of one run, in the order they were added, without duplicates.

    What is found in several editions is one finding, with the names of all of them. ``located``
    returns the location to show for one that is counted otherwise, as in a section of several
    files.
    """

    def __init__(self, located: Located | None = None) -> None:
        self._located = located or _as_it_is
        self._items: dict[Finding, Finding] = {}
        """Findings by what they are without their editions and pages."""

    def add(
        self, rule_id: str, location: SourceLocation | None = None, **values: object
    ) -> Finding:
        """Add a finding of the rule ``rule_id``, with ``values`` in its templates.

        The value ``edition``, in its templates or not, is the edition it is about.
        """
        rule = rules_by_id()[rule_id]
        edition = values.get("edition")
        values = {
            key: self._located(value) if isinstance(value, SourceLocation) else value
            for key, value in values.items()
        }
        finding = Finding(
            rule.id,
            rule.severity,
            fill_in(rule.message, **values),
            fill_in(rule.hint, **values),
            location,
            (str(edition),) if edition else (),
        )
        return self.append(finding)

    def append(self, finding: Finding) -> Finding:
        """Add a finding as it is, such as one of another tool, under that tool's id."""
        finding = relocated(finding, self._located(finding.location))
        key = _key(finding)
        known = self._items.get(key, key)
        editions = tuple(dict.fromkeys((*known.editions, *finding.editions)))
        pages = tuple(dict.fromkeys((*known.pages, *finding.pages)))
        self._items[key] = replace(key, editions=editions, pages=pages)
        return finding

    def extend(self, others: Findings, edition: str = "") -> None:
        """Add all findings of another run of checks, as those of an edition if one is named."""
        for finding in others:
            named = (*finding.editions, edition) if edition else finding.editions
            self.append(replace(finding, editions=named))

    def drop(self, finding: Finding) -> None:
        """Remove a finding that the book ignores."""
        self._items.pop(_key(finding), None)

    def __iter__(self) -> Iterator[Finding]:
        yield from tuple(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(item.severity is severity for item in self._items)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(item for item in self if item.severity is Severity.ERROR)

    def counts(self) -> dict[str, int]:
        """Count the findings by severity, as ``dist/manifest.json`` has them."""
        return {str(severity): self.count(severity) for severity in Severity}


def _key(finding: Finding) -> Finding:
    return replace(finding, editions=(), pages=()) if finding.editions or finding.pages else finding


def relocated(finding: Finding, location: SourceLocation | None) -> Finding:
    """Return the finding with another location."""
    return finding if finding.location is location else replace(finding, location=location)


def finding_from_dict(data: Mapping[str, Any]) -> Finding:
    """Return the finding whose fields, made by ``dataclasses.asdict``, are in ``data``."""
    location = SourceLocation(**data["location"]) if data["location"] else None
    severity = Severity(data["severity"])
    editions, pages = tuple(data.get("editions", ())), tuple(data.get("pages", ()))
    return Finding(data["id"], severity, data["message"], data["hint"], location, editions, pages)
