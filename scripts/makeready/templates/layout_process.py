"""A process that fills in the layouts of a stranger, with limits on time, memory and files.

It holds nothing but what layouts are given, opens no file, and answers in JSON, so that a layout
that broke out of Jinja2's sandbox would reach nothing.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

from stdnum import isbn

from makeready.external.launch import ending_with_us
from makeready.templates.filling_in import (
    MOST_LETTERS,
    MOST_MEMORY_BYTES,
    MOST_SECONDS,
    TOO_MUCH_MEMORY,
    TOO_SLOW,
    Filled,
    LayoutFiller,
    TooSlowError,
)
from makeready.templates.layout_files import LayoutFault, LayoutFiles
from makeready.templates.plain_values import Plain

_LONGEST_WAIT_SECONDS = 6 * MOST_SECONDS
"""How long an answer may take, where other programs leave this one little of the processor."""

_END_SECONDS = 5
_LENGTH_BYTES = 8
_MOST_ANSWER_BYTES = 8 * MOST_LETTERS
_OUT_OF_MEMORY_CODE = 99
_LOOK_SECONDS = 0.02
_LOADED_BEFORE = (
    "encodings.ascii",
    "encodings.unicode_escape",
    "html",
    "jinja2.debug",
    "textwrap",
    "traceback",
    "unicodedata",
)
"""Modules that Jinja2 and Python load where they are first used."""

_START = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import serve; serve()"


@dataclass
class LayoutProcess:
    """The process of one book's layouts; it starts with the first document.

    A value is sent to it once, for as long as it is the same object.
    """

    files: LayoutFiles
    _process: subprocess.Popen[bytes] | None = None
    _sent: dict[str, Plain] = field(default_factory=dict)
    _owner: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fill_in(self, name: str, values: Mapping[str, Plain]) -> Filled | LayoutFault:
        """Return the document that a layout makes, or what is wrong with it."""
        with self._lock:
            answer = self._ask(("fill in", name, self._news(values), tuple(values)), name)
        if isinstance(answer, LayoutFault):
            return answer
        if "fault" in answer:
            return LayoutFault(**answer["fault"])
        return Filled(answer["text"], frozenset(answer["labels_asked"]))

    def place_of(self, name: str, position: int) -> tuple[str, int | None]:
        """Return the path and line that a letter of the last document comes from."""
        with self._lock:
            answer = self._ask(("place of", name, {}, position), name)
        if isinstance(answer, LayoutFault):
            return answer.path, answer.line
        path, line = answer["place"]
        return path, line

    def _news(self, values: Mapping[str, Plain]) -> dict[str, Plain]:
        """Return the values that the process does not have yet, starting it if necessary."""
        is_ours = self._process is not None and self._owner == os.getpid()
        # It ends with the thread that started it, too.
        if not is_ours or (self._process and self._process.poll() is not None):
            self._begin()
        news = {
            name: value
            for name, value in values.items()
            if name not in self._sent or self._sent[name] is not value
        }
        self._sent |= news
        return news

    def _begin(self) -> None:
        folder = Path(__file__).resolve().parents[2]
        command = [sys.executable, "-I", "-B", "-c", _START.format(module=__name__), str(folder)]
        self._process = subprocess.Popen(
            ending_with_us(command, offline=True),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
        )
        self._owner, self._sent = os.getpid(), {}
        weakref.finalize(self, _end_process, self._process, self._owner)
        _send(self._process.stdin, pickle.dumps(self.files))

    def _ask(self, question: object, name: str) -> dict[str, Any] | LayoutFault:
        """Return the answer to a question; what is wrong with the layout, if there is none."""
        process = self._process
        assert process is not None
        # If the process has ended, there is no answer either.
        with suppress(OSError):
            _send(process.stdin, pickle.dumps(question))
        deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
        answer = _receive(process.stdout, deadline)
        if answer is not None:
            read: dict[str, Any] = json.loads(answer)
            return read
        is_late = time.monotonic() >= deadline
        if not is_late:
            # It has closed its end, and is about to be gone with an exit code of its own.
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_SECONDS)
        _end_process(process, self._owner)
        self._process = None
        path = self.files.path_of(f"{name}.html.j2")
        problem = _problem_at_end(process.returncode, is_late=is_late)
        return LayoutFault(problem, "Fix the layout.", path, is_lasting=True)


def _problem_at_end(code: int, *, is_late: bool) -> str:
    if is_late or code == -signal.SIGXCPU:
        return TOO_SLOW
    if code == _OUT_OF_MEMORY_CODE:
        return TOO_MUCH_MEMORY
    return "the process that fills in the layout ended unexpectedly, perhaps for lack of memory."


def _end_process(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner != os.getpid():
        # This is a fork of the process that it belongs to.
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _send(pipe: IO[bytes] | None, message: bytes) -> None:
    assert pipe is not None
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    pipe.flush()


def _receive(pipe: IO[bytes] | None, deadline: float) -> bytes | None:
    """Return a message; None if it does not come in time, or the other end is closed."""
    assert pipe is not None
    length = _read(pipe.fileno(), _LENGTH_BYTES, deadline)
    if length is None or (size := int.from_bytes(length, "big")) > _MOST_ANSWER_BYTES:
        return None
    return _read(pipe.fileno(), size, deadline)


def _read(descriptor: int, size: int, deadline: float) -> bytes | None:
    content = bytearray()
    while len(content) < size:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        block = os.read(descriptor, min(size - len(content), 1 << 20)) if ready else b""
        if not block:
            return None
        content += block
    return bytes(content)


def serve() -> None:
    """Answer questions until the other end is closed; runs in the process."""
    # Ctrl-C is for the process that asks, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    files = pickle.loads(_next_message(questions))  # noqa: S301 - from the process that asks
    filler = LayoutFiller(files)
    values: dict[str, Plain] = {}
    asked: dict[str, Plain] = {}
    _load_files()
    _limit_process()
    while message := _next_message(questions):
        kind, name, news, more = pickle.loads(message)  # noqa: S301 - as above
        values |= news
        with _TimeLimit():
            if kind == "fill in":
                asked = {key: values[key] for key in more}
                answer = _filled(filler, name, asked)
            else:
                answer = {"place": filler.place_of(name, asked, more)}
        _send(answers, json.dumps(answer).encode())


def _filled(filler: LayoutFiller, name: str, values: Mapping[str, Plain]) -> dict[str, object]:
    made = filler.fill_in(name, values)
    if isinstance(made, LayoutFault):
        return {"fault": asdict(made)}
    return {"text": made.text, "labels_asked": sorted(made.labels_asked)}


def _next_message(pipe: IO[bytes]) -> bytes:
    """Return the next message; empty when the other end is closed."""
    length = pipe.read(_LENGTH_BYTES)
    return pipe.read(int.from_bytes(length, "big")) if len(length) == _LENGTH_BYTES else b""


class _TimeLimit:
    """A limit on the time of the processor; past it `TooSlowError` is raised in the work."""

    def __enter__(self) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 2 * MOST_SECONDS
        # For work that no exception can stop.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        signal.signal(signal.SIGPROF, self._stop)
        # Again and again: an exception that arrives in a callback of the collector is lost.
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS, 0.5)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError


def _load_files() -> None:
    """Load what layouts may need of files, since none can be opened later."""
    for module in _LOADED_BEFORE:
        importlib.import_module(module)
    # The table of publishers is read at the first use.
    isbn.format("9783161484100")


def _limit_process() -> None:
    """Limit memory, and forbid to open or write files, as far as the system can."""
    for limit, value in (
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    if sys.platform == "darwin":
        # It accepts RLIMIT_AS, and does not keep to it.
        threading.Thread(target=_watch_memory, daemon=True).start()


def _watch_memory() -> None:
    """End the process when it has taken too much memory; macOS counts it in bytes."""
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY_BYTES:
        time.sleep(_LOOK_SECONDS)
    os._exit(_OUT_OF_MEMORY_CODE)
