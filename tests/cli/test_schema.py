"""The JSON schema of ``book.toml``, as an editor reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import BOOKS, ROOT, makeready
from makeready.book.json_schema import book_json_schema, key_descriptions
from makeready.book.schema import BookFile
from makeready.printers.profile import printer_names

COMMITTED = ROOT / "scripts" / "makeready" / "book" / "book.schema.json"
TAPLO = Path(sys.executable).with_name("taplo")
OWN_BOOKS = sorted(
    path.parent
    for folder in (BOOKS, ROOT / "manuscript", ROOT / "docs")
    for path in folder.rglob("book.toml")
)


def lint(folder: Path) -> str:
    """Return what Taplo finds in a folder's book.toml, by the schema that it names."""
    command = [TAPLO, "lint", "--colors", "never", "book.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The folder of a book.toml that names its schema."""
    shutil.copy(BOOKS / "garden" / "book.toml", tmp_path)
    assert makeready("schema", "--book", tmp_path).code == 0
    return tmp_path


def test_the_schema_in_the_package_is_current() -> None:
    printed = makeready("schema")
    assert printed.code == 0
    assert printed.out == COMMITTED.read_text("utf-8"), (
        "write it anew: .venv/bin/makeready schema > scripts/makeready/book/book.schema.json"
    )


def test_every_key_has_a_description() -> None:
    schema = book_json_schema(printer_names())
    models = {**schema["$defs"], "BookFile": schema}
    assert {name: set(model["properties"]) for name, model in models.items()}.keys() == (
        key_descriptions().keys()
    )
    for name, model in models.items():
        for key, value in model["properties"].items():
            assert value["description"].endswith("."), (name, key)
    assert set(schema["properties"]) == set(BookFile.model_fields)
    for name, descriptions in key_descriptions().items():
        assert set(descriptions) <= set(models[name]["properties"]), name


@pytest.mark.parametrize("own", OWN_BOOKS, ids=lambda path: path.name)
def test_the_schema_finds_nothing_in_a_book_that_is_right(own: Path, tmp_path: Path) -> None:
    shutil.copy(own / "book.toml", tmp_path)
    assert makeready("schema", "--book", tmp_path).code == 0
    assert lint(tmp_path) == ""


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ('printer = "kdp"', 'printer = "laser"', '"laser" is not one of'),
        ('trim = "5.5x8.5in"', 'trim = "big"', '"big" does not match'),
        ("publisher =", "publihser =", "publihser"),
        ('kind = "epub"', 'kind = "mobi"', '"mobi" is not one of'),
        ('"part-1", ', "1, ", "1 is not valid"),
        ('role = "ill"', 'role = "painter"', "painter"),
        ('ground = "#24452f"', 'ground = "green"', '"green" does not match'),
        ('title = "The Walled Garden"\n', "", '"title" is a required property'),
        ('language = "en-GB"', "language = 5", "5 is not of type"),
    ],
)
def test_an_editor_marks_what_is_wrong(right: str, wrong: str, named: str, book: Path) -> None:
    text = (book / "book.toml").read_text("utf-8")
    assert right in text
    (book / "book.toml").write_text(text.replace(right, wrong, 1), "utf-8")
    assert named in lint(book)


@pytest.mark.parametrize(
    "added",
    [
        'numbering = "words"\nnotes = "book-end"',
        '[numbering]\nchapter = "roman"\n[notes]\nplace = "chapter-end"',
        '[series]\ntitle = "Walls"\nposition = 2',
        '[citations]\nsources = "works.bib"',
        '[editions.other]\nkind = "print"\nspine_mm = 12\nnotes = { place = "book-end" }',
        '[words]\ntoc = "What is in it"',
    ],
)
def test_each_form_of_a_value_is_known(added: str, book: Path) -> None:
    first, _, rest = (book / "book.toml").read_text("utf-8").partition("\n[[contributors]]")
    text = f"{first}\n{added}\n[[contributors]]{rest}"
    (book / "book.toml").write_text(text, "utf-8")
    assert lint(book) == ""


def test_tables_in_lists_of_sections_are_known(book: Path) -> None:
    text = (book / "book.toml").read_text("utf-8")
    tables = '{ part = "Frost", numbering = "roman" }, { chapter = ["a.md", "b.md"] }, "part-2", '
    (book / "book.toml").write_text(text.replace('"part-2", ', tables), "utf-8")
    assert lint(book) == ""
    (book / "book.toml").write_text(text.replace('"part-2", ', '{ chaptre = "a.md" }, '), "utf-8")
    assert "chaptre" in lint(book)


def test_the_schema_is_beside_the_book_and_named_once(book: Path) -> None:
    text = (book / "book.toml").read_text("utf-8")
    assert text.startswith("#:schema ./book.schema.json\n")
    assert json.loads((book / "book.schema.json").read_text("utf-8"))["properties"]["title"]
    assert makeready("schema", "--book", book).code == 0
    assert (book / "book.toml").read_text("utf-8") == text
    (book / "book.toml").write_text(text.replace("./book", "./mine"), "utf-8")
    assert makeready("schema", "--book", book).code == 0
    assert (book / "book.toml").read_text("utf-8").count("#:schema") == 1


def test_a_folder_without_a_book_gets_no_schema(tmp_path: Path) -> None:
    refused = makeready("schema", "--book", tmp_path)
    assert refused.code == 2
    assert "no book.toml" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_a_new_book_names_its_schema(tmp_path: Path) -> None:
    assert makeready("init", tmp_path / "new").code == 0
    first = (tmp_path / "new" / "book.toml").read_text("utf-8").splitlines()[0]
    assert first == "#:schema ./book.schema.json"
    assert lint(tmp_path / "new") == ""
