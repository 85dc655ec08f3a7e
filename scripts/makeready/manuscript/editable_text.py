"""A run: the text of one block, through its inline markup, as one string that can be edited."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from makeready.book.model import Element
from makeready.manuscript.allowed_html import BLOCKS, NOTE_CALL, VERBATIM

# Stands in a run's text for what is no text: an image, code. A line break is a newline.
OPAQUE = "\ufffc"
Edit = tuple[int, int, str]


@dataclass(slots=True)
class Piece:
    """A stretch of text in one place of the tree; no place for what cannot be edited."""

    text: str
    language: str
    element: Element | None = None
    is_tail: bool = False

    def write(self) -> None:
        """Put the text back in its place."""
        if self.element is None:
            return
        if self.is_tail:
            self.element.tail = self.text
        else:
            self.element.text = self.text


@dataclass(slots=True)
class EditableText:
    """The text of ``block`` between two blocks inside it."""

    block: Element
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    _starts: list[int] = field(default_factory=list)

    def settle(self) -> None:
        """Join the text of the pieces anew."""
        self.text = "".join(piece.text for piece in self.pieces)
        self._starts = []
        position = 0
        for piece in self.pieces:
            self._starts.append(position)
            position += len(piece.text)

    def piece_at(self, position: int) -> tuple[Piece, int]:
        """Return the piece that holds a position, and where in the run it starts."""
        index = bisect.bisect_right(self._starts, position) - 1
        return self.pieces[index], self._starts[index]

    def language_at(self, position: int) -> str:
        """Return the language of the text at a position."""
        return self.piece_at(position)[0].language

    def edit(self, edits: Iterable[Edit]) -> bool:
        """Replace stretches of the text, given in order; say whether any was."""
        done = False
        for start, end, words in reversed(list(edits)):
            piece, piece_start = self.piece_at(start)
            stop = end
            while stop > piece_start + len(piece.text):
                # What crosses into the next piece is cut from there.
                other, other_start = self.piece_at(stop - 1)
                other.text = other.text[stop - other_start :]
                stop = other_start
            text = piece.text
            piece.text = text[: start - piece_start] + words + text[stop - piece_start :]
            done = True
        if done:
            self.settle()
        return done

    def write(self) -> None:
        """Put the edited text back into the tree."""
        for piece in self.pieces:
            piece.write()


def editable_texts(tree: Element, language: str) -> Iterator[EditableText]:
    """Give every run of a tree in order; ``language`` is the book's."""
    runs: list[EditableText] = []
    _walk(tree, language, EditableText(tree), runs)
    for run in runs:
        run.settle()
        if run.text:
            yield run


def _walk(
    element: Element, language: str, run: EditableText, runs: list[EditableText]
) -> EditableText:
    language = (element.get("lang") or language).lower()
    is_block = element.tag in BLOCKS
    if is_block or not runs:
        run = EditableText(element)
        runs.append(run)
    if element.text:
        run.pieces.append(Piece(element.text, language, element))
    for child in element:
        if child.tag in VERBATIM or child.tag == "img":
            run.pieces.append(Piece(OPAQUE, language))
        elif child.tag == "br":
            run.pieces.append(Piece("\n", language))
        elif child.tag in BLOCKS:
            _walk(child, language, run, runs)
            run = EditableText(element)
            runs.append(run)
        elif child.tag != NOTE_CALL and child.get("data-note") is None:
            run = _walk(child, language, run, runs)
        if child.tail:
            run.pieces.append(Piece(child.tail, language, child, is_tail=True))
    return run
