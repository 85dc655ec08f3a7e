"""The schema beside a ``book.toml``, and the comment by which editors find it.

The file is beside the book, so that it is found without a network, on every machine, and in the
version that the book was made with.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from makeready.book.model import BOOK_FILE
from makeready.files import open_folder, write_inside

SCHEMA_FILE = "book.schema.json"
DIRECTIVE = f"#:schema ./{SCHEMA_FILE}\n"
"""The first line of a TOML file, as Taplo and Even Better TOML read it."""

_ANY_DIRECTIVE = b"#:schema "


def write_schema(folder: Path) -> Path:
    """Write the schema to a book's folder, and its name to ``book.toml``; return its path.

    A line that names another schema is left alone.
    """
    schema = files("makeready.book").joinpath(SCHEMA_FILE).read_bytes()
    with open_folder(folder) as opened:
        write_inside(opened, SCHEMA_FILE, schema)
        descriptor = os.open(BOOK_FILE, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=opened)
        with os.fdopen(descriptor, "rb") as file:
            text = file.read()
        if not any(line.startswith(_ANY_DIRECTIVE) for line in text.splitlines()):
            bom = b"\xef\xbb\xbf" if text.startswith(b"\xef\xbb\xbf") else b""
            write_inside(opened, BOOK_FILE, bom + DIRECTIVE.encode() + text[len(bom) :])
    return folder / SCHEMA_FILE
