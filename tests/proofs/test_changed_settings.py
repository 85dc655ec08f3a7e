"""The settings that differ in two folders, of which a stranger may have written either."""

from __future__ import annotations

from pathlib import Path

from makeready.proofs.changed_settings import changed_settings


def folder(path: Path, toml: str, style: str) -> Path:
    (path / "styles").mkdir(parents=True)
    (path / "book.toml").write_text(toml, "utf-8")
    (path / "styles" / "print.css").write_text(style, "utf-8")
    return path


def test_deep_keys_and_links_end_no_run(tmp_path: Path) -> None:
    deep = ".".join(["a"] * 20_000)
    old = folder(tmp_path / "old", f"b.c = 1\nb.d = 1\n{deep} = 1\n", "p {}")
    new = folder(tmp_path / "new", f"b.c = 2\nb.d = 1\n{deep} = 2\n", "p { }")
    (new / "styles" / "all").symlink_to("/")
    top, deepest, style = changed_settings(old, new)
    assert (top, style) == ("b.c", "styles/print.css")
    assert set(deepest.split(".")) == {"a"}
    assert len(deepest) < 100


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", "", "")
    new = folder(tmp_path / "new", "b = 1\n" + "#" * 1_000_000, "")
    with (new / "styles" / "print.css").open("wb") as file:
        file.truncate(10**12)
    assert changed_settings(old, new) == ["styles/print.css"]
