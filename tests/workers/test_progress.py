"""Progress lines with the time left, and the profile of a run."""

import time

import pytest

from makeready.workers.profile import Profiler
from makeready.workers.progress import SectionCounts, Step, TimeLeft


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def progress_after(passed, done, letters):
    clock = Clock()
    time_left = TimeLeft(clock)
    time_left.progress_text(Step("Typesetting", edition="screen"))
    clock.now += passed
    return time_left.progress_text(
        Step("Typesetting", "chapter-2", "screen", SectionCounts(done, 8, letters, 1000))
    )


@pytest.mark.parametrize(
    ("passed", "done", "letters", "left"),
    [
        (10, 2, 250, ", about 30 s left"),
        # By letters, not by sections: one long chapter of eight is half of the book.
        (10, 1, 500, ", about 10 s left"),
        (100, 1, 100, ", about 15 min 00 s left"),
        # Too early to estimate, or too little left to mention.
        (0.5, 2, 250, ""),
        (10, 1, 10, ""),
        (10, 8, 1000, ""),
        (10, 7, 950, ""),
    ],
)
def test_time_left_is_estimated_from_letters(passed, done, letters, left):
    assert progress_after(passed, done, letters) == (
        f"Typesetting screen: chapter-2, {done} of 8 sections{left}"
    )


def test_time_left_starts_again_with_each_edition():
    clock = Clock()
    time_left = TimeLeft(clock)
    time_left.progress_text(Step("Typesetting", edition="paperback"))
    clock.now += 1000
    time_left.progress_text(Step("Typesetting", edition="screen"))
    clock.now += 2
    text = time_left.progress_text(Step("Typesetting", "a", "screen", SectionCounts(1, 2, 50, 100)))
    assert text.endswith("about 2 s left")


def test_stages_without_sections_have_no_estimate():
    assert TimeLeft().progress_text(Step("Reading", "chapter-1")) == "Reading chapter-1"
    assert TimeLeft().progress_text(Step("Checking", edition="screen")) == "Checking screen"


def test_a_nested_stage_is_not_counted_twice():
    profiler = Profiler()
    with profiler.stage("Typesetting", "screen"):
        time.sleep(0.02)
        profiler.add_worker_time(0.5, 0.4, "chapter-1")
        profiler.add_worker_time(0.25, 0.2, "chapter-1")
        profiler.add_worker_time(0.6, 0.5, "chapter-2")
        with profiler.stage("Merging", "screen"):
            time.sleep(0.05)
            profiler.add_worker_time(0.1, 0.1)
        time.sleep(0.02)
    profile = profiler.profile()
    stages = {(stage.stage, stage.edition): stage for stage in profile.stages}
    typesetting, merging = stages["Typesetting", "screen"], stages["Merging", "screen"]
    assert typesetting.seconds >= 0.04
    assert merging.seconds >= 0.05
    assert typesetting.seconds + merging.seconds <= profile.seconds
    assert typesetting.worker_seconds == pytest.approx(1.1)
    assert merging.worker_seconds == pytest.approx(0.1)
    assert [(s.section, s.runs, s.seconds) for s in profile.sections] == [
        ("chapter-1", 2, 0.75),
        ("chapter-2", 1, 0.6),
    ]


def test_paragraphs_are_added_up_by_edition_and_reason():
    profiler = Profiler()
    profiler.add_paragraphs("paperback", [{"": 9, "text from right to left": 1}, {"": 3}])
    profiler.add_paragraphs("screen", [{"": 2}])
    counted = [(one.edition, one.reason, one.count) for one in profiler.profile().paragraphs]
    assert counted == [
        ("paperback", "", 12),
        ("paperback", "text from right to left", 1),
        ("screen", "", 2),
    ]
