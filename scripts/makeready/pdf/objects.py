"""A PDF taken apart into objects that can be numbered anew without reading them again.

Wherever an object names another, or a number that only the whole file knows, its text has a
*blank* instead: a name between two control characters, which no PDF text that qpdf writes has
in it. To number the objects is then one substitution.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Name

BLANK = re.compile(rb"\x01([^\x02]+)\x02")
SEPARATOR = b"\x03"
"""Stands between the texts of objects that are kept in one piece."""

_MARKER = "/makeready."
# Strings are matched first, so that what looks like a reference inside one is left alone.
_TOKEN = re.compile(
    rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>"
    rb"|/makeready\.([^\s/<>\[\]()]+)|(\d+) (\d+) R\b",
    re.DOTALL,
)
_MARKED = re.compile(rb"/N\d+ MP\n")

ObjectId = tuple[int, int]


def blank(name: str) -> pikepdf.Object:
    """Return what stands for a blank in an open PDF: a name, to be filled in at the end."""
    return Name(_MARKER + name)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary without a length, and its data as they go into the file.

    ``marked``: page numbers in it are still to be set. ``picture`` is a digest, of images
    alone: what another section shows too is kept once.
    """

    dictionary: bytes
    data: bytes
    marked: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a file; their numbers are their places, streams after all others."""

    plain: tuple[bytes, ...]
    streams: tuple[Stream, ...]

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self.plain) + len(self.streams)


def parse_objects(
    roots: Sequence[pikepdf.Object], known: Mapping[ObjectId, str], pdf: pikepdf.Pdf
) -> tuple[Objects, dict[ObjectId, int]]:
    """Take apart what can be reached from some indirect objects; say where each one went.

    ``known`` gives objects that stay outside the blank that stands for them. The order is that
    in which objects are reached, so roots that are no streams come first.
    """
    texts: dict[ObjectId, bytes] = {}
    streams: dict[ObjectId, tuple[bytes, pikepdf.Object]] = {}
    queue: list[ObjectId] = [root.objgen for root in roots]
    seen = set(queue)
    for place in queue:
        item = pdf.get_object(place)
        if isinstance(item, pikepdf.Stream):
            text = _dictionary_of(item)
            streams[place] = (text, item)
        else:
            text = texts[place] = item.unparse(resolved=True)
        for match in _TOKEN.finditer(text):
            if match[2]:
                other = (int(match[2]), int(match[3]))
                if other not in seen and other not in known:
                    seen.add(other)
                    queue.append(other)
    numbers = {place: n for n, place in enumerate((*texts, *streams))}
    names = {**{p: str(n) for p, n in numbers.items()}, **known}
    objects = Objects(
        tuple(_with_blanks(text, names) for text in texts.values()),
        tuple(_stream(_with_blanks(text, names), item) for text, item in streams.values()),
    )
    return objects, numbers


def _dictionary_of(stream: pikepdf.Object) -> bytes:
    kept = {key: value for key, value in stream.items() if key != "/Length"}
    text: bytes = pikepdf.Dictionary(kept).unparse(resolved=True)
    return text


def _with_blanks(text: bytes, names: Mapping[ObjectId, str]) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return b"\x01" + match[1] + b"\x02"
        if match[2]:
            return b"\x01" + names[int(match[2]), int(match[3])].encode() + b"\x02"
        return match[0]

    return _TOKEN.sub(fill, text)


def _stream(dictionary: bytes, item: pikepdf.Object) -> Stream:
    is_content = "/Type" not in item and "/Subtype" not in item
    if "/Filter" not in item:
        data = item.read_raw_bytes()
        marked = is_content and _MARKED.search(data) is not None
        # What describes the file is to be found without decoding (ISO 14289-1, 6.7.2.2).
        if item.get("/Type") != "/Metadata":
            data = zlib.compress(data)
            dictionary = dictionary[:-2] + b"/Filter /FlateDecode >>"
        return Stream(dictionary, data, marked)
    marked = is_content and _MARKED.search(item.read_bytes()) is not None
    data = item.read_raw_bytes()
    return Stream(dictionary, data, marked, _picture(item, data))


def _picture(item: pikepdf.Object, data: bytes) -> str:
    if item.get("/Subtype") != "/Image":
        return ""
    mask = item.get("/SMask")
    soft = mask.read_raw_bytes() if mask is not None else b""
    return hashlib.sha256(data + b"\0" + soft).hexdigest()


def joined(texts: Iterable[bytes]) -> bytes:
    """Return texts of objects in one piece."""
    return SEPARATOR.join(texts)
