"""All checks of a finished EPUB: EPUBCheck, container, accessibility and stores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from makeready.checks.epub.accessibility import check_accessibility
from makeready.checks.epub.container import check_container
from makeready.checks.epub.store_rules import check_common_rules, check_stores
from makeready.external.epubcheck import run_epubcheck
from makeready.findings import Findings
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
) -> None:
    """Check an EPUB of any origin; EPUBCheck's messages keep their ids and severities.

    Without ``stores`` it is checked by what all stores have in common. An archive that would
    unpack to an enormous size is not opened further. Raises
    MissingToolError without Java or EPUBCheck, and EngineError when EPUBCheck fails.
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
    if "EPU-012" in ids:
        return
    duplicates = frozenset[str]().union(*(_DUPLICATES.get(finding.id, ()) for finding in own))
    for finding in run_epubcheck(path, timeout_seconds):
        if finding.id not in _INTENDED | duplicates:
            findings.append(finding)
