"""The words a layout writes of itself, in the book's language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from makeready.findings import Findings, SourceLocation

FALLBACK = "en"


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("makeready.book").joinpath("words.toml").read_text("utf-8"))


def known_labels() -> tuple[str, ...]:
    """Return the keys every language has."""
    return tuple(_table()[FALLBACK])


def labels_for(
    language: str, findings: Findings, location: SourceLocation | None = None
) -> dict[str, str]:
    """Return the words of a BCP 47 language, English ones with a finding if it has none."""
    words = _table().get(language.split("-", maxsplit=1)[0].lower())
    if words is None:
        findings.add("MET-011", location, language=language)
        words = _table()[FALLBACK]
    return dict(words)
