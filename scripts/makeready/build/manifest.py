"""``manifest.json``: every artefact of the output folder, and the number of findings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from makeready.deletion import ARTEFACT
from makeready.engine.versions import named_versions
from makeready.errors import UsageError
from makeready.files import open_folder, read_inside, write_whole
from makeready.fonts import Font

MANIFEST = "manifest.json"
DRAFT = "draft"
PROOF = "proof"
"""The kinds of files that nothing but a reader takes: those marked as drafts, and proofs."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of the output folder; ``path`` is relative to it, ``pages`` None without pages.

    One that is ``outdated`` was ordered since, and could not be made. ``book`` is the slug of the
    book it is of: a folder may hold the files of several. ``typography`` are the figures of how its
    lines and pages are set, where they were asked for.
    """

    path: str
    edition: str
    kind: str
    pages: int | None
    bytes: int
    sha256: str
    outdated: bool = False
    book: str = ""
    typography: dict[str, int | float | None] | None = None

    def as_data(self) -> dict[str, object]:
        """Return the entry as it is in JSON; figures that were not asked for are left out."""
        data = asdict(self)
        if self.typography is None:
            del data["typography"]
        return data

    def is_of(self, book: str) -> bool:
        """Return whether this is a file of the book with that slug, as far as both are known."""
        return not (self.book and book) or self.book == book


_ARTEFACTS = TypeAdapter(list[Artefact])


def describe(
    output: Path, path: str, edition: str, kind: str, pages: int | None = None, *, book: str
) -> Artefact:
    """Return the entry of a file that was just written."""
    with (output / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Artefact(path, edition, kind, pages, file.tell(), digest, book=book)


def read_manifest(output: Path) -> list[Artefact]:
    """Return the artefacts that a folder's manifest lists and that are still there.

    The folder may have come with a book, so only ordinary files in it count, by their names.
    """
    try:
        with open_folder(output) as folder:
            data = json.loads(read_inside(folder, MANIFEST))
        artefacts = _ARTEFACTS.validate_python(data["files"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    return [artefact for artefact in artefacts if _is_in(output, artefact.path)]


def _is_in(output: Path, name: str) -> bool:
    path = output / name
    return bool(ARTEFACT.fullmatch(name)) and path.is_file() and not path.is_symlink()


def finished_files(output: Path, book: str) -> list[Artefact]:
    """Return the artefacts of the book of that slug in a folder, without its drafts.

    Raises UsageError if there is none.
    """
    artefacts = [a for a in read_manifest(output) if a.is_of(book) and a.kind != DRAFT]
    if not artefacts:
        raise UsageError(
            f"No finished files of this book in {output.as_posix()}.",
            "Run `makeready build` first, or name the folder with --output.",
        )
    return artefacts


def write_manifest(
    output: Path,
    written: Iterable[Artefact],
    counts: dict[str, int],
    is_ordered: Callable[[Artefact], bool],
    book: str,
    temporary_folder: Path,
    fonts: Iterable[Font] = (),
) -> None:
    """Write the manifest: the files written now, and those that an earlier run left.

    What was ordered of the book of that slug and is not among the written is outdated. ``fonts``
    are those that it is set in.
    """
    files = {
        earlier.path: replace(
            earlier, outdated=earlier.outdated or (earlier.is_of(book) and is_ordered(earlier))
        )
        for earlier in read_manifest(output)
    }
    files.update({artefact.path: artefact for artefact in written})
    if not files:
        return
    data = {
        "files": [files[path].as_data() for path in sorted(files)],
        "findings": counts,
        # Another file of a font, of the same name, gives other pages.
        "fonts": [*_fonts_of_others(output, book), *_font_entries(fonts, book)],
        # Another Pango or HarfBuzz gives other bytes.
        "versions": named_versions(),
    }
    _write(output, data, temporary_folder)


def _font_entries(fonts: Iterable[Font], book: str) -> list[dict[str, str]]:
    """Return the files that the fonts of a book are made of, each once."""
    files = dict.fromkeys((font.family, font.source, font.source_digest) for font in fonts)
    return [
        {"book": book, "family": family, "from": source, "sha256": digest}
        for family, source, digest in files
    ]


def _fonts_of_others(output: Path, book: str) -> list[object]:
    """Return the entries of fonts that an earlier run made for other books."""
    try:
        with open_folder(output) as folder:
            data = json.loads(read_inside(folder, MANIFEST))
        return [entry for entry in data["fonts"] if entry["book"] != book]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []


def add_to_manifest(output: Path, written: Iterable[Artefact], temporary_folder: Path) -> None:
    """Add files that another command wrote; all other entries stay as they are."""
    data = json.loads((output / MANIFEST).read_text("utf-8"))
    files = {entry["path"]: entry for entry in data["files"]}
    files.update({artefact.path: artefact.as_data() for artefact in written})
    _write(output, {**data, "files": [files[path] for path in sorted(files)]}, temporary_folder)


def _write(output: Path, data: object, temporary_folder: Path) -> None:
    content = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    write_whole(output / MANIFEST, content.encode(), temporary_folder)
