"""The pages of a book compared with those at a revision of it in git."""

from __future__ import annotations

import json
from pathlib import Path

import proof_book
import pytest

from conftest import CACHE, makeready


@pytest.mark.long
def test_pages_are_compared_with_those_of_a_revision(tmp_path: Path) -> None:
    book = proof_book.committed(tmp_path)
    where = ("--book", book, "--output", tmp_path / "out", "--cache", CACHE, "--json", "--no-pdf")
    proof_book.write(book, proof_book.FIRST.replace("ninth winter", "last winter", 1))
    run = makeready("diff", "--since", "v1", *where)
    assert run.code == 0, run.err
    data = json.loads(run.out)
    assert data["old"] == "v1 (2026-10-01)"
    assert [(one["change"], one["old_label"]) for one in data["pages"]] == [("changed", "1")]
    (page,) = data["pages"]
    assert len(page["old_boxes"]) == len(page["new_boxes"]) == 1
    assert not (tmp_path / "out").exists()


def test_an_unknown_revision_is_an_error(tmp_path: Path) -> None:
    book = proof_book.committed(tmp_path)
    where = ("--book", book, "--output", tmp_path / "out", "--cache", CACHE)
    unknown = makeready("diff", "--since", "v9", *where)
    assert unknown.code == 2
    assert "Git knows no revision “v9”" in unknown.err
