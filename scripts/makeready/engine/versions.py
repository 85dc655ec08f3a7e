"""The versions of the engine and its libraries, found without importing them."""

from __future__ import annotations

from functools import cache

from makeready import __version__
from makeready.cache import library_version
from makeready.external.system_libraries import library_versions

_PACKAGES = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "pypdfium2", "pillow")


@cache
def engine_versions() -> tuple[str, ...]:
    """Return the versions of everything that draws pages, makeready's own first.

    They are part of cache keys: another version may draw differently.
    """
    return (__version__, *map(library_version, _PACKAGES), *library_versions().values())


def named_versions() -> dict[str, str]:
    """Return the versions that the bytes of a PDF depend on, by name."""
    return {
        "makeready": __version__,
        "weasyprint": library_version("weasyprint"),
        **library_versions(),
    }
