"""Tables over several pages, tables on their side, and images beside each other, when finished."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from pdf_reading import letters, page_texts
from PIL import Image

from conftest import CACHE, makeready

pytestmark = pytest.mark.slow

BOOK = """\
title = "Beds"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1"]

[[contributors]]
name = "Ann Elm"

[editions.paperback]
kind = "print"
trim = "6x9in"

[editions.screen]
kind = "screen"

[editions.ebook]
kind = "epub"
"""
ROWS = "".join(f"| Bed {n} | beans | under glass | {n * 3} |\n" for n in range(1, 31))
HEADS = "Municipality | Population | Unemployment | Agriculture | Manufacturing | Construction"
NAMES = " | ".join(["Northumberlands"] * 7)
WIDE = f"| {HEADS} | Accommodation |\n|{'---|' * 7}\n| {NAMES} |\n"
WORDS = "the frost came late that year and killed the pears on the north wall of the garden"
SPANNED = (
    '<table>\n<thead>\n<tr><th rowspan="2">Year</th><th colspan="2">Weather</th></tr>\n'
    "<tr><th>Frost</th><th>Rain</th></tr>\n</thead>\n<tbody>\n"
    + "".join(
        f"<tr><td>first{n}</td><td>{WORDS} last{n}</td><td>{n}</td></tr>\n" for n in range(1, 31)
    )
    + "</tbody>\n</table>\n"
)
TEXT = f"""\
# Beds

The beds are in [](#tbl-beds), the pots in @fig-pots and @fig-tin.

| Bed | Sown | Place | Seeds |
|---|---|---|--:|
{ROWS}
: The beds[^1] {{#tbl-beds .turned}}

[^1]: As they were sown.

{WIDE}
: The counties

::: {{#fig-pots layout-ncol=2}}
![Clay](pots/a.png){{#fig-clay}}

![Tin](pots/b.png){{#fig-tin}}

Two pots
:::

{"The frost came late that year. " * 12}

{SPANNED}
"""


def image(width: int, height: int) -> bytes:
    held = BytesIO()
    Image.new("L", (width, height), 128).save(held, "PNG")
    return held.getvalue()


@pytest.fixture(scope="module")
def beds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beds")
    (folder / "pots").mkdir()
    (folder / "book.toml").write_text(BOOK, "utf-8")
    (folder / "chapter-1.md").write_text(TEXT, "utf-8")
    (folder / "pots" / "a.png").write_bytes(image(1500, 1000))
    (folder / "pots" / "b.png").write_bytes(image(1000, 1000))
    out = folder / "out"
    run = makeready("build", "--book", folder, "--output", out, "--cache", CACHE, "--json")
    assert (run.code, run.findings) == (0, [])
    return out


def pages_with(path: Path, words: str) -> list[int]:
    return [n for n, text in enumerate(page_texts(path)) if words in " ".join(text.split())]


def test_in_print_a_table_stands_on_its_side_with_its_head_on_each_page(beds: Path) -> None:
    path = beds / "beds-paperback.pdf"
    pages = pages_with(path, "under glass")
    assert len(pages) > 1
    with pikepdf.open(path) as pdf:
        sizes = {tuple(map(float, page.mediabox)) for page in pdf.pages}
        assert sizes == {(0, 0, 432, 648)}
        assert not any("/Rotate" in page for page in pdf.pages)
    for number in pages:
        found = letters(path, number)
        words = "".join(letter.text for letter in found)
        # Letters go up the page; the head, which is the first row, is nearest to the left edge.
        at = words.index("BedSownPlaceSeeds")
        head = found[at : at + len("BedSownPlaceSeeds")]
        assert len({round(letter.x, 1) for letter in head}) == 1
        assert [letter.y for letter in head] == sorted(letter.y for letter in head)
        row = found[words.index("underglass")]
        assert 36 < head[0].x < row.x < 432 - 36
        # No running head and no folio.
        assert "BEDS" not in words


def test_a_note_of_a_turned_table_stands_on_its_page(beds: Path) -> None:
    path = beds / "beds-paperback.pdf"
    first = pages_with(path, "under glass")[0]
    assert pages_with(path, "As they were sown.") == [first]


def test_the_text_around_is_upright_and_has_running_heads(beds: Path) -> None:
    path = beds / "beds-paperback.pdf"
    (number,) = pages_with(path, "The frost came")
    found = letters(path, number)
    at = "".join(letter.text for letter in found).index("Thefrostcame")
    assert len({round(letter.y, 1) for letter in found[at : at + 12]}) == 1


def test_a_table_too_wide_for_its_page_is_turned(beds: Path) -> None:
    path = beds / "beds-paperback.pdf"
    (number,) = pages_with(path, "Municipality Population")
    found = letters(path, number)
    at = "".join(letter.text for letter in found).index("Municipality")
    assert len({round(letter.x, 1) for letter in found[at : at + 12]}) == 1


def test_on_the_screen_the_page_is_wide_and_the_table_upright(beds: Path) -> None:
    path = beds / "beds-screen.pdf"
    wide = {*pages_with(path, "under glass"), *pages_with(path, "Municipality")}
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf):
            assert page.get_size() == ((648, 432) if number in wide else (432, 648))
    found = letters(path, min(wide))
    at = "".join(letter.text for letter in found).index("BedSownPlaceSeeds")
    assert len({round(letter.y, 1) for letter in found[at : at + 10]}) == 1


@pytest.mark.parametrize("edition", ["paperback", "screen"])
def test_images_of_a_figure_stand_side_by_side_equally_high(beds: Path, edition: str) -> None:
    path = beds / f"beds-{edition}.pdf"
    (number,) = pages_with(path, "Two pots")
    text = " ".join(page_texts(path)[number].split())
    assert "(a) Clay" in text and "(b) Tin" in text
    with pypdfium2.PdfDocument(path) as pdf:
        boxes = [o.get_bounds() for o in pdf[number].get_objects(filter=[3], max_depth=3)]
    (left, bottom, right, top), (left2, bottom2, right2, top2) = boxes
    assert top == pytest.approx(top2, abs=0.5)
    assert bottom == pytest.approx(bottom2, abs=0.5)
    assert 5 < left2 - right < 15
    assert (right - left) / (right2 - left2) == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("edition", ["paperback", "screen"])
def test_references_name_the_images_by_letters(beds: Path, edition: str) -> None:
    text = " ".join(" ".join(page_texts(beds / f"beds-{edition}.pdf")).split())
    assert "the pots in Figure 1 and Figure 1b." in text


def test_the_e_book_has_the_table_as_any_other(beds: Path) -> None:
    with zipfile.ZipFile(beds / "beds.epub") as book:
        tree = etree.fromstring(book.read("EPUB/text/chapter-1.xhtml"))
        nav = book.read("EPUB/text/toc.xhtml").decode()
        css = "".join(book.read(name).decode() for name in book.namelist() if name.endswith("css"))
    names = {"x": "http://www.w3.org/1999/xhtml"}
    figure = tree.xpath("//x:figure[@id='fig-pots']", namespaces=names)[0]
    cells = figure.xpath("x:div/x:figure", namespaces=names)
    assert [cell.get("id") for cell in cells] == ["fig-clay", "fig-tin"]
    assert [cell.get("style") for cell in cells] == ["width:58.20%", "width:38.80%"]
    assert [i.get("alt") for i in figure.iter("{*}img")] == ["Clay", "Tin"]
    assert ".image-cell" in css and "page: turned" not in css
    # The list of figures has the figure, and not its parts.
    assert "Two pots" in nav and "(a)" not in nav


@pytest.mark.parametrize("edition", ["paperback", "screen"])
def test_a_head_of_two_rows_is_repeated_and_rows_are_whole(beds: Path, edition: str) -> None:
    texts = [" ".join(text.split()) for text in page_texts(beds / f"beds-{edition}.pdf")]
    pages = [text for text in texts if "first" in text]
    assert len(pages) > 1
    assert all(text.count("Weather") == text.count("Frost Rain") == 1 for text in pages)
    for n in range(1, 31):
        (page,) = [text for text in pages if f"first{n} " in text]
        assert f"last{n} " in f"{page} "


def test_the_e_book_keeps_the_spans(beds: Path) -> None:
    with zipfile.ZipFile(beds / "beds.epub") as book:
        tree = etree.fromstring(book.read("EPUB/text/chapter-1.xhtml"))
    heads = {c.text: dict(c.attrib) for c in tree.iter("{*}th") if c.text in {"Year", "Weather"}}
    assert heads["Year"]["rowspan"] == "2"
    assert heads["Weather"]["colspan"] == "2"
