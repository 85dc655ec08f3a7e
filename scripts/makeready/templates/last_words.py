"""Short last words of paragraphs, bound to the word before them where a reader breaks the lines.

On our own pages the choice of breaks avoids a short last line: see engine/lines/choose.py.
"""

from __future__ import annotations

import re

from makeready.book.model import Element
from makeready.manuscript.editable_text import NON_TEXT, EditableText, editable_texts
from makeready.manuscript.figures import classes
from makeready.manuscript.tree import NO_BREAK_SPACE

# A last word of more letters is wider than the next indent, and may be alone on a line.
_LETTERS = 3
_REACH = 24
_LEAST_WORDS = 4
_LAST_WORD = re.compile(r"(?<=\S)( )(\S+)$")
_BLOCKS = frozenset({"p", "li", "dd", "figcaption"})


def bind_last_words(tree: Element) -> None:
    """Bind short last words of paragraphs to the word before them by a no-break space."""
    # No language: the space is the same in all.
    for block_text in list(editable_texts(tree, "")):
        block, parent = block_text.block, block_text.block.getparent()
        if block.tag not in _BLOCKS or (parent is not None and "verse" in classes(parent)):
            continue
        position = _space_before_last_word(block_text)
        if position is not None:
            block_text.apply([(position, position + 1, NO_BREAK_SPACE)])
            block_text.write()


def _space_before_last_word(block_text: EditableText) -> int | None:
    """Return where the space is before a last word that is to be bound, if any."""
    text = block_text.text
    match = _LAST_WORD.search(text[-_REACH:])
    # What is no text, such as an image or code, may be as wide as the line.
    if match is None or NON_TEXT in match[2]:
        return None
    if sum(letter.isalnum() for letter in match[2]) > _LETTERS:
        return None
    position = len(text) - len(text[-_REACH:]) + match.start(1)
    before = re.search(r"\S+$", text[:position].rpartition(" ")[2])
    if text.count(" ") < _LEAST_WORDS - 1 or before is None:
        return None
    return position if len(before[0]) + len(match[2]) <= _REACH else None
