"""Section jobs and typesetter configurations, as plain values that need no engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from makeready.book.model import Balance
from makeready.engine.resources import ResourceFolders
from makeready.fonts import Font
from makeready.pdf.images import ImageTarget
from makeready.pdf.inks import InkConverter


@dataclass(frozen=True, slots=True)
class SectionJob:
    """A section to typeset: its document, the number of its first page, and the page's side."""

    name: str
    source_path: str
    markup: str
    first_number: int
    on_verso: bool


@dataclass(frozen=True, slots=True)
class TypesetterConfig:
    """The configuration of a typesetter, as a value that can be sent to another process.

    ``variant`` is the engine's name of a PDF standard; ``image_cache`` is the folder of converted
    images. ``balance`` says which pages end on the same line.
    """

    stylesheets: tuple[str, ...]
    fonts: tuple[Font, ...]
    folders: ResourceFolders
    image_target: ImageTarget
    variant: str | None
    image_cache: Path | None = None
    balance: Balance = Balance.NONE

    @property
    def ink(self) -> InkConverter | None:
        """The converter to the inks of a print edition; None for a screen."""
        return self.image_target.ink


@dataclass(frozen=True, slots=True)
class Failure:
    """A section that could not be typeset.

    Either the time limit in ``seconds`` was exceeded, or the worker's machine has something else
    than this one (``missing``), or ``reason`` says why.
    """

    reason: str = ""
    seconds: float | None = None
    missing: str = ""
