"""What comes from a book or a file name cannot command the terminal that shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest

from conftest import Run, makeready

COMMANDS = "\x1b]0;T\x07\x1b[31m\x9b32m\u202e"
"""A window title, colours in both forms, and letters from right to left."""

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ESCAPED = COMMANDS.encode("unicode_escape").decode()


def in_toml(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def require_harmless(run: Run, *, shows: str = ESCAPED) -> None:
    assert not OBEYED.search(run.out + run.err), ascii(run.out + run.err)
    if run.out.startswith("{"):
        shows = json.dumps(shows)[1:-1]
    assert shows in run.out + run.err


def _chapter(book: Path) -> None:
    markup = f"![x](images/{quote(COMMANDS)}x.png)\n\n[x](#{quote(COMMANDS)})\n"
    (book / "chapter-1.md").write_text(f"# One\n\n{markup}", "utf-8")


def _edition(book: Path) -> None:
    with (book / "book.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[editions."{in_toml(COMMANDS)}"]\nkind = "screen"\n')


def _key(book: Path) -> None:
    toml = book / "book.toml"
    toml.write_text(f'"{in_toml(COMMANDS)}" = 1\n{toml.read_text("utf-8")}', "utf-8")


def _layout(book: Path) -> None:
    path = book / f"styles/layouts/{COMMANDS}.html.j2"
    path.parent.mkdir(parents=True)
    path.write_text("{% if %}", "utf-8")
    including = path.with_name("titlepage.html.j2")
    including.write_text(f"{{% include '{path.name}' %}}", "utf-8")


@pytest.mark.parametrize("change", [_chapter, _edition, _key, _layout])
def test_faults_of_a_book_are_shown_without_commands(
    change: Callable[[Path], None], broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    change(book)
    where = ("--book", book, "--output", tmp_path / "out", "--kind", "epub", "--no-page-list")
    run = makeready("build", *where)
    assert run.code == 1
    require_harmless(run)


def test_names_of_files_and_folders_are_shown_without_commands(tmp_path: Path) -> None:
    require_harmless(makeready("init", f"new {COMMANDS}", cwd=tmp_path))
    for suffix, more in (("pdf", ("--printer", "kdp")), ("epub", ())):
        path = tmp_path / f"{COMMANDS}.{suffix}"
        path.write_bytes(b"nothing")
        require_harmless(makeready("check", *more, path))
    require_harmless(makeready("build", "--book", tmp_path / COMMANDS))
    require_harmless(makeready("build", "--catalogue", tmp_path / COMMANDS))


def test_names_in_a_pdf_are_shown_without_commands(tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name("/Bad\x1b[31mName"),
    )
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(360, 576))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(A=font))
        page.Contents = pdf.make_stream(b"BT /A 12 Tf 50 50 Td (hello) Tj ET")
        pdf.save(path)
    run = makeready("check", "--printer", "kdp", path)
    assert run.code == 1
    require_harmless(run, shows="Bad\\x1b[31mName")


def test_json_has_no_commands(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = broken_book()
    _edition(book)
    run = makeready("build", "--json", "--book", book, "--output", tmp_path / "out")
    assert not OBEYED.search(run.out + run.err)
    assert json.loads(run.out)["findings"][0]["editions"] == [COMMANDS]
