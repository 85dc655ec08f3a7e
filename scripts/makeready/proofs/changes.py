"""The words of a book that are new since a revision of it, and where words were deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from makeready.book.model import Book, Element, Section
from makeready.book.queries import QueryPlace
from makeready.book.text_position import BlockCounter, BlockPosition
from makeready.proofs.text_blocks import SECTION_START, Spot, TextBlocks, bounds_of

_MOST_COMPARISONS = 4_000_000
_CONTEXT = 40
_PRIVATE, _PRIVATE_SIGNS = 0xE000, 0x1900


@dataclass(frozen=True, slots=True)
class Change:
    """New words in a block of a section, or the place in it where words were deleted.

    ``block`` is None for the title of the section.
    """

    section: str
    is_deletion: bool
    is_note: bool
    block: BlockPosition | None
    place: QueryPlace | None

    def spot_in(self, blocks: TextBlocks) -> Spot:
        """Return where the change is in the blocks of the section's document."""
        letters = (blocks.notes if self.is_note else blocks.main).get(
            self.block or BlockPosition(0, 0)
        )
        if self.block is None or self.place is None or letters is None:
            return SECTION_START
        return Spot(self.is_note, self.block, *bounds_of(self.place, letters)[1])


class _Block(NamedTuple):
    """A block of text of a book; ``words`` as they are typed, in the text and its references."""

    section: str
    is_note: bool
    position: BlockPosition | None
    words: tuple[str, ...]


def changes_between(old: Book, new: Book) -> list[Change]:
    """Return what is new in a book, in its order."""
    before, after = list(_blocks(old)), list(_blocks(new))
    matcher = SequenceMatcher(
        None, [one.words for one in before], [one.words for one in after], autojunk=False
    )
    changes: list[Change] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "replace":
            changes += _changes_in(before[i1:i2], after[j1:j2])
        elif kind == "insert":
            changes += (_whole(block) for block in after[j1:j2])
        elif kind == "delete" and after:
            at_end = j1 == len(after)
            block = after[-1 if at_end else j1]
            changes.append(_at(block, len(block.words) if at_end else 0))
    return changes


def _changes_in(old: Sequence[_Block], new: Sequence[_Block]) -> Iterator[Change]:
    """Yield the changes of blocks that stand for other blocks, word by word."""
    before = [word for block in old for word in block.words]
    after = [(block, index) for block in new for index in range(len(block.words))]
    words = [block.words[index] for block, index in after]
    if len(before) * len(words) > _MOST_COMPARISONS:
        yield from map(_whole, new)
        return
    matcher = SequenceMatcher(None, before, words, autojunk=False)
    for kind, _, _, j1, j2 in matcher.get_opcodes():
        if kind in ("replace", "insert"):
            yield from _ranges(after[j1:j2])
        elif kind == "delete" and j1 < len(after):
            block, index = after[j1]
            yield _at(block, index)
        elif kind == "delete":
            yield _at(new[-1], len(new[-1].words))


def _ranges(words: Sequence[tuple[_Block, int]]) -> Iterator[Change]:
    """Yield a change for each block of consecutive words."""
    start = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index][0] is not words[start][0]:
            block = words[start][0]
            yield _change(block, words[start][1], words[index - 1][1] + 1, is_deletion=False)
            start = index


def _whole(block: _Block) -> Change:
    return _change(block, 0, len(block.words), is_deletion=False)


def _at(block: _Block, word: int) -> Change:
    return _change(block, word, word, is_deletion=True)


def _change(block: _Block, first: int, last: int, *, is_deletion: bool) -> Change:
    letters = [_letters(word) for word in block.words]
    plain = "".join(letters)
    start, end = len("".join(letters[:first])), len("".join(letters[:last]))
    place = None
    if block.position is not None:
        before, after = plain[max(0, start - _CONTEXT) : start], plain[start : start + _CONTEXT]
        place = QueryPlace(block.position.line, start, end, before, after)
    return Change(block.section, is_deletion, block.is_note, block.position, place)


def _unread(name: str) -> str:
    """Return a name as one word of signs that are no letters of the text."""
    return "".join(chr(_PRIVATE + ord(sign) % _PRIVATE_SIGNS) for sign in name)


def _letters(word: str) -> str:
    return "".join(filter(str.isalnum, word))


def _blocks(book: Book) -> Iterator[_Block]:
    """Yield the blocks of a book that have text, with titles and notes."""
    for section in book.sections:
        if section.source_path:
            yield _Block(section.name, False, None, tuple(section.title.split()))
            yield from _blocks_of(section)


def _blocks_of(section: Section) -> Iterator[_Block]:
    counter = BlockCounter()
    yield from _text_blocks(section.name, section.tree, counter, is_note=False)
    notes = BlockCounter()
    for note in section.notes:
        # The element around a note's blocks in the document has the line of the note.
        notes.count(str(note.line))
        yield from _text_blocks(section.name, note.tree, notes, is_note=True)


def _text_blocks(
    section: str, tree: Element, counter: BlockCounter, *, is_note: bool
) -> Iterator[_Block]:
    texts: dict[BlockPosition, list[str]] = {}
    _gather(tree, None, texts, counter)
    for position, pieces in texts.items():
        words = tuple("".join(pieces).split())
        if words:
            yield _Block(section, is_note, position, words)


def _gather(
    element: Element,
    block: BlockPosition | None,
    texts: dict[BlockPosition, list[str]],
    counter: BlockCounter,
) -> None:
    position = counter.count(element.get("data-line"))
    if position is not None:
        block = position
        texts[block] = []
    if block is not None:
        source = element.get("src") if element.tag == "img" else None
        # A reference is what it leads to: its text is known only when pages are.
        target = element.get("href") if not element.text and element.get("data-form") else None
        texts[block].append(_unread(source or target or "") or element.text or "")
    for child in element.iterchildren("*"):
        _gather(child, block, texts, counter)
        if block is not None:
            texts[block].append(child.tail or "")
