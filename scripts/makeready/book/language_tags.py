"""Tags of languages (BCP 47), and which of the files named by them is a language's."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_SCRIPT_LETTERS = 4


def file_names(tag: str) -> Iterator[str]:
    """Yield the names that the file of a language may have: with its script or region first."""
    tag = tag.lower()
    if not _TAG.fullmatch(tag):
        return
    language, *others = tag.split("-")
    # Where a script is named, the region does not decide it.
    scripts = [part for part in others if len(part) == _SCRIPT_LETTERS and part.isalpha()]
    for other in scripts or others:
        yield f"{language}-{other}"
    yield language
