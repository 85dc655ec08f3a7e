"""Rooms import one way, modules in no circle, and only ``engine`` touches WeasyPrint."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "scripts" / "makeready"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "files",
    "deletion",
    "user_cache",
    "bootstrap",
    "errors",
    "wording",
    "findings",
    "cache",
    "external",
    "pdf_content",
    "workers",
    "book",
    "printers",
    "stores",
    "fonts",
    "images",
    "citations",
    "manuscript",
    "importing",
    "templates",
    "pdf",
    "engine",
    "pagination",
    "cover",
    "epub",
    "checks",
    "typography",
    "proofs",
    "comparison",
    "build",
    "onix",
    "distribution",
    "site",
    "preview",
    "cli",
    "__main__",
)
"""From the bottom up: a room imports only rooms before it."""

SHORT_OF = {
    "epub": {"pdf_content", "pdf", "engine", "pagination", "cover"},
    "checks": set(ROOMS)
    - {"errors", "wording", "findings", "cache", "external"}
    - {"pdf_content", "book", "printers", "stores"},
    # It measures the files of any program.
    "typography": set(ROOMS) - {"errors", "wording", "pdf_content", "book"},
}
"""Rooms before a room that it does not import all the same."""

STANDALONE = "bootstrap"
READS_STANDALONE = "external"
"""The only room that imports what runs before the environment exists."""
ENGINES = ("weasyprint", "pydyf")
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|processors?|handlers?)($|_)", re.IGNORECASE)


def allowed_imports(room: str) -> set[str]:
    allowed = set(ROOMS[: ROOMS.index(room)]) - SHORT_OF.get(room, set())
    return allowed if room == READS_STANDALONE else allowed - {STANDALONE}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported(source: str) -> Iterator[str]:
    """Yield the dotted names a module imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(source: str) -> set[str]:
    parts = (name.split(".") for name in imported(source))
    return {part[1] for part in parts if part[0] == "makeready"} - {"__version__"}


def forbidden(room: str, source: str) -> list[str]:
    return sorted(rooms_imported(source) - allowed_imports(room) - {room})


def names_defined(source: str) -> list[str]:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


def module_of(name: str) -> Path | None:
    """Return the module that a dotted name is, or is in."""
    parts = name.split(".")[1:]
    for length in (len(parts), len(parts) - 1):
        path = PACKAGE.joinpath(*parts[:length])
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if length and file.is_file():
                return file
    return None


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the circles that a graph of imports has, each as the path around it."""
    found: list[list[str]] = []
    finished: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            found.append([*path[path.index(name) :], name])
        elif name not in finished:
            for other in sorted(graph.get(name, ())):
                visit(other, [*path, name])
            finished.add(name)

    for name in sorted(graph):
        visit(name, [])
    return found


def import_graph() -> dict[str, set[str]]:
    graph = {}
    for path in MODULES:
        names = (n for n in imported(path.read_text("utf-8")) if n.startswith("makeready."))
        modules = {module for name in names if (module := module_of(name)) is not None}
        graph[name_of(path)] = {name_of(module) for module in modules - {path}}
    return graph


def test_a_room_imports_only_what_stands_before_it() -> None:
    modules = [path for path in MODULES if path != PACKAGE / "__init__.py"]
    seen = {name_of(p): forbidden(room_of(p), p.read_text("utf-8")) for p in modules}
    assert {name: rooms for name, rooms in seen.items() if rooms} == {}


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("pdf", "from makeready.epub.package import pack"),
        ("epub", "import makeready.pdf.linker"),
        ("book", "from makeready import templates"),
        ("findings", "from makeready.book.model import Book"),
        ("external", "from makeready.book.model import Book"),
        ("checks", "from makeready.templates import trees"),
        ("templates", "def late():\n    from makeready.engine.fetcher import Fetcher"),
        ("build", "from makeready.cli import main"),
        ("bootstrap", "from makeready import errors"),
        ("errors", "from makeready.bootstrap import system_packages"),
        ("build", "from makeready.bootstrap import system_packages"),
    ],
)
def test_the_rule_sees_an_import_the_wrong_way(room: str, line: str) -> None:
    assert len(forbidden(room, line)) == 1


def test_every_room_is_in_the_order() -> None:
    assert {room_of(path) for path in MODULES} - {"__init__"} == {*ROOMS}


def test_modules_import_in_no_circle() -> None:
    assert circles(import_graph()) == []


def test_the_rule_sees_a_circle() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c", "b"]]


def test_only_the_engine_room_touches_the_engine() -> None:
    touching = {
        name_of(path)
        for path in MODULES
        if any(name.split(".")[0] in ENGINES for name in imported(path.read_text("utf-8")))
    }
    assert {name.split("/")[0] for name in touching} == {"engine"}


def test_names_say_what_a_thing_is() -> None:
    words = [
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word)
        for path in MODULES
        for word in (path.stem, *names_defined(path.read_text("utf-8")))
    ]
    assert [word for word in words if VAGUE.search(word)] == []


@pytest.mark.parametrize("name", ["utils", "FontManager", "text_helper", "_on_error_handler"])
def test_the_rule_sees_a_vague_name(name: str) -> None:
    assert VAGUE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name))


@pytest.mark.parametrize(
    ("module", "rooms"),
    [
        ("cli.main", ("checks", "engine.typesetter", "manuscript.markdown", "epub", "onix")),
        ("build.run", ("checks", "engine.typesetter", "epub", "onix", "distribution")),
    ],
)
def test_a_command_starts_without_what_only_others_need(
    module: str, rooms: tuple[str, ...]
) -> None:
    listed = f"import sys, makeready.{module}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "makeready.errors" in loaded
    assert [n for n in loaded if n.startswith(tuple(f"makeready.{r}" for r in rooms))] == []
