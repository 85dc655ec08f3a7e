"""Programs that stand in for those that draw diagrams, alone on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="96pt" height="48pt" viewBox="0 0 96 48">'
    '<rect width="90" height="40" fill="white" stroke="black"/>'
    '<text x="4" y="20" font-family="Times,serif" font-size="10">seed</text></svg>'
)

_SCRIPT = """\
#!{python} -I
import os, sys
if {version_option!r} in sys.argv:
    print("{command} version 1")
    sys.exit()
source = sys.stdin.read()
with open({calls!r}, "a") as file:
    file.write(ascii((source, sorted(os.listdir()), sorted(os.environ))) + chr(10))
{body}
"""
DRAWING = f"print({SVG!r})"
WRONG_FROM = (
    "if 'wrong' in source:\n    sys.exit('Error: <stdin>: syntax error in line 2 near x')\n"
)


def install(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str = "dot",
    version_option: str = "-V",
    body: str = WRONG_FROM + DRAWING,
) -> Path:
    """Put a program on the path, alone; return the file with a line for each of its runs."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    calls = folder / "calls"
    program = programs / command
    program.write_text(
        _SCRIPT.format(
            python=sys.executable,
            command=command,
            version_option=version_option,
            calls=str(calls),
            body=body,
        )
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    return calls
