"""What a run says of how far it is, and where its time went."""

import time

import pytest

from makeready.workers.profile import Profiler
from makeready.workers.progress import SectionCounts, Step, TimeLeft


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def said(passed, done, letters):
    clock = Clock()
    time_left = TimeLeft(clock)
    time_left.say(Step("Typesetting", edition="screen"))
    clock.now += passed
    return time_left.say(
        Step("Typesetting", "chapter-2", "screen", SectionCounts(done, 8, letters, 1000))
    )


@pytest.mark.parametrize(
    ("passed", "done", "letters", "left"),
    [
        (10, 2, 250, ", about 30 s left"),
        # By letters, not by sections: one long chapter of eight is half of the book.
        (10, 1, 500, ", about 10 s left"),
        (100, 1, 100, ", about 15 min 00 s left"),
        # Nothing true can be said yet, or there is nothing left to say.
        (0.5, 2, 250, ""),
        (10, 1, 10, ""),
        (10, 8, 1000, ""),
        (10, 7, 950, ""),
    ],
)
def test_time_left_goes_by_letters(passed, done, letters, left):
    assert said(passed, done, letters) == (
        f"Typesetting screen: chapter-2, {done} of 8 sections{left}"
    )


def test_time_left_begins_anew_with_each_edition():
    clock = Clock()
    time_left = TimeLeft(clock)
    time_left.say(Step("Typesetting", edition="paperback"))
    clock.now += 1000
    time_left.say(Step("Typesetting", edition="screen"))
    clock.now += 2
    text = time_left.say(Step("Typesetting", "a", "screen", SectionCounts(1, 2, 50, 100)))
    assert text.endswith("about 2 s left")


def test_other_stages_say_only_what_they_do():
    assert TimeLeft().say(Step("Reading", "chapter-1")) == "Reading chapter-1"
    assert TimeLeft().say(Step("Checking", edition="screen")) == "Checking screen"


def test_a_stage_within_another_is_not_counted_twice():
    watch = Profiler()
    with watch.stage("Typesetting", "screen"):
        time.sleep(0.02)
        watch.worked(0.5, 0.4, "chapter-1")
        watch.worked(0.25, 0.2, "chapter-1")
        watch.worked(0.6, 0.5, "chapter-2")
        with watch.stage("Merging", "screen"):
            time.sleep(0.05)
            watch.worked(0.1, 0.1)
        time.sleep(0.02)
    sheet = watch.sheet()
    laps = {(lap.stage, lap.edition): lap for lap in sheet.laps}
    typesetting, merging = laps["Typesetting", "screen"], laps["Merging", "screen"]
    assert typesetting.seconds >= 0.04
    assert merging.seconds >= 0.05
    assert typesetting.seconds + merging.seconds <= sheet.seconds
    assert typesetting.worker_seconds == pytest.approx(1.1)
    assert merging.worker_seconds == pytest.approx(0.1)
    assert [(s.section, s.times, s.seconds) for s in sheet.sections] == [
        ("chapter-1", 2, 0.75),
        ("chapter-2", 1, 0.6),
    ]
