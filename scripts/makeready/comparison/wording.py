"""A comparison in words."""

from __future__ import annotations

from makeready.comparison.compare_files import Comparison
from makeready.comparison.page_change import Change, ComparedPages
from makeready.wording import counted

_COUNTED = (
    (Change.CHANGED, "{} changed"),
    (Change.INSERTED, "{} inserted"),
    (Change.REMOVED, "{} removed"),
    (Change.REFLOWED, "{} with the same words in other lines"),
    (Change.MOVED, "{} with the same lines elsewhere"),
    (Change.RENUMBERED, "{} with another number or running head"),
    (Change.SAME, "{} the same"),
)


def counts_in_words(comparison: Comparison) -> str:
    """Return how many pages there are of each kind of change."""
    counts = comparison.counts()
    words = [text.format(counted(counts[kind], "page")) for kind, text in _COUNTED if counts[kind]]
    return "; ".join(words) or "no pages"


def change_in_words(one: ComparedPages) -> str:
    """Return what is different about a page, as “page 12, now 14: changed in 3 places”."""
    if one.change is Change.INSERTED:
        return f"page {one.new_label}: inserted"
    if one.change is Change.REMOVED:
        return f"page {one.old_label}: removed"
    now = f", now {one.new_label}" if one.new_label != one.old_label else ""
    where = max(len(one.old_boxes), len(one.new_boxes))
    places = f" in {counted(where, 'place')}" if where else ""
    return f"page {one.old_label}{now}: {one.change}{places}"
