"""What a run shows: progress, findings, files; on a terminal, in a pipe, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from makeready.build.manifest import Artefact
from makeready.build.request import BuildResult
from makeready.errors import MakereadyError
from makeready.findings import Finding, Severity
from makeready.wording import counted
from makeready.workers.progress import Step, TimeLeft

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_OUTPUT_SUFFIXES = (".pdf", ".epub")


@dataclass
class Screen:
    """The one place that prints; ``json_only`` keeps everything for one JSON document.

    Without ``tells_stages`` nothing is printed of the stages in a pipe; without ``moves`` the
    moving line moves with the steps alone, and no thread is begun for it.
    """

    book: Path
    output: Path
    json_only: bool = False
    tells_stages: bool = True
    moves: bool = True
    _console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    _errors: Console = field(
        default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True)
    )
    _line: Live | None = None
    _spinner: Spinner = field(default_factory=lambda: Spinner("dots"))
    _told: set[str] = field(default_factory=set)
    _time_left: TimeLeft = field(default_factory=TimeLeft)

    def step(self, step: Step) -> None:
        """Show what is being done: a moving line on a terminal, a line a stage in a pipe."""
        if self.json_only:
            return
        if self._errors.is_terminal:
            text = Text(self._time_left.progress_text(step), no_wrap=True, overflow="ellipsis")
            if self._line is None:
                self._line = Live(
                    self._spinner, console=self._errors, transient=True, auto_refresh=self.moves
                )
                self._line.start()
            self._spinner.update(text=text)
            self._line.refresh()
        elif self.tells_stages and step.heading not in self._told:
            self._told.add(step.heading)
            self._errors.print(Text(step.heading))

    def rest(self) -> None:
        """Take the moving line away."""
        if self._line is not None:
            self._line.stop()
            self._line = None

    def findings(self, findings: Iterable[Finding], *, notes: bool) -> None:
        """Show findings, errors last so that they are seen; ``notes`` shows the notes too."""
        if self.json_only:
            return
        self.rest()
        found = list(findings)
        for severity in (Severity.NOTE, Severity.WARNING, Severity.ERROR):
            if severity is Severity.NOTE and not notes:
                continue
            for finding in found:
                if finding.severity is severity:
                    self._finding(finding)
        counts = [
            counted(count, str(severity))
            for severity in Severity
            if (count := sum(finding.severity is severity for finding in found))
        ]
        if counts:
            hidden = not notes and any(f.severity is Severity.NOTE for f in found)
            hint = "; run `makeready check` to see the notes" if hidden else ""
            self._errors.print(Text(f"{', '.join(counts)}{hint}"))

    def _finding(self, finding: Finding) -> None:
        line = Text()
        if finding.location is not None:
            line.append(f"{self.place(finding)}: ")
        line.append(str(finding.severity), style=_COLOURS[finding.severity])
        line.append(f" {finding.id}: {finding.message}")
        self._errors.print(line)
        if finding.hint:
            self._errors.print(Text(f"  hint: {finding.hint}"))

    def place(self, finding: Finding) -> str:
        """Return a finding's place as a path from here: in the book, or among the artefacts."""
        assert finding.location is not None
        path = finding.location.path
        whole = path.partition("#")[0].partition(".epub/")
        is_made = bool(whole[1]) or whole[0].endswith(_OUTPUT_SUFFIXES)
        folder = self.output if is_made else self.book
        where = (folder / path).as_posix()
        return where if finding.location.line is None else f"{where}:{finding.location.line}"

    def files(self, artefacts: Iterable[Artefact], seconds: float | None = None) -> None:
        """List the files that were written, and within how many seconds of a save."""
        if self.json_only:
            return
        self.rest()
        for artefact in artefacts:
            pages = f"{counted(artefact.pages, 'page')}, " if artefact.pages else ""
            size = f"{artefact.bytes / 1000:,.0f} kB"
            within = "" if seconds is None else f", in {seconds:.2f} s"
            path = (self.output / artefact.path).as_posix()
            self._console.print(Text(f"{path}  {pages}{size}{within}"))

    def say(self, text: str) -> None:
        """Say one line beside what is made."""
        if not self.json_only:
            self.rest()
            self._errors.print(Text(text))

    def document(self, result: BuildResult, seconds: float | None = None) -> None:
        """Print everything as one JSON document, when that is what was asked for.

        One of many, made within ``seconds`` of a save, is one line.
        """
        data = described(result)
        if seconds is not None:
            data["seconds"] = seconds
        self.data(data, indent=2 if seconds is None else None)

    def data(self, data: object, indent: int | None = 2) -> None:
        """Print a JSON document, when that is what was asked for."""
        if self.json_only:
            self._console.print_json(json.dumps(data), indent=indent)

    def error(self, error: MakereadyError) -> None:
        """Show what stopped the run."""
        self.rest()
        self._errors.print(Text(f"makeready: {error.message}"))
        if error.hint:
            self._errors.print(Text(f"  hint: {error.hint}"))


def described(result: BuildResult) -> dict[str, object]:
    """Return what was made and found, and where the time went, as JSON has it."""
    data: dict[str, object] = {
        "files": [asdict(artefact) for artefact in result.artefacts],
        "findings": [
            {
                "id": finding.id,
                "severity": str(finding.severity),
                "message": finding.message,
                "hint": finding.hint,
                "path": finding.location.path if finding.location else None,
                "line": finding.location.line if finding.location else None,
            }
            for finding in result.findings
        ],
    }
    if result.profile is not None:
        data["profile"] = asdict(result.profile)
    return data
