"""The Dockerfile and the GitHub Action: what they name exists, and their shell steps run."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from makeready.bootstrap.system_packages import requirements

BASH = shutil.which("bash") or "bash"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
STUB = '#!/bin/sh\nfor word in "$0" "$@"; do printf "%s\\n" "$word"; done >> "$LOG"\n'


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with their arguments."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        (name, rest)
        for name, _, rest in (line.partition(" ") for line in whole.splitlines())
        if name
    ]


def stages() -> dict[str, list[tuple[str, str]]]:
    """Return the instructions of each stage by its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, rest in instructions():
        if name == "FROM":
            found[rest.split(" AS ")[1]] = []
        list(found.values())[-1].append((name, rest))
    return found


def apt_packages(shell: str) -> set[str]:
    """Return the packages that a shell step installs with apt-get."""
    installs = re.findall(r"apt-get install ([^&]*)", shell)
    return {word for each in installs for word in each.split() if not word.startswith("-")}


def parses(shell: str) -> bool:
    return subprocess.run([BASH, "-n"], input=shell, text=True, check=False).returncode == 0


def test_the_last_stage_of_the_image_is_small_and_not_root() -> None:
    *_, last = stages()
    assert last == "makeready"
    assert ("USER", "1000") in stages()["makeready"]
    assert ("USER", "1000") in stages()["checks"]
    made_of = [rest for _, rest in (*stages()["base"], *stages()["makeready"])]
    assert not any("default-jre" in rest or "pip" in rest for rest in made_of)
    assert json.loads(dict(stages()["base"])["ENTRYPOINT"]) == ["makeready"]


def test_the_image_installs_what_makeready_needs() -> None:
    installed = {
        name: set().union(*(apt_packages(rest) for kind, rest in steps if kind == "RUN"))
        for name, steps in stages().items()
    }
    known = {one.packages.get("apt") for one in requirements("engine", "check")}
    assert installed["base"] - {"python3"} <= known
    assert {"libpangoft2-1.0-0", "libharfbuzz-subset0"} <= installed["base"]
    assert installed["checks"] == {"default-jre-headless", "ghostscript"}
    for kind, rest in instructions():
        assert kind != "ADD"
        assert kind != "RUN" or parses(rest), rest


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        source
        for kind, rest in instructions()
        if kind == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)
    assert "*" in lines
    assert any(fnmatch.fnmatch("scripts/__pycache__", line) for line in lines[2:])


def test_the_packages_are_locked_with_what_builds_the_wheel() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert re.search(r"^hatchling==", lock, re.MULTILINE)


def test_each_input_of_the_action_is_used_and_described() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])
    assert all(one["description"].strip() for one in ACTION["inputs"].values())
    manual = (ROOT / "docs" / "manual" / "machines.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", manual, re.MULTILINE)) == used


@pytest.mark.parametrize(
    "step", [step for step in STEPS.values() if "run" in step], ids=lambda step: step["name"]
)
def test_no_value_of_a_user_is_part_of_a_script(step: dict[str, Any]) -> None:
    assert step["shell"] == "bash"
    assert not EXPRESSION.search(step["run"])
    assert parses(step["run"])


def test_actions_of_others_have_a_version() -> None:
    for step in STEPS.values():
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])


def run_step(name: str, folder: Path, **values: str) -> list[str]:
    """Run a shell step with stubs in place of programs; return what they were called with."""
    stubs = folder / "stubs"
    stubs.mkdir()
    for program in ("makeready", "sudo"):
        (stubs / program).write_text(STUB, "utf-8")
        (stubs / program).chmod(0o755)
    log = folder / "calls.log"
    environment = {"PATH": f"{stubs}:{os.environ['PATH']}", "LOG": str(log)}
    script = STEPS[name]["run"]
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        env={**environment, **values},
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    words = log.read_text("utf-8").splitlines() if log.exists() else []
    return [word.removeprefix(f"{stubs}/") for word in words]


def test_the_book_is_made_with_the_inputs_as_they_are(tmp_path: Path) -> None:
    values = {"BOOK": "my book; $(touch x)", "OUTPUT": "out", "STRICT": "false"}
    called = run_step("Make the book", tmp_path, EDITIONS="paperback  ebook", **values)
    book = ["--book", "my book; $(touch x)", "--output", "out"]
    assert called == ["makeready", "build", *book, "paperback", "ebook"]
    assert not (tmp_path / "x").exists()


def test_warnings_fail_the_run_if_it_is_strict(tmp_path: Path) -> None:
    values = {"BOOK": ".", "OUTPUT": "dist", "STRICT": "true", "EDITIONS": ""}
    called = run_step("Make the book", tmp_path, **values)
    assert called == ["makeready", "build", "--book", ".", "--output", "dist", "--strict"]


def test_the_finished_files_are_checked(tmp_path: Path) -> None:
    values = {"BOOK": ".", "OUTPUT": "dist", "STRICT": "true"}
    called = run_step("Check the finished files", tmp_path, **values)
    assert called == ["makeready", "check", "--book", ".", "--output", "dist", "--strict"]


@pytest.mark.parametrize("check", ["true", "false"])
def test_java_is_installed_for_checks_only(check: str, tmp_path: Path) -> None:
    called = run_step("Install the libraries of the system", tmp_path, CHECK=check)
    assert {"apt-get", "libpangoft2-1.0-0", "libharfbuzz-subset0"} <= set(called)
    assert ("default-jre-headless" in called) == (check == "true")


def test_the_cache_is_that_of_the_locked_packages(tmp_path: Path) -> None:
    output = tmp_path / "output"
    run_step(
        "Find the version of makeready",
        tmp_path,
        GITHUB_ACTION_PATH=str(ROOT),
        GITHUB_OUTPUT=str(output),
    )
    assert re.fullmatch(r"lock=[0-9a-f]{16}\n", output.read_text("utf-8"))


def test_the_workflow_in_the_manual_gives_inputs_that_there_are() -> None:
    manual = (ROOT / "docs" / "manual" / "machines.md").read_text("utf-8")
    workflow = yaml.safe_load(manual.split("```yaml\n")[1].split("```")[0])
    steps = workflow["jobs"]["book"]["steps"]
    own = next(step for step in steps if "/makeready@" in step["uses"])
    assert set(own["with"]) <= set(ACTION["inputs"])
    assert all(isinstance(value, str) for value in own["with"].values())
