"""The versions of the engine and its libraries, found without importing them."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from importlib.metadata import version

from makeready import __version__

_PACKAGES = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "pypdfium2", "pillow")
# The function that returns the version, and the library's file names on Linux and macOS.
_SYSTEM_LIBRARIES = (
    ("pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0.dylib")),
    ("hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz.dylib")),
)


@cache
def engine_versions() -> tuple[str, ...]:
    """Return the versions of everything that draws pages, makeready's own first.

    They are part of cache keys: another version may draw differently.
    """
    return (
        __version__,
        *map(version, _PACKAGES),
        *(_library_version(*library) for library in _SYSTEM_LIBRARIES),
    )


def _library_version(function: str, names: tuple[str, ...]) -> str:
    """Return the version of a shared library of the system; empty if it is not installed."""
    for name in names:
        with suppress(OSError, AttributeError):
            version_string = getattr(ctypes.CDLL(name), function)
            version_string.restype = ctypes.c_char_p
            return str(version_string().decode())
    return ""
