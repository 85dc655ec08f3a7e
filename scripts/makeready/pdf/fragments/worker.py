"""What a worker does: it makes the engine ready, and sets one section within a time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from makeready.errors import FindingsError, reason_of
from makeready.faces import Face, seal_fontconfig
from makeready.pdf.fetch import BookFetcher
from makeready.pdf.folders import Folders
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.limit import PastItsTimeError, within
from makeready.pdf.fragments.setting import Setting, set_fragment
from makeready.pdf.inks import Ink
from makeready.pdf.typeset import Typesetter

_TYPESETTERS = 4
_engine = threading.Lock()
"""The engine does one thing at a time in a process, though a cluster's worker has threads."""


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

    def typesetter(self) -> Typesetter:
        """Make the engine ready, in a process that may have made it ready for other faces."""
        if self.faces:
            seal_fontconfig(self.faces)
        grey = self.ink is not None and self.ink.black_only
        fetcher = BookFetcher(dict(self.folders), grey=grey)
        return Typesetter(self.stylesheets, self.faces, fetcher, self.variant, self.ink)


@dataclass(frozen=True, slots=True)
class Failure:
    """A section that could not be set: past its time, for a reason, or for what a worker lacks."""

    reason: str = ""
    seconds: float | None = None
    lacking: str = ""


@lru_cache(maxsize=_TYPESETTERS)
def _typesetter(recipe: Recipe, generation: int) -> Typesetter:  # noqa: ARG001 - part of the key
    return recipe.typesetter()


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Look for garbage once when the context ends, and not again and again while it lasts."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect(0)


def set_section(
    recipe: Recipe, setting: Setting, seconds: float, generation: int = 0
) -> Fragment | Failure:
    """Set one section in this process, within a time.

    A typesetter keeps the images it has met: of another ``generation``, they are others.
    """
    with _engine, _garbage_left():
        try:
            return within(seconds, lambda: set_fragment(_typesetter(recipe, generation), setting))
        except PastItsTimeError:
            return Failure(seconds=seconds)
        except FindingsError as error:
            return Failure(error.message.rstrip("."))
        except Exception as error:
            return Failure(reason_of(error))
