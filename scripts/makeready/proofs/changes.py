"""The words of a book that are new since a revision of it, and where words were deleted.

A word in another form is a new word: in italics, with a link. So is an image of another content.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import unquote

from makeready.book.model import Book, Element, Section
from makeready.book.queries import QueryPlace
from makeready.book.text_position import BlockCounter, BlockPosition
from makeready.engine.resources import find_resource
from makeready.proofs.text_blocks import SECTION_START, Spot, TextBlocks, bounds_of

_MOST_COMPARISONS = 4_000_000
_CONTEXT = 40
_PRIVATE, _PRIVATE_SIGNS = 0xE000, 0x1900
_WORD = re.compile(r"\S+")
_FORMS = ("class", "lang", "href")
"""The attributes that give words another form, or lead elsewhere."""

_NOT_FORMS = frozenset({"index-term", "noteref", "xref"})


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

    @property
    def line(self) -> int:
        """The line of its block in the section; 0 for the title."""
        return self.block.line if self.block is not None else 0


class _Block(NamedTuple):
    """A block of text of a book; ``words`` as they are typed, in the text and its references."""

    section: str
    is_note: bool
    position: BlockPosition | None
    words: tuple[str, ...]


def changes_between(old: Book, new: Book) -> list[Change]:
    """Return what is new in a book, in its order; the folders of both are read for their images."""
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


def _image_digests(book: Book) -> dict[str, str]:
    """Return a digest of each image of a book, by its path; none of one that cannot be read."""
    digests = {}
    for resource in book.resources:
        content = resource.content
        path = find_resource({"book": book.root}, f"book/{resource.path}")
        if not content and path is not None:
            content = path.read_bytes()
        digests[resource.path] = hashlib.sha256(content).hexdigest()[:16]
    return digests


def _blocks(book: Book) -> Iterator[_Block]:
    """Yield the blocks of a book that have text, with titles and notes."""
    digests = _image_digests(book)
    for section in book.sections:
        if section.source_path:
            yield _Block(section.name, False, None, tuple(section.title.split()))
            yield from _blocks_of(section, digests)


def _blocks_of(section: Section, digests: Mapping[str, str]) -> Iterator[_Block]:
    counter = BlockCounter()
    yield from _text_blocks(section.name, section.tree, counter, digests, is_note=False)
    notes = BlockCounter()
    for note in section.notes:
        # The element around a note's blocks in the document has the line of the note.
        notes.count(str(note.line))
        yield from _text_blocks(section.name, note.tree, notes, digests, is_note=True)


def _text_blocks(
    section: str,
    tree: Element,
    counter: BlockCounter,
    digests: Mapping[str, str],
    *,
    is_note: bool,
) -> Iterator[_Block]:
    texts = _Texts(counter, digests)
    texts.gather(tree, None, "")
    for position, pieces in texts.blocks.items():
        words = tuple("".join(pieces).split())
        if words:
            yield _Block(section, is_note, position, words)


class _Texts:
    """The texts of blocks as they are typed, with signs that stand for the forms of words."""

    def __init__(self, counter: BlockCounter, digests: Mapping[str, str]) -> None:
        self.blocks: dict[BlockPosition, list[str]] = {}
        self._counter, self._digests = counter, digests

    def gather(self, element: Element, block: BlockPosition | None, form: str) -> None:
        """Add the text at and below an element that is in a block, whose text has a form."""
        position = self._counter.count(element.get("data-line"))
        if position is not None:
            block, form = position, "" if element.tag == "p" else str(element.tag)
            self.blocks[block] = []
        elif block is not None:
            form += _form_of(element)
        if block is not None:
            self.blocks[block].append(self._unread_text(element) or _formed(element.text, form))
        for child in element.iterchildren("*"):
            self.gather(child, block, form)
            if block is not None:
                self.blocks[block].append(_formed(child.tail, form))

    def _unread_text(self, element: Element) -> str:
        """Return what stands for an image, or a reference without a text of its own."""
        if element.tag == "img":
            source = element.get("src") or ""
            return _unread(source + self._digests.get(unquote(source), ""))
        # A reference is what it leads to: its text is known only when pages are.
        has_own = element.text or not element.get("data-form")
        return "" if has_own else _unread(element.get("href") or "")


def _form_of(element: Element) -> str:
    """Return what an element inside a block says of the form of its text."""
    if element.get("class") in _NOT_FORMS:
        return ""
    values = (element.get(name) for name in _FORMS)
    return " ".join([str(element.tag), *filter(None, values)])


def _formed(text: str | None, form: str) -> str:
    """Return a text with a sign for its form after each word."""
    if not text or not form:
        return text or ""
    digest = hashlib.sha256(form.encode()).hexdigest()[:4]
    return _WORD.sub(lambda word: word[0] + _unread(digest), text)
