"""The stylesheet of an EPUB, and the fonts and images that the book's own rules name in it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from makeready.book.model import Book
from makeready.epub.archive import Item
from makeready.epub.image_scaling import ImageScaler
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.images import SVG_TYPE, BookImages
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.svg import cleaned
from makeready.templates.environment import BOOK_RULES, Layouts
from makeready.templates.mirrored_css import turned
from makeready.templates.stylesheet_urls import StylesheetUrl, StylesheetUrls

EPUB_SHEETS = ("book.css", "epub.css")
"""The stylesheets of an e-book, in their order."""
# The first bytes of a font file, with its type and suffix. Source: EPUB 3.3, section 3.2.
_FONT_TYPES = {
    b"\0\1\0\0": ("font/ttf", "ttf"),
    b"true": ("font/ttf", "ttf"),
    b"OTTO": ("font/otf", "otf"),
    b"wOFF": ("font/woff", "woff"),
    b"wOF2": ("font/woff2", "woff2"),
}
_MAX_FONT_BYTES = 50_000_000


class EpubStylesheet:
    """The rules of an EPUB's one stylesheet, and the items that it shows from ``folder``."""

    def __init__(
        self,
        book: Book,
        layouts: Layouts,
        folder: str,
        scaler: ImageScaler,
        findings: Findings,
        sheets: Sequence[str] = EPUB_SHEETS,
        *,
        is_vertical: bool = False,
    ) -> None:
        self._root = book.root.resolve()
        self._images = BookImages(book.root, MissingTargets())
        self._folder = folder
        self._scaler = scaler
        self._findings = findings
        self._items: dict[Path, Item] = {}
        texts = [layouts.stylesheet(name, book.metadata.language) for name in sheets]
        if is_vertical:
            texts = [*map(turned, texts), layouts.stylesheet("vertical.css")]
        self.rules = "\n".join(map(self._read, texts))

    @property
    def items(self) -> list[Item]:
        """The fonts and images, in the order in which the rules name them."""
        return list(self._items.values())

    def _read(self, css: str) -> str:
        found = StylesheetUrls(css)
        blocks = [(own["path"], css.count("\n", 0, own.end())) for own in BOOK_RULES.finditer(css)]
        for url in found.urls:
            own = [(path, url.line - before) for path, before in blocks if url.line > before]
            reason = self._pack(url) if own else ""
            if reason:
                location = SourceLocation(*own[-1])
                self._findings.add("EPU-015", location, url=url.url[:80], reason=reason)
        return found.text()

    def _pack(self, url: StylesheetUrl) -> str:
        """Add the file of a URL to the items; return why that is impossible, or nothing."""
        if url.is_import:
            return "an e-book has one stylesheet, which cannot load others"
        if url.url.lower().startswith("data:"):
            return ""
        try:
            path = (self._root / url.path).resolve()
            if not url.is_relative or not path.is_relative_to(self._root) or not path.is_file():
                return "the book's folder has no such file"
            item = self._items.get(path) or self._item(path)
        except (OSError, RuntimeError, ValueError):
            return "it cannot be read"
        if item is None:
            return "it is neither a font nor an image that e-books may contain"
        self._items[path] = item
        url.replace(quote(posixpath.basename(item.file_name)))
        return ""

    def _item(self, path: Path) -> Item | None:
        number = len(self._items) + 1
        with path.open("rb") as file:
            head = file.read(4)
        if head in _FONT_TYPES and path.stat().st_size <= _MAX_FONT_BYTES:
            media_type, suffix = _FONT_TYPES[head]
        else:
            image = self._images.find(path.relative_to(self._root).as_posix()).resource
            if image is None:
                return None
            media_type = image.media_type
            suffix = media_type.partition("/")[2].partition("+")[0]
        name = f"style-{number}.{suffix}"
        content = path.read_bytes()
        if media_type == SVG_TYPE:
            content = cleaned(content)
        elif media_type.startswith("image/"):
            content = self._scaler.scale(content)
        return Item(f"style-{number}", f"{self._folder}/{name}", media_type, content)
