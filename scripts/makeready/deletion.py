"""Deleting the files that this program writes, by their names, and nothing else.

A folder may have come with a book, and its lists and links may name any file. No link is followed,
and what has no name that is written here stays.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from makeready.files import names_inside, open_folder, open_inside, read_inside

ARTEFACT = re.compile(r"[^/.][^/]*\.(?:pdf|epub|jpg|xml)")
"""The names of finished files in the output folder."""

KIT, SITE = "kit", "site"
"""The folders of upload folders, and of the web site, in the output folder."""

CHECKSUMS = "SHA256SUMS"
_UPLOADED = re.compile(
    rf"pages/[^/.][^/]*\.png|[^/.][^/]*\.(?:pdf|epub|jpg|xml|html|json)|{CHECKSUMS}"
    r"|images/[^/.][^/]*\.(?:png|jpe?g|gif|webp|svg)|fonts/[^/.][^/]*\.(?:ttf|txt)"
    r"|style/[^/.][^/]*\.(?:css|js|ttf|otf|woff2?|png|jpeg|gif|webp|svg)"
)
"""The paths of files in an upload folder."""

_FOLDERS = ("pages", "images", "fonts", "style")
"""The folders in an upload folder, or in a web site."""


def clean(output: Path, records: Iterable[str]) -> None:
    """Delete the files in ``output`` that its manifest and the ``records`` list, and these.

    The upload folders and the web site in it are deleted as `delete_upload_folder` does.
    """
    with suppress(OSError), open_folder(output.parent, output.name) as folder:
        for listing in ("manifest.json", *records):
            with suppress(OSError, ValueError):
                listed = _names_in(json.loads(read_inside(folder, listing)), output)
                delete_inside(folder, (*filter(ARTEFACT.fullmatch, listed), listing))
        with suppress(OSError), open_inside(folder, KIT) as kit:
            for name in names_inside(kit):
                with suppress(OSError), open_inside(kit, name) as uploaded:
                    os.stat(CHECKSUMS, dir_fd=uploaded, follow_symlinks=False)
                    delete_upload_folder(output / KIT, name)
        with suppress(OSError):
            os.rmdir(KIT, dir_fd=folder)
        with suppress(OSError), open_inside(folder, SITE) as site:
            os.stat(CHECKSUMS, dir_fd=site, follow_symlinks=False)
            delete_upload_folder(output, SITE)


def _names_in(listing: Any, output: Path) -> Iterator[str]:
    """Yield the names of files in ``output`` that a manifest or a record of a build lists."""
    if not isinstance(listing, dict):
        return
    for path in listing.get("artefacts") or ():
        if isinstance(path, str) and Path(path).absolute().parent == output:
            yield Path(path).name
    for entry in listing.get("files") or ():
        if isinstance(entry, dict) and isinstance(entry.get("path"), str):
            yield entry["path"]


def delete_inside(folder: int, paths: Iterable[str]) -> None:
    """Delete ordinary files of an open folder by paths in it, which are names with subfolders."""
    for path in paths:
        *parents, name = path.split("/")
        if not name or {"", ".", ".."}.intersection((*parents, name)):
            continue
        with suppress(OSError, ValueError), open_inside(folder, *parents) as parent:
            if stat.S_ISREG(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                os.unlink(name, dir_fd=parent)


def delete_upload_folder(parent: Path, name: str) -> None:
    """Delete the files of an upload folder in ``parent``, and the folder if nothing is left in it.

    Its checksums list its files. An unfinished one has none: all that is named like them goes.
    """
    with suppress(OSError), open_folder(parent.parent, parent.name) as kit:
        with suppress(OSError), open_inside(kit, name) as folder:
            delete_inside(folder, filter(_UPLOADED.fullmatch, _paths_in_upload_folder(folder)))
            for inner in _FOLDERS:
                with suppress(OSError):
                    os.rmdir(inner, dir_fd=folder)
        if stat.S_ISLNK(os.stat(name, dir_fd=kit, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=kit)
        else:
            os.rmdir(name, dir_fd=kit)


def _paths_in_upload_folder(folder: int) -> list[str]:
    try:
        lines = read_inside(folder, CHECKSUMS).decode().splitlines()
    except (OSError, ValueError):
        names = names_inside(folder)
        for inner in _FOLDERS:
            with suppress(OSError), open_inside(folder, inner) as pages:
                names += [f"{inner}/{name}" for name in names_inside(pages)]
        return names
    return [*(line.partition("  ")[2] for line in lines), CHECKSUMS]


def delete_tree(folder: Path) -> None:
    """Delete a folder of temporary files with all that is in it; of a link, the link."""
    if folder.is_symlink():
        folder.unlink(missing_ok=True)
    # It follows no links.
    shutil.rmtree(folder, ignore_errors=True)
