"""The work of a worker process: one section typeset within a time limit."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from makeready.cache import DiskCache
from makeready.engine.fetcher import BookFetcher
from makeready.engine.images import ImageLoader
from makeready.engine.render_section import render_section
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.engine.typesetter import Typesetter
from makeready.errors import FindingsError, reason_of
from makeready.fonts import seal_fontconfig
from makeready.pdf.fragment import Fragment
from makeready.pdf.images import IMAGE_SUFFIX, LARGEST_BYTES, ImageConverter
from makeready.workers.time_limit import TimeLimitError, run_within

_CACHED_TYPESETTERS = 4
_engine_lock = threading.Lock()
"""The engine is not thread-safe, and the worker of a cluster may have several threads."""


def make_typesetter(typesetter_config: TypesetterConfig) -> Typesetter:
    """Return a typesetter of a configuration, with fontconfig sealed for its fonts."""
    if typesetter_config.fonts:
        seal_fontconfig(typesetter_config.fonts)
    folder = typesetter_config.image_cache
    cache = DiskCache(folder, IMAGE_SUFFIX, LARGEST_BYTES) if folder is not None else None
    return Typesetter(
        typesetter_config.stylesheets,
        typesetter_config.fonts,
        BookFetcher(dict(typesetter_config.folders)),
        typesetter_config.variant,
        ImageLoader(ImageConverter(typesetter_config.image_target, cache)),
        typesetter_config.balance,
    )


@lru_cache(maxsize=_CACHED_TYPESETTERS)
def _cached_typesetter(typesetter_config: TypesetterConfig, generation: int) -> Typesetter:  # noqa: ARG001 - part of the key
    return make_typesetter(typesetter_config)


@contextmanager
def _collection_deferred() -> Iterator[None]:
    """Collect garbage once when the context ends, and not while it lasts.

    Each collection would traverse the many objects that the engine holds.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect(0)


def typeset_section(
    typesetter_config: TypesetterConfig,
    section_job: SectionJob,
    seconds: float,
    generation: int = 0,
) -> Fragment | Failure:
    """Typeset one section in this process, within ``seconds``.

    A typesetter caches images. With another ``generation`` a new one is used, because images may
    have changed.
    """
    with _engine_lock, _collection_deferred():
        try:
            return run_within(
                seconds,
                lambda: render_section(
                    _cached_typesetter(typesetter_config, generation), section_job
                ),
            )
        except TimeLimitError:
            return Failure(seconds=seconds)
        except FindingsError as error:
            return Failure(error.message.rstrip("."))
        except Exception as error:
            return Failure(reason_of(error))
