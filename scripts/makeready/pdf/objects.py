"""A PDF taken apart into objects that can be renumbered without being parsed again.

Where an object's text refers to another object, or has a number that only the whole file knows,
it gets a *placeholder* instead: a name between two control characters, which qpdf never writes
in the text of an object. Renumbering is then one substitution.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Name

PLACEHOLDER = re.compile(rb"\x01([^\x02]+)\x02")
SEPARATOR = b"\x03"
"""The separator between the texts of objects that are joined."""

_NAME_PREFIX = "/makeready."
# Strings are matched first, so that text like a reference inside one is left alone.
_TOKEN = re.compile(
    rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>"
    rb"|/makeready\.([^\s/<>\[\]()]+)|(\d+) (\d+) R\b",
    re.DOTALL,
)
_PAGE_NUMBER_MARK = re.compile(rb"/N\d+ MP\n")

ObjectId = tuple[int, int]
"""The number and the generation of an object in a PDF."""


def placeholder(name: str) -> pikepdf.Object:
    """Return a name object that `parse_objects` turns into a placeholder."""
    return Name(_NAME_PREFIX + name)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream object: its dictionary without ``/Length``, and its data as encoded in the file.

    With ``has_page_numbers`` the data contain page numbers still to be set. ``image_digest`` is
    that of an image, by which it is kept once in a file, and empty for other streams.
    """

    dictionary: bytes
    data: bytes
    has_page_numbers: bool = False
    image_digest: str = ""


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a file, numbered from 0 in order: the texts of plain ones, then streams."""

    plain: tuple[bytes, ...]
    streams: tuple[Stream, ...]

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self.plain) + len(self.streams)


def parse_objects(
    roots: Sequence[pikepdf.Object], outside: Mapping[ObjectId, str], pdf: pikepdf.Pdf
) -> tuple[Objects, dict[ObjectId, int]]:
    """Take apart all objects that can be reached from some indirect objects.

    ``outside`` maps objects that are not taken to the name of the placeholder that stands for
    them. Returns the objects, and the number of each by its id. They are in the order in which
    they are reached, so roots that are not streams come first.
    """
    texts: dict[ObjectId, bytes] = {}
    streams: dict[ObjectId, tuple[bytes, pikepdf.Object]] = {}
    queue: list[ObjectId] = [root.objgen for root in roots]
    seen = set(queue)
    for object_id in queue:
        item = pdf.get_object(object_id)
        if isinstance(item, pikepdf.Stream):
            text = _dictionary_text(item)
            streams[object_id] = (text, item)
        else:
            text = texts[object_id] = item.unparse(resolved=True)
        for match in _TOKEN.finditer(text):
            if match[2]:
                other = (int(match[2]), int(match[3]))
                if other not in seen and other not in outside:
                    seen.add(other)
                    queue.append(other)
    numbers = {object_id: number for number, object_id in enumerate((*texts, *streams))}
    names = {**{object_id: str(number) for object_id, number in numbers.items()}, **outside}
    objects = Objects(
        tuple(_with_placeholders(text, names) for text in texts.values()),
        tuple(_stream(_with_placeholders(text, names), item) for text, item in streams.values()),
    )
    return objects, numbers


def _dictionary_text(stream: pikepdf.Object) -> bytes:
    entries = {key: value for key, value in stream.items() if key != "/Length"}
    text: bytes = pikepdf.Dictionary(entries).unparse(resolved=True)
    return text


def _with_placeholders(text: bytes, names: Mapping[ObjectId, str]) -> bytes:
    def replace(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return b"\x01" + match[1] + b"\x02"
        if match[2]:
            return b"\x01" + names[int(match[2]), int(match[3])].encode() + b"\x02"
        return match[0]

    return _TOKEN.sub(replace, text)


def _stream(dictionary: bytes, item: pikepdf.Object) -> Stream:
    """Return a stream as it goes into a file, compressed if it is not encoded yet."""
    is_content = "/Type" not in item and "/Subtype" not in item
    if "/Filter" not in item:
        data = item.read_raw_bytes()
        has_page_numbers = is_content and _PAGE_NUMBER_MARK.search(data) is not None
        # Metadata must be readable without decoding (ISO 14289-1, 6.7.2.2).
        if item.get("/Type") != "/Metadata":
            data = zlib.compress(data)
            dictionary = dictionary[:-2] + b"/Filter /FlateDecode >>"
        return Stream(dictionary, data, has_page_numbers)
    has_page_numbers = is_content and _PAGE_NUMBER_MARK.search(item.read_bytes()) is not None
    data = item.read_raw_bytes()
    return Stream(dictionary, data, has_page_numbers, _image_digest(item, data))


def _image_digest(item: pikepdf.Object, data: bytes) -> str:
    if item.get("/Subtype") != "/Image":
        return ""
    mask = item.get("/SMask")
    mask_data = mask.read_raw_bytes() if mask is not None else b""
    return hashlib.sha256(data + b"\0" + mask_data).hexdigest()


def join_texts(texts: Iterable[bytes]) -> bytes:
    """Join the texts of objects; splitting at `SEPARATOR` gives them back."""
    return SEPARATOR.join(texts)
