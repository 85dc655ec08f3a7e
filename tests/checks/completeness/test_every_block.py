"""A finished file has every block of the manuscript, once and in order, or it is an error."""

from __future__ import annotations

import copy
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from conftest import BOOKS, makeready
from makeready.book.model import Book, PageBreak
from makeready.cache import DiskCache
from makeready.checks.completeness.editions import (
    CompletenessCheck,
    SectionDocument,
    SectionPages,
)
from makeready.checks.completeness.letters import letters_of
from makeready.checks.completeness.manuscript_text import Block, Passage
from makeready.checks.completeness.page_text import PageTextReader, ShownText
from makeready.checks.completeness.text_proof import SectionProof
from makeready.findings import Findings
from makeready.manuscript.reader import read_book

CONFIG = """title = "Every Block"
language = "en"
modified = 2026-11-01
slug = "every-block"
bodymatter = ["chapter-1"]

[[contributors]]
name = "Somebody"

[editions.paperback]
kind = "print"
printer = "generic"

[editions.screen]
kind = "screen"

[editions.ebook]
kind = "epub"
"""
CHAPTER = """# One

The first office of the flood was official.[^1]

A second line follows, naïve and coöperative.

The third says ½ of what the MINISTRY said.

A short line of the text.

Another one that is short.

- salt
- rye

| Year | Sum |
|------|-----|
| 1912 | 77  |

```
let x != y; // =>
```

The last line of it closes the small book.

[^1]: The note, which is shorter than the text.
"""
SECOND, SHORT, RYE, YEAR, NOTE = 5, 9, 14, 18, 26

Told = list[tuple[str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that is whole in all its editions, and what was made of it."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "book").mkdir()
    (folder / "book/book.toml").write_text(CONFIG, "utf-8")
    (folder / "book/chapter-1.md").write_text(CHAPTER, "utf-8")
    run = makeready("build", "--json", "--book", folder / "book", "--output", folder / "out")
    assert (run.code, run.findings) == (0, [])
    return folder


@pytest.fixture(scope="module")
def book(folder: Path) -> Book:
    book = read_book(folder / "book", Findings())
    assert book is not None
    return book


def told(findings: Findings) -> Told:
    assert {f.id for f in findings} <= {"LAY-015"}
    return [(str(f.location), f.message) for f in findings]


def expected(line: int, problem: str) -> Callable[[Told], bool]:
    def holds(found: Told) -> bool:
        return [(at, problem in message) for at, message in found] == [
            (f"chapter-1.md:{line}", True)
        ]

    return holds


# Print and screen.


class TextOperators:
    """The operators of a page that show text, by the text that they show."""

    def __init__(self, pdf: pikepdf.Pdf, index: int) -> None:
        self.page = pdf.pages[index]
        self.instructions: list[Any] = list(pikepdf.parse_content_stream(self.page))
        shown = [n for n, i in enumerate(self.instructions) if str(i.operator) == "TJ"]
        raw = PageTextReader(pdf).read(index, index + 1).raw
        self._shown = list(zip(raw, shown, strict=True))

    def of(self, text: str) -> list[int]:
        """Return the operators of a line: the last word of a paragraph has its own."""
        at = next(n for n, (raw, _) in enumerate(self._shown) if text in raw)
        return [number for _, number in self._shown[at : at + 2]]

    def write(self, pdf: pikepdf.Pdf) -> None:
        self.page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(self.instructions))


def lose(page: TextOperators, text: str) -> None:
    del page.instructions[page.of(text)[0]]


def double(page: TextOperators, text: str) -> None:
    one, two = page.of(text)
    page.instructions[one:one] = page.instructions[one : two + 1]


def swap(page: TextOperators, text: str, other: str) -> None:
    for one, two in zip(page.of(text), page.of(other), strict=True):
        shown = page.instructions
        shown[one], shown[two] = shown[two], shown[one]


def check_pdf(book: Book, path: Path, proved: DiskCache | None = None) -> Told:
    (section,) = (s for s in book.sections if s.name == "chapter-1")
    with pikepdf.open(path) as pdf:
        reader = PageTextReader(pdf)
        first = next(
            n
            for n in range(len(pdf.pages))
            if "closesthesmallbook" in reader.read(n, n + 1).letters
        )
    findings = Findings()
    CompletenessCheck(book, "", findings, proved).check_pdf(
        path, [SectionPages(section, first, [PageBreak("")])], lambda _: None
    )
    return told(findings)


PDF_FAULTS = {
    "lost": (lambda page: lose(page, "A second line"), SECOND, "is missing"),
    "lost in part": (lambda page: lose(page, "naïve"), SECOND, "is missing"),
    "short and lost": (lambda page: lose(page, "rye"), RYE, "is missing"),
    "number lost": (lambda page: lose(page, "1912"), YEAR, "is missing"),
    "note lost": (lambda page: lose(page, "The note, which"), NOTE, "is missing"),
    "doubled": (lambda page: double(page, "A short line"), SHORT, "occurs twice"),
    "moved": (lambda page: swap(page, "A short line", "Another one"), SHORT, "another place"),
}


@pytest.mark.parametrize("edition", ["paperback", "screen"])
def test_a_whole_pdf_has_no_finding(folder: Path, book: Book, edition: str) -> None:
    assert check_pdf(book, folder / f"out/every-block-{edition}.pdf") == []


@pytest.mark.parametrize("edition", ["paperback", "screen"])
@pytest.mark.parametrize("fault", PDF_FAULTS)
def test_one_fault_of_a_pdf_is_one_finding(
    folder: Path, book: Book, edition: str, fault: str, tmp_path: Path
) -> None:
    break_page, line, problem = PDF_FAULTS[fault]
    path = tmp_path / "broken.pdf"
    with pikepdf.open(folder / f"out/every-block-{edition}.pdf") as pdf:
        texts = [PageTextReader(pdf).read(n, n + 1).letters for n in range(len(pdf.pages))]
        page = TextOperators(pdf, next(n for n, text in enumerate(texts) if "flood" in text))
        break_page(page)
        page.write(pdf)
        pdf.save(path)
    found = check_pdf(book, path)
    assert expected(line, problem)(found), found


def read_ones_as_sevens(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for font in page.resources.get("/Font", {}).values():
            texts = font.ToUnicode.read_bytes().replace(b"<0031>", b"<0037>")
            font.ToUnicode = pdf.make_stream(texts)


def lose_a_line(pdf: pikepdf.Pdf) -> None:
    texts = [PageTextReader(pdf).read(n, n + 1).letters for n in range(len(pdf.pages))]
    page = TextOperators(pdf, next(n for n, text in enumerate(texts) if "flood" in text))
    lose(page, "A second line")
    page.write(pdf)


@pytest.mark.parametrize("change", [lose_a_line, read_ones_as_sevens])
def test_a_section_is_proved_again_where_its_pages_changed(
    folder: Path, book: Book, change: Callable[[pikepdf.Pdf], None], tmp_path: Path
) -> None:
    whole, broken = folder / "out/every-block-paperback.pdf", tmp_path / "broken.pdf"
    with pikepdf.open(whole) as pdf:
        change(pdf)
        pdf.save(broken)
    proved = DiskCache(tmp_path / "proofs", ".proof", 10_000)
    findings = [check_pdf(book, path, proved) for path in (whole, whole, broken, broken, whole)]
    assert [bool(found) for found in findings] == [False, False, True, True, False]
    assert findings[2] == findings[3] == check_pdf(book, broken)


def test_a_section_is_proved_again_where_its_manuscript_changed(
    folder: Path, book: Book, tmp_path: Path
) -> None:
    pdf, epub = folder / "out/every-block-paperback.pdf", folder / "out/every-block.epub"
    proved = DiskCache(tmp_path / "proofs", ".proof", 10_000)

    def found(book: Book) -> list[bool]:
        return [bool(check_pdf(book, pdf, proved)), bool(check_epub(book, epub, str, "", proved))]

    assert found(book) == found(book) == [False, False]
    sections = copy.deepcopy(book.sections)
    (changed,) = (s for s in sections if s.name == "chapter-1")
    added = changed.tree.makeelement("p", {"data-line": "999"})
    added.text = "A paragraph that no file has, and that is long enough."
    changed.tree.append(added)
    assert found(replace(book, sections=sections)) == [True, True]


def test_what_was_proved_is_not_proved_again(
    folder: Path, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved = DiskCache(tmp_path / "proofs", ".proof", 10_000)
    check_pdf(book, folder / "out/every-block-paperback.pdf", proved)
    check_epub(book, folder / "out/every-block.epub", str, "", proved)
    monkeypatch.delattr("makeready.checks.completeness.editions.SectionProof")
    check_pdf(book, folder / "out/every-block-paperback.pdf", proved)
    check_epub(book, folder / "out/every-block.epub", str, "", proved)


# The e-book.

DOCUMENT = "EPUB/text/chapter-1.xhtml"


def check_epub(
    book: Book,
    path: Path,
    change: Callable[[str], str],
    css: str = "",
    proved: DiskCache | None = None,
) -> Findings:
    (section,) = (s for s in book.sections if s.name == "chapter-1")
    changed = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        text = old.read(DOCUMENT).decode()
        new.writestr(DOCUMENT, change(text))
    findings = Findings()
    document = SectionDocument(section, DOCUMENT, lambda _: None)
    CompletenessCheck(book, css, findings, proved).check_epub(changed, [document])
    return findings


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    return change


def moved(text: str) -> str:
    second = "<p>A second line follows, naïve and coöperative.</p>"
    last = "<p>The last line of it closes the small book.</p>"
    assert text.count(second) == text.count(last) == 1
    return text.replace(second, "").replace(last, last + second)


EPUB_FAULTS = {
    "lost": (replaced("A second line follows, naïve and coöperative.", ""), SECOND, "is missing"),
    "lost in part": (replaced(" follows, naïve and coöp", ""), SECOND, "is missing"),
    "short and lost": (replaced("<li>rye</li>", ""), RYE, "is missing"),
    "number lost": (replaced("1912", ""), YEAR, "is missing"),
    "note lost": (replaced("The note, which is shorter", ""), NOTE, "is missing"),
    "doubled": (
        replaced(
            "coöperative.</p>",
            "coöperative.</p><p>A second line follows, naïve and coöperative.</p>",
        ),
        SECOND,
        "occurs twice",
    ),
    "moved": (moved, SECOND, "another place"),
    "hidden": (
        replaced("<p>A second", '<p hidden="hidden">A second'),
        SECOND,
        "is missing",
    ),
}


def test_a_whole_epub_has_no_finding(folder: Path, book: Book) -> None:
    found = check_epub(book, folder / "out/every-block.epub", lambda text: text)
    assert told(found) == []


@pytest.mark.parametrize("fault", EPUB_FAULTS)
def test_one_fault_of_an_epub_is_one_finding(folder: Path, book: Book, fault: str) -> None:
    change, line, problem = EPUB_FAULTS[fault]
    found = told(check_epub(book, folder / "out/every-block.epub", change))
    assert expected(line, problem)(found), found


@pytest.mark.parametrize(
    ("css", "is_hidden"),
    [
        ("p:nth-of-type(2) { display: none }", True),
        ("p:nth-of-type(2) { visibility: hidden }", True),
        ("@media (max-width: 30em) { p:nth-of-type(2) { display: none } }", False),
        ("p:nth-of-type(2) { display: block }", False),
        ("p:unknown-thing { display: none }", False),
    ],
)
def test_what_a_style_hides_everywhere_is_missing(
    folder: Path, book: Book, css: str, *, is_hidden: bool
) -> None:
    found = told(check_epub(book, folder / "out/every-block.epub", lambda text: text, css))
    assert [at for at, _ in found] == (["chapter-1.md:5"] if is_hidden else [])


# Scripts, and forms of letters.


def problems(text: str, shown: str, *, notes: str = "") -> list[str]:
    """Return the problems of paragraphs, one a line, that a file shows as ``shown``."""
    passages = [Passage(Block(n, text=line), line, 0) for n, line in enumerate(text.split("\n"), 1)]
    run = (passages, ShownText(letters_of(shown), raw=[shown]))
    blocks = [Block(99, text=notes)] if notes else []
    return [f"{block.line} {problem}" for block, problem in SectionProof([run], blocks).problems()]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The ﬂowers of oﬃce were official and fine", "The flowers of office were ofﬁcial and ﬁne"),
        ("soft\u00adhyphens and a long-lasting word", "soft‐\nhyphens and a long‐lasting word"),
        ("Weiß ist die Straße, und groß ist İzmir", "WEISS IST DIE STRASSE, UND GROSS IST IZMIR"),
        ("ΟΔΥΣΣΕΥΣ ήταν ο βασιλιάς της Ιθάκης", "Οδυσσευς ΗΤΑΝ Ο ΒΑΣΙΛΙΑΣ ΤΗΣ ΙΘΑΚΗΣ"),
        ("Once upon a time there was a keeper", "O nce upon a time there was a keeper"),
        ("שלום עולם וכל טוב לכולם בבית", "תיבב םלוכל בוט לכו םלוע םולש"),
        (
            "A line with a number[1] in it and more of it",
            "A line with a number1 in it and more of it",
        ),
        (
            "The first line of the poem\nand the second one of it",
            "The first line of the poem 12 and the second one of it",
        ),
        ("A name that comes again and again", "Running Head A name that comes again and again 7"),
    ],
)
def test_the_same_text_in_another_form_is_there(text: str, shown: str) -> None:
    assert problems(text, shown) == []


@pytest.mark.parametrize(
    ("text", "shown", "found"),
    [
        ("שלום עולם וכל טוב לכולם בבית", "and nothing else", ["1 is missing"]),
        (
            "One line that is long enough\nno\nOne more that is long enough",
            "One line that is long enough One more that is long enough",
            ["2 is missing"],
        ),
        ("A text, and all of it is here", "A text, and all of it is here note", ["99 is missing"]),
    ],
)
def test_a_text_in_no_form_is_missing(text: str, shown: str, found: list[str]) -> None:
    assert problems(text, shown, notes="A note" if "99" in found[0] else "") == found


PAGES = (
    "The keeper went up with the oil, and came down without",
    "it; and the lamp, which nobody had filled, burned all night",
)
HEAD = "came down without it; and the lamp"


@pytest.mark.parametrize(
    ("first", "second", "is_double"),
    [
        ("{0} 7", "{1} 8", False),
        (f"{{0}} {HEAD}", f"{{1}} {HEAD}", False),
        ("{0}", "with the oil, and came down without {1}", True),
        ("{0} it; and the lamp, which nobody had", "{1}", True),
    ],
)
def test_a_line_is_on_one_side_of_a_page_turn(first: str, second: str, *, is_double: bool) -> None:
    block = Block(1, text=" ".join(PAGES))
    runs = [
        ([Passage(block, text, 0, is_cut=True)], ShownText(letters_of(shown), raw=[shown]))
        for text, shown in zip(PAGES, (first.format(*PAGES), second.format(*PAGES)), strict=True)
    ]
    found = [problem.value for _, problem in SectionProof(runs, []).problems()]
    assert found == (["occurs twice"] if is_double else [])


@pytest.mark.parametrize(
    ("again", "is_double"), [("", False), (" " + "Words of the text. " * 2, True)]
)
def test_a_text_that_repeats_itself_is_not_doubled(again: str, is_double: bool) -> None:
    """The pages have a note, and a table that the text has elsewhere."""
    sentence = "Words of the text. "
    long, short = Block(1, text=sentence * 9), Block(2, text=sentence * 2)
    pages = (
        ([Passage(long, sentence * 6, 0, is_cut=True)], f"{sentence * 6} A note."),
        (
            [Passage(long, sentence * 3, 96, is_cut=True), Passage(short, short.text, 0)],
            f"Table {sentence * 3} A cell. {short.text}{again}",
        ),
    )
    runs = [(passages, ShownText(letters_of(text), raw=[text])) for passages, text in pages]
    found = [problem.value for _, problem in SectionProof(runs, []).problems()]
    assert bool(found) is is_double


@pytest.mark.parametrize(
    ("again", "is_double"), [("", False), (" Frying and broiling fish.", True)]
)
def test_a_title_may_have_the_words_of_a_passage(again: str, *, is_double: bool) -> None:
    title, text = "Dry Heat: Frying and Broiling Fish", "Frying and broiling fish."
    shown = f"{title} {text}{again}"
    run = ([Passage(Block(3, text=text), text, 0)], ShownText(letters_of(shown), raw=[shown]))
    found = [problem.value for _, problem in SectionProof([run], []).problems([title])]
    assert found == (["occurs twice"] if is_double else [])


# Styles and layouts of the book.


WORD_ENDS = ("abor", "edine", "istol", "obure", "undal", "astrel", "ellint", "inger", "oram")


def build(book: Path, *editions: str) -> tuple[int, list[tuple[str, str, int | None]], list[str]]:
    run = makeready("build", *editions, "--json", "--book", book, "--output", book.parent / "out")
    notes = [f["id"] for f in json.loads(run.out)["findings"] if f["severity"] == "note"]
    return run.code, run.findings, notes


@pytest.mark.slow
def test_cells_that_are_divided_over_pages_are_whole(tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(BOOKS / "leaflet", book)
    words = " ".join(f"{word}{end}" for word in "bcdfghklm" for end in WORD_ENDS)
    cells = [words, " ".join(reversed(words.split())), "A short one"]
    rows = "".join(f"| {' | '.join(cells[n:] + cells[:n])} | {n} |\n" for n in range(3))
    table = f"| A | B | C | D |\n|---|---|---|---|\n{rows}"
    (book / "chapter-2.md").write_text(f"# Two\n\nText.\n\n{table}\nMore.\n", "utf-8")
    code, findings, _ = build(book, "paperback")
    assert code == 0
    assert {finding[0] for finding in findings} <= {"LAY-011"}


@pytest.mark.slow
def test_styles_that_hide_a_block_stop_every_edition(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(folder / "book", book)
    styles = book / "styles/css"
    styles.mkdir(parents=True)
    for name in ("print", "epub"):
        (styles / f"{name}.css").write_text("p:nth-of-type(2) { display: none }\n", "utf-8")
    code, found, _ = build(book)
    assert (code, found) == (1, [("LAY-015", "chapter-1.md", SECOND)])
    assert list((tmp_path / "out").glob("*.pdf")) == list((tmp_path / "out").glob("*.epub")) == []


@pytest.mark.slow
def test_a_class_that_one_edition_hides_is_a_note(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(folder / "book", book)
    styles = book / "styles/css"
    styles.mkdir(parents=True)
    (styles / "print.css").write_text(".for-screens { display: none }\n", "utf-8")
    chapter = book / "chapter-1.md"
    chapter.write_text(CHAPTER.replace("coöperative.", "coöperative.\n{.for-screens}"), "utf-8")
    code, found, notes = build(book, "paperback", "ebook")
    assert (code, found) == (0, [])
    assert notes.count("LAY-016") == 1


@pytest.mark.slow
def test_a_layout_that_drops_or_repeats_text_stops_the_book(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(folder / "book", book)
    layouts = book / "styles/layouts"
    layouts.mkdir(parents=True)
    (layouts / "chapter.html.j2").write_text(
        '{% extends "house/chapter.html.j2" %}{% block inner %}{{ super() }}'
        "<p>A second line follows, naïve and coöperative.</p>{% endblock %}",
        "utf-8",
    )
    code, found, _ = build(book)
    assert (code, found) == (1, [("LAY-015", "chapter-1.md", SECOND)])
