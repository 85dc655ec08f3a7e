"""What a book does not say of itself is asked for where it is to be said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typeset_fixtures import read

from makeready.findings import Findings
from makeready.onix.missing_metadata import report_missing

NOBODY = ('\n[[contributors]]\nname = "Somebody"\n', "\n")
UNLISTED = ('language = "en"', 'language = "xx"')


@pytest.mark.parametrize(
    ("change", "rule", "line"), [(NOBODY, "ONX-009", 1), (UNLISTED, "ONX-010", 2)]
)
def test_what_every_book_has(
    broken_book: Callable[..., Path], change: tuple[str, str], rule: str, line: int
) -> None:
    book = broken_book()
    before = told(book)
    listing = (book / "book.toml").read_text("utf-8")
    assert change[0] in listing
    (book / "book.toml").write_text(listing.replace(*change), "utf-8")
    assert told(book) - before == {(rule, line)}


def told(folder: Path) -> set[tuple[str, int | None]]:
    """Return what is asked of a book that has no products, by rule and line."""
    report_missing(read(folder), (), findings := Findings())
    return {(f.id, f.location.line) for f in findings if f.location}
