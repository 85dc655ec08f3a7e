"""The metadata that YAML has by the same keys in Pandoc, Quarto, bookdown and MyST."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from makeready.importing.imported_book import Author, ImportedBook
from makeready.importing.plain_data import items_of, text_of, texts_of

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_WRITTEN_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})\.?\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?:(?P<day2>\d{1,2}),?\s+)?(?P<year>\d{4})"
)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_MARKUP = re.compile(r"[*_`]")
_NOTE = re.compile(r"\^\[.*|\s*<[^<>]*>.*")
_AND = re.compile(r"\s(?:and|&)\s")
# A comma alone may stand between a family and a first name.
_SEPARATORS = re.compile(r",?\s(?:and|&)\s|[;,]")
_SEMICOLON = re.compile(";")
# Two commas do not, where each part is a whole name.
_WHOLE_NAMES = re.compile(r"(?:[^\s,;]+ [^,;]*[^\s,;],\s*){2,}[^\s,;]+ [^,;]*[^\s,;]")
_ISBN = re.compile(r"(?:97[89][ -]?)?(?:\d[ -]?){9}[\dXx]")


def set_metadata(book: ImportedBook, values: dict[str, Any], path: str) -> None:
    """Set the metadata of a book from the keys of a mapping; what it has already stays."""
    about = book.metadata
    title = values.get("title")
    about.title = about.title or _plain(title)
    about.subtitle = about.subtitle or _plain(values.get("subtitle"))
    about.language = about.language or text_of(values.get("lang") or values.get("language"))
    summary = values.get("description") or values.get("abstract")
    about.description = about.description or text_of(summary)
    about.publisher = about.publisher or text_of(values.get("publisher"))
    if not about.rights:
        about.rights, _, rest = _rights(values).partition("\n\n")
        book.copyright_text = rest.strip()
    about.keywords = about.keywords or texts_of(values.get("keywords"))
    about.isbn = about.isbn or _isbn(values)
    if not about.authors:
        about.authors = list(people(values))
    if not about.date and (written := text_of(values.get("date"))):
        about.date = date_of(written)
        if not about.date:
            book.leave_out(path, 1, f"The date “{written}” is not one that can be read.")


def people(values: dict[str, Any]) -> Iterator[Author]:
    """Yield the authors, editors, translators and illustrators of a mapping."""
    roles = (("author", "aut"), ("authors", "aut"), ("editor", "edt"), ("translator", "trl"))
    for key, role in roles:
        yield from (Author(name, role) for name in names_of(values.get(key)))
    for creator in items_of(values.get("creator")):
        if isinstance(creator, dict):
            role = text_of(creator.get("role")) or "aut"
            yield from (
                Author(name, role if re.fullmatch("[a-z]{3}", role) else "aut")
                for name in names_of(creator.get("text"))
            )


def names_of(value: Any) -> Iterator[str]:
    """Yield the names of people: a text, a list, or tables that each have a name."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            name = each.get("name")
            if isinstance(name, dict):
                whole = (name.get(key) for key in ("given", "non-dropping-particle", "family"))
                name = name.get("literal") or " ".join(filter(None, map(text_of, whole)))
            yield from names_of(name)
        else:
            names = _NOTE.sub("", _plain(each))
            is_divided = _AND.search(names) or _WHOLE_NAMES.fullmatch(names)
            separator = _SEPARATORS if is_divided else _SEMICOLON
            yield from filter(None, (name.strip() for name in separator.split(names)))


def date_of(text: str) -> str:
    """Return a date as YYYY-MM-DD, YYYY-MM or YYYY; empty if it cannot be read."""
    if (found := _DATE.fullmatch(text[:10])) is not None:
        return found[0]
    if (found := _SLASHED.fullmatch(text)) is not None:
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    if (found := _WRITTEN_DATE.fullmatch(text)) is not None:
        month = next(
            (i for i, m in enumerate(_MONTHS, 1) if m[:3] == found["month"][:3].lower()), 0
        )
        day = found["day"] or found["day2"]
        if month:
            return f"{found['year']}-{month:02}" + (f"-{int(day):02}" if day else "")
    return ""


def _plain(value: Any) -> str:
    return " ".join(_MARKUP.sub("", text_of(value)).split())


def _rights(values: dict[str, Any]) -> str:
    """Return the rights, with their paragraphs."""
    for key in ("rights", "copyright", "license"):
        value = values.get(key)
        if isinstance(value, dict):
            holder, year = text_of(value.get("holder")), text_of(value.get("year"))
            value = f"Copyright {year} {holder}" if holder else value.get("statement")
        if text := text_of(value):
            paragraphs = re.split(r"\n\s*\n", value.strip()) if isinstance(value, str) else [text]
            return "\n\n".join(" ".join(each.split()) for each in paragraphs)
    return ""


def _isbn(values: dict[str, Any]) -> str:
    identifiers = [values.get("isbn"), values.get("identifier")]
    for value in identifiers:
        for each in value if isinstance(value, list) else [value]:
            text = text_of(each.get("text") if isinstance(each, dict) else each)
            if _ISBN.fullmatch(text.upper().removeprefix("ISBN").strip(": ")):
                return text.upper().removeprefix("ISBN").strip(": ")
    return ""
