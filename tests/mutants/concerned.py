"""The tests that concern a module: those that import it or bear its name, and its room's."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


def concerned_tests(project: Path, module: str, *, room: bool = False) -> list[list[Path]]:
    """Return the tests that concern a module (``room/name``), those that see most of it first.

    The tests of its room that import it or bear its name, and those elsewhere that import it; all
    of its room where there are none, or last if ``room`` asks for them.
    """
    folder = project / "tests" / Path(module).parent
    while not folder.is_dir():
        folder = folder.parent
    in_room = [path for path in _tests(project) if folder in path.parents]
    if folder == project / "tests":
        in_room = []
    named = f"test_{module.rpartition('/')[2]}"
    dotted = "makeready." + module.replace("/", ".")
    own = [
        path
        for path in _tests(project)
        if path.stem == named or dotted in _imported(path, project / "tests")
    ]
    # The fewer modules a file tests, the sooner it sees a fault in one of them.
    own.sort(key=lambda path: (path.stem != named, len(_imported(path, project / "tests"))))
    groups = [
        [path for path in own if path in in_room],
        [path for path in own if path not in in_room],
    ]
    if room or not own:
        groups.append([path for path in in_room if path not in own])
    return [group for group in groups if group]


@cache
def _tests(project: Path) -> list[Path]:
    return sorted((project / "tests").rglob("test_*.py"))


@cache
def _support(tests: Path) -> dict[str, Path]:
    """Return the files that tests import from beside them, by their names."""
    return {path.stem: path for path in tests.rglob("*.py") if path.stem != "__init__"}


@cache
def _imported(path: Path, tests: Path) -> frozenset[str]:
    """Return what a file of tests imports, and what the files do that it imports from beside it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    # The fixtures of conftest are for all, and say nothing of what is tested.
    beside = {_support(tests).get(name) for name in names - {"conftest"}} - {None, path}
    return frozenset(names).union(*(_imported(file, tests) for file in beside if file))
