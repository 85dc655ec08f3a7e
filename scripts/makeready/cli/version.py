"""The option ``--version``: the versions of makeready and of everything that makes the files."""

from __future__ import annotations

import platform
from importlib import metadata

import click

from makeready import __version__
from makeready.external.system_libraries import library_versions

_PACKAGES = ("WeasyPrint", "EbookLib", "pikepdf", "pydyf")
_LIBRARIES = {"pango": "Pango", "harfbuzz": "HarfBuzz", "fontconfig": "Fontconfig"}


def show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    """Print the versions, one a line with its name before it, and end the command."""
    if value and not context.resilient_parsing:
        click.echo("\n".join(f"{name} {version}" for name, version in versions().items()))
        context.exit()


def versions() -> dict[str, str]:
    """Return the versions of makeready, its engines, their libraries and Python, by name."""
    libraries = library_versions()
    return {
        "makeready": __version__,
        **{name: _package_version(name) for name in _PACKAGES},
        **{name: libraries[key] or "not installed" for key, name in _LIBRARIES.items()},
        "Python": platform.python_version(),
    }


def _package_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
