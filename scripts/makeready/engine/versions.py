"""Which engine draws; it is not imported to find out."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from importlib.metadata import version

from makeready import __version__

_LIBRARIES = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "pypdfium2", "pillow")
# Under the names that Linux and macOS give them, with the function that tells the version.
_SYSTEM = (
    ("pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0.dylib")),
    ("hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz.dylib")),
)


@cache
def engine_versions() -> tuple[str, ...]:
    """Return the versions of all that draws: another version may draw otherwise."""
    return (
        __version__,
        *map(version, _LIBRARIES),
        *(_system_version(*library) for library in _SYSTEM),
    )


def _system_version(function: str, names: tuple[str, ...]) -> str:
    """Return the version of a shared library of the system; empty where there is none."""
    for name in names:
        with suppress(OSError, AttributeError):
            tell = getattr(ctypes.CDLL(name), function)
            tell.restype = ctypes.c_char_p
            return str(tell().decode())
    return ""
