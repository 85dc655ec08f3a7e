"""The plain value that every tool's book is read into."""

from __future__ import annotations

from dataclasses import dataclass, field

from makeready.errors import MakereadyError
from makeready.importing.published import Published


class ImportRefusedError(MakereadyError):
    """A folder or file that no book can be made of."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not brought into the book: the file and line, and what it is.

    ``is_found_again``: a build of the book reports it too.
    """

    path: str
    line: int
    text: str
    is_found_again: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.path else self.text


@dataclass(frozen=True, slots=True)
class Author:
    """A person, with a MARC relator."""

    name: str
    role: str = "aut"


@dataclass(slots=True)
class ImportedMetadata:
    """The metadata of a book as its tool has it; empty where it says nothing."""

    title: str = ""
    subtitle: str = ""
    language: str = ""
    description: str = ""
    publisher: str = ""
    date: str = ""
    rights: str = ""
    isbn: str = ""
    identifier: str = ""
    authors: list[Author] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """One section in the order of the book, before its place in the book is known.

    ``files`` are names in the source folder. ``kind`` is empty where the tool does not say it: it
    follows from the section's title and position. ``title`` is the one of the tool's list;
    ``is_numbered`` is None where the tool does not number. ``division`` is one of front, body,
    back, or empty. A ``part`` or ``book`` without files is a title
    alone. ``is_several``: each title of the
    first level in the file is a chapter.
    """

    files: list[str] = field(default_factory=list)
    title: str = ""
    kind: str = ""
    is_numbered: bool | None = None
    division: str = ""
    is_several: bool = False


@dataclass(slots=True)
class ImportedBook:
    """A book of another tool: its order, its metadata, and what cannot be brought.

    ``config`` is the file that the order is from. ``search_paths`` are folders that images and
    included files are looked for in, after that of the file that names them. ``texts`` are files
    that are not in the folder, or not in this form: their text by name. ``binaries`` likewise.
    """

    tool: str
    config: str
    metadata: ImportedMetadata = field(default_factory=ImportedMetadata)
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    search_paths: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    """Folders of texts that others include, which are no sections themselves."""
    texts: dict[str, str] = field(default_factory=dict)
    binaries: dict[str, bytes] = field(default_factory=dict)
    cover_image: str = ""
    """The picture that is the whole cover, with its title; a file of the folder."""
    has_typed_dashes: bool = False
    """Whether ``--`` is an em dash, as on a typewriter."""
    breaks_lines: bool = False
    """Whether each line of a paragraph ends with a line break."""
    copyright_text: str = ""
    """What stands on the copyright page below the rights, as Markdown."""
    files: list[str] = field(default_factory=list)
    """Further files that go with the book, such as a bibliography."""
    nocite: list[str] = field(default_factory=list)
    """The keys of works that are listed without a citation; ``*`` for all."""
    published: Published = field(default_factory=Published)
    """Where the files of the folder are on the web."""
    words: dict[str, str] = field(default_factory=dict)
    """The words for kinds of section, where the titles have others than the language."""
    macros: dict[str, str] = field(default_factory=dict)
    """The macros of TeX for formulas, by name."""

    def leave_out(self, path: str, line: int, text: str, *, is_found_again: bool = False) -> None:
        """Add something that is not brought into the book."""
        self.left_out.append(LeftOut(path, line, text, is_found_again))
