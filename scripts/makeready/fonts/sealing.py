"""A fontconfig without the machine's fonts, none of which must be used in a book."""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

from makeready.files import write_whole
from makeready.fonts.font import CODE, SANS, TEXT, Font, family_for
from makeready.user_cache import user_cache_folder

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>{families}</fontconfig>
"""
_GENERIC = """<match target="pattern"><test name="family"><string>{generic}</string></test>\
<edit name="family" mode="prepend" binding="strong"><string>{family}</string></edit></match>
"""
_LAST_RESORT = """<match target="pattern"><test name="family"><string>{family}</string></test>\
<edit name="family" mode="append" binding="strong">{last}</edit></match>
"""
_OTHERS = """<match target="pattern"><edit name="family" mode="append" binding="strong">\
<string>{text}</string></edit></match>
"""


def seal_fontconfig(fonts: Sequence[Font]) -> None:
    """Point fontconfig to a configuration with only the first font.

    It is in the user's cache folder, where no stranger puts fonts or files of fontconfig's own.
    Call this before the engine is imported, and before a typesetter is created for other fonts;
    the engine reads the configuration for each typesetter. A character that is in none of the
    book's fonts is then a missing glyph, which is reported, and not one of a system font. There
    has to be one font, or the engine warns that there is none (WeasyPrint #677, #1038). It has a
    folder of its own, because another version of it in the same folder could be used under its
    name, and another book may have other families.
    """
    rules = hashlib.sha256(_family_rules(fonts).encode()).hexdigest()
    name = f"{fonts[0].path.stem}-{rules[:12]}"
    try:
        configuration = _write(user_cache_folder() / "fontconfig" / name, fonts)
    except OSError:
        # A user without a home that can be written to.
        configuration = _write(fonts[0].path.parent / "sealed" / name, fonts)
    os.environ["FONTCONFIG_FILE"] = str(configuration)


def _write(root: Path, fonts: Sequence[Font]) -> Path:
    """Write the first font and the configuration, unless they are there; return its path."""
    root = root.resolve()
    folder, configuration = root / "fonts", root / "fonts.conf"
    _write_if_different(folder / fonts[0].path.name, fonts[0].path.read_bytes())
    text = _CONFIGURATION.format(fonts=folder, cache=root, families=_family_rules(fonts))
    _write_if_different(configuration, text.encode())
    return configuration


def _write_if_different(path: Path, content: bytes) -> None:
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        pass
    write_whole(path, content)


def _family_rules(fonts: Sequence[Font]) -> str:
    """Return rules for families that are not the book's own, which drawings name.

    ``monospace`` is the book's font for code, ``sans-serif`` its sans, every other its font for
    text. The fonts for other scripts and those of last resort follow each. ``emoji`` is what Pango
    looks for a sign in that is shown as a picture.
    """
    own = [font for font in fonts if not font.is_fallback]
    emoji = next((font.family for font in fonts if font.for_emoji), "")
    generic = {
        "monospace": family_for(fonts, CODE),
        "sans-serif": family_for(fonts, SANS),
        "emoji": emoji,
    }
    rules = "".join(
        _GENERIC.format(generic=name, family=escape(family, quote=False))
        for name, family in generic.items()
        if family
    )
    text = family_for(fonts, TEXT) or fonts[0].family
    rules += _OTHERS.format(text=escape(text, quote=False))
    last = dict.fromkeys(escape(font.family, quote=False) for font in fonts if font.is_fallback)
    if last:
        names = "".join(f"<string>{name}</string>" for name in last)
        for family in dict.fromkeys(escape(font.family, quote=False) for font in own):
            rules += _LAST_RESORT.format(family=family, last=names)
    return rules


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
