"""Font files as one sfnt font each: unpacked from WOFF and WOFF2, and out of collections.

A font may come from a stranger: what it claims to be is checked before it is unpacked, and a
damaged one is refused by name.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz

from makeready.fonts.tables import COLLECTION, SIGNATURES, extracted

LARGEST_BYTES = 64_000_000
"""The largest font, unpacked. Collections of Chinese, Japanese and Korean have some 30 MB."""

_WOFF, _WOFF2 = b"wOFF", b"wOF2"
_WOFF2_HEADER = struct.Struct(">4sLLHHLL")
_WOFF2_HEADER_BYTES = 48
_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp", "name")
_OUTLINES = ({"glyf", "loca"}, {"CFF "}, {"CFF2"})
_RESTRICTED, _ALL_USES, _NOT_SUBSET, _ONLY_BITMAPS = 0x2, 0xF, 0x100, 0x200
_PIECE_BYTES = 1_000_000
_REGULAR, _NORMAL_WIDTH = 400, 5
_MOST_FACES = 100
_PERMISSIONS_AT = 8
_WIDTH_AT, _SELECTION_AT, _WEIGHT_AT = 6, 62, 4
_ITALIC = 0x1 | 0x200
_FAMILY_NAMES = (16, 1)
_HEAD_BYTES, _HHEA_BYTES = 54, 36
_UNITS_AT, _UNITS_PER_EM = 18, range(16, 16_385)


@dataclass(frozen=True, slots=True)
class Face:
    """What a font says of itself.

    ``families`` are its names, ``axes`` the least, usual and largest values of a variable font.
    """

    families: tuple[str, ...]
    weight: int
    is_italic: bool
    is_normal_width: bool
    axes: dict[str, tuple[float, float, float]]
    is_postscript: bool = False
    refusal: str = ""
    """Why it must not be embedded, if it says so."""

    def is_of(self, family: str) -> bool:
        """Return whether it is of the family of that name, in whatever case."""
        return family.casefold() in map(str.casefold, self.families)


def face_count(content: bytes) -> int:
    """Return how many fonts a file has: more than one in a collection."""
    if not content.startswith(COLLECTION):
        return 1
    return int.from_bytes(content[8:12], "big")


def unpacked(content: bytes, index: int = 0) -> bytes:
    """Return one font of a file as an sfnt file; ValueError, with what is wrong, if it has none."""
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 1_000_000} MB")
    if content.startswith((_WOFF, _WOFF2)):
        content = _unpacked_woff(content)
    elif content.startswith(COLLECTION):
        content = extracted(content, index)
    if not content.startswith(SIGNATURES):
        raise ValueError("it is not a TrueType, OpenType, WOFF or WOFF2 font")
    return content


def _unpacked_woff(content: bytes) -> bytes:
    # Slow to import, and rarely needed.
    from fontTools.ttLib import TTFont, TTLibError, woff2  # noqa: PLC0415

    out = io.BytesIO()
    try:
        size = int.from_bytes(content[16:20], "big")
        if size > LARGEST_BYTES:
            raise ValueError(f"it is larger than {LARGEST_BYTES // 1_000_000} MB unpacked")
        if content.startswith(_WOFF2):
            _check_compressed_size(content)
            woff2.decompress(io.BytesIO(content), out)
        else:
            with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
                if sum(entry.origLength for entry in font.reader.tables.values()) > LARGEST_BYTES:
                    raise ValueError("its tables are larger than it says")
                font.flavor = font.flavorData = None
                font.save(out, reorderTables=None)
    except (TTLibError, struct.error, LookupError, AssertionError, TypeError) as error:
        raise ValueError(f"it is damaged: {error}") from error
    return out.getvalue()


def _check_compressed_size(content: bytes) -> None:
    """Raise ValueError if a WOFF2 file unpacks to more than is allowed, or is cut off."""
    # Slow to import, and rarely needed.
    import brotli  # noqa: PLC0415
    from fontTools.ttLib.woff2 import WOFF2DirectoryEntry  # noqa: PLC0415

    _, _, length, table_count, _, _, compressed = _WOFF2_HEADER.unpack_from(content)
    if length != len(content) or compressed > length:
        raise ValueError("it is cut off")
    stream = io.BytesIO(content)
    stream.seek(_WOFF2_HEADER_BYTES)
    for _ in range(table_count):
        WOFF2DirectoryEntry().fromFile(stream)
    decompressor = brotli.Decompressor()
    size, piece = 0, stream.read(compressed)
    try:
        while not decompressor.is_finished():
            unpacked_piece = decompressor.process(piece, output_buffer_limit=_PIECE_BYTES)
            size, piece = size + len(unpacked_piece), b""
            if size > LARGEST_BYTES:
                raise ValueError(f"it is larger than {LARGEST_BYTES // 1_000_000} MB unpacked")
            if not unpacked_piece and decompressor.can_accept_more_data():
                raise ValueError("it is cut off")
    except brotli.error as error:
        raise ValueError("it is damaged: it cannot be unpacked") from error


def read_faces(path: Path) -> list[Face]:
    """Return what each font of a file says of itself; ValueError if one is damaged, or OSError.

    Only the tables that are needed are read, as collections are large.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 1_000_000} MB")
    try:
        blob = uharfbuzz.Blob.from_file_path(path)
    except uharfbuzz.HarfBuzzError as error:
        raise OSError("it cannot be opened") from error
    head = bytes(blob.data[:12])
    if head.startswith((_WOFF, _WOFF2)):
        blob = uharfbuzz.Blob(unpacked(path.read_bytes()))
    elif not head.startswith((*SIGNATURES, COLLECTION)):
        raise ValueError("it is not a TrueType, OpenType, WOFF or WOFF2 font")
    count = min(face_count(head), _MOST_FACES)
    return [_read_face(uharfbuzz.Face(blob, index)) for index in range(count)]


def _read_face(face: uharfbuzz.Face) -> Face:
    tags = set(face.table_tags)
    missing = [tag for tag in _NEEDED if not face.reference_table(tag).data]
    if missing or not face.glyph_count:
        raise ValueError(f"it is damaged: it has no table {', '.join(missing) or 'maxp'}")
    if not any(outlines <= tags for outlines in _OUTLINES):
        raise ValueError("it has no outlines of letters")
    head = bytes(face.reference_table("head").data)
    if len(head) < _HEAD_BYTES or len(face.reference_table("hhea").data) < _HHEA_BYTES:
        raise ValueError("it is damaged: its table head or hhea is cut off")
    if struct.unpack_from(">H", head, _UNITS_AT)[0] not in _UNITS_PER_EM:
        raise ValueError("it is damaged: it has no units per em")
    names = (face.get_name(number) for number in _FAMILY_NAMES)
    metrics = bytes(face.reference_table("OS/2").data)
    weight, width, is_italic, refusal = _REGULAR, _NORMAL_WIDTH, False, ""
    if len(metrics) > _SELECTION_AT + 1:
        weight, width, permissions = (
            struct.unpack_from(">H", metrics, at)[0]
            for at in (_WEIGHT_AT, _WIDTH_AT, _PERMISSIONS_AT)
        )
        is_italic = bool(struct.unpack_from(">H", metrics, _SELECTION_AT)[0] & _ITALIC)
        refusal = _refusal(permissions)
    axes = {a.tag: (a.min_value, a.default_value, a.max_value) for a in face.axis_infos}
    return Face(
        families=tuple(name for name in names if name),
        weight=weight,
        is_italic=is_italic,
        is_normal_width=width == _NORMAL_WIDTH,
        axes=axes,
        is_postscript="glyf" not in tags,
        refusal=refusal,
    )


def _refusal(permissions: int) -> str:
    """Return why a font must not be embedded, by its ``fsType`` (OpenType 1.9, “OS/2”)."""
    if permissions & _ALL_USES == _RESTRICTED:
        return "its licence forbids embedding (fsType 2)"
    if permissions & _NOT_SUBSET:
        return "it must not be embedded in part (fsType 256), which books need"
    if permissions & _ONLY_BITMAPS:
        return "only its bitmaps may be embedded (fsType 512)"
    return ""
