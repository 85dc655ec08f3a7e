"""BibTeX and BibLaTeX: the entries of a file, as the items of CSL's JSON."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from makeready.citations.dates import date_of
from makeready.citations.latex_text import latex_to_csl, latex_to_plain

# What cannot be parsed is in the blocks, and reported by the book's own findings.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False

_LONGEST_VALUE = 50_000
_MOST_PARENTS = 3
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}

_TYPES = {
    "article": "article-journal",
    "artwork": "graphic",
    "audio": "song",
    "book": "book",
    "bookinbook": "chapter",
    "booklet": "pamphlet",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "image": "graphic",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia",
    "jurisdiction": "legal_case",
    "legislation": "legislation",
    "letter": "personal_communication",
    "manual": "book",
    "mastersthesis": "thesis",
    "movie": "motion_picture",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "online": "webpage",
    "patent": "patent",
    "periodical": "periodical",
    "phdthesis": "thesis",
    "proceedings": "book",
    "reference": "book",
    "report": "report",
    "review": "review",
    "software": "software",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "video": "motion_picture",
    "www": "webpage",
}
_IN_BOOK = frozenset({"chapter", "paper-conference", "entry-encyclopedia"})
_PERIODICALS = frozenset({"article-journal", "article-magazine", "article-newspaper", "periodical"})
_NAMES = {
    "author": "author",
    "bookauthor": "container-author",
    "editor": "editor",
    "translator": "translator",
    "holder": "author",
}
_RICH = {
    "titleaddon": "title-addon",
    "shorttitle": "title-short",
    "shortjournal": "container-title-short",
    "series": "collection-title",
    "eventtitle": "event-title",
    "venue": "event-place",
    "address": "publisher-place",
    "location": "publisher-place",
    "note": "note",
    "annote": "annote",
    "annotation": "annote",
    "origtitle": "original-title",
    "origpublisher": "original-publisher",
    "origlocation": "original-publisher-place",
    "pubstate": "status",
    "type": "genre",
}
_PLAIN = {
    "volume": "volume",
    "volumes": "number-of-volumes",
    "pagetotal": "number-of-pages",
    "chapter": "chapter-number",
    "version": "version",
    "isbn": "ISBN",
    "issn": "ISSN",
    "pmid": "PMID",
    "issue": "issue",
}
_PUBLISHERS = ("publisher", "school", "institution", "organization")
_DATES = {"origdate": "original-date", "eventdate": "event-date", "urldate": "accessed"}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
_GENRE_KEYS = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master’s thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_EDITIONS = {word: str(number) for number, word in enumerate(_ORDINALS, start=1)}
_NUMBER = re.compile(r"(\d+)(?:st|nd|rd|th|\.)?")
_ADDRESS = re.compile(r"https?://[^\s{}]+")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)", re.IGNORECASE)
_PIECE = re.compile(r"\s*#\s*|\"|\{|[^\s#\"{]+")
_BRACES = re.compile(r"[{}]")
_QUOTE_OR_BRACE = re.compile(r"[{}\"]")
_LANGUAGES = {
    **{"american": "en-US", "british": "en-GB", "english": "en", "german": "de", "ngerman": "de"},
    **{"french": "fr", "spanish": "es", "italian": "it", "russian": "ru", "portuguese": "pt"},
    **{"dutch": "nl", "swedish": "sv", "polish": "pl", "latin": "la", "kazakh": "kk"},
}


@dataclass(frozen=True, slots=True)
class _RawEntry:
    kind: str
    line: int
    fields: Mapping[str, str]


@dataclass(slots=True)
class BibtexFile:
    """The entries of a BibTeX file; ``problems`` are the lines that are no entries, with a text."""

    entries: dict[str, _RawEntry] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield the keys, each with its line."""
        return ((key, entry.line) for key, entry in self.entries.items())

    def item(self, key: str) -> dict[str, Any]:
        """Return an entry as CSL's JSON has it."""
        return _item(key, self.entries[key].kind, self._fields(key, _MOST_PARENTS))

    def _fields(self, key: str, parents: int) -> Mapping[str, str]:
        """Return the fields of an entry, with those that it takes from its ``crossref``."""
        entry = self.entries[key]
        parent = entry.fields.get("crossref", "").strip()
        if parent not in self.entries or not parents:
            return entry.fields
        inherited = dict(self._fields(parent, parents - 1))
        if _TYPES.get(entry.kind) in _IN_BOOK:
            inherited["booktitle"] = inherited.get("booktitle") or inherited.get("title", "")
            inherited["booksubtitle"] = inherited.get("subtitle", "")
        for own in ("title", "subtitle", "shorttitle", "crossref"):
            inherited.pop(own, "")
        return {**inherited, **entry.fields}


def read_bibtex(text: str) -> BibtexFile:
    """Return the entries of a BibTeX file."""
    file = BibtexFile()
    strings = dict(_MONTH_NAMES)
    left = [10 * len(text) + 100_000]
    for block in Splitter(text).split().blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, String):
            strings[block.key.lower()] = _value(block.value, strings, left)
        elif isinstance(block, DuplicateBlockKeyBlock):
            file.problems.append((line, f"there is an entry “{block.key}” already"))
        elif isinstance(block, ParsingFailedBlock):
            file.problems.append((line, "it is no complete entry"))
        elif isinstance(block, Entry):
            fields = {f.key.lower(): _value(str(f.value), strings, left) for f in block.fields}
            file.entries[block.key.strip()] = _RawEntry(block.entry_type.lower(), line, fields)
    return file


def _value(raw: str, strings: Mapping[str, str], left: list[int]) -> str:
    """Return a value without its marks: ``{a}``, ``"a"``, or pieces ``"a" # b``."""
    raw = raw.strip()
    pieces: list[str] = []
    position = 0
    while position < len(raw):
        mark = _PIECE.match(raw, position)
        if mark is None:
            break
        start, position = mark.end(), mark.end()
        if mark[0] in {"{", '"'}:
            end = _end_of(raw, start, mark[0])
            pieces.append(raw[start:end])
            position = end + 1
        elif not mark[0].strip().startswith("#"):
            pieces.append(strings.get(mark[0].lower(), mark[0]))
        while position < len(raw) and raw[position].isspace():
            position += 1
    value = "".join(pieces)[: min(_LONGEST_VALUE, max(left[0], 0))]
    left[0] -= len(value)
    return value


def _end_of(raw: str, start: int, mark: str) -> int:
    depth = 0
    for sign in (_BRACES if mark == "{" else _QUOTE_OR_BRACE).finditer(raw, start):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == '"':
            if depth == 0:
                return sign.start()
        elif depth == 0:
            return sign.start() if mark == "{" else len(raw)
        else:
            depth -= 1
    return len(raw)


def _item(key: str, kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {"id": key, "type": _type_of(kind, fields)}
    for name, variable in _NAMES.items():
        if names := _names_of(fields.get(name, "")):
            item.setdefault(variable, names)
    item |= _titles(fields)
    for name, variable in _RICH.items():
        if value := latex_to_csl(fields.get(name, "")):
            item.setdefault(variable, value)
    for name, variable in _PLAIN.items():
        if value := latex_to_plain(fields.get(name, "")):
            item.setdefault(variable, value)
    publishers = [value for name in _PUBLISHERS if (value := latex_to_csl(fields.get(name, "")))]
    if publishers:
        item["publisher"] = "; ".join(publishers)
    _add_numbers(item, fields)
    _add_dates(item, fields)
    _add_addresses(item, fields)
    if genre := _GENRE_KEYS.get(fields.get("type", "").strip()) or _GENRES.get(kind):
        item["genre"] = genre if fields.get("type", "") in {"", *_GENRE_KEYS} else item["genre"]
    language = latex_to_plain(fields.get("langid", "") or fields.get("language", "")).lower()
    if language:
        item["language"] = _LANGUAGES.get(language, language)
    return item


def _type_of(kind: str, fields: Mapping[str, str]) -> str:
    subtype = fields.get("entrysubtype", "").strip().lower()
    if kind == "article" and subtype in {"magazine", "newspaper"}:
        return f"article-{subtype}"
    if kind in _TYPES:
        return _TYPES[kind]
    has_address = any(fields.get(name) for name in ("url", "howpublished"))
    is_published = any(fields.get(name) for name in (*_PUBLISHERS, "journal", "booktitle"))
    return "webpage" if has_address and not is_published else "document"


def _names_of(value: str) -> list[dict[str, str]]:
    names: list[dict[str, str]] = []
    for person in split_multiple_persons_names(value):
        if person.strip() == "others":
            names.append({"literal": OTHERS})
            continue
        parts = parse_single_name_into_parts(person, strict=False)
        first, von, last, jr = (
            latex_to_plain(" ".join(words))
            for words in (parts.first, parts.von, parts.last, parts.jr)
        )
        is_body = len(parts.last) == 1 and parts.last[0].startswith("{") and not (first or von)
        if is_body or not last:
            names.append({"literal": latex_to_plain(person)})
            continue
        name = {"family": last, "given": first, "non-dropping-particle": von, "suffix": jr}
        names.append({part: text for part, text in name.items() if text})
    return [name for name in names if any(name.values())]


OTHERS = "\ue0e0"
"""The name that stands for “and others” in a list of names."""


def _titles(fields: Mapping[str, str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for variable, names in (
        ("title", (("title", "subtitle"),)),
        (
            "container-title",
            (
                ("journaltitle", "journalsubtitle"),
                ("journal", "journalsubtitle"),
                ("booktitle", "booksubtitle"),
                ("maintitle", "mainsubtitle"),
            ),
        ),
    ):
        for main, sub in names:
            title, subtitle = (latex_to_csl(fields.get(name, "")) for name in (main, sub))
            if title:
                mark = " " if title[-1] in "?!:" else ": "
                titles[variable] = f"{title}{mark}{subtitle}" if subtitle else title
                break
    return titles


def _add_numbers(item: dict[str, Any], fields: Mapping[str, str]) -> None:
    if pages := latex_to_plain(fields.get("pages", "")):
        item["page"] = re.sub(r"\s*[-–—]+\s*", "-", pages).rstrip("+")
    if number := latex_to_plain(fields.get("number", "")):
        if item["type"] in _PERIODICALS:
            item.setdefault("issue", number)
        elif item["type"] in {"book", *_IN_BOOK} and fields.get("series"):
            item["collection-number"] = number
        else:
            item["number"] = number
    if edition := latex_to_plain(fields.get("edition", "")):
        word = edition.lower().removesuffix(" edition").removesuffix(" ed.")
        number_in = _NUMBER.fullmatch(word)
        item["edition"] = number_in[1] if number_in else _EDITIONS.get(word, edition)


def _add_dates(item: dict[str, Any], fields: Mapping[str, str]) -> None:
    if issued := date_of(latex_to_plain(fields.get("date", ""))):
        item["issued"] = issued
    elif year := latex_to_plain(fields.get("year", "")):
        month = latex_to_plain(fields.get("month", "")).lower().rstrip(".")
        number = _MONTH_NAMES.get(month[:3], month)
        day = latex_to_plain(fields.get("day", ""))
        parts = [year]
        if year.isdigit() and number.isdigit():
            parts += [f"{int(number[:4]):02}"]
            parts += [f"{int(day[:4]):02}"] if day.isdigit() else []
        item["issued"] = date_of("-".join(parts)) or {"literal": year}
    for name, variable in _DATES.items():
        if date := date_of(latex_to_plain(fields.get(name, ""))):
            item[variable] = date


def _add_addresses(item: dict[str, Any], fields: Mapping[str, str]) -> None:
    if doi := fields.get("doi", "").strip().replace("\\", ""):
        item["DOI"] = _BRACES.sub("", _DOI.sub("", doi))
    url = _ADDRESS.search(fields.get("url", "").replace("\\", ""))
    published = fields.get("howpublished", "")
    elsewhere = _ADDRESS.search(published.replace("\\_", "_").replace("\\", "\\ "))
    if url or elsewhere:
        item["URL"] = (url or elsewhere)[0]  # type: ignore[index]
    if published and not elsewhere and "publisher" not in item:
        item["publisher"] = latex_to_csl(published)
    eprint = latex_to_plain(fields.get("eprint", ""))
    kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "").strip().lower()
    if eprint and kind == "arxiv":
        item.setdefault("URL", f"https://arxiv.org/abs/{eprint}")
