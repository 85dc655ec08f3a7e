"""Sections typeset by workers on other machines, if these have the same files and programs."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass, field
from pathlib import Path

from makeready.cache import code_version
from makeready.engine.resources import FileDigests, images_shown
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.engine.versions import engine_versions
from makeready.pdf.fragment import Fragment


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The dependencies of a section's fragment besides its job and configuration.

    ``files`` are paths with their SHA-256; ``engine`` is what `engine_digest` returns.
    """

    files: tuple[tuple[Path, str], ...]
    engine: str

    def missing(self) -> str:
        """Return in words what this machine does not have; empty if it has everything."""
        if self.engine != engine_digest():
            return "another version of makeready or of its engine"
        for path, digest in self.files:
            try:
                found = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:
                return f"no file {path.as_posix()}"
            if found != digest:
                return f"a different file {path.as_posix()}"
        return ""


def engine_digest() -> str:
    """Return a digest of our code and the engine's versions; others may draw differently."""
    return hashlib.sha256(
        repr((code_version("makeready.pagination.remote_worker"), engine_versions())).encode()
    ).hexdigest()


@dataclass
class DependencyDigests:
    """The dependencies of sections, each file digested once a run."""

    _digests: FileDigests = field(default_factory=FileDigests)

    def dependencies(
        self, typesetter_config: TypesetterConfig, section_job: SectionJob
    ) -> Dependencies:
        """Return the dependencies of a section: the fonts, and the images it shows."""
        images = images_shown(dict(typesetter_config.folders), section_job.markup)
        paths = dict.fromkeys([*(font.path for font in typesetter_config.fonts), *images])
        return Dependencies(
            tuple((path, self._digests.digest_of(path)) for path in paths), engine_digest()
        )


def typeset_remotely(
    dependencies: Dependencies,
    typesetter_config: TypesetterConfig,
    section_job: SectionJob,
    seconds: float,
    generation: int,
) -> Fragment | Failure:
    """Typeset a section as `typeset_section` does, if this machine has all its dependencies."""
    missing = dependencies.missing()
    if missing:
        return Failure(missing=f"{socket.gethostname()} has {missing}")
    # Imported here because it imports the engine, which the process that submits work has not.
    from makeready.pagination.worker import typeset_section  # noqa: PLC0415

    return typeset_section(typesetter_config, section_job, seconds, generation)
