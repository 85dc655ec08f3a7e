"""The output of a run: progress, findings and files, on a terminal, in a pipe, or as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from makeready.build.manifest import Artefact
from makeready.build.request import BuildResult
from makeready.cli.gathered_findings import GatheredFinding, gathered
from makeready.cli.progress_bar import ProgressBar
from makeready.cli.run_log import RUN_LOG
from makeready.cli.verbosity import Verbosity, verbosity
from makeready.errors import MakereadyError
from makeready.findings import Finding, Severity
from makeready.wording import counted, one_line, visible, visible_json
from makeready.workers.progress import Step, TimeLeft

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
MAX_FINDINGS = 10_000
"""So many findings a JSON document has at most."""

_NAMED = re.compile(r"\b[Ee]ditions? “?([\w-]+)”?(?: and “?([\w-]+))?")
_ARTEFACT_SUFFIXES = (".pdf", ".epub")


@dataclass
class Reporter:
    """The printer of everything that a run shows; ``json_only`` prints one JSON document alone.

    Without ``shows_stages`` no stages are printed in a pipe. Without ``is_animated`` the progress
    bar changes only with a step, and needs no thread.
    """

    book: Path
    output: Path
    json_only: bool = False
    shows_stages: bool = True
    is_animated: bool = True
    verbosity: Verbosity = field(default_factory=verbosity)
    _console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    _errors: Console = field(
        default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True)
    )
    _bar: ProgressBar = field(init=False)
    _shown: set[str] = field(default_factory=set)
    _time_left: TimeLeft = field(default_factory=TimeLeft)

    def __post_init__(self) -> None:
        """Make the progress bar, which is shown with the first step."""
        self._bar = ProgressBar(self._errors, self.is_animated)

    def step(self, step: Step) -> None:
        """Show progress: a bar on a terminal, a line for each stage in a pipe, or for each step."""
        RUN_LOG.add(str(step))
        if self.json_only or self.verbosity is Verbosity.QUIET:
            return
        if self.verbosity is Verbosity.VERBOSE:
            text = self._time_left.progress_text(step)
            self._show_once(text, f"{RUN_LOG.seconds:7.2f} s  {text}")
        elif self._errors.is_terminal and not self._errors.is_dumb_terminal:
            self._bar.show(step)
        elif self.shows_stages:
            self._show_once(step.heading, step.heading)

    def _show_once(self, key: str, text: str) -> None:
        if key not in self._shown:
            self._shown.add(key)
            self._errors.print(Text(one_line(text)))

    def end_progress(self) -> None:
        """Remove the progress bar."""
        self._bar.end()

    def findings(self, findings: Iterable[Finding], *, notes: bool) -> None:
        """Show findings, errors last, where they are easy to see; ``notes`` shows the notes too."""
        found = list(findings)
        for finding in found:
            RUN_LOG.add(f"{finding.id}: {finding.message}")
        if self.json_only:
            return
        self.end_progress()
        for severity in (Severity.NOTE, Severity.WARNING, Severity.ERROR):
            if severity is Severity.NOTE and not notes:
                continue
            for one in gathered(finding for finding in found if finding.severity is severity):
                self._show_finding(one)
        counts = [
            counted(count, str(severity))
            for severity in Severity
            if (count := sum(finding.severity is severity for finding in found))
        ]
        if counts and self.verbosity is not Verbosity.QUIET:
            hidden = not notes and any(f.severity is Severity.NOTE for f in found)
            hint = "; add --notes to list the notes" if hidden else ""
            self._errors.print(Text(f"{', '.join(counts)}{hint}"))

    def _show_finding(self, one: GatheredFinding) -> None:
        finding, line = one.finding, Text()
        if finding.location is not None:
            line.append(one_line(f"{self.location_text(finding)}: "))
        line.append(str(finding.severity), style=_COLOURS[finding.severity])
        line.append(one_line(f" {finding.id}: {finding.message}"))
        where = finding.pages or _unnamed_editions(finding)
        added = [text for text in (", ".join(where), one.places) if text]
        line.append(one_line(f" ({'; '.join(added)})") if added else "")
        self._errors.print(line)
        if finding.hint:
            self._errors.print(Text(one_line(f"  hint: {finding.hint}")))

    def location_text(self, finding: Finding) -> str:
        """Return a finding's location, with the folder of the book or of the output."""
        assert finding.location is not None
        path = finding.location.path
        file, is_in_epub, _ = path.partition("#")[0].partition(".epub/")
        is_artefact = bool(is_in_epub) or file.endswith(_ARTEFACT_SUFFIXES)
        folder = self.output if is_artefact else self.book
        return str(replace(finding.location, path=(folder / path).as_posix()))

    def files(self, artefacts: Iterable[Artefact], seconds: float | None = None) -> None:
        """List the files that were written, and the seconds since a save if they are given."""
        if self.json_only or self.verbosity is Verbosity.QUIET:
            return
        self.end_progress()
        for artefact in artefacts:
            pages = f"{counted(artefact.pages, 'page')}, " if artefact.pages else ""
            size = f"{artefact.bytes / 1000:,.0f} kB"
            delay = "" if seconds is None else f", in {seconds:.2f} s"
            path = (self.output / artefact.path).as_posix()
            self._console.print(Text(one_line(f"{path}  {pages}{size}{delay}")))

    def folders(self, pages: Iterable[str]) -> None:
        """List the folders that were made, each with the page in it to open."""
        if self.json_only or self.verbosity is Verbosity.QUIET:
            return
        self.end_progress()
        for page in pages:
            path = self.output / page
            text = f"{path.parent.as_posix()}/  open {path.name}"
            self._console.print(Text(one_line(text)))

    def message(self, text: str) -> None:
        """Show one line on the error stream."""
        if not self.json_only and self.verbosity is not Verbosity.QUIET:
            self.end_progress()
            self._errors.print(Text(visible(text)))

    def print_result_json(self, result: BuildResult, seconds: float | None = None) -> None:
        """Print a result as a JSON document, if JSON was asked for.

        With the ``seconds`` since a save it is one line, since more documents follow.
        """
        data = json_data(result)
        if seconds is not None:
            data["seconds"] = seconds
        self.print_json(data, indent=2 if seconds is None else None)

    def print_json(self, data: object, indent: int | None = 2) -> None:
        """Print a JSON document, if JSON was asked for."""
        if self.json_only:
            text = Text(visible_json(data, indent))
            JSONHighlighter().highlight(text)
            self._console.print(text)

    def error(self, error: MakereadyError, log: Path | None = None) -> None:
        """Show the error that ended the run, and the log that was written of it."""
        self.end_progress()
        self._errors.print(Text(visible(f"makeready: {error.message}")))
        if error.hint:
            self._errors.print(Text(visible(f"  hint: {error.hint}")))
        if log is not None:
            self._errors.print(Text(visible(f"  log: {log.as_posix()}")))


def _unnamed_editions(finding: Finding) -> list[str]:
    """Return the editions of a finding that neither its message nor its file names."""
    file = finding.location.path.partition(".")[0] if finding.location else ""
    named = {name for pair in _NAMED.findall(finding.message) for name in pair}
    return [
        edition
        for edition in finding.editions
        if edition not in named and not file.endswith((f"-{edition}", f"-{edition}-cover"))
    ]


def json_data(result: BuildResult) -> dict[str, object]:
    """Return the files, findings and times of a result as they are in JSON.

    Of very many findings it has the most severe, and how many it leaves out.
    """
    severities = list(Severity)
    by_severity = sorted(result.findings, key=lambda one: severities.index(one.severity))
    left_out = len(result.findings) - MAX_FINDINGS
    data: dict[str, object] = {
        "files": [artefact.as_data() for artefact in result.artefacts],
        "findings": [
            {
                "id": finding.id,
                "severity": str(finding.severity),
                "message": finding.message,
                "hint": finding.hint,
                "path": finding.location.path if finding.location else None,
                "line": finding.location.line if finding.location else None,
                "editions": finding.editions,
                **({"pages": finding.pages} if finding.pages else {}),
            }
            for finding in (by_severity[:MAX_FINDINGS] if left_out > 0 else result.findings)
        ],
    }
    if left_out > 0:
        data["findings_left_out"] = left_out
    if result.folders:
        data["folders"] = [page.rpartition("/")[0] for page in result.folders]
    if result.profile is not None:
        data["profile"] = asdict(result.profile)
    return data
