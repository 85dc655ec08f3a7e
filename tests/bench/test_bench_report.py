"""What `make bench` reports of figures it is given: no time is measured here."""

import re
import sys
from itertools import pairwise

import pytest
from bench_plot import SERIES, WIDTH, plot, spaced
from bench_record import TITLES, Figure, Record, Run, read_record, write_record
from bench_report import OTHER_RUN, report, targets
from lxml import etree
from run import is_wanted, turns_of
from timing import BenchError, Command

HERE = Run("2026-01-01", "2 cores", {"makeready": "1"})
SVG = "{http://www.w3.org/2000/svg}"


def record_of(figures, run=HERE):
    record = Record()
    number = record.begin(run)
    for (length, job), (time_s, memory_mb) in figures.items():
        record.put(length, job, Figure(number, [time_s], [memory_mb], length))
    return record


def cells(text, title):
    lines = [line for line in text.splitlines() if line.startswith(f"| {title} |")]
    return [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in lines]


def measured(record):
    return {
        (target.title, target.length): (round(target.measured, 3), target.measured <= target.limit)
        for target in targets(record)
        if target.measured is not None
    }


def test_a_ratio_is_our_time_by_theirs():
    record = record_of(
        {
            (300, "cold"): (6.0, 100),
            (300, "literal"): (12.0, 200),
            (300, "typst"): (1.5, 300),
            (300, "epub"): (1.0, 50),
            (300, "pandoc-epub"): (4.0, 90),
        }
    )
    text = report(record)
    times, ratios = cells(text, TITLES["cold"])
    assert times == ["6.00 s", "20.0 ms", "100 MB", "300", "1", "1"]
    assert ratios == ["0.50 ×", "4.00 ×"]
    assert cells(text, TITLES["epub"])[1] == ["0.25 ×"]
    assert OTHER_RUN not in text


def test_of_several_turns_the_median_counts():
    figure = Figure(1, [9.0, 1.0, 2.0], [30.0, 10.0, 20.0], 5)
    assert (figure.time_s, figure.memory_mb) == (2.0, 20.0)


def test_the_targets_are_those_of_the_figures():
    record = record_of(
        {
            (100, "cold"): (2.0, 90),
            (300, "cold"): (6.0, 100),
            (1000, "cold"): (24.0, 131),
            (300, "literal"): (15.0, 1),
            (1000, "literal"): (60.0, 1),
            (1000, "counter"): (200.0, 1),
            (1000, "typst"): (4.0, 1),
            (1000, "edited"): (2.4, 1),
            (1000, "watch"): (1.6, 1),
            (300, "unchanged"): (0.3, 1),
            (1000, "unchanged"): (0.31, 1),
            (300, "epub"): (7.0, 1),
            (300, "pandoc-epub"): (10.0, 1),
        }
    )
    assert measured(record) == {
        ("cold, relative to WeasyPrint, literal numbers", "300"): (0.4, True),
        ("cold, relative to WeasyPrint, literal numbers", "1,000"): (0.4, False),
        ("cold, relative to WeasyPrint, target-counter", "1,000"): (0.12, True),
        ("cold, relative to Typst", "1,000"): (6.0, False),
        ("one section edited, relative to Typst", "1,000"): (0.6, True),
        ("the same under watch, relative to Typst", "1,000"): (0.4, False),
        ("EPUB, relative to Pandoc's", "300"): (0.7, True),
        ("nothing changed", "300"): (0.3, True),
        ("nothing changed", "1,000"): (0.31, False),
        ("memory, cold", "1,000 to 300"): (1.31, False),
        ("time per page, cold", "1,000 to 100"): (1.2, False),
    }
    text = report(record)
    assert cells(text, "EPUB, relative to Pandoc's") == [
        ["300", "0.7 ×", "0.70 ×", "reached"],
        ["1,000", "0.7 ×", "–", "–"],
    ]
    assert cells(text, "memory, cold") == [["1,000 to 300", "1.3 ×", "1.31 ×", "**not reached**"]]


def test_a_run_replaces_what_it_measured_and_says_what_is_of_another_run(tmp_path):
    path = tmp_path / "bench.json"
    assert read_record(path).lengths == []
    write_record(record_of({(300, "cold"): (6.0, 100), (300, "literal"): (12.0, 200)}), path)

    record = read_record(path)
    second = record.begin(HERE)
    record.put(300, "cold", Figure(second, [3.0], [100], 300))
    write_record(record, path)
    record = read_record(path)
    assert sorted(record.runs) == [1, 2]
    assert cells(report(record), TITLES["cold"])[1] == [f"0.25 × {OTHER_RUN}"]

    third = record.begin(HERE)
    for job in ("cold", "literal"):
        record.put(300, job, Figure(third, [3.0], [100], 300))
    assert sorted(record.runs) == [3]
    assert OTHER_RUN not in report(record)


def test_figures_of_another_machine_are_not_kept():
    record = record_of({(300, "cold"): (6.0, 100)})
    record.begin(Run("2026-01-02", "8 cores", {}))
    assert record.lengths == []


def drawn(record):
    svg = etree.fromstring(plot(record).encode())
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")], svg


def test_the_plot_names_every_line_at_its_end_and_keeps_the_names_apart():
    lengths = (100, 300, 1000)
    record = record_of(
        {(n, s.job): (n / 50 + 0.001 * i, n) for n in lengths for i, s in enumerate(SERIES)}
    )
    words, svg = drawn(record)
    for series in SERIES:
        assert sum(word.startswith(f"{series.label}  20 s") for word in words) == 1
        assert sum(word.startswith(f"{series.label}  1,000 MB") for word in words) == 1
    names = [t for t in svg.iter(f"{SVG}text") if (t.text or "").endswith(" s")]
    heights = sorted(float(text.get("y")) for text in names)
    assert min(below - above for above, below in pairwise(heights)) >= 17.9
    assert all(0 < float(x) < WIDTH for x in svg.xpath("//@cx"))


@pytest.mark.parametrize("figures", [{}, {(300, "cold"): (6.0, 0)}])
def test_the_plot_can_be_drawn_of_little(figures):
    words, _ = drawn(record_of(figures))
    assert ("makeready, cold  6.0 s" in words) == bool(figures)


def test_names_that_are_too_low_are_moved_up():
    assert spaced([10, 12, 95, 99], 10, 100) == [10, 20, 90, 100]


def test_turns_and_choice_by_job_and_length():
    repeats = ["3", "counter@1000=1", "typst=5"]
    assert [turns_of(*job, repeats) for job in (("cold", 300), ("typst", 300))] == [3, 5]
    assert [turns_of("counter", pages, repeats) for pages in (300, 1000)] == [3, 1]
    assert is_wanted("cold", 300, [], ["counter"])
    assert is_wanted("cold", 300, ["cold@300"], [])
    assert not is_wanted("cold", 1000, ["cold@300"], [])
    assert not is_wanted("counter", 1000, ["counter"], ["counter@1000"])


def command(tmp_path, code, limit_s=60.0):
    return Command((sys.executable, "-I", "-S", "-c", code), tmp_path, {}, limit_s)


def test_memory_is_that_of_all_processes(tmp_path):
    taken = "import time; kept = bytearray(64_000_000); time.sleep(0.6)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', {taken!r}])"
    assert command(tmp_path, code).timed().peak_mb > 64


def test_a_failure_tells_its_last_words_and_a_command_without_end_is_ended(tmp_path):
    with pytest.raises(BenchError, match=re.compile("exit code 3\nso it was", re.DOTALL)):
        command(tmp_path, "print('so it was'); raise SystemExit(3)").timed()
    with pytest.raises(BenchError, match=r"took more than 0.2 s"):
        command(tmp_path, "import time; time.sleep(60)", limit_s=0.2).timed()


def test_it_says_what_all_cores_together_are_worth():
    record = record_of({(300, "cold"): (9, 200)}, Run("2026-01-01", "2 cores", {}, [1.7, 1.9, 1.8]))
    assert "all cores together did 1.80 times the work of one alone" in report(record)
    assert "all cores together" not in report(record_of({(300, "cold"): (9, 200)}))
