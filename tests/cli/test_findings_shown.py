"""Findings as a reader sees them: each fault once, short, harmless to a terminal, with editions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CACHE, Run, makeready
from makeready.build.request import BuildResult
from makeready.cli.gathered_findings import gathered
from makeready.cli.reporter import MAX_FINDINGS, Reporter, json_data
from makeready.findings import Finding, Findings, Severity, SourceLocation


def finding(path: str, line: int, message: str = "Same.", rule: str = "MAN-024") -> Finding:
    return Finding(rule, Severity.ERROR, message, "Do it.", SourceLocation(path, line))


def shown(*findings: Finding) -> list[tuple[str, str]]:
    return [(str(one.finding.location), one.places) for one in gathered(findings)]


def test_a_few_equal_findings_are_listed_one_by_one() -> None:
    few = [finding("a.md", line) for line in (3, 5, 9)]
    assert shown(*few) == [("a.md:3", ""), ("a.md:5", ""), ("a.md:9", "")]


def test_many_equal_findings_are_one_for_each_file() -> None:
    many = [finding("a.md", line) for line in (7, 5, 9)]
    many += [finding("b.md", 2), finding("a.md", 6, "Another.")]
    assert shown(*many) == [("a.md:5", "×3; first at line 5"), ("b.md:2", ""), ("a.md:6", "")]


def test_equal_findings_in_many_files_are_one() -> None:
    many = [finding(f"{name}.md", 4) for name in "abcd"]
    assert shown(*many) == [("a.md:4", "×4 in 4 files; first at line 4")]


def test_findings_that_differ_are_never_gathered() -> None:
    many = [finding("a.md", 4, f"Word {number}.") for number in range(9)]
    many += [finding("a.md", 4, "Word 1.", "MAN-025")]
    assert len(shown(*many)) == 10


def test_one_fault_in_several_editions_is_one_finding_that_names_them() -> None:
    findings = Findings()
    for edition in ("paperback", "hardback"):
        found = Findings()
        found.append(finding("a.md", 4))
        findings.extend(found, edition)
    findings.append(finding("b.md", 4))
    assert [one.editions for one in findings] == [("paperback", "hardback"), ()]
    findings.drop(next(iter(findings)))
    assert [str(one.location) for one in findings] == ["b.md:4"]


def test_a_value_named_edition_is_the_edition_of_the_finding() -> None:
    findings = Findings()
    findings.add("PRN-020", edition="paperback", problem="no.", hint="")
    assert next(iter(findings)).editions == ("paperback",)


@pytest.mark.parametrize(
    ("message", "path", "expected"),
    [
        ("Too wide.", "chapter-1.md", " (paperback, a)"),
        ("Edition paperback: too wide in a book.", "chapter-1.md", " (a)"),
        ("Too wide.", "leaflet-paperback.pdf", " (a)"),
        ("Too wide.", "leaflet-paperback-cover.pdf", " (a)"),
        ("The editions “a” and “paperback” have one ISBN.", "book.toml", ""),
    ],
)
def test_an_edition_is_named_where_nothing_else_names_it(
    message: str, path: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one = Finding(
        "LAY-005", Severity.ERROR, message, "", SourceLocation(path, 4), ("paperback", "a")
    )
    Reporter(Path("b"), Path("o")).findings([one], notes=False)
    first = capsys.readouterr().err.splitlines()[0]
    assert first.endswith(f":4: error LAY-005: {message}{expected}")


def test_json_has_every_finding_up_to_a_limit_that_it_tells() -> None:
    notes = [
        Finding("MAN-019", Severity.NOTE, f"Query {number}.", "", None)
        for number in range(MAX_FINDINGS)
    ]
    data = json_data(BuildResult(findings=tuple(notes)))
    assert len(data["findings"]) == MAX_FINDINGS  # type: ignore[arg-type]
    assert "findings_left_out" not in data
    data = json_data(BuildResult(findings=(*notes, finding("a.md", 1))))
    found = data["findings"]
    assert isinstance(found, list)
    assert (len(found), found[0]["id"]) == (MAX_FINDINGS, "MAN-024")
    assert data["findings_left_out"] == 1


def build(book: Path, output: Path, *more: str) -> Run:
    return makeready("build", "--book", book, "--output", output, "--cache", CACHE, *more)


def test_a_fault_of_pages_names_its_editions_once(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.write('\n[editions.hardback]\nkind = "print"\ntrim = "6x9in"\n')
    text = "# Two\n\n" + "\n\n".join(f"Paragraph {number} is \U0001fbff." for number in range(12))
    (book / "chapter-2.md").write_text(text, "utf-8")
    run = build(book, tmp_path / "out", "--kind", "print")
    errors = [line for line in run.err.splitlines() if " error " in line]
    assert len(errors) == 1, run.err
    assert errors[0].startswith(f"{book.as_posix()}/chapter-2.md:3: error LAY-003: ")
    assert errors[0].endswith("(paperback, hardback; ×12; first at line 3)")
    assert run.err.splitlines()[-1].startswith("12 errors")
    data = json.loads(build(book, tmp_path / "out", "--kind", "print", "--json").out)
    lines = [f["line"] for f in data["findings"] if f["id"] == "LAY-003"]
    assert lines == list(range(3, 27, 2))
    assert {tuple(f["editions"]) for f in data["findings"] if f["id"] == "LAY-003"} == {
        ("paperback", "hardback")
    }


def test_a_message_has_little_of_the_authors_text_and_no_control_characters(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    text = f"# Two\n\nThe [end](#{'x' * 900}) is [here](#\u202e\u009b31mred).\n\n# 2\u202e title\n"
    (book / "chapter-2.md").write_text(text, "utf-8")
    toml = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(toml.replace('"generic"', '"\\u001b]0;evil\\u0007"'), "utf-8")
    run = build(book, tmp_path / "out")
    assert run.code == 1
    for line in run.err.splitlines():
        assert line.isprintable(), line
        assert line.count("x") < 210
    assert "\\u202e" in run.err
