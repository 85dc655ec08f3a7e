"""The process that builds all editions, for what only their finished files show."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace

from makeready.build.job import start_fork_pool
from makeready.build.request import BuildRequest
from makeready.preview.made import BuildAll, Checked, MadeBook
from makeready.workers.progress import Report
from makeready.workers.supervisor import Work

_NICENESS = 10
_EPUB_SUFFIX = ".epub"


def begin_building(request: BuildRequest) -> Work[Checked]:
    """Open a session that stays open between requests; runs in the child.

    It takes the processor only while nothing more urgent wants it.
    """
    with suppress(OSError):
        os.nice(_NICENESS)
    # One section at a time leaves a processor to the pages that are waited for.
    request = replace(request, jobs=1)
    fork_pool = start_fork_pool(request)
    from makeready.build.run import make_book  # noqa: PLC0415
    from makeready.build.session import BuildSession  # noqa: PLC0415

    session = BuildSession(request, fork_pool)

    def build(asked: BuildAll, report: Report) -> Checked:
        if not asked.text_alone:
            session.invalidate()
        result = make_book(replace(asked.build, jobs=1), report, session)
        books = tuple(
            MadeBook(one.edition, asked.build.output / one.path, one.sha256[:24])
            for one in result.artefacts
            if one.path.endswith(_EPUB_SUFFIX)
        )
        return Checked(result.findings, asked.is_whole, books)

    return build
