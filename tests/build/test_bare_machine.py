"""A machine that lacks a library or a tool is told which, and what to type to get it."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from conftest import BOOKS, CACHE, Run, makeready
from makeready.__main__ import main as start
from makeready.bootstrap.system_packages import Requirement, requirement, requirements, systems
from makeready.external import machine, tool
from makeready.external.python_packages import package_states

# Hides libraries and modules from a process of its own, as if they were not installed.
HIDE = """\
import ctypes, importlib.abc, os, sys
libraries = os.environ["HIDDEN_LIBRARIES"].split()
modules = os.environ["HIDDEN_MODULES"].split()
real = ctypes.CDLL

class CDLL(real):
    def __init__(self, name, *arguments, **options):
        if name and any(str(name).startswith(hidden) for hidden in libraries):
            raise OSError(f"{name}: cannot open shared object file: No such file or directory")
        super().__init__(name, *arguments, **options)

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name in modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

ctypes.CDLL = CDLL
sys.meta_path.insert(0, Finder())
"""


@pytest.fixture
def bare(tmp_path: Path) -> Callable[..., Run]:
    """Run the command on a machine without the libraries, modules and programs named."""
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(HIDE, "utf-8")
    (tmp_path / "bin").mkdir()

    def run(*arguments: str | Path, libraries: str = "", modules: str = "", path: str = "") -> Run:
        return makeready(
            *arguments,
            cwd=tmp_path,
            PYTHONPATH=str(tmp_path / "hide"),
            HIDDEN_LIBRARIES=libraries,
            HIDDEN_MODULES=modules,
            PATH=path or str(tmp_path / "bin"),
        )

    return run


@pytest.mark.parametrize("command", ["build", "watch", "cover"])
@pytest.mark.parametrize("library", requirements("engine"), ids=lambda one: one.name)
def test_a_missing_library_is_named_with_the_line_to_type(
    command: str, library: Requirement, bare: Callable[..., Run], tmp_path: Path
) -> None:
    run = bare(command, "--book", BOOKS / "leaflet", libraries=" ".join(library.libraries))
    assert run.code == 3
    assert run.err.splitlines() == [
        f"makeready: System libraries are not installed: {library.name}.",
        f"  hint: Install them: {tool.install_hint(library)}",
    ]
    assert run.out == ""
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("module", ["weasyprint", "jinja2", "click"])
def test_a_missing_package_is_named(module: str, bare: Callable[..., Run]) -> None:
    run = bare("build", "--book", BOOKS / "leaflet", modules=module)
    assert run.code == 3
    assert module in run.err.splitlines()[0]
    assert run.err.splitlines()[1].startswith("  hint: ")
    assert "Traceback" not in run.err
    assert "bug" not in run.err


def test_check_without_java_runs_everything_else(
    bare: Callable[..., Run], broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    toml = (book / "book.toml").read_text("utf-8").split("[editions")[0]
    ebooks = '[editions.a]\nkind = "epub"\n[editions.b]\nkind = "epub"\n'
    (book / "book.toml").write_text(toml + ebooks, "utf-8")
    here = ("--book", book, "--output", tmp_path / "out")
    built = makeready("build", "--no-page-list", *here, "--cache", CACHE)
    assert built.code == 0, built.err
    run = bare("check", *here, "--store", "kindle", "--json")
    assert (run.code, run.findings) == (0, [("EPU-013", None, None)])
    assert tool.install_hint(requirement("Java")) in run.out
    assert any(finding["id"].startswith("STO") for finding in json.loads(run.out)["findings"])
    assert bare("check", *here, "--strict").code == 1
    ebook = tmp_path / "out" / "leaflet-a.epub"
    assert bare("check", ebook, "--json").findings == [("EPU-013", None, None)]
    # An upload folder is not made of an e-book that was not validated.
    run = bare("kit", "--store", "kobo", *here)
    assert run.code == 3
    assert run.err.splitlines()[-2] == (
        "makeready: Java, which runs EPUBCheck, is not installed; "
        "a kit has only e-books that EPUBCheck has read."
    )


def test_doctor_on_a_whole_machine() -> None:
    run = makeready("doctor")
    assert run.code == 0, run.out
    lines = run.out.splitlines()
    assert lines[-1] == "Builds work."
    for name in ("Python", "Pango", "HarfBuzz", "Fontconfig", "Java", "EPUBCheck", "Ghostscript"):
        line = next(line for line in lines if line.startswith(f"  {name} "))
        assert re.fullmatch(r"  [\w ]+?  +[\d.]+  +\S.*  +/\S+", line), line
    assert "MISSING" not in run.out


def test_doctor_on_a_bare_machine(bare: Callable[..., Run]) -> None:
    run = bare("doctor", libraries="libpango-1.0 libfontconfig")
    assert run.code == 3
    lines = run.out.splitlines()
    wanted = [requirement(name) for name in ("Java", "Ghostscript", "Pango", "Fontconfig")]
    assert lines[-4:] == [
        "`makeready check` cannot check everything without: Java, Ghostscript.",
        f"  To install all of them: {tool.install_hint(*wanted[:2])}",
        "Builds do not work without: Pango, Fontconfig.",
        f"  To install all of them: {tool.install_hint(*wanted[2:])}",
    ]
    missing = [line.split("MISSING")[0].strip() for line in lines if " MISSING " in line]
    assert missing == ["Pango", "Fontconfig", "Java", "Ghostscript"]
    assert sum(line.startswith("    to install it: ") for line in lines) == 4
    assert [line.split()[0] for line in lines if " not installed " in line] == [
        *("veraPDF", "Graphviz", "Mermaid", "D2", "PlantUML", "pandoc")
    ]


def test_doctor_without_the_tools_of_check_says_that_builds_work(bare: Callable[..., Run]) -> None:
    run = bare("doctor", "--json")
    assert run.code == 0
    data = json.loads(run.out)
    assert data["builds_work"] is True
    missing = {one["name"]: one["install"] for one in data["tools"] if one["missing"]}
    assert missing == {
        "Java": tool.install_hint(requirement("Java")),
        "Ghostscript": tool.install_hint(requirement("Ghostscript")),
    }
    diagrams = {one["name"]: one["install"] for one in data["diagrams"] if one["missing"]}
    assert list(diagrams) == ["Graphviz", "Mermaid", "D2", "PlantUML"]
    assert diagrams["Graphviz"] == tool.install_hint(requirement("Graphviz"))
    python = data["tools"][0]
    assert (python["name"], python["path"]) == ("Python", sys.executable)


def test_every_package_is_said_to_be_for_something() -> None:
    states = {state.name: state for state in package_states()}
    assert [name for name, state in states.items() if not state.purpose] == []
    declared = {re.split(r"[^\w-]", one)[0] for one in metadata.requires("makeready") or ()}
    assert {
        name for name, state in states.items() if not state.purpose or state.is_missing
    } == set()
    assert len(states) >= len(declared) - 3


@pytest.mark.parametrize(
    ("os_release", "program", "expected"),
    [
        ("ID=fedora\n", "", "sudo dnf install ghostscript"),
        ('ID=pop\nID_LIKE="ubuntu debian"\n', "", "sudo apt-get update && sudo apt-get install"),
        ("ID=arch\n", "", "sudo pacman -S ghostscript"),
        ("ID=debian\n", "dnf", "sudo dnf install ghostscript"),
        ("ID=strange\n", "", "on macOS with Homebrew: brew install ghostscript"),
        (None, "", "on Arch Linux: sudo pacman -S ghostscript"),
    ],
)
def test_the_line_to_type_is_that_of_the_system(
    os_release: str | None,
    program: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if os_release is not None:
        (tmp_path / "os-release").write_text(os_release, "utf-8")
    if program:
        (tmp_path / program).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setattr(tool, "_OS_RELEASE", tmp_path / "os-release")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert expected in tool.install_hint(requirement("Ghostscript"))


def test_doctor_says_what_to_type_on_every_system() -> None:
    run = makeready("doctor", "--system", "all", "--json")
    assert run.code == 0
    shown = json.loads(run.out)["systems"]
    assert list(shown) == ["debian", "fedora", "arch", "macos", "windows"]
    programs = {
        "debian": ("apt-get install", "libpango-1.0-0", "default-jre-headless"),
        "fedora": ("dnf install", "pango", "java-latest-openjdk-headless"),
        "arch": ("pacman -S", "pango", "jre-openjdk-headless"),
        "macos": ("brew install", "pango", "temurin"),
        "windows": ("apt-get install", "libpango-1.0-0", "default-jre-headless"),
    }
    for system, (command, library, java) in programs.items():
        install, makeready_itself = shown[system]["needed"]
        assert makeready_itself == "pipx install makeready"
        assert command in install
        assert {library, "pipx"} <= {*install.replace("python-", "").split()}
        assert {java, "ghostscript", "graphviz"} <= {*shown[system]["optional"].split()}
        told = shown[system]["optional"] + " ".join(shown[system]["elsewhere"])
        for tool_name in ("verapdf", "mermaid", "d2", "plantuml", "pandoc"):
            assert tool_name in told.lower(), system
    assert shown["windows"]["first"] == ["wsl --install"]
    assert [shown[system]["first"] for system in programs if system != "windows"] == [[]] * 4


@pytest.mark.parametrize("system", ["debian", "macos", "windows"])
def test_doctor_shows_one_system_by_name(system: str) -> None:
    lines = makeready("doctor", "--system", system).out.splitlines()
    assert sum(not line.startswith(" ") for line in lines) == 1
    assert "    pipx install makeready" in lines
    assert ("    wsl --install" in lines) == (system == "windows")


@pytest.mark.parametrize(
    "one", requirements("engine", "check", "diagrams", "import"), ids=lambda one: one.name
)
def test_every_requirement_has_a_package_or_another_way_everywhere(one: Requirement) -> None:
    assert one.elsewhere or set(one.packages) == set(systems())
    assert one.libraries or one.programs
    assert one.purpose


def test_windows_itself_is_told_of_its_linux(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit, match="3"):
        start()
    assert "wsl --install" in capsys.readouterr().err


def test_linux_in_windows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "release", lambda: "5.15.90.1-microsoft-standard-WSL2")
    assert machine._system().endswith(" in Windows (WSL)")
