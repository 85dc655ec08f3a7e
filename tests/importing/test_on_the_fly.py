"""A book for another tool is built as it is, and a new book of it is written by init."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from importing.source_book import write_files
from makeready.cli.main import makeready
from makeready.errors import MakereadyError, MissingToolError, UsageError

MDBOOK = {
    "book.toml": '[book]\ntitle = "Kettles"\nauthors = ["Ann Lee"]\n',
    "src/SUMMARY.md": "# Summary\n\n- [Steel](steel.md)\n  - [Hot](hot.md)\n- [Tea](tea.md)\n",
    "src/steel.md": "# Steel\n\nSteel is hard. See [tea](tea.md).\n",
    "src/hot.md": "# Hot\n\nIt glows.\n\n{>> Is it so? <<}\n",
    "src/tea.md": "# Tea\n\nTea is wet, says [the list](list.txt).\n",
}


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(makeready, [str(each) for each in arguments])
    if isinstance(result.exception, MakereadyError):
        raise result.exception
    return result


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def text_of_epub(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return "".join(archive.read(name).decode() for name in names)


def test_an_mdbook_is_built_as_it_is(tmp_path: Path) -> None:
    source = write_files(tmp_path / "kettles", MDBOOK)
    before = files_in(source)
    output = tmp_path / "out"
    options = ("--book", source, "--output", output, "--cache", tmp_path / "cache", "--jobs", 1)
    result = run("build", "--kind", "epub", *options, "--notes")
    assert result.exit_code == 0, result.output
    text = text_of_epub(output / "kettles.epub")
    assert "It glows." in text
    assert files_in(source) == before
    assert f"{source}/src/tea.md:3: warning MAN-090: Not brought from mdBook: " in result.output
    assert f"{source}/src/hot.md:5: note " in result.output
    assert "makeready-" not in result.output.replace("makeready-mark", "")


def test_init_writes_a_book_that_is_built(tmp_path: Path) -> None:
    source = write_files(tmp_path / "kettles", MDBOOK)
    before = files_in(source)
    result = run("init", "--from", source, tmp_path / "new")
    assert result.output.startswith("Imported from mdBook: 2 sections and 0 other files.\n")
    assert "- src/tea.md:3: A link leads to list.txt" in result.output
    assert (tmp_path / "new/import-report.txt").read_text("utf-8") in result.output
    assert files_in(source) == before
    options = ("--output", tmp_path / "out", "--cache", tmp_path / "cache", "--jobs", 1)
    built = run("build", "--kind", "epub", "--book", tmp_path / "new", *options)
    assert built.exit_code == 0, built.output
    assert "It glows." in text_of_epub(tmp_path / "out/kettles.epub")


def test_init_writes_to_no_folder_that_has_files(tmp_path: Path) -> None:
    source = write_files(tmp_path / "kettles", MDBOOK)
    write_files(tmp_path / "new", {"mine.txt": "Mine."})
    with pytest.raises(UsageError, match="not an empty folder"):
        run("init", "--from", source, tmp_path / "new")
    assert files_in(tmp_path / "new") == {"mine.txt": b"Mine."}


def test_several_books_of_other_tools_are_refused(tmp_path: Path) -> None:
    source = write_files(tmp_path / "kettles", MDBOOK)
    with pytest.raises(UsageError, match="a book for another tool"):
        run("build", "--book", source, "--book", source, "--output", tmp_path / "out")


def test_a_word_document_needs_pandoc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    write_files(tmp_path, {"walls.docx": b"PK"})
    with pytest.raises(MissingToolError, match="only with pandoc"):
        run("init", "--from", tmp_path / "walls.docx", tmp_path / "new")
    program = tmp_path / "bin/pandoc"
    program.write_text(
        '#!/bin/sh\nfor each; do [ "$last" = --output ] && out=$each; last=$each; done\n'
        'printf "%s\\n" "---" "title: Walls" "---" "" "# One" "" "Text." '
        '"" "# Two" "" "Text." > "$out"\n',
        "utf-8",
    )
    program.chmod(0o755)
    result = run("init", "--from", tmp_path / "walls.docx", tmp_path / "new")
    assert "2 sections" in result.output
    assert 'title = "Walls"' in (tmp_path / "new/book.toml").read_text("utf-8")
