"""Open queries: listed, and refused where a book is released."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CACHE, Run, makeready
from makeready.build.open_queries import report_open_queries
from makeready.build.request import BuildRequest
from makeready.findings import Findings
from makeready.manuscript.reader import read_book

LISTED = """\
chapter-1.md:3: Is this so?
chapter-1.md:5: “a fig” instead of “an apple”
2 open queries
"""
REFUSED = ("MAN-096", "chapter-1.md", 3)


def run(command: str, book: Path, output: Path, *more: str) -> Run:
    return makeready(command, *more, "--book", book, "--output", output, "--cache", CACHE)


def with_queries(book: Path) -> Path:
    (book / "chapter-1.md").write_text(
        "# One\n\nIt was late{>> Is this so? <<}.\n\nShe ate {~~an apple~>a fig~~}.\n", "utf-8"
    )
    return book


def test_queries_are_listed(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = with_queries(broken_book())
    listed = run("queries", book, tmp_path / "out")
    assert listed.code == 0
    assert listed.out == LISTED.replace("chapter", f"{book.as_posix()}/chapter")
    assert run("queries", book, tmp_path / "out", "--strict").code == 1
    data = json.loads(run("queries", book, tmp_path / "out", "--json").out)["queries"]
    assert [(one["kind"], one["line"], one["section"]) for one in data] == [
        ("query", 3, "One"),
        ("replacement", 5, "One"),
    ]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("accepted", "wanted"), [(False, [("MAN-096", "chapter-1.md", 3)]), (True, [])]
)
def test_open_queries_are_an_error_unless_accepted(
    broken_book: Callable[..., Path], tmp_path: Path, accepted: bool, wanted: list[object]
) -> None:
    findings, folder = Findings(), with_queries(broken_book())
    book = read_book(folder, Findings())
    assert book is not None
    request = BuildRequest(folder, tmp_path, tmp_path, open_queries=accepted)
    report_open_queries(request, book, findings)
    places = [(one.id, one.location) for one in findings]
    assert [(rule, at.path, at.line) for rule, at in places if at is not None] == wanted
    assert [one.message for one in findings] == (
        [] if accepted else ["The book has 1 open question and 1 suggested change."]
    )


@pytest.mark.long
def test_a_release_is_refused_until_queries_are_answered_or_accepted(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = with_queries(broken_book()), tmp_path / "out"
    release = ("--release", "--kind", "epub", "--no-page-list", "--json")
    (book / "chapter-2.md").write_text("# Two\n\nA.\n", "utf-8")
    refused = run("build", book, output, *release)
    assert refused.code == 1
    assert REFUSED in refused.findings
    assert not list(output.iterdir())
    built = run("build", book, output, *release, "--open-queries")
    assert REFUSED not in built.findings
    assert (output / "leaflet.epub").exists()
    assert REFUSED in run("kit", book, output, "--json").findings
    accepted = run("kit", book, output, "--open-queries", "--json")
    assert REFUSED not in accepted.findings
    with (book / "book.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[[ignore]]\nid = "MAN-096"\nreason = "A sample."\n')
    assert REFUSED not in run("kit", book, output, "--json").findings
    again = run("build", book, output, "--kind", "epub", "--no-page-list", "--json")
    assert "MET-090" not in [rule for rule, *_ in again.findings]
