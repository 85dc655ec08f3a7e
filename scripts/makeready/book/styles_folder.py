"""The folder of the built-in styles."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from makeready.errors import UsageError

STYLES = "styles"
"""The name of the folder of styles, of a book's own too."""


@cache
def built_in_styles() -> Path:
    """Return the folder of the built-in styles: beside the sources, or in the package."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / STYLES, package.parents[1] / STYLES):
        if (candidate / "layouts").is_dir():
            return candidate
    raise UsageError("The built-in styles are missing.", "Install makeready again.")
