"""Dates of works, as CSL's JSON has them, from those of BibLaTeX and EDTF."""

from __future__ import annotations

import re
from typing import Any

_DATE = re.compile(
    r"(?P<year>-?\d{1,4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?:T[\d:.Z+-]*)?(?P<circa>[~?%]?)"
)
_SEASONS = range(21, 25)
_MONTHS = range(1, 13)
_DAYS = range(1, 32)


def date_of(text: str) -> dict[str, Any] | None:
    """Return a date or a range of two dates, ``2001-05/2002``; None if the text is neither."""
    first, sign, last = text.strip().partition("/")
    dates = [
        _DATE.fullmatch(part.strip()) for part in ((first, last) if last.strip() else (first,))
    ]
    parts: list[list[int]] = []
    result: dict[str, Any] = {}
    for date in dates:
        if date is None:
            return None
        month, day = int(date["month"] or 0), int(date["day"] or 0)
        if month in _SEASONS:
            result["season"] = month - 20
        numbers = [int(date["year"])]
        if month in _MONTHS:
            numbers += [month, day] if day in _DAYS else [month]
        parts.append(numbers)
        if date["circa"]:
            result["circa"] = True
    if sign and len(parts) == 1:
        parts.append([0])
    return {"date-parts": parts, **result}
