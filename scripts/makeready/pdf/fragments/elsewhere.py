"""Sections set by workers that may be on another machine: they must have what this one has."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass, field
from pathlib import Path

from makeready.pdf.engine import engine_versions
from makeready.pdf.folders import FileDigests, images_in
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.recipe import Failure, Recipe, Setting
from makeready.pdf.provenance import own_code


@dataclass(frozen=True, slots=True)
class Needs:
    """What a section is set with, beside its document.

    ``files`` are paths with their SHA-256; ``engine`` is a digest of our code and the engine's
    versions, another of which may draw otherwise.
    """

    files: tuple[tuple[Path, str], ...]
    engine: str

    def lacking(self) -> str:
        """Say what this machine does not have; empty when it has everything."""
        if self.engine != engine_digest():
            return "another version of makeready or of its engine"
        for path, digest in self.files:
            try:
                found = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:
                return f"no file {path.as_posix()}"
            if found != digest:
                return f"another file {path.as_posix()}"
        return ""


def engine_digest() -> str:
    """Digest what a fragment depends on beside its recipe and its setting."""
    return hashlib.sha256(repr((own_code(), engine_versions())).encode()).hexdigest()


@dataclass
class Inventory:
    """Tells what sections need, each file digested once a run."""

    _digests: FileDigests = field(default_factory=FileDigests)

    def needs(self, recipe: Recipe, setting: Setting) -> Needs:
        """Return what a section is set with: the faces, and the images it shows."""
        images = images_in(dict(recipe.folders), setting.markup)
        paths = dict.fromkeys([*(face.path for face in recipe.faces), *images])
        return Needs(tuple((path, self._digests.of(path)) for path in paths), engine_digest())


def set_elsewhere(
    needs: Needs, recipe: Recipe, setting: Setting, seconds: float, generation: int
) -> Fragment | Failure:
    """Set a section on a machine that has what it needs."""
    lacking = needs.lacking()
    if lacking:
        return Failure(lacking=f"{socket.gethostname()} has {lacking}")
    from makeready.pdf.fragments.worker import set_section  # noqa: PLC0415 - it has the engine

    return set_section(recipe, setting, seconds, generation)
