"""``makeready check``: EPUBs that others made, by their names, and the stores of book.toml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from check_samples import jpeg, pack, small_epub
from click.testing import CliRunner

from makeready.book.model import Edition, EditionKind
from makeready.build.check_book import stores_of
from makeready.build.request import BuildRequest
from makeready.cli.main import makeready


def check(*arguments: str | Path) -> tuple[int, list[tuple[str, str]]]:
    result = CliRunner().invoke(makeready, ["check", *map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    found = json.loads(result.stdout)["findings"]
    return result.exit_code, [(one["id"], one["severity"]) for one in found]


@pytest.mark.slow
def test_an_epub_that_another_program_made(tmp_path: Path) -> None:
    files = {**small_epub(), "EPUB/cover.jpg": jpeg(625, 1000)}
    path = pack(files, tmp_path / "other.epub")
    code, found = check(path, "--store", "ingramspark")
    assert (code, found) == (1, [("EPU-007", "error")])
    shown = CliRunner().invoke(makeready, ["check", str(path), "--store", "draft2digital"])
    assert shown.exit_code == 0
    assert f"{path.as_posix()}/EPUB/cover.jpg: note STO-003:" in shown.output.replace("\n", "")


@pytest.mark.slow
def test_what_only_claims_to_be_an_epub(tmp_path: Path) -> None:
    path = tmp_path / "other.epub"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    code, found = check(path, "--store", "kindle")
    assert code == 1
    assert found[0] == ("EPU-001", "error")


@pytest.mark.parametrize("name", ["missing.epub", "README.md"])
def test_a_file_that_cannot_be_checked(tmp_path: Path, name: str) -> None:
    (tmp_path / "README.md").write_text("words", "utf-8")
    result = CliRunner().invoke(makeready, ["check", str(tmp_path / name)])
    assert name in str(result.exception)


def test_a_misspelt_store_is_told_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(
        'title = "Small"\ndate = "2026"\nbodymatter = ["chapter-1"]\n'
        '[editions.ebook]\nkind = "epub"\nstores = [\n  "kobo",\n  "kindel",\n]\n',
        "utf-8",
    )
    (tmp_path / "chapter-1.md").write_text("# One\n\nWords.\n", "utf-8")
    result = CliRunner().invoke(
        makeready,
        ["build", "--book", str(tmp_path), "--output", str(tmp_path / "dist"), "--json"],
    )
    assert result.exit_code == 1
    ((rule, line, message, hint),) = [
        (one["id"], one["line"], one["message"], one["hint"])
        for one in json.loads(result.stdout)["findings"]
    ]
    assert (rule, line, message) == ("STO-024", 8, "Unknown store “kindel”.")
    assert "Did you mean “kindle”?" in hint


@pytest.mark.parametrize(("stores", "count"), [(None, 0), ((), 0), (("apple",), 1)])
def test_the_stores_of_an_edition(stores: tuple[str, ...] | None, count: int) -> None:
    order = BuildRequest(Path(), Path(), Path())
    edition = Edition("ebook", EditionKind.EPUB, stores=stores)
    assert len(stores_of(order, edition)) == count
