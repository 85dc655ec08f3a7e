"""The engine's own file of an edition, made beside ours when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pdf_reading import page_texts

from conftest import BOOKS, CACHE, makeready


def _outdated(output: Path) -> dict[str, bool]:
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    return {entry["kind"]: entry["outdated"] for entry in manifest["files"]}


@pytest.mark.slow
def test_what_the_engine_makes_alone_says_the_same(tmp_path: Path) -> None:
    build = ("build", "paperback", "--book", BOOKS / "garden", "--output", tmp_path)
    run = makeready(*build, "--cache", CACHE, "--reference")
    assert run.code == 0, run.out + run.err
    ours = page_texts(tmp_path / "walled-garden-paperback.pdf")
    engine = page_texts(tmp_path / "walled-garden-paperback-reference.pdf")
    # Blank pages that fill the book up stand at its end, in ours alone.
    assert engine == ours[: len(engine)]
    assert not any(ours[len(engine) :])
    assert _outdated(tmp_path)["reference"] is False
