"""The labels that layouts add to a book, in its language, such as Chapter or Contents."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from makeready.findings import Findings, SourceLocation

FALLBACK_LANGUAGE = "en"


@cache
def _labels_by_language() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("makeready.book").joinpath("labels.toml").read_text("utf-8"))


def known_labels() -> tuple[str, ...]:
    """Return the keys of the labels, which every language has."""
    return tuple(_labels_by_language()[FALLBACK_LANGUAGE])


def labels_for(
    language: str, findings: Findings, location: SourceLocation | None = None
) -> dict[str, str]:
    """Return the labels of a BCP 47 language; the English ones, with a finding, if it has none."""
    labels = _labels_by_language().get(language.split("-", maxsplit=1)[0].lower())
    if labels is None:
        findings.add("MET-011", location, language=language)
        labels = _labels_by_language()[FALLBACK_LANGUAGE]
    return dict(labels)


def labels_in_all_languages(key: str) -> tuple[str, ...]:
    """Return a label in each language that has labels."""
    return tuple(labels[key] for labels in _labels_by_language().values())
