"""The faults that a foreign book has itself: dead links, missing images, unknown references.

In a book of ours each of them is an error. One that is brought comes as it is in its own tool,
which sets such places as plain text, and the report names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from makeready.book.config import read_config
from makeready.findings import Finding, Findings
from makeready.importing.fault_repairs import RULES, repaired
from makeready.importing.imported_book import LeftOut
from makeready.manuscript.cited_works import read_works
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections

_MOST_ROUNDS = 4
"""A repair can show another fault, as when what follows a block without an end is read."""


def repair_faults(
    folder: Path,
    sources: Mapping[str, str],
    *,
    is_one_page: bool,
    cache: Path | None = None,
) -> tuple[LeftOut, ...]:
    """Repair the faults of a new book in its texts; return each, with its place in the original.

    ``sources`` are the names of original files by those of the book, where they differ. ``cache``
    is the folder for sections that are read.
    """
    unchanged = UnchangedSections(cache) if cache is not None else None
    config = read_config(folder, Findings())
    works = read_works(folder, config.citations if config else None, Findings())
    done: dict[LeftOut, None] = {}
    for _ in range(_MOST_ROUNDS):
        findings = Findings()
        read_book(folder, findings, unchanged_sections=unchanged)
        is_changed = False
        for name, faults in _by_file(findings).items():
            path = folder / name
            try:
                text = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            repair = repaired(text, faults, is_one_page=is_one_page, works=works)
            if repair.text != text:
                path.write_text(repair.text, "utf-8")
                is_changed = True
                for line, what in repair.done:
                    done.setdefault(LeftOut(sources.get(name, name), line, what))
        if not is_changed:
            break
    return tuple(sorted(done, key=lambda each: (each.path, each.line)))


def _by_file(findings: Findings) -> dict[str, list[Finding]]:
    faults: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.id in RULES and finding.location is not None:
            faults.setdefault(finding.location.path, []).append(finding)
    return faults
