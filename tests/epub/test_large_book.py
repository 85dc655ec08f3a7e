"""A book of 1,000 sections is packed in seconds, and its images cost no memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("large_book.py")


def packed(folder: Path, images: int) -> dict[str, float]:
    folder.mkdir()
    run = subprocess.run(
        [sys.executable, PROGRAM, folder, str(images)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    told: dict[str, float] = json.loads(run.stdout)
    return told


@pytest.mark.slow
def test_time_and_memory(tmp_path: Path) -> None:
    few, many = packed(tmp_path / "few", 50), packed(tmp_path / "many", 500)
    more_bytes = many["bytes"] - few["bytes"]
    assert more_bytes > 100_000_000
    # A tenth of what the further images weigh would be a few of them held at once.
    more_memory = (many["most_memory_kb"] - few["most_memory_kb"]) * 1024
    assert more_memory < more_bytes / 10
    assert many["most_memory_kb"] < 1.1 * few["most_memory_kb"]
    assert many["seconds"] < 20
