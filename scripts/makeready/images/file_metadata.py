"""Removal of what a raster file says besides its picture: where and when, by whom and with what.

A photograph of a telephone has the place where it was taken (Exif), and programs write authors,
comments, small pictures and the history of a file into it. Nothing of the picture changes: its
pixels are not encoded again, and what decides its colours and its size in print is kept. The
orientation that a camera noted is metadata too, so an image is to be turned upright before.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence

_JPEG, _PNG, _GIF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""A marker after the data of a scan, in which ``FF 00`` and restart markers are data."""

_MARK, _SCAN, _END, _COMMENT = 0xFF, 0xDA, 0xD9, 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
_KEPT_APPLICATIONS = (
    (0xE0, b"JFIF\0"),
    (0xE2, b"ICC_PROFILE\0"),
    (0xEE, b"Adobe"),
)
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})

_PNG_KEPT = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"sPLT", b"hIST"}
) | {b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"}
_PNG_END = b"IEND"
_WEBP_REMOVED = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x04 | 0x08
"""The flags of the chunk ``VP8X`` that announce Exif and XMP."""

_GIF_FRAME, _GIF_EXTENSION, _GIF_END = b",!;"
_GIF_COMMENT, _GIF_APPLICATION = 0xFE, 0xFF
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def without_metadata(content: bytes) -> bytes:
    """Return a raster file without metadata; as it is if it is damaged or of another kind."""
    try:
        if content.startswith(_JPEG):
            return _jpeg(content)
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(_GIF):
            return _gif(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        pass
    return content


def _jpeg(content: bytes) -> bytes:
    """Copy the segments of a JPEG file that are needed, up to the end of its first picture."""
    view = memoryview(content)
    parts, position = [view[:2]], 2
    while True:
        start = position
        while content[position + 1] == _MARK:
            position += 1
        marker = content[position + 1]
        if content[position] != _MARK or marker == 0:
            return content
        position += 2
        if marker == _END:
            return _joined(content, [*parts, memoryview(b"\xff\xd9")])
        if marker not in _STANDALONE:
            (length,) = struct.unpack_from(">H", content, position)
            body = content[position + 2 : position + length]
            position += length
            if marker == _COMMENT or (
                marker in _APPLICATIONS
                and not any(marker == m and body.startswith(name) for m, name in _KEPT_APPLICATIONS)
            ):
                continue
        if marker == _SCAN:
            following = _NEXT_MARKER.search(content, position)
            if following is None:
                return content
            position = following.start()
        parts.append(view[start:position])


def _joined(content: bytes, parts: Sequence[memoryview]) -> bytes:
    """Return the parts of a file in one; the file itself, and no copy, if they are all of it."""
    return content if sum(map(len, parts)) == len(content) else b"".join(parts)


def _png(content: bytes) -> bytes:
    view = memoryview(content)
    parts, position = [view[:8]], 8
    while True:
        length, name = struct.unpack_from(">I4s", content, position)
        end = position + length + 12
        if end > len(content):
            return content
        is_critical = not name[0] & 0x20
        if is_critical or name in _PNG_KEPT:
            parts.append(view[position:end])
        if name == _PNG_END:
            return _joined(content, parts)
        position = end


def _webp(content: bytes) -> bytes:
    parts, position = [], 12
    (size,) = struct.unpack_from("<I", content, 4)
    if 8 + size > len(content):
        return content
    while position < 8 + size:
        name, length = struct.unpack_from("<4sI", content, position)
        end = position + 8 + length + length % 2
        chunk = content[position:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_REMOVED:
            parts.append(chunk)
        position = end
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(content: bytes) -> bytes:
    position = 13 + _gif_table_bytes(content[10])
    parts = [content[:position]]
    while True:
        start, kind = position, content[position]
        if kind == _GIF_END:
            return b"".join([*parts, b";"])
        if kind == _GIF_FRAME:
            position += 10 + _gif_table_bytes(content[position + 9]) + 1
        elif kind == _GIF_EXTENSION:
            position += 2
        else:
            return content
        label = content[start + 1]
        name = content[position + 1 : position + 12]
        while length := content[position]:
            position += 1 + length
        position += 1
        is_application = label == _GIF_APPLICATION and name not in _GIF_KEPT
        if kind != _GIF_EXTENSION or not (label == _GIF_COMMENT or is_application):
            parts.append(content[start:position])


def _gif_table_bytes(flags: int) -> int:
    """Return the length of the table of colours that the flags of a screen or frame announce."""
    return 3 * 2 ** ((flags & 0x07) + 1) if flags & 0x80 else 0
