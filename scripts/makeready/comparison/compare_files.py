"""Two PDFs compared page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from makeready.comparison.page_change import SHOWN, Change, ComparedPages, compare_pair
from makeready.comparison.page_pairs import pair_pages
from makeready.comparison.page_words import read_pages
from makeready.errors import FindingsError

OnPage = Callable[[int, int], None]
"""A function called with the number of a page that is compared, and of all."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The pages of two files in pairs, in their order."""

    pages: tuple[ComparedPages, ...]

    def counts(self) -> dict[Change, int]:
        """Return how many pages there are of each kind of change."""
        counted = Counter(page.change for page in self.pages)
        return {change: counted[change] for change in Change}

    def shown(self) -> list[ComparedPages]:
        """Return the pages that changed, were put in or taken out."""
        return [page for page in self.pages if page.change in SHOWN]


def compare_files(old: Path, new: Path, on_page: OnPage = lambda _n, _all: None) -> Comparison:
    """Compare two PDFs; FindingsError for a file that cannot be read."""
    with _opened(old) as before, _opened(new) as after:
        pairs = pair_pages(read_pages(before), read_pages(after))
        pages = []
        for number, pair in enumerate(pairs):
            on_page(number, len(pairs))
            pages.append(compare_pair(pair, before, after))
    return Comparison(tuple(pages))


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise FindingsError(
            f"{path.as_posix()} cannot be read as a PDF.", "Give the path of a PDF that opens."
        ) from error
