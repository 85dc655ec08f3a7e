"""The printed index has the right page numbers, and is typeset again only when one changes."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pdf_reading import page_texts
from reference_rendering import assert_interior_is_reference, assert_screen_is_reference
from typeset_fixtures import TypesetBook

_WORDS = tuple("abcdefghijkl")
_FILLING = "What is told here is told at some length, so that it fills the lines of a page. " * 5


def _section(title: str, words: tuple[str, ...]) -> str:
    text = [f"{_FILLING}Here stands [tree-{word}]{{.index}} once. {_FILLING}" for word in words]
    noted = f"And a note.[^n]\n\n[^n]: With [tree-{words[0]}note]{{.index}} in it."
    return "\n\n".join([f"# {title}", *text, noted]) + "\n"


@pytest.fixture
def forest(tmp_path: Path) -> Path:
    """A book of trees, each named on one page, some of them in the front matter."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.toml").write_text(
        'title = "Trees"\nlanguage = "en"\nmodified = 2026-01-01\n'
        'frontmatter = ["titlepage", "toc", "preface"]\nbodymatter = ["chapter-1", "chapter-2"]\n'
        'backmatter = ["index", "colophon"]\n[[contributors]]\nname = "A"\n'
        '[editions.paperback]\nkind = "print"\nprinter = "generic"\ntrim = "4.5x6in"\n'
        '[editions.screen]\nkind = "screen"\ntrim = "4.5x6in"\n',
        "utf-8",
    )
    for number, name in enumerate(("preface", "chapter-1", "chapter-2")):
        words = _WORDS[4 * number : 4 * number + 4]
        (book / f"{name}.md").write_text(_section(name, words), "utf-8")
    return book


def _texts(content: bytes) -> list[str]:
    return [text.replace("\r", "").replace("\u00a0", " ") for text in page_texts(content)]


def _labels(typeset_book: TypesetBook, edition: str = "paperback") -> tuple[str, ...]:
    return typeset_book.paginate(edition).solution.imposition.labels


def _listed(texts: list[str]) -> dict[str, str]:
    found = re.findall(r"^(tree-\w+),\s(\w+)\s*$", "\n".join(texts), re.MULTILINE)
    return dict(found)


def _standing(texts: list[str], labels: tuple[str, ...]) -> dict[str, str]:
    """Return the label of the page each tree is named on, apart from the index."""
    return {
        word: label
        for text, label in zip(texts, labels, strict=False)
        for word in re.findall(r"(?:Here stands|With) (tree-\w+)", " ".join(text.split()))
    }


def test_every_number_is_the_page_of_its_term(forest: Path, tmp_path: Path) -> None:
    typeset_book = TypesetBook(forest, tmp_path / "store")
    texts = _texts(typeset_book.interior())
    listed = _listed(texts)
    assert len(listed) == len(_WORDS) + 3
    assert listed == _standing(texts, _labels(typeset_book))
    assert {"iii", "v", "vi", "vii"} & set(listed.values())
    assert not list(typeset_book.findings.errors)


@pytest.mark.slow
def test_the_interior_is_the_same_as_the_reference(forest: Path, tmp_path: Path) -> None:
    assert_interior_is_reference(TypesetBook(forest, tmp_path / "store"))
    assert_screen_is_reference(TypesetBook(forest, tmp_path / "store"))


def test_each_number_in_the_screen_edition_links_to_its_page(forest: Path, tmp_path: Path) -> None:
    content = TypesetBook(forest, tmp_path / "store").screen()
    texts = _texts(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        names = pdf.Root.Names.Dests.Names
        places = {str(names[n]): names[n + 1][0].objgen for n in range(0, len(names), 2)}
        pages = [page.objgen for page in pdf.pages]
        links = [
            str(note.get("/Dest") or note.A.D)
            for page, text in zip(pdf.pages, texts, strict=True)
            if _listed([text])
            for note in page.obj.Annots
        ]
        named = {
            word: texts[pages.index(places[link])]
            for link, word in zip(links, sorted(_listed(texts)), strict=True)
        }
    assert len(named) == len(_WORDS) + 3
    assert all(word in text for word, text in named.items())


def test_an_edit_that_moves_no_term_typesets_its_section_only(forest: Path, tmp_path: Path) -> None:
    TypesetBook(forest, tmp_path / "store").interior()
    chapter = forest / "chapter-1.md"
    chapter.write_text(chapter.read_text("utf-8").replace("fills the", "feels the"), "utf-8")
    typeset_book = TypesetBook(forest, tmp_path / "store")
    typeset_book.interior()
    assert set(typeset_book.done) == {"chapter-1"}


def test_an_edit_that_moves_a_term_typesets_the_index_too(forest: Path, tmp_path: Path) -> None:
    TypesetBook(forest, tmp_path / "store").interior()
    chapter = forest / "chapter-2.md"
    text = chapter.read_text("utf-8").replace("# chapter-2\n", f"# chapter-2\n\n{_FILLING * 3}\n")
    chapter.write_text(text, "utf-8")
    typeset_book = TypesetBook(forest, tmp_path / "store")
    content = typeset_book.interior()
    assert {"chapter-2", "index"} <= set(typeset_book.done)
    assert not {"chapter-1", "preface"} & set(typeset_book.done)
    assert _listed(_texts(content)) == _standing(_texts(content), _labels(typeset_book))
    shutil.rmtree(tmp_path / "store")
    assert TypesetBook(forest, tmp_path / "store").interior() == content


@pytest.mark.slow
def test_no_letter_of_a_long_index_is_apart_from_its_entries(forest: Path, tmp_path: Path) -> None:
    """Three hundred entries: a letter stands right above the first of them, in its column."""
    letters = "abcdefghijklmno"
    names = [f"{letter}{number}" for letter in letters for number in range(20)]
    marks = "\n\n".join(f"{_FILLING}[{name}]{{.index}}" for name in names)
    (forest / "chapter-1.md").write_text(f"# Many\n\n{marks}\n", "utf-8")
    content = TypesetBook(forest, tmp_path / "store").interior()
    listed = re.findall(r"\b([a-o]\d+), (\d+)", "\n".join(_texts(content)))
    assert [name for name, _ in listed] == names
    with pypdfium2.PdfDocument(content) as pdf:
        for letter in letters:
            pages = (page.get_textpage() for page in pdf)
            text, place = next((t, p) for t in pages if (p := _found(t, f"{letter}0,")))
            capital = _found(text, letter.upper())
            assert capital is not None, letter
            assert capital[0] == pytest.approx(place[0], abs=3)
            assert 0 < capital[1] - place[1] < 15


def _found(text: pypdfium2.PdfTextPage, words: str) -> tuple[float, float] | None:
    """Return the left and the lower edge of words on a page, in points."""
    found = text.search(words, match_case=True, match_whole_word=words.isalpha()).get_next()
    if found is None:
        return None
    left, bottom, _, _ = text.get_charbox(found[0])
    return left, bottom
