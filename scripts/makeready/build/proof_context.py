"""What a proof says of its book: the revision in git, and what changed since another one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.model import Book
from makeready.build.request import BuildRequest
from makeready.errors import MissingToolError, UsageError
from makeready.external.git import Commit, Repository, repository_of
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.proofs.changed_settings import changed_settings
from makeready.proofs.changes import Change, changes_between

_MOST_SETTINGS = 12
NOT_IN_GIT = "without a date: the book is not in git"
NOT_COMMITTED = "without a date: the book is not committed"


@dataclass(frozen=True, slots=True)
class ProofContext:
    """The date of a proof in words, the revision that it is compared with, and the changes since.

    ``watermark`` is across every page, if it is not empty. ``settings`` are those that changed.
    """

    dated: str
    watermark: str
    since: str = ""
    since_dated: str = ""
    changes: tuple[Change, ...] = field(default=())
    settings: tuple[str, ...] = ()


def proof_context(request: BuildRequest, book: Book) -> ProofContext:
    """Return what a requested proof says; UsageError for a revision that git does not know."""
    assert request.proof is not None
    since, watermark = request.proof.since, request.proof.watermark
    repository = _repository(book.root, is_needed=bool(since))
    dated = _dated(repository)
    if not since:
        return ProofContext(dated, watermark)
    if repository is None:
        raise UsageError(
            f"{book.root.as_posix()} is not in a git repository, so nothing is known of “{since}”.",
            "Leave --since out, or make a repository: git init, git add ., git commit.",
        )
    commit = repository.commit(since)
    with tempfile.TemporaryDirectory(prefix="makeready-") as name:
        folder = Path(name)
        old = _book_at(repository, commit, folder)
        changes = tuple(changes_between(old, book))
        settings = tuple(changed_settings(folder, book.root))
    dated_since = f"{commit.short}, {commit.day}"
    return ProofContext(dated, watermark, since, dated_since, changes, settings)


def _book_at(repository: Repository, commit: Commit, folder: Path) -> Book:
    """Write the book as it was at a commit to a folder, and read it; UsageError if it cannot be."""
    repository.export(commit, folder)
    findings = Findings()
    book = read_book(folder, findings)
    if book is None:
        reason = next((one.message for one in findings.errors), "it has no book.toml")
        raise UsageError(
            f"The book at {commit.short} cannot be read: {reason}", "Name a later revision."
        )
    return book


def settings_in_words(settings: Sequence[str]) -> str:
    """Return a sentence of the settings that changed; empty if none did."""
    if not settings:
        return ""
    more = len(settings) - _MOST_SETTINGS
    shown = [*settings[:_MOST_SETTINGS], *([f"{more} more"] if more > 0 else [])]
    return f"Settings changed too, which have no bars: {', '.join(shown)}."


def _repository(folder: Path, *, is_needed: bool) -> Repository | None:
    try:
        return repository_of(folder)
    except MissingToolError:
        if is_needed:
            raise
        return None


def _dated(repository: Repository | None) -> str:
    """Return the last commit of the book in words; the clock does not matter."""
    if repository is None:
        return NOT_IN_GIT
    commit = repository.last_commit()
    if commit is None:
        return NOT_COMMITTED
    changed = " with changes" if repository.changed_since(commit) else ""
    return f"{commit.day} · {commit.short}{changed}"
