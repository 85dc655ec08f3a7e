"""The characters that the codes of a font stand for (ISO 32000-1, 9.10)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
from fontTools import agl
from fontTools.encodings.StandardEncoding import StandardEncoding

from makeready.pdf_content.resources import entry, name_text

UNKNOWN = "\ufffd"
"""A character that programs know from a list of their own, which is not read here."""

_LARGEST_MAP = 20_000_000
_MOST_CODES = 200_000
_FIRST_LETTER_FLAG = 4
_BLOCK = re.compile(rb"begin(codespacerange|bfchar|bfrange)")
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
_NOT_CHARACTERS = frozenset({"\0", "\ufeff", "\ufffe"})
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_STANDARD_FONTS = ("Helvetica", "Times", "Courier", "Arial")
_BYTE = 256


class FontText:
    """A font's characters, by its codes."""

    def __init__(self, font: Any) -> None:
        self._unicode: dict[int, str] = {}
        self._lengths: tuple[int, ...] = (1,)
        self._default: str | None = None
        mapped = entry(font, "/ToUnicode")
        cmap = _read(mapped)
        if entry(font, "/Subtype") == "/Type0":
            self._read_composite(entry(font, "/Encoding"))
        else:
            self._unicode = _simple_encoding(font)
        if isinstance(mapped, pikepdf.Stream):
            self._unicode.update(_mapping(cmap))

    def _read_composite(self, encoding: Any) -> None:
        self._lengths = (2,)
        if isinstance(encoding, pikepdf.Stream):
            lengths = {len(first) for first in _code_ranges(_read(encoding))}
            self._lengths = tuple(sorted(lengths & {1, 2, 3, 4})) or (2,)
        elif isinstance(encoding, pikepdf.Name) and not name_text(encoding).startswith("/Identity"):
            self._default = UNKNOWN

    def characters(self, shown: bytes) -> Iterator[tuple[int, str | None]]:
        """Yield each code of a string with its text; None for one that has none."""
        position = 0
        while position < len(shown):
            for length in self._lengths:
                code = int.from_bytes(shown[position : position + length], "big")
                if code in self._unicode:
                    break
            else:
                length = self._lengths[-1]
            position += length
            text = self._unicode.get(code, self._default)
            is_text = text is not None and _NOT_CHARACTERS.isdisjoint(text)
            yield code, text if is_text else None


def _read(stream: Any) -> bytes:
    if not isinstance(stream, pikepdf.Stream):
        return b""
    try:
        return bytes(stream.read_bytes()[:_LARGEST_MAP])
    except pikepdf.PikepdfError:
        return b""


def _blocks(cmap: bytes, kind: bytes) -> Iterator[list[bytes | str]]:
    """Yield the strings and brackets in each block of a kind in a CMap."""
    block = _BLOCK.search(cmap)
    while block is not None:
        end = cmap.find(b"end", block.end())
        if end < 0:
            return
        if block[1] == kind:
            yield [
                bracket.decode() if bracket else _hexadecimal(text)
                for text, bracket in _TOKEN.findall(cmap, block.end(), end)
            ]
        block = _BLOCK.search(cmap, end)


def _hexadecimal(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode())


def _code_ranges(cmap: bytes) -> Iterator[bytes]:
    for tokens in _blocks(cmap, b"codespacerange"):
        yield from (token for token in tokens[::2] if isinstance(token, bytes))


def _mapping(cmap: bytes) -> dict[int, str]:
    """Return the characters that a CMap of the entry ToUnicode gives to codes."""
    mapping: dict[int, str] = {}
    for tokens in _blocks(cmap, b"bfchar"):
        strings = [token for token in tokens if isinstance(token, bytes)]
        for code, text in zip(strings[::2], strings[1::2], strict=False):
            mapping[int.from_bytes(code, "big")] = _utf_16(text)
    left = _MOST_CODES
    for tokens in _blocks(cmap, b"bfrange"):
        for first, last, texts in _ranges(tokens):
            if isinstance(texts, list):
                mapping.update((first + n, _utf_16(text)) for n, text in enumerate(texts))
                continue
            length = min(last - first + 1, left)
            left -= max(length, 1)
            if left <= 0:
                return mapping
            for number in range(length):
                mapping[first + number] = _next_text(texts, number)
    return mapping


def _ranges(tokens: list[bytes | str]) -> Iterator[tuple[int, int, bytes | list[bytes]]]:
    """Yield the first and last code of each range, and the text of the first or of all."""
    rest = iter(tokens)
    for first in rest:
        last, target = next(rest, None), next(rest, None)
        if not isinstance(first, bytes) or not isinstance(last, bytes) or target is None:
            return
        start, end = int.from_bytes(first, "big"), int.from_bytes(last, "big")
        if isinstance(target, bytes):
            yield start, end, target
            continue
        texts: list[bytes] = []
        for token in rest:
            if not isinstance(token, bytes):
                break
            texts.append(token)
        yield start, end, texts


def _next_text(first: bytes, number: int) -> str:
    """Return the text that is a number of characters after another."""
    text = _utf_16(first)
    if not text or not number:
        return text
    code = ord(text[-1]) + number
    return text[:-1] + (chr(code) if code <= sys.maxunicode else UNKNOWN)


def _utf_16(text: bytes) -> str:
    if len(text) == 1:
        return chr(text[0])
    return text.decode("utf-16-be", "replace")


def _simple_encoding(font: Any) -> dict[int, str]:
    """Return the characters of a simple font by its encoding (ISO 14289-1, 7.21.7)."""
    encoding = entry(font, "/Encoding")
    base = encoding if isinstance(encoding, pikepdf.Name) else entry(encoding, "/BaseEncoding")
    flags = entry(font, "/FontDescriptor", "/Flags")
    is_symbolic = isinstance(flags, int) and bool(flags & _FIRST_LETTER_FLAG)
    name = name_text(entry(font, "/BaseFont") or "").partition("+")[2]
    name = name or name_text(entry(font, "/BaseFont") or "").removeprefix("/")
    mapping: dict[int, str] = {}
    if isinstance(base, pikepdf.Name) and name_text(base) in _CODECS:
        mapping = dict(_of_codec(_CODECS[name_text(base)]))
    elif not is_symbolic and entry(font, "/Subtype") != "/Type3":
        is_known = encoding is not None or name.startswith(_STANDARD_FONTS)
        mapping = dict(_standard()) if is_known or entry(font, "/FontDescriptor") else {}
    differences = entry(encoding, "/Differences")
    code = 0
    for item in differences if isinstance(differences, pikepdf.Array) else ():
        if isinstance(item, int):
            code = item
        elif isinstance(item, pikepdf.Name):
            text = agl.toUnicode(name_text(item).removeprefix("/"))
            mapping.pop(code, None)
            if text:
                mapping[code] = text
            code += 1
    return mapping


@cache
def _of_codec(codec: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (code, text) for code in range(32, _BYTE) if (text := bytes([code]).decode(codec, "ignore"))
    )


@cache
def _standard() -> tuple[tuple[int, str], ...]:
    texts = ((code, agl.toUnicode(name)) for code, name in enumerate(StandardEncoding))
    return tuple((code, text) for code, text in texts if text)
