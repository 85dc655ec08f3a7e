"""The start of child processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from makeready.workers.context import process_context


def test_a_spawned_child_imports_nothing_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("multiprocessing", "selectors", "struct", "pickle"):
        (tmp_path / f"{name}.py").write_text(f'open("ran-{name}", "w")\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    child = process_context().Process(target=print)
    child.start()
    child.join()
    assert child.exitcode == 0
    assert list(tmp_path.glob("ran-*")) == []
