"""The lines and pages of the books that the suite builds are set no worse than they were.

``fixture_figures.json`` has what was measured last. After a change that sets them better, or that
sets other text, write it again::

    python tests/typography/test_fixture_books.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from makeready.typography.figures import Figures
from makeready.typography.measure import measure_pdf

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("fixture_figures.json")
BOOKS = {
    "interview": ROOT / "manuscript",
    **{name: ROOT / "tests" / "books" / name for name in ("garden", "lighthouse", "seedbank")},
}
LIMITED = (
    "over_1_5_percent",
    "over_2_percent",
    "overfull_lines",
    "hyphenated_percent",
    "ladders_of_2",
    "ladders_of_3",
    "ladders_of_4_or_more",
    "dashes_begin_lines",
    "last_lines_of_one_short_word",
    "last_lines_of_part_of_a_word",
    "short_last_lines_percent",
    "uneven_spreads",
    "widows",
    "orphans",
    "short_last_pages",
    "lines_off_grid",
)
"""The figures that may fall and not rise."""


def figures_of(output: Path) -> Figures:
    """Measure the first print PDF of an output folder."""
    listed = json.loads((output / "manifest.json").read_text("utf-8"))["files"]
    path = next(one["path"] for one in listed if one["kind"] == "print")
    return measure_pdf(output / path).figures


def limited(figures: Figures) -> dict[str, float]:
    return {name: getattr(figures, name) for name in LIMITED}


def risen(now: dict[str, float], before: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Return the figures that are higher than before, with both values."""
    return {name: (before[name], now[name]) for name in LIMITED if now[name] > before[name]}


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_is_set_no_worse_than_it_was(name: str, request: pytest.FixtureRequest) -> None:
    figures = figures_of(request.getfixturevalue(name))
    record = json.loads(RECORD.read_text("utf-8"))[name]
    assert figures.justified_lines, "something was measured"
    assert risen(limited(figures), record) == {}


def test_a_figure_that_rises_is_seen() -> None:
    before = dict.fromkeys(LIMITED, 2.0)
    assert risen(before, before) == {}
    assert risen({**before, "widows": 1.0, "orphans": 3.0}, before) == {"orphans": (2.0, 3.0)}


def main() -> None:
    """Build the books, and write what is measured of them."""
    record = {}
    for name, book in BOOKS.items():
        with tempfile.TemporaryDirectory() as output:
            folders = ("--book", book, "--output", output, "--cache", ROOT / ".makeready")
            command = [sys.executable, "-m", "makeready", "build", "--kind", "print", *folders]
            subprocess.run(command, check=True)
            record[name] = limited(figures_of(Path(output)))
    RECORD.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
