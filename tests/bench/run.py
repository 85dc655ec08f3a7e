"""Time makeready beside its peers, in one run, and write ``docs/bench.md`` and its plot.

::

    make bench                                    # books of 100, 300 and 1,000 pages
    make bench PAGES=300 ONLY="cold typst"        # two jobs, at one length
    make bench SKIP=counter@1000                  # without a job at one length
    make bench REPEATS="3 counter@1000=1"         # three turns, but one of that job

Every job is run once in turn, and then all again, so that whatever else the machine does falls
on all alike; what is reported is the median. What was not measured this time is kept from
earlier runs in ``docs/bench.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pypdfium2
from bench_jobs import PEERS, ROOT, Job, Workspace
from bench_plot import plot
from bench_record import TITLES, Figure, Record, Run, read_record, write_record
from bench_report import report
from timing import BenchError, Timing, work_together

DOCS = ROOT / "docs"
_PEERS = """\
import importlib.metadata as m, json, pypandoc
print(json.dumps({"WeasyPrint": m.version("weasyprint"), "Typst": m.version("typst"),
    "Pandoc": str(pypandoc.get_pandoc_version()), "path": str(pypandoc.get_pandoc_path())}))
"""


def main() -> int:
    """Read the command line, run the jobs, and write what was found; return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--pages", nargs="+", type=int, default=[300], help="lengths of book")
    parser.add_argument("--repeats", nargs="+", default=["3"], metavar="N|JOB[@PAGES]=N")
    parser.add_argument("--only", nargs="*", default=[], metavar="JOB[@PAGES]")
    parser.add_argument("--skip", nargs="*", default=[], metavar="JOB[@PAGES]")
    parser.add_argument("--limit", type=float, default=1800.0, help="seconds one job may take")
    parser.add_argument("--report", action="store_true", help="write the report anew, no more")
    parser.add_argument("--output", type=Path, default=DOCS, help="where the report goes")
    given = parser.parse_args()
    _refuse_unknown(parser, [*given.only, *given.skip, *_words_of(given.repeats)])
    record = read_record(given.output / "bench.json")
    failed = not given.report and _measure(given, record)
    (given.output / "bench.md").write_text(report(record), "utf-8")
    (given.output / "bench.svg").write_text(plot(record), "utf-8")
    return 1 if failed else 0


def _words_of(repeats: Iterable[str]) -> list[str]:
    return [word.partition("=")[0] for word in repeats if "=" in word]


def _refuse_unknown(parser: argparse.ArgumentParser, names: Iterable[str]) -> None:
    for name in names:
        if name.partition("@")[0] not in TITLES:
            parser.error(f"there is no job {name!r}; there are {', '.join(TITLES)}")


def turns_of(job: str, pages: int, repeats: Iterable[str]) -> int:
    """Return how often a job is run: ``3`` is for all, ``job=1`` and ``job@300=1`` for one."""
    counts = dict(word.rpartition("=")[::2] for word in repeats)
    names = (f"{job}@{pages}", job, "")
    return next((int(counts[name]) for name in names if name in counts), 3)


def is_wanted(job: str, pages: int, only: Iterable[str], skip: Iterable[str]) -> bool:
    """Tell whether a job is to be run at a length."""
    names = {job, f"{job}@{pages}"}
    return not names & set(skip) and (not set(only) or bool(names & set(only)))


def _measure(given: argparse.Namespace, record: Record) -> bool:
    """Run the jobs and put their figures into the record; tell whether one of them failed."""
    peers = json.loads(subprocess.check_output([PEERS / "python", "-c", _PEERS], text=True))
    pandoc = peers.pop("path")
    versions = {"makeready": version("makeready"), **peers}
    run = Run(f"{datetime.now(UTC):%Y-%m-%d}", _machine(), versions)
    number = record.begin(run)
    failed = False
    for pages in sorted(given.pages):
        run.together.append(round(work_together(_cores()), 2))
        workspace = Workspace(pages, pandoc, given.limit)
        turns = {
            job: turns_of(job.name, pages, given.repeats)
            for job in workspace.jobs()
            if is_wanted(job.name, pages, given.only, given.skip)
        }
        for job, (timed, length) in _run_turns(turns, pages).items():
            failed |= not timed
            if timed:
                walls = [round(timing.wall_s, 3) for timing in timed]
                peaks = [round(timing.peak_mb, 1) for timing in timed]
                record.put(pages, job.name, Figure(number, walls, peaks, length))
        # A later length may take hours: what there is by now is kept.
        write_record(record, given.output / "bench.json")
    return failed


def _run_turns(turns: dict[Job, int], pages: int) -> dict[Job, tuple[list[Timing], int | None]]:
    """Run all jobs in turn; return the timings of each, and the pages of the PDF it made.

    One that failed has no timings, and gets no other turn.
    """
    timings: dict[Job, list[Timing]] = {job: [] for job in turns}
    lengths: dict[Job, int | None] = dict.fromkeys(turns)
    failed: set[Job] = set()
    for turn in range(max(turns.values(), default=0)):
        for job, count in turns.items():
            if turn >= count or job in failed:
                continue
            start = f"{pages:6,} pages, turn {turn + 1}: {TITLES[job.name]:36}"
            try:
                timing = job.run(turn)
            except BenchError as error:
                failed.add(job)
                timings[job].clear()
                print(start, error, file=sys.stderr, flush=True)
                continue
            timings[job].append(timing)
            lengths[job] = _page_count(job.output)
            print(f"{start} {timing.wall_s:8.2f} s {timing.peak_mb:6.0f} MB", flush=True)
    return {job: (timings[job], lengths[job]) for job in turns}


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _machine() -> str:
    python = platform.python_version()
    return f"{_cores()} cores, {platform.system()} {platform.machine()}, Python {python}"


def _page_count(path: Path) -> int | None:
    if path.suffix != ".pdf":
        return None
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


if __name__ == "__main__":
    sys.exit(main())
