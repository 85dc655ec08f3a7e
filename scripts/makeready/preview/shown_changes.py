"""What has changed in the pages that browsers show, compared when nothing else is to be done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from makeready.build.request import BuildRequest
from makeready.errors import MakereadyError
from makeready.preview.made import ChangesRequest, MadeChanges, MadePages
from makeready.preview.page_changes import START, begin_comparing
from makeready.workers.progress import Report
from makeready.workers.supervisor import SupervisedProcess, Terminated, termination_error

_LINK = "made-"
_Wanted = tuple[str, str]
"""An edition, and what it is compared with."""


@dataclass
class ShownChanges:
    """Compares the newest pages of editions with what they were first, or at a revision.

    ``send`` is called with what was found, and the edition. Links keep the files that are compared
    while the server deletes those that it shows no more.
    """

    request: BuildRequest
    send: Callable[[MadeChanges, str], None]
    report: Report
    step_seconds: float
    process: SupervisedProcess[MadeChanges] = field(init=False)
    wanted: tuple[_Wanted, ...] = ()
    _first: dict[str, MadePages] = field(default_factory=dict)
    _newest: dict[str, MadePages] = field(default_factory=dict)
    _done: set[_Wanted] = field(default_factory=set)
    _sent: dict[str, MadeChanges] = field(default_factory=dict)
    _asked: ChangesRequest | None = None
    _links: int = 0

    def __post_init__(self) -> None:
        self.process = SupervisedProcess(begin_comparing, self.request)
        self._folder.mkdir(exist_ok=True)

    def __enter__(self) -> ShownChanges:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close()

    @property
    def _folder(self) -> Path:
        return self.request.output / "compared"

    def take(self, made: MadePages) -> None:
        """Take newly made pages into account; call it before the server has their file."""
        assert made.file is not None
        self._links += 1
        link = self._folder / f"{_LINK}{self._links}.pdf"
        try:
            os.link(made.file, link)
        except OSError:
            # Not every file system has hard links.
            shutil.copyfile(made.file, link)
        linked = replace(made, file=link, lines={}, findings=())
        self._first.setdefault(made.edition, linked)
        self._newest[made.edition] = linked
        self._done = {wanted for wanted in self._done if wanted[0] != made.edition}
        self._delete_unused()

    def attend(self) -> None:
        """Send what was found since the last call, and begin with what comes next."""
        if self._asked is not None:
            asked = self._asked
            try:
                outcome = self.process.poll()
            except MakereadyError as error:
                self._finish(asked, _failed(asked, error))
            else:
                if isinstance(outcome, Terminated):
                    self._finish(asked, _failed(asked, termination_error(outcome)))
                elif outcome is not None:
                    self._finish(asked, outcome)
        if self._asked is None:
            self._begin_next()

    def _begin_next(self) -> None:
        for edition, since in self.wanted:
            new = self._newest.get(edition)
            if new is None or (edition, since) in self._done:
                continue
            old = self._first[edition] if since == START else None
            self._asked = ChangesRequest(self.request, since, old, new, self._folder)
            self.process.submit(self._asked, self.report, self.step_seconds)
            return

    def _finish(self, asked: ChangesRequest, made: MadeChanges) -> None:
        edition = asked.new.edition
        self._asked = None
        if asked.new is self._newest[edition]:
            self._done.add((edition, asked.since))
        self._sent[edition] = made
        self.send(made, edition)
        self._delete_unused()

    def _delete_unused(self) -> None:
        made = [*self._first.values(), *self._newest.values()]
        asked = [self._asked.new] if self._asked is not None else []
        used = {one.file for one in (*made, *asked)}
        used |= {one.new_file for one in self._sent.values()}
        for link in self._folder.glob(f"{_LINK}*.pdf"):
            if link not in used:
                link.unlink(missing_ok=True)


def _failed(asked: ChangesRequest, error: MakereadyError) -> MadeChanges:
    text = f"{error.message} {error.hint}".strip()
    return MadeChanges(asked.new.edition, asked.since, error=text)
