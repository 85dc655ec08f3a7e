"""The pictures of the cover that ``book.toml`` names: whether they are there, and images."""

from __future__ import annotations

from pathlib import Path

from makeready.book.config import BookConfig
from makeready.book.model import BOOK_FILE
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.images import WRONG_EXTENSION, BookImages
from makeready.manuscript.suppressed import MissingTargets


def check_pictures(root: Path, config: BookConfig, findings: Findings) -> None:
    """Report the pictures of the cover that are missing, outside the book, or no images."""
    images = BookImages(root, MissingTargets())
    for key, path in config.pictures.paths.items():
        found = images.find(path)
        if found.rule and found.rule != WRONG_EXTENSION:
            location = SourceLocation(BOOK_FILE, config.lines.get(f"cover.{key}"))
            findings.add(found.rule, location, image=path, **found.values)
