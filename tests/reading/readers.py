"""The programs that e-books are opened with: Chromium, and two reading engines in it."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from conftest import ROOT

INSTALLED = ROOT / ".reading"
SHOTS = INSTALLED / "screenshots"
HERE = Path(__file__).parent
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


def chromium() -> str:
    """Return the path of Chromium; a test without it fails."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: run `make test`."
    return path


class _Files(http.server.SimpleHTTPRequestHandler):
    """Serves the engines, the pages that call them, and one book."""

    book: Path

    def translate_path(self, path: str) -> str:
        name = path.partition("?")[0].lstrip("/")
        if name == "book.epub":
            return str(self.book)
        inside = INSTALLED if name.startswith("node_modules/") else HERE
        return str(inside / name)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


@contextmanager
def _served(book: Path) -> Iterator[str]:
    files = type("Files", (_Files,), {"book": book})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(files))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Reader:
    """A book that is open in a reading engine; ``files`` are its sections, in order."""

    def __init__(self, page: Page, complaints: list[str]) -> None:
        self.page, self.complaints = page, complaints
        self.files: list[str] = page.evaluate("reader.open('/book.epub')")

    def call(self, function: str, *arguments: object) -> Any:
        """Call a function of the page that holds the engine."""
        given = [function, list(arguments)]
        return self.page.evaluate("([name, given]) => reader[name](...given)", given)


@contextmanager
def opened(
    engine: str,
    book: Path,
    width: int,
    *,
    dark: bool = False,
    height: int = 900,
    scale: float = 1,
) -> Iterator[Reader]:
    """Open a book in an engine, on a screen of that width in CSS pixels of ``scale`` dots."""
    assert (INSTALLED / "node_modules").is_dir(), "Nothing is installed: run `make test`."
    complaints: list[str] = []
    with _served(book) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(_OPTIONS))
        try:
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                device_scale_factor=scale,
            )
            page.on(
                "console",
                lambda said: (
                    complaints.append(said.text) if said.type in {"error", "warning"} else None
                ),
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{address}/{engine}.html")
            page.wait_for_function("window.ready === true")
            yield Reader(page, complaints)
        finally:
            browser.close()
