"""What an upload folder cannot have yet, and what would bring it."""

from __future__ import annotations

from makeready.book.model import Book, Edition
from makeready.book.toml_lines import TomlLines
from makeready.findings import Findings, SourceLocation
from makeready.printers.cover import cover_geometry
from makeready.printers.profile import profile_of
from makeready.printers.unsupported import UnsupportedError


def find_missing(book: Book, edition: Edition, pages: int, findings: Findings) -> None:
    """Find what an edition of so many pages still lacks to be sent: its ISBN, its cover."""
    profile = profile_of(edition)
    location = line_of(book, edition)
    values = {"edition": edition.name, "printer": profile.title}
    names = (profile.rules.file.interior_name, profile.rules.file.cover_name)
    wanted = [name.format(isbn="ISBN") for name in names if "{isbn}" in name]
    if wanted and not edition.isbn:
        findings.add("PRN-065", location, names=" and ".join(wanted), **values)
    refusal = no_cover(edition, pages)
    if refusal is not None:
        values |= {"message": refusal.message, "hint": refusal.hint, "pages": str(pages)}
        findings.add("PRN-066", location, **values)


def line_of(book: Book, edition: Edition) -> SourceLocation:
    """Return where ``book.toml`` tells of an edition."""
    lines = TomlLines((book.root / "book.toml").read_text("utf-8"))
    return SourceLocation("book.toml", lines.line_of(("editions", edition.name)))


def no_cover(edition: Edition, pages: int) -> UnsupportedError | None:
    """Return why no cover can be made of an edition of so many pages; None if one can."""
    try:
        cover_geometry(edition, pages)
    except UnsupportedError as refusal:
        return refusal
    return None
