"""Codes that describe a book to the trade: subjects, audiences, series, territories.

An invalid value raises a ``PydanticCustomError`` whose type is the id of its rule. An empty text
is valid: it stands in for an invalid value, and is dropped later.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from pydantic_core import PydanticCustomError
from stdnum import issn as stdnum_issn

AUDIENCES = (
    "general",
    "children",
    "teenage",
    "schools",
    "students",
    "professional",
    "adult-education",
    "language-learners",
)
WORLD = "WORLD"

# Source: BISG, Complete BISAC Subject Headings: three letters, six digits.
_BISAC = re.compile(r"([A-Z]{3}[0-9]{6})(?:\s+(.+))?")
# Source: EDItEUR, Thema basic instructions: a subject begins with a letter, a qualifier with a
# digit from 1 to 6; national extensions follow hyphens.
_THEMA = re.compile(r"((?:[A-Y]|[1-6][A-Z])[A-Z0-9]{0,11}(?:-[A-Z0-9]{1,4})*)(?:\s+(.+))?")
# Source: EPUB 3.3, appendix D.3.7: integers, joined by full stops for positions within positions.
_POSITION = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")


def known_audience(value: str) -> str:
    """Return the name of an audience if it is one of ``AUDIENCES``."""
    if value not in {"", *AUDIENCES}:
        close = get_close_matches(value.lower(), AUDIENCES, n=1, cutoff=0.5)
        known = f"Known audiences: {', '.join(AUDIENCES)}."
        hint = f"Did you mean “{close[0]}”? {known}" if close else known
        raise PydanticCustomError("MET-038", "audience", {"suggestion": hint})
    return value


def bisac_code(value: str) -> str:
    """Return a BISAC code, followed by a space and its heading if that is given."""
    return _checked_code(value, _BISAC, "MET-031")


def thema_code(value: str) -> str:
    """Return a Thema code, followed by a space and its heading if that is given."""
    return _checked_code(value, _THEMA, "MET-032")


def is_qualifier(thema: str) -> bool:
    """Return whether a Thema code is a qualifier, which cannot stand without a subject."""
    return thema[:1].isdigit()


def _checked_code(value: str, form: re.Pattern[str], rule: str) -> str:
    if not value:
        return ""
    code, _, heading = value.partition(" ")
    match = form.fullmatch(f"{code.upper()} {heading}".strip())
    if match is None:
        raise PydanticCustomError(rule, "code")
    return value.replace(code, code.upper(), 1)


def series_position(value: Any) -> str:
    """Return a position in a series: a whole number, or several joined by full stops."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number else value
    if not isinstance(text, str) or not _POSITION.fullmatch(text.strip()):
        raise PydanticCustomError("MET-036", "position")
    return text.strip()


def normalised_issn(value: str) -> str:
    """Return an ISSN as ``1234-5679``."""
    if not value.strip():
        return ""
    if not stdnum_issn.is_valid(value):
        raise PydanticCustomError("MET-034", "issn")
    return str(stdnum_issn.format(value))


def territory(value: str) -> str:
    """Return a country code of ISO 3166 in upper case, or ``WORLD``."""
    code = value.upper()
    if code not in {"", WORLD} and not _COUNTRY.fullmatch(code):
        raise PydanticCustomError("MET-035", "territory")
    return code
