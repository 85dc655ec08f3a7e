"""What the comparison of artefacts says of files that differ, and of those that do not."""

from __future__ import annotations

import zipfile
from pathlib import Path

from compare_artefacts import differences


def write(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.pdf").write_text(content, "utf-8")
    (folder / "manifest.json").write_text(repr(files), "utf-8")
    with zipfile.ZipFile(folder / "book.epub", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return folder


def test_each_file_that_differs_is_named_and_no_other(tmp_path: Path) -> None:
    before = write(tmp_path / "before", one="a", two="b", gone="c")
    after = write(tmp_path / "after", one="a", two="x", new="d")
    assert list(differences(before, after)) == [
        "book.epub: gone, new, two",
        "gone.pdf: only before",
        "new.pdf: only now",
        "two.pdf: other bytes",
    ]
    assert list(differences(before, before)) == []
