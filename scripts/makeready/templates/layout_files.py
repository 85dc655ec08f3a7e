"""The files of layouts, read once: the built-in ones, and those of a book's own styles."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jinja2

from makeready.errors import FindingsError

LAYOUTS = "styles/layouts"
BUILT_IN = "house/"
"""The prefix of the names of built-in layouts, where a book's own may have the same name."""

_MOST_BYTES = 1_000_000
_MOST_FILES = 1_000


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """What is wrong with a layout; ``path`` is relative to the book's folder.

    One that ``is_lasting`` would come again, after as long a time, with any other section.
    """

    problem: str
    hint: str
    path: str
    line: int | None = None
    is_lasting: bool = False

    def error(self) -> FindingsError:
        """Return the error to raise for it."""
        return FindingsError(self.problem, self.hint, self.path, self.line)


@dataclass(frozen=True)
class LayoutFiles:
    """The texts of layouts by name, and what is wrong with files that have none.

    A name is a path relative to the folder of layouts, and nothing outside it has one. ``own``
    are the names of the book's own.
    """

    texts: Mapping[str, str]
    own: frozenset[str] = frozenset()
    faults: Mapping[str, LayoutFault] = field(default_factory=dict)

    @property
    def loader(self) -> jinja2.BaseLoader:
        """What finds a layout by its name, for Jinja2; a faulty one raises `FindingsError`."""
        return jinja2.FunctionLoader(self._source)

    def _source(self, name: str) -> tuple[str, str, None] | None:
        if name in self.faults:
            raise self.faults[name].error()
        if name not in self.texts:
            return None
        return self.texts[name], self.path_of(name), None

    def path_of(self, name: str) -> str:
        """Return the path that is shown of a layout: of a book's own, relative to its folder.

        It is the path itself where Jinja2 gives that for the name.
        """
        if name.startswith(f"{LAYOUTS}/"):
            return name
        if name in self.own:
            return f"{LAYOUTS}/{name}"
        return f"{BUILT_IN}{name.removeprefix(BUILT_IN)}"


def read_layouts(built_in: Path, own: Path | None) -> LayoutFiles:
    """Read the layouts of two folders; those in ``own``, a book's, replace the built-in ones."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(built_in.glob("*.j2"))}
    texts |= {f"{BUILT_IN}{name}": text for name, text in texts.items()}
    faults: dict[str, LayoutFault] = {}
    names = frozenset(_names_in(own)) if own is not None else frozenset()
    for name in sorted(names):
        assert own is not None
        read = _read(own / name, f"{LAYOUTS}/{name}")
        if isinstance(read, LayoutFault):
            faults[name] = read
        else:
            texts[name] = read
    return LayoutFiles(texts, names, faults)


def _names_in(folder: Path) -> Iterator[str]:
    """Yield the names of the files in a folder and its subfolders, which are no links."""
    count = 0
    for parent, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(files):
            count += 1
            if count > _MOST_FILES:
                raise FindingsError(
                    f"the folder has more than {_MOST_FILES:,} files.",
                    "Remove what is not a layout.",
                    LAYOUTS,
                )
            if not name.startswith("."):
                yield (Path(parent) / name).relative_to(folder).as_posix()


def _read(path: Path, shown: str) -> str | LayoutFault:
    """Return the text of a layout, read through one descriptor, or what is wrong with it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return LayoutFault("this is a symbolic link.", "Copy the file itself.", shown)
        return LayoutFault(f"cannot be read: {error.strerror}.", "Fix this file.", shown)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return LayoutFault("this is not an ordinary file.", "Write a text file.", shown)
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        problem = f"the layout is larger than {_MOST_BYTES:,} bytes."
        return LayoutFault(problem, "Split it, or remove what is not needed.", shown)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return LayoutFault("the layout is not in UTF-8.", "Save it as UTF-8.", shown, line)
