"""The revisions in git that a book's pages can be compared with, as the page offers them."""

from __future__ import annotations

from pathlib import Path

from makeready.errors import MakereadyError
from makeready.external.git import repository_of

_MOST_TAGS = 12


def known_revisions(book: Path) -> list[tuple[str, str]]:
    """Return the last commit and the newest tags, each with what to call it; none outside git."""
    try:
        repository = repository_of(book)
        if repository is None:
            return []
        last = repository.commit("HEAD")
        tags = repository.newest_tags(_MOST_TAGS)
    except MakereadyError:
        return []
    return [("HEAD", f"the last commit ({last.day})"), *((tag, tag) for tag in tags)]
