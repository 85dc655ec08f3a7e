"""What a worker does: it makes the engine ready, and sets one section within a time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from makeready.errors import FindingsError, reason_of
from makeready.faces import seal_fontconfig
from makeready.pdf.fetch import BookFetcher
from makeready.pdf.fragments.drawing import set_fragment
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.limit import PastItsTimeError, within
from makeready.pdf.fragments.recipe import Failure, Recipe, Setting
from makeready.pdf.typeset import Typesetter

_TYPESETTERS = 4
_engine = threading.Lock()
"""The engine does one thing at a time in a process, though a cluster's worker has threads."""


def typesetter_of(recipe: Recipe) -> Typesetter:
    """Make the engine ready, in a process that may have made it ready for other faces."""
    if recipe.faces:
        seal_fontconfig(recipe.faces)
    grey = recipe.ink is not None and recipe.ink.black_only
    fetcher = BookFetcher(dict(recipe.folders), grey=grey)
    return Typesetter(recipe.stylesheets, recipe.faces, fetcher, recipe.variant, recipe.ink)


@lru_cache(maxsize=_TYPESETTERS)
def _typesetter(recipe: Recipe, generation: int) -> Typesetter:  # noqa: ARG001 - part of the key
    return typesetter_of(recipe)


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
