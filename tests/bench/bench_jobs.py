"""What is timed: makeready's jobs and its peers', each with what has to be ready before it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from generate import edited, generate
from prose import Prose
from timing import Command, MemoryWatch, Timing, seconds_until

from makeready.fonts.instances import load_fonts

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / ".bench"
PYTHON = ROOT / ".venv" / "bin" / "python"
MAKEREADY = ROOT / ".venv" / "bin" / "makeready"
PEERS = BENCH / "bin"

# What `make` needs to find where it is run.
_WORKSHOP = (".venv", "Makefile", "pyproject.toml", "requirements.lock", "scripts", "styles")
_FONTS = {("normal", 400): "regular", ("italic", 400): "italic", ("normal", 600): "bold"}
_SCREEN = "bench-screen.pdf"
# After its first build a resident process may still be tidying up.
_SETTLE_S = 1.5
_TYPST = """\
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], font_paths=["fonts"], ignore_system_fonts=True,
    pdf_standards="ua-1")
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to time: ``run`` makes ready for a turn, untimed, then times it.

    ``output`` is the file that the job makes.
    """

    name: str
    output: Path
    run: Callable[[int], Timing]


class Workspace:
    """A folder with the bench book of one length, where makeready and its peers work on it."""

    def __init__(self, pages: int, pandoc: str, limit_s: float) -> None:
        self.folder = BENCH / "books" / str(pages)
        self.book, self.peers = self.folder / "makeready", self.folder / "peers"
        self.output, self.made = self.folder / "dist", self.folder / "made"
        self.cache, self.outer_cache = self.folder / ".makeready", self.folder / "cache"
        self.pandoc, self.limit_s = pandoc, limit_s
        shutil.rmtree(self.folder, ignore_errors=True)
        generate(pages, self.folder)
        self._text = {path.name: path.read_text("utf-8") for path in self.book.glob("*.md")}
        for name in _WORKSHOP:
            (self.folder / name).symlink_to(ROOT / name)
        self._give_fonts_to_peers()
        # Python compiles what it imports first: no job is to pay for that alone.
        subprocess.run([PYTHON, "-m", "compileall", "-q", ROOT / "scripts/makeready"], check=True)

    def jobs(self) -> Iterator[Job]:
        """Give the jobs in the order they are run in."""
        yield from self._makeready_jobs()
        yield from self._peer_jobs()

    def _makeready_jobs(self) -> Iterator[Job]:
        screen = self._makeready("build", "screen")
        paperback = self._makeready("build", "paperback")
        ebook = self._makeready("build", "ebook", "--no-page-list")
        everything = self._command("make", "all", "BOOK=makeready", "OUTPUT=made")

        def make(_: int) -> None:
            everything.timed()

        yield _job("cold", self.output / _SCREEN, screen, self._cool)
        yield _job("edited", self.output / _SCREEN, screen, self._edit)
        yield Job("watch", self.output / _SCREEN, self._watch)
        yield _job("print", self.output / "bench-paperback.pdf", paperback, self._cool)
        yield _job("epub", self.output / "bench.epub", ebook, self._cool)
        yield _job("all", self.made / _SCREEN, everything, self._cool)
        yield _job("unchanged", self.made / _SCREEN, everything, make)

    def _peer_jobs(self) -> Iterator[Job]:
        weasyprint, tagged = PEERS / "weasyprint", "--pdf-variant=pdf/ua-1"
        fonts = (f"--epub-embed-font=fonts/{name}.ttf" for name in _FONTS.values())
        commands: dict[str, tuple[str | Path, ...]] = {
            "literal.pdf": (weasyprint, "literal.html", "literal.pdf", tagged),
            "counter.pdf": (weasyprint, "counter.html", "counter.pdf", tagged),
            "typst.pdf": (PEERS / "python", "-c", _TYPST, "book.typ", "typst.pdf"),
            "pandoc.pdf": (
                *(self.pandoc, "book.md", "-o", "pandoc.pdf", "--toc", "--css=pandoc.css"),
                *(f"--pdf-engine={weasyprint}", f"--pdf-engine-opt={tagged}"),
            ),
            "pandoc.epub": (
                *(self.pandoc, "book.md", "-o", "pandoc.epub", "-t", "epub3", "--toc"),
                *("--css=pandoc-epub.css", *fonts),
            ),
        }
        for file, words in commands.items():
            command = Command(words, self.peers, {}, self.limit_s)
            name = "pandoc-epub" if file.endswith(".epub") else file.removesuffix(".pdf")
            yield _job(name, self.peers / file, command)

    def _makeready(self, *words: str) -> Command:
        folders = ("--book", self.book, "--output", self.output, "--cache", self.cache)
        return self._command(MAKEREADY, *words, *folders, "--time-limit", f"{self.limit_s:g}")

    def _command(self, *words: str | Path) -> Command:
        # What makeready keeps outside its cache folder is a cache too; and what `make bench` was
        # told is not for the make that is timed.
        environment = {"XDG_CACHE_HOME": str(self.outer_cache), "MAKEFLAGS": "", "MAKELEVEL": ""}
        return Command(words, self.folder, environment, self.limit_s)

    def _give_fonts_to_peers(self) -> None:
        (self.peers / "fonts").mkdir()
        for font in load_fonts(ROOT / "styles" / "fonts.toml", self.folder / "faces"):
            name = _FONTS.get((font.style, font.weight))
            if name and not font.only_for_code:
                shutil.copyfile(font.path, self.peers / "fonts" / f"{name}.ttf")

    def _cool(self, _: int) -> None:
        """Empty every cache, take away what was made, and put every chapter back as it was."""
        for folder in (self.cache, self.outer_cache, self.output, self.made):
            shutil.rmtree(folder, ignore_errors=True)
        for name, text in self._text.items():
            if (self.book / name).read_text("utf-8") != text:
                (self.book / name).write_text(text, "utf-8")

    def _warm_up(self, turn: int) -> None:
        """See to it that the screen edition has been made, and the cache holds it."""
        if not (self.output / _SCREEN).exists():
            self._cool(turn)
            self._makeready("build", "screen").timed()

    def _edit(self, turn: int) -> None:
        """Add a sentence to the middle chapter of a book that has just been made."""
        self._warm_up(turn)
        self._add_sentence(f"edit {turn}")

    def _add_sentence(self, seed: str) -> None:
        name = f"chapter-{(len(self._text) + 1) // 2}.md"
        text = edited(self._text[name], Prose(seed).sentence("short"))
        (self.book / name).write_text(text, "utf-8")

    def _watch(self, turn: int) -> Timing:
        """Time an edit from the file that is written to the PDF that is in its place."""
        self._warm_up(turn)
        made = self.output / _SCREEN
        made.unlink(missing_ok=True)
        with (
            self._makeready("watch", "screen").running() as process,
            MemoryWatch(process.pid) as memory,
        ):
            seconds_until(made.exists, process, self.limit_s)
            sleep(_SETTLE_S)
            before = _identity(made)
            self._add_sentence(f"watched edit {turn}")
            wall_s = seconds_until(lambda: _identity(made) != before, process, self.limit_s)
        return Timing(wall_s, memory.peak_mb)


def _job(
    name: str, output: Path, command: Command, prepare: Callable[[int], None] = lambda _: None
) -> Job:
    def run(turn: int) -> Timing:
        prepare(turn)
        return command.timed()

    return Job(name, output, run)


def _identity(path: Path) -> tuple[int, int]:
    """Tell one file in a place from another that was renamed into it."""
    state = path.stat()
    return state.st_ino, state.st_mtime_ns
