"""The cover that a book of another tool has as a picture."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from makeready.book.source_files import FileRefusedError
from makeready.importing.imported_book import ImportedBook
from makeready.importing.source_folder import SourceFolder

_LEAST_HEIGHT_PX = 1000
"""A smaller picture would be coarse in print and in stores."""


def set_cover_image(
    book: ImportedBook, source: SourceFolder, name: str, config: str, line: int
) -> None:
    """Take a picture for the cover of a book, if it is as high as a cover; report it otherwise."""
    found = source.find(name, "")
    problem = "there is no such file" if not found else _problem_with(source, found)
    if problem:
        book.leave_out(config, line, f"The cover image is not used, {problem}: {name}.")
        return
    book.cover_image = found


def _problem_with(source: SourceFolder, name: str) -> str:
    try:
        with Image.open(BytesIO(source.read(name))) as image:
            width, height = image.size
    except (OSError, ValueError, FileRefusedError, Image.DecompressionBombError):
        return "it is no picture that can be read"
    if height <= width:
        return "it is wider than high"
    return f"it is only {height} pixels high" if height < _LEAST_HEIGHT_PX else ""
