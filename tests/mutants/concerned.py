"""The tests that concern a module: those that import it or are named for it, and its room's."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


def concerned_tests(project: Path, module: str) -> list[list[Path]]:
    """Return the tests that concern a module (``room/name``), those that see most of it first.

    The tests of its room that import it or bear its name, those elsewhere that import it, and the
    others of its room; a group without any is left out.
    """
    room = project / "tests" / Path(module).parent
    while not room.is_dir():
        room = room.parent
    in_room = [path for path in _tests(project) if room in path.parents]
    if room == project / "tests":
        in_room = []
    named = f"test_{module.rpartition('/')[2]}"
    dotted = "makeready." + module.replace("/", ".")
    own = [
        p for p in _tests(project) if p.stem == named or dotted in _imported(p, project / "tests")
    ]
    groups = (
        [path for path in own if path in in_room],
        [path for path in own if path not in in_room],
        [path for path in in_room if path not in own],
    )
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
