"""The pages of revisions that the preview keeps: whole ones, and no more than are of use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest

from makeready.build.request import BuildRequest
from makeready.external.git import Commit, Repository
from makeready.preview import page_changes
from makeready.preview.made import ChangesRequest, MadePages, PageEntry, PagesRequest
from makeready.preview.page_changes import PageChanges, exported


def made(edition: str, file: Path) -> MadePages:
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(100, 100).close()
        document.save(file)
    return MadePages(edition, file=file, pages=(PageEntry("1", "blank"),))


class BlankPages:
    """Makes a blank page of any book."""

    def __init__(self, _: object) -> None:
        pass

    def make(self, request: PagesRequest, _: object) -> MadePages:
        return made(request.edition, request.file)


@dataclass(frozen=True)
class MadeRepository(Repository):
    """A repository of one file, which knows all revisions; export fails while it ``is_broken``."""

    is_broken: bool = False

    def commit(self, revision: str) -> Commit:
        return Commit(revision, revision, "2026-11-27")

    def export(self, commit: Commit, target: Path, skip: Iterable[str] = ()) -> None:
        assert not list(skip)
        (target / "book.toml").write_text(commit.name, "utf-8")
        if self.is_broken:
            raise OSError(28, "No space left on device")


def test_what_is_exported_in_part_is_no_revision(tmp_path: Path) -> None:
    commit = Commit("abc", "abc", "2026-11-27")
    with pytest.raises(OSError, match="No space"):
        exported(MadeRepository(tmp_path, "", is_broken=True), commit, tmp_path)
    assert not (tmp_path / "book-abc").exists()
    book = exported(MadeRepository(tmp_path, ""), commit, tmp_path)
    assert [path.name for path in book.iterdir()] == ["book.toml"]


def test_pages_that_are_of_no_more_use_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_changes, "PageMaker", BlankPages)
    monkeypatch.setattr(page_changes, "repository_of", lambda _: MadeRepository(tmp_path, ""))
    request = BuildRequest(tmp_path, tmp_path / "out", tmp_path / "cache")
    changes = PageChanges(request)
    compared = tmp_path / "compared"
    new = {name: made(name, tmp_path / f"{name}.pdf") for name in ("large", "small")}
    shown = [
        changes.make(ChangesRequest(request, since, None, new[name], compared), print).old_file
        for name, since in [("large", "r0"), *(("small", f"r{number}") for number in range(6))]
    ]
    kept = {shown[0], *shown[-3:]}
    assert set(compared.glob("*.pdf")) == kept
