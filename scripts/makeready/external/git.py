"""Git, asked for what a book was at a revision, and when it was last changed.

A repository may come with a stranger's book, and its configuration names programs: hooks, filters,
pagers, signers. Only commands are used that read objects, with those turned off; files of the
working tree are read by us, since git would run filters over them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from makeready.errors import EngineError, MissingToolError, UsageError
from makeready.external.launch import ending_with_us

_SECONDS = 60
_MOST_FILES = 20_000
_MOST_BYTES = 1_000_000_000
_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
    # What a repository of another owner could do is turned off here.
    *("-c", "safe.directory=*"),
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C.UTF-8",
}
_FILE_MODES = frozenset({b"100644", b"100755"})
_SHA1_LENGTH = 40
_SHOWN_TAGS = 5


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full and its short name, and the day of its committer, ``2026-11-27``."""

    name: str
    short: str
    day: str


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a folder is in; ``prefix`` is the folder's path in it, ``a/b/``."""

    folder: Path
    prefix: str

    def last_commit(self) -> Commit | None:
        """Return the last commit that changed a file of the folder; None if none did."""
        return self._commit("log", "-1", "--no-show-signature", "--", ".")

    def commit(self, revision: str) -> Commit:
        """Return the commit that a revision names; UsageError if there is none."""
        found = None
        if revision and "\0" not in revision:
            name = self._text(
                *("rev-parse", "--verify", "--quiet", "--end-of-options"), f"{revision}^{{commit}}"
            )
            if name:
                found = self._commit("log", "-1", "--no-show-signature", name.strip())
        if found is None:
            raise UsageError(f"Git knows no revision “{revision}”.", self._known())
        return found

    def changed_since(self, commit: Commit) -> bool:
        """Return whether a file of the folder at a commit is now another one, or gone."""
        for path, blob, size in self._listed(commit):
            file = self.folder / path
            try:
                # A link may lead to what has no end.
                if not stat.S_ISREG(file.lstat().st_mode):
                    return True
                content = file.read_bytes()
            except OSError:
                return True
            if _object_name(content, blob) == blob:
                continue
            # Git may have written the lines of the file with other ends.
            plain = content.replace(b"\r\n", b"\n")
            if len(plain) != size or _object_name(plain, blob) != blob:
                return True
        return False

    def export(self, commit: Commit, target: Path, skip: Iterable[str] = ()) -> None:
        """Write the files of the folder at a commit to another folder; UsageError if it has none.

        Links, and files below the folders to ``skip``, are left out.
        """
        skipped = tuple(f"{name}/" for name in skip)
        files = [
            (path, blob)
            for path, blob, _ in self._listed(commit)
            if not (path.startswith(skipped) if skipped else False)
        ]
        if not files:
            raise UsageError(
                f"At {commit.short} there was no folder {self.prefix.rstrip('/') or '.'}.",
                "Name a later revision.",
            )
        for (path, _), content in zip(files, self._blobs(blob for _, blob in files), strict=True):
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def _listed(self, commit: Commit) -> Iterator[tuple[str, str, int]]:
        """Yield the path, the object and the size of each file of the folder at a commit."""
        tree = f"{commit.name}:{self.prefix.rstrip('/')}" if self.prefix else commit.name
        listed = self._run("ls-tree", "-r", "-z", "-l", "--full-tree", tree)
        entries = (listed or b"").split(b"\0")[:-1]
        total = 0
        for number, entry in enumerate(entries):
            facts, _, raw = entry.partition(b"\t")
            mode, kind, blob, size = facts.split()
            path = os.fsdecode(raw)
            parts = PurePosixPath(path).parts
            if mode not in _FILE_MODES or kind != b"blob" or ".git" in map(str.lower, parts):
                continue
            if not parts or ".." in parts or parts[0] == "/":
                continue
            total += int(size)
            if number >= _MOST_FILES or total > _MOST_BYTES:
                raise EngineError(
                    f"The book at {commit.short} is larger than makeready reads from git.",
                    "Check the revision out, and build the book there.",
                )
            yield path, blob.decode(), int(size)

    def _blobs(self, names: Iterable[str]) -> Iterator[bytes]:
        wanted = list(names)
        asked = "".join(f"{name}\n" for name in wanted).encode()
        answer = self._run("cat-file", "--batch", asked=asked) or b""
        position = 0
        for _ in wanted:
            end = answer.find(b"\n", position)
            _, _, size_shown = answer[position:end].rpartition(b" ")
            if end < 0 or not size_shown.isdigit():
                raise EngineError("Git does not have all files of that revision.", "Fetch them.")
            size = int(size_shown)
            yield answer[end + 1 : end + 1 + size]
            position = end + size + 2

    def _commit(self, *arguments: str) -> Commit | None:
        command, *rest = arguments
        written = self._text(command, "--format=%H%x00%h%x00%cd", "--date=short", *rest)
        if not written:
            return None
        name, short, day = written.strip().split("\0")
        return Commit(name, short, day)

    def newest_tags(self, count: int) -> list[str]:
        """Return the names of the newest tags."""
        listed = ("--sort=-creatordate", f"--count={count}", "--format=%(refname:short)")
        return (self._text("for-each-ref", *listed, "refs/tags") or "").split()

    def _known(self) -> str:
        tags = self.newest_tags(_SHOWN_TAGS)
        named = f"The newest tags are {', '.join(tags)}." if tags else "It has no tags."
        return f"{named} A branch or the name of a commit will do too."

    def _text(self, *arguments: str) -> str | None:
        written = self._run(*arguments)
        return None if written is None else written.decode("utf-8", "replace")

    def _run(self, *arguments: str, asked: bytes = b"") -> bytes | None:
        return _run_git(self.folder, arguments, asked)


def repository_of(folder: Path) -> Repository | None:
    """Return the repository that a folder is in; None if it is in none.

    Raises MissingToolError where git is not installed.
    """
    written = _run_git(folder, ("rev-parse", "--is-inside-work-tree", "--show-prefix"), b"")
    if written is None:
        return None
    inside, _, prefix = written.decode("utf-8", "surrogateescape").partition("\n")
    return Repository(folder, prefix.strip("\n")) if inside == "true" else None


def _run_git(folder: Path, arguments: Iterable[str], asked: bytes) -> bytes | None:
    program = shutil.which("git")
    if program is None:
        raise MissingToolError("Git is not installed.", "Install the package git.")
    command = ending_with_us([program, *_OPTIONS, *arguments], offline=True)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_environment(os.environ),
            input=asked,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"Git took more than {_SECONDS} s.", "Try again.") from error
    return None if done.returncode else done.stdout


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return our environment without what steers git, such as that of a hook that runs us."""
    kept = {name: value for name, value in ours.items() if not name.startswith("GIT_")}
    return kept | _ENVIRONMENT


def _object_name(content: bytes, like: str) -> str:
    """Return the name that git gives to the content of a file, of the kind that ``like`` is."""
    head = b"blob %d\0" % len(content)
    algorithm = hashlib.sha1 if len(like) == _SHA1_LENGTH else hashlib.sha256
    return algorithm(head + content, usedforsecurity=False).hexdigest()
