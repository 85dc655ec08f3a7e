"""Java, which runs EPUBCheck."""

from __future__ import annotations

import re
import shutil
from functools import cache

from makeready.bootstrap.system_packages import requirement
from makeready.errors import MissingToolError
from makeready.external.tool import CHECK, ToolState, install_hint, output_of

_VERSION = re.compile(r'version "([^"]+)"')


@cache
def java_path() -> str:
    """Return the path of a Java that runs; raise MissingToolError if there is none."""
    state = java_state()
    if state.is_missing:
        raise MissingToolError(
            "Java, which runs EPUBCheck, is not installed.", f"Install it: {state.install}"
        )
    return state.path


def java_state() -> ToolState:
    """Return the state of Java on this machine."""
    java, path = requirement("Java"), shutil.which("java")
    # macOS has a command of that name even without Java: that shows when it is run.
    output = output_of(path, "-version") if path else None
    if path is None or output is None:
        problem = f"{path} does not run" if path else ""
        install = install_hint(java)
        return ToolState(java.name, java.purpose, CHECK, install=install, problem=problem)
    version = _VERSION.search(output)
    return ToolState(java.name, java.purpose, CHECK, version[1] if version else "unknown", path)
