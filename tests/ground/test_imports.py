"""The rooms import one way only, and names and sizes say what the house asks of them."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "scripts" / "makeready"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    ("errors", "findings", "artefacts"),
    ("book",),
    ("manuscript",),
    ("printers",),
    ("faces",),
    ("layout",),
    ("pdf", "epub"),
    ("build",),
    ("cli",),
)
CHECKS_AND_TOOLS = {
    "checks": {"errors", "findings", "book", "printers", "tools"},
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
    allowed["findings"] = {"errors"}
    allowed["build"] |= {"checks", "tools"}
    allowed["cli"] |= {"checks", "tools"}
    return allowed


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


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


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p != PACKAGE / "__init__.py"], ids=lambda p: p.stem
)
def test_a_room_imports_only_what_stands_before_it(path):
    assert forbidden(room_of(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("pdf", "from makeready.epub.package import pack"),
        ("epub", "import makeready.pdf.assemble"),
        ("book", "from makeready import layout"),
        ("findings", "from makeready.book.model import Book"),
        ("tools", "from makeready.book.model import Book"),
        ("checks", "from makeready.layout import trees"),
        ("layout", "def late():\n    from makeready.pdf.fetch import Fetcher"),
        ("build", "from makeready.cli import main"),
    ],
)
def test_the_rule_sees_an_import_the_wrong_way(room, line):
    assert len(forbidden(room, line)) == 1


def test_every_room_is_in_the_order():
    assert {room_of(path) for path in MODULES} - {"__init__", "__main__"} <= set(allowed_imports())


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_names_say_what_a_thing_is(path):
    words = [path.stem, *names_defined(ast.parse(path.read_text("utf-8")))]
    spaced = [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word) for word in words]
    assert [word for word in spaced if VAGUE.search(word)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_a_module_is_short_enough_to_read(path):
    assert len(path.read_text("utf-8").splitlines()) < LONGEST_MODULE
