"""Letters that the book lacks are set in fonts of last resort, in print and in the e-book."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pdf_reading import letters, page_texts

from conftest import CACHE, Run, makeready

TOML = """\
title = "Signs"
language = "en"
modified = 2026-11-01
frontmatter = ["titlepage"]
bodymatter = ["chapter-1", "chapter-2"]
backmatter = ["colophon"]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "generic"
trim = "6x9in"
[editions.ebook]
kind = "epub"
"""
WORDS = "and then the words of a plain line go on and on to its end, "
SIGNS = {
    "chapter-1.md": (
        "# Signs\n\n"
        f"Before. {WORDS * 3}a sign \u26a0 and \u2714, {WORDS}**bold \u2605**, {WORDS}*\u263e*, "
        f"{WORDS}\U0001f680 and 1\ufe0f\u20e3, {WORDS * 3}\n\n"
        "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \U0001d53d\n\n"
        "\u0928\u092e\u0938\u094d\u0924\u0947 \u09ac\u09be\u0982\u09b2\u09be \u0e44\u0e17\u0e22\n\n"
        "```\nplain code\n\u2714\n\u26a0 code\nplain code\n```\n"
    ),
    "chapter-2.md": "# More\n\n![A drawing](drawing.svg)\n",
    "drawing.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
        '<text y="20" font-family="EB Garamond">\u2714</text></svg>'
    ),
}
LAST_RESORT = {
    "DejaVu-Sans",
    "Noto-Emoji",
    "Noto-Sans-Bengali",
    "Noto-Sans-Devanagari",
    "Noto-Sans-Thai",
    "STIX-Two-Math",
}
LEADING_PT = 15.5
CODE_LEADING = 1.4
"""The leading of code, in its size."""


def write_book(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in {"book.toml": TOML, **files}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@dataclass(frozen=True)
class Built:
    """A built book: its run, its print PDF, and the files of its EPUB by name."""

    run: Run
    pdf: Path
    epub: dict[str, bytes]

    def font(self, slug: str) -> set[int]:
        """Return the code points of one font of the EPUB."""
        with TTFont(io.BytesIO(self.epub[f"EPUB/fonts/{slug}-400-normal.ttf"])) as font:
            return set(font.getBestCmap())


def build(folder: Path, files: dict[str, str]) -> Built:
    book, output = write_book(folder / "book", files), folder / "out"
    run = makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json")
    assert run.code == 0, run.findings
    with zipfile.ZipFile(output / "signs.epub") as archive:
        return Built(
            run,
            output / "signs-paperback.pdf",
            {name: archive.read(name) for name in archive.namelist()},
        )


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("signs"), SIGNS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Built:
    text = f"# Plain\n\n{WORDS}\n\n```\ncode \u2192\n```\n\n$\\mathbb{{R}}$\n"
    chapters = {"chapter-1.md": text, "chapter-2.md": "# More\n\nWords.\n"}
    return build(tmp_path_factory.mktemp("plain"), chapters)


def embedded(path: Path) -> set[str]:
    with pikepdf.open(path) as pdf:
        return {
            str(font.BaseFont).partition("+")[2]
            for page in pdf.pages
            for holder in (page, *page.resources.get("/XObject", {}).values())
            for font in holder.get("/Resources", {}).get("/Font", {}).values()
        }


def test_the_signs_are_set_in_print(signs: Built) -> None:
    assert [f for f in signs.run.findings if f[0] != "LAY-007"] == []
    assert embedded(signs.pdf) >= LAST_RESORT
    printed = "".join(page_texts(signs.pdf))
    for sign in "\u26a0\u2714\u2605\u263e":
        assert sign in printed, sign


def test_a_line_with_a_sign_is_no_higher(signs: Built) -> None:
    index = next(i for i, text in enumerate(page_texts(signs.pdf)) if "Before." in text)
    page = letters(signs.pdf, index)
    start = next(n for n, letter in enumerate(page) if letter.text == "B")
    code_pt = page[-1].size_pt
    leadings = ((page[start].size_pt, LEADING_PT, 9), (code_pt, code_pt * CODE_LEADING, 4))
    for size_pt, leading_pt, count in leadings:
        lines = {round(letter.y, 1) for letter in page[start:] if letter.size_pt == size_pt}
        assert len(lines) >= count
        for one, other in pairwise(sorted(lines, reverse=True)):
            spaces = (one - other) / leading_pt
            assert spaces == pytest.approx(round(spaces), abs=0.02)


def test_the_e_book_has_the_glyphs_that_it_needs_and_names_their_fonts(signs: Built) -> None:
    assert signs.font("dejavu-sans") >= {0x26A0, 0x2714, 0x5DC, 0x645}
    assert signs.font("stix-two-math") == {0x2605, 0x263E, 0x1D53D}
    assert signs.font("noto-emoji") >= {0x1F680, 0x20E3, 0x31}
    css = signs.epub["EPUB/style/book.css"].decode()
    following = '"STIX Two Math", "DejaVu Sans", "Noto Emoji", "Noto Sans Devanagari"'
    following += ', "Noto Sans Bengali", "Noto Sans Thai"'
    assert f'font-family: "EB Garamond", {following}, serif' in css
    assert f'font-family: "Fira Code", {following}, monospace' in css
    assert 'font-family: "EB Garamond";' in css
    for name in ("dejavu-sans", "noto-emoji", "stix-two-math"):
        assert b"Copyright" in signs.epub[f"EPUB/fonts/{name}-licence.txt"]
    assert b"STIX" not in signs.epub["EPUB/text/colophon.xhtml"]


def test_a_book_without_signs_has_none_of_the_fonts(plain: Built) -> None:
    assert not embedded(plain.pdf) & LAST_RESORT
    fonts = [name for name in plain.epub if name.startswith("EPUB/fonts/")]
    assert all(re.search("eb-garamond|fira-code", name) for name in fonts)
    assert b"STIX" not in plain.epub["EPUB/style/book.css"]


def test_what_no_font_has_is_one_error_at_its_line(tmp_path: Path) -> None:
    text = "# One\n\nWords.\n\nA sign \U0001fbff, and \U0001fbff again \u2714.\n"
    book = write_book(tmp_path / "book", {"chapter-1.md": text, "chapter-2.md": "# More\n"})
    folders = ("--book", book, "--output", tmp_path / "out", "--cache", CACHE)
    run = makeready("build", *folders, "paperback", "--json")
    assert run.code == 1
    assert [f for f in run.findings if f[0] == "LAY-003"] == [("LAY-003", "chapter-1.md", 5)]


def test_a_books_own_fonts_are_followed_by_those_of_last_resort(tmp_path: Path) -> None:
    own = """\
[[family]]
name = "EB Garamond"
slug = "eb-garamond"
package = "fontpkg_eb_garamond"
licence = "LICENSE"
credit = "EB Garamond"
"""
    for style, weight in (("", 400), ("", 600), ("-Italic", 400), ("-Italic", 600)):
        own += (
            f'[[family.face]]\nfile = "files/EBGaramond{style}[wght].ttf"\n'
            f'style = "{"italic" if style else "normal"}"\nweight = {weight}\n'
            f"axes = {{ wght = {weight} }}\n"
        )
    book = write_book(
        tmp_path / "book",
        {"chapter-1.md": "# One\n\nA sign \u2714.\n", "chapter-2.md": "# Two\n\nWords.\n"},
    )
    (book / "styles").mkdir()
    (book / "styles" / "fonts.toml").write_text(own, "utf-8")
    folders = ("--book", book, "--output", tmp_path / "out", "--cache", CACHE)
    assert makeready("build", *folders, "paperback").code == 0
    (book / "styles" / "fonts.toml").write_text(own + "[roles]\nsymbols = []\n", "utf-8")
    run = makeready("build", *folders, "paperback", "--json")
    assert [f for f in run.findings if f[0] == "LAY-003"] == [("LAY-003", "chapter-1.md", 3)]
