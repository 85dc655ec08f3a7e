"""Objects put in their places: with their numbers in the whole file, ready to be written."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from makeready.pdf.fragment import PageNumber
from makeready.pdf.objects import BLANK, SEPARATOR, Objects, Stream, joined
from makeready.pdf.page_numbers import set_numbers

_TO_A_PACK = 100
_ROW = struct.Struct(">BBIH")
_AS_IT_IS, _UP = 0, 2
_PACKED, _OWN = 2, 1
_NEXT_IN_PACK = struct.pack(">BBIH", _UP, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class NumberMap:
    """Where a section's objects go, and what it shows of the whole.

    Its objects are numbered from ``first_number``; ``known`` gives the numbers of what is
    outside it by their blanks, ``wanted`` the text of each page number by its place in the
    fragment, ``shared`` the numbers that images have elsewhere by their own. ``packed``: into
    object streams (PDF 1.5).
    """

    first_number: int
    packed: bool
    known: tuple[tuple[str, int], ...] = ()
    wanted: tuple[tuple[int, str], ...] = ()
    shared: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectBlock:
    """A run of objects as bytes, numbered one after the other from ``first_number``.

    ``rows`` are the cross-reference rows of those that are packed, and come first; ``offsets``
    are the places in ``content`` of the others, None for a number that is not used.
    """

    first_number: int
    content: bytes
    rows: bytes
    offsets: tuple[int | None, ...]

    @property
    def count(self) -> int:
        """How many numbers the block takes."""
        return len(self.rows) // _ROW.size + len(self.offsets)


def size_of(objects: Objects, *, packed: bool) -> int:
    """Return how many numbers a block of these objects takes."""
    return objects.count + (-(-len(objects.plain) // _TO_A_PACK) if packed else 0)


def renumber(objects: Objects, numbers: Sequence[PageNumber], placement: NumberMap) -> ObjectBlock:
    """Give a section's objects their numbers, and its pages theirs."""
    first = placement.first_number
    padding = {str(n).encode(): b"%d 0 R" % (first + n) for n in range(objects.count)}
    padding |= {str(n).encode(): b"%d 0 R" % other for n, other in placement.shared}
    padding |= {name.encode(): b"%d 0 R" % number for name, number in placement.known}
    wanted, drawn = dict(placement.wanted), dict(enumerate(numbers))
    elsewhere = {local - len(objects.plain) for local, _ in placement.shared}
    streams = [
        None if index in elsewhere else _with_numbers(stream, drawn, wanted)
        for index, stream in enumerate(objects.streams)
    ]
    return block(objects.plain, streams, padding, first, packed=placement.packed)


def block(
    plain: Sequence[bytes],
    streams: Sequence[Stream | None],
    padding: Mapping[bytes, bytes],
    first_number: int,
    *,
    packed: bool,
) -> ObjectBlock:
    """Write objects one after the other, their blanks filled; None leaves a number out.

    A blank ``key.N`` is a key of the parent tree, as unique as the number of an object, and
    ``object.N`` an object by its number in the whole.
    """

    def fill(match: re.Match[bytes]) -> bytes:
        name = match[1]
        return padding[name] if name in padding else _of_the_whole(name, first_number)

    texts = BLANK.sub(fill, joined(plain)).split(SEPARATOR) if plain else []
    pieces: list[bytes | None] = [] if packed else [text + b"\nendobj\n" for text in texts]
    for stream in streams:
        if stream is None:
            pieces.append(None)
        else:
            pieces.append(_written(BLANK.sub(fill, stream.dictionary), stream.data))
    rows = b""
    if packed:
        first_pack = first_number + len(texts) + len(pieces)
        packs = [texts[n : n + _TO_A_PACK] for n in range(0, len(texts), _TO_A_PACK)]
        pieces += _packs(packs, first_number)
        rows = b"".join(
            _ROW.pack(_AS_IT_IS, _PACKED, first_pack + n, 0) + _NEXT_IN_PACK * (len(pack) - 1)
            for n, pack in enumerate(packs)
        )
    number = first_number + len(texts) if packed else first_number
    written = [
        b"" if piece is None else b"%d 0 obj\n" % n + piece
        for n, piece in enumerate(pieces, number)
    ]
    starts = accumulate((len(piece) for piece in written), initial=0)
    offsets = tuple(start if piece else None for start, piece in zip(starts, written, strict=False))
    return ObjectBlock(first_number, b"".join(written), rows, offsets)


def _of_the_whole(name: bytes, first_number: int) -> bytes:
    kind, _, number = name.partition(b".")
    return b"%d" % (first_number + int(number)) if kind == b"key" else b"%d 0 R" % int(number)


def _with_numbers(
    stream: Stream, drawn: Mapping[int, PageNumber], wanted: Mapping[int, str]
) -> Stream:
    if not stream.marked:
        return stream
    content = set_numbers(zlib.decompress(stream.data), drawn, wanted)
    return Stream(stream.dictionary, zlib.compress(content))


def _written(dictionary: bytes, data: bytes) -> bytes:
    head = dictionary[:-2] + b"/Length %d >>" % len(data)
    return head + b"\nstream\n" + data + b"\nendstream\nendobj\n"


def _packs(packs: Sequence[Sequence[bytes]], first_number: int) -> Iterator[bytes]:
    """Write object streams (ISO 32000-1, 7.5.7)."""
    number = first_number
    for pack in packs:
        starts = accumulate((len(text) + 1 for text in pack), initial=0)
        index = b" ".join(
            b"%d %d" % (number + n, start)
            for n, start in zip(range(len(pack)), starts, strict=False)
        )
        data = zlib.compress(index + b"\n" + b"\n".join(pack))
        head = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>" % (
            len(pack),
            len(index) + 1,
        )
        yield _written(head, data)
        number += len(pack)


def cross_reference_rows(block: ObjectBlock, offset: int) -> bytes:
    """Return a block's rows in a cross-reference stream, its content at ``offset``.

    Rows are as the PNG predictors have them: each begins with how it was foretold.
    """
    own = (
        _ROW.pack(_AS_IT_IS, 0, 0, 0)
        if start is None
        else _ROW.pack(_AS_IT_IS, _OWN, offset + start, 0)
        for start in block.offsets
    )
    return block.rows + b"".join(own)
