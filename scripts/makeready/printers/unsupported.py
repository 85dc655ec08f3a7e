"""What a printer does not make, told with the key that asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from makeready.errors import UsageError


class UnsupportedError(UsageError):
    """The printer does not make what is asked; ``key`` is the edition's key that asks it."""

    def __init__(self, key: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.key = key

    def __reduce__(self) -> tuple[type[UnsupportedError], tuple[str, str, str]]:
        return type(self), (self.key, self.message, self.hint)


def unknown(key: str, what: str, name: str, known: Iterable[str]) -> UnsupportedError:
    """Refuse a name that is not among the known ones, and tell the nearest."""
    names = sorted(known)
    nearest = get_close_matches(name, names, n=1)
    listed = f"Choose one of: {', '.join(names)}."
    hint = f"Did you mean “{nearest[0]}”? {listed}" if nearest else listed
    return UnsupportedError(key, f"{what} “{name}”.", hint)
