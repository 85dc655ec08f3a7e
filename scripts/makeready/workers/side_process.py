"""Work in a process beside this one, which helps if it is done in time and is not waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from makeready.workers.child import begin_child, start
from makeready.workers.context import process_context


@contextmanager
def side_process(work: Callable[..., object], *arguments: object) -> Iterator[None]:
    """Call ``work`` in another process for as long as the context lasts, then kill that process.

    What it returns or raises is dropped. Where this process has no threads it can be forked.
    """
    process = process_context().Process(target=_run, args=(work, arguments))
    start(process)
    try:
        yield
    finally:
        process.kill()
        process.join()


def _run(work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    begin_child()
    with suppress(Exception):
        work(*arguments)
