"""The rooms import one way only, and names and sizes say what the house asks of them."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "scripts" / "makeready"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    ("errors", "findings", "artefacts", "progress", "stopwatch", "changes", "cluster"),
    ("store", "processes"),
    ("foreman",),
    ("book",),
    ("manuscript",),
    ("printers",),
    ("stores",),
    ("faces",),
    ("layout",),
    ("pdf", "epub"),
    ("watchdog", "manifest", "starter"),
    ("workers",),
    ("order",),
    ("composing", "conformance"),
    ("run",),
    ("build",),
    ("preflight", "submission", "watch", "titles"),
    ("onix",),
    ("distribution",),
    ("console", "tables"),
    ("options", "lookups", "endings"),
    ("cli",),
    ("__main__",),
)
CHECKS_AND_TOOLS = {
    "checks": {"errors", "findings", "book", "printers", "stores", "tools"},
    "tools": {"errors", "findings"},
}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|processors?|handlers?)($|_)", re.IGNORECASE)
LONGEST_MODULE = 350


def allowed_imports():
    allowed = dict(CHECKS_AND_TOOLS)
    above = set()
    for level in ROOMS:
        for room in level:
            allowed[room] = set(above)
        above |= set(level)
    allowed["findings"] = allowed["cluster"] = {"errors"}
    reading_files = ("conformance", "run", "build", "preflight", "submission", "onix")
    for room in (*reading_files, "console", "cli"):
        allowed[room] |= set(CHECKS_AND_TOOLS)
    return allowed


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def rooms_imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            names = (
                [f"{module}.{a.name}" for a in node.names] if module == "makeready" else [module]
            )
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "makeready":
                yield rest.partition(".")[0]


def forbidden(room, source):
    allowed = allowed_imports()[room] | {room, "__version__"}
    return sorted(set(rooms_imported(ast.parse(source))) - allowed)


def names_defined(tree):
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(tree) if isinstance(node, kinds)]


def test_a_room_imports_only_what_stands_before_it():
    modules = [path for path in MODULES if path != PACKAGE / "__init__.py"]
    seen = {name_of(p): forbidden(room_of(p), p.read_text("utf-8")) for p in modules}
    assert {name: rooms for name, rooms in seen.items() if rooms} == {}


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("pdf", "from makeready.epub.package import pack"),
        ("epub", "import makeready.pagination.imposition"),
        ("book", "from makeready import layout"),
        ("findings", "from makeready.book.model import Book"),
        ("tools", "from makeready.book.model import Book"),
        ("checks", "from makeready.templates import trees"),
        ("layout", "def late():\n    from makeready.engine.fetcher import Fetcher"),
        ("build", "from makeready.cli.main import main"),
    ],
)
def test_the_rule_sees_an_import_the_wrong_way(room, line):
    assert len(forbidden(room, line)) == 1


def test_every_room_is_in_the_order():
    assert {room_of(path) for path in MODULES} - {"__init__"} <= set(allowed_imports())


def test_names_say_what_a_thing_is():
    words = [
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word)
        for path in MODULES
        for word in (path.stem, *names_defined(ast.parse(path.read_text("utf-8"))))
    ]
    assert [word for word in words if VAGUE.search(word)] == []


@pytest.mark.parametrize("name", ["utils", "FontManager", "text_helper", "_on_error_handler"])
def test_the_rule_sees_a_vague_name(name):
    assert VAGUE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name))


def test_a_module_is_short_enough_to_read():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_MODULE} == {}
