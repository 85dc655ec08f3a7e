"""Objects renumbered for the whole file and written as bytes, ready to be put into it."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from makeready.pdf.fragment import PageNumber
from makeready.pdf.objects import PLACEHOLDER, SEPARATOR, Objects, Stream, join_texts
from makeready.pdf.page_numbers import set_page_numbers

_OBJECTS_PER_STREAM = 100
# A row of a cross-reference stream (ISO 32000-1, 7.5.8.3): the type of its PNG predictor, the
# type of the entry, and its two fields.
_ROW = struct.Struct(">BBIH")
_PREDICTOR_NONE, _PREDICTOR_UP = 0, 2
_FREE, _OFFSET, _IN_STREAM = 0, 1, 2
_NEXT_IN_STREAM = struct.pack(">BBIH", _PREDICTOR_UP, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class NumberMap:
    """The numbers that a section's objects get in the whole file, and the texts that they show.

    Objects are numbered from ``first_number``. ``references`` are the numbers of objects outside
    the section, by the names of their placeholders; ``page_numbers`` the new texts of its page
    numbers, by their indices; ``duplicates`` the numbers of images that are in the file already,
    by the images' indices. With ``packed`` plain objects go into object streams (PDF 1.5).
    """

    first_number: int
    packed: bool
    references: tuple[tuple[str, int], ...] = ()
    page_numbers: tuple[tuple[int, str], ...] = ()
    duplicates: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectBlock:
    """Consecutively numbered objects as bytes.

    ``rows`` are the cross-reference rows of the objects in object streams, which come first.
    ``offsets`` are the positions of the others in ``content``, None for an unused number.
    """

    first_number: int
    content: bytes
    rows: bytes
    offsets: tuple[int | None, ...]

    @property
    def count(self) -> int:
        """How many numbers the block takes."""
        return len(self.rows) // _ROW.size + len(self.offsets)


def number_count(objects: Objects, *, packed: bool) -> int:
    """Return how many numbers a block of these objects takes, object streams included."""
    return objects.count + (-(-len(objects.plain) // _OBJECTS_PER_STREAM) if packed else 0)


def renumber(
    objects: Objects, page_numbers: Sequence[PageNumber], number_map: NumberMap
) -> ObjectBlock:
    """Renumber a section's objects, set its page numbers, and write it as a block."""
    first = number_map.first_number
    values = {str(n).encode(): b"%d 0 R" % (first + n) for n in range(objects.count)}
    values |= {str(n).encode(): b"%d 0 R" % other for n, other in number_map.duplicates}
    values |= {name.encode(): b"%d 0 R" % number for name, number in number_map.references}
    drawn, texts = dict(enumerate(page_numbers)), dict(number_map.page_numbers)
    duplicates = {index - len(objects.plain) for index, _ in number_map.duplicates}
    streams = [
        None if index in duplicates else _with_page_numbers(stream, drawn, texts)
        for index, stream in enumerate(objects.streams)
    ]
    return write_objects(objects.plain, streams, values, first, packed=number_map.packed)


def write_objects(
    plain: Sequence[bytes],
    streams: Sequence[Stream | None],
    values: Mapping[bytes, bytes],
    first_number: int,
    *,
    packed: bool,
) -> ObjectBlock:
    """Write objects as a block, their placeholders replaced; None leaves a number unused.

    ``values`` has the texts for placeholders by name. Two kinds need none: ``key.N`` is a key of
    the parent tree, made unique by the block's first number, and ``object.N`` a reference by a
    number in the whole file.
    """

    def replace(match: re.Match[bytes]) -> bytes:
        name = match[1]
        return values[name] if name in values else _computed_value(name, first_number)

    texts = PLACEHOLDER.sub(replace, join_texts(plain)).split(SEPARATOR) if plain else []
    bodies: list[bytes | None] = [] if packed else [text + b"\nendobj\n" for text in texts]
    for stream in streams:
        if stream is None:
            bodies.append(None)
        else:
            bodies.append(_stream_body(PLACEHOLDER.sub(replace, stream.dictionary), stream.data))
    rows = b""
    if packed:
        first_stream = first_number + len(texts) + len(bodies)
        groups = [
            texts[n : n + _OBJECTS_PER_STREAM] for n in range(0, len(texts), _OBJECTS_PER_STREAM)
        ]
        bodies += _object_streams(groups, first_number)
        rows = b"".join(
            _ROW.pack(_PREDICTOR_NONE, _IN_STREAM, first_stream + n, 0)
            + _NEXT_IN_STREAM * (len(group) - 1)
            for n, group in enumerate(groups)
        )
    number = first_number + len(texts) if packed else first_number
    written = [
        b"" if body is None else b"%d 0 obj\n" % n + body for n, body in enumerate(bodies, number)
    ]
    starts = accumulate((len(one) for one in written), initial=0)
    offsets = tuple(start if one else None for start, one in zip(starts, written, strict=False))
    return ObjectBlock(first_number, b"".join(written), rows, offsets)


def _computed_value(name: bytes, first_number: int) -> bytes:
    kind, _, number = name.partition(b".")
    return b"%d" % (first_number + int(number)) if kind == b"key" else b"%d 0 R" % int(number)


def _with_page_numbers(
    stream: Stream, drawn: Mapping[int, PageNumber], texts: Mapping[int, str]
) -> Stream:
    if not stream.has_page_numbers:
        return stream
    content = set_page_numbers(zlib.decompress(stream.data), drawn, texts)
    return Stream(stream.dictionary, zlib.compress(content))


def _stream_body(dictionary: bytes, data: bytes) -> bytes:
    head = dictionary[:-2] + b"/Length %d >>" % len(data)
    return head + b"\nstream\n" + data + b"\nendstream\nendobj\n"


def _object_streams(groups: Sequence[Sequence[bytes]], first_number: int) -> Iterator[bytes]:
    """Yield the bodies of object streams, one for each group of texts (ISO 32000-1, 7.5.7)."""
    number = first_number
    for group in groups:
        starts = accumulate((len(text) + 1 for text in group), initial=0)
        index = b" ".join(
            b"%d %d" % (number + n, start)
            for n, start in zip(range(len(group)), starts, strict=False)
        )
        data = zlib.compress(index + b"\n" + b"\n".join(group))
        head = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>" % (
            len(group),
            len(index) + 1,
        )
        yield _stream_body(head, data)
        number += len(group)


def cross_reference_rows(block: ObjectBlock, offset: int) -> bytes:
    """Return a block's rows of a cross-reference stream, its content at ``offset`` in the file.

    Each row begins with the type of its PNG predictor, as the stream's filter expects.
    """
    rows = (
        _ROW.pack(_PREDICTOR_NONE, _FREE, 0, 0)
        if start is None
        else _ROW.pack(_PREDICTOR_NONE, _OFFSET, offset + start, 0)
        for start in block.offsets
    )
    return block.rows + b"".join(rows)
