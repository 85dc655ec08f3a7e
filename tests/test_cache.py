"""A store keeps blocks of bytes whole, each under its own key, and no more than it may."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from makeready import user_cache
from makeready.cache import DiskCache

A1, A2, B1, C1 = (key.ljust(64, "0") for key in ("aa11", "aa22", "bb11", "cc11"))


@pytest.fixture
def store(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path / "cache", ".block", largest_bytes=1000)


def test_what_is_kept_comes_back(store: DiskCache) -> None:
    assert store.get(A1) is None
    store.put(A1, b"content")
    assert store.get(A1) == b"content"
    store.put(A1, b"")
    assert store.get(A1) == b""


def test_a_block_under_another_s_name_is_absent(store: DiskCache, tmp_path: Path) -> None:
    store.put(A1, b"content")
    (tmp_path / "cache" / "aa" / f"{A1}.block").rename(tmp_path / "cache" / "aa" / f"{A2}.block")
    assert store.get("aa22") is None


def test_a_spoilt_block_is_absent_until_it_is_put_again(store: DiskCache, tmp_path: Path) -> None:
    store.put(A1, b"content")
    path = tmp_path / "cache" / "aa" / f"{A1}.block"
    whole = path.read_bytes()
    for block in (whole[:-1], whole + b"x", b"", whole[:-1] + b"x", b"x" + whole[1:]):
        path.write_bytes(block)
        assert store.get(A1) is None
    store.put(A1, b"content")
    assert store.get(A1) == b"content"


def test_what_was_used_longest_ago_goes_first(store: DiskCache, tmp_path: Path) -> None:
    for age, key in ((30, A1), (20, B1), (10, C1)):
        store.put(key, b"x" * 400)
        os.utime(tmp_path / "cache" / key[:2] / f"{key}.block", (1_000_000 - age, 1_000_000 - age))
    left = tmp_path / "cache" / "aa" / f".{A1}.block.unfinished"
    left.write_bytes(b"x" * 400)
    os.utime(left, (1, 1))
    store.get(A1)
    store.evict()
    assert [store.get(key) is not None for key in (A1, B1, C1)] == [True, False, True]
    assert not left.exists()


def test_an_entry_that_another_user_made_is_absent(
    store: DiskCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(A1, b"content")
    path = tmp_path / "cache" / "aa" / f"{A1}.block"
    for digest in (sha256(A1.encode() + b"\0content"), sha256(b"content"), sha256()):
        path.write_bytes(digest.digest() + b"content")
        assert store.get(A1) is None
    store.put(A1, b"content")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another user"))
    user_cache._user_key.cache_clear()
    try:
        assert store.get(A1) is None
        key = tmp_path / "another user/makeready/key"
        assert key.stat().st_mode & 0o777 == 0o600
        store.put(A1, b"content")
        user_cache._user_key.cache_clear()
        assert store.get(A1) == b"content"
        # One that others can read is no secret.
        key.chmod(0o644)
        user_cache._user_key.cache_clear()
        assert store.get(A1) is None
    finally:
        user_cache._user_key.cache_clear()


@pytest.mark.parametrize("link", ["cache", "cache/aa"])
def test_nothing_is_read_written_or_deleted_through_a_link(link: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    entry = victim / "aa" / f"{A1}.block" if link == "cache" else victim / f"{A1}.block"
    DiskCache(tmp_path / "cache", ".block", 1000).put(A1, b"content")
    entry.parent.mkdir(parents=True)
    entry.write_bytes((tmp_path / "cache/aa" / f"{A1}.block").read_bytes())
    shutil.rmtree(tmp_path / link)
    (tmp_path / link).symlink_to(victim)
    before = entry.stat().st_mtime_ns
    store = DiskCache(tmp_path / "cache", ".block", largest_bytes=0)
    assert store.get(A1) is None
    store.put(A2, b"content")
    store.evict()
    assert [path for path in victim.rglob("*") if path.is_file()] == [entry]
    assert entry.stat().st_mtime_ns == before


def test_nothing_is_deleted_but_entries(tmp_path: Path) -> None:
    store = DiskCache(tmp_path / "cache", ".block", largest_bytes=0)
    store.put(A1, b"content")
    folder = tmp_path / "cache" / "aa"
    for name in ("thesis.txt", "aa.block", f"{A1}.txt", f"{A1}.block.", f"x{A1}.block"):
        (folder / name).write_text("keep", "utf-8")
    (folder / f"{B1}.block").mkdir()
    (folder / f"{C1}.block").symlink_to(folder / "thesis.txt")
    (tmp_path / "cache" / "zz").mkdir()
    (tmp_path / "cache" / "zz" / f"{A1}.block").write_text("keep", "utf-8")
    kept = set(tmp_path.rglob("*")) - {folder / f"{A1}.block"}
    store.evict()
    assert set(tmp_path.rglob("*")) == kept


def test_an_entry_that_is_no_file_is_absent(store: DiskCache, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "aa"
    folder.mkdir(parents=True)
    os.mkfifo(folder / f"{A1}.block")
    assert store.get(A1) is None
    (folder / f"{A2}.block").symlink_to("/dev/zero")
    assert store.get(A2) is None
