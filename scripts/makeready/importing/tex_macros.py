"""Macros of TeX as MathJax and MyST have them in their settings."""

from __future__ import annotations

import re
from typing import Any

_NAME = re.compile(r"\\?([A-Za-z]+)")
_MOST = 1_000


def macros_of(table: dict[str, Any]) -> dict[str, str]:
    """Return the texts of macros by name.

    A value is a text, or a list of it and the number of its arguments, or a table with ``macro``.
    """
    result: dict[str, str] = {}
    for key, value in list(table.items())[:_MOST]:
        name = _NAME.fullmatch(str(key).strip())
        first = value.get("macro") if isinstance(value, dict) else value
        text = first[0] if isinstance(first, list) and first else first
        if name is not None and isinstance(text, str):
            result[name[1]] = " ".join(text.split())
    return result
