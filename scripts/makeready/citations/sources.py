"""The works that a book may cite, from its files of BibTeX, CSL-JSON and CSL-YAML."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.citations.bibtex import read_bibtex
from makeready.citations.dates import date_of
from makeready.findings import Findings, SourceLocation

LARGEST_SOURCE = 20_000_000
ENDINGS = (".bib", ".bibtex", ".biblatex", ".json", ".yaml", ".yml")
_LARGEST_YAML = 2_000_000
_MOST_PROBLEMS = 5


class _SourceError(Exception):
    """A source that cannot be read; the message completes “cannot be read:”."""


@dataclass(slots=True)
class Sources:
    """The works of a book's sources by key; of two with one key the first holds.

    ``digest`` is that of the content of all files.
    """

    digest: str = ""
    is_complete: bool = True
    _items: dict[str, Any] = field(default_factory=dict)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def item(self, key: str) -> Mapping[str, Any]:
        """Return the data of a work as CSL's JSON has it."""
        item = self._items[key]
        if callable(item):
            item = self._items[key] = item()
        assert isinstance(item, Mapping)
        return item

    def nearest(self, key: str) -> str:
        """Return the key that is most like one that there is not, or an empty text."""
        by_case = next((known for known in self._items if known.lower() == key.lower()), "")
        found = difflib.get_close_matches(key[:200], self._items, n=1, cutoff=0.7)
        return by_case or (found[0] if found else "")

    def add(self, key: str, item: Any) -> None:
        """Add a work, or a function that returns its data, if there is none of this key."""
        self._items.setdefault(key, item)


def read_sources(
    root: Path, names: Sequence[str], location: SourceLocation, findings: Findings
) -> Sources:
    """Return the works of files in the book's folder; report what cannot be read.

    ``location`` is that of the list of files.
    """
    sources = Sources()
    digest = hashlib.sha256()
    for name in names:
        try:
            raw = read_book_file(root, name, LARGEST_SOURCE)
            digest.update(f"{len(raw)} {name} ".encode("utf-8", "surrogatepass") + raw)
            _add_file(sources, name, raw, findings)
        except (FileRefusedError, _SourceError) as error:
            sources.is_complete = False
            problem = error.problem if isinstance(error, FileRefusedError) else str(error)
            findings.add("REF-020", location, file=name, problem=problem)
    sources.digest = digest.hexdigest()
    return sources


def _add_file(sources: Sources, name: str, raw: bytes, findings: Findings) -> None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _SourceError(f"line {line} is not text in UTF-8") from error
    if name.lower().endswith(".json"):
        items = _json_items(text)
    elif name.lower().endswith((".yaml", ".yml")):
        items = _yaml_items(text)
    else:
        _add_bibtex(sources, name, text, findings)
        return
    for item in items:
        key = item.get("id") or item.get("citation-key")
        if isinstance(key, str | int) and str(key):
            sources.add(str(key), item)


def _add_bibtex(sources: Sources, name: str, text: str, findings: Findings) -> None:
    file = read_bibtex(text)
    for key, _ in file:
        sources.add(key, lambda key=key: file.item(key))
    for line, problem in file.problems[:_MOST_PROBLEMS]:
        findings.add("REF-021", SourceLocation(name, line), problem=problem)


def _json_items(text: str) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _SourceError(f"line {error.lineno} is no valid JSON") from error
    except (ValueError, RecursionError) as error:
        raise _SourceError("it is no valid JSON") from error
    return _items_of(data)


def _yaml_items(text: str) -> list[Mapping[str, Any]]:
    if len(text) > _LARGEST_YAML:
        raise _SourceError(f"as YAML it may have {_LARGEST_YAML:,} characters; export it as JSON")
    try:
        # Anchors can make a short text stand for an endless one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _LOADER)):
            raise _SourceError("it has aliases, which begin with an asterisk")
        data = yaml.load(text, _LOADER)  # noqa: S506 - it is a safe one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark is not None else "it"
        raise _SourceError(f"{line} is no valid YAML") from error
    except (ValueError, RecursionError) as error:
        raise _SourceError("it is no valid YAML") from error
    return _items_of(data)


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _items_of(data: Any) -> list[Mapping[str, Any]]:
    """Return the works of a list, or of the ``references`` or ``items`` of a table."""
    if isinstance(data, Mapping):
        data = data.get("references") or data.get("items") or [data]
    if not isinstance(data, list):
        raise _SourceError("it has no list of works")
    return [_normal(item) for item in data if isinstance(item, Mapping)]


def _normal(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a work whose dates are as in JSON: YAML has them as texts and lists of parts."""
    return {str(name): _normal_date(str(name), value) for name, value in item.items()}


def _normal_date(name: str, value: Any) -> Any:
    if name not in {"issued", "accessed", "original-date", "event-date", "submitted"}:
        return value
    if isinstance(value, Mapping) and "date-parts" not in value and "year" in value:
        value = [value]
    if isinstance(value, list):
        parts = [_parts_of(one) for one in value if isinstance(one, Mapping)]
        return {"date-parts": parts}
    if isinstance(value, Mapping):
        raw = value.get("raw") or value.get("edtf")
        return (date_of(str(raw)) if raw else None) or value
    text = str(value)
    return date_of(text) or {"literal": text}


def _parts_of(date: Mapping[str, Any]) -> list[Any]:
    parts = [date.get(part) for part in ("year", "month", "day")]
    return parts[: next((i for i, part in enumerate(parts) if part is None), len(parts))]
