"""The fonts of an EPUB: subsets of the characters the book uses, and their CSS rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress

import uharfbuzz
from lxml import etree

from makeready.epub.archive import Item
from makeready.fonts import Font
from makeready.fonts.overlaps import as_embedded

# Features the stylesheets use, and those that join, position and space letters.
_FEATURES = (
    *("c2sc", "calt", "ccmp", "clig", "frac", "kern", "liga", "lnum", "locl", "mark", "mkmk"),
    *("onum", "ordn", "pnum", "rlig", "smcp", "subs", "sups", "tnum", "zero"),
    *("fina", "init", "isol", "medi"),
    *("vert", "vrt2"),
)
# Name ids of the copyright, the names, and the licence with its address.
_NAME_IDS = (0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17)
# A reading system may hyphenate any word, with one of these.
_HYPHENS = "-\u00ad\u2010"
_CONTENT = re.compile(r"\bcontent\s*:\s*([^;}]*)")
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})\s?")
_REGULAR = 400
_ALL_WEIGHTS, _LIGHTER, _BOLDER = "100 900", "100 500", "501 900"
_HIGHLIGHTED = ("code-comment", "code-deleted", "code-inserted", "code-keyword", "code-prompt")
"""The classes of code that is set in another weight."""

Submit = Callable[..., "Future[bytes] | None"]
"""A function that calls another in a worker; it returns None where there is no worker."""

CODE_ELEMENTS = frozenset({"code", "kbd", "pre", "samp", "tt"})


def characters_used(documents: Iterable[etree._Element], stylesheet: str) -> frozenset[int]:
    """Return the code points in the documents and in the ``content`` of the stylesheet.

    Letters count in both cases, since a style may change the case.
    """
    text = set(_HYPHENS)
    for document in documents:
        text.update("".join(map(str, document.itertext())))
        for line in document.iterfind(".//*[@data-line-number]"):
            text.update(line.get("data-line-number", ""))
    text |= content_letters(stylesheet)
    letters = "".join(text)
    text.update(letters.upper(), letters.lower())
    return frozenset(map(ord, text)) - frozenset(range(0x20))


def content_letters(stylesheet: str) -> set[str]:
    """Return the letters in the ``content`` of a stylesheet's rules."""
    text: set[str] = set()
    for content in _CONTENT.findall(stylesheet):
        for double, single in _STRING.findall(content):
            text.update(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), double or single))
    return text


def fonts_used(fonts: Iterable[Font], documents: Iterable[etree._Element]) -> list[Font]:
    """Return the book's own fonts the documents need; those for code, and their weights, if used.

    Those for other scripts, and those of last resort, are not among them.
    """
    elements = [e for document in documents for e in document.iter() if isinstance(e.tag, str)]
    has_code = any(etree.QName(element).localname in CODE_ELEMENTS for element in elements)
    is_highlighted = any(
        e.get("class") in _HIGHLIGHTED or e.get("data-line-number") for e in elements
    )
    return [
        font
        for font in fonts
        if not font.is_fallback
        and (not font.only_for_code or (has_code and (font.weight == _REGULAR or is_highlighted)))
    ]


def subset(font: Font, characters: frozenset[int]) -> bytes:
    """Return the font as TrueType, with the glyphs of ``characters`` and their variants only."""
    options = uharfbuzz.SubsetInput()
    options.sets(uharfbuzz.SubsetInputSets.UNICODE).update(characters)
    for kind, values in (
        (uharfbuzz.SubsetInputSets.LAYOUT_FEATURE_TAG, map(_tag, _FEATURES)),
        (uharfbuzz.SubsetInputSets.NAME_ID, _NAME_IDS),
    ):
        kept = options.sets(kind)
        kept.clear()
        kept.update(values)
    options.flags = uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    whole = uharfbuzz.Face(uharfbuzz.Blob(font.path.read_bytes()))
    return as_embedded(font, bytes(options.subset(whole).blob.data))


class FontItem(Item):
    """A font of the publication, subset by a worker, or as it is packed."""

    def __init__(
        self,
        identifier: str,
        path: str,
        font: Font,
        characters: frozenset[int],
        submit: Submit | None,
    ) -> None:
        super().__init__(identifier, path, "font/ttf", b"")
        self._font, self._characters = font, characters
        self._future = submit(subset, font, characters) if submit is not None else None

    def get_content(self) -> bytes:
        """Return the subset of the font."""
        # Where a worker failed, the error is raised here.
        with suppress(Exception):
            if self._future is not None:
                return self._future.result()
        return subset(self._font, self._characters)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def font_face_rules(fonts: Iterable[Font], folder: str) -> str:
    """Return the ``@font-face`` rules of the fonts, whose files are in ``folder``.

    A family for other scripts, or of last resort, has all weights and styles, which a reading
    system would fake.
    """
    fonts = list(fonts)
    rules = []
    for font in fonts:
        if not font.is_fallback:
            rules.append(_font_face_rule(font, folder, font.weight, font.style))
            continue
        family = [one for one in fonts if one.family == font.family]
        rules += [
            _font_face_rule(font, folder, weight, style)
            for weight, style in _faces_of(family)
            if _nearest(family, weight, style) is font
        ]
    return "".join(rules)


def _faces_of(family: Sequence[Font]) -> Iterator[tuple[str, str]]:
    """Yield the ranges of weights of a family, each in both styles."""
    has_bold = any(font.weight > _REGULAR for font in family)
    for weight in (_LIGHTER, _BOLDER) if has_bold else (_ALL_WEIGHTS,):
        for style in ("normal", "italic"):
            yield weight, style


def _nearest(family: Sequence[Font], weight: str, style: str) -> Font:
    """Return the font of a family that stands for a range of weights in a style."""
    is_bold = weight == _BOLDER
    return min(family, key=lambda f: ((f.weight > _REGULAR) != is_bold, f.style != style))


def _font_face_rule(font: Font, folder: str, weight: int | str, style: str) -> str:
    return (
        "@font-face {\n"
        f'  font-family: "{font.family}";\n'
        f"  font-weight: {weight};\n"
        f"  font-style: {style};\n"
        f'  src: url("{folder}/{font.file_name}");\n'
        "}\n"
    )
