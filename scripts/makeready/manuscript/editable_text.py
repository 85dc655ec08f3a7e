"""The text of a block, across its inline markup, as one string that can be edited."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from makeready.book.model import Element
from makeready.book.punctuation_rules import punctuation_rules
from makeready.manuscript.allowed_html import BLOCKS, NOTE_CALL, VERBATIM

# Stands in a block's text for anything but text: an image, code. A line break is a newline.
NON_TEXT = "\ufffc"
Edit = tuple[int, int, str]
"""The start and end of the text to replace, and its replacement."""


@dataclass(slots=True)
class TextPiece:
    """The text or tail of one element; ``element`` is None for what cannot be edited."""

    text: str
    language: str
    element: Element | None = None
    is_tail: bool = False

    def write(self) -> None:
        """Write the text back to the tree."""
        if self.element is None:
            return
        if self.is_tail:
            self.element.tail = self.text
        else:
            self.element.text = self.text


@dataclass(slots=True)
class EditableText:
    """The text of ``block``, or its part between two blocks inside it."""

    block: Element
    pieces: list[TextPiece] = field(default_factory=list)
    text: str = ""
    _starts: list[int] = field(default_factory=list)

    def join(self) -> None:
        """Join the text of the pieces again."""
        self.text = "".join(piece.text for piece in self.pieces)
        self._starts = []
        position = 0
        for piece in self.pieces:
            self._starts.append(position)
            position += len(piece.text)

    def piece_at(self, position: int) -> tuple[TextPiece, int]:
        """Return the piece at a position, and the position where it starts."""
        index = bisect.bisect_right(self._starts, position) - 1
        return self.pieces[index], self._starts[index]

    def language_at(self, position: int) -> str:
        """Return the language of the text at a position."""
        return self.piece_at(position)[0].language

    def apply(self, edits: Iterable[Edit]) -> bool:
        """Apply edits, which are in the order of the text; return whether there were any."""
        edits_by_piece: dict[int, list[Edit]] = {}
        for edit in edits:
            index = bisect.bisect_right(self._starts, edit[0]) - 1
            edits_by_piece.setdefault(index, []).append(edit)
        if not edits_by_piece:
            return False
        position = 0
        for index, (piece, start) in enumerate(zip(self.pieces, self._starts, strict=True)):
            end = start + len(piece.text)
            # An edit across pieces removes the rest of its text from the later ones.
            position = max(position, start)
            parts: list[str] = []
            for first, last, words in edits_by_piece.get(index, ()):
                parts += self.text[position:first], words
                position = max(last, position)
            piece.text = "".join([*parts, self.text[position:end]])
        self.join()
        return True

    def write(self) -> None:
        """Write the edited text back to the tree."""
        for piece in self.pieces:
            piece.write()


def editable_texts(tree: Element, language: str) -> Iterator[EditableText]:
    """Yield the texts of a tree in document order; ``language`` is the book's."""
    texts: list[EditableText] = []
    _walk(tree, language.lower(), EditableText(tree), texts)
    for block_text in texts:
        block_text.join()
        if block_text.text:
            yield block_text


def _walk(
    element: Element, language: str, text: EditableText, texts: list[EditableText]
) -> EditableText:
    own = element.get("lang")
    # Of a passage in a language whose punctuation is not known, that of the text around it.
    if own and punctuation_rules(own) is not None:
        language = own.lower()
    is_block = element.tag in BLOCKS
    if is_block or not texts:
        text = EditableText(element)
        texts.append(text)
    if element.text:
        text.pieces.append(TextPiece(element.text, language, element))
    for child in element:
        if child.tag in VERBATIM or child.tag in {"img", "math"}:
            text.pieces.append(TextPiece(NON_TEXT, language))
        elif child.tag == "br":
            text.pieces.append(TextPiece("\n", language))
        elif child.tag in BLOCKS:
            _walk(child, language, text, texts)
            text = EditableText(element)
            texts.append(text)
        elif child.tag != NOTE_CALL and child.get("data-note") is None:
            text = _walk(child, language, text, texts)
        if child.tail:
            text.pieces.append(TextPiece(child.tail, language, child, is_tail=True))
    return text
