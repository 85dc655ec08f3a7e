"""An upload folder changes from one whole state to another, whatever cuts the change short."""

from __future__ import annotations

from pathlib import Path

import pytest

from makeready.distribution.folder import delete_folder, whole_folder, write_checksums
from makeready.errors import UsageError


def make(target: Path, text: str) -> None:
    with whole_folder(target) as folder:
        (folder / "book.pdf").write_text(text, "utf-8")
        (folder / "pages").mkdir()
        (folder / "pages" / "1.png").write_text(text, "utf-8")


def texts(parent: Path) -> dict[str, str]:
    """Return every file under a folder, hidden ones too, with its text."""
    found = sorted(path for path in parent.rglob("*") if path.is_file())
    return {path.relative_to(parent).as_posix(): path.read_text("utf-8") for path in found}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "kit" / "kdp"
    make(folder, "first")
    return folder


def test_a_new_folder_takes_the_place_of_another(target: Path) -> None:
    make(target, "second")
    assert texts(target.parent) == {"kdp/book.pdf": "second", "kdp/pages/1.png": "second"}
    delete_folder(target)
    assert list(target.parent.iterdir()) == []


def test_what_fails_while_it_is_filled_leaves_the_earlier_one(target: Path) -> None:
    with pytest.raises(OSError, match="disk"), whole_folder(target) as folder:
        (folder / "book.pdf").write_text("half", "utf-8")
        raise OSError("the disk is full")
    assert texts(target.parent) == {"kdp/book.pdf": "first", "kdp/pages/1.png": "first"}


@pytest.mark.parametrize("at", ["step aside", "come in"])
def test_a_change_that_fails_leaves_the_earlier_one(
    target: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, calls = Path.rename, []

    def failing(path: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) == (1 if at == "step aside" else 2):
            raise OSError("busy")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="busy"):
        make(target, "second")
    assert texts(target.parent) == {"kdp/book.pdf": "first", "kdp/pages/1.png": "first"}


@pytest.mark.parametrize("later", ["is refused", "is made"])
def test_a_process_that_died_between_leaves_one_whole_for_the_next(
    target: Path, later: str
) -> None:
    target.rename(target.with_name(".kdp.old"))
    (target.with_name(".kdp.new")).mkdir()
    if later == "is made":
        make(target, "second")
        assert texts(target.parent) == {"kdp/book.pdf": "second", "kdp/pages/1.png": "second"}
        assert [path.name for path in target.parent.iterdir()] == ["kdp"]
    else:
        with pytest.raises(OSError, match="no"), whole_folder(target):
            raise OSError("no")
        assert texts(target.parent) == {"kdp/book.pdf": "first", "kdp/pages/1.png": "first"}


def test_files_that_are_not_of_an_upload_folder_are_kept(target: Path) -> None:
    write_checksums(target)
    for name in ("notes.txt", "mine.pdf", "pages/sketch.png"):
        (target / name).write_text("mine", "utf-8")
    make(target, "second")
    mine = {"kdp/mine.pdf": "mine", "kdp/notes.txt": "mine", "kdp/pages/sketch.png": "mine"}
    assert texts(target.parent) == {"kdp/book.pdf": "second", "kdp/pages/1.png": "second"} | mine
    # Without checksums the folder is taken for an unfinished one.
    write_checksums(target)
    delete_folder(target)
    assert texts(target.parent) == {"kdp/notes.txt": "mine"}


@pytest.mark.parametrize("link", ["kit", "kit/kdp", "kit/.kdp.new", "kit/.kdp.old"])
def test_nothing_is_deleted_through_a_link(link: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    for name in ("book.pdf", "SHA256SUMS", "kdp/book.pdf", ".kdp.old/book.pdf", ".kdp.new/x.pdf"):
        (victim / name).parent.mkdir(parents=True, exist_ok=True)
        (victim / name).write_text("00  book.pdf\n", "utf-8")
    before = texts(victim)
    output = tmp_path / "out"
    (output / link).parent.mkdir(parents=True)
    (output / link).symlink_to(victim)
    delete_folder(output / "kit/kdp")
    assert texts(victim) == before
    if not (output / link).is_symlink():
        (output / link).symlink_to(victim)
    if link == "kit":
        with pytest.raises(UsageError, match="symbolic link"):
            make(output / "kit/kdp", "first")
    else:
        make(output / "kit/kdp", "first")
        assert texts(output / "kit") == {"kdp/book.pdf": "first", "kdp/pages/1.png": "first"}
    assert texts(victim) == before
