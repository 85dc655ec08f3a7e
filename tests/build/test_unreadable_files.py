"""Files of a book that are no small, ordinary text are named, and never waited for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CACHE, ROOT, Run, makeready
from makeready.book.source_files import FileRefusedError, read_book_file, read_file
from makeready.errors import FindingsError
from makeready.templates.own_stylesheet import read_own_stylesheet

SECONDS = 60


def build(book: Path, output: Path) -> Run:
    common = ("--book", book, "--output", output, "--cache", CACHE, "--jobs", "1", "--json")
    return makeready("build", "screen", *common)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def latin(path: Path) -> None:
    path.write_bytes("a = 'b'\n\n# é".encode("latin-1"))


def long_number(path: Path) -> None:
    path.write_text("a = 1\n\nx = " + "1" * 4301 + "\n", "utf-8")


def large(path: Path) -> None:
    path.write_bytes(b"# " + b"x" * 1_000_000)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book of one chapter with styles of its own."""
    root = tmp_path / "book"
    (root / "styles" / "css").mkdir(parents=True)
    (root / "book.toml").write_text(
        'title = "T"\nlanguage = "en"\nmodified = 2026-01-01\nbodymatter = ["chapter-1"]\n'
        '[[contributors]]\nname = "A B"\n[editions.screen]\nkind = "screen"\n',
        "utf-8",
    )
    (root / "chapter-1.md").write_text("# One\n\nWords.\n", "utf-8")
    return root


@pytest.mark.parametrize(
    ("name", "make", "finding", "line"),
    [
        ("book.toml", pipe, "MET-018", None),
        ("book.toml", device, "MAN-025", None),
        ("book.toml", folder, "MET-018", None),
        ("book.toml", latin, "MET-002", 3),
        ("book.toml", long_number, "MET-003", 3),
        ("book.toml", large, "MET-017", None),
        ("chapter-1.md", pipe, "MAN-030", None),
        ("chapter-1.md", device, "MAN-025", None),
        ("styles/css/print.css", pipe, "MET-091", None),
        ("styles/css/print.css", folder, "MET-091", None),
        ("styles/css/print.css", latin, "MET-091", 3),
        ("styles/css/print.css", large, "MET-091", None),
        ("styles/fonts.toml", pipe, "MET-091", None),
        ("styles/fonts.toml", latin, "MET-091", 3),
        ("styles/fonts.toml", long_number, "MET-091", 3),
        ("styles/fonts.toml", large, "MET-091", None),
        ("styles/measures.toml", pipe, "MET-091", None),
        ("styles/measures.toml", long_number, "MET-091", 3),
    ],
)
def test_the_file_is_named(
    name: str,
    make: Callable[[Path], None],
    finding: str,
    line: int | None,
    book: Path,
    tmp_path: Path,
) -> None:
    (book / name).unlink(missing_ok=True)
    make(book / name)
    started_at = time.monotonic()
    run = build(book, tmp_path / "out")
    assert time.monotonic() - started_at < SECONDS
    assert run.code == 1, run.err
    found = [each for each in run.findings if each[0] != "LAY-009"]
    assert (finding, name, line) in found, run.findings
    assert "report it" not in run.out


@pytest.mark.parametrize(
    ("css", "line"),
    [
        ("p { margin: 0 }\np { width: calc(1px / 0) }", 2),
        ("p { width: calc(1px * (2 / 0.0)) }", 1),
        ("p { margin: calc(1px * nan) }", 1),
        ("p {\n  padding: calc(1px * Infinity) }", 2),
        ("p { width: 1e999px }", 1),
        ("p { width: " + "calc(" * 31 + "1px" + ")" * 31 + " }", 1),
        (":is(" * 31 + "p" + ")" * 31 + " { margin: 0 }", 1),
        ("p {" * 9 + "margin: 0" + "}" * 9, 1),
        ("p { counter-increment: a 100001 }", 1),
        ("\n@color-profile x { src: url(x.icc) }", 2),
    ],
)
def test_a_rule_that_the_engine_fails_on_is_named(css: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "print.css").write_text(css, "utf-8")
    with pytest.raises(FindingsError) as raised:
        read_own_stylesheet(tmp_path / "print.css", "styles/css/print.css")
    assert (raised.value.path, raised.value.line) == ("styles/css/print.css", line)


def test_rules_at_the_limits_are_right(book: Path, tmp_path: Path) -> None:
    (book / "styles" / "css" / "print.css").write_text(
        "/* ((((((((((((((((((((((((((((((((((((((( { { { { { { { { { { */\n"
        'p::before { content: "((((((((((((((((((((((((((((((((((((((((" }\n'
        "p { width: calc(100% - (4pt / 2)); z-index: 2147483647; text-indent: -9999px }\n"
        "p { width: auto; text-indent: 0; counter-increment: a 100000 }\n"
        "p { width: " + "calc(" * 6 + "100%" + ")" * 6 + " }\n"
        ".a { .b { .c { .d { margin: 0 } } } }\n",
        "utf-8",
    )
    run = build(book, tmp_path / "out")
    assert run.code == 0, run.out + run.err


def test_a_link_inside_the_book_is_followed_and_no_other(tmp_path: Path) -> None:
    root = tmp_path / "book"
    (root / "shared").mkdir(parents=True)
    (root / "shared" / "text.md").write_text("Words.", "utf-8")
    (root / "chapter-1.md").symlink_to("shared/text.md")
    (root / "folder").symlink_to("shared")
    (root / "outside.md").symlink_to(tmp_path / "secret")
    (root / "round").symlink_to("round")
    (tmp_path / "secret").write_text("A secret.", "utf-8")
    assert read_book_file(root, "chapter-1.md", 6) == b"Words."
    assert read_book_file(root, "folder/text.md", 6) == b"Words."
    assert read_file(root / "folder" / "text.md", 6) == b"Words."
    for name, attribute in {
        "outside.md": "is_outside",
        "../secret": "is_outside",
        "none.md": "is_missing",
    }.items():
        with pytest.raises(FileRefusedError) as raised:
            read_book_file(root, name, 100)
        assert getattr(raised.value, attribute), name
    for name in ("round", "shared", "", "a\0b", "chapter-1.md/x", "x" * 300):
        with pytest.raises(FileRefusedError):
            read_book_file(root, name, 100)
    with pytest.raises(FileRefusedError) as raised:
        read_book_file(root, "chapter-1.md", 5)
    assert raised.value.size == 6


def test_a_file_that_changes_between_look_and_use_is_never_read_from_outside(
    tmp_path: Path,
) -> None:
    root = tmp_path / "book"
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
        (root / name / "text.md").write_text("Words.", "utf-8")
    (tmp_path / "text.md").write_text("A secret.", "utf-8")
    (root / "c").symlink_to(tmp_path)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for name in ("a", "c"):
                (root / "new").symlink_to(root / name)
                (root / "new").replace(root / "b2")

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        read = set()
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            try:
                read.add(read_book_file(root, "b2/text.md", 100))
            except FileRefusedError:
                continue
    finally:
        stop.set()
        thread.join()
    assert read == {b"Words."}


def test_make_reads_no_device_to_its_end(book: Path) -> None:
    (book / "book.toml").unlink()
    device(book / "book.toml")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import up_to_date as u;"
        "print(u.has_editions('pdf', sys.argv[2]))"
    )
    scripts = ROOT / "scripts" / "makeready" / "bootstrap"
    run = subprocess.run(
        [sys.executable, "-c", code, str(scripts), str(book)],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    assert run.stdout == "True\n"
