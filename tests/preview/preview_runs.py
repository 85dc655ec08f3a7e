"""A preview in a process of its own, and Chromium with its page open."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from conftest import BOOKS, CACHE

_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_SECONDS = 60


def wait_for(condition: Callable[[], object], seconds: float = _SECONDS) -> object:
    """Wait until a condition holds, and return its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("it never holds")


@dataclass(frozen=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    content: bytes


class Preview:
    """A preview of a copy of a book; `address` has its token."""

    def __init__(self, book: Path, *arguments: str) -> None:
        self.book = book
        self.log = book.with_name("preview.log")
        words = ["--book", book, "--no-open", "--port", "0", "--cache", CACHE, *arguments]
        # A shell has what it runs in the background ignore Ctrl-C, and the preview would too.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "makeready", "preview", *map(str, words)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        signal.signal(signal.SIGINT, before)
        self.address = str(wait_for(self._printed_address))

    def _printed_address(self) -> str:
        assert self.process.poll() is None, self.said()
        found = re.search(r"^Preview: (\S+)$", self.said(), re.MULTILINE)
        return found[1] if found else ""

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(10)

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port is not None
        return port

    @property
    def token(self) -> str:
        return self.address.rpartition("=")[2]

    def ask(self, path: str, *, method: str = "GET", body: str = "", **headers: str) -> Answer:
        """Ask the server; ``headers`` have underscores for dashes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(connection):
            connection.request(method, path, body or None, named)
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())

    def own(self, path: str, **options: str) -> Answer:
        """Ask as the browser does that has the cookie."""
        return self.ask(path, Cookie=f"makeready-{self.port}={self.token}", **options)


@contextmanager
def preview_of(
    folder: Path, name: str, *arguments: str, edit: Callable[[Path], None] = lambda _: None
) -> Iterator[Preview]:
    book = folder / "book"
    shutil.copytree(BOOKS / name, book)
    edit(book)
    preview = Preview(book, *arguments)
    try:
        yield preview
    finally:
        preview.end(signal.SIGTERM)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: run `make test`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


class Shown:
    """The page of a preview in a browser; `complaints` are the browser's errors and warnings."""

    def __init__(self, browser: Browser, preview: Preview, *, width: int = 1200) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": 800})
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(urlsplit(request.url).path))
        self.page.goto(preview.address)
        self.page.wait_for_selector(".page img", timeout=_SECONDS * 1000)

    def _note(self, said: object) -> None:
        if getattr(said, "type", "") in {"error", "warning"}:
            self.complaints.append(str(getattr(said, "text", "")))

    def go_to(self, label: str) -> None:
        self.page.fill("#page", label)
        self.page.press("#page", "Enter")
        self.page.wait_for_selector(f".page[aria-label='Page {label}'] .line")

    def digest(self, label: str) -> str:
        return str(self.page.get_attribute(f".page[aria-label='Page {label}']", "data-digest"))

    def drawn(self, label: str) -> str:
        """Return the address of the image of a page."""
        return str(self.page.get_attribute(f".page[aria-label='Page {label}'] img", "src"))

    def scroll(self) -> float:
        return float(self.page.evaluate("document.querySelector('#pages').scrollTop"))

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)
