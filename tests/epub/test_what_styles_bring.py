"""A book's own stylesheets and layouts bring their files along, or stop the e-book."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable

import pytest
from PIL import Image
from sample_book import EDITION, Epub

from makeready.book.model import Book
from makeready.book.styles_folder import built_in_styles
from makeready.checks.epub.epub import check_epub
from makeready.epub.package import assemble
from makeready.findings import Findings
from makeready.fonts import Font
from makeready.templates.environment import Layouts

pytest_plugins = ["epub_fixtures"]

OWN_CSS = """@namespace svg url(http://www.w3.org/2000/svg);
/* url(gone.png) */
@font-face { font-family: Mine; src: url("../fonts/My own.ttf") format("truetype") }
h1 { font-family: Mine; background: url(images/leaf.png), url('images/leaf.png?2') }
hr { content: "url(gone.png)"; list-style: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=) }
"""


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (3, 2)).save(buffer, "PNG")
    return buffer.getvalue()


def with_style(book: Book, name: str, text: str) -> Book:
    path = book.root / "styles" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return book


def found(book: Book) -> list[tuple[str, str, int | None, str]]:
    findings = Findings()
    assemble(book, EDITION, Layouts(book.root), (), findings=findings)
    return [(f.id, f.location.path, f.location.line, f.message) for f in findings if f.location]


@pytest.mark.slow
def test_fonts_and_images_of_a_stylesheet_are_packed(
    book: Book, fonts: tuple[Font, ...], write: Callable[[Book], Epub]
) -> None:
    with_style(book, "css/epub.css", OWN_CSS)
    (book.root / "styles/fonts").mkdir()
    shutil.copy(fonts[0].path, book.root / "styles/fonts/My own.ttf")
    (book.root / "images/leaf.png").write_bytes(png())
    assert found(book) == []
    epub = write(book)
    css = epub.files["EPUB/style/book.css"].decode()
    assert css.count('url("style-1.ttf")') == 1
    assert css.count('url("style-2.png")') == 2
    assert epub.files["EPUB/style/style-1.ttf"] == fonts[0].path.read_bytes()
    findings = Findings()
    check_epub(epub.path, findings)
    assert list(findings) == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("url(../fonts/none.ttf)", "the book's folder has no such file"),
        ("url('images/none.png')", "the book's folder has no such file"),
        ("url(https://a.example/b.png)", "the book's folder has no such file"),
        ("url(../../../../../etc/passwd)", "the book's folder has no such file"),
        ("url(#drawing)", "the book's folder has no such file"),
        ("url(images)", "the book's folder has no such file"),
        ("url(chapter-1.md)", "it is neither a font nor an image"),
    ],
)
def test_what_cannot_be_packed_is_an_error_with_its_line(book: Book, url: str, reason: str) -> None:
    (book.root / "chapter-1.md").write_text("# One\n", "utf-8")
    with_style(book, "css/epub.css", f"\np {{ margin: 0;\n background: {url} }}\n")
    ((rule, path, line, message),) = found(book)
    assert (rule, path, line) == ("EPU-015", "styles/css/epub.css", 3)
    assert reason in message


def test_a_stylesheet_cannot_load_another(book: Book) -> None:
    with_style(book, "css/other.css", "p { margin: 0 }")
    with_style(book, "css/book.css", "@import 'other.css';\n@import url(other.css) screen;\n")
    assert [f[:3] for f in found(book)] == [
        ("EPU-015", "styles/css/book.css", 1),
        ("EPU-015", "styles/css/book.css", 2),
    ]


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        ("<p>a<ul></ul></p>", "<ul> cannot be directly in <p>"),
        ('<p id="a"/><p id="a"/>', "the id “a” occurs 2 times"),
        ('<p><a href="#nowhere">a</a></p>', "“#nowhere” leads to nothing in the e-book"),
        ('<p><a href="chapter-99.xhtml">a</a></p>', "“chapter-99.xhtml” leads to nothing"),
        ('<p><img src="../images/none.png" alt="a"/></p>', "“../images/none.png” leads to"),
        ('<p style="background: url(b.png)">a</p>', "“b.png” leads to nothing in the e-book"),
    ],
)
def test_a_layout_makes_valid_documents(book: Book, new: str, problem: str) -> None:
    layout = (built_in_styles() / "layouts/colophon.html.j2").read_text("utf-8")
    end = layout.rindex("{% endblock %}")
    with_style(book, "layouts/colophon.html.j2", layout[:end] + new + layout[end:])
    ((rule, path, line, message),) = found(book)
    assert (rule, path, line) == ("EPU-016", "styles/layouts/colophon.html.j2", None)
    assert problem in message


def test_what_is_valid_in_a_layout_is_no_fault(book: Book) -> None:
    layout = (built_in_styles() / "layouts/colophon.html.j2").read_text("utf-8")
    end = layout.rindex("{% endblock %}")
    new = (
        '<p id="a b"><a href="#a%20b">a</a> <a href="https://a.example/">b</a>'
        '<a href="mailto:a@a.example">c</a> <img src="../cover.jpg" alt="d"/></p>'
    )
    with_style(book, "layouts/colophon.html.j2", layout[:end] + new + layout[end:])
    assert found(book) == []
