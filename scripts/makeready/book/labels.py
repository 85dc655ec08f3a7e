"""The labels that layouts add to a book, in its language, such as Chapter or Contents."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from makeready.findings import Findings, SourceLocation

FALLBACK_LANGUAGE = "en"
_MAX_SHOWN = 4


@cache
def _labels_by_language() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("makeready.book").joinpath("labels.toml").read_text("utf-8"))


def known_labels() -> tuple[str, ...]:
    """Return the keys of the labels, which every language has."""
    return tuple(_labels_by_language()[FALLBACK_LANGUAGE])


def labels_for(
    language: str,
    own: Mapping[str, str],
    findings: Findings,
    location: SourceLocation | None = None,
) -> dict[str, str]:
    """Return the labels of a BCP 47 language, in which a book's ``own`` ones replace others.

    A language without labels has the English ones; those that the book lacks are reported.
    """
    labels = _labels_by_language().get(language.split("-", maxsplit=1)[0].lower())
    if labels is None:
        labels = _labels_by_language()[FALLBACK_LANGUAGE]
        if missing := [key for key in labels if key not in own]:
            _report_missing(missing, labels, language, findings, location)
    return labels | dict(own)


def _report_missing(
    missing: Sequence[str],
    labels: Mapping[str, str],
    language: str,
    findings: Findings,
    location: SourceLocation | None,
) -> None:
    shown = ", ".join(labels[key] for key in missing[:_MAX_SHOWN])
    findings.add(
        "MET-011",
        location,
        language=language,
        labels=f"{shown} and so on" if len(missing) > _MAX_SHOWN else shown,
        is_or_are="is" if len(missing) == 1 else "are",
        keys="the labels" if len(missing) == len(labels) else ", ".join(missing),
    )


def labels_in_all_languages(key: str) -> tuple[str, ...]:
    """Return a label in each language that has labels."""
    return tuple(labels[key] for labels in _labels_by_language().values())
