"""The shared libraries that the typesetting engine loads, probed without the engine."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from makeready.bootstrap.system_packages import Requirement, requirements
from makeready.errors import MissingToolError
from makeready.external.python_packages import install_packages_command
from makeready.external.tool import BUILD, ToolState, install_hint

_HOMEBREW = ("/opt/homebrew/lib", "/usr/local/lib")
_ENGINE_PACKAGES = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "tinyhtml5", "pyphen")
_MAJOR = 10_000


@dataclass(frozen=True, slots=True)
class _Probe:
    """The name of a function in a library, and what returns the library's version."""

    function: str
    version: Callable[[ctypes.CDLL], str]


def _text(function: str) -> Callable[[ctypes.CDLL], str]:
    """Return what calls a function that returns the version as a string."""

    def version(library: ctypes.CDLL) -> str:
        version_string = getattr(library, function)
        version_string.restype = ctypes.c_char_p
        return str(version_string().decode())

    return version


def _fontconfig_version(library: ctypes.CDLL) -> str:
    number = int(library.FcGetVersion())
    return f"{number // _MAJOR}.{number // 100 % 100}.{number % 100}"


def _glib_version(library: ctypes.CDLL) -> str:
    parts = ("glib_major_version", "glib_minor_version", "glib_micro_version")
    return ".".join(str(ctypes.c_uint.in_dll(library, part).value) for part in parts)


_PROBES = {
    "GObject": _Probe("g_object_unref", _glib_version),
    "Pango": _Probe("pango_version", _text("pango_version_string")),
    "Pango for FreeType": _Probe("pango_ft2_font_map_get_type", _text("pango_version_string")),
    "HarfBuzz": _Probe("hb_version_string", _text("hb_version_string")),
    "HarfBuzz Subset": _Probe("hb_subset_input_create_or_fail", _text("hb_version_string")),
    "Fontconfig": _Probe("FcGetVersion", _fontconfig_version),
}


class _FunctionInfo(ctypes.Structure):
    """The answer of ``dladdr``."""

    _fields_ = (
        ("file_name", ctypes.c_char_p),
        ("file_base", ctypes.c_void_p),
        ("symbol_name", ctypes.c_char_p),
        ("symbol_address", ctypes.c_void_p),
    )


def library_states() -> tuple[ToolState, ...]:
    """Return the state of each library that the engine loads."""
    return tuple(map(_state, requirements("engine")))


@cache
def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that decide how a page looks; empty if missing."""
    names = {"pango": "Pango", "harfbuzz": "HarfBuzz", "fontconfig": "Fontconfig"}
    libraries = {one.name: one for one in requirements("engine")}
    return {key: _state(libraries[name]).version for key, name in names.items()}


def require_engine() -> None:
    """Raise MissingToolError, with what to type, if the engine cannot be loaded here."""
    packages = [name for name in _ENGINE_PACKAGES if find_spec(name) is None]
    if packages:
        raise MissingToolError(
            f"Python packages are not installed: {', '.join(packages)}.",
            f"Install them: {install_packages_command(*packages)}",
        )
    missing = [one for one in requirements("engine") if isinstance(_loaded(one), str)]
    if not missing:
        return
    names = ", ".join(one.name for one in missing)
    raise MissingToolError(
        f"System libraries are not installed: {names}.",
        _not_found_by_loader(missing[0]) or f"Install them: {install_hint(*missing)}",
    )


def _loaded(requirement: Requirement) -> ctypes.CDLL | str:
    """Load a library; return the reason why that is not possible."""
    reason = ""
    for name in requirement.libraries:
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            reason = reason or str(error)
    return reason or "it is not installed"


def _state(requirement: Requirement) -> ToolState:
    probe = _PROBES[requirement.name]
    library = _loaded(requirement)
    if isinstance(library, str):
        return ToolState(
            requirement.name,
            requirement.purpose,
            BUILD,
            install=_not_found_by_loader(requirement) or install_hint(requirement),
            problem=library,
        )
    return ToolState(
        requirement.name,
        requirement.purpose,
        BUILD,
        _version(library, probe),
        _path(library, probe),
    )


def _version(library: ctypes.CDLL, probe: _Probe) -> str:
    try:
        return probe.version(library)
    except (AttributeError, ValueError):
        return "unknown"


def _path(library: ctypes.CDLL, probe: _Probe) -> str:
    """Return the file a library was loaded from, or else its name."""
    info = _FunctionInfo()
    try:
        function = ctypes.cast(getattr(library, probe.function), ctypes.c_void_p)
        if ctypes.CDLL(None).dladdr(function, ctypes.byref(info)) and info.file_name:
            return str(info.file_name.decode())
    except (AttributeError, ValueError):
        pass
    return library._name


def _not_found_by_loader(requirement: Requirement) -> str:
    """Return what to type where a library of Homebrew is not searched for; else nothing.

    A Python that is not Homebrew's does not search Homebrew's folder.
    """
    if sys.platform != "darwin":
        return ""
    for folder in _HOMEBREW:
        if any((Path(folder) / name).exists() for name in requirement.libraries):
            return f"export DYLD_FALLBACK_LIBRARY_PATH={folder}:/usr/lib"
    return ""
