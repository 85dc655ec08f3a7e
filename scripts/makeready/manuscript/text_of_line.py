"""The text between two pieces of inline markup, from which queries and comments are left out."""

from __future__ import annotations

from collections.abc import Callable

from makeready.manuscript.query_marks import letters_of


class TextOfLine:
    """The text between two pieces of inline markup, while it is put together."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._pieces: list[str] = []
        self._has_text = False
        self._skips_line_end = self._skips_space = False
        self._counted = self._letters = 0

    def add(self, text: str) -> None:
        """Add text."""
        if self._skips_line_end and text == "\n":
            self._skips_line_end = False
            return
        if self._skips_space:
            text = text.lstrip(" \t\n")
            self._skips_space = not text
        if text:
            self._pieces.append(text)

    def leave_out(self, *, is_line_end: bool) -> None:
        """Leave out a query or comment with the space before it, or after it if it begins a block.

        One that has a line of its own is left out with that line.
        """
        while self._pieces and (text := self._pieces[-1].rstrip(" \t")) != self._pieces[-1]:
            self._pieces.pop()
            if text:
                self._pieces.append(text)
        if not self._pieces and not self._has_text:
            self._skips_space = True
        elif self._pieces and self._pieces[-1].endswith("\n") and is_line_end:
            self._skips_line_end = True

    def is_empty(self) -> bool:
        """Return whether there is no text since the last markup."""
        return not self._pieces

    def letters(self) -> int:
        """Return how many letters and digits there are since the last markup."""
        # What is left out since was space.
        counted = min(self._counted, len(self._pieces))
        self._letters += sum(len(letters_of(piece)) for piece in self._pieces[counted:])
        self._counted = len(self._pieces)
        return self._letters

    def write(self) -> None:
        """Write the text to the tree."""
        self._write("".join(self._pieces))
        self._pieces = []
        self._counted = self._letters = 0
        self._has_text = True
        self._skips_space = self._skips_line_end = False
