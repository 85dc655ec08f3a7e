"""``makeready watch``: a book made again whenever something it is made of is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from makeready.build import begin_foreman, make_output_folder, stopped_outcome
from makeready.changes import Watched
from makeready.errors import MakereadyError, UsageError
from makeready.layout.environment import house_styles
from makeready.order import Order, Outcome
from makeready.progress import Report
from makeready.watchdog import Resident, Stopped, Work

_PACKAGE = Path(__file__).resolve().parent
_TEXT = (".md", ".toml")


@dataclass(frozen=True, slots=True)
class _Again:
    """An order to make the book once more; not only ``text_alone`` has changed."""

    text_alone: bool


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of one rebuild: an outcome, or what stopped it; ``seconds`` since the save."""

    outcome: Outcome | None
    seconds: float
    stopped_by: MakereadyError | None = None
    code_changed: bool = False


def rebuilds(order: Order, report: Report, step_seconds: float) -> Iterator[Rebuilt]:
    """Make what is ordered, now and after each save, and yield what came of it, for ever.

    One child does all of it, and keeps between rebuilds whatever has not changed; one that
    hangs or crashes is begun anew. The first rebuild raises what is wrong with the order.
    """
    make_output_folder(order)
    styles = house_styles()
    watched = Watched((order.book, styles, _PACKAGE), (order.output, order.cache))
    noticed, changed, first = time.perf_counter(), set[str](), True
    with Resident(_begin, order) as resident:
        while True:
            again = _Again(all(path.endswith(_TEXT) for path in changed))
            rebuilt = _rebuilt(order, partial(resident.ask, again, report, step_seconds), noticed)
            if first and isinstance(rebuilt.stopped_by, UsageError):
                raise rebuilt.stopped_by
            yield rebuilt
            first = False
            changed, noticed = watched.wait()
            while changed and all(_is_code(path, styles) for path in changed):
                yield Rebuilt(None, 0.0, code_changed=True)
                changed, noticed = watched.wait()


def _is_code(path: str, styles: Path) -> bool:
    return Path(path).is_relative_to(_PACKAGE) and not Path(path).is_relative_to(styles)


def _rebuilt(order: Order, ask: Callable[[], Outcome | Stopped], since: float) -> Rebuilt:
    outcome, error = None, None
    try:
        result = ask()
        outcome = result if isinstance(result, Outcome) else stopped_outcome(order, result)
    except MakereadyError as caught:
        error = caught
    return Rebuilt(outcome, time.perf_counter() - since, error)


def _begin(order: Order) -> Work[Outcome]:
    """Make a room ready that stays; runs in the child."""
    foreman = begin_foreman(order)
    from makeready.composing import ComposingRoom  # noqa: PLC0415
    from makeready.run import make_book  # noqa: PLC0415

    room = ComposingRoom(order, foreman)

    def again(asked: _Again, report: Report) -> Outcome:
        if not asked.text_alone:
            room.renew()
        outcome = make_book(order, report, room)
        room.rehearse()
        return outcome

    return again
