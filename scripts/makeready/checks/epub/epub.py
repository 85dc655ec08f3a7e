"""The finished EPUB: what EPUBCheck says of it, and what readers and stores ask beyond that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from makeready.checks.epub.accessibility import check_accessibility
from makeready.checks.epub.container import check_container
from makeready.checks.epub.store_rules import check_stores
from makeready.external.epubcheck import run_epubcheck
from makeready.findings import Findings
from makeready.stores.store import Store

# It says only that a stylesheet declares fonts, which this book's is meant to do.
_INTENDED = frozenset({"CSS-028"})
# Messages of EPUBCheck that say what a rule of our own has said, in other words.
_SAID = {
    "EPU-001": frozenset({"PKG-003", "PKG-004", "PKG-008", "RSC-002"}),
    "EPU-002": frozenset({"PKG-005", "PKG-006", "PKG-007"}),
    "EPU-009": frozenset({"PKG-009", "PKG-010", "PKG-011", "OPF-060"}),
}


def check_epub(
    path: Path,
    findings: Findings,
    timeout_seconds: float = 300,
    stores: Sequence[Store] = (),
) -> None:
    """Check an EPUB, a stranger's too; EPUBCheck's messages keep their ids and severities.

    An archive that only claims to be enormous is opened by neither.

    Raises MissingToolError without Java or EPUBCheck, EngineError when it fails.
    """
    own = Findings()
    check_container(path, own)
    ids = {finding.id for finding in own}
    if ids.isdisjoint({"EPU-001", "EPU-012"}):
        check_accessibility(path, path.name, own)
        if stores:
            check_stores(path, stores, own)
    for finding in own:
        findings.append(finding)
    if "EPU-012" in ids:
        return
    said = frozenset[str]().union(*(_SAID.get(finding.id, ()) for finding in own))
    for finding in run_epubcheck(path, timeout_seconds):
        if finding.id not in _INTENDED | said:
            findings.append(finding)
