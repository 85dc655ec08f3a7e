"""A PDF file written from blocks of objects, with its cross-references (ISO 32000-1, 7.5)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

from makeready.pdf.renumber import ObjectBlock, cross_reference_rows

_COLUMNS = 7
_FREE_LIST_HEAD = b"0000000000 65535 f \n"
_FREE = b"0000000000 00000 f \n"


def write_file(
    blocks: Sequence[ObjectBlock], *, version: str, packed: bool, root: int, info: int
) -> bytes:
    """Write blocks, in the order of their numbers, as one PDF.

    ``root`` and ``info`` are the numbers of the catalog and of the document information. A
    packed file ends in a cross-reference stream, any other in a cross-reference table. The file
    identifier is a digest of the content.
    """
    # Four bytes above 127 tell programs that copy files that this one is not text (7.5.2).
    pieces = [b"%PDF-" + version.encode() + b"\n%\xbf\xf7\xa2\xfe\n"]
    starts = []
    position = len(pieces[0])
    for block in blocks:
        starts.append(position)
        pieces.append(block.content)
        position += len(block.content)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    identifier = digest.hexdigest()[:32].encode()
    trailer = b"/Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]" % (root, info, identifier, identifier)
    cross_references = _cross_reference_stream if packed else _cross_reference_table
    pieces.append(cross_references(blocks, starts, position, trailer))
    pieces.append(b"startxref\n%d\n%%%%EOF\n" % position)
    return b"".join(pieces)


def _cross_reference_table(
    blocks: Sequence[ObjectBlock], starts: Sequence[int], _position: int, trailer: bytes
) -> bytes:
    rows = [_FREE_LIST_HEAD]
    for block, start in zip(blocks, starts, strict=True):
        rows += [_FREE] * (block.first_number - len(rows))
        rows += [
            _FREE if offset is None else b"%010d 00000 n \n" % (start + offset)
            for offset in block.offsets
        ]
    head = b"xref\n0 %d\n" % len(rows)
    return head + b"".join(rows) + b"trailer\n<< /Size %d %s >>\n" % (len(rows), trailer)


def _cross_reference_stream(
    blocks: Sequence[ObjectBlock], starts: Sequence[int], position: int, trailer: bytes
) -> bytes:
    number = blocks[-1].first_number + blocks[-1].count
    index, rows = [(0, 1)], [bytes(_COLUMNS + 1)]
    for block, start in zip(blocks, starts, strict=True):
        index.append((block.first_number, block.count))
        rows.append(cross_reference_rows(block, start))
    own = ObjectBlock(number, b"", b"", (0,))
    index.append((number, 1))
    rows.append(cross_reference_rows(own, position))
    data = zlib.compress(b"".join(rows))
    return (
        b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Index [%s] /Filter /FlateDecode "
        b"/DecodeParms << /Predictor 15 /Columns %d >> %s /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\n"
        % (
            *(number, number + 1, b" ".join(b"%d %d" % pair for pair in index)),
            *(_COLUMNS, trailer, len(data), data),
        )
    )
