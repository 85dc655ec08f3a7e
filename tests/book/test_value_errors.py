"""The problem of a value that is not allowed is said in our own words, not in pydantic's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from makeready.book.config import read_config
from makeready.book.schema import (
    AccessibilityFields,
    BookFile,
    ContributorFields,
    CoverFields,
    EditionFields,
    IgnoreFields,
    SeriesFields,
    TypographyFields,
)
from makeready.findings import Findings

BEFORE = 'bodymatter = ["chapter-1"]\nmodified = 2026-01-01\n'
TABLES: list[tuple[str, str, type[BaseModel]]] = [
    ("", 'title = "T"\n', BookFile),
    ("[[contributors]]", 'name = "A"\n', ContributorFields),
    ("[series]", 'title = "S"\n', SeriesFields),
    ("[editions.paper]", 'kind = "print"\n', EditionFields),
    ("[cover]", "", CoverFields),
    ("[accessibility]", 'certified_by = "A"\n', AccessibilityFields),
    ("[typography]", "", TypographyFields),
    ("[[ignore]]", 'id = "LAY-001"\nreason = "R"\n', IgnoreFields),
]
VALUES = ("3", "2.5", "true", '"?"', "[3]", "{ a = 3 }", "2026-01-01", "nan", '""')


def messages(folder: Path, text: str) -> list[str]:
    (folder / "book.toml").write_text(text, "utf-8")
    findings = Findings()
    read_config(folder, findings)
    return [finding.message for finding in findings if finding.id == "MET-005"]


@pytest.mark.parametrize(("table", "required", "model"), TABLES, ids=lambda t: str(t)[:16])
def test_every_key_says_what_it_must_be(
    table: str, required: str, model: type[BaseModel], tmp_path: Path
) -> None:
    found = []
    for key in model.model_fields:
        for value in VALUES:
            lines = [line for line in required.splitlines() if not line.startswith(f"{key} =")]
            before = [line for line in BEFORE.splitlines() if table or not line.startswith(key)]
            title = ['title = "T"'] if table else []
            text = "\n".join([*title, *before, table, *lines, f"{key} = {value}"])
            found += messages(tmp_path, text)
    assert found
    for message in found:
        assert "nput" not in message, message
        assert " must " in message, message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("subtitle = 3", "“subtitle” must be text in quotes, not 3."),
        ("subjects = 3", "“subjects” must be a list, not 3."),
        ("subjects = [3]", "“subjects” has an item that must be text in quotes, not 3."),
        ("cover = []", "“cover” must be a table, not a list."),
        ('subtitle = { a = "b" }', "“subtitle” must be text in quotes, not a table."),
        (
            f"[editions.paper]\nkind = {json.dumps('e' * 60)}",
            f"“editions.paper.kind” must be “print”, “screen” or “epub”, not “{'e' * 40}…”.",
        ),
        (
            '[editions.paper]\nkind = "print"\nbleed = "yes"',
            "“editions.paper.bleed” must be true or false, not “yes”.",
        ),
        ('[[ignore]]\nid = "LAY-001"\nreason = " "', "“ignore.reason” must not be empty."),
    ],
)
def test_the_message_has_the_value(line: str, message: str, tmp_path: Path) -> None:
    assert messages(tmp_path, f'title = "T"\n{BEFORE}{line}\n') == [message]
