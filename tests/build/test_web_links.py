"""Links to the web: on paper their addresses are lost, unless the text shows them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_book import write_book

from conftest import CACHE, makeready
from makeready.build.web_links import report_hidden_addresses
from makeready.findings import Findings
from makeready.manuscript.reader import read_book

BOOK = """\
title = "Links"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]

[[contributors]]
name = "Ann Writer"

[editions.paperback]
kind = "print"
printer = "generic"

[editions.screen]
kind = "screen"
"""
GUIDE = "The [guide](https://example.org/guide) to it."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GUIDE, [5]),
        (f"Words.\n\n{GUIDE}\n\n{GUIDE}", [7]),
        (f"A note.[^1]\n\n[^1]: {GUIDE}", [7]),
        ("<https://example.org/a>", []),
        ("https://www.example.org/a/", []),
        ("[example.org/a](https://www.example.org/a/)", []),
        ("[The guide, https://example.org](https://example.org)", []),
        ("[Ann](mailto:ann@example.org)", []),
    ],
)
def test_links_without_an_address_are_found(text: str, found: list[int], tmp_path: Path) -> None:
    book = read_book(
        write_book(tmp_path, {"book.toml": BOOK, "chapter-1.md": f"# One\n\nText.\n\n{text}\n"}),
        Findings(),
    )
    assert book is not None
    findings = Findings()
    report_hidden_addresses(book, findings)
    assert [one.location and one.location.line for one in findings] == found


@pytest.mark.slow
def test_they_are_told_of_a_printed_book_alone(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", {"book.toml": BOOK, "chapter-1.md": f"# One\n\n{GUIDE}\n"})
    for edition, expected in (("paperback", ["chapter-1.md"]), ("screen", [])):
        where = ("--book", book, "--output", tmp_path / edition, "--cache", CACHE, "--json")
        run = makeready("build", edition, *where)
        assert run.code == 0, run.err
        found = [one for one in json.loads(run.out)["findings"] if one["id"] == "LAY-018"]
        assert [one["path"] for one in found] == expected
