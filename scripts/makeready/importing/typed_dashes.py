"""Em dashes that are typed as on a typewriter, as in most English texts of novels."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BETWEEN_WORDS = re.compile(r"[a-z,.!?\"'”’]--(?=[A-Za-z\"'“‘])")
_LONGER = re.compile(r"(?<!-)---(?!-)(?=[^\s-])|(?<=[a-z])---(?!-)|—")
_LEAST = 3


def has_typed_dashes(texts: Iterable[str]) -> bool:
    """Return whether ``--`` joins words in English texts, which have no other em dash."""
    found = 0
    for text in texts:
        if "--" in text:
            if _LONGER.search(text):
                return False
            found += len(_BETWEEN_WORDS.findall(text))
    return found >= _LEAST
