"""Where the programs are that e-books are opened with."""

from __future__ import annotations

import shutil

from conftest import ROOT

INSTALLED = ROOT / ".reading"


def chromium() -> str:
    """Return the path of Chromium; a test without it fails."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: run `make test`."
    return path
