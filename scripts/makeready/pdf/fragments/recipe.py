"""What a section is set from and with; to name it, no engine is needed."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.faces import Face
from makeready.pdf.folders import Folders
from makeready.pdf.inks import Ink


@dataclass(frozen=True, slots=True)
class Setting:
    """What a section is to be set from: its document, first page number and side."""

    name: str
    source_path: str
    markup: str
    first_number: int
    on_verso: bool


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a typesetter ready, in a form that can be sent to another process.

    What is for the press has an ``ink``.
    """

    stylesheets: tuple[str, ...]
    faces: tuple[Face, ...]
    folders: Folders
    ink: Ink | None
    variant: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A section that could not be set: past its time, for a reason, or for what a worker lacks."""

    reason: str = ""
    seconds: float | None = None
    lacking: str = ""
