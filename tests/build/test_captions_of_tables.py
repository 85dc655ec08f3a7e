"""The caption of a table stays with its first row at the foot of a page."""

from __future__ import annotations

from pathlib import Path

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


def test_a_caption_stays_with_its_table(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for lines in LINES_ABOVE:
        above = "\n\n".join(f"Line {line}." for line in range(1, lines))
        rows = "\n".join(f"| Row {row} | x |" for row in range(1, 6))
        table = f"| Head | b |\n|---|---|\n{rows}\n\n: Caption"
        (book / f"chapter-{lines}.md").write_text(f"# Soils\n\n{above}\n\n{table}\n", "utf-8")
    body = ", ".join(f'"chapter-{lines}"' for lines in LINES_ABOVE)
    (book / "book.toml").write_text(TOML.format(body=body), "utf-8")
    output = tmp_path / "out"
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE)
    assert run.code == 0, run.out
    pages = page_texts(output / "tables-paperback.pdf")
    with_caption = [page for page in pages if "Caption" in page]
    assert len(with_caption) == len(LINES_ABOVE)
    assert all("Row 1" in page for page in with_caption)
    # Both kinds of page are among them.
    is_whole = ["Row 5" in page for page in with_caption]
    assert any(is_whole) and not all(is_whole)
