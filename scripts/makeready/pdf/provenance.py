"""The code that what is kept was made by: what other code made is not ours."""

from __future__ import annotations

from makeready.store import digest_of_code

_ROOMS = ("pdf", "faces", "catalogue", "findings.py")


def own_code() -> str:
    """Digest the code that sets, proofreads, draws and tells of it, and its data."""
    return digest_of_code(*_ROOMS).hex()
