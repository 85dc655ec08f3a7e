"""Progress on a terminal and in a pipe, how much is said, colours, and the log of a failed run."""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import on_terminal

from conftest import BOOKS, CACHE, makeready
from makeready.build.watch import Rebuilt
from makeready.cli import main as command_line
from makeready.cli.run_log import RunLog, without_secrets
from makeready.errors import EngineError, MissingToolError, UsageError

COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38|4[0-7])(?:;\d+)*m")
EBOOK = ("build", "ebook", "--no-page-list", "--cache", CACHE)


@pytest.fixture
def warned_book(broken_book: Callable[..., Path]) -> Path:
    """A book with a warning: an unused definition of a link."""
    book = broken_book()
    with (book / "chapter-1.md").open("a", encoding="utf-8") as file:
        file.write("\n[unused]: https://unused.example\n")
    return book


@pytest.mark.slow
def test_a_terminal_has_a_bar_for_each_stage_and_keeps_none(
    warned_book: Path, tmp_path: Path
) -> None:
    here = ("--book", warned_book, "--output", tmp_path / "out")
    shown = on_terminal("build", "paperback", *here, "--cache", tmp_path / "cache")
    assert shown.code == 0, shown.text
    for stage in ("Reading", "Typesetting paperback", "Checking paperback"):
        assert re.search(rf"{stage} +━", shown.text), stage
    assert re.search(r"━+ chapter-\d, \d of \d sections", shown.text)
    assert shown.text.count("MAN-038") == 1
    assert shown.text.count("leaflet-paperback.pdf") == 1
    assert shown.raw.endswith("\x1b[2K") or "━" not in shown.raw.rpartition("\x1b[2K")[2]
    assert "\x1b[?25h" in shown.raw, "the cursor is given back"
    assert COLOUR.search(shown.raw)


@pytest.mark.parametrize(
    ("option", "variable"),
    [((), {"NO_COLOR": "1"}), (("--no-color",), {}), ((), {})],
    ids=["NO_COLOR", "--no-color", "neither"],
)
def test_a_terminal_has_no_colours_if_told_so(
    option: tuple[str, ...], variable: dict[str, str], warned_book: Path
) -> None:
    shown = on_terminal(*option, "html", warned_book / "chapter-1.md", **variable)
    assert "MAN-038" in shown.text
    assert (COLOUR.search(shown.raw) is None) == bool(option or variable)


def test_a_terminal_that_can_do_nothing_has_plain_lines(warned_book: Path, tmp_path: Path) -> None:
    here = ("--book", warned_book, "--output", tmp_path / "out")
    shown = on_terminal(*EBOOK, *here, TERM="dumb")
    assert shown.code == 0, shown.text
    assert "\x1b" not in shown.raw
    assert shown.text.splitlines()[0] == "Reading"
    assert "MAN-038" in shown.text


def test_quiet_shows_faults_only(warned_book: Path, tmp_path: Path) -> None:
    here = ("--book", warned_book, "--output", tmp_path / "out")
    run = makeready("--quiet", *EBOOK, *here)
    assert (run.code, run.out) == (0, "")
    lines = run.err.splitlines()
    assert [re.sub(r".*(warning|hint).*", r"\1", line) for line in lines] == ["warning", "hint"]


def test_verbose_shows_each_step_with_its_time(warned_book: Path, tmp_path: Path) -> None:
    here = ("--book", warned_book, "--output", tmp_path / "out")
    run = makeready(*EBOOK, *here, "-v")
    assert run.code == 0, run.err
    assert re.search(r"^ +\d+\.\d\d s  Reading chapter-1$", run.err, re.MULTILINE)
    assert re.search(r"^ +\d+\.\d\d s  Packing ebook$", run.err, re.MULTILINE)
    assert "leaflet.epub" in run.out
    refused = makeready(*EBOOK, *here, "-v", "--quiet")
    assert refused.code == 2
    assert "exclude each other" in refused.err


def fails_with(
    error: Exception, monkeypatch: pytest.MonkeyPatch, cache: Path, *arguments: str
) -> int:
    """Run the command so that it fails; return its exit code."""

    def fail(**_: object) -> None:
        raise error

    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(command_line.makeready, "main", fail)
    monkeypatch.setattr(command_line, "silence_libraries", lambda: None)
    monkeypatch.setattr(sys, "argv", ["makeready", *arguments])
    with pytest.raises(SystemExit) as ended:
        command_line._run()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_bug_leaves_a_log_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("API_TOKEN", "hunter2")
    arguments = ("build", "--scheduler", "tcp://ann:hunter2@host:8786")
    error = RuntimeError("no answer of https://host/?key=hunter2&page=1")
    assert fails_with(error, monkeypatch, tmp_path, *arguments) == 70
    shown = capsys.readouterr().err.splitlines()
    assert shown[1] == "  hint: This is a bug in makeready; please report it."
    assert shown[2].startswith("  log: ")
    log = Path(shown[2].removeprefix("  log: "))
    assert log.parent == tmp_path / "makeready" / "log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    text = log.read_text("utf-8")
    assert "makeready build --scheduler tcp://…@host:8786" in text
    assert "WeasyPrint 70" in text
    assert "RuntimeError: no answer of https://host/?key=…&page=…" in text
    assert "Traceback" in text
    assert "hunter2" not in text


def test_a_failed_engine_leaves_a_log_and_a_missing_tool_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fails_with(MissingToolError("No Java."), monkeypatch, tmp_path) == 3
    assert "log:" not in capsys.readouterr().err
    assert fails_with(EngineError("It ended."), monkeypatch, tmp_path) == 4
    assert "log:" in capsys.readouterr().err


def test_watch_leaves_a_log_of_an_engine_that_failed_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rebuilds(*_: object) -> Iterator[Rebuilt]:
        yield Rebuilt(None, 0.1, EngineError("It ended."))
        yield Rebuilt(None, 0.1, UsageError("No such edition."))

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("makeready.build.watch.rebuilds", rebuilds)
    command_line.makeready.main(["watch", "--book", str(BOOKS / "leaflet")], standalone_mode=False)
    said = capsys.readouterr().err
    assert said.index("It ended.") < said.index("log:") < said.index("No such edition.")
    assert said.count("log:") == 1
    assert len(list((tmp_path / "makeready" / "log").iterdir())) == 1


def test_a_log_has_the_steps_and_old_ones_are_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "makeready" / "log"
    folder.mkdir(parents=True)
    (folder / "notes.log").write_text("the user's own", "utf-8")
    for number in range(25):
        (folder / f"20260101-0000{number:02}-1.log").write_text("old", "utf-8")
    log = RunLog()
    log.add("Typesetting paperback: chapter-1")
    path = log.write(EngineError("It ended."))
    assert path is not None
    assert re.search(r"\d\.\d\d s  Typesetting paperback: chapter-1", path.read_text("utf-8"))
    names = sorted(one.name for one in folder.iterdir())
    assert (len(names), names[0], names[-1]) == (21, "20260101-000006-1.log", "notes.log")


def test_a_log_that_cannot_be_written_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "makeready").mkdir()
    (tmp_path / "makeready" / "log").write_text("a file", "utf-8")
    assert fails_with(EngineError("It ended."), monkeypatch, tmp_path) == 4
    assert capsys.readouterr().err == "makeready: It ended.\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://ann:pw@example.org/a", "https://…@example.org/a"),
        ("tcp://token@host:1", "tcp://…@host:1"),
        ("https://example.org/?a=b&token=c d", "https://example.org/?a=…&token=… d"),
        ("ann@example.org wrote a=b", "ann@example.org wrote a=b"),
    ],
)
def test_addresses_lose_their_secrets(text: str, kept: str) -> None:
    assert without_secrets(text) == kept
