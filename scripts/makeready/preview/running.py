"""The previews that are running now, as each notes it down for `makeready preview --goto`."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from makeready.errors import UsageError
from makeready.files import names_inside, open_folder, read_inside, write_inside
from makeready.findings import SourceLocation
from makeready.preview.server import LOOPBACK, ServerSetup
from makeready.user_cache import user_cache_folder

_FOLDER = "previews"
_SECONDS = 5.0


@contextmanager
def noted_down(setup: ServerSetup) -> Iterator[None]:
    """Note a preview down for as long as the context lasts; only its user can read it."""
    name = f"{setup.port}.json"
    note = {"book": str(setup.book.resolve()), "port": setup.port, "token": setup.token}
    with suppress(OSError), open_folder(user_cache_folder(), _FOLDER, create=True) as folder:
        write_inside(folder, name, json.dumps(note).encode(), permissions=0o600)
    try:
        yield
    finally:
        with suppress(OSError), open_folder(user_cache_folder(), _FOLDER) as folder:
            os.unlink(name, dir_fd=folder)


def go_to(location: SourceLocation) -> int:
    """Have the preview of the book that a file is in show a line; return in how many browsers.

    UsageError if no preview of that book is running.
    """
    path = Path(location.path).resolve()
    for book, port, token in _notes():
        if path.is_relative_to(book):
            with suppress(OSError, ValueError, KeyError):
                return _ask(port, token, path.relative_to(book), location.line or 1)
    raise UsageError(
        f"No preview of the book with {location.path} is running.", "Run: makeready preview"
    )


def _notes() -> Iterator[tuple[Path, int, str]]:
    """Yield the book, the port and the token of each preview, the innermost folders first."""
    notes = []
    with suppress(OSError), open_folder(user_cache_folder(), _FOLDER) as folder:
        for name in sorted(names_inside(folder)):
            with suppress(OSError, ValueError, KeyError, TypeError):
                note = json.loads(read_inside(folder, name))
                notes.append((Path(note["book"]), int(note["port"]), str(note["token"])))
    yield from sorted(notes, key=lambda note: len(note[0].parts), reverse=True)


def _ask(port: int, token: str, path: Path, line: int) -> int:
    request = urllib.request.Request(
        f"http://{LOOPBACK}:{port}/goto",
        json.dumps({"path": path.as_posix(), "line": line}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_SECONDS) as answer:
        browsers: int = json.loads(answer.read())["browsers"]
        return browsers
