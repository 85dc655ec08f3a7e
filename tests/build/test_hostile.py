"""Manuscripts from a stranger: nothing outside is read, nothing is fetched, nothing hangs."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import CACHE, Run, makeready

SECRET = "a secret of the machine"


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths anybody asked it for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", asked
    httpd.shutdown()
    httpd.server_close()


def build(book: Path, output: Path, *more: str) -> Run:
    return makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json", *more)


def everything(output: Path) -> bytes:
    return b"".join(path.read_bytes() for path in output.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "markup",
    [
        "![x](../secret.png)",
        "![x](%2e%2e/secret.png)",
        "![x](link.png)",
        '<img src="file:///{outside}/secret.png" alt="x"/>',
        '<a rel="attachment" href="file:///{outside}/secret.txt">x</a>',
        '<link rel="attachment" href="file:///{outside}/secret.txt"/>',
        '<p style="background: url({server}/a.png)">x</p>',
        '<style>@import url("{server}/b.css");</style>',
        "![x]({server}/c.png)",
        '<iframe src="{server}/d"></iframe>',
        '<object data="{server}/e"></object>',
        '<base href="{server}/"/>',
    ],
)
def test_nothing_outside_the_book_is_read(
    markup: str,
    server: tuple[str, list[str]],
    broken_book: Callable[..., Path],
    tmp_path: Path,
) -> None:
    address, asked = server
    book = broken_book()
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    (tmp_path / "secret.png").write_bytes((book / "images/square.png").read_bytes())
    (book / "link.png").symlink_to(tmp_path / "secret.png")
    with (book / "chapter-2.md").open("a", encoding="utf-8") as file:
        file.write("\n" + markup.format(outside=tmp_path, server=address) + "\n")
    run = build(book, tmp_path / "out")
    assert run.findings, "what is refused must be told"
    assert all(path == "chapter-2.md" for _, path, _ in run.findings), run.findings
    assert "Traceback" not in run.err
    assert asked == []
    if (tmp_path / "out").exists():
        assert SECRET.encode() not in everything(tmp_path / "out")


def test_styles_of_the_book_cannot_fetch_either(
    server: tuple[str, list[str]], broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    address, asked = server
    book = broken_book()
    (book / "styles" / "css").mkdir(parents=True)
    (book / "styles" / "css" / "print.css").write_text(
        f'@import url("{address}/x.css"); p {{ background: url({address}/y.png) }}', "utf-8"
    )
    run = build(book, tmp_path / "out", "paperback")
    assert run.code == 1
    assert {finding[0] for finding in run.findings} == {"LAY-001"}
    assert asked == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("deep nesting", "<div>" * 900 + "x" + "</div>" * 900, marks=pytest.mark.long),
        ("deep quotes", ">" * 3000 + " x"),
        pytest.param("many unclosed links", "<a " * 20000, marks=pytest.mark.long),
        pytest.param("many brackets", "[" * 20000, marks=pytest.mark.long),
        pytest.param("many stars", ("*a_" * 50 + " ") * 400, marks=pytest.mark.long),
        ("wide table", '<table><tr><td colspan="1000000" rowspan="65534">x</td></tr></table>'),
        ("one long word", "x" * 200000),
        ("many notes", "".join(f"word[^{n}] " for n in range(3000))),
    ],
)
def test_no_text_hangs_a_build(
    name: str, content: str, broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    (book / "chapter-2.md").write_text(f"# Two\n\n{content}\n", "utf-8")
    began = time.monotonic()
    run = build(book, tmp_path / "out", "--time-limit", "15")
    assert time.monotonic() - began < 60, name
    assert run.code in {0, 1}, run.err
    assert "Traceback" not in run.err


def test_a_drawing_that_multiplies_itself_is_refused(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    groups = "".join(
        f'<g id="u{n}">' + f'<use href="#u{n - 1}"/>' * 10 + "</g>" for n in range(1, 9)
    )
    (book / "images" / "bomb.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
        f'<g id="u0"><rect width="1" height="1"/></g>{groups}</svg>',
        "utf-8",
    )
    with (book / "chapter-2.md").open("a", encoding="utf-8") as file:
        file.write("\n![A bomb](images/bomb.svg)\n")
    run = build(book, tmp_path / "out", "--time-limit", "20")
    assert run.code == 1
    assert [(path, line) for _, path, line in run.findings] == [("chapter-2.md", 5)]


def test_a_step_past_its_time_is_stopped_and_named(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    rows = "\n".join("| " + " | ".join(["word"] * 12) + " |" for _ in range(2500))
    head = "| " + " | ".join(["a"] * 12) + " |\n|" + "---|" * 12 + "\n"
    (book / "chapter-2.md").write_text(f"# Two\n\n{head}{rows}\n", "utf-8")
    # An e-book would say as well that it lists no pages, where it comes to be made at all.
    run = build(book, tmp_path / "out", "--time-limit", "2", "--kind", "print")
    assert run.code == 1
    assert run.findings == [("LAY-009", "chapter-2.md", None)]
