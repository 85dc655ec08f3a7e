"""``build --typography``: the figures of each PDF in the manifest, and nowhere without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import BOOKS, makeready


@pytest.mark.long
def test_the_manifest_has_the_figures_of_pdfs_on_request(tmp_path: Path) -> None:
    folders = ("--book", BOOKS / "leaflet", "--output", tmp_path / "out")
    build = ("build", *folders, "--cache", tmp_path / "cache")
    run = makeready(*build, "--typography", "--json")
    assert run.code == 0, run.out + run.err
    listed = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["files"]
    made = json.loads(run.out)["files"]
    assert sorted(made, key=lambda one: one["path"]) == listed
    measured = {one["path"]: one["typography"] for one in listed if "typography" in one}
    assert set(measured) == {one["path"] for one in listed if one["kind"] in ("print", "screen")}
    run = makeready("typography", *folders, "--json")
    assert run.code == 0, run.out + run.err
    shown = {Path(one["path"]).name: one["figures"] for one in json.loads(run.out)["files"]}
    assert shown == measured
    # The next build is not asked for them.
    makeready(*build)
    text = (tmp_path / "out" / "manifest.json").read_text("utf-8")
    assert "typography" not in text
