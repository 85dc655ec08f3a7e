"""A fontconfig without the machine's fonts, none of which must be used in a book."""

from __future__ import annotations

import ctypes.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from xml.sax.saxutils import escape

from makeready.files import write_whole
from makeready.fonts.font import Font

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>{families}</fontconfig>
"""
_MONOSPACE = """<match target="pattern"><test name="family"><string>monospace</string></test>\
<edit name="family" mode="prepend" binding="strong"><string>{code}</string></edit></match>
"""
_OTHERS = """<match target="pattern"><edit name="family" mode="append" binding="strong">\
<string>{text}</string></edit></match>
"""


def seal_fontconfig(fonts: Sequence[Font]) -> None:
    """Point fontconfig to a configuration with only the first font, next to the font files.

    Call this before the engine is imported, and before a typesetter is created for other fonts;
    the engine reads the configuration for each typesetter. A character that is in none of the
    book's fonts is then a missing glyph, which is reported, and not one of a system font. There
    has to be one font, or the engine warns that there is none (WeasyPrint #677, #1038). It has a
    folder of its own, because another version of it in the same folder could be used under its
    name.
    """
    first_font = fonts[0]
    root = (first_font.path.parent / "sealed" / first_font.path.stem).resolve()
    folder, configuration = root / "fonts", root / "fonts.conf"
    last_resort = folder / first_font.path.name
    if not last_resort.exists():
        write_whole(last_resort, first_font.path.read_bytes())
    text = _CONFIGURATION.format(fonts=folder, cache=root, families=_family_rules(fonts))
    if not configuration.exists() or configuration.read_text("utf-8") != text:
        write_whole(configuration, text.encode())
    os.environ["FONTCONFIG_FILE"] = str(configuration)


def _family_rules(fonts: Sequence[Font]) -> str:
    """Return rules for families that are not the book's own, which drawings name.

    ``monospace`` is the book's font for code, every other its font for text.
    """
    code = next((font.family for font in fonts if font.only_for_code), "")
    text = next((font.family for font in fonts if not font.only_for_code), fonts[0].family)
    rules = _MONOSPACE.format(code=escape(code)) if code else ""
    return rules + _OTHERS.format(text=escape(text))


def _find_nothing(name: str) -> str | None:  # noqa: ARG001 - the signature of find_library
    return None


@contextmanager
def exact_library_names() -> Iterator[None]:
    """Within the context, load libraries by their exact file names only.

    WeasyPrint first tries each library's names on other systems, and Python runs a compiler to
    search for each of those names, which takes longer than the rest of the import (WeasyPrint
    #1125, closed). Once it tries the names of this system first, this can go.
    """
    original = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _find_nothing
    try:
        yield
    finally:
        ctypes.util.find_library = original
