"""EPUBCheck: found, run, read; and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_samples import pack, small_epub

from conftest import CACHE
from makeready.bootstrap.system_packages import requirement
from makeready.checks.epub.epub import check_epub
from makeready.errors import EngineError, MissingToolError, UsageError
from makeready.external import epubcheck
from makeready.external.tool import install_hint
from makeready.findings import Findings, Severity


@pytest.mark.slow
def test_its_messages_keep_their_ids_and_are_not_said_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    files = small_epub()
    files["EPUB/nav.xhtml"] = files["EPUB/nav.xhtml"].replace(b'id="here"', b"")
    path = pack(files, tmp_path / "book.epub", compress_mimetype=True)
    findings = Findings()
    check_epub(path, findings)
    assert [(f.id, f.severity, str(f.location)) for f in findings] == [
        ("EPU-002", Severity.ERROR, "book.epub"),
        ("RSC-012", Severity.ERROR, "book.epub/EPUB/nav.xhtml:5"),
    ]
    assert list(here.iterdir()) == []
    assert [entry.name for entry in tmp_path.iterdir() if entry != here] == ["book.epub"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "book",
    [
        "interview",
        "garden",
        pytest.param("lighthouse", marks=pytest.mark.long),
        pytest.param("seedbank", marks=pytest.mark.long),
    ],
)
def test_it_has_nothing_to_say_of_our_books(book: str, request: pytest.FixtureRequest) -> None:
    path = next(request.getfixturevalue(book).glob("*.epub"))
    # A stylesheet is meant to declare its fonts.
    reports = epubcheck.report_cache(CACHE)
    messages = epubcheck.run_epubcheck(path, reports=reports)
    assert [m for m in messages if m.id != "CSS-028"] == []


@pytest.mark.slow
def test_a_file_is_checked_again_when_its_bytes_or_its_name_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "junk.epub"
    path.write_bytes(b"hello")
    reports = epubcheck.report_cache(tmp_path / "cache")
    messages = epubcheck.run_epubcheck(path, reports=reports)
    assert [m.id for m in messages] == ["PKG-003", "PKG-008"]
    runs: list[Path] = []

    def report(path: Path, *_: object) -> dict[str, object]:
        runs.append(path)
        return {"messages": []}

    monkeypatch.setattr(epubcheck, "_report", report)
    assert epubcheck.run_epubcheck(path, reports=reports) == messages
    assert runs == []
    renamed = path.rename(tmp_path / "other.epub")
    assert epubcheck.run_epubcheck(renamed, reports=reports) == []
    renamed.write_bytes(b"hullo")
    assert epubcheck.run_epubcheck(renamed, reports=reports) == []
    assert runs == [renamed, renamed]


def test_a_file_that_is_no_epub(tmp_path: Path) -> None:
    path = tmp_path / "-junk.epub"
    path.write_bytes(b"hello")
    messages = epubcheck.run_epubcheck(path)
    assert [m.id for m in messages] == ["PKG-003", "PKG-008"]
    assert {str(m.location) for m in messages} == {"-junk.epub"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not found: book\.epub"):
        epubcheck.run_epubcheck(tmp_path / "book.epub")


def test_a_run_that_takes_too_long(tmp_path: Path) -> None:
    path = pack(small_epub(), tmp_path / "book.epub")
    epubcheck.java_path()
    with pytest.raises(EngineError, match=r"did not finish book\.epub in 0\.01 s"):
        epubcheck.run_epubcheck(path, timeout_seconds=0.01)


def test_limits_that_epubcheck_reaches_are_findings_beside_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**small_epub(), "EPUB/a*b.txt": b"x"}
    path = pack(files, tmp_path / "book.epub")
    options = tuple(one for one in epubcheck._JVM_OPTIONS if not one.startswith("-Xmx"))
    for limit, seconds, reason in (
        ("-Xmx1g", 0.01, "EPUBCheck did not finish book.epub in 0.01 s"),
        ("-Xmx6m", 100, "EPUBCheck needs more than 1 GB of memory for book.epub"),
    ):
        monkeypatch.setattr(epubcheck, "_JVM_OPTIONS", (*options, limit))
        findings = Findings()
        check_epub(path, findings, seconds)
        found = {one.id: one for one in findings}
        assert "EPU-009" in found
        assert found["EPU-018"].message == f"The check did not finish: {reason}."
        assert str(found["EPU-018"].location) == "book.epub"


@pytest.mark.parametrize("stub", [None, "exit 1"])
def test_without_java_the_command_that_installs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stub: str | None
) -> None:
    if stub:
        java = tmp_path / "java"
        java.write_text(f"#!/bin/sh\n{stub}\n")
        java.chmod(0o755)
    path = pack(small_epub(), tmp_path / "book.epub")
    monkeypatch.setenv("PATH", str(tmp_path))
    epubcheck.java_path.cache_clear()
    try:
        with pytest.raises(MissingToolError) as caught:
            epubcheck.run_epubcheck(path)
    finally:
        epubcheck.java_path.cache_clear()
    assert caught.value.hint == f"Install it: {install_hint(requirement('Java'))}"


def test_a_java_that_fails_to_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text('#!/bin/sh\n[ "$1" = -version ] || { echo "out of memory" >&2; exit 3; }\n')
    java.chmod(0o755)
    path = pack(small_epub(), tmp_path / "book.epub")
    monkeypatch.setenv("PATH", str(tmp_path))
    epubcheck.java_path.cache_clear()
    try:
        with pytest.raises(EngineError, match=r"no report on book\.epub \(exit code 3\)") as caught:
            epubcheck.run_epubcheck(path)
    finally:
        epubcheck.java_path.cache_clear()
    assert caught.value.hint == "out of memory"
