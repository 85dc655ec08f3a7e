"""The caption of a table or listing stays with its first row or line at the foot of a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_reading import page_texts

from conftest import CACHE, makeready

TOML = """\
title = "Tables"
language = "en"
modified = 2026-11-01
bodymatter = [{body}]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
"""
LINES_ABOVE = range(16, 23)
"""From a table that is begun on its page to one that has no room there."""

ROWS = "\n".join(f"| Row {row} | x |" for row in range(1, 6))
TABLE = f"| Head | b |\n|---|---|\n{ROWS}\n\n: Caption"
CODE = "\n".join(f"row_{row}" for row in range(1, 6))
LISTING = f'```{{.python lst-cap="Sowing" filename="rows.py"}}\n{CODE}\n```'


@pytest.mark.slow
def test_a_caption_stays_with_what_it_is_of(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for lines in LINES_ABOVE:
        above = "\n\n".join(f"Line {line}." for line in range(1, lines))
        for number, block in ((lines, TABLE), (lines + 100, LISTING)):
            (book / f"chapter-{number}.md").write_text(f"# Soils\n\n{above}\n\n{block}\n", "utf-8")
    body = ", ".join(f'"chapter-{lines}", "chapter-{lines + 100}"' for lines in LINES_ABOVE)
    (book / "book.toml").write_text(TOML.format(body=body), "utf-8")
    output = tmp_path / "out"
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE)
    assert run.code == 0, run.out
    pages = page_texts(output / "tables-paperback.pdf")
    for caption, first, last in (("Caption", "Row 1", "Row 5"), ("Sowing", "row_1", "row_5")):
        with_caption = [page for page in pages if caption in page]
        assert len(with_caption) == len(LINES_ABOVE)
        assert all(first in page for page in with_caption)
        # Both kinds of page are among them.
        is_whole = [last in page for page in with_caption]
        assert any(is_whole) and not all(is_whole)
