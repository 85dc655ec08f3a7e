"""Pictures of themes: a book's cover and some of its pages, set in each of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from makeready.book.model import BOOK_FILE, EditionKind
from makeready.book.source_files import TOML_BYTES, FileRefusedError, read_book_file
from makeready.book.themes import Theme
from makeready.book.toml_lines import TomlLines
from makeready.build.job import build
from makeready.build.request import COVER, BuildRequest
from makeready.cli.new_book import NewBook, write_starter
from makeready.errors import FindingsError, UsageError
from makeready.files import write_whole
from makeready.workers.progress import Report

_TITLE, _AUTHOR = "The Tide Tables", "Ada Marlow"
_HEIGHT, _GAP = 640, 20
_TABLE, _EDGE = "#dcd8d0", "#c4beb2"
_MOST_PAGES = 5
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width"/>
<title>Themes</title>
<style>
body {{ margin: 2rem; background: {table}; color: #222; font: 1rem/1.5 Georgia, serif }}
h2 {{ margin: 2.5rem 0 0; font-weight: 600 }}
p {{ margin: 0 0 0.75rem; max-width: 45rem }}
img {{ max-width: 100%; height: auto }}
</style>
</head>
<body>
<h1>Themes</h1>
{themes}
</body>
</html>
"""
_THEME = """<h2>{name}</h2>
<p>{summary}</p>
<img src="{name}.png" width="{width}" height="{height}" alt="Pages in the theme {name}"/>
"""


def write_theme_pictures(
    themes: Sequence[Theme],
    book: Path | None,
    folder: Path,
    request: BuildRequest,
    report: Report,
    step_seconds: float,
) -> Iterator[Path]:
    """Write a picture of each theme, and a page with all of them; yield the files.

    They are of a book in a folder, or of the one that ``makeready init`` writes. ``request`` has
    the cache and the number of processes. Raises UsageError for a book without a print edition.
    """
    shown = []
    folder.mkdir(parents=True, exist_ok=True)
    for theme in themes:
        with tempfile.TemporaryDirectory() as name:
            copy, output = Path(name) / "book", Path(name) / "dist"
            if book is None:
                write_starter(copy, NewBook(_TITLE, _AUTHOR, theme=theme.name))
            else:
                copy_in_theme(book, copy, theme.name, folder)
            picture = _picture(copy, output, request, report, step_seconds)
        path = folder / f"{theme.name}.png"
        content = BytesIO()
        picture.save(content, "PNG", optimize=True)
        write_whole(path, content.getvalue())
        yield path
        values = {"width": picture.width, "height": picture.height}
        shown.append(_THEME.format(name=theme.name, summary=escape(theme.summary), **values))
    page = folder / "index.html"
    write_whole(page, _PAGE.format(table=_TABLE, themes="".join(shown)).encode())
    yield page


def copy_in_theme(book: Path, copy: Path, theme: str, pictures: Path) -> None:
    """Copy a book without the folder of its pictures, and set its theme."""
    try:
        text = read_book_file(book, BOOK_FILE, TOML_BYTES).decode("utf-8-sig")
    except FileRefusedError as error:
        raise UsageError(f"{book / BOOK_FILE} cannot be read: {error.problem}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{book / BOOK_FILE} is not UTF-8 text.", "Save it as UTF-8.") from error

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if _is_left_out(Path(folder, name), pictures)}

    # Links stay links: the reader follows those that lead to a file of the book.
    shutil.copytree(book, copy, ignore=left_out, symlinks=True)
    path = copy / BOOK_FILE
    path.unlink()
    rest = TomlLines(text.replace("\r\n", "\n")).without("design").rstrip()
    path.write_text(f'{rest}\n\n[design]\ntheme = "{theme}"\n', "utf-8")


def _is_left_out(path: Path, pictures: Path) -> bool:
    if path.name.startswith(".") or path.name == "dist":
        return True
    if path.is_symlink():
        return False
    return not (path.is_file() or path.is_dir()) or path.resolve() == pictures.resolve()


def _picture(
    book: Path, output: Path, request: BuildRequest, report: Report, step_seconds: float
) -> Image.Image:
    """Return the picture of a book: its cover, its title page, its contents and a chapter."""
    wanted = replace(request, book=book, output=output, kinds=("print", "epub"), page_list=False)
    result = build(wanted, report, step_seconds)
    if result.failed:
        first = next(finding for finding in result.findings if finding.severity == "error")
        raise FindingsError(first.message, first.hint)
    files: dict[str, Path] = {}
    for artefact in result.artefacts:
        files.setdefault(artefact.kind, output / artefact.path)
    if EditionKind.PRINT not in files:
        raise UsageError(
            "The book has no print edition: its pages cannot be shown.",
            'Give book.toml a table such as [editions.paperback] with kind = "print".',
        )
    # The cover picture is that of e-books, of which the book may have none.
    pictures = [Image.open(files[COVER]).convert("RGB")] if COVER in files else []
    with pypdfium2.PdfDocument(files[EditionKind.PRINT]) as pdf:
        pictures += [
            pdf[number].render(scale=2 * _HEIGHT / pdf[number].get_height()).to_pil().convert("RGB")
            for number in pages_to_show(_letters_of(pdf))
        ]
    sized = [one.resize((_HEIGHT * one.width // one.height, _HEIGHT)) for one in pictures]
    width = sum(one.width + _GAP for one in sized) + _GAP
    sheet = Image.new("RGB", (width, _HEIGHT + 2 * _GAP), _TABLE)
    left = _GAP
    for one in sized:
        sheet.paste(ImageOps.expand(one, 1, _EDGE), (left - 1, _GAP - 1))
        left += one.width + _GAP
    return sheet


def _letters_of(pdf: pypdfium2.PdfDocument) -> list[int]:
    return [len(pdf[n].get_textpage().get_text_range().strip()) for n in range(len(pdf))]


def pages_to_show(letters: Sequence[int]) -> list[int]:
    """Return the pages to show: the title page, and the first full pages of the body.

    ``letters`` is the number of letters on each page; pages count from 0.
    """
    title = next((n for n in range(1, len(letters)) if letters[n] > 0), 0)
    full = max(letters) * 0.5
    body = [n for n in range(title + 2, len(letters)) if letters[n] >= full]
    start = body[0] if body else title + 1
    first = next((n for n in body if n % 2 == 0 and n + 1 in body), start)
    shown = [title, first, first + 1, *[n for n in body if n > first + 1]]
    return [n for n in shown if n < len(letters)][:_MOST_PAGES]
