"""How many letters fit on a line of titles and running heads: the table ``[letters]``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from makeready.book.style_files import StyleFile, StyleTable

_Letters = Annotated[int, Field(ge=5, le=200)]


class LetterCounts(StyleTable):
    """The table ``[letters]`` of ``measures.toml``.

    ``head`` and ``long_head`` are of running heads on narrow and wide pages, ``title`` of a
    section's title, by default as many as the theme says, ``book_title``, ``long_book_title`` and
    ``subtitle`` of the title page, and ``cover_title`` of the cover.
    """

    head: _Letters = 34
    long_head: _Letters = 48
    title: _Letters | None = None
    book_title: _Letters = 22
    long_book_title: _Letters = 36
    subtitle: _Letters = 26
    cover_title: _Letters = 18


class _File(StyleTable):
    model_config = ConfigDict(extra="ignore")

    letters: LetterCounts | None = None


def read_letter_counts(paths: Sequence[Path]) -> LetterCounts:
    """Return the counts of the last file that has the table; FindingsError if it is invalid."""
    tables = [StyleFile(path).read(_File).letters for path in paths]
    return next((table for table in reversed(tables) if table is not None), LetterCounts())
