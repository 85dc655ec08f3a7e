"""Findings that a book accepts are dropped, those it names and no others."""

from __future__ import annotations

import pytest

from makeready.book.model import Edition, EditionKind, Ignore
from makeready.build.manifest import Artefact
from makeready.build.request import apply_ignores, passes, report_not_made
from makeready.findings import Findings, SourceLocation

ONE, TWO, NOWHERE = SourceLocation("chapter-1.md", 3), SourceLocation("chapter-2.md", 5), None


def three_findings() -> Findings:
    findings = Findings()
    for location in (ONE, TWO, NOWHERE):
        findings.add("MAN-007", location)
    return findings


def ignore(rule: str = "MAN-007", path: str = "") -> Ignore:
    return Ignore(rule, "It is known.", path, line=12)


@pytest.mark.parametrize(
    ("accepted", "left"),
    [
        ([], [ONE, TWO, NOWHERE]),
        ([ignore()], []),
        ([ignore(path="chapter-2.md")], [ONE, NOWHERE]),
        ([ignore(path="chapter-1.md"), ignore(path="chapter-2.md")], [NOWHERE]),
    ],
)
@pytest.mark.parametrize("report_unused", [False, True])
def test_an_ignore_drops_what_it_names(
    accepted: list[Ignore], left: list[SourceLocation | None], report_unused: bool
) -> None:
    findings = three_findings()
    apply_ignores(accepted, findings, report_unused=report_unused)
    assert [finding.location for finding in findings] == left
    assert {finding.id for finding in findings} <= {"MAN-007"}
    assert passes(accepted, three_findings()) is (not left)


@pytest.mark.parametrize("unused", [ignore(path="chapter-3.md"), ignore("MAN-006")])
def test_an_ignore_that_drops_nothing_is_reported_if_asked(unused: Ignore) -> None:
    for report_unused in (False, True):
        findings = three_findings()
        apply_ignores([unused], findings, report_unused=report_unused)
        more = [(f.id, str(f.location)) for f in list(findings)[3:]]
        assert more == [("MET-090", "book.toml:12")] * report_unused
        assert not passes([unused], findings)


def test_an_edition_that_was_not_written_for_no_reason_is_reported() -> None:
    editions = (Edition("hardback", EditionKind.PRINT), Edition("ebook", EditionKind.EPUB))
    written = (Artefact("b.epub", "ebook", "epub", None, 1, ""),)
    findings = Findings()
    report_not_made(editions, written, findings)
    assert [(f.id, "hardback" in f.message) for f in findings] == [("MET-094", True)]
    # Where an error is left, that is the reason.
    findings = three_findings()
    report_not_made(editions, (), findings)
    assert len(findings) == 3


def test_a_warning_does_not_keep_an_edition_back() -> None:
    findings = Findings()
    findings.add("MET-092", ONE)
    assert passes([], findings)
