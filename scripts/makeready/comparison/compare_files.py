"""Two PDFs compared page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2

from makeready.comparison.page_change import SHOWN, Change, ComparedPages, compare_pair
from makeready.comparison.page_pairs import PagePair, pair_pages
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


def compare_files(
    old: Path,
    new: Path,
    on_page: OnPage = lambda _n, _all: None,
    digests: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Comparison:
    """Compare two PDFs; FindingsError for a file that cannot be read.

    ``digests`` are those of the pages of each, where they are known: pages with one digest look
    alike, and only the others are read.
    """
    with _opened(old) as before, _opened(new) as after:
        if digests is None:
            parts: Sequence[_Part] = pair_pages(read_pages(before), read_pages(after))
        else:
            parts = list(_parts_of(before, after, digests))
        pages = []
        for number, part in enumerate(parts):
            on_page(number, len(parts))
            if isinstance(part, PagePair):
                pages.append(compare_pair(part, before, after))
            else:
                labels = [f.get_page_label(n) for f, n in zip((before, after), part, strict=True)]
                pages.append(ComparedPages(Change.SAME, *part, *labels))
    return Comparison(tuple(pages))


_Part = PagePair | tuple[int, int]
"""Pages to compare, or the numbers of two that are the same."""


def _parts_of(
    before: pypdfium2.PdfDocument,
    after: pypdfium2.PdfDocument,
    digests: tuple[Sequence[str], Sequence[str]],
) -> Iterator[_Part]:
    runs = SequenceMatcher(None, *digests, autojunk=False).get_opcodes()
    unlike = [(range(i1, i2), range(j1, j2)) for kind, i1, i2, j1, j2 in runs if kind != "equal"]
    read = []
    for document, side in ((before, 0), (after, 1)):
        wanted = {number for ranges in unlike for number in ranges[side]}
        read.append({page.number: page for page in read_pages(document, wanted)})
    for kind, i1, i2, j1, j2 in runs:
        if kind == "equal":
            yield from zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            old, new = read
            yield from pair_pages([old[n] for n in range(i1, i2)], [new[n] for n in range(j1, j2)])


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise FindingsError(
            f"{path.as_posix()} cannot be read as a PDF.", "Give the path of a PDF that opens."
        ) from error
