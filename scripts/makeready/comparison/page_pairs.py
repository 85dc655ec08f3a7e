"""Pages of two files paired by their words, so that a page put in does not change all after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from makeready.comparison.page_words import PageWords, Word

_MOST_COMPARISONS = 60_000_000
_MOVED_WORDS = 4
_ALIKE = 0.25
"""The least share of their words that two pages have in common to be one page, changed."""


@dataclass
class PagePair:
    """A page of the old file and the page of the new one that stands for it, or one of them.

    ``removed`` and ``added`` are the words that only one has, on the page or on one beside it.
    """

    old: PageWords | None
    new: PageWords | None
    removed: list[Word] = field(default_factory=list)
    added: list[Word] = field(default_factory=list)


def pair_pages(old: Sequence[PageWords], new: Sequence[PageWords]) -> list[PagePair]:
    """Return the pages of two files in pairs, in their order."""
    matcher = SequenceMatcher(None, _keys(old, "old"), _keys(new, "new"), autojunk=False)
    pairs: list[PagePair] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            pairs += map(PagePair, old[i1:i2], new[j1:j2])
        else:
            pairs += _pairs_of(old[i1:i2], new[j1:j2])
    return pairs


def _keys(pages: Sequence[PageWords], file: str) -> list[object]:
    """Return what pages are found again by: their words; those without are found by their place."""
    return [page.text or (file, page.number) for page in pages]


def _pairs_of(old: Sequence[PageWords], new: Sequence[PageWords]) -> list[PagePair]:
    """Return the pairs of pages none of which has all words of another."""
    before = [word for page in old for word in page.words]
    after = [word for page in new for word in page.words]
    shared: Counter[tuple[int, int]] = Counter()
    removed, added = list[Word](), list[Word]()
    if len(before) * len(after) <= _MOST_COMPARISONS:
        texts = [word.text for word in before], [word.text for word in after]
        matcher = SequenceMatcher(None, *texts, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            if kind == "equal":
                pages = zip(before[i1:i2], after[j1:j2], strict=True)
                shared.update((one.page, other.page) for one, other in pages)
            else:
                removed += before[i1:i2]
                added += after[j1:j2]
    else:
        for one, other in zip(old, new, strict=False):
            shared[one.number, other.number] = len(one.words)
        removed, added = before, after
    _leave_out_moved(removed, added)
    pairs = list(_matched(old, new, shared))
    for pair in pairs:
        pair.removed = [w for w in removed if pair.old and w.page == pair.old.number]
        pair.added = [w for w in added if pair.new and w.page == pair.new.number]
    return pairs


def _leave_out_moved(removed: list[Word], added: list[Word]) -> None:
    """Leave out words that are in both: lines that went over notes to the next page."""
    if len(removed) * len(added) > _MOST_COMPARISONS:
        return
    texts = [word.text for word in removed], [word.text for word in added]
    blocks = SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks()
    for block in reversed([block for block in blocks if block.size >= _MOVED_WORDS]):
        del removed[block.a : block.a + block.size]
        del added[block.b : block.b + block.size]


def _matched(
    old: Sequence[PageWords], new: Sequence[PageWords], shared: Counter[tuple[int, int]]
) -> Iterator[PagePair]:
    """Yield pairs in order, so that as many words as possible are shared."""
    rows, columns = len(old), len(new)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            alike = _likeness(old[i], new[j], shared)
            paired = best[i + 1][j + 1] + alike if alike >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < rows or j < columns:
        alike = _likeness(old[i], new[j], shared) if i < rows and j < columns else 0.0
        if alike >= _ALIKE and best[i][j] == best[i + 1][j + 1] + alike:
            yield PagePair(old[i], new[j])
            i, j = i + 1, j + 1
        elif j >= columns or (i < rows and best[i][j] == best[i + 1][j]):
            yield PagePair(old[i], None)
            i += 1
        else:
            yield PagePair(None, new[j])
            j += 1


def _likeness(old: PageWords, new: PageWords, shared: Counter[tuple[int, int]]) -> float:
    """Return how much of two pages is the same, from 0 to 1; of two without words half."""
    most = max(len(old.words), len(new.words))
    if not most:
        return 0.5
    return shared[old.number, new.number] / most
