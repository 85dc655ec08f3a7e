"""``makeready preview``: pages made on every save, and served to the browser.

One child makes the pages that a browser shows, as soon as a file is saved. Another one builds
everything after that, for the findings of the finished files and for the e-books; it makes way for
the next save. A third one compares pages with earlier ones, while a browser shows the changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from makeready.book.styles_folder import built_in_styles
from makeready.build.file_watcher import FileWatcher
from makeready.build.job import GRACE_SECONDS, prepare, terminated_result
from makeready.build.request import BuildRequest
from makeready.errors import MakereadyError, UsageError
from makeready.pdf.fragment import TextLine
from makeready.preview.full_build import begin_building
from makeready.preview.made import (
    BuildAll,
    Checked,
    CoverRequest,
    EditionName,
    MadeCover,
    MadePages,
    PagesRequest,
    Shown,
    Wanted,
    Working,
)
from makeready.preview.page_maker import begin_making
from makeready.preview.server import ServerProcess
from makeready.preview.shown_changes import ShownChanges
from makeready.workers.progress import Report, Step, TimeLeft
from makeready.workers.supervisor import SupervisedProcess, Terminated

_PACKAGE = Path(__file__).resolve().parents[1]
_TEXT = (".md", ".toml")
_PROGRESS_SECONDS = 0.15
_EPUB = "epub"

OnShown = Callable[[Shown], None]
"""Tells the user of pages that were made."""


def run_preview(
    request: BuildRequest,
    server: ServerProcess,
    report: Report,
    on_shown: OnShown,
    step_seconds: float,
) -> None:
    """Make the pages of a book now and after each save, and have them served; never ends.

    ``request`` has an output folder of its own. The first pages raise what is wrong with the order.
    """
    prepare(request)
    unchecked = request.output / "unchecked"
    unchecked.mkdir(exist_ok=True)
    request = replace(request, as_draft=True, marks_drafts=False, temporary=unchecked)
    with (
        SupervisedProcess(begin_making, request) as pages,
        SupervisedProcess(begin_building, request) as builds,
        ShownChanges(request, server.send, lambda _: None, step_seconds + GRACE_SECONDS) as changes,
    ):
        _Preview(request, server, pages, builds, changes, report, on_shown, step_seconds).run()


@dataclass
class _Preview:
    """The preview of one book."""

    request: BuildRequest
    server: ServerProcess
    pages: SupervisedProcess[MadePages | MadeCover]
    builds: SupervisedProcess[Checked]
    changes: ShownChanges
    report: Report
    on_shown: OnShown
    step_seconds: float
    wanted: tuple[str, ...] = ("",)
    _editions: tuple[EditionName, ...] = ()
    _made: dict[str, MadePages] = field(default_factory=dict)
    _lines: dict[str, tuple[TextLine, ...]] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    """The editions made since the last save; the empty name stands for the first one."""

    _to_build: list[tuple[str, ...]] = field(default_factory=list)
    """The editions of each build to do, no names for all of them."""

    _is_building: bool = False
    _text_alone: bool = True
    """Whether only text has changed since the last build."""

    _files: int = 0
    _told_at: float = 0.0
    _time_left: TimeLeft = field(default_factory=TimeLeft)

    def run(self) -> None:
        """Make what browsers show, build the rest, and wait for a save or another wish."""
        folders = (self.request.book, built_in_styles(), _PACKAGE)
        watched = FileWatcher(folders, (self.request.output, self.request.cache))
        changed, noticed, text_alone = set[str](), time.perf_counter(), True
        self._begin_anew(text_alone=text_alone)
        while True:
            for edition in self.wanted or ("",):
                if edition not in self._fresh:
                    self._show(edition, noticed, text_alone=text_alone)
                    text_alone = True
            self._start_build()
            changed, noticed = watched.wait(self._attend)
            text_alone = all(path.endswith(_TEXT) for path in changed)
            if changed:
                self._begin_anew(text_alone=text_alone)

    def _begin_anew(self, *, text_alone: bool) -> None:
        """Take all that was made for out of date; what is being built would be, too."""
        self._fresh.clear()
        self._text_alone = self._text_alone and text_alone
        if self._is_building:
            self.builds.close()
            self._is_building, self._text_alone = False, True
        shown = [one for one in self.wanted if one and self._kind(one) == _EPUB]
        self._to_build = [*((name,) for name in shown), ()]

    def _kind(self, edition: str) -> str:
        return next((one.kind for one in self._editions if one.name == edition), "")

    def _show(self, edition: str, since: float, *, text_alone: bool) -> None:
        """Make the pages of an edition and its printed cover; an e-book is built with the rest."""
        if edition and self._kind(edition) == _EPUB:
            return
        made = self._made_pages(edition, text_alone=text_alone)
        self._fresh |= {edition, made.edition}
        if not made.edition and made.editions and not made.error:
            # A book of e-books alone has no pages.
            self._editions = made.editions
            self.server.send(Shown(made, 0.0), edition)
            return
        self._editions = made.editions or self._editions
        before = self._made.get(made.edition)
        changed = {page.digest for page in made.pages}
        if before is not None:
            changed -= {page.digest for page in before.pages}
        shown = Shown(made, time.perf_counter() - since, frozenset(changed))
        if made.file is not None:
            self._made[made.edition] = made
            self._lines |= made.lines
            self._lines = {key: self._lines[key] for key in self._keys()}
        with_all_lines = {k: self._lines[k] for k in made.sections if k in self._lines}
        whole = replace(shown, pages=replace(made, lines=with_all_lines))
        if made.file is not None:
            self.changes.take(made)
        self.server.send(shown, made.edition, whole)
        self.on_shown(shown)
        if made.file is not None:
            self._show_cover()

    def _keys(self) -> set[str]:
        keys = {page.section for made in self._made.values() for page in made.pages}
        return keys & self._lines.keys()

    def _made_pages(self, edition: str, *, text_alone: bool) -> MadePages:
        known = frozenset(self._keys())
        file = self._next_file()
        request = PagesRequest(self.request, edition, text_alone, known, file)
        try:
            made = self._ask(request)
        except UsageError:
            if not self._made:
                raise
            made = MadePages(edition, error="The book has no such edition any more.")
        except MakereadyError as error:
            made = MadePages(edition, error=f"{error.message} {error.hint}".strip())
        if isinstance(made, Terminated):
            made = self._made_of_terminated(edition, made)
        assert isinstance(made, MadePages)
        return made

    def _made_of_terminated(self, edition: str, terminated: Terminated) -> MadePages:
        try:
            result = terminated_result(self.request, terminated)
        except MakereadyError as error:
            return MadePages(edition, error=f"{error.message} {error.hint}".strip())
        return MadePages(edition, findings=result.findings)

    def _show_cover(self) -> None:
        try:
            made = self._ask(CoverRequest(self._next_file()))
        except MakereadyError:
            return
        if isinstance(made, MadeCover) and made.edition:
            self.server.send(made, made.edition)

    def _ask(self, request: PagesRequest | CoverRequest) -> MadePages | MadeCover | Terminated:
        limit = self.step_seconds + GRACE_SECONDS
        return self.pages.run(request, self._tell_step, limit)

    def _next_file(self) -> Path:
        self._files += 1
        return self.request.output / f"shown-{self._files}.pdf"

    def _tell_step(self, step: Step) -> None:
        self.report(step)
        now = time.monotonic()
        if now - self._told_at > _PROGRESS_SECONDS:
            self._told_at = now
            self.server.send(Working(self._time_left.progress_text(step)))

    def _start_build(self) -> None:
        """Start to build what comes next, if nothing is being built."""
        if self._is_building:
            return
        if not self._to_build:
            self.server.send(Working(""))
            return
        editions = self._to_build.pop(0)
        build = replace(self.request, editions=editions or self.request.editions)
        request = BuildAll(build, self._text_alone, is_whole=not editions)
        self._text_alone = True
        self._is_building = True
        self.server.send(Working("Checking the files"))
        self.builds.submit(request, lambda _: None, self.step_seconds + GRACE_SECONDS)

    def _attend(self) -> bool:
        """Look after the server and the build; return whether there is something to make."""
        for message in self.server.messages():
            self._take_wanted(message)
        self.changes.attend()
        if self._is_building:
            try:
                outcome = self.builds.poll()
            except MakereadyError:
                self._is_building = False
                return True
            if outcome is not None:
                self._is_building = False
                if isinstance(outcome, Checked):
                    self.server.send(outcome, "whole" if outcome.is_whole else "")
                return True
        is_stale = any(name not in self._fresh for name in self.wanted if self._kind(name) != _EPUB)
        return is_stale or (not self._is_building and bool(self._to_build))

    def _take_wanted(self, wanted: Wanted) -> None:
        self.wanted = wanted.editions or self.wanted
        self.changes.wanted = wanted.changes
