"""Errors for what a printer does not offer."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from makeready.errors import UsageError


class UnsupportedError(UsageError):
    """A printer does not offer what the edition asks for with the key ``key``."""

    def __init__(self, key: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.key = key

    def __reduce__(self) -> tuple[type[UnsupportedError], tuple[str, str, str]]:
        return type(self), (self.key, self.message, self.hint)


def unknown_name(key: str, message: str, name: str, known: Iterable[str]) -> UnsupportedError:
    """Return the error for an unknown name; its hint lists the known ones, the nearest first."""
    names = sorted(known)
    nearest = get_close_matches(name, names, n=1)
    listed = f"Choose one of: {', '.join(names)}."
    hint = f"Did you mean “{nearest[0]}”? {listed}" if nearest else listed
    return UnsupportedError(key, message, hint)
