"""Images that are written into a text as ``data:`` addresses, brought as files."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from makeready.importing.links import outside_code

_EMBEDDED = re.compile(
    r"data:image/(?P<type>png|jpe?g|gif|webp|svg\+xml)(?:;[\w=.-]{1,40}){0,4}?"
    r"(?:;base64,(?P<base64>[A-Za-z0-9+/=%_-]+)|,(?P<text>[^\s()\"'<>]+))",
    re.IGNORECASE,
)
_SUFFIXES = {"svg+xml": "svg", "jpeg": "jpg"}


def with_image_files(
    text: str, stem: str, taken: Mapping[str, bytes]
) -> tuple[str, dict[str, bytes]]:
    """Return a text in which the images written into it are files, and these by their names.

    ``stem`` is the path of the text without its ending. Images that are the same are one file;
    names in ``taken`` belong to other images.
    """
    if "data:image/" not in text:
        return text, {}
    names: dict[bytes, str] = {}

    def replaced(match: re.Match[str], _: int) -> str:
        raw = _content(match)
        if not raw:
            return match[0]
        if raw not in names:
            suffix = _SUFFIXES.get(match["type"].lower(), match["type"].lower())
            number = len(names) + 1
            while (name := f"{stem}-image-{number}.{suffix}") in taken:
                number += 1
            names[raw] = name
        return names[raw].rpartition("/")[2].replace(" ", "%20")

    text = outside_code(text, _EMBEDDED, replaced)
    return text, {name: raw for raw, name in names.items()}


def _content(match: re.Match[str]) -> bytes:
    if match["base64"] is None:
        return unquote_to_bytes(match["text"])
    try:
        return base64.b64decode(unquote_to_bytes(match["base64"]), validate=True)
    except (binascii.Error, ValueError):
        return b""
