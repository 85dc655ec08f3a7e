"""``makeready watch``: rebuild a book whenever one of its files is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from makeready.book.styles_folder import built_in_styles
from makeready.build.file_watcher import FileWatcher
from makeready.build.job import GRACE_SECONDS, prepare, start_fork_pool, terminated_result
from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest, BuildResult
from makeready.errors import MakereadyError, UsageError
from makeready.workers.progress import Report
from makeready.workers.supervisor import SupervisedProcess, Terminated, Work

_PACKAGE = Path(__file__).resolve().parents[1]
_TEXT = (".md", ".toml")


@dataclass(frozen=True, slots=True)
class _RebuildRequest:
    """A request to rebuild the book; ``text_alone``: only Markdown files have changed."""

    build: BuildRequest
    text_alone: bool


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One rebuild: its result or the error that stopped it, and the ``seconds`` since the save."""

    result: BuildResult | None
    seconds: float
    stopped_by: MakereadyError | None = None
    code_changed: bool = False


def rebuilds(request: BuildRequest, report: Report, step_seconds: float) -> Iterator[Rebuilt]:
    """Build now and after each save, and yield each rebuild; never ends.

    One child does all of it, and keeps between rebuilds whatever has not changed; one that
    hangs or crashes is begun anew. The first rebuild raises what is wrong with the order.
    """
    prepare(request)
    styles = built_in_styles()
    watched = FileWatcher((request.book, styles, _PACKAGE), (request.output, request.cache))
    noticed, changed, first = time.perf_counter(), set[str](), True
    with SupervisedProcess(_begin, request) as process:
        while True:
            text_alone = all(path.endswith(_TEXT) for path in changed)
            rebuild = _RebuildRequest(request, text_alone)
            rebuilt = _rebuild(
                request, partial(_ask, process, rebuild, report, step_seconds), noticed
            )
            if first and isinstance(rebuilt.stopped_by, UsageError):
                raise rebuilt.stopped_by
            yield rebuilt
            first = False
            changed, noticed = watched.wait()
            while changed and all(_is_code(path, styles) for path in changed):
                yield Rebuilt(None, 0.0, code_changed=True)
                changed, noticed = watched.wait()


def _is_code(path: str, styles: Path) -> bool:
    return Path(path).is_relative_to(_PACKAGE) and not Path(path).is_relative_to(styles)


def _ask(
    process: SupervisedProcess[BuildResult],
    rebuild: _RebuildRequest,
    report: Report,
    step_seconds: float,
) -> BuildResult | Terminated:
    """Have the child rebuild the book while this process holds the output folder."""
    with holding_output(rebuild.build, report, step_seconds) as held:
        return process.run(replace(rebuild, build=held), report, step_seconds + GRACE_SECONDS)


def _rebuild(
    request: BuildRequest, ask: Callable[[], BuildResult | Terminated], since: float
) -> Rebuilt:
    result, error = None, None
    try:
        came = ask()
        result = came if isinstance(came, BuildResult) else terminated_result(request, came)
    except MakereadyError as caught:
        error = caught
    return Rebuilt(result, time.perf_counter() - since, error)


def _begin(request: BuildRequest) -> Work[BuildResult]:
    """Open a session that stays open between rebuilds; runs in the child."""
    fork_pool = start_fork_pool(request)
    from makeready.build.run import make_book  # noqa: PLC0415
    from makeready.build.session import BuildSession  # noqa: PLC0415

    session = BuildSession(request, fork_pool)
    session.store().keep_in_memory()

    def rebuild(asked: _RebuildRequest, report: Report) -> BuildResult:
        if not asked.text_alone:
            session.invalidate()
        result = make_book(asked.build, report, session)
        session.warm_up()
        return result

    return rebuild
