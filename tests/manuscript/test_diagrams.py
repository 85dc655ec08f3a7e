"""Diagrams in fences: drawn by a program of the user's, safely, or left as their source."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from diagram_programs import DRAWING, SVG, install
from lxml import etree
from tiny_book import TOML, read, reported, write_book

from makeready.book.model import Book
from makeready.external import diagrams
from makeready.external.diagrams import PROGRAMS, DiagramError, draw_diagram
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections

ONE = "chapter-1.md"
DESCRIBED = '```dot {#fig-seed caption="The seed" alt="A seed"}\ndigraph { seed }\n```'


def _read(root: Path, text: str) -> tuple[Book, list[tuple[str, int | None]]]:
    book, found = read(root / "book", {ONE: f"# One\n\n{text}\n"})
    assert book is not None
    return book, [(rule, line) for rule, _, line in found]


def _image(book: Book) -> etree._Element:
    (image,) = book.section("chapter-1").tree.iter("img")
    return image


@pytest.mark.parametrize(
    "text",
    [
        DESCRIBED,
        '```{dot}\n//| label: fig-seed\n//| fig-cap: "The seed"\n//| fig-alt: A seed\n'
        "digraph { seed }\n```",
        "```{graphviz}\n:caption: The seed\n:alt: A seed\n:name: fig-seed\n\ndigraph { seed }\n```",
        '~~~ {.graphviz #fig-seed title="The seed" alt="A seed"}\ndigraph { seed }\n~~~',
    ],
)
def test_a_diagram_is_a_figure(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = install(tmp_path, monkeypatch)
    book, found = _read(tmp_path, f"{text}\n\nAs in @fig-seed.")
    assert found == []
    image = _image(book)
    figure = image.getparent()
    assert figure is not None
    assert (figure.tag, figure.get("id"), image.get("alt")) == ("figure", "fig-seed", "A seed")
    assert "".join(map(str, figure.itertext())) == "Figure\xa01. The seed"
    (resource,) = book.resources
    assert resource.path == image.get("src")
    assert b">seed</text>" in resource.content
    assert ast.literal_eval(calls.read_text())[0].strip() == "digraph { seed }"


def test_a_caption_describes_a_diagram_and_words_in_it_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch)
    book, found = _read(tmp_path, '```dot caption="The seed"\ndigraph { seed }\n```')
    assert (_image(book).get("alt"), found) == ("The seed", [])
    book, found = _read(tmp_path, "```dot\ndigraph { seed }\n```")
    assert (_image(book).get("alt"), found) == (None, [("IMG-016", 3)])
    body = f"open('drawing.svg', 'w').write({SVG!r})"
    install(tmp_path, monkeypatch, "mmdc", "--version", body)
    book, found = _read(tmp_path, "```mermaid\nflowchart LR\n  accDescr: From A\n  A --> B\n```")
    assert (_image(book).get("alt"), found) == ("From A", [])


@pytest.mark.parametrize(
    "text",
    [
        "```dot eval=false\ndigraph { seed }\n```",
        "```{dot}\n//| eval: false\ndigraph { seed }\n```",
        "```dot {.numberLines}\ndigraph { seed }\n```",
        '```dot {#lst-seed title="The seed"}\ndigraph { seed }\n```',
        "    digraph { seed }",
        "```python\nprint()\n```",
    ],
)
def test_what_is_to_be_shown_is_not_drawn(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = install(tmp_path, monkeypatch)
    book, _ = _read(tmp_path, text)
    assert len(list(book.section("chapter-1").tree.iter("pre"))) == 1
    assert not calls.exists()


def test_without_the_program_the_source_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    findings = Findings()
    text = f"# One\n\n{DESCRIBED}\n\nAs in @fig-seed.\n"
    book = read_book(write_book(tmp_path / "book", {ONE: text}), findings)
    assert reported(findings) == [("IMG-014", ONE, 3)]
    (finding,) = findings
    assert "Graphviz (`dot`) is not installed" in finding.message
    assert "graphviz" in finding.hint
    assert book is not None
    (figure,) = book.section("chapter-1").tree.iter("figure")
    assert figure.get("id") == "fig-seed"
    assert [child.tag for child in figure] == ["pre", "figcaption"]
    assert "".join(map(str, figure.itertext())) == "digraph { seed }Figure\xa01. The seed"


def test_a_wrong_diagram_is_told_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch)
    book, found = _read(tmp_path, '```dot caption="x"\ndigraph {\nwrong }\n```')
    assert found == [("IMG-015", 5)]
    assert "wrong" in "".join(map(str, book.section("chapter-1").tree.itertext()))


@pytest.mark.parametrize("drawing", ["", "no drawing", "<svg><script/></svg>"])
def test_a_drawing_that_is_none_is_refused(
    drawing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, body=f"print({drawing!r})")
    _, found = _read(tmp_path, '```dot caption="x"\ndigraph { a }\n```')
    assert found == [("IMG-015", 3)]


def test_a_program_sees_nothing_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "x")
    body = "import socket\ntry:\n    socket.socket()\nexcept OSError:\n    print('<svg ', end='')\n"
    calls = install(tmp_path, monkeypatch, body=f"{body}print({SVG!r}[5:])")
    drawing = draw_diagram(PROGRAMS["dot"], "digraph { a }")
    _, files, variables = ast.literal_eval(calls.read_text())
    assert not set(variables) & {"SECRET", "USER", "FONTCONFIG_FILE"}
    assert {"SERVER_NAME", "PLANTUML_SECURITY_PROFILE"} <= set(variables)
    assert files == ["browser.json", "mermaid.json"]
    assert drawing.startswith(b"<svg ")


def test_a_program_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagrams, "_SECONDS", 1)
    body = "import subprocess\nsubprocess.run([sys.executable, '-c', 'while True: pass'])"
    calls = install(tmp_path, monkeypatch, body=body)
    start = time.monotonic()
    fence = '```dot caption="x"\ndigraph { a }\n```\n\n'
    _, found = _read(tmp_path, 4 * fence)
    assert [rule for rule, _ in found] == 4 * ["IMG-015"]
    # The program is not asked for more than two that take too long.
    assert len(calls.read_text().splitlines()) == 2
    assert time.monotonic() - start < 10


def test_too_much_output_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, body="while True: print('<' * 1_000_000)")
    with pytest.raises(DiagramError):
        draw_diagram(PROGRAMS["dot"], "digraph { a }")


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("dot", 'digraph { a [image="/etc/hostname"] }'),
        ("dot", 'digraph { a ["im"+"a\\\nge"="/etc/hostname"] }'),
        ("dot", 'digraph { a [label=<"> shapefile="x" b=<">] }'),
        ("dot", "digraph { a [label=<a<!-- < -->> image=x] }"),
        ("dot", 'digraph { a [label=<<table><tr><td><IMG SRC="x"/></td></tr></table>>] }'),
        ("plantuml", "!include /etc/hostname\nA -> B"),
        ("plantuml", "  ! includeurl x\nA -> B"),
        ("plantuml", "A -> B : <img:/etc/hostname>"),
        ("plantuml", 'A -> B : %getenv("HOME")'),
        ("d2", "x: @/etc/y"),
        ("d2", "x: {...@y}"),
        ("d2", "x.icon: /etc/hostname"),
        ("mermaid", "x" * 100_001),
    ],
)
def test_a_diagram_reads_no_file(
    language: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = PROGRAMS[language]
    calls = install(tmp_path, monkeypatch, program.command, program.version_option, DRAWING)
    with pytest.raises(DiagramError):
        draw_diagram(program, source)
    assert not calls.exists()


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("dot", 'digraph { a [label="image = x", URL="#x"]; /* image=x */ image -> "<img>" }'),
        ("dot", "digraph {\n// it's image=x\n# image=x\na [label=<<b>image</b> = 1>] }"),
        ("plantuml", "!include <C4/C4_Container>\n!theme plain\nA -> B : !include x"),
        ("d2", 'a: me@example.org\nb: "@x"\nicon -> c'),
    ],
)
def test_a_diagram_that_speaks_of_files_is_drawn(
    language: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = PROGRAMS[language]
    install(tmp_path, monkeypatch, program.command, program.version_option, DRAWING)
    assert draw_diagram(program, source).strip() == SVG.encode()


@pytest.mark.parametrize("sign", ["<", '"a"+', "<!--", "/*", '"\\', '"', "!include ", "\n    "])
def test_a_long_diagram_is_looked_through_quickly(sign: str) -> None:
    start = time.monotonic()
    for language in ("dot", "plantuml", "d2"):
        PROGRAMS[language].file_read(sign * (100_000 // len(sign)))
    assert time.monotonic() - start < 2


def test_a_drawing_has_no_transparency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 400 200" '
        'style="max-width: 400px; opacity: .9"><style>.a { fill: rgba(1, 2, 3, 0.5); '
        'fill-opacity: 0; opacity: 0 }</style><rect class="a" width="9" height="9" '
        'stroke="transparent" fill-opacity="0.5" stroke-opacity="0"/></svg>'
    )
    install(tmp_path, monkeypatch, body=f"print({drawing!r})")
    book, _ = _read(tmp_path, DESCRIBED)
    (resource,) = book.resources
    root = etree.fromstring(resource.content)
    assert (root.get("width"), root.get("height")) == ("300.00pt", "150.00pt")
    text = resource.content.decode()
    assert "rgb(1, 2, 3)" in text
    assert "rgba" not in text
    assert "transparent" not in text
    assert {one for one in text.replace(" ", "").split("opacity:")[1:] if one[0] != "1"} == set()
    assert root.find("{*}rect").attrib.items() == [  # type: ignore[union-attr]
        *[("class", "a"), ("width", "9"), ("height", "9"), ("stroke", "none")],
    ]


def test_what_is_drawn_is_kept_until_the_program_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = install(tmp_path, monkeypatch)
    root = write_book(tmp_path / "book", {"book.toml": TOML, ONE: f"# One\n\n{DESCRIBED}\n"})

    def drawn() -> int:
        diagrams._version.cache_clear()
        book = read_book(root, Findings(), unchanged_sections=UnchangedSections(tmp_path / "cache"))
        assert book is not None
        assert len(book.resources) == 1
        return len(calls.read_text().splitlines())

    assert drawn() == 1
    assert drawn() == 1
    # Another text around the same diagram.
    root.joinpath(ONE).write_text(f"# One\n\nMore.\n\n{DESCRIBED}\n")
    assert drawn() == 1
    program = tmp_path / "programs" / "dot"
    program.write_text(program.read_text().replace("version 1", "version 2"))
    assert drawn() == 2
    program.unlink()
    diagrams._version.cache_clear()
    findings = Findings()
    read_book(root, findings, unchanged_sections=UnchangedSections(tmp_path / "cache"))
    assert reported(findings) == [("IMG-014", ONE, 5)]
