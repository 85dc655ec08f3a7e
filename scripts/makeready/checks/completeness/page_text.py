"""The text on the pages of a finished PDF of ours, read from the glyphs that they show.

It knows the operators as the engine and qpdf write them, each on a line of its own, and composite
fonts whose codes have two bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

from makeready.checks.completeness.letters import complex_letters_of, digits_of, letters_of

_LITERAL = rb"\((?:[^\\()]|\\.)*\)"
_OPERATORS = re.compile(
    rb"^(?:\[(?P<shown>(?:[^\]()]+|" + _LITERAL + rb")*)\]\s*TJ"
    rb"|(?P<string><[0-9A-Fa-f]*>|" + _LITERAL + rb")\s*Tj|/(?P<font>\S+) \S+ Tf"
    rb"|\S+ \S+ \S+ \S+ (?P<x>\S+) (?P<y>\S+) Tm|/(?P<form>\S+) Do)",
    re.DOTALL | re.MULTILINE,
)
_STRING = re.compile(rb"<([0-9A-Fa-f]*)>|(" + _LITERAL + rb")", re.DOTALL)
_BETWEEN_HEX = re.compile(rb">[^<]*<")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r\n": b"",
}
_MAPPING = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")
_DEEPEST_FORM = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text shown: after how many letters it begins, on which page and at which point.

    ``y`` grows downwards.
    """

    letters: int
    page: int
    x: float
    y: float


@dataclass
class ShownText:
    """The text that pages show, in the order in which they show it."""

    letters: str = ""
    lines: list[Line] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    @cached_property
    def digits(self) -> str:
        """The digits of the text."""
        return digits_of("".join(self.raw))

    @cached_property
    def complex_letters(self) -> Any:
        """How often each letter of a complex script occurs."""
        return complex_letters_of("".join(self.raw))


class PageTextReader:
    """Reads the text of pages; the mapping of each font is read once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._fonts: dict[tuple[int, int], dict[int, str]] = {}
        self._digests: dict[tuple[int, int], bytes] = {}

    def read(self, first: int, last: int) -> ShownText:
        """Return the text of the pages from ``first`` up to ``last``, counted from 0."""
        shown, letters = ShownText(), []
        count = 0
        for number in range(first, last):
            page = self._pdf.pages[number].obj
            for text, x, y in self._texts(_content(page), page.get("/Resources", {}), 0):
                own = letters_of(text)
                shown.raw.append(text)
                shown.lines.append(Line(count, number, x, y))
                letters.append(own)
                count += len(own)
        shown.letters = "".join(letters)
        return shown

    def digest(self, first: int, last: int) -> bytes:
        """Return a digest of all that decides the text that `read` returns."""
        digest = hashlib.sha256()
        for number in range(first, last):
            page = self._pdf.pages[number].obj
            for stream in _streams(page):
                digest.update(_stream_digest(stream))
            digest.update(self._digest(page.get("/Resources", {}), 0))
        return digest.digest()

    def _digest(self, resources: Any, depth: int) -> bytes:
        """Return a digest of the fonts and forms in resources.

        Those of a section's pages are one object.
        """
        number = resources.objgen if isinstance(resources, pikepdf.Object) else (0, 0)
        if number not in self._digests or number == (0, 0):
            digest = hashlib.sha256()
            for name, font in sorted(resources.get("/Font", {}).items()):
                digest.update(name.encode() + self._font_digest(font))
            for name, form in sorted(resources.get("/XObject", {}).items()):
                if form.get("/Subtype") == "/Form" and depth < _DEEPEST_FORM:
                    digest.update(name.encode() + _stream_digest(form))
                    if "/Resources" in form:
                        digest.update(self._digest(form.Resources, depth + 1))
            self._digests[number] = digest.digest()
        return self._digests[number]

    def _font_digest(self, font: Any) -> bytes:
        if font.objgen not in self._digests or font.objgen == (0, 0):
            texts = _stream_digest(font.ToUnicode) if "/ToUnicode" in font else b""
            self._digests[font.objgen] = texts
        return self._digests[font.objgen]

    def _texts(
        self, content: bytes, resources: Any, depth: int
    ) -> Iterator[tuple[str, float, float]]:
        glyphs: dict[int, str] = {}
        x = y = 0.0
        for match in _OPERATORS.finditer(content):
            if match["font"] is not None:
                glyphs = self._glyphs(resources, f"/{match['font'].decode('latin-1')}")
            elif match["x"] is not None:
                x, y = float(match["x"]), float(match["y"])
            elif match["form"] is not None:
                form = resources.get("/XObject", {}).get(f"/{match['form'].decode('latin-1')}")
                if form is not None and form.get("/Subtype") == "/Form" and depth < _DEEPEST_FORM:
                    own = form.get("/Resources", resources)
                    yield from self._texts(form.read_bytes(), own, depth + 1)
            else:
                codes = _codes(match["string"] or match["shown"])
                yield codes.decode("utf-16-be", "surrogatepass").translate(glyphs), x, y

    def _glyphs(self, resources: Any, name: str) -> dict[int, str]:
        font = resources.get("/Font", {}).get(name)
        if font is None or "/ToUnicode" not in font:
            return {}
        if font.objgen not in self._fonts:
            self._fonts[font.objgen] = {
                int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
                for code, text in _MAPPING.findall(font.ToUnicode.read_bytes())
            }
        return self._fonts[font.objgen]


def _codes(shown: bytes) -> bytes:
    """Return the codes in a string or in an array of strings and distances."""
    if b"<" not in shown and b"(" not in shown:
        # An array may have distances alone.
        return b""
    if b"(" not in shown:
        hexadecimal = _BETWEEN_HEX.sub(b"", shown)
        start = hexadecimal.find(b"<") + 1
        return bytes.fromhex(hexadecimal[start : hexadecimal.find(b">", start)].decode())
    return b"".join(
        _ESCAPE.sub(_unescaped, match[2][1:-1]) if match[2] else bytes.fromhex(match[1].decode())
        for match in _STRING.finditer(shown)
    )


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if escaped[:1].isdigit():
        return bytes([int(escaped, 8) & 0xFF])
    return _ESCAPED.get(escaped, escaped)


def _content(page: Any) -> bytes:
    return b"\n".join(stream.read_bytes() for stream in _streams(page))


def _streams(page: Any) -> list[Any]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _stream_digest(stream: Any) -> bytes:
    """Return a digest of a stream as it is in the file, which is faster than to decode it."""
    encoding = repr((stream.get("/Filter"), stream.get("/DecodeParms")))
    return hashlib.sha256(encoding.encode() + stream.read_raw_bytes()).digest()
