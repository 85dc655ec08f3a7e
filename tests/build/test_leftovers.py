"""What a build that fails leaves: the last good files, and a manifest that tells what they are."""

import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from conftest import CACHE, ROOT, makeready


def run(command, book, output, *arguments):
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    return makeready(command, *arguments, *where)


def outdated(output):
    files = json.loads((output / "manifest.json").read_text("utf-8"))["files"]
    return {file["path"]: file["outdated"] for file in files}


@pytest.mark.long
def test_manifest_tells_which_files_are_of_an_earlier_book(broken_book, tmp_path):
    book, output = broken_book(), tmp_path / "out"
    pdf = output / "leaflet-paperback.pdf"
    assert run("build", book, output, "--kind", "print").code == 0
    assert outdated(output) == {pdf.name: False}
    good = pdf.read_bytes()

    chapter = book / "chapter-1.md"
    whole = chapter.read_text("utf-8")
    chapter.write_text(f"{whole}\n[](#nowhere)\n", "utf-8")
    # An edition that is not ordered is as it was, whatever is wrong.
    assert run("build", book, output, "--kind", "epub").code == 1
    assert outdated(output) == {pdf.name: False}
    assert run("build", book, output, "--kind", "print").code == 1
    assert outdated(output) == {pdf.name: True}
    assert pdf.read_bytes() == good

    chapter.write_text(whole, "utf-8")
    assert ("MET-092", pdf.name, None) in run("check", book, output).findings
    assert run("build", book, output, "--kind", "print").code == 0
    assert outdated(output) == {pdf.name: False}


@pytest.mark.parametrize("fault", ["{{ section.colour.shade }}", "{% if %}"])
def test_a_fault_in_a_layout_is_a_finding_with_its_line(broken_book, tmp_path, fault):
    book = broken_book()
    layouts = book / "styles/layouts"
    layouts.mkdir(parents=True)
    house = (ROOT / "styles/layouts/chapter.html.j2").read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(house) if "{% block" in line)
    house.insert(place + 1, fault)
    (layouts / "chapter.html.j2").write_text("\n".join(house), "utf-8")
    made = run("build", book, tmp_path / "out", "--kind", "print")
    assert made.code == 1, made.err
    assert made.findings == [("MET-091", "styles/layouts/chapter.html.j2", place + 2)]


@pytest.mark.slow
def test_books_in_one_output_folder_are_each_checked_by_its_own_trim(broken_book, tmp_path):
    book, output = broken_book(), tmp_path / "out"
    # A picture too coarse for print, in whatever size: shown twice, it has no line of its own.
    Image.new("L", (300, 300), 128).save(book / "images/square.png")
    with (book / "chapter-2.md").open("a", encoding="utf-8") as file:
        file.write("\n![The same](images/square.png){width=300px}\n")
    assert run("build", book, output, "--kind", "print").code == 0
    toml = book / "book.toml"
    whole = toml.read_text("utf-8")
    toml.write_text(
        whole.replace('slug = "leaflet"', 'slug = "flyer"').replace(
            'kind = "print"', 'kind = "print"\ntrim = "6x9in"'
        ),
        "utf-8",
    )
    assert run("check", book, output).code == 2
    assert run("build", book, output, "--kind", "print").code == 0
    marks = outdated(output)
    assert {name for name in marks if name.startswith("leaflet")} == {"leaflet-paperback.pdf"}
    assert len(marks) > 1 and not any(marks.values())
    assert run("check", book, output).findings == [("PRN-046", "flyer-paperback.pdf", None)]
    toml.write_text(whole, "utf-8")
    assert run("check", book, output).findings == [("PRN-046", "leaflet-paperback.pdf", None)]


@pytest.mark.slow
def test_a_run_leaves_no_temporary_files(broken_book, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    where = ("--book", broken_book(), "--output", tmp_path / "out", "--cache", tmp_path / "cache")
    # A process of its own: Python looks for the folder once.
    run = subprocess.run(
        [sys.executable, "-m", "makeready", "build", *where],
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert list(temporary.iterdir()) == []
