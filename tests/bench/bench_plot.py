"""The figures as a plot: time and memory over length of book, as SVG with its text as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from bench_record import Figure, Record

WIDTH, HEIGHT = 820, 810
_LEFT, _RIGHT = 66, 560
_LABEL_X, _LABEL_GAP = 578, 18
_FONT = "font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\""
_INK, _FAINT, _GRID = "#26302b", "#6c7671", "#e3e7e4"
_OURS, _WARM, _AMBER, _VIOLET, _GREY = "#0a6b58", "#b4472e", "#9a6400", "#5a55a8", "#66706b"
_ROOM = 1.12


@dataclass(frozen=True, slots=True)
class Series:
    """How a job is drawn and what it is called."""

    job: str
    label: str
    colour: str
    dashes: str = ""
    width: float = 1.8


SERIES = (
    Series("cold", "makeready, cold", _OURS, width=3.2),
    Series("edited", "makeready, one edit", _OURS, "7 4", width=2.6),
    Series("watch", "makeready watch, one edit", _OURS, "2 4", width=2.6),
    Series("unchanged", "makeready, nothing changed", _OURS, "1 6", width=2.2),
    Series("counter", "WeasyPrint, target-counter", _WARM),
    Series("literal", "WeasyPrint, literal numbers", _AMBER),
    Series("pandoc", "Pandoc → WeasyPrint", _GREY),
    Series("typst", "Typst", _VIOLET),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot: where it stands, in px, and what it shows of a figure, in which unit."""

    title: str
    top: float
    bottom: float
    value: Callable[[Figure], float]
    unit: str
    logarithmic: bool


TIME = Panel("Wall time, in seconds", 112, 468, lambda figure: figure.time_s, "s", logarithmic=True)
MEMORY = Panel(
    "Peak memory of all processes together, in MB",
    562,
    756,
    lambda f: f.memory_mb,
    "MB",
    logarithmic=False,
)


def plot(record: Record) -> str:
    """Draw the plot."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" {_FONT} font-size="13" fill="{_INK}">',
        "<title>Time and memory to make a book, over its length</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#fff"/>',
        _text(24, 36, "How long a book takes", size=20, weight=600),
        _text(
            24,
            57,
            "Less is better. The lengths and the times are on logarithmic scales.",
            colour=_FAINT,
        ),
    ]
    if record.lengths:
        for panel in (TIME, MEMORY):
            parts += _Drawing(record, panel).parts()
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Drawing:
    """A panel with a record's figures in it."""

    def __init__(self, record: Record, panel: Panel) -> None:
        self.panel, self.lengths = panel, record.lengths
        self.lines = {
            series: points for series in SERIES if (points := self._points(record, series))
        }
        values = [value for points in self.lines.values() for _, value in points]
        if panel.logarithmic:
            self.low = 10.0 ** floor(log10(min(values, default=0.1)))
            self.high = max(values, default=100) * 1.3
        else:
            self.low, self.high = 0.0, max(values, default=1.0) * _ROOM or 1.0

    def _points(self, record: Record, series: Series) -> list[tuple[int, float]]:
        figures = ((length, record.get(length, series.job)) for length in record.lengths)
        points = [(length, self.panel.value(figure)) for length, figure in figures if figure]
        return [(length, value) for length, value in points if value > 0]

    def parts(self) -> Iterator[str]:
        """Give the panel's elements, the grid first."""
        panel = self.panel
        yield _text(24, panel.top - 16, panel.title, weight=600)
        for value in self._ticks():
            y = self._y(value)
            yield _line([(_LEFT, y), (_RIGHT, y)], _GRID, 1)
            yield _text(_LEFT - 8, y + 4, f"{value:,g}", anchor="end", colour=_FAINT)
        for length in self.lengths:
            x = self._x(length)
            yield _line([(x, panel.top), (x, panel.bottom)], _GRID, 1)
            yield _text(x, panel.bottom + 18, f"{length:,}", anchor="middle", colour=_FAINT)
        middle = (_LEFT + _RIGHT) / 2
        yield _text(middle, panel.bottom + 36, "pages", anchor="middle", colour=_FAINT)
        yield _line([(_LEFT, panel.bottom), (_RIGHT, panel.bottom)], _FAINT, 1)
        # Ours last, so that they lie on top.
        for series, points in reversed(self.lines.items()):
            places = [(self._x(length), self._y(value)) for length, value in points]
            yield _line(places, series.colour, series.width, series.dashes)
            for x, y in places:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{series.colour}"/>'
        yield from self._labels()

    def _labels(self) -> Iterator[str]:
        """Name each line at its end; those that reach the last length in a column, kept apart."""
        ends = {series: points[-1] for series, points in self.lines.items()}
        last = [series for series, (length, _) in ends.items() if length == self.lengths[-1]]
        last.sort(key=lambda series: self._y(ends[series][1]))
        heights = spaced([self._y(ends[s][1]) for s in last], _LABEL_GAP, self.panel.bottom)
        for series, y in zip(last, heights, strict=True):
            end = self._y(ends[series][1])
            lead = [(_RIGHT + 5, end), (_LABEL_X - 4, y)]
            yield _line(lead, series.colour, 0.8)
            words = f"{series.label}  {shown(ends[series][1])} {self.panel.unit}"
            yield _text(_LABEL_X, y + 4.5, words, colour=series.colour, size=12.5)
        for series, (length, value) in ends.items():
            if series not in last:
                x, y = self._x(length) + 9, self._y(value) - 5
                words = f"{series.label}  {shown(value)} {self.panel.unit}"
                yield _text(x, y, words, colour=series.colour, size=12.5)

    def _ticks(self) -> list[float]:
        if self.panel.logarithmic:
            exponents = range(round(log10(self.low)), floor(log10(self.high)) + 1)
            return [10.0**exponent for exponent in exponents]
        step = 10.0 ** floor(log10(self.high / 2))
        step *= 2 if self.high / step > 6 else 1
        return [step * count for count in range(ceil(self.high / step))]

    def _x(self, length: int) -> float:
        first, last = log10(self.lengths[0]), log10(self.lengths[-1])
        share = (log10(length) - first) / (last - first) if last > first else 0.5
        return _LEFT + 26 + (_RIGHT - _LEFT - 26) * share

    def _y(self, value: float) -> float:
        low, high = self.low, self.high
        if self.panel.logarithmic:
            low, high, value = log10(low), log10(high), log10(value)
        share = (value - low) / (high - low)
        return self.panel.bottom - (self.panel.bottom - self.panel.top) * share


def shown(value: float) -> str:
    """Write a value with two digits or all of those before the point."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def spaced(heights: list[float], gap: float, bottom: float) -> list[float]:
    """Move heights, given from the top down, until each is a gap from the next and none too low."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + gap) if placed else height)
    for index in range(len(placed) - 1, -1, -1):
        limit = bottom if index == len(placed) - 1 else placed[index + 1] - gap
        placed[index] = min(placed[index], limit)
    return placed


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = _INK,
    size: float = 13,
    weight: int = 400,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
        f' font-size="{size:g}" font-weight="{weight}" xml:space="preserve">{escape(words)}</text>'
    )


def _line(
    places: Sequence[tuple[float, float]], colour: str, width: float, dashes: str = ""
) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
        f' stroke-linecap="round" stroke-linejoin="round"{dashed}/>'
    )
