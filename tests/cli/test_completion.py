"""Shells complete commands, editions, printers, stores and the ids of findings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import on_terminal

from conftest import BOOKS, ROOT, makeready
from makeready.cli.completed_names import edition_names
from makeready.cli.main import makeready as command_line
from makeready.findings import rules_by_id

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def script() -> str:
    """The script for bash."""
    run = makeready("completion", "bash")
    assert run.code == 0
    return run.out


@pytest.fixture
def completed(script: str) -> Callable[..., list[str]]:
    """Return what bash offers for the last word of a line, in a folder."""

    def complete(*words: str, cwd: Path = ROOT) -> list[str]:
        line = " ".join(f"'{word}'" for word in ("makeready", *words))
        typed = f"COMP_WORDS=({line}); COMP_CWORD={len(words)}"
        command = f'{script}\n{typed}\n_makeready_completion makeready\necho "${{COMPREPLY[*]}}"'
        done = subprocess.run(
            [shutil.which("bash") or "bash", "--norc", "-c", command],
            cwd=cwd,
            env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    return complete


def test_commands_and_options_are_completed(completed: Callable[..., list[str]]) -> None:
    assert completed("pri") == ["printers"]
    assert completed("build", "--no-p") == ["--no-page-list"]


def test_editions_are_those_of_the_book(completed: Callable[..., list[str]]) -> None:
    assert completed("build", "", cwd=BOOKS / "leaflet") == ["ebook", "paperback"]
    assert completed("build", "ebook", "", cwd=BOOKS / "leaflet") == ["paperback"]
    garden = str(BOOKS / "garden")
    assert completed("build", "--book", garden, "s") == ["screen"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("printers", "k"), ["kdp"]),
        (("check", "--printer", "lu"), ["lulu"]),
        (("check", "--printer", "kdp", "--paper", "c"), ["cream"]),
        (("stores", "kin"), ["kindle"]),
        (("kit", "--store", "dr"), ["draft2digital"]),
        (("init", "--language", "en-"), ["en-GB", "en-US"]),
        (("init", "--trim", "6"), ["6x9in"]),
        (("explain", "lay-00"), [name for name in rules_by_id() if name.startswith("LAY-00")]),
    ],
    ids=" ".join,
)
def test_names_are_completed(
    words: tuple[str, ...], expected: list[str], completed: Callable[..., list[str]]
) -> None:
    assert expected
    assert sorted(completed(*words)) == sorted(expected)


def test_every_argument_that_names_editions_is_completed() -> None:
    arguments = [
        (command.name, parameter)
        for command in command_line.commands.values()
        for parameter in command.params
        if parameter.name == "editions"
    ]
    assert len(arguments) >= 5
    for name, parameter in arguments:
        assert parameter._custom_shell_complete is edition_names, name


@pytest.mark.parametrize("toml", ['[editions."a\\u001b[2J"]\nkind="epub"', "editions = 3"])
def test_a_book_of_a_stranger_does_no_harm(
    toml: str, completed: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "book.toml").write_text(toml, "utf-8")
    assert completed("build", "", cwd=tmp_path) == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_scripts_of_their_own(shell: str) -> None:
    run = makeready("completion", shell)
    assert run.code == 0
    assert f"_MAKEREADY_COMPLETE={shell}_complete" in run.out
    assert makeready("completion", "csh").code == 2


def test_a_terminal_is_shown_what_to_type() -> None:
    shown = on_terminal("completion", "zsh")
    assert """echo 'eval "$(makeready completion zsh)"' >> ~/.zshrc""" in shown.text
