"""``makeready watch``: a save is seen, the book made again, and nothing ends it but its maker."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from conftest import CACHE, makeready

WAITING = "Watching "


class Watch:
    """A watch of a book in a process of its own; ``look`` reads what it says up to a rest."""

    def __init__(self, book, output, *arguments, cache=CACHE):
        self.book, self.output = book, output
        where = ["--book", book, "--output", output, "--cache", cache, *arguments]
        self.log = output.with_name("watch.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "makeready", "watch", *map(str, where)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.read = 0

    def look(self, seconds=60):
        """Return what was said since the last look, once it waits (again)."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            said = self.log.read_text("utf-8")[self.read :]
            if WAITING in said and said.endswith("\n"):
                self.read += len(said)
                return said
            assert self.process.poll() is None, said
            time.sleep(0.02)
        raise AssertionError(f"it does not rest: {self.log.read_text('utf-8')}")

    def processes(self):
        """Return the ids of the processes of this watch: the command line names its output."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if str(self.output).encode() in line and state != "Z":
                found.append(int(folder.name))
        return sorted(found)

    def end(self, by=signal.SIGINT):
        self.process.send_signal(by)
        return self.process.wait(10)

    def text(self, name="leaflet-paperback.pdf"):
        """Return the text of a PDF in the output folder."""
        with pypdfium2.PdfDocument(self.output / name) as pdf:
            text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
        return text.replace("\xa0", " ")


@pytest.fixture
def watch_of(tmp_path):
    """Begins watches, and ends those that a test leaves."""
    begun = []
    # A shell has what it runs in the background ignore Ctrl-C, and a watch would too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def begin(book, *arguments, **options):
        begun.append(Watch(book, tmp_path / "out", *arguments, **options))
        return begun[-1]

    yield begin
    signal.signal(signal.SIGINT, before)
    for watch in begun:
        if watch.process.poll() is None:
            watch.end(signal.SIGTERM)
        assert watch.processes() == []


def append(path, text):
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")


@pytest.mark.slow
def test_a_save_is_made_into_the_file_and_faults_do_not_end_it(broken_book, watch_of):
    book = broken_book()
    watch = watch_of(book, "--kind", "print")
    first = watch.look()
    line = re.compile(r"^\S+/leaflet-paperback\.pdf  \d+ pages, \d+ kB, in \d+\.\d\d s$", re.M)
    assert line.search(first), first
    append(book / "chapter-1.md", "A word about quinces.")
    assert line.search(watch.look())
    assert "quinces" in watch.text()

    # A fault is told with its place, and leaves the last good file whole.
    whole = (book / "chapter-1.md").read_text("utf-8")
    append(book / "chapter-1.md", "[](#nowhere) and medlars.")
    said = watch.look()
    assert "chapter-1.md:" in said
    assert "REF-001" in said
    assert not line.search(said)
    assert "quinces" in watch.text()
    (book / "chapter-1.md").write_text(whole.replace("quinces", "medlars"), "utf-8")
    assert line.search(watch.look())
    assert "medlars" in watch.text()

    # So do a book.toml that cannot be read, and one that comes back.
    toml = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(toml.replace("[editions.paperback]", "[editions.paper"))
    assert "error MET-" in watch.look()
    (book / "chapter-3.md").write_text("# Pears\n\nA chapter about pears.\n", "utf-8")
    (book / "book.toml").write_text(toml.replace('"chapter-2"]', '"chapter-2", "chapter-3"]'))
    assert line.search(watch.look())
    assert "about pears" in watch.text()

    # A file that is gone is missed; an edition that is gone is an order that cannot be met.
    (book / "chapter-3.md").unlink()
    assert "MAN-001" in watch.look()
    (book / "book.toml").write_text(toml, "utf-8")
    assert line.search(watch.look())
    assert "pears" not in watch.text()

    # What other sections show of a change is made anew too: all is as a clean build makes it.
    chapter = book / "chapter-2.md"
    chapter.write_text(chapter.read_text("utf-8").replace("# Two", "# Second"), "utf-8")
    watch.look()
    (book / "book.toml").write_text(toml.replace("A Leaflet", "The Leaf"), "utf-8")
    watch.look()
    clean = makeready(
        *("build", "--kind", "print", "--book", book, "--output", watch.output.with_name("clean")),
        *("--cache", watch.output.with_name("clean-cache")),
    )
    assert clean.code == 0, clean.err
    name = "leaflet-paperback.pdf"
    assert (watch.output / name).read_bytes() == (clean.output / name).read_bytes()

    assert watch.end() == 130
    assert watch.processes() == []
    assert "Traceback" not in watch.log.read_text("utf-8")


def images_of(path):
    """Return the middle pixel of each image in a PDF."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [
            image.get_bitmap().to_pil().convert("L").getpixel((1, 1))
            for page in pdf
            for image in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        ]


@pytest.mark.slow
def test_images_and_styles_that_change_under_one_name_are_seen(broken_book, watch_of):
    book = broken_book()
    picture = book / "images" / "square.png"
    with Image.open(picture) as image:
        size = image.size
    Image.new("L", size, 10).save(picture, dpi=(600, 600))
    watch = watch_of(book, "--kind", "print", "--jobs", "2")
    watch.look()
    before = images_of(watch.output / "leaflet-paperback.pdf")
    Image.new("L", size, 200).save(picture, dpi=(600, 600))
    watch.look()
    after = images_of(watch.output / "leaflet-paperback.pdf")
    assert (set(before), set(after)) == ({10}, {200})

    css = book / "styles" / "css" / "book.css"
    css.parent.mkdir(parents=True)
    css.write_text("p { text-transform: uppercase }")
    watch.look()
    assert "THE END IS HERE" in watch.text()

    # What an editor leaves beside a file is no part of the book.
    for name in (".chapter-1.md.swp", "chapter-1.md~", "#chapter-1.md#", "4913", "a.md.bak"):
        (book / name).write_text("nothing")
    time.sleep(0.5)
    assert len(watch.log.read_text("utf-8")) == watch.read


@pytest.mark.slow
def test_a_child_that_dies_is_begun_anew(broken_book, watch_of):
    book = broken_book()
    watch = watch_of(book, "--kind", "print", "--jobs", "2", "--json")

    def documents(count):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            lines = watch.log.read_text("utf-8").splitlines()
            found = [json.loads(line) for line in lines if line.startswith("{")]
            if len(found) == count:
                return found
            time.sleep(0.02)
        raise AssertionError(watch.log.read_text("utf-8"))

    documents(1)
    # The process that builds the book, and a fork server with two workers that warm up.
    deadline = time.monotonic() + 60
    while len(watch.processes()) < 5:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    others = [pid for pid in watch.processes() if pid != watch.process.pid]
    os.kill(next(pid for pid in others if os.getpgid(pid) == pid), signal.SIGKILL)
    append(book / "chapter-1.md", "Once.")
    deadline = time.monotonic() + 60
    while "its worker process ended" not in watch.log.read_text("utf-8"):
        assert time.monotonic() < deadline, watch.log.read_text("utf-8")
        time.sleep(0.02)
    assert not set(others) & set(watch.processes())
    append(book / "chapter-1.md", "Twice.")
    last = documents(2)[-1]
    assert [f["path"] for f in last["files"]] == ["leaflet-paperback.pdf"]
    assert last["seconds"] > 0
    assert "Twice" in watch.text()

    # When the command itself is killed, what it began ends too.
    watch.process.kill()
    watch.process.wait()
    while watch.processes() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert watch.processes() == []


def test_a_watch_has_no_exit_code_to_be_strict_with(broken_book, watch_of):
    watch = watch_of(broken_book(), "--strict")
    assert watch.process.wait(30) == 2
    assert "No such option" in watch.log.read_text("utf-8")


def test_an_edition_that_the_book_does_not_have_is_refused(broken_book, watch_of):
    watch = watch_of(broken_book(), "hardback")
    assert watch.process.wait(30) == 2
    assert "Unknown edition “hardback”" in watch.log.read_text("utf-8")
