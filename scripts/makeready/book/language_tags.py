"""Tags of languages (BCP 47), and which of the files named by them is a language's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_SCRIPT_LETTERS = 4


def subtags(tag: str) -> list[str]:
    """Return the parts of a tag in small letters, without its extensions and private use."""
    language, *others = tag.lower().replace("_", "-").split("-")
    return [language, *takewhile(lambda part: len(part) > 1, others)]


def script_in(tag: str) -> str:
    """Return the ISO 15924 code of the script that a tag names; nothing if it names none."""
    named = (p for p in subtags(tag)[1:] if len(p) == _SCRIPT_LETTERS and p.isalpha())
    return next(named, "").capitalize()


def file_names(tag: str) -> Iterator[str]:
    """Yield the names that the file of a language may have: with its script or region first."""
    tag = tag.lower()
    if not _TAG.fullmatch(tag):
        return
    language, *others = subtags(tag)
    # Where a script is named, the region does not decide it.
    script = script_in(tag).lower()
    for other in [script] if script else others:
        yield f"{language}-{other}"
    yield language
