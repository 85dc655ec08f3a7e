"""A cache on disk, and the code version that is a part of its keys."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from makeready.deletion import delete_inside
from makeready.files import names_inside, open_folder, read_inside, write_inside
from makeready.user_cache import DIGEST_BYTES, is_own_digest, own_digest

_PACKAGE = Path(__file__).parent
_CODE = frozenset({".py", ".pyc"})
_IMPORT = re.compile(
    r"^[ \t]*from (makeready[\w.]*) import (?:\(([^)]*)\)|([^\n#]*))", re.MULTILINE
)
_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_DATA = re.compile(r'files\("makeready"\)\.joinpath\("(\w+)"\)')


class DiskCache:
    """A folder of entries, blocks of bytes by key, that several builds may share.

    A file begins with a digest of its key and its content, which only this user can make. An entry
    whose digest does not match counts as missing, and is written again. No link in the folder is
    followed, and nothing is deleted but files with the names of entries.
    """

    def __init__(self, folder: Path, suffix: str, largest_bytes: int) -> None:
        self._folder = folder
        self._suffix = suffix
        self._largest_bytes = largest_bytes
        # Unfinished files that a killed run left behind have a dot before and letters after.
        self._file_name = re.compile(rf"\.?[0-9a-f]{{64}}{re.escape(suffix)}(?:\.\w+)?")

    def get(self, key: str) -> bytes | None:
        """Return the entry of ``key``, a SHA-256 in hexadecimal; None if there is none."""
        name = f"{key}{self._suffix}"
        try:
            with self._subfolder(key[:2]) as folder:
                block = read_inside(folder, name)
                content = block[DIGEST_BYTES:]
                if not is_own_digest(block[:DIGEST_BYTES], key, content):
                    return None
                with suppress(OSError):
                    os.utime(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return None
        return content

    def put(self, key: str, content: bytes) -> None:
        """Write the entry of ``key``; nothing where a link is in the way."""
        try:
            with self._subfolder(key[:2], create=True) as folder:
                write_inside(folder, f"{key}{self._suffix}", own_digest(key, content) + content)
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.ENOTDIR}:
                raise

    def evict(self) -> None:
        """Delete the entries used longest ago until the cache is within its largest size."""
        total = 0
        for _, size, subfolder, name in sorted(self._files(), reverse=True):
            total += size
            if total > self._largest_bytes:
                with suppress(OSError), self._subfolder(subfolder) as folder:
                    delete_inside(folder, [name])

    def _files(self) -> Iterator[tuple[float, int, str, str]]:
        """Yield the time, the size in bytes, the subfolder and the name of each file."""
        for subfolder in (f"{number:02x}" for number in range(256)):
            with suppress(OSError), self._subfolder(subfolder) as folder:
                for name in filter(self._file_name.fullmatch, names_inside(folder)):
                    with suppress(FileNotFoundError):
                        state = os.stat(name, dir_fd=folder, follow_symlinks=False)
                        yield state.st_mtime, state.st_size, subfolder, name

    def _subfolder(self, name: str, *, create: bool = False) -> AbstractContextManager[int]:
        return open_folder(self._folder.parent, self._folder.name, name, create=create)


@cache
def code_version(*modules: str) -> str:
    """Return a digest of modules of this package and of everything they import from it.

    As a part of a cache's keys it makes entries of other code be made again.
    """
    digest = hashlib.sha256()
    for path in source_files(*modules):
        content = path.read_bytes()
        entry = ascii((path.relative_to(_PACKAGE).as_posix(), len(content)))
        digest.update(entry.encode() + content)
    return digest.hexdigest()


@cache
def library_version(name: str) -> str:
    """Return the version of an installed package; PackageNotFoundError if it is not installed."""
    found = distribution(name)
    # To parse all its metadata, as importlib does, takes as long as to import a small module.
    version = _VERSION.search(found.read_text("METADATA") or "")
    return version[1] if version is not None else found.version


def source_files(*modules: str) -> tuple[Path, ...]:
    """Return the files of modules, of all they import from this package, and the data beside them.

    Imports inside functions count, since a worker runs them too, and so do folders of data that
    a module opens by name. Data at the top of the package counts only where it is opened by name.
    """
    code: set[Path] = set()
    data: set[Path] = set()
    waiting = [_path_of(name) for module in modules for name in _with_parents(module)]
    while waiting:
        path = waiting.pop()
        if path is None or path in code:
            continue
        code.add(path)
        imported, files = _imports_and_data(path)
        waiting += imported
        data.update(files)
    return tuple(sorted(code | data))


@cache
def _imports_and_data(path: Path) -> tuple[frozenset[Path | None], tuple[Path, ...]]:
    """Return the modules that a module imports from this package, and its data."""
    source = path.read_text("utf-8")
    names = {name for imported in _imported(source) for name in _with_parents(imported)}
    folders = {path.parent, *(_PACKAGE / name for name in _DATA.findall(source))} - {_PACKAGE}
    data = tuple(file for folder in folders for file in _data_files(folder))
    return frozenset(map(_path_of, names)), data


def _imported(source: str) -> Iterator[str]:
    """Yield the dotted names that a module imports from this package, of symbols too."""
    # A search of the text is ten times as fast as parsing it, and every build waits for this.
    for match in _IMPORT.finditer(source):
        module, several, one = match.groups()
        yield module
        for name in (several or one).split(","):
            yield f"{module}.{name.split()[0]}" if name.split() else module


def _with_parents(name: str) -> Iterator[str]:
    """Yield the packages that a dotted name is in, from the outermost, and the name itself."""
    parts = name.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)))


@cache
def _path_of(module: str) -> Path | None:
    """Return the file of a module; None for the name of a symbol."""
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return file
    return None


@cache
def _data_files(folder: Path) -> tuple[Path, ...]:
    """Return the files beside a module that are not code, with those in folders of data."""
    found: list[Path] = []
    for path in folder.iterdir():
        if path.suffix in _CODE:
            continue
        if not path.is_dir():
            found.append(path)
        elif path.name != "__pycache__" and not (path / "__init__.py").exists():
            found += (file for file in path.rglob("*") if file.is_file())
    return tuple(found)
