"""The tables of a font file, read and written as bytes (OpenType 1.9, “Font file”)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

TRUETYPE, APPLE, OPENTYPE = b"\x00\x01\x00\x00", b"true", b"OTTO"
SIGNATURES = (TRUETYPE, APPLE, OPENTYPE)
COLLECTION = b"ttcf"
_DIRECTORY, _ENTRY = struct.Struct(">4sHHHH"), struct.Struct(">4sLLL")
_NAMES, _NAME = struct.Struct(">HHH"), struct.Struct(">HHHHHH")
_WINDOWS_ENGLISH = (3, 1, 0x409)
_ADJUSTMENT = slice(8, 12)
"""Where the ``head`` table has a number with which the sum of the whole file is `_WHOLE_SUM`."""

_WHOLE_SUM = 0xB1B0AFBA
_MOST_TABLES = 200


def read_tables(content: bytes, start: int = 0) -> dict[str, bytearray]:
    """Return the tables of the font at ``start`` of a file by their tags.

    ValueError if there is no font, or one that is cut off.
    """
    try:
        signature, count, *_ = _DIRECTORY.unpack_from(content, start)
        if signature not in SIGNATURES:
            raise ValueError("it is not a TrueType or OpenType file")
        if count > _MOST_TABLES:
            raise ValueError(f"it has more than {_MOST_TABLES} tables")
        tables: dict[str, bytearray] = {}
        room = 2 * len(content)
        for number in range(count):
            tag, _, position, size = _ENTRY.unpack_from(
                content, start + _DIRECTORY.size + number * _ENTRY.size
            )
            room -= size
            if position + size > len(content) or room < 0:
                raise ValueError("a table is cut off")
            tables[tag.decode("latin-1")] = bytearray(content[position : position + size])
    except struct.error as error:
        raise ValueError(str(error)) from error
    if missing := {"head", "name", "OS/2"} - tables.keys():
        raise ValueError(f"it has no table {', '.join(sorted(missing))}")
    return tables


def extracted(collection: bytes, index: int) -> bytes:
    """Return one font of a collection as a file; ValueError if it has none at ``index``."""
    count = int.from_bytes(collection[8:12], "big")
    place = 12 + 4 * index
    if not 0 <= index < count or place + 4 > len(collection):
        raise ValueError(f"the collection has no font {index}")
    start = int.from_bytes(collection[place : place + 4], "big")
    return write_tables(read_tables(collection, start), collection[start : start + 4])


def write_tables(tables: Mapping[str, bytes | bytearray], signature: bytes = TRUETYPE) -> bytes:
    """Return a font file of tables."""
    count = len(tables)
    power = count.bit_length() - 1
    search = 16 << power
    entries = [_DIRECTORY.pack(signature, count, search, power, count * 16 - search)]
    position = start = _DIRECTORY.size + count * _ENTRY.size
    pieces: list[bytes] = []
    for tag, table in sorted(tables.items()):
        content = bytearray(table)
        if tag == "head":
            content[_ADJUSTMENT] = bytes(4)
            head = position - start
        padded = bytes(content) + bytes(-len(content) % 4)
        entries.append(_ENTRY.pack(tag.encode("latin-1"), _sum(padded), position, len(content)))
        pieces.append(padded)
        position += len(padded)
    directory, body = b"".join(entries), bytearray(b"".join(pieces))
    total = _sum(directory) + sum(struct.unpack_from(">L", entry, 4)[0] for entry in entries[1:])
    adjustment = struct.pack(">L", (_WHOLE_SUM - total) % 2**32)
    body[head + _ADJUSTMENT.start : head + _ADJUSTMENT.stop] = adjustment
    return directory + bytes(body)


def with_names(table: bytes | bytearray, names: Mapping[int, str]) -> bytes:
    """Return a ``name`` table with some English names for Windows, by their ids.

    ValueError if it is of the kind that names languages, which hardly any font has.
    """
    kind, count, storage = _NAMES.unpack_from(table)
    if kind:
        raise ValueError("its names are in languages that it names itself")
    texts: dict[tuple[int, ...], bytes] = {}
    for number in range(count):
        *place, size, start = _NAME.unpack_from(table, _NAMES.size + number * _NAME.size)
        texts[tuple(place)] = bytes(table[storage + start : storage + start + size])
    for name, text in names.items():
        texts[*_WINDOWS_ENGLISH, name] = text.encode("utf-16-be")
    records, stored = [], bytearray()
    for key, octets in sorted(texts.items()):
        records.append(_NAME.pack(*key, len(octets), len(stored)))
        stored += octets
    head = _NAMES.pack(0, len(records), _NAMES.size + len(records) * _NAME.size)
    return head + b"".join(records) + bytes(stored)


def _sum(octets: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(octets) // 4}L", octets)
    return sum(words) % 2**32
