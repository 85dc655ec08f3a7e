"""``manifest.json``: every artefact of the output folder, and what was found in the book."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from makeready.artefacts import write_whole

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of the output folder; ``path`` is relative to it, ``pages`` None without pages.

    One that is ``outdated`` was ordered since, and could not be made.
    """

    path: str
    edition: str
    kind: str
    pages: int | None
    bytes: int
    sha256: str
    outdated: bool = False


def describe(
    output: Path, path: str, edition: str, kind: str, pages: int | None = None
) -> Artefact:
    """Describe a file just written."""
    with (output / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Artefact(path, edition, kind, pages, file.tell(), digest)


def read_manifest(output: Path) -> list[Artefact]:
    """Return the artefacts that a folder's manifest lists and that are still there."""
    try:
        data = json.loads((output / MANIFEST).read_text("utf-8"))
        artefacts = [Artefact(**entry) for entry in data["files"]]
    except (OSError, ValueError, TypeError, KeyError):
        return []
    return [artefact for artefact in artefacts if (output / artefact.path).is_file()]


def write_manifest(
    output: Path,
    written: Iterable[Artefact],
    counts: dict[str, int],
    is_ordered: Callable[[Artefact], bool],
) -> None:
    """Write the manifest: what was written now, and what an earlier run left in its place.

    What was ordered and is not among the written is outdated.
    """
    earlier = read_manifest(output)
    files = {a.path: replace(a, outdated=a.outdated or is_ordered(a)) for a in earlier}
    files.update({artefact.path: artefact for artefact in written})
    if not files:
        return
    data = {
        "files": [asdict(files[path]) for path in sorted(files)],
        "findings": counts,
    }
    write_whole(output / MANIFEST, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())
