"""The kinds and divisions of sections whose tool only has an order and titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from makeready.book.kinds import GROUPS, KINDS, Division
from makeready.book.labels import labels_in_all_languages
from makeready.importing.imported_book import Entry

BODY_KINDS = frozenset({*GROUPS, "chapter"})
_NAMED = frozenset(
    {
        *("foreword", "preface", "acknowledgments", "introduction", "prologue", "epilogue"),
        *("conclusion", "afterword", "appendix", "chronology", "glossary", "bibliography"),
        *("about-the-author", "dedication", "epigraph"),
    }
)
_SYNONYMS = {
    "acknowledgements": "acknowledgments",
    "acknowledgement": "acknowledgments",
    "acknowledgment": "acknowledgments",
    "thanks": "acknowledgments",
    "thank you": "acknowledgments",
    "references": "bibliography",
    "works cited": "bibliography",
    "literature": "bibliography",
    "bibliographie": "bibliography",
    "literaturverzeichnis": "bibliography",
    "appendices": "appendix",
    "appendixes": "appendix",
    "about the authors": "about-the-author",
    "about the author s": "about-the-author",
    "timeline": "chronology",
    "intro": "introduction",
    "prolog": "prologue",
    "epilog": "epilogue",
}
# Kinds that a tool's own number would make a chapter of, so that no other number changes.
_CHAPTERS_IF_NUMBERED = frozenset({"introduction", "prologue", "epilogue", "conclusion"})
_ORDINAL = re.compile(r"^(?:\d+|[ivxl]+)(?:[.):]|\s+-)\s+", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_APPENDIX = re.compile(
    r"(?:appendix|anhang|annexe|apéndice|anexo|приложение)\b(?!\s+(?:to|zu|of)\b)", re.IGNORECASE
)


def kind_of_title(title: str) -> str:
    """Return the kind of section that a title names in a language known here, or empty."""
    plain = _ORDINAL.sub("", title.strip())
    words = " ".join(_WORDS.findall(plain.casefold()))
    kind = _SYNONYMS.get(words) or _kinds_by_label().get(words, "")
    return kind or ("appendix" if _APPENDIX.match(plain) else "")


@lru_cache(maxsize=1)
def _kinds_by_label() -> dict[str, str]:
    kinds: dict[str, str] = {}
    named = sorted(_NAMED)
    # The languages in their order: a word is what it is in the first of them.
    for labels in zip(*map(labels_in_all_languages, named), strict=True):
        for kind, label in zip(named, labels, strict=True):
            kinds.setdefault(" ".join(_WORDS.findall(label.casefold())), kind)
    return kinds


@dataclass(slots=True)
class Divisions:
    """The entries of a book in its three divisions, each of a known kind."""

    front: list[Entry] = field(default_factory=list)
    body: list[Entry] = field(default_factory=list)
    back: list[Entry] = field(default_factory=list)


def divide(entries: Sequence[Entry]) -> Divisions:
    """Return a book's entries with their kinds, in front matter, body and back matter.

    An entry that is of the front or the back by its kind stays in the body where chapters stand on
    both sides of it, as a chapter without a number.
    """
    kinds = [_kind_of(entry) for entry in entries]
    main = [i for i, e in enumerate(entries) if _is_main(e, kinds[i])]
    first, last = (main[0], main[-1]) if main else (len(entries), len(entries) - 1)
    divisions = Divisions()
    for index, (entry, kind) in enumerate(zip(entries, kinds, strict=True)):
        if index < first:
            _add(divisions.front, entry, kind or "preface", Division.FRONT, divisions.body)
        elif index > last and main:
            _add(divisions.back, entry, kind or "appendix", Division.BACK, divisions.body)
        else:
            _add(divisions.body, entry, kind or "chapter", Division.BODY, divisions.body)
    if not divisions.body:
        moved = divisions.front or divisions.back
        divisions.body = [_as_chapter(entry) for entry in moved]
        moved.clear()
    return divisions


def _is_main(entry: Entry, kind: str) -> bool:
    """Return whether an entry is one that the body begins or ends with."""
    if entry.division:
        return entry.division == "body"
    return kind in BODY_KINDS or (not kind and entry.is_numbered is not False)


def _kind_of(entry: Entry) -> str:
    if entry.kind:
        return entry.kind
    kind = kind_of_title(entry.title)
    if entry.is_numbered and kind in _CHAPTERS_IF_NUMBERED:
        return "chapter"
    return kind


def _add(
    division: list[Entry], entry: Entry, kind: str, where: Division, body: list[Entry]
) -> None:
    if where in KINDS[kind].divisions:
        entry.kind = kind
        division.append(entry)
    elif where is Division.BODY or Division.BODY in KINDS[kind].divisions:
        entry.kind = kind if Division.BODY in KINDS[kind].divisions else "chapter"
        entry.is_numbered = False if entry.kind == "chapter" else entry.is_numbered
        body.append(entry)
    else:
        entry.kind = "preface" if where is Division.FRONT else "appendix"
        division.append(entry)


def _as_chapter(entry: Entry) -> Entry:
    entry.kind = "chapter"
    return entry
