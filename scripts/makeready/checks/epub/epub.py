"""All checks of a finished EPUB: EPUBCheck, container, accessibility and stores."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from makeready.cache import DiskCache
from makeready.checks.epub.accessibility import check_accessibility
from makeready.checks.epub.container import check_container
from makeready.checks.epub.document_types import external_addresses
from makeready.checks.epub.publication import UnreadableError, reading_archive
from makeready.checks.epub.store_rules import check_common_rules, check_stores
from makeready.errors import EngineError
from makeready.external.epubcheck import run_epubcheck
from makeready.findings import Findings, SourceLocation
from makeready.stores.store import Store, stores_named

# CSS-028 only notes that a stylesheet declares fonts.
_INTENDED = frozenset({"CSS-028"})
# Messages of EPUBCheck that repeat a finding of ours.
_DUPLICATES = {
    "EPU-001": frozenset({"PKG-003", "PKG-004", "PKG-008", "RSC-002"}),
    "EPU-002": frozenset({"PKG-005", "PKG-006", "PKG-007"}),
    "EPU-009": frozenset({"PKG-009", "PKG-010", "PKG-011", "OPF-060"}),
}


def check_epub(
    path: Path,
    findings: Findings,
    timeout_seconds: float = 300,
    stores: Sequence[Store] = (),
    reports: DiskCache | None = None,
) -> None:
    """Check an EPUB of any origin; EPUBCheck's messages keep their ids and severities.

    Without ``stores`` it is checked by what all stores have in common. An archive that would
    unpack to an enormous size is not opened further, and EPUBCheck gets none that would make it
    fetch something. ``reports`` keeps EPUBCheck's reports. Raises MissingToolError without Java
    or EPUBCheck.
    """
    own = Findings()
    check_container(path, own)
    ids = {finding.id for finding in own}
    if ids.isdisjoint({"EPU-001", "EPU-012"}):
        check_accessibility(path, path.name, own)
        if stores:
            check_stores(path, stores, own)
        else:
            check_common_rules(path, stores_named(()), own)
    for finding in own:
        findings.append(finding)
    if "EPU-012" in ids or not _fetches_nothing(path, findings):
        return
    duplicates = frozenset[str]().union(*(_DUPLICATES.get(finding.id, ()) for finding in own))
    try:
        messages = run_epubcheck(path, timeout_seconds, reports)
    except EngineError as error:
        reason, hint = error.message.rstrip("."), error.hint
        findings.add("EPU-018", SourceLocation(path.name), reason=reason, hint=hint)
        return
    for finding in messages:
        if finding.id not in _INTENDED | duplicates:
            findings.append(finding)


def _fetches_nothing(path: Path, findings: Findings) -> bool:
    """Return whether EPUBCheck would fetch nothing; report each address that it would fetch."""
    try:
        with reading_archive(), zipfile.ZipFile(path) as archive:
            named = list(external_addresses(archive))
    except UnreadableError:
        # It is reported, and EPUBCheck cannot read it either.
        return True
    for one in named:
        location = SourceLocation(f"{path.name}/{one.path}", one.line)
        findings.add("EPU-017", location, address=one.address)
    return not named
