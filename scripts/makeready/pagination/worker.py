"""What a worker does: it makes the engine ready, and sets one section within a time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from makeready.engine.fetcher import BookFetcher
from makeready.engine.render_section import render_section
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.engine.typesetter import Typesetter
from makeready.errors import FindingsError, reason_of
from makeready.fonts import seal_fontconfig
from makeready.pdf.fragment import Fragment
from makeready.workers.time_limit import TimeLimitError, run_within

_TYPESETTERS = 4
_engine = threading.Lock()
"""The engine does one thing at a time in a process, though a cluster's worker has threads."""


def typesetter_of(typesetter_config: TypesetterConfig) -> Typesetter:
    """Make the engine ready, in a process that may have made it ready for other fonts."""
    if typesetter_config.fonts:
        seal_fontconfig(typesetter_config.fonts)
    grey = typesetter_config.ink is not None and typesetter_config.ink.black_only
    fetcher = BookFetcher(dict(typesetter_config.folders), grey=grey)
    return Typesetter(
        typesetter_config.stylesheets,
        typesetter_config.fonts,
        fetcher,
        typesetter_config.variant,
        typesetter_config.ink,
    )


@lru_cache(maxsize=_TYPESETTERS)
def _typesetter(typesetter_config: TypesetterConfig, generation: int) -> Typesetter:  # noqa: ARG001 - part of the key
    return typesetter_of(typesetter_config)


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


def typeset_section(
    typesetter_config: TypesetterConfig,
    section_job: SectionJob,
    seconds: float,
    generation: int = 0,
) -> Fragment | Failure:
    """Set one section in this process, within a time.

    A typesetter keeps the images it has met: of another ``generation``, they are others.
    """
    with _engine, _garbage_left():
        try:
            return run_within(
                seconds,
                lambda: render_section(_typesetter(typesetter_config, generation), section_job),
            )
        except TimeLimitError:
            return Failure(seconds=seconds)
        except FindingsError as error:
            return Failure(error.message.rstrip("."))
        except Exception as error:
            return Failure(reason_of(error))
