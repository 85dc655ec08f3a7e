"""A book with notes of every length, built: each word of each note is in each edition once."""

from __future__ import annotations

import hashlib
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from pdf_reading import poppler
from PIL import Image
from pypdfium2 import raw

from conftest import CACHE, Run, makeready

BOOK = """
title = "A Book of Notes"
language = "en"
modified = 2026-11-01
slug = "notes"
frontmatter = ["titlepage"]
bodymatter = [{chapters}]

[[contributors]]
name = "Somebody"

[editions.pocket]
kind = "print"
printer = "generic"
trim = "5x8in"

[editions.large]
kind = "print"
printer = "generic"
trim = "6x9in"

[editions.screen]
kind = "screen"
trim = "5x8in"
"""
XHTML = "{http://www.w3.org/1999/xhtml}"
WORD = re.compile(r"\b(\d+)n(\d+)\b")
WORDS = ("anvil", "barge", "canal", "dike", "ferry", "harbour", "ink", "kettle", "mill", "oar")
LENGTHS = (5, 12, 30, 60, 150, 400, 1200)
SHARES = (30, 30, 20, 10, 6, 3, 1)


class Chapter:
    """A random chapter; the words of note 7 are 7n0, 7n1, 7n2 …, which no hyphen divides."""

    def __init__(self, seed: int, first: int) -> None:
        self._random = random.Random(seed)
        self.lengths: dict[int, int] = {}
        self._next = first
        self._notes: list[str] = []
        self._tables = 0

    def markdown(self, blocks: int) -> str:
        """Return the chapter's source."""
        text = ["# A chapter" + self._note(), *(self._block() for _ in range(blocks))]
        return "\n\n".join([*text, *self._notes]) + "\n"

    def _block(self) -> str:
        kind = self._random.random()
        if kind < 0.08:
            return f"## A heading{self._note()}"
        if kind < 0.14:
            return "\n".join(f"- {self._sentence(20)}" for _ in range(4))
        if kind < 0.18:
            return "> " + self._sentence(40)
        if kind < 0.24:
            self._tables += 1
            row = f"| some{self._note()} | words{self._note()} |"
            return f"| head{self._note()} | head |\n|---|---|\n{row}\n| more | words |"
        return " ".join(self._sentence(30) for _ in range(self._random.randint(1, 6)))

    def _sentence(self, words: int) -> str:
        count = self._random.randint(words // 2, words)
        sentence = " ".join(self._random.choices(WORDS, k=count)) + "."
        while self._random.random() < 0.2:
            sentence += self._note()
        return sentence

    def _note(self) -> str:
        number, self._next = self._next, self._next + 1
        count = self._random.choices(LENGTHS, SHARES)[0]
        self.lengths[number] = count
        words = [f"{number}n{index}" for index in range(count)]
        half = count // 2 if count > 20 and self._random.random() < 0.3 else count
        paragraphs = [" ".join(part) for part in (words[:half], words[half:]) if part]
        self._notes.append(f"[^{number}]: " + "\n\n    ".join(paragraphs))
        return f"[^{number}]"


def write_book(folder: Path, seed: int, blocks: int) -> dict[int, int]:
    """Write a book of two chapters; return the number of words of each note."""
    folder.mkdir()
    lengths: dict[int, int] = {}
    names = []
    for number in (1, 2):
        chapter = Chapter(seed * 10 + number, len(lengths) + 1)
        names.append(f'"chapter-{number}"')
        (folder / f"chapter-{number}.md").write_text(chapter.markdown(blocks), "utf-8")
        lengths |= chapter.lengths
    (folder / "book.toml").write_text(BOOK.format(chapters=", ".join(names)), "utf-8")
    return lengths


def words_by_note(path: Path) -> dict[int, list[tuple[int, int]]]:
    """Return the words of each note with the pages they are on."""
    found: dict[int, list[tuple[int, int]]] = {}
    with pypdfium2.PdfDocument(path) as pdf:
        for index, page in enumerate(pdf):
            for note, word in WORD.findall(page.get_textpage().get_text_bounded()):
                found.setdefault(int(note), []).append((index, int(word)))
    return found


def build(book: Path, output: Path, cache: Path, *arguments: str) -> Run:
    place = ("--book", book, "--output", output, "--cache", cache)
    return makeready("build", *place, *arguments, "--json")


def check_editions(output: Path, lengths: dict[int, int]) -> int:
    """Check that each edition has all words of all notes once; return how many are divided."""
    divided = 0
    for path in sorted(output.glob("*.pdf")):
        found = words_by_note(path)
        assert {note: len(words) for note, words in found.items()} == lengths, path.name
        for note, words in found.items():
            assert [word for _, word in words] == list(range(lengths[note])), (path.name, note)
            pages = sorted({page for page, _ in words})
            assert pages == list(range(pages[0], pages[-1] + 1)), (path.name, note)
            divided += len(pages) > 1
    return divided


def digests(output: Path) -> dict[str, str]:
    files = sorted(output.glob("*.pdf"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    ("seed", "blocks"),
    [(1, 2), *(pytest.param(seed, 40, marks=pytest.mark.long) for seed in range(1, 6))],
)
def test_every_word_of_every_note_is_printed_once(tmp_path: Path, seed: int, blocks: int) -> None:
    lengths = write_book(tmp_path / "book", seed, blocks)
    run = build(tmp_path / "book", tmp_path / "out", tmp_path / "cache", "--jobs", "1")
    assert not {"LAY-013", "LAY-014", "LAY-005"} & {finding[0] for finding in run.findings}
    assert run.code == 0, run.err
    assert check_editions(tmp_path / "out", lengths) > 0
    again = build(tmp_path / "book", tmp_path / "again", tmp_path / "cold", "--jobs", "2")
    assert again.code == 0, again.err
    assert digests(tmp_path / "again") == digests(tmp_path / "out")


PLACES = """# A title{}

A subtitle{}
{{.subtitle}}

/// epigraph
A saying.{}

Its source{}
{{.attribution}}
///

## A heading{}

### A lower heading{}

- an item{}
- another{}
    - an inner one{}

        with a second paragraph.{}

1. numbered *with emphasis{}*, **strong{}** and [a link{}](https://example.org/)

> A quotation.{}
>
> > In another.{}
>
> - a list in it{}

/// verse
The first line of the verse,{}
and the second.{}

    An indented line{}
and the last{}
///

| head{} | head{} |
|---|---|
| cell{} | cell{} |
| cell | *cell{}* |

/// caption
The caption of a table{}
///

![A square](images/square.png){{width=20%}}

/// caption
The caption of a figure{}
///

![A square](images/square.png){{width=20%}}{}

A term{}
:   What it means.{}

    - a list in it{}

/// div | .box
In a container.{}
///

[Small capitals{}]{{.smallcaps}}, [mots{}]{{lang=fr}}, "quoted{}", NATO{}, `code`{} and{}
three:{}{}{}
"""
TWICE = "Twice,[^1] and twice.[^1]\n\n{}\n\nOn another page.[^1]\n\n[^1]: 1n0 1n1.\n"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editions of a book with notes wherever one can be called, and one called three times."""
    folder = tmp_path_factory.mktemp("places")
    book = folder / "book"
    (book / "images").mkdir(parents=True)
    Image.new("L", (300, 300), 90).save(book / "images" / "square.png", dpi=(300, 300))
    count = PLACES.count("{}")
    chapter = PLACES.format(*(f"[^{number}]" for number in range(count)))
    notes = "\n\n".join(f"[^{number}]: {number}n0 {number}n1." for number in range(count))
    (book / "chapter-1.md").write_text(f"{chapter}\n{notes}\n", "utf-8")
    (book / "chapter-2.md").write_text(f"# Two\n\n{TWICE.format('Some words. ' * 400)}", "utf-8")
    toml = BOOK.format(chapters='"chapter-1", "chapter-2"') + '[editions.ebook]\nkind = "epub"\n'
    (book / "book.toml").write_text(toml, "utf-8")
    run = build(book, folder / "out", folder / "cache", "pocket", "screen", "ebook")
    assert run.code == 0, run.err
    assert {rule for rule, *_ in run.findings} <= {"EPU-011", "ACC-029", "COV-010", "LAY-007"}
    return folder / "out"


@pytest.mark.parametrize("edition", ["pocket", "screen"])
def test_a_note_is_printed_once_wherever_it_is_called(places: Path, edition: str) -> None:
    with pypdfium2.PdfDocument(places / f"notes-{edition}.pdf") as pdf:
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    while not texts[-1].strip():
        texts.pop()
    first_of_two = next(index for index, text in enumerate(texts) if "Twice" in text)
    places_text, twice = "".join(texts[:first_of_two]), texts[first_of_two:]
    words = [f"{number}n{word}" for number in range(PLACES.count("{}")) for word in (0, 1)]
    assert sorted(WORD.findall(places_text)) == sorted(tuple(word.split("n")) for word in words)
    assert [text.count("1n0") for text in twice] == [1, *[0] * (len(twice) - 2), 1]


def test_a_note_is_in_the_e_book_once_wherever_it_is_called(places: Path) -> None:
    with zipfile.ZipFile(places / "notes.epub") as archive:
        first, second = (
            etree.fromstring(archive.read(f"EPUB/text/chapter-{number}.xhtml")) for number in (1, 2)
        )
    words = WORD.findall("".join(first.itertext()))
    count = PLACES.count("{}")
    assert sorted(words) == sorted((str(n), word) for n in range(count) for word in "01")
    assert WORD.findall("".join(second.itertext())) == [("1", "0"), ("1", "1")]
    for chapter, calls in ((first, count), (second, 3)):
        ids = [element.get("id") for element in chapter.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        links = [a for a in chapter.iter(f"{XHTML}a") if a.get("role") == "doc-noteref"]
        assert len(links) == calls
        assert {(link.get("href") or "")[1:] for link in links} <= set(ids)
        apart = [link.text for link in links if "after-call" in (link.get("class") or "")]
        assert apart == ([str(count - 1), str(count)] if chapter is first else [])


LONG_NOTE = " ".join(f"1n{index}" for index in range(150))


@pytest.fixture
def divided(broken_book: Callable[..., Path], tmp_path: Path) -> Path:
    """The screen PDF of a book with a divided note, which ends with a link."""
    book = broken_book()
    chapter = f"# One\n\n{'Words of the text. ' * 165}Here.[^1] {'More words. ' * 200}\n\n"
    chapter += f"[^1]: {LONG_NOTE} [to the second](#chapter-2).\n"
    (book / "chapter-1.md").write_text(chapter, "utf-8")
    with (book / "book.toml").open("a") as file:
        file.write('\n[editions.screen]\nkind = "screen"\ntrim = "5x8in"\n')
    run = build(book, tmp_path / "out", CACHE, "screen")
    assert run.findings == []
    return tmp_path / "out" / "leaflet-screen.pdf"


def test_both_parts_of_a_note_are_tagged_in_order(divided: Path) -> None:
    pages = [page for page, _ in words_by_note(divided)[1]]
    assert len(set(pages)) == 2
    tagged = poppler("pdfinfo", "-struct-text", divided)
    assert WORD.findall(tagged) == [("1", str(index)) for index in range(len(pages))]


def test_the_rest_is_below_a_rule(divided: Path) -> None:
    first, second = sorted({page for page, _ in words_by_note(divided)[1]})
    assert (rules(divided, first), rules(divided, second)) == (0, 1)


def rules(path: Path, index: int) -> int:
    """Return the number of rules on a page that are as wide as its text."""
    with pypdfium2.PdfDocument(path) as pdf:
        bounds = [each.get_bounds() for each in pdf[index].get_objects([raw.FPDF_PAGEOBJ_PATH])]
    return sum(1 for left, _, right, _ in bounds if right - left > 200)


@pytest.mark.long
def test_printers_can_print_the_rule(tmp_path: Path) -> None:
    write_book(tmp_path / "book", 6, 20)
    assert build(tmp_path / "book", tmp_path / "out", tmp_path / "cache", "pocket").code == 0
    place = ("--book", tmp_path / "book", "--output", tmp_path / "out")
    run = makeready("check", *place, "--cache", tmp_path / "cache", "--json")
    assert any(rules(tmp_path / "out" / "notes-pocket.pdf", page) for page in range(6))
    assert not {"PRN-045"} & {finding[0] for finding in run.findings}


def test_a_link_at_the_end_of_a_divided_note(divided: Path) -> None:
    last_page = words_by_note(divided)[1][-1][0]
    with pikepdf.open(divided) as pdf:
        links = [
            (index, str(annotation.Dest))
            for index, page in enumerate(pdf.pages)
            for annotation in page.obj.get("/Annots", [])
            if "/Dest" in annotation
        ]
    assert (last_page, "chapter-2") in links
