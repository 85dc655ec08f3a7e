"""A figure that runs off the page does so to the edge of the printer's bleed, and no other page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from conftest import CACHE, Run, makeready

TRIM = (360.0, 576.0)
EDITIONS = """
[editions.kdp]
kind = "print"
printer = "kdp"
paper = "cream"

[editions.stitched]
kind = "print"
printer = "lulu"
binding = "saddle-stitch"
paper = "white"

[editions.wide]
kind = "print"
printer = "generic"
bleed_mm = 5
"""
WIDE_PT = 5 / 25.4 * 72
BLEEDS = {"kdp": (9.0, 0.0), "stitched": (9.0, 9.0), "wide": (WIDE_PT, 0.0)}
"""Over the trim at head, foot and fore-edge, and at the spine, in points."""

PLATES = """
![A dark place](images/dark.png){.bleed}

Words between them, which refer to [](#night).

![A darker one](images/dark.png "The garden at night"){.bleed #night}
"""


@pytest.fixture
def book(broken_book: Callable[..., Path]) -> Path:
    folder = broken_book()
    names = [f"chapter-{number}" for number in range(1, 10)]
    for name in names:
        (folder / f"{name}.md").write_text("# Another\n\nA few words.\n", "utf-8")
    (folder / "chapter-1.md").write_text("# One\n\nA few words before.\n" + PLATES, "utf-8")
    text = (folder / "book.toml").read_text("utf-8").replace('"chapter-2"', str(names[1:])[1:-1])
    text = text.replace("'", '"').partition("[editions")[0]
    (folder / "book.toml").write_text(text + EDITIONS, "utf-8")
    (folder / "images/square.png").unlink()
    Image.new("L", (1650, 2550), 20).save(folder / "images/dark.png")
    return folder


def run(command: str, book: Path, output: Path) -> Run:
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    return makeready(command, *where)


def boxes(page: pikepdf.Page) -> dict[str, list[float]]:
    names = ("/MediaBox", "/TrimBox", "/BleedBox")
    return {name: [float(side) for side in page.obj[name]] for name in names if name in page.obj}


def paper(path: Path, index: int) -> tuple[int, int, int, int] | None:
    """Return the box of what is light on a page, in points from the upper left, or None."""
    with pypdfium2.PdfDocument(path) as pdf:
        picture = pdf[index].render(scale=1, grayscale=True).to_pil()
    box: tuple[int, int, int, int] | None = picture.point(lambda v: 255 * (v > 128)).getbbox()
    return box


@pytest.mark.long
def test_pages_have_the_printers_bleed_and_plates_fill_it(book: Path, tmp_path: Path) -> None:
    output = tmp_path / "dist"
    built = run("build", book, output)
    assert (built.code, built.findings) == (0, []), built.err
    for edition, (bleed, spine) in BLEEDS.items():
        path = output / f"leaflet-{edition}.pdf"
        width, height = TRIM[0] + bleed + spine, TRIM[1] + 2 * bleed
        with pikepdf.open(path) as pdf:
            for number, page in enumerate(pdf.pages, 1):
                left = spine if number % 2 else bleed
                found = boxes(page)
                assert found["/MediaBox"] == pytest.approx([0, 0, width, height], abs=0.01)
                assert found["/BleedBox"] == found["/MediaBox"]
                trim = [left, bleed, left + TRIM[0], bleed + TRIM[1]]
                assert found["/TrimBox"] == pytest.approx(trim, abs=0.01), number
        assert paper(path, 3) is None
        captioned = paper(path, 5)
        assert captioned is not None
        # The caption stands at the foot; the image reaches the other three edges.
        assert height - 130 - bleed < captioned[1] < height - 90 - bleed

    checked = run("check", book, output)
    assert (checked.code, checked.findings) == (0, []), checked.err
    assert run("kit", book, output).code == 0
    form = json.loads((output / "kit" / "kdp" / "form.json").read_text("utf-8"))
    assert form["bleed"] == "yes"

    (book / "styles/css").mkdir(parents=True)
    (book / "styles/css/print.css").write_text("figure.bleed img:only-child { top: 0 }\n", "utf-8")
    assert run("build", book, output).code == 0
    found = run("check", book, output).findings
    assert found == [("PRN-043", f"leaflet-{edition}.pdf", None) for edition in BLEEDS]


@pytest.mark.long
def test_a_tint_of_the_books_own_is_asked_for(book: Path, tmp_path: Path) -> None:
    output = tmp_path / "dist"
    (book / "chapter-1.md").write_text("# One\n\nA few words.\n", "utf-8")
    (book / "images/dark.png").unlink()
    tint = "@page body { background: device-cmyk(0 0 0 0.8) }\nbody { color: white }\n"
    (book / "styles/css").mkdir(parents=True)
    (book / "styles/css/print.css").write_text(tint, "utf-8")
    text = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(text.partition("[editions.stitched]")[0], "utf-8")
    assert run("build", book, output).code == 0
    with pikepdf.open(output / "leaflet-kdp.pdf") as pdf:
        assert {tuple(box["/MediaBox"]) for box in map(boxes, pdf.pages)} == {(0, 0, *TRIM)}
    found = run("check", book, output).findings
    assert {rule for rule, _, _ in found} == {"PRN-042"}

    text = (book / "book.toml").read_text("utf-8") + "bleed = true\n"
    (book / "book.toml").write_text(text, "utf-8")
    assert run("build", book, output).code == 0
    assert run("check", book, output).findings == []
