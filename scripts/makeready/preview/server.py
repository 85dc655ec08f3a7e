"""The server of the preview: a process of its own, on the loopback address only.

A pipe brings it what was made, and takes back which editions browsers show.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from makeready.errors import EngineError, UsageError
from makeready.preview.editors import Editor
from makeready.preview.made import Wanted
from makeready.workers.child import begin_child, start
from makeready.workers.context import process_context

LOOPBACK = "127.0.0.1"
FIRST_PORT = 8470
_PORTS = 20
_MOST_RESTARTS, _RESTART_SECONDS = 3, 10.0
_BUG = "This is a bug in makeready; please report it."


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """What a server is started with: the book's folder, its secret, its port, and the editor."""

    book: Path
    token: str
    port: int
    editor: Editor
    since: str = ""
    """What the page shows the changes since when it is opened, if anything."""

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        return f"http://{LOOPBACK}:{self.port}/?token={self.token}"


def listen(port: int | None) -> socket.socket:
    """Return a socket that listens at a port of the loopback address.

    Without a port it is the first free one from `FIRST_PORT` on. UsageError if none is free.
    """
    ports = range(FIRST_PORT, FIRST_PORT + _PORTS) if port is None else (port,)
    for number in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # A port whose last connections are not quite closed yet is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, number))
            listener.listen()
        except OSError:
            listener.close()
        else:
            return listener
    name = f"Port {port} is" if port is not None else f"Ports {ports[0]} to {ports[-1]} are"
    raise UsageError(f"{name} in use.", "Name a free one with --port, or 0 for any.")


@dataclass
class ServerProcess:
    """The server's process; it is started again if it has ended. Close it at the end."""

    setup: ServerSetup
    listener: socket.socket
    _process: BaseProcess | None = None
    _pipe: Connection | None = None
    _last: dict[tuple[type, str], object] = field(default_factory=dict)
    _restarts: list[float] = field(default_factory=list)

    def __enter__(self) -> ServerProcess:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: object, name: str = "", whole: object = None) -> None:
        """Send the server a message, which replaces the one before of this type and name.

        ``whole`` is what a new server is sent, if the message has only what is new.
        """
        self._last[type(message), name] = whole or message
        if self._pipe is not None:
            with suppress(OSError):
                self._pipe.send(message)

    def messages(self) -> Iterator[Wanted]:
        """Yield the messages since the last call; a server that has ended is started again."""
        if self._process is None or not self._process.is_alive():
            self.close()
            self._count_restart()
            self._start()
            for message in self._last.values():
                if self._pipe is not None:
                    self._pipe.send(message)
        with suppress(OSError, EOFError):
            while self._pipe is not None and self._pipe.poll():
                yield self._pipe.recv()

    def _count_restart(self) -> None:
        now = time.monotonic()
        self._restarts = [at for at in self._restarts if now - at < _RESTART_SECONDS] + [now]
        if len(self._restarts) > _MOST_RESTARTS:
            raise EngineError("The preview's server ends again and again.", _BUG)

    def close(self) -> None:
        """End the process."""
        if self._process is not None and self._pipe is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._process = self._pipe = None

    def _start(self) -> None:
        context = process_context()
        self._pipe, other_end = context.Pipe()
        arguments = (self.setup, self.listener, other_end, self._pipe)
        self._process = context.Process(target=_serve, args=arguments)
        start(self._process)
        other_end.close()


def _serve(
    setup: ServerSetup, listener: socket.socket, pipe: Connection, parent_end: Connection
) -> None:
    """Serve until the parent closes the pipe; runs in the child."""
    begin_child()
    parent_end.close()
    asyncio.run(_serve_while_open(setup, listener, pipe))


async def _serve_while_open(setup: ServerSetup, listener: socket.socket, pipe: Connection) -> None:
    # Only this process needs them.
    import uvicorn  # noqa: PLC0415

    from makeready.preview.access import Access  # noqa: PLC0415
    from makeready.preview.application import PreviewApplication  # noqa: PLC0415
    from makeready.preview.state import State  # noqa: PLC0415

    class Server(uvicorn.Server):
        """A server that the parent ends, and no signal."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    def want(wanted: Wanted) -> None:
        with suppress(OSError):
            pipe.send(wanted)

    application = PreviewApplication(State(setup.book), setup.editor, want, setup.since)
    config = uvicorn.Config(
        Access(application.starlette, setup.token, setup.port),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
    )
    server = Server(config)
    # The answer says what is wrong with a request; the user sees no traceback.
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())
    logging.getLogger("uvicorn").propagate = False

    def read() -> None:
        try:
            while pipe.poll():
                application.take(pipe.recv())
        except (EOFError, OSError):
            server.should_exit = server.force_exit = True

    asyncio.get_running_loop().add_reader(pipe.fileno(), read)
    await server.serve(sockets=[listener])
