"""The fonts of last resort in an EPUB: their letters, and their names after those of the book's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from unicodedata import category

from lxml import etree

from makeready.epub.fonts import CODE_ELEMENTS, characters_used, content_letters
from makeready.fonts import Font, fallback_font
from makeready.fonts.scripts import is_language_of

_MATHML = "{http://www.w3.org/1998/Math/MathML}math"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SHOWN_AS_NOTHING = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_JOINERS = frozenset({0xFE0F, 0x200D})
_KEYCAP = re.compile("([0-9#*])\ufe0f?\u20e3")
_FONT_FACE_OR_FAMILIES = re.compile(
    r"@font-face\s*\{[^}]*\}|(?<![\w-])font(?:-family)?\s*:[^;{}]*", re.IGNORECASE
)


def fallback_letters(
    documents: Sequence[etree._Element], stylesheet: str, fonts: Sequence[Font]
) -> dict[Font, frozenset[int]]:
    """Return the code points that each font for other scripts, or of last resort, sets.

    Fonts that set none are left out. A family for a script sets signs too, in its languages.
    Formulas are not counted, since reading systems set them in a font for mathematics.
    """
    text, code = _letters(documents)
    text |= content_letters(stylesheet)
    keycaps: set[str] = set()
    for document in documents:
        keycaps.update(_KEYCAP.findall("".join(map(str, document.itertext()))))
    found: dict[Font, set[int]] = {}
    for letters, is_code in ((text, False), (code, True)):
        for letter in sorted(letters - _known(fonts, is_code=is_code)):
            font = fallback_font(letter, fonts)
            if font is not None:
                found.setdefault(font, set()).add(ord(letter))
    for font, points in found.items():
        if font.for_emoji:
            points.update(_JOINERS, map(ord, keycaps))
    found |= _of_scripts(documents, stylesheet, fonts, {font.family for font in found})
    return {font: frozenset(found[font]) for font in fonts if font in found}


def _of_scripts(
    documents: Sequence[etree._Element],
    stylesheet: str,
    fonts: Sequence[Font],
    families: Collection[str],
) -> dict[Font, set[int]]:
    """Return what fonts for some scripts set, of those ``families`` or of languages in use."""
    asked = [font for font in fonts if font.is_fallback and font.scripts]
    if not asked:
        return {}
    used = characters_used(documents, stylesheet)
    languages = {
        element.get("lang") or element.get(_XML_LANGUAGE) or ""
        for tree in documents
        for element in tree.iter(etree.Element)
    }
    return {
        font: set(used & font.characters)
        for font in asked
        if font.family in families or any(is_language_of(font.scripts, one) for one in languages)
    }


def _letters(documents: Iterable[etree._Element]) -> tuple[set[str], set[str]]:
    """Return the letters in text and those in code."""
    text: set[str] = set()
    code: set[str] = set()
    for document in documents:
        for words, is_code in _texts(document):
            (code if is_code else text).update(words)
    return _shown(text), _shown(code)


def _shown(letters: set[str]) -> set[str]:
    """Return the letters that a font draws."""
    return {c for c in letters - _VARIATION_SELECTORS if category(c) not in _SHOWN_AS_NOTHING}


def _texts(document: etree._Element) -> Iterator[tuple[str, bool]]:
    """Yield each text of a document, and whether it is code."""
    code_depth = 0
    math_depth = 0
    for event, element in etree.iterwalk(document, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        step = 1 if event == "start" else -1
        code_depth += step * (etree.QName(element).localname in CODE_ELEMENTS)
        math_depth += step * (element.tag == _MATHML)
        text = element.text if event == "start" else element.tail
        if text and not math_depth:
            yield text, code_depth > 0
    for comment in document.iter(etree.Comment, etree.ProcessingInstruction):
        if comment.tail:
            yield comment.tail, False


def _known(fonts: Iterable[Font], *, is_code: bool) -> set[str]:
    """Return the letters that all of the book's fonts for code, or for text, have."""
    own = [
        font
        for font in fonts
        if font.only_for_code is is_code and not font.is_fallback and not font.is_only_named
    ]
    if not own:
        return set()
    return set(map(chr, frozenset.intersection(*(font.characters for font in own))))


def with_fallback_families(css: str, own: Iterable[str], last: Sequence[str]) -> str:
    """Return rules in which the families ``last`` follow each of the book's ``own``."""
    names = "|".join(re.escape(name) for name in sorted(own, key=len, reverse=True))
    if not last or not names:
        return css
    family = re.compile(rf"([\"']?)(?<![\w-])(?:{names})\1(?=\s*(?:,|!|$))", re.IGNORECASE)
    following = "".join(f', "{name}"' for name in last)

    def extended(match: re.Match[str]) -> str:
        if match[0].startswith("@"):
            return match[0]
        return family.sub(lambda found: found[0] + following, match[0])

    return _FONT_FACE_OR_FAMILIES.sub(extended, css)
