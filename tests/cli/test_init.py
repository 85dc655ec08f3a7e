"""``makeready init`` writes a book that shows what there is, and builds as it is."""

from __future__ import annotations

import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from pypdfium2 import PdfDocument
from terminal import on_terminal

from conftest import CACHE, Run, makeready

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


@pytest.fixture(scope="module")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new book with its editions in ``out``."""
    folder = tmp_path_factory.mktemp("new") / "my book"
    made = makeready("init", folder, "--title", 'The "Walled" Garden', "--author", "Ann O'Hara")
    assert made.code == 0, made.err
    here = ("--book", folder, "--output", folder / "out", "--cache", CACHE)
    run = makeready("build", *here, "--strict", "--json")
    assert (run.code, run.findings) == (0, []), run.out
    return folder


def page_texts(path: Path) -> list[str]:
    with PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def sections_of(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as archive:
        return {
            Path(name).stem: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def init(folder: Path, *options: str) -> Run:
    return makeready("init", folder, *options)


def test_a_new_book_has_every_edition_and_its_printed_cover(new_book: Path) -> None:
    names = {path.name for path in (new_book / "out").iterdir()}
    slug = "the-walled-garden"
    assert names >= {f"{slug}-{name}.pdf" for name in ("paperback", "paperback-cover", "screen")}
    assert names >= {f"{slug}.epub", f"{slug}-cover.jpg"}
    pages = page_texts(new_book / "out" / f"{slug}-paperback.pdf")
    assert len(pages) >= 24, "as many as Amazon KDP binds"
    assert "The “Walled” Garden" in pages[0]
    assert "Ann O’Hara" in pages[2].replace("\r\n", " ") or "Ann O'Hara" in pages[2]


@pytest.mark.slow
def test_a_new_book_passes_every_check(new_book: Path) -> None:
    here = ("--book", new_book, "--output", new_book / "out", "--cache", CACHE)
    run = makeready("check", *here, "--store", "kindle", "--strict", "--json")
    assert (run.code, run.findings) == (0, []), run.out


def test_a_new_book_shows_what_a_book_can_hold(new_book: Path) -> None:
    sections = sections_of(next((new_book / "out").glob("*.epub")))
    found = {kind for tree in sections.values() for kind in _shown(tree)}
    assert found >= {
        *("part", "chapter", "noteref", "figure", "table", "index", "glossary", "dedication"),
        *("preface", "copyright-page", "epigraph", "verse", "pre", "blockquote", "xref"),
    }


def _shown(tree: etree._Element) -> set[str]:
    found = set()
    for element in tree.iter(etree.Element):
        found.add(str(element.tag).removeprefix(XHTML))
        found.update(str(element.get(EPUB_TYPE, "")).split())
        found.update(str(element.get("class", "")).split())
    return found


def test_comments_of_a_new_book_explain_its_forms_and_are_not_printed(new_book: Path) -> None:
    comments = sum(path.read_text("utf-8").count("<!--") for path in new_book.glob("*.md"))
    assert comments >= 6
    for name in ("paperback", "screen"):
        text = "".join(page_texts(new_book / "out" / f"the-walled-garden-{name}.pdf"))
        assert "<!--" not in text
        assert "This is a comment" not in text


def test_options_are_what_book_toml_says(tmp_path: Path) -> None:
    options = ("--language", "de-AT", "--printer", "lulu", "--trim", "148x210mm", "--title", "Ö")
    made = init(tmp_path / "new", *options)
    assert made.code == 0, made.err
    assert made.out.splitlines()[-1] == f"Next: makeready build --book {tmp_path}/new"
    toml = tomllib.loads((tmp_path / "new" / "book.toml").read_text("utf-8"))
    paperback = toml["editions"]["paperback"]
    assert (toml["title"], toml["language"]) == ("Ö", "de-AT")
    assert toml["modified"] == date.today()
    assert (paperback["printer"], paperback["trim"]) == ("lulu", "148x210mm")
    assert paperback["paper"] == "cream"
    assert "isbn" not in paperback


def test_the_english_text_is_marked_in_a_book_of_another_language(tmp_path: Path) -> None:
    assert init(tmp_path / "new", "--language", "de").code == 0
    sections = list((tmp_path / "new").glob("*.md"))
    assert len(sections) > 5
    for path in sections:
        assert path.read_text("utf-8").startswith("---\nlang: en"), path
    assert '<html lang="en"' in makeready("html", tmp_path / "new" / "part-1.md").out


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--trim", "big"), "“big” is not a trim size"),
        (("--trim", "20x30in"), "20 x 30 in"),
        (("--language", "Deutsch, bitte"), "“Deutsch, bitte” is not a language tag"),
        (("--printer", "laser"), "laser"),
        (("--title", " "), "A book needs a title"),
    ],
)
def test_what_no_book_can_have_is_refused(
    options: tuple[str, str], problem: str, tmp_path: Path
) -> None:
    made = init(tmp_path / "new", *options)
    assert made.code == 2
    assert problem in made.err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_not_empty_is_left_alone(new_book: Path, tmp_path: Path) -> None:
    assert init(new_book).code == 2
    made = makeready("init", cwd=tmp_path)
    assert made.code == 2
    assert "makeready init my-book" in made.err


def test_a_terminal_is_asked_again_until_the_answer_will_do(tmp_path: Path) -> None:
    shown = on_terminal(
        "init",
        "--author",
        "Ann Lee",
        cwd=tmp_path,
        answers=[
            ("Folder [my-book]", "garden"),
            ("Title [Untitled]", "The Garden"),
            ("Language", ""),
            ("Printer", "pod"),
            ("There is no printer", "lulu"),
            ("Trim size", "9x9in"),
            ("9 x 9 in", "6x9in"),
            ("Theme", "gothic"),
            ("There is no theme", "classic"),
        ],
    )
    assert shown.code == 0, shown.text
    assert "Author" not in shown.text
    toml = tomllib.loads((tmp_path / "garden" / "book.toml").read_text("utf-8"))
    assert toml["title"] == "The Garden"
    assert toml["contributors"] == [{"name": "Ann Lee", "role": "aut"}]
    assert toml["editions"]["paperback"]["printer"] == "lulu"
    assert toml["editions"]["paperback"]["trim"] == "6x9in"
    assert toml["design"] == {"theme": "classic"}


def test_a_terminal_is_asked_nothing_if_told_so(tmp_path: Path) -> None:
    shown = on_terminal("init", "new", "--no-input", cwd=tmp_path)
    assert shown.code == 0, shown.text
    assert "[" not in shown.text
    assert (tmp_path / "new" / "book.toml").is_file()


@pytest.mark.long
@pytest.mark.parametrize("trim", ["5.5x8.5in", "6x9in", "148x210mm"])
@pytest.mark.parametrize("printer", ["kdp", "lulu", "generic"])
def test_a_new_book_is_in_order_in_every_usual_size(
    printer: str, trim: str, tmp_path: Path
) -> None:
    assert init(tmp_path / "new", "--printer", printer, "--trim", trim).code == 0
    here = ("--book", tmp_path / "new", "--output", tmp_path / "out", "--cache", CACHE)
    run = makeready("build", *here, "--json")
    assert (run.code, run.findings) == (0, []), run.out
    run = makeready("check", *here, "--json")
    assert (run.code, run.findings) == (0, []), run.out


def test_options_replace_what_the_other_tool_says(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old/README.md").write_text("# Velho\n\nUm texto.\n", "utf-8")
    given = ("--title", "Novo", "--author", "Ana Reis", "--language", "pt-BR")
    run = makeready("init", tmp_path / "new", "--from", tmp_path / "old", *given)
    assert run.code == 0, run.err
    book = tomllib.loads((tmp_path / "new/book.toml").read_text("utf-8"))
    assert (book["title"], book["language"]) == ("Novo", "pt-BR")
    assert [one["name"] for one in book["contributors"]] == ["Ana Reis"]
    refused = makeready("init", tmp_path / "other", "--from", tmp_path / "old", "--trim", "5x8in")
    assert (refused.code, "--trim is not for a book" in refused.err) == (2, True)
    assert not (tmp_path / "other").exists()
