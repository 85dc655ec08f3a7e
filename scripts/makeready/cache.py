"""Where what was made is kept between runs: by what it was made of, whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from os import utime
from pathlib import Path

from makeready.files import write_whole

_DIGEST_BYTES = 32
_PACKAGE = Path(__file__).parent
_CODE = frozenset({".py", ".pyc"})
_IMPORT = re.compile(
    r"^[ \t]*from (makeready[\w.]*) import (?:\(([^)]*)\)|([^\n#]*))", re.MULTILINE
)
_DATA = re.compile(r'files\("makeready"\)\.joinpath\("(\w+)"\)')


class Store:
    """A folder of blocks of bytes that several builds may share.

    A block is written beside its place and renamed, and begins with a digest of its key and
    its content; one that does not agree with it counts as absent, and is written again.
    """

    def __init__(self, folder: Path, suffix: str, largest_bytes: int) -> None:
        self._folder = folder
        self._suffix = suffix
        self._largest_bytes = largest_bytes

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, a digest in hexadecimal; None when there is none."""
        path = self._path(key)
        try:
            block = path.read_bytes()
        except OSError:
            return None
        content = block[_DIGEST_BYTES:]
        if block[:_DIGEST_BYTES] != _digest(key, content):
            return None
        with suppress(OSError):
            utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content`` under ``key``."""
        write_whole(self._path(key), _digest(key, content) + content)

    def trim(self) -> None:
        """Drop what was used longest ago until the store is no larger than it may be."""
        total = 0
        for _, size, path in sorted(self._files(), reverse=True):
            total += size
            if total > self._largest_bytes:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        # What a run that was killed left unfinished is among them.
        for path in self._folder.glob("*/*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            yield state.st_mtime, state.st_size, path

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{self._suffix}"


@cache
def code_version(*modules: str) -> str:
    """Return a digest of modules of this package and of everything they import from it.

    What a cache keeps is found under the version of the code that made it, so that other code
    makes it again.
    """
    digest = hashlib.sha256()
    for path in source_files(*modules):
        content = path.read_bytes()
        about = ascii((path.relative_to(_PACKAGE).as_posix(), len(content)))
        digest.update(about.encode() + content)
    return digest.hexdigest()


def source_files(*modules: str) -> tuple[Path, ...]:
    """Return the files of modules, of all they import from this package, and the data beside them.

    Imports inside functions count, for a worker meets them too, and so do folders of data that a
    module opens by name: those at the top of the package are nobody's but by their name.
    """
    code: set[Path] = set()
    data: set[Path] = set()
    waiting = [_path_of(name) for module in modules for name in _lineage(module)]
    while waiting:
        path = waiting.pop()
        if path is None or path in code:
            continue
        code.add(path)
        source = path.read_text("utf-8")
        waiting += [_path_of(name) for imported in _imported(source) for name in _lineage(imported)]
        folders = {path.parent, *(_PACKAGE / name for name in _DATA.findall(source))} - {_PACKAGE}
        data.update(file for folder in folders for file in _data_files(folder))
    return tuple(sorted(code | data))


def _imported(source: str) -> Iterator[str]:
    """Yield what a module imports of this package, by dotted names that may end in a symbol."""
    # Reading the text is ten times as quick as parsing it, and every build waits for this.
    for match in _IMPORT.finditer(source):
        module, several, one = match.groups()
        yield module
        for name in (several or one).split(","):
            yield f"{module}.{name.split()[0]}" if name.split() else module


def _lineage(name: str) -> Iterator[str]:
    """Yield a dotted name and the packages it is in."""
    parts = name.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)))


def _path_of(module: str) -> Path | None:
    """Return the file of a module, or None for a name that is a symbol's."""
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def _data_files(folder: Path) -> Iterator[Path]:
    """Yield the files beside a module that are no code, those in folders of data among them."""
    for path in folder.iterdir():
        if path.is_dir():
            if not (path / "__init__.py").exists() and path.name != "__pycache__":
                yield from (file for file in path.rglob("*") if file.is_file())
        elif path.suffix not in _CODE:
            yield path


def _digest(key: str, content: bytes) -> bytes:
    digest = hashlib.sha256(key.encode() + b"\0")
    digest.update(content)
    return digest.digest()
