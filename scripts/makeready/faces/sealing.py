"""A fontconfig that knows no font of the machine, so that none can slip into a book."""

from __future__ import annotations

import os
from pathlib import Path

from makeready.artefacts import write_whole

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{cache}</cachedir></fontconfig>
"""


def seal_fontconfig(cache: Path) -> None:
    """Point fontconfig at an empty configuration in ``cache``.

    To be called before the engine is imported: what is not one of the book's own faces is then
    a missing glyph, which is reported, and never a system font, which would not be.
    """
    configuration = cache / "fonts.conf"
    text = _CONFIGURATION.format(cache=cache.resolve())
    if not configuration.exists() or configuration.read_text("utf-8") != text:
        write_whole(configuration, text.encode())
    os.environ["FONTCONFIG_FILE"] = str(configuration.resolve())
