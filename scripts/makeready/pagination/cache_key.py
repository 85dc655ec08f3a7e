"""The keys of fragments in the cache: digests of everything that can change their bytes."""

from __future__ import annotations

import hashlib

from makeready.cache import code_version
from makeready.engine.section_job import SectionJob, TypesetterConfig
from makeready.engine.versions import engine_versions
from makeready.templates.environment import Layouts

_CODE = ("makeready.pagination.worker", "makeready.pdf.renumber")
"""The modules that make a fragment, and make of it a block of a file."""


def config_digest(typesetter_config: TypesetterConfig, layouts: Layouts) -> bytes:
    """Return a digest of all that sections typeset with one configuration have in common.

    That is our code, the engine's versions, stylesheets, fonts, ink, and the book's own styles.
    """
    fonts = [(font.path.name, font.roles, font.scripts) for font in typesetter_config.fonts]
    inputs = (
        code_version(*_CODE),
        engine_versions(),
        typesetter_config.stylesheets,
        fonts,
        typesetter_config.ink,
        typesetter_config.variant,
        typesetter_config.balance.value,
    )
    digest = hashlib.sha256(repr(inputs).encode())
    if any("url(" in sheet for sheet in typesetter_config.stylesheets):
        digest.update(repr(typesetter_config.image_target).encode())
    for path in layouts.book_files():
        digest.update(path.read_bytes())
    return digest.digest()


def section_key(config: bytes, section_job: SectionJob, images: bytes) -> str:
    """Return the key of a section's fragment, in hexadecimal.

    ``config`` is what `config_digest` returns, and ``images`` a digest of the images shown.
    """
    digest = hashlib.sha256(config)
    for field in (
        section_job.name,
        section_job.source_path,
        section_job.first_number,
        section_job.on_verso,
        section_job.markup,
    ):
        digest.update(f"{field}\0".encode())
    digest.update(images)
    return digest.hexdigest()
