"""What fragments are kept under: all that they are made of."""

from __future__ import annotations

import hashlib

from makeready.cache import code_version
from makeready.engine.section_job import SectionJob, TypesetterConfig
from makeready.engine.versions import engine_versions
from makeready.templates.environment import Layouts

_CODE = ("makeready.pagination.worker", "makeready.pdf.renumber")
"""What makes a fragment, and what makes of it the objects of a file."""


def seed_of(typesetter_config: TypesetterConfig, layouts: Layouts) -> bytes:
    """Digest what all that is set by a recipe depends on alike: engines, styles, fonts."""
    names = [font.path.name for font in typesetter_config.fonts]
    about = (
        code_version(*_CODE),
        engine_versions(),
        typesetter_config.stylesheets,
        names,
        typesetter_config.ink,
        typesetter_config.variant,
    )
    digest = hashlib.sha256(repr(about).encode())
    for path in layouts.book_files():
        digest.update(path.read_bytes())
    return digest.digest()


def key_of(seed: bytes, section_job: SectionJob, images: bytes) -> str:
    """Return the key of what is set; ``images`` is a digest of those that the document shows."""
    digest = hashlib.sha256(seed)
    for part in (
        section_job.name,
        section_job.source_path,
        section_job.first_number,
        section_job.on_verso,
        section_job.markup,
    ):
        digest.update(f"{part}\0".encode())
    digest.update(images)
    return digest.hexdigest()
