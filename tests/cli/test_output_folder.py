"""The output folder when none is named."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from conftest import BOOKS, makeready
from makeready.cli.main import makeready as command_line


def test_a_link_that_leads_out_of_the_current_folder_is_not_followed(tmp_path: Path) -> None:
    victim, current = tmp_path / "victim", tmp_path / "book"
    victim.mkdir()
    current.mkdir()
    (current / "dist").symlink_to("../victim")
    run = makeready("build", "--book", BOOKS / "leaflet", "--kind", "screen", cwd=current)
    assert run.code == 2
    assert "dist is a symbolic link to ../victim." in run.err
    assert "--output" in run.err
    assert list(victim.iterdir()) == []


def test_help_names_the_folder() -> None:
    shown = CliRunner().invoke(command_line, ["build", "--help"]).output
    assert "[default: (dist)]" in " ".join(shown.split())
