"""What the command shows of its work in a pipe, and in a profile."""

import json
import uuid

import pytest

from conftest import CACHE, makeready


@pytest.fixture
def edited_book(broken_book):
    """A book with a chapter that no cache has."""
    book = broken_book()
    chapter = book / "chapter-1.md"
    chapter.write_text(f"{chapter.read_text('utf-8')}\nEdition {uuid.uuid4().hex[:8]}.\n", "utf-8")
    return book


def test_pipe_has_a_line_a_stage_and_profile_tells_their_time(edited_book, tmp_path):
    where = (
        "--kind",
        "print",
        "--book",
        edited_book,
        "--output",
        tmp_path / "out",
        "--cache",
        CACHE,
    )
    run = makeready("build", "--profile", *where)
    assert run.code == 0, run.err
    lines = run.err.splitlines()
    assert lines[:4] == [
        "Reading",
        "Preparing fonts",
        "Typesetting paperback",
        "Merging paperback",
    ]
    assert "Total" in run.err
    assert [line.split()[0] for line in lines if "slowest" in line] == ["slowest"]
    assert [line.split()[:4] for line in lines if "whole" in line] == [
        ["broken", "as", "a", "whole"]
    ]
    run = makeready("build", "--profile", "--json", *where)
    profile = json.loads(run.out)["profile"]
    stages = {(lap["stage"], lap["edition"]) for lap in profile["stages"]}
    assert {("Reading", ""), ("Typesetting", "paperback")} <= stages
    assert {("Merging", "paperback"), ("Writing", "paperback"), ("Checking", "paperback")} <= stages
    assert 0 < sum(lap["seconds"] for lap in profile["stages"]) <= profile["seconds"]
