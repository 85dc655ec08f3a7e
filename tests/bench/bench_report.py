"""The figures as tables: times, ratios, memory, and which targets are reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench_record import TITLES, Figure, Record

OURS = ("cold", "edited", "watch", "print")
PEERS = ("literal", "counter", "typst", "pandoc")
# A time a page says nothing of what does not set every page.
_PARTIAL = ("edited", "watch", "unchanged")
MISSING = "–"
OTHER_RUN = "†"

_INTRODUCTION = """\
# How fast makeready is

![Wall time and memory over length of book](bench.svg)

`make bench` writes this page, `bench.svg` and `bench.json`. It generates a book of each length
(prose, footnotes, page references, index terms, images, tables) and typesets it with makeready and
with other programs. All jobs run once, then all again; the medians are reported.

All programs typeset the same text on the same page: trim size, margins, fonts, size and leading,
justified and hyphenated, with contents, running heads and chapters on right-hand pages. All PDFs
except the print PDF are tagged. Differences: Pandoc has no page references and puts its notes at
the end, and only makeready checks its result. The EPUB is timed without its page list, which no
other program makes and which needs typeset pages.

- **cold**: nothing is cached. **one section edited**: one sentence is added to the middle chapter
  of a book built before; under `makeready watch`, the time from saving the file to the finished
  PDF. **nothing changed**: `make` again.
- **literal numbers**: page numbers typed into the HTML, as if they were known. **target-counter**:
  WeasyPrint finds them.
- **memory**: the peak of all processes together; shared memory counts once.
"""


@dataclass(frozen=True)
class Target:
    """A limit to stay under; ``measured`` says how far a figure went, in the limit's unit."""

    title: str
    length: str
    measured: float | None
    limit: float
    unit: str
    fair: bool = True


def report(record: Record) -> str:
    """Write the report, in Markdown."""
    parts = [_INTRODUCTION, _provenance(record), _target_table(record)]
    for length in record.lengths:
        parts += [f"## About {length:,} pages\n", _times(record, length), _ratios(record, length)]
    text = "\n".join(part for part in parts if part)
    if OTHER_RUN in text:
        text += f"\n{OTHER_RUN} The two figures are of different runs.\n"
    return text


def ratio(ours: Figure | None, theirs: Figure | None) -> float | None:
    """Return how many times the other's time one takes; None without both."""
    return ours.time_s / theirs.time_s if ours and theirs else None


def targets(record: Record) -> Iterator[Target]:
    """Give the limits that are set, with what was measured."""

    def beside(title: str, ours: str, theirs: str, limit: float, *lengths: int) -> Iterator[Target]:
        for length in lengths:
            one, other = record.get(length, ours), record.get(length, theirs)
            fair = not (one and other) or one.run == other.run
            yield Target(title, f"{length:,}", ratio(one, other), limit, "×", fair)

    literal, counter = TITLES["literal"], TITLES["counter"]
    yield from beside(f"cold, relative to {literal}", "cold", "literal", 0.45, 300)
    yield from beside(f"cold, relative to {literal}", "cold", "literal", 0.33, 1000)
    yield from beside(f"cold, relative to {counter}", "cold", "counter", 0.2, 1000)
    yield from beside("cold, relative to Typst", "cold", "typst", 5.0, 1000)
    yield from beside("one section edited, relative to Typst", "edited", "typst", 0.6, 300, 1000)
    yield from beside("the same under watch, relative to Typst", "watch", "typst", 0.3, 300, 1000)
    yield from beside("EPUB, relative to Pandoc's", "epub", "pandoc-epub", 0.7, 300, 1000)
    for length in (300, 1000):
        unchanged = record.get(length, "unchanged")
        seconds = unchanged.time_s if unchanged else None
        yield Target("nothing changed", f"{length:,}", seconds, 0.3, "s")
    yield _growth("memory, cold", record, 1000, 300, 1.3, lambda figure: figure.memory_mb)
    yield _growth("time per page, cold", record, 1000, 100, 1.15, _page_s)


def _growth(
    title: str,
    record: Record,
    long: int,
    short: int,
    limit: float,
    value: Callable[[Figure], float],
) -> Target:
    one, other = record.get(long, "cold"), record.get(short, "cold")
    measured = value(one) / value(other) if one and other else None
    fair = not (one and other) or one.run == other.run
    return Target(title, f"{long:,} to {short:,}", measured, limit, "×", fair)


def _page_s(figure: Figure) -> float:
    return figure.time_s / (figure.pages or 1)


def _provenance(record: Record) -> str:
    lines = []
    for number, run in sorted(record.runs.items()):
        versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
        machine = run.machine
        if run.together:
            worth = median(run.together)
            machine += f", where all cores together did {worth:.2f} times the work of one alone"
        lines.append(f"- Run {number}, {run.day}: {machine}; {versions}.")
    return "\n".join(lines) + "\n"


def _target_table(record: Record) -> str:
    rows = []
    for target in targets(record):
        mark = "" if target.fair else f" {OTHER_RUN}"
        reached = MISSING
        if target.measured is not None:
            reached = "reached" if target.measured <= target.limit else "**not reached**"
        measured = MISSING if target.measured is None else f"{target.measured:.2f} {target.unit}"
        limit = f"{target.limit:g} {target.unit}"
        rows.append((target.title, target.length, limit, measured + mark, reached))
    header = ("target", "pages", "at most", "measured", "")
    return "## Targets\n\n" + _table(header, rows, "llrrl")


def _times(record: Record, length: int) -> str:
    rows = []
    for job, title in TITLES.items():
        figure = record.get(length, job)
        if figure is None:
            continue
        of_pdf = figure.pages is not None and job != "all"
        is_whole = of_pdf and job not in _PARTIAL
        rows.append(
            (
                title,
                f"{figure.time_s:.2f} s",
                f"{_page_s(figure) * 1000:.1f} ms" if is_whole else MISSING,
                f"{figure.memory_mb:,.0f} MB" if figure.memory_mb else MISSING,
                f"{figure.pages:,}" if of_pdf else MISSING,
                f"{len(figure.wall_s)}",
                f"{figure.run}",
            )
        )
    header = ("", "time", "per page", "peak memory", "pages", "repeats", "run")
    return _table(header, rows, "lrrrrrr")


def _ratios(record: Record, length: int) -> str:
    """Tabulate makeready's time as a multiple of each peer's."""

    def row(title: str, job: str, peers: Iterable[str]) -> tuple[str, ...]:
        return (title, *(_ratio_cell(record, length, job, peer) for peer in peers))

    peers = [peer for peer in PEERS if record.get(length, peer)]
    jobs = [job for job in OURS if record.get(length, job)]
    rows = [row(TITLES[job], job, peers) for job in jobs] if peers else []
    text = _table(
        ("time relative to", *(TITLES[peer] for peer in peers)), rows, "l" + "r" * len(peers)
    )
    if record.get(length, "epub") and record.get(length, "pandoc-epub"):
        rows = [row(TITLES["epub"], "epub", ("pandoc-epub",))]
        text += "\n" + _table(("time relative to", TITLES["pandoc-epub"]), rows, "lr")
    return text


def _ratio_cell(record: Record, length: int, ours: str, theirs: str) -> str:
    one, other = record.get(length, ours), record.get(length, theirs)
    if one is None or other is None:
        return MISSING
    mark = "" if one.run == other.run else f" {OTHER_RUN}"
    return f"{one.time_s / other.time_s:.2f} ×{mark}"


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], alignment: str) -> str:
    if not rows:
        return ""
    rules = ["---:" if side == "r" else "---" for side in alignment]
    lines = (f"| {' | '.join(cells)} |" for cells in (header, tuple(rules), *rows))
    return "\n".join(lines) + "\n"
