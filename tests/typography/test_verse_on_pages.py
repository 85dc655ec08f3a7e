"""A stanza that goes on on the next page has two lines at least on either."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_reading import page_texts
from typeset_fixtures import TypesetBook

STANZAS, LINES = 22, 6


@pytest.mark.slow
def test_no_line_of_a_stanza_is_alone(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    folder = broken_book()
    stanzas = (
        "\n".join(f"Of stanza {number} line {line}" for line in range(LINES))
        for number in range(STANZAS)
    )
    verse = "\n\n".join(stanzas)
    (folder / "chapter-1.md").write_text(f"# Verse\n\n/// verse\n{verse}\n///\n", "utf-8")
    pages = [
        Counter(int(number) for number in re.findall(r"Of stanza (\d+) line", text))
        for text in page_texts(TypesetBook(folder, tmp_path / "store").interior())
    ]
    assert sum(pages, Counter()) == dict.fromkeys(range(STANZAS), LINES)
    parts = [count for page in pages for count in page.values() if count < LINES]
    assert parts, "some stanza goes on on the next page"
    assert 1 not in parts
