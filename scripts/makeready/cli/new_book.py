"""A new book: one to begin with, or one that is written for another tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from makeready.book.theme_names import HOUSE, theme_names
from makeready.cli.editor_schema import write_schema
from makeready.errors import UsageError
from makeready.user_cache import user_cache_folder

_STARTER_LANGUAGE = "en"
_PREFERRED_PAPER = "cream"


@dataclass(frozen=True, slots=True)
class NewBook:
    """What ``book.toml`` of a new book says: a BCP 47 language, ``5x8in``, names of others."""

    title: str = "Untitled"
    author: str = "Unknown Author"
    language: str = _STARTER_LANGUAGE
    printer: str = "kdp"
    trim: str = "5x8in"
    theme: str = HOUSE


def valid_title(title: str) -> str:
    """Return the title of a book; UsageError for one without letters."""
    if not title.strip():
        raise UsageError("A book needs a title.", 'Add: --title "The Walled Garden"')
    return title.strip()


def valid_language(language: str) -> str:
    """Return a language tag; UsageError for a text that is none."""
    from makeready.book.schema import is_language  # noqa: PLC0415 - it is slow to import

    if not is_language(language):
        raise UsageError(f"“{language}” is not a language tag.", "Write one such as en, en-GB, de.")
    return language


def valid_trim(trim: str, printer: str) -> str:
    """Return a trim size; UsageError if it is none, or the printer does not offer it."""
    from makeready.book.schema import trim_pt  # noqa: PLC0415
    from makeready.printers.profile import read_profile  # noqa: PLC0415
    from makeready.printers.unsupported import UnsupportedError  # noqa: PLC0415

    size = trim_pt(trim)
    if size is None:
        raise UsageError(f"“{trim}” is not a trim size.", "Write one such as 5x8in or 148x210mm.")
    try:
        read_profile(printer).require_offered(size)
    except UnsupportedError as error:
        raise UsageError(str(error), error.hint) from error
    return trim


def valid_theme(name: str) -> str:
    """Return the name of a theme; UsageError if there is none of that name."""
    if name not in theme_names():
        raise UsageError(
            f"There is no theme “{name}”.", f"Choose one of these: {', '.join(theme_names())}."
        )
    return name


def write_starter(folder: Path, book: NewBook) -> list[Path]:
    """Write a new book to a folder that is empty or does not exist; return its files."""
    require_new_folder(folder)
    values = {
        "title": _toml_text(book.title),
        "author": _toml_text(book.author),
        "language": _toml_text(book.language),
        "printer": _toml_text(book.printer),
        "trim": _toml_text(book.trim),
        "theme": _toml_text(book.theme),
        **_cover_colours(book.theme),
        "today": date.today().isoformat(),
        "rights": _toml_text(f"Copyright {date.today().year} {book.author}"),
        "paper": _paper_lines(book.printer),
    }
    is_translated = book.language.split("-")[0].lower() != _STARTER_LANGUAGE
    written = []
    for name, source in _starter_files(
        files("makeready.cli").joinpath("starter_book"), PurePosixPath()
    ):
        text = source.read_text("utf-8")
        if name.name == "book.toml":
            for key, value in values.items():
                text = text.replace(f"@{key}@", value)
        elif is_translated and name.suffix == ".md":
            text = (
                f"---\nlang: {_STARTER_LANGUAGE}  # remove this with the English text\n---\n{text}"
            )
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        written.append(path)
    return sorted([*written, write_schema(folder)])


def _starter_files(
    folder: Traversable, within: PurePosixPath
) -> Iterator[tuple[PurePosixPath, Traversable]]:
    """Yield the files of the book that a new one is made of, with their paths in it."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _starter_files(entry, within / entry.name)
        else:
            yield within / entry.name, entry


def _cover_colours(theme: str) -> dict[str, str]:
    """Return the colours of the covers of a theme."""
    from makeready.book.themes import read_theme  # noqa: PLC0415

    found = read_theme(theme)
    assert found is not None
    return {key: _toml_text(value) for key, value in asdict(found.cover).items()}


def _paper_lines(printer: str) -> str:
    """Return the lines of an edition with the paper of a printer, if it asks for one."""
    from makeready.printers.profile import read_profile  # noqa: PLC0415

    papers = sorted({stock.paper for stock in read_profile(printer).rules.stocks})
    if not papers:
        return ""
    paper = _PREFERRED_PAPER if _PREFERRED_PAPER in papers else papers[0]
    return f"paper = {_toml_text(paper)}\n"


def require_new_folder(folder: Path) -> None:
    """UsageError if a folder exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} already exists and is not an empty folder.", "Name a new folder."
        )


def write_imported(
    path: Path, folder: Path | None, *, title: str = "", author: str = "", language: str = ""
) -> tuple[Path, str]:
    """Write the book of another tool in ``path`` to a new folder.

    What is given replaces what the tool says. Returns the folder, by default one in the current
    folder that is named after ``path``, and the report.
    """
    from makeready.importing.detection import opened_foreign_book  # noqa: PLC0415
    from makeready.importing.imported_book import Author  # noqa: PLC0415
    from makeready.importing.write_book import REPORT, report_text, write_book  # noqa: PLC0415
    from makeready.manuscript.reuse import READINGS  # noqa: PLC0415

    if folder is None:
        name = path.resolve().stem if path.is_file() else path.resolve().name
        folder = Path(f"{name}-book")
    require_new_folder(folder)
    with opened_foreign_book(path) as (source, book):
        about = book.metadata
        about.title, about.language = title or about.title, language or about.language
        if author:
            about.authors = [Author(author)]
        readings = user_cache_folder() / READINGS
        report = report_text(write_book(source, book, folder, cache=readings))
    (folder / REPORT).write_text(report, "utf-8")
    write_schema(folder)
    return folder, report


def _toml_text(text: str) -> str:
    """Return a text as a TOML basic string, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)
