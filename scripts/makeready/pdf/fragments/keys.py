"""What fragments are kept under: all that they are made of."""

from __future__ import annotations

import hashlib

from makeready.layout.environment import Layouts
from makeready.pdf.engine import engine_versions
from makeready.pdf.fragments.recipe import Recipe, Setting
from makeready.pdf.provenance import own_code


def seed_of(recipe: Recipe, layouts: Layouts) -> bytes:
    """Digest what all that is set by a recipe depends on alike: engines, styles, faces."""
    names = [face.path.name for face in recipe.faces]
    about = (own_code(), engine_versions(), recipe.stylesheets, names, recipe.ink, recipe.variant)
    digest = hashlib.sha256(repr(about).encode())
    for path in layouts.own_files():
        digest.update(path.read_bytes())
    return digest.digest()


def key_of(seed: bytes, setting: Setting, images: bytes) -> str:
    """Return the key of what is set; ``images`` is a digest of those that the document shows."""
    digest = hashlib.sha256(seed)
    for part in (
        setting.name,
        setting.source_path,
        setting.first_number,
        setting.on_verso,
        setting.markup,
    ):
        digest.update(f"{part}\0".encode())
    digest.update(images)
    return digest.hexdigest()
