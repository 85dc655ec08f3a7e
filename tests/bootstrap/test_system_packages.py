"""What the machine lacks is installed where that can be done, or named with the exact command."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from makeready.bootstrap import system_packages

SCRIPT = Path(system_packages.__file__)

# Stands in for apt-get: notes what it is asked, and "installs" commands that do nothing.
APT_GET = """\
#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "$LOG"
case "$*" in *install*) ;; *) exit ;; esac
for name in $PROVIDES; do
  printf '#!/bin/sh\\n' > "$BIN/$name"
  chmod +x "$BIN/$name"
done
"""
PROGRAMS = ("java", "pdfinfo", "pdffonts", "qpdf", "gs", "node", "npm", "chromium")


class Machine:
    """A machine that has only the commands put on its path, and the libraries it is given."""

    def __init__(self, folder, monkeypatch):
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.log = folder / "apt.log"
        self.monkeypatch = monkeypatch
        self.lost = set()
        self.has_files = True
        monkeypatch.setenv("PATH", f"{self.bin}:/bin")
        monkeypatch.setattr(system_packages.shutil, "which", self.which)
        monkeypatch.setenv("BIN", str(self.bin))
        monkeypatch.setenv("LOG", str(self.log))
        monkeypatch.setenv("PROVIDES", "")
        monkeypatch.setattr(system_packages, "_loads", lambda name: name not in self.lost)
        monkeypatch.setattr(system_packages, "_exists", lambda _: self.has_files)
        self.user(1000)
        for name in PROGRAMS:
            self.put(name)

    def which(self, name):
        path = self.bin / name
        return str(path) if path.exists() else None

    def user(self, number):
        self.monkeypatch.setattr(os, "geteuid", lambda: number)

    def put(self, name, text="#!/bin/sh\n"):
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def lose(self, *names):
        for name in names:
            (self.bin / name).unlink()

    def lose_library(self, *stems):
        needs = [
            one
            for one in system_packages.requirements("engine")
            if any(one.libraries[0].startswith(stem) for stem in stems)
        ]
        assert len(needs) == len(stems)
        self.lost.update(name for need in needs for name in need.libraries)

    def asked_of_apt(self):
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("purpose", ["build", "test"])
def test_nothing_is_said_or_done_when_nothing_is_missing(machine, capsys, purpose):
    machine.put("apt-get", APT_GET)
    machine.user(0)
    assert system_packages.main([purpose]) == 0
    assert capsys.readouterr() == ("", "")
    assert machine.asked_of_apt() == []


def test_user_gets_the_exact_apt_command(machine, capsys):
    machine.put("apt-get", APT_GET)
    machine.lose_library("libpango-1.0", "libharfbuzz-subset")
    assert system_packages.main(["build"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "Missing on this machine: Pango, HarfBuzz Subset.\n"
        "Install it: sudo apt-get update && sudo apt-get install --no-install-recommends "
        "libpango-1.0-0 libharfbuzz-subset0\n"
        "Then run make again.\n"
    )
    assert machine.asked_of_apt() == []


def test_mac_gets_the_brew_line(machine, capsys, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    machine.lose_library("libpango-1.0", "libpangoft2-1.0")
    machine.lose("qpdf", "java")
    assert system_packages.main(["test"]) == 3
    assert "\nInstall it: brew install pango temurin qpdf\n" in capsys.readouterr().err


def test_another_system_gets_the_names(machine, capsys, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    machine.lose("gs")
    assert system_packages.main(["test"]) == 3
    assert capsys.readouterr().err == (
        "Missing on this machine: Ghostscript.\n"
        "Install it with your system's package manager.\n"
        "Then run make again.\n"
    )


def test_root_installs_exactly_what_is_missing(machine, capsys, monkeypatch):
    machine.put("apt-get", APT_GET)
    machine.user(0)
    machine.lose("qpdf", "pdffonts")
    monkeypatch.setenv("PROVIDES", "qpdf pdffonts")
    assert system_packages.main(["test"]) == 0
    update, install = machine.asked_of_apt()
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    assert install.endswith("install --yes --no-install-recommends poppler-utils qpdf")
    assert "poppler-utils qpdf" in capsys.readouterr().out


def test_root_is_told_what_apt_could_not_bring(machine, capsys, monkeypatch):
    machine.put("apt-get", APT_GET)
    machine.user(0)
    machine.lose("qpdf", "gs")
    monkeypatch.setenv("PROVIDES", "qpdf")
    assert system_packages.main(["test"]) == 3
    said = capsys.readouterr()
    assert "Missing on this machine: Ghostscript." in said.err
    assert len(machine.asked_of_apt()) == 2


def test_building_needs_no_tool_of_the_tests(machine):
    machine.lose(*PROGRAMS)
    machine.has_files = False
    assert system_packages.main(["build"]) == 0
    assert [need.name for need in system_packages.missing("test")] == [
        one.name for one in system_packages.requirements("check", "test") if one.name != "veraPDF"
    ]


def test_a_program_may_take_the_place_of_a_file(machine, capsys):
    machine.has_files = False
    assert system_packages.main(["test"]) == 3
    assert "Missing on this machine: JAXB for veraPDF." in capsys.readouterr().err
    machine.put("verapdf")
    assert system_packages.main(["test"]) == 0


def test_a_java_that_only_says_where_to_get_one_is_missing(machine, capsys):
    machine.put("java", "#!/bin/sh\nexit 1\n")
    assert system_packages.main(["test"]) == 3
    assert "Missing on this machine: Java." in capsys.readouterr().err


def test_python_without_ensurepip_lacks_venv(machine, capsys, monkeypatch):
    machine.put("apt-get", APT_GET)
    find = system_packages.importlib.util.find_spec
    monkeypatch.setattr(
        system_packages.importlib.util,
        "find_spec",
        lambda name: None if name == "ensurepip" else find(name),
    )
    assert system_packages.main(["build"]) == 3
    assert f"python3.{sys.version_info[1]}-venv\n" in capsys.readouterr().err


def test_an_older_python_is_named_plainly(capsys, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert system_packages.main(["build"]) == 3
    said = capsys.readouterr().err
    assert said.startswith(f"Python 3.11 or newer is needed; {sys.executable} is 3.9.\n")
    assert "make PYTHON=" in said


@pytest.mark.parametrize("arguments", [[], ["run"], ["build", "test"]])
def test_wrong_usage(capsys, arguments):
    assert system_packages.main(arguments) == 2
    assert capsys.readouterr().err == "usage: system_packages.py build|test\n"


def test_a_library_that_is_not_there_does_not_load():
    assert not system_packages._loads("libmakeready-none.so.0")


def test_it_runs_before_there_is_an_environment(tmp_path):
    command = [sys.executable, "-I", "-S", str(SCRIPT), "test"]
    started = time.monotonic()
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert time.monotonic() - started < 5
