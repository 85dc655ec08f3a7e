"""A book in git to make proofs of: as it was at the tag v1, and what an editor has done since."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

TOML = """\
title = "A Proof"
language = "en"
modified = 2026-11-01
slug = "proof"
bodymatter = ["chapter-1", "chapter-2"]

[[contributors]]
name = "Somebody"

[editions.paperback]
kind = "print"
printer = "generic"
trim = "5x8in"

[editions.ebook]
kind = "epub"
"""
SENTENCES = (
    "The keeper wrote the hour in the margin of his book before he went to bed.",
    "In the morning the wind had gone round to the north, and the sea was quiet.",
    "Nobody had come by the road since Sunday, and nobody was expected before the spring.",
    "He counted the steps as he went down, and again as he came up with the oil.",
    "It was the ninth winter, and the longest of them all by his own account.",
)
LONG_QUERY = "This is said in chapter 2 already, where the reader learns of it. " * 4


def paragraph(first: int, count: int = 5) -> str:
    return " ".join(SENTENCES[(first + index) % len(SENTENCES)] for index in range(count))


FIRST = "\n\n".join(["# One", *(paragraph(index) for index in range(9))])
SECOND = "\n\n".join(["# Two", *(paragraph(index) for index in range(5))]) + "\n\nAsleep.[^1]\n"
NOTE = "\n[^1]: The note says what the text does not.\n"


def git(folder: Path, *arguments: str) -> str:
    """Run git in a repository as somebody, on one day."""
    day = "2026-10-01T10:00:00Z"
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example")
    return subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day},
    ).stdout.strip()


def write(folder: Path, first: str, second: str = SECOND + NOTE) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "book.toml").write_text(TOML, "utf-8")
    (folder / "chapter-1.md").write_text(first + "\n", "utf-8")
    (folder / "chapter-2.md").write_text(second, "utf-8")


def committed(root: Path) -> Path:
    """Write the book into a repository, and tag it as v1; return its folder."""
    book = root / "books" / "proof"
    write(book, FIRST)
    commit(root)
    return book


def commit(root: Path) -> None:
    """Put a folder into a repository, and tag it as v1."""
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "One")
    git(root, "tag", "v1")


def edited(book: Path) -> None:
    """Edit the book: new words, deleted words, a new paragraph, queries and suggestions."""
    blocks = FIRST.split("\n\n")
    blocks[2] = blocks[2].replace("the longest of them all by", "the cruellest of them all by", 1)
    blocks[4] = blocks[4].replace(" and again as he came up", "", 1)
    blocks.insert(6, "A paragraph that was not there before.")
    blocks[1] = (
        blocks[1]
        .replace("the hour", f"the {{~~hour~>day~~}}{{>> {LONG_QUERY}<<}}", 1)
        .replace("his book", "{==his book==}{>> Which one? <<}", 1)
        .replace("to bed", "{--to bed--}{>> Where else? <<}", 1)
        .replace("the wind", "the{++ cold++} wind{>> When? <<}", 1)
    )
    note = NOTE.replace("The note", "The {>> Whose? <<}note").replace("does not", "cannot")
    write(book, "\n\n".join(blocks), SECOND + note)
