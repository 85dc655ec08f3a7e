"""The wheel, installed alone, builds a book with no repository beside it."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from conftest import CACHE, ROOT

PACKAGE = ROOT / "scripts" / "makeready"
Installed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("distributions")
    hatch = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run([*hatch, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    source = next(path for path in folder.iterdir() if path.is_dir())
    subprocess.run([*hatch, "-t", "wheel"], cwd=source, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    """The wheel."""
    return next(distributions.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Run the command of a new environment that has the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("home")
    environment = home / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    offline = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", wheel]
    subprocess.run([*pip, *offline], check=True)
    # The packages it depends on are those of this environment, without its own makeready: the
    # file that leads to the repository is read only in a folder of packages, not on a path.
    own = next(environment.glob("lib/python*/site-packages"))
    (own / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")

    where = [python, "-I", "-c", "import makeready; print(makeready.__file__)"]
    assert str(own) in subprocess.run(where, check=True, capture_output=True, text=True).stdout

    def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [environment / "bin" / "makeready", *arguments],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


def test_the_wheel_has_everything_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder, name in ((PACKAGE, "makeready"), (ROOT / "styles", "makeready/styles")):
        files = (path for path in folder.rglob("*") if path.is_file())
        expected = {
            f"{name}/{path.relative_to(folder).as_posix()}"
            for path in files
            if "__pycache__" not in path.parts
        }
        assert expected - names == set()
        assert len(expected) > 20
    others = {name.split("/")[0] for name in names}
    assert {name.partition("-")[0] for name in others} == {"makeready"}


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith("/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    for key in ("Summary", "Author", "Maintainer", "Keywords", "License-File"):
        assert metadata[key], key
    assert metadata["License-Expression"] == "AGPL-3.0-or-later"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert metadata.get_all("Classifier") == sorted(project["classifiers"])
    required = [one for one in metadata.get_all("Requires-Dist") if "extra ==" not in one]
    assert len(required) == len(project["dependencies"])


def test_the_source_distribution_has_what_the_repository_builds_with(distributions: Path) -> None:
    source = next(path for path in distributions.iterdir() if path.is_dir())
    for name in ("Makefile", "README.md", "CHANGELOG.md", "requirements.lock", "tests/conftest.py"):
        assert (source / name).is_file(), name
    assert not list(source.rglob("*.pyc"))


@pytest.mark.slow
def test_the_installed_command_makes_a_book_in_an_empty_folder(
    installed: Installed, tmp_path: Path
) -> None:
    shown = installed("--version", cwd=tmp_path).stdout.splitlines()
    assert shown[0] == f"makeready {_version()}"
    made = installed("init", "new", "--title", "Found", "--author", "Ann Lee", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    what = ("--kind", "print", "--kind", "epub", "--no-page-list")
    here = ("--book", "new", "--output", "out", "--cache", CACHE)
    run = installed("build", *what, *here, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert {"found.epub", "found-paperback.pdf", "found-paperback-cover.pdf"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    with PdfDocument(tmp_path / "out" / "found-paperback.pdf") as pdf:
        assert "Found" in pdf[0].get_textpage().get_text_bounded()


def test_the_installed_command_uses_the_installed_package(
    installed: Installed, tmp_path: Path
) -> None:
    found = installed("doctor", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert '"builds_work": true' in found.stdout
    explained = installed("explain", "LAY-003", cwd=tmp_path)
    assert explained.returncode == 0
    assert installed("printers", "kdp", cwd=tmp_path).returncode == 0
    assert installed("stores", "kindle", cwd=tmp_path).returncode == 0


def _version() -> str:
    text = (PACKAGE / "__init__.py").read_text("utf-8")
    return text.split('__version__ = "')[1].split('"')[0]
