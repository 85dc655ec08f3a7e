"""The user's cache folder, and the secret that shows which files in a cache are the user's own.

A cache may come with a stranger's book. Its files are believed only with a digest that is made
with a secret of the user.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from makeready.files import open_folder, write_inside

DIGEST_BYTES = 32
_KEY = "key"
_KEY_BYTES = 32


def user_cache_folder() -> Path:
    """Return the folder of makeready's caches, in the user's own by the XDG specification.

    Without a home that can be written to, as in some containers, it is in the system's folder for
    temporary files, or in the current folder if another user has one of its name there.
    """
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not named.is_absolute():
        with suppress(RuntimeError):
            named = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    temporary = Path(tempfile.gettempdir()) / f"makeready-{os.geteuid()}"
    if named.is_absolute() and _is_own(named / "makeready"):
        return named / "makeready"
    return temporary if _is_own(temporary) and not temporary.is_symlink() else Path(".makeready")


def _is_own(folder: Path) -> bool:
    """Return whether a folder is the user's, creating it if it does not exist."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def own_digest(key: str, content: bytes) -> bytes:
    """Return the digest of a file in a cache, which only this user can make."""
    digest = hmac.new(_user_key(), key.encode() + b"\0", "sha256")
    digest.update(content)
    return digest.digest()


def is_own_digest(digest: bytes, key: str, content: bytes) -> bool:
    """Return whether a digest is that of a file that this user put in a cache, whole."""
    return hmac.compare_digest(digest, own_digest(key, content))


@cache
def _user_key() -> bytes:
    """Return the user's secret, which is made when it is first needed.

    Where there is no folder to keep it in, it is another one in each run, so that caches from
    earlier runs do not count.
    """
    made = secrets.token_bytes(_KEY_BYTES)
    with suppress(OSError), open_folder(user_cache_folder(), create=True) as folder:
        kept = _read_key(folder)
        if kept is not None:
            return kept
        write_inside(folder, _KEY, made, permissions=0o600)
        # Another run may have written one at the same moment.
        return _read_key(folder) or made
    return made


def _read_key(folder: int) -> bytes | None:
    """Return the secret; None if there is none that only this user can read."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(_KEY, flags, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(file.fileno())
        is_own = state.st_uid == os.geteuid() and not state.st_mode & 0o077
        content = file.read(_KEY_BYTES + 1) if is_own and stat.S_ISREG(state.st_mode) else b""
    return content if len(content) == _KEY_BYTES else None
