"""The temporary files of child processes that may be killed at any time.

A killed process deletes nothing, and the engine keeps a copy of every font in a temporary folder.
So a child's temporary files go to a folder that its parent deletes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def new_temporary_folder() -> Path:
    """Return a new folder for the temporary files of a child; delete it when the child is gone."""
    return Path(tempfile.mkdtemp(prefix="makeready-"))


def use_temporary_folder(folder: Path) -> None:
    """Have this process and its children put their temporary files into ``folder``."""
    os.environ["TMPDIR"] = str(folder)
    # Python keeps the first folder that it has found.
    tempfile.tempdir = None


def delete_temporary_folder(folder: Path) -> None:
    """Delete a folder of temporary files, as far as it can be deleted."""
    shutil.rmtree(folder, ignore_errors=True)
