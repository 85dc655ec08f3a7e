"""Lines of a table that is drawn, in which places are counted in columns of a screen."""

from __future__ import annotations

import unicodedata

_FILLER = "\0"


class ColumnLine:
    """A line in columns, of which a wide letter takes two.

    ``places`` are the indexes in the text of the columns; None if they are the same.
    """

    def __init__(self, text: str, columns: str = "", places: list[int] | None = None) -> None:
        self.text, self.columns = text, columns or text
        self._places = places
        if places is None and not text.isascii():
            self._places, letters = [], []
            for place, letter in enumerate(text):
                width = _width(letter)
                letters += [letter, _FILLER][:width]
                self._places += [place] * width
            self.columns = "".join(letters)

    def part(self, begin: int, end: int) -> tuple[int, str]:
        """Return the text between two columns, and the index at which it begins."""
        if self._places is None:
            return min(begin, len(self.text)), self.text[begin:end]
        places = [*self._places, len(self.text)]
        first, last = (places[min(column, len(places) - 1)] for column in (begin, end))
        return first, self.text[first:last]


def _width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
