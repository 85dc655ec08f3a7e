"""Jupyter notebooks as Markdown: their text, their code, and the output that is kept in them."""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from makeready.importing.imported_book import ImportedBook
from makeready.importing.plain_data import items_of, table_of, text_of

_IMAGES = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
_ESCAPES = re.compile(r"\x1b\[[0-9;]{0,20}m")
_TAGS_WITHOUT_INPUT = frozenset({"hide-input", "remove-input", "hide_input", "remove_input"})
_TAGS_WITHOUT_CELL = frozenset({"remove-cell", "remove_cell", "hide-cell", "hide_cell"})
_TAGS_WITHOUT_OUTPUT = frozenset({"remove-output", "remove_output", "hide-output"})


def notebook_markdown(book: ImportedBook, name: str, text: str) -> str:
    """Return the Markdown of a notebook; its images are added to the book.

    ValueError if it is no notebook.
    """
    values = json.loads(text)
    if not isinstance(values, dict) or not isinstance(values.get("cells"), list):
        raise ValueError("it is no notebook of version 4")  # noqa: TRY004 - as json does
    kernel = table_of(table_of(values.get("metadata")).get("kernelspec"))
    language = text_of(kernel.get("language")) or "python"
    blocks: list[str] = []
    writer = _Cells(book, name, language)
    for number, cell in enumerate(values["cells"], 1):
        blocks += writer.blocks(table_of(cell), number)
    return "\n\n".join(block.strip("\n") for block in blocks if block.strip()) + "\n"


class _Cells:
    """Writes the cells of one notebook."""

    def __init__(self, book: ImportedBook, name: str, language: str) -> None:
        self._book, self._name, self._language = book, name, language

    def blocks(self, cell: dict[str, Any], number: int) -> Iterator[str]:
        """Yield the blocks of Markdown that a cell becomes."""
        tags = set(map(text_of, items_of(table_of(cell.get("metadata")).get("tags"))))
        source = _joined(cell.get("source"))
        kind = cell.get("cell_type")
        if tags & _TAGS_WITHOUT_CELL:
            return
        if kind == "markdown":
            yield self._with_attachments(source, cell, number)
        elif kind == "code":
            if source.strip() and not tags & _TAGS_WITHOUT_INPUT:
                yield _fenced(source, self._language)
            for place, output in enumerate(items_of(cell.get("outputs")), 1):
                if not tags & _TAGS_WITHOUT_OUTPUT:
                    yield from self._output(table_of(output), number, place)

    def _output(self, output: dict[str, Any], number: int, place: int) -> Iterator[str]:
        kind = output.get("output_type")
        if kind == "stream":
            yield _fenced(_joined(output.get("text")), "text")
        elif kind == "error":
            lines = "\n".join(map(str, items_of(output.get("traceback"))))
            yield _fenced(lines, "text")
        data = table_of(output.get("data"))
        for media_type, suffix in _IMAGES.items():
            if data.get(media_type):
                image = f"{self._stem}-{number}-{place}.{suffix}"
                content = _decoded(_joined(data[media_type]), media_type)
                if content is not None:
                    self._book.binaries[image] = content
                    described = f"Output of the code: {_joined(data.get('text/plain')).strip()}"
                    alt = re.sub(r"[\[\]<>\s]+", " ", described).strip()
                    yield f"![{alt[:200]}]({posixpath.basename(image)})"
                return
        if markdown := _joined(data.get("text/markdown")):
            yield markdown
        elif latex := _joined(data.get("text/latex")):
            yield latex
        elif plain := _joined(data.get("text/plain")):
            yield _fenced(plain, "text")
        elif data:
            kinds = ", ".join(sorted(map(str, data)))
            self._book.leave_out(self._name, 1, f"Output of cell {number} is not used: {kinds}.")

    @property
    def _stem(self) -> str:
        return self._name.rpartition(".")[0]

    def _with_attachments(self, source: str, cell: dict[str, Any], number: int) -> str:
        for label, data in table_of(cell.get("attachments")).items():
            for media_type, suffix in _IMAGES.items():
                content = _decoded(_joined(table_of(data).get(media_type)), media_type)
                if content:
                    plain = re.sub(r"[^\w.-]+", "-", label)
                    image = f"{self._stem}-{number}-{plain.rpartition('.')[0] or plain}.{suffix}"
                    self._book.binaries[image] = content
                    source = source.replace(f"attachment:{label}", posixpath.basename(image))
        return source


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _fenced(text: str, language: str) -> str:
    clean = _ESCAPES.sub("", text).rstrip()
    if not clean:
        return ""
    longest = max((len(found) for found in re.findall(r"^`{3,}", clean, re.MULTILINE)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{clean}\n{marks}"


def _decoded(text: str, media_type: str) -> bytes | None:
    if media_type == "image/svg+xml":
        return text.encode() or None
    try:
        return base64.b64decode("".join(text.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None
