"""A cache that came with a book is not believed, and leads nowhere."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Run, makeready


def build(book: Path, home: Path, *more: str | Path) -> Run:
    """Build the e-book with the caches of a user of its own, in the folder that the book is in."""
    built = makeready(
        *("build", "--kind", "epub", "--book", book, "--output", book.parent / "out", *more),
        cwd=book.parent,
        XDG_CACHE_HOME=str(home),
    )
    assert built.code == 0, built.out + built.err
    return built


def forge(cache: Path) -> int:
    """Change every cached section, with a digest that needs no secret; return their number."""
    forged = 0
    for path in cache.rglob("*.reading"):
        content = path.read_bytes()[32:]
        new = content.replace(b"</p>", b"<script>alert(1)</script></p>", 1)
        if new != content:
            path.write_bytes(hashlib.sha256(path.stem.encode() + b"\0" + new).digest() + new)
            forged += 1
    return forged


@pytest.mark.long
def test_caches_are_the_user_s_own(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book, home, victim = broken_book(), tmp_path / "home", tmp_path / "victim"
    (victim / "Documents").mkdir(parents=True)
    thesis = victim / "Documents/thesis.txt"
    thesis.write_text("keep", "utf-8")
    os.utime(thesis, (1, 1))
    with (victim / "Documents/film.bin").open("wb") as film:
        film.truncate(1_100_000_000)
    (tmp_path / ".makeready").mkdir()
    caches = ("images", "readings", "fragments", "covers", "wraps", "proofs", "faces")
    for name in caches:
        (tmp_path / ".makeready" / name).symlink_to(victim)
    build(book, home)
    epub = next((tmp_path / "out").glob("*.epub"))
    whole = epub.read_bytes()
    assert {path.name for path in (home / "makeready").iterdir()} > {"key", "readings", "faces"}

    # A stranger who knows all about caches but the secret.
    assert forge(home / "makeready") > 0
    for font in (home / "makeready/faces").glob("*.ttf"):
        font.write_bytes(b"")
    epub.unlink()
    build(book, home)
    assert epub.read_bytes() == whole

    # The linked caches are not believed and not followed where they are named, either.
    (tmp_path / ".makeready/faces").unlink()
    build(book, home, "--cache", tmp_path / ".makeready")
    assert epub.read_bytes() == whole
    left = {path.relative_to(victim).as_posix() for path in victim.rglob("*")}
    assert left == {"Documents", "Documents/thesis.txt", "Documents/film.bin"}


def run(code: str, **environment: str) -> str:
    """Return what Python code prints."""
    command = [sys.executable, "-c", code]
    return subprocess.check_output(command, env={**os.environ, **environment}, text=True).strip()


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    code = "from makeready.user_cache import own_digest; print(own_digest('a', b'b').hex())"
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    assert run(code, XDG_CACHE_HOME=one) == run(code, XDG_CACHE_HOME=one)
    assert run(code, XDG_CACHE_HOME=one) != run(code, XDG_CACHE_HOME=other)


def test_the_cache_of_a_user_without_a_home_is_with_temporary_files(tmp_path: Path) -> None:
    code = "from makeready.user_cache import user_cache_folder; print(user_cache_folder())"
    (tmp_path / "file").write_text("", "utf-8")
    (tmp_path / "temporary").mkdir()
    away = {"XDG_CACHE_HOME": "", "HOME": str(tmp_path / "file")}
    own = tmp_path / f"temporary/makeready-{os.geteuid()}"
    assert run(code, **away, TMPDIR=str(own.parent)) == str(own)
    assert own.stat().st_mode & 0o077 == 0
    own.rmdir()
    own.write_text("of another user", "utf-8")
    assert run(code, **away, TMPDIR=str(own.parent)) == ".makeready"
    own.unlink()
    (tmp_path / "elsewhere").mkdir()
    own.symlink_to(tmp_path / "elsewhere")
    assert run(code, **away, TMPDIR=str(own.parent)) == ".makeready"
    caches = tmp_path / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    for named in ("", "relative"):
        found = run(code, XDG_CACHE_HOME=named, HOME=str(tmp_path))
        assert found == str(caches / "makeready")
