"""A store keeps blocks of bytes whole, each under its own key, and no more than it may."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from makeready.cache import DiskCache


@pytest.fixture
def store(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path, ".block", largest_bytes=1000)


def test_what_is_kept_comes_back(store: DiskCache) -> None:
    assert store.get("aa11") is None
    store.put("aa11", b"content")
    assert store.get("aa11") == b"content"
    store.put("aa11", b"")
    assert store.get("aa11") == b""


def test_a_block_under_another_s_name_is_absent(store: DiskCache, tmp_path: Path) -> None:
    store.put("aa11", b"content")
    (tmp_path / "aa" / "aa11.block").rename(tmp_path / "aa" / "aa22.block")
    assert store.get("aa22") is None


def test_a_spoilt_block_is_absent_until_it_is_put_again(store: DiskCache, tmp_path: Path) -> None:
    store.put("aa11", b"content")
    path = tmp_path / "aa" / "aa11.block"
    whole = path.read_bytes()
    for block in (whole[:-1], whole + b"x", b"", whole[:-1] + b"x", b"x" + whole[1:]):
        path.write_bytes(block)
        assert store.get("aa11") is None
    store.put("aa11", b"content")
    assert store.get("aa11") == b"content"


def test_what_was_used_longest_ago_goes_first(store: DiskCache, tmp_path: Path) -> None:
    for age, key in ((30, "aa11"), (20, "bb11"), (10, "cc11")):
        store.put(key, b"x" * 400)
        os.utime(tmp_path / key[:2] / f"{key}.block", (1_000_000 - age, 1_000_000 - age))
    left = tmp_path / "aa" / ".aa11.block.unfinished"
    left.write_bytes(b"x" * 400)
    os.utime(left, (1, 1))
    store.get("aa11")
    store.evict()
    assert [store.get(key) is not None for key in ("aa11", "bb11", "cc11")] == [True, False, True]
    assert not left.exists()
