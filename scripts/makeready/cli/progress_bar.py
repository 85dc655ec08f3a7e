"""The bar that shows the stage of a run on a terminal, and is gone when the run ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Column

from makeready.wording import one_line
from makeready.workers.progress import Step, TimeLeft

_STAGE_WIDTH = 30
_BAR_WIDTH = 24


@dataclass
class ProgressBar:
    """One bar for each stage in turn, with what is done in it and the time left where known.

    A stage whose length is unknown has a bar that moves to and fro. Without ``is_animated`` it
    changes only with a step, and needs no thread.
    """

    console: Console
    is_animated: bool = True
    _progress: Progress | None = None
    _task: TaskID = field(init=False)
    _stage: str = ""
    _time_left: TimeLeft = field(default_factory=TimeLeft)

    def show(self, step: Step) -> None:
        """Show a step in the bar of its stage."""
        progress = self._progress or self._start()
        stage, detail = one_line(step.heading), one_line(self._time_left.detail(step))
        total = step.counts.total or None
        if stage != self._stage:
            self._stage = stage
            progress.reset(self._task, total=total, description=stage, detail=detail)
        progress.update(self._task, completed=step.counts.done, total=total, detail=detail)
        progress.refresh()

    def end(self) -> None:
        """Remove the bar."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
            self._stage = ""

    def _start(self) -> Progress:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn(
                "{task.description}",
                markup=False,
                table_column=Column(min_width=_STAGE_WIDTH, no_wrap=True),
            ),
            BarColumn(bar_width=_BAR_WIDTH),
            TextColumn(
                "{task.fields[detail]}",
                markup=False,
                table_column=Column(no_wrap=True, overflow="ellipsis"),
            ),
            console=self.console,
            transient=True,
            auto_refresh=self.is_animated,
        )
        self._task = self._progress.add_task("", total=None, detail="")
        self._progress.start()
        return self._progress
