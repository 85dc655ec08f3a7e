"""What a section is set from and with; to name it, no engine is needed."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.engine.resources import ResourceFolders
from makeready.fonts import Font
from makeready.pdf.inks import InkConverter


@dataclass(frozen=True, slots=True)
class SectionJob:
    """What a section is to be set from: its document, first page number and side."""

    name: str
    source_path: str
    markup: str
    first_number: int
    on_verso: bool


@dataclass(frozen=True, slots=True)
class TypesetterConfig:
    """What makes a typesetter ready, in a form that can be sent to another process.

    What is for the press has an ``ink``.
    """

    stylesheets: tuple[str, ...]
    fonts: tuple[Font, ...]
    folders: ResourceFolders
    ink: InkConverter | None
    variant: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A section that could not be set: past its time, for a reason, or for what a worker lacks."""

    reason: str = ""
    seconds: float | None = None
    missing: str = ""
