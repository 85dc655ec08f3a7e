"""Editors that a line is opened in: by an address of theirs, or by a command of the user's own."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from makeready.errors import UsageError
from makeready.findings import SourceLocation

ADDRESSES = {
    "vscode": ("Visual Studio Code", "vscode://file{path}:{line}"),
    "vscodium": ("VSCodium", "vscodium://file{path}:{line}"),
    "cursor": ("Cursor", "cursor://file{path}:{line}"),
    "zed": ("Zed", "zed://file{path}:{line}"),
    "idea": ("IntelliJ IDEA", "idea://open?file={path}&line={line}"),
    "textmate": ("TextMate", "txmt://open?url=file://{path}&line={line}"),
    "bbedit": ("BBEdit", "x-bbedit://open?url=file://{path}&line={line}"),
}
"""The title and the address of each editor that has one, by its name."""

COMMAND = "command"
"""Stands for the name of an editor that is opened by a command."""

_WSL = "WSL_DISTRO_NAME"


@dataclass(frozen=True, slots=True)
class Editor:
    """The editor that the user chose: a name of `ADDRESSES`, or a command as a list of words."""

    name: str
    command: tuple[str, ...] = ()


def editor_of(text: str) -> Editor:
    """Return the editor of that name, or of a command with ``{file}`` and ``{line}``.

    Raises UsageError for neither.
    """
    if not text:
        return Editor("vscode")
    if text in ADDRESSES:
        return Editor(text)
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        words = ()
    if not words or "{file}" not in text:
        names = ", ".join(ADDRESSES)
        raise UsageError(
            f"“{text}” is neither a known editor nor a command with {{file}}.",
            f"Known are {names}; a command is, for example: --editor 'gvim +{{line}} {{file}}'",
        )
    return Editor(COMMAND, words)


def address_patterns() -> dict[str, tuple[str, str]]:
    """Return the title and the pattern of the address of each editor, by its name."""
    patterns = dict(ADDRESSES)
    if distribution := os.environ.get(_WSL):
        # The editor is outside, on Windows.
        title, _ = patterns["vscode"]
        folder = f"vscode://vscode-remote/wsl+{quote(distribution)}"
        patterns["vscode"] = (title, folder + "{path}:{line}")
    return patterns


def run_command(editor: Editor, book: Path, location: SourceLocation) -> bool:
    """Start the user's command for a line; return whether it could be started.

    The command is the user's own, and no shell reads the name of the file.
    """
    path = book / location.path
    values = {"{file}": str(path), "{line}": str(location.line or 1)}
    words = []
    for word in editor.command:
        for name, value in values.items():
            word = word.replace(name, value)  # noqa: PLW2901
        words.append(word)
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    # The editor may stay open for long; its end is taken note of whenever it comes.
    threading.Thread(target=process.wait, daemon=True).start()
    return True
