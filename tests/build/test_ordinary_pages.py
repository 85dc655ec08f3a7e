"""What ordinary manuscripts hold comes out whole on the pages: code, images, lists, tables."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pdf_reading import Letter, letters, page_texts
from PIL import Image

from conftest import CACHE, Run, makeready
from makeready.book.styles_folder import built_in_styles
from makeready.checks.reading.page_objects import ObjectKind, page_objects

TOML = """\
title = "A Captain at the Age of Fifteen"
language = "en"
modified = 2026-11-01
frontmatter = ["titlepage", "toc"]
bodymatter = [{body}]
backmatter = [{back}]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "generic"
trim = "6x9in"
"""
TEXT_WIDTH_PT, TEXT_HEIGHT_PT = 300.0, 511.5
"""The text area of a page of six by nine inches: 25 em of 12 pt, 33 lines of 15.5 pt."""

SENTENCE = "The soil must be dug and then turned over once again, then by"
ADDRESS = "https://example.org/archive/2026/the_long_name_of_a_file.html?query=one&other=two#end"
UNBROKEN = f"https://example.org/{'a' * 120}"
CODE = "org.garden.tools.WateringCanFactory.create_default_instance(options)"
CHAPTERS = {
    "part-1": "# Before the frost\n",
    "chapter-1": (
        "# The `run()` command\n\nSome *emphasis with `code`* and **bold with `code`**.\n\n"
        "## Use of `stop()`\n\nText\u2122\ufe0f.\n\n| `key` | meaning |\n|---|---|\n| a | b |\n\n"
        f"Term `x`\n:   What it means.\n\n```\n{'x' * 50} and on it goes\n```\n"
    ),
    "chapter-2": (
        "# Pictures\n\n![A picture](images/wide.png)\n\nAn icon ![of it](images/wide.png) here.\n\n"
        "![Two](images/wide.png)\n![of them](images/wide.png)\n\n"
        "Between them.\n\n![At the head](images/wide.png) of a paragraph.\n\n"
        "- ![In a list](images/wide.png)\n\n"
        "| a | b |\n|---|---|\n| ![cell](images/wide.png) | x |\n\n"
        "![A tower](images/tall.png)\n\n![Words](images/words.svg)\n"
    ),
    "part-2": "# After the frost\n",
    "chapter-3": "# Lists\n\n" + "".join(f"{n}. Item {n}\n" for n in range(1, 121)),
    "chapter-4": "\n\n".join(
        [
            "# Spaces",
            f"{SENTENCE} `garden.walk()`",
            f"{SENTENCE}\u00a0`garden.walk()`, so it is.",
            f"{SENTENCE}\u00a0*garden.walk()*, so it is.",
            "/// verse\nThe first line of the verse,[^1]\nand the second.\n///",
            "[^1]: The note.\n",
        ]
    ),
    "chapter-5": "# Tables\n\nBefore.\n\n| Name | Text | Price |\n|---|---|--:|\n"
    + "".join(
        f"| item {n} | a description of number {n} that is somewhat long | {n}.50 |\n"
        for n in range(1, 60)
    ),
    "chapter-6": (
        f"# Addresses\n\nRead about them at {ADDRESS} and go on, or call\n`{CODE}` once.\n\n"
        f"{UNBROKEN}\n\n`{'x' * 130}`[^1]\n\n"
        f"[^1]: All that is known of it can be read, with the pictures, at\n<{ADDRESS}>.\n"
    ),
    "bibliography": "# Books\n\n"
    + "Bell, Ann. *A Garden of One’s Own*. London: The Press, 1931. " * 3
    + "\n",
}
WORDS = """\
<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120" viewBox="0 0 300 120">
<text x="5" y="25" font-family="Times,serif" font-size="20">Serif</text>
<text x="30" y="55" font-family="Helvetica,sans-serif" font-size="20"
  text-anchor="middle">Sans</text>
<text x="5" y="85" font-size="20">None</text>
<text x="5" y="115" font-family="monospace" font-size="20">Mono</text></svg>
"""


@dataclass(frozen=True)
class Built:
    """The interior of a built book."""

    run: Run
    path: Path

    def page_with(self, text: str) -> int:
        """Return the index of the last page that has a text."""
        pages = [n for n, page in enumerate(page_texts(self.path)) if text in page]
        assert pages, text
        return pages[-1]

    def lines(self, index: int) -> list[str]:
        """Return the lines of a page, no-break spaces as spaces."""
        page = page_texts(self.path)[index]
        return [line.replace("\u00a0", " ").strip() for line in page.splitlines()]

    def letters_of(self, index: int, text: str) -> list[Letter]:
        """Return the letters of a page that spell a text without spaces."""
        found = letters(self.path, index)
        start = "".join(letter.text for letter in found).index(text)
        return found[start : start + len(text)]


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 160).save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


def write_book(root: Path, chapters: dict[str, str]) -> Path:
    (root / "images").mkdir(parents=True)
    (root / "images" / "wide.png").write_bytes(png(3000, 900))
    (root / "images" / "tall.png").write_bytes(png(900, 4000))
    (root / "images" / "words.svg").write_text(WORDS, "utf-8")
    body = ", ".join(f'"{name}"' for name in chapters if name != "bibliography")
    back = '"bibliography"' if "bibliography" in chapters else ""
    (root / "book.toml").write_text(TOML.format(body=body, back=back), "utf-8")
    for name, text in chapters.items():
        (root / f"{name}.md").write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    root = write_book(tmp_path_factory.mktemp("ordinary") / "book", CHAPTERS)
    output = root.parent / "out"
    run = makeready("build", "--book", root, "--output", output, "--cache", CACHE, "--json")
    yield Built(run, output / "a-captain-at-the-age-of-fifteen-paperback.pdf")
    shutil.rmtree(root.parent)


def test_nothing_is_at_fault(built: Built) -> None:
    assert built.run.code == 0, built.run.out
    found = [finding for finding in built.run.findings if finding[0] != "LAY-007"]
    assert found == []


def test_images_keep_to_the_text_area(built: Built) -> None:
    with pypdfium2.PdfDocument(built.path) as pdf:
        things = [thing for page in pdf for thing in page_objects(page)]
        images = [thing.box for thing in things if thing.kind is ObjectKind.IMAGE]
    assert len(images) == 8
    assert len({round(box.left, 1) for box in images if box.right - box.left > 299.9}) <= 2
    assert max(box.right - box.left for box in images) <= TEXT_WIDTH_PT + 0.01
    assert max(box.top - box.bottom for box in images) <= TEXT_HEIGHT_PT + 0.01


def test_a_drawing_without_the_books_fonts_takes_them(built: Built) -> None:
    with pikepdf.open(built.path) as pdf:
        fonts = {
            str(font.BaseFont).partition("+")[2]
            for page in pdf.pages
            for form in page.resources.get("/XObject", {}).values()
            for font in form.get("/Resources", {}).get("/Font", {}).values()
        }
        page = pdf.pages[built.page_with("Mono")]
        fonts |= {str(f.BaseFont).partition("+")[2] for f in page.resources.Font.values()}
    text = built.letters_of(built.page_with("Mono"), "SerifSansNoneMono")
    widths = [b.x - a.x for a, b in pairwise(text) if a.y == b.y]
    assert {"EB-Garamond", "Fira-Code"} <= fonts
    # The letters of the last word are equally wide, of the others they are not.
    assert max(widths[-3:]) - min(widths[-3:]) < 0.01
    assert max(widths[:4]) - min(widths[:4]) > 1


def test_a_centred_text_of_a_drawing_makes_the_page_no_less_opaque(built: Built) -> None:
    with pikepdf.open(built.path) as pdf:
        forms = [
            form
            for page in pdf.pages
            for form in page.resources.get("/XObject", {}).values()
            if form.get("/Subtype") == "/Form"
        ]
        assert forms
        assert not [form for form in forms if "/Group" in form]


def test_numbers_of_lists_stand_clear_of_the_margin(built: Built) -> None:
    index = built.page_with("Item 120")
    number = built.letters_of(index, "120.")
    folio_free = [a.x for a in letters(built.path, index) if a.size_pt > 10]
    assert min(folio_free) == pytest.approx(number[0].x, abs=0.01)


@pytest.mark.parametrize("end", ["garden.walk()", "garden.walk(), so it is."])
def test_a_line_before_code_breaks_at_its_last_space(built: Built, end: str) -> None:
    lines = built.lines(built.page_with("Spaces"))
    assert [line for line in lines if line in {"The", "soil", "must", "be"}] == []
    assert any(line.endswith(end) for line in lines)


def test_a_note_called_in_verse_begins_beside_its_number(built: Built) -> None:
    assert "1. The note." in built.lines(built.page_with("The note."))


def test_the_title_is_broken_evenly(built: Built) -> None:
    assert built.lines(0)[:2] == ["A Captain at the Age", "of Fifteen"]


def test_no_row_is_broken_over_two_pages_and_no_short_entry_over_two_lines(built: Built) -> None:
    for number in range(1, 60):
        row = f"item {number} "
        page = next(
            page.replace("\u00a0", " ")
            for page in page_texts(built.path)
            if row in page.replace("\r\n", " ").replace("\u00a0", " ") and "description" in page
        )
        whole = " ".join(page.split())
        assert f"description of number {number} that is somewhat long" in whole, number


def test_a_part_stands_apart_in_the_contents(built: Built) -> None:
    index = built.page_with("Contents")
    heights = [
        built.letters_of(index, text)[0].y for text in ("Pictures", "Afterthefrost", "Lists")
    ]
    above, below = heights[0] - heights[1], heights[1] - heights[2]
    assert above > below + 5


def test_a_bibliography_has_hanging_indents(built: Built) -> None:
    page = letters(built.path, built.page_with("Books"))
    left = built.letters_of(built.page_with("Books"), "Bell,Ann.")[0]
    lines = {round(a.y): a.x for a in reversed(page) if a.y < left.y - 1 and a.size_pt > 10}
    assert len(lines) >= 2
    assert min(lines.values()) > left.x + 10


FONTS = built_in_styles() / "fonts.toml"


def test_running_heads_are_set_in_the_fonts_of_the_text(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", {"chapter-1": "# One\n\n" + SENTENCE * 60 + "\n"})
    styles = book / "styles"
    (styles / "css").mkdir(parents=True)
    fonts = FONTS.read_text("utf-8").replace('name = "EB Garamond"', 'name = "Another"')
    (styles / "fonts.toml").write_text(fonts, "utf-8")
    (styles / "css" / "book.css").write_text('body { font-family: "Another" }\n', "utf-8")
    (styles / "css" / "cover.css").write_text('body { font-family: "Another" }\n', "utf-8")
    output = tmp_path / "out"
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json")
    assert (run.code, [f for f in run.findings if f[0] != "LAY-007"]) == (0, [])
    with pikepdf.open(next(output.glob("*-paperback.pdf"))) as pdf:
        names = {
            str(font.BaseFont).partition("+")[2].partition("-")[0]
            for page in pdf.pages
            for font in page.resources.get("/Font", {}).values()
        }
    assert names == {"Another"}


def test_long_addresses_and_names_in_code_are_broken_without_added_letters(built: Built) -> None:
    page = built.page_with("Addresses")
    found = letters(built.path, page)
    text = "".join(letter.text for letter in found)
    assert text.count(ADDRESS) == 2
    assert CODE in text
    assert UNBROKEN in text
    assert "x" * 130 in text
    assert max(a.x for a in found) - min(a.x for a in found) < TEXT_WIDTH_PT
    for word in (ADDRESS, CODE):
        pairs = pairwise(built.letters_of(page, word))
        breaks = [a.text + b.text for a, b in pairs if a.y - b.y > 10]
        assert breaks
        assert not [two for two in breaks if two[0] not in "/=._(" and two[1] not in ".?#&_F"]
