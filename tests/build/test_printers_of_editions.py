"""What an edition's printer does not take is a finding with its line, and no file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CACHE, makeready


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('printer = "generic"', 'printer = "kpd"', ("PRN-020", "book.toml", 13)),
        (
            'printer = "generic"',
            'printer = "kdp"\npaper = "cream"\ntrim = "3x4in"',
            ("PRN-020", "book.toml", 15),
        ),
        ('printer = "generic"', 'printer = "kdp"\npaper = "vellum"', ("PRN-020", "book.toml", 14)),
        (
            'printer = "generic"',
            'printer = "kdp"\npaper = "cream"',
            ("PRN-003", "leaflet-paperback.pdf", None),
        ),
    ],
    ids=["unknown printer", "trim not cut", "no such paper", "too few pages"],
)
def test_refused(
    old: str,
    new: str,
    expected: tuple[str, str, int | None],
    broken_book: Callable[..., Path],
    tmp_path: Path,
) -> None:
    book, output = broken_book(), tmp_path / "out"
    text = (book / "book.toml").read_text("utf-8")
    assert old in text
    (book / "book.toml").write_text(text.replace(old, new), "utf-8")
    run = makeready(
        "build", "paperback", "--book", book, "--output", output, "--cache", CACHE, "--json"
    )
    assert run.code == 1, run.err
    assert run.findings == [expected]
    assert not output.exists() or not list(output.iterdir())
