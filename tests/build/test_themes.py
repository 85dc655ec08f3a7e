"""A theme is between the built-in styles and the book's own, in print, e-book and cover."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from conftest import Run, makeready
from makeready.book.config import read_config
from makeready.book.theme_names import theme_names
from makeready.book.themes import read_theme, theme_of
from makeready.findings import Findings, SourceLocation
from makeready.templates.environment import Layouts

BookCopy = Callable[..., Path]


def with_theme(book: Path, name: str) -> Path:
    path = book / "book.toml"
    path.write_text(f'{path.read_text("utf-8")}\n[design]\ntheme = "{name}"\n', "utf-8")
    return book


def own_theme(book: Path, **files: str) -> Path:
    folder = book / "styles" / "themes" / "seaside"
    for name, text in {"theme.toml": 'summary = "Salt and sand."\n', **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return with_theme(book, "seaside")


def checked(book: Path, edition: str, output: Path) -> Run:
    return makeready("build", edition, "--book", book, "--output", output, "--json")


def found_in(book: Path) -> Findings:
    findings = Findings()
    assert read_config(book, findings) is not None
    return findings


def fonts_of(path: Path) -> set[str]:
    with pikepdf.open(path) as pdf:
        return {
            str(font.BaseFont).split("+")[-1].split("-")[0]
            for page in pdf.pages
            for font in page.obj.get("/Resources", {}).get("/Font", {}).values()
        }


def test_each_theme_says_what_it_is() -> None:
    names = theme_names()
    assert {"press", "classic"} <= set(names)
    for name in names:
        theme = read_theme(name)
        assert theme is not None
        assert theme.summary.endswith(".")


def test_the_theme_of_the_house_adds_nothing(broken_book: BookCopy) -> None:
    book = broken_book()
    plain = Layouts(book)
    named = Layouts(with_theme(book, "press"))
    for name in ("book.css", "print.css", "epub.css", "cover.css"):
        house = (plain.built_in / "css" / name).read_text("utf-8")
        assert plain.stylesheet(name) == named.stylesheet(name) == house
    assert named.data_files("measures.toml")[-1] == plain.built_in / "measures.toml"


def test_an_unknown_theme_is_told_with_the_nearest(broken_book: BookCopy) -> None:
    book = with_theme(broken_book(), "clasic")
    (finding,) = found_in(book)
    assert (finding.id, finding.location) == ("MET-043", SourceLocation("book.toml", 19))
    assert finding.hint.startswith("Did you mean “classic”?")
    assert "press" in finding.hint
    assert theme_of(book).name == "press"


def test_a_name_leads_nowhere_else(broken_book: BookCopy) -> None:
    book = with_theme(broken_book(), "../../styles")
    assert theme_of(book).name == "press"
    assert read_theme("../classic") is None


def test_the_order_of_theme_and_book(broken_book: BookCopy) -> None:
    book = own_theme(
        broken_book(),
        **{
            "css/print.css": "h1 { color: red }",
            "layouts/chapter.html.j2": "<b>of the theme</b>",
            "layouts/part.html.j2": "<b>of the theme</b>",
            "measures.toml": "",
        },
    )
    (book / "styles" / "css").mkdir()
    (book / "styles" / "css" / "print.css").write_text("h1 { color: blue }", "utf-8")
    (book / "styles" / "layouts").mkdir()
    (book / "styles" / "layouts" / "chapter.html.j2").write_text(
        '<p>{% include "theme/chapter.html.j2" %}, of the book</p>', "utf-8"
    )
    layouts = Layouts(book)
    assert "seaside" in theme_names(book)
    assert layouts.render("chapter") == "<p><b>of the theme</b>, of the book</p>"
    assert layouts.render("part") == "<b>of the theme</b>"
    rules = layouts.stylesheet("print.css")
    house = (layouts.built_in / "css" / "print.css").read_text("utf-8")
    assert rules.startswith(house)
    assert rules.index("color: red") < rules.index("color: blue")
    assert layouts.data_files("measures.toml")[-1].parent.name == "seaside"
    assert layouts.data_files("fonts.toml")[-1] == layouts.built_in / "fonts.toml"


def test_a_fault_in_a_theme_of_the_book_has_its_line(broken_book: BookCopy, tmp_path: Path) -> None:
    css = "p { color: red }\n\nh1:what { color: blue }\n"
    book = own_theme(broken_book(), **{"css/print.css": css})
    own = book / "styles" / "css"
    own.mkdir()
    (own / "print.css").write_text("\nh1 { colour: red }\n", "utf-8")
    found = checked(book, "paperback", tmp_path / "out").findings
    assert ("LAY-001", "styles/themes/seaside/css/print.css", 3) in found
    assert ("LAY-001", "styles/css/print.css", 2) in found
    (own / "print.css").unlink()
    (book / "styles" / "themes" / "seaside" / "theme.toml").write_text("sumary = 1\n", "utf-8")
    (finding,) = found_in(book)
    place = SourceLocation("styles/themes/seaside/theme.toml", 1)
    assert (finding.id, finding.location) == ("MET-044", place)


def test_a_book_in_a_theme(broken_book: BookCopy, tmp_path: Path) -> None:
    book = with_theme(broken_book(), "classic")
    run = makeready("build", "--book", book, "--output", tmp_path, "--json")
    assert all(one[0] == "LAY-007" for one in run.findings)
    pages = tmp_path / "leaflet-paperback.pdf"
    assert "Literata" in fonts_of(pages)
    assert "EBGaramond" not in fonts_of(pages)
    with pypdfium2.PdfDocument(pages) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    assert "Chapter1" in "".join(text.split())
    with zipfile.ZipFile(tmp_path / "leaflet.epub") as epub:
        rules = epub.read("EPUB/style/book.css").decode()
    assert '"Literata"' in rules


def test_the_themes_are_listed(broken_book: BookCopy) -> None:
    run = makeready("themes", "--book", own_theme(broken_book()), "--json")
    listed = {one["name"]: one for one in json.loads(run.out)}
    assert listed["seaside"] == {"name": "seaside", "summary": "Salt and sand.", "own": True}
    assert set(theme_names()) < set(listed)
    shown = makeready("themes").out
    assert "classic" in shown
    assert "seaside" not in shown


@pytest.mark.long
def test_a_book_in_every_theme_passes_its_checks(tmp_path: Path) -> None:
    for name in theme_names():
        book = tmp_path / name
        made = makeready("init", book, "--no-input", "--theme", name)
        assert made.code == 0, made.err
        run = makeready("build", "--book", book, "--output", tmp_path / f"{name}-out", "--json")
        assert all(one[0] == "LAY-007" for one in run.findings), run.out
        place = ("--book", book, "--output", tmp_path / f"{name}-out", "--json")
        assert all(one[0] == "LAY-007" for one in makeready("check", *place).findings)


@pytest.mark.long
def test_pictures_of_the_themes_are_the_same_each_time(
    broken_book: BookCopy, tmp_path: Path
) -> None:
    book = own_theme(broken_book("garden"))
    contents = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        run = makeready("themes", "--book", book, "--pictures", folder)
        assert run.code == 0, run.err
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert contents[0] == contents[1]
    assert {"seaside.png", "press.png", "index.html"} <= set(contents[0])
