"""Git of a stranger's book: objects are read, and no program that its settings name is run."""

from __future__ import annotations

from pathlib import Path

import proof_book
import pytest
from proof_book import git

from makeready.errors import UsageError
from makeready.external.git import repository_of


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return proof_book.committed(tmp_path)


def test_no_program_of_the_repository_is_run(book: Path, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{touched}'\ncat\n", "utf-8")
    program.chmod(0o755)
    (book / ".gitattributes").write_text("* diff=evil filter=evil\n", "utf-8")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Two")
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "gpg.program"),
        *("diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge"),
    ):
        git(tmp_path, "config", key, str(program))
    git(tmp_path, "config", "log.showSignature", "true")
    git(tmp_path, "config", "filter.evil.required", "true")
    (tmp_path / ".git" / "hooks" / "post-index-change").symlink_to(program)
    touched.unlink(missing_ok=True)
    repository = repository_of(book)
    assert repository is not None
    commit = repository.last_commit()
    assert commit is not None
    assert not repository.changed_since(commit)
    repository.export(repository.commit("v1"), tmp_path / "old")
    assert (tmp_path / "old" / "chapter-1.md").read_text("utf-8") == proof_book.FIRST + "\n"
    assert not touched.exists()


def test_a_link_in_a_revision_is_left_out(book: Path, tmp_path: Path) -> None:
    (book / "chapter-3.md").symlink_to("/etc/hosts")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Two")
    repository = repository_of(book)
    assert repository is not None
    repository.export(repository.commit("HEAD"), tmp_path / "old")
    assert sorted(path.name for path in (tmp_path / "old").iterdir()) == [
        "book.toml",
        "chapter-1.md",
        "chapter-2.md",
    ]


def test_the_book_is_compared_with_its_commit(book: Path) -> None:
    repository = repository_of(book)
    assert repository is not None
    commit = repository.last_commit()
    assert commit is not None
    assert commit.day == "2026-10-01"
    text = (book / "chapter-1.md").read_bytes()
    (book / "chapter-1.md").write_bytes(text.replace(b"\n", b"\r\n"))
    assert not repository.changed_since(commit)
    (book / "chapter-1.md").write_bytes(text + b"More.\n")
    assert repository.changed_since(commit)


@pytest.mark.parametrize("name", ["v2", "", "--all", "-v1", "HEAD:book.toml", "a\0b", "v1;ls"])
def test_what_is_no_revision_is_refused(book: Path, name: str) -> None:
    repository = repository_of(book)
    assert repository is not None
    with pytest.raises(UsageError, match="Git knows no revision"):
        repository.commit(name)


def test_a_folder_outside_a_repository_has_none(tmp_path: Path) -> None:
    assert repository_of(tmp_path) is None
