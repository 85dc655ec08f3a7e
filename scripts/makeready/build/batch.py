"""Several books built side by side with one pool of workers; a catalogue lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from makeready.book.model import EditionKind
from makeready.book.toml_lines import TomlLines
from makeready.build.job import GRACE_SECONDS, make_requested, prepare, terminated_result
from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest, BuildResult
from makeready.errors import MakereadyError, UsageError
from makeready.findings import Findings
from makeready.pagination.worker_start import start_worker
from makeready.workers.progress import Step
from makeready.workers.shared_pool import shared_pool
from makeready.workers.supervisor import Terminated, run_all_supervised

_KEYS = ("book", "output", "editions", "kinds")
_BOOK_FILE = "book.toml"


@dataclass(frozen=True, slots=True)
class Title:
    """One book of several: its folder, and the output folder if one is given."""

    book: Path
    output: Path | None = None
    editions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def read_catalogue(path: Path) -> tuple[Title, ...]:
    """Read a catalogue of titles; paths in it are relative to its folder.

    Every fault in it is told, with its line, in one `UsageError`.
    """
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise UsageError(
            f"Catalogue not found: {path.as_posix()}.", "Check the path given with --catalogue."
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"{path.as_posix()} is not valid TOML: {error}.", "Fix this line."
        ) from error
    reading = _Catalogue(path, TomlLines(text))
    titles = reading.titles(data)
    if reading.faults:
        raise UsageError(
            "\n".join(reading.faults), 'Write each book as [[title]] with book = "folder".'
        )
    return titles


@dataclass
class _Catalogue:
    """A catalogue being read, and the faults found in it."""

    path: Path
    lines: TomlLines
    faults: list[str] = field(default_factory=list)

    def titles(self, data: dict[str, Any]) -> tuple[Title, ...]:
        """Return the titles of a catalogue that has no faults."""
        for key in data:
            if key != "title":
                self._unknown("key", key, ("title",), (key,))
        entries = data.get("title", [])
        if not isinstance(entries, list) or not entries:
            self._add("the catalogue needs a [[title]] table for each book.", ("title",))
            return ()
        return tuple(self._title(entry, number) for number, entry in enumerate(entries))

    def _title(self, entry: Any, number: int) -> Title:
        place = ("title", number)
        if not isinstance(entry, dict):
            self._add("write a title as a table, [[title]].", place)
            return Title(Path())
        for key in entry:
            if key not in _KEYS:
                self._unknown("key", key, _KEYS, (*place, key))
        book = self._folder(entry, "book", place)
        if book is None:
            self._add('the title has no book; add book = "folder".', place)
        elif not (book / _BOOK_FILE).is_file():
            self._add(f"no {_BOOK_FILE} in {book.as_posix()}.", (*place, "book"))
        kinds = self._words(entry, "kinds", place)
        for kind in kinds:
            if kind not in set(EditionKind):
                self._unknown("kind", kind, tuple(EditionKind), (*place, "kinds"))
        return Title(
            book or Path(),
            self._folder(entry, "output", place),
            self._words(entry, "editions", place),
            kinds,
        )

    def _folder(self, entry: dict[str, Any], key: str, place: tuple[str | int, ...]) -> Path | None:
        value = entry.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            self._add(f"`{key}` must be the name of a folder.", (*place, key))
            return None
        return self.path.parent / value

    def _words(
        self, entry: dict[str, Any], key: str, place: tuple[str | int, ...]
    ) -> tuple[str, ...]:
        value = entry.get(key, [])
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        self._add(f"`{key}` must be a list of names.", (*place, key))
        return ()

    def _unknown(
        self, what: str, word: str, known: Sequence[str], place: tuple[str | int, ...]
    ) -> None:
        near = get_close_matches(word, known, n=1)
        meant = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}."
        self._add(f"unknown {what} `{word}`; {meant}", place)

    def _add(self, words: str, place: tuple[str | int, ...]) -> None:
        self.faults.append(f"{self.path.as_posix()}:{self.lines.line_of(place)}: {words}")


def requests_for(titles: Sequence[Title], request: BuildRequest) -> tuple[BuildRequest, ...]:
    """Return a build request for each title, made of ``request`` and what the title sets itself.

    Files go to a folder of the title's own, named by its slug, below the order's output folder.
    """
    requests = []
    for title in titles:
        asks = bool(title.editions or title.kinds)
        requests.append(
            replace(
                request,
                book=title.book,
                output=title.output or request.output / _slug(title.book),
                editions=title.editions if asks else request.editions,
                kinds=title.kinds if asks else request.kinds,
            )
        )
    taken: dict[Path, Path] = {}
    for each in requests:
        other = taken.setdefault(each.output.resolve(), each.book)
        if other is not each.book:
            raise UsageError(
                f"{other.as_posix()} and {each.book.as_posix()} would both write to "
                f"{each.output.as_posix()}.",
                "Give one of them another `slug` in book.toml, or an `output` in the catalogue.",
            )
    return tuple(requests)


def _slug(book: Path) -> str:
    from makeready.book.config import read_config  # noqa: PLC0415 - slow, for one book's build

    config = read_config(book, Findings())
    return config.metadata.slug if config is not None else book.resolve().name


def build_together(
    requests: Sequence[BuildRequest],
    report: Callable[[int, Step], None],
    step_seconds: float,
) -> Iterator[tuple[int, BuildResult | MakereadyError]]:
    """Build several books side by side; yield the index and result of each as it is done.

    A book that fails stops no other.
    """
    for request in requests:
        prepare(request)
    jobs = requests[0].jobs
    # While one book is read or bound, the workers set another.
    max_parallel = min(len(requests), jobs + 1)
    with ExitStack() as stack:
        requests = _holding_outputs(requests, report, step_seconds, stack)
        if not requests[0].scheduler:
            address = stack.enter_context(
                shared_pool(jobs, start_worker, requests[0].section_seconds)
            )
            requests = [replace(request, shared=address) for request in requests]
        # A book waits for its turn at the workers, and is not to be stopped for that.
        together = run_all_supervised(
            make_requested,
            requests,
            report,
            step_seconds * max_parallel + GRACE_SECONDS,
            max_parallel,
        )
        for place, came in together:
            yield place, _result_of(requests[place], came)


def _holding_outputs(
    requests: Sequence[BuildRequest],
    report: Callable[[int, Step], None],
    wait_seconds: float,
    stack: ExitStack,
) -> list[BuildRequest]:
    """Hold the output folders of all requests until ``stack`` is closed.

    They are taken in the order of their paths: two runs never wait for each other.
    """
    held = list(requests)
    by_path = sorted(enumerate(requests), key=lambda each: each[1].output.resolve())
    for index, request in by_path:
        holding = holding_output(request, partial(report, index), wait_seconds)
        held[index] = stack.enter_context(holding)
    return held


def _result_of(
    request: BuildRequest, came: BuildResult | Terminated | MakereadyError
) -> BuildResult | MakereadyError:
    if not isinstance(came, Terminated):
        return came
    try:
        return terminated_result(request, came)
    except MakereadyError as error:
        return error
