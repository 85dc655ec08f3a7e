"""Several titles in one run: side by side, each as if it were made alone."""

import json
import os
import subprocess
import sys
import uuid

import pytest

from conftest import BOOKS, ROOT, makeready
from makeready.build.batch import read_catalogue
from makeready.errors import UsageError


def leaflet(folder, slug, text="", fonts=""):
    """Write a copy of the leaflet under another slug, with a text and fonts of its own."""
    folder.mkdir(parents=True)
    for source in (BOOKS / "leaflet").rglob("*"):
        if source.is_file():
            target = folder / source.relative_to(BOOKS / "leaflet")
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(source.read_bytes())
    toml = folder / "book.toml"
    toml.write_text(toml.read_text("utf-8").replace('slug = "leaflet"', f'slug = "{slug}"'))
    chapter = folder / "chapter-2.md"
    chapter.write_text(f"{chapter.read_text('utf-8')}\n{text}\n", "utf-8")
    if fonts:
        (folder / "styles").mkdir()
        house = (ROOT / "styles/fonts.toml").read_text("utf-8")
        (folder / "styles/fonts.toml").write_text(house.replace("wght = 400", fonts))
    return folder


def pdf_of(output, slug):
    return (output / f"{slug}-paperback.pdf").read_bytes()


@pytest.mark.long
def test_titles_made_together_are_as_made_alone_and_one_that_fails_stops_none(tmp_path):
    mark = uuid.uuid4().hex
    plain = leaflet(tmp_path / "plain", "plain", f"Mark {mark}.")
    # Fonts of the same names, drawn otherwise: a worker that mixed them up would show.
    heavy = leaflet(tmp_path / "heavy", "heavy", f"Mark {mark}.", fonts="wght = 480")
    faulty = leaflet(tmp_path / "faulty", "faulty", "[](#nowhere)")
    books = [part for book in (plain, faulty, heavy) for part in ("--book", book)]
    made = makeready(
        *("build", "--kind", "print", "--jobs", "2", "--json", "--output", tmp_path / "out"),
        *("--cache", tmp_path / "cache", *books),
    )
    assert made.code == 1, made.err
    titles = {title["book"]: title for title in json.loads(made.out)["titles"]}
    assert [f["id"] for f in titles[faulty.as_posix()]["findings"]] == ["REF-001"]
    assert not (tmp_path / "out/faulty/faulty-paperback.pdf").exists()
    for book in (plain, heavy):
        alone = tmp_path / f"{book.name}-alone"
        run = makeready(
            *("build", "--kind", "print", "--book", book, "--output", alone),
            *("--cache", tmp_path / f"{book.name}-cache"),
        )
        assert run.code == 0, run.err
        assert pdf_of(tmp_path / "out" / book.name, book.name) == pdf_of(alone, book.name)
    assert pdf_of(tmp_path / "out/plain", "plain") != pdf_of(tmp_path / "out/heavy", "heavy")


def test_titles_that_would_be_one_file_are_refused(tmp_path):
    books = [leaflet(tmp_path / name, "same") for name in ("one", "other")]
    both = [part for book in books for part in ("--book", book)]
    run = makeready("build", *both, "--output", tmp_path / "out")
    assert run.code == 2
    assert "would both write to" in run.err
    assert not (tmp_path / "out").exists()


def test_titles_that_cannot_be_made_end_in_the_exit_code_of_what_is_wrong(tmp_path):
    books = [leaflet(tmp_path / name, name) for name in ("one", "other")]
    both = [part for book in books for part in ("--book", book)]
    where = ("--output", tmp_path / "out", "--cache", tmp_path / "cache")
    run = makeready("build", "hardback", *both, *where)
    assert run.code == 2, run.err
    assert run.err.count("Unknown edition “hardback”") == 2


@pytest.mark.long
def test_catalogue_says_where_from_and_where_to(tmp_path):
    leaflet(tmp_path / "list/one", "one")
    leaflet(tmp_path / "two", "two")
    (tmp_path / "list/titles.toml").write_text(
        '[[title]]\nbook = "one"\noutput = "../ready"\nkinds = ["print"]\n\n'
        '[[title]]\nbook = "../two"\neditions = ["paperback"]\n'
    )
    run = makeready(
        *("build", "--catalogue", tmp_path / "list/titles.toml", "--output", tmp_path / "out"),
        *("--cache", tmp_path / "cache", "--stamp", tmp_path / "stamp"),
    )
    assert run.code == 0, run.err
    made = [tmp_path / "list/../ready/one-paperback.pdf", tmp_path / "out/two/two-paperback.pdf"]
    assert all(path.is_file() for path in made)
    stamp = (tmp_path / "stamp").read_text("utf-8").splitlines()
    assert [line for line in stamp if line[0] != "#"] == [str(path) for path in made]
    lines = run.err.splitlines()
    assert f"{tmp_path}/list/one: Typesetting paperback" in lines
    assert f"{tmp_path}/list/../two: Checking paperback" in lines


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            '[[title]]\nbook = "one"\nbok = "x"\n',
            3,
            "unknown key `bok`; did you mean `book`?",
        ),
        ('[[titles]]\nbook = "one"\n', 1, "unknown key `titles`; did you mean `title`?"),
        ('[[title]]\nbook = "one"\n[[title]]\noutput = "x"\n', 3, "the title has no book"),
        ('[[title]]\n\nbook = "gone"\n', 3, "no book.toml in"),
        ("[[title]]\nbook = 3\n", 2, "`book` must be the name of a folder."),
        (
            '[[title]]\nbook = "one"\nkinds = ["prnt"]\n',
            3,
            "unknown kind `prnt`; did you mean `print`?",
        ),
        (
            '[[title]]\nbook = "one"\neditions = "screen"\n',
            3,
            "`editions` must be a list of names.",
        ),
        ("title = []\n", 1, "the catalogue needs a [[title]] table for each book."),
    ],
)
def test_a_fault_in_a_catalogue_is_told_with_its_line(tmp_path, text, line, words):
    leaflet(tmp_path / "one", "one")
    path = tmp_path / "titles.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_catalogue(path)
    told = caught.value.message.splitlines()
    assert told[0].startswith(f"{path.as_posix()}:{line}: ")
    assert words in told[0]


def test_a_catalogue_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(UsageError, match="Catalogue not found"):
        read_catalogue(tmp_path / "titles.toml")
    (tmp_path / "titles.toml").write_text("[[title]\n")
    with pytest.raises(UsageError, match=r"is not valid TOML: .*line 1"):
        read_catalogue(tmp_path / "titles.toml")


FATAL_TASK = """
import signal
from concurrent.futures import BrokenExecutor
from makeready.workers.shared_pool import SharedPoolExecutor, shared_pool

if __name__ == "__main__":
    with shared_pool(2, tuple) as address:
        workers = SharedPoolExecutor(address, 2)
        sums = [workers.submit(pow, n, 2) for n in range(8)]
        fatal = workers.submit(signal.raise_signal, signal.SIGKILL)
        sums += [workers.submit(pow, n, 2) for n in range(8, 16)]
        assert [s.result() for s in sums] == [n * n for n in range(16)]
        try:
            fatal.result()
        except BrokenExecutor:
            print("only that one")
"""


@pytest.mark.slow
def test_a_task_that_kills_its_worker_fails_alone(tmp_path):
    script = tmp_path / "fatal.py"
    script.write_text(FATAL_TASK)
    ran = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=dict(os.environ),
    )
    assert (ran.returncode, ran.stdout) == (0, "only that one\n"), ran.stderr
