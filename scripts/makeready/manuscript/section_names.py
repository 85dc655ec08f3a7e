"""The names of sections that have none in ``book.toml``: their kind and a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from makeready.book.kinds import GROUPS
from makeready.manuscript.draft import Draft

_ALWAYS_WITH_NUMBER = frozenset({*GROUPS, "chapter", "appendix"})


def assign_names(drafts: Sequence[Draft]) -> None:
    """Name the sections without a name, in their order, by no name that another has.

    The third chapter is ``chapter-3``, whatever its files are called; the first introduction is
    ``introduction``.
    """
    taken = {draft.name for draft in drafts}
    counts: Counter[str] = Counter()
    for draft in drafts:
        kind = draft.kind.name
        counts[kind] += 1
        if draft.name:
            continue
        number = counts[kind]
        name = f"{kind}-{number}"
        if number == 1 and kind not in _ALWAYS_WITH_NUMBER:
            name = kind
        while name in taken:
            number += 1
            name = f"{kind}-{number}"
        draft.name = name
        taken.add(name)
