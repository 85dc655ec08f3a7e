"""Every rule there is has its test, and those of print their line in docs/manual/checks.md."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import ROOT
from makeready.findings import rules_by_id

_ID = re.compile(r"\b[A-Z]{3}-[0-9]{3}\b")
_HERE = Path(__file__)
_CHECKS = ROOT / "scripts" / "makeready" / "checks"
_DESCRIBED = ROOT / "docs" / "manual" / "checks.md"


def _named_in(*paths: Path) -> set[str]:
    return {rule for path in paths for rule in _ID.findall(path.read_text("utf-8"))}


RAISED = sorted(_named_in(*_CHECKS.rglob("*.py")) & rules_by_id().keys())
TESTED = _named_in(*(path for path in (ROOT / "tests").rglob("*.py") if path != _HERE))


def test_the_checks_are_found() -> None:
    assert {"PRN-001", "COV-021", "EPU-001", "STO-001"} <= set(RAISED)


def test_every_rule_has_a_test() -> None:
    assert sorted(rules_by_id().keys() - TESTED) == []


def test_what_is_told_of_the_checks_is_all_there_is() -> None:
    told = {rule for rule in _named_in(_DESCRIBED) if rule[:3] in ("PRN", "COV")}
    assert told <= rules_by_id().keys()
    assert told >= {rule for rule in RAISED if rule[:3] in ("PRN", "COV")}
