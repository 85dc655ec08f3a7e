"""The manual: its examples are read without a finding, and its commands and links exist.

An example of Markdown is read as a chapter. If a block of HTML follows it, with nothing but a line
of text between the two, that is what ``makeready html`` prints of it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import click
import pytest
from form_pictures import WORKS, Pictured, pictured_examples
from generated_books import png
from markdown_it import MarkdownIt
from markdown_it.token import Token

from conftest import ROOT
from makeready.book.config import read_config
from makeready.book.styles_folder import built_in_styles
from makeready.build.batch import read_catalogue
from makeready.cli.main import makeready as command_line
from makeready.findings import Findings, Severity
from makeready.fonts.declaration import read_declaration
from makeready.manuscript.reader import read_book
from makeready.manuscript.xhtml import xhtml_of_text

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "manual").rglob("*.md")),
]
MANUAL = ROOT / "docs" / "manual"
BOOK = """title = "The Walled Garden"
language = "en-GB"
modified = 2026-11-01
bodymatter = ["chapter-1"]
"""
FILES = {
    "code/seed.rs": "fn main() {\n// ANCHOR: sowing\n    sow();\n// ANCHOR_END: sowing\n}\n",
    "code/seed.rb": "puts 'seed'\n",
    "parts/seeds.md": "Seeds\n\nare sown\nin spring.\n\nAll of them.\n",
    "_part.md": "A part.\n",
    "references.bib": WORKS,
    "data/pots.csv": "Pot,Litres\n54,0.3\n",
}
"""The files that examples include or cite."""

NO_PROGRAM = "IMG-014"
"""The finding that the program for a diagram is not installed here."""

LINES_BETWEEN = 4
_IMAGE = re.compile(r"(?<=[(\"} ])[\w/-]+\.(?:png|jpe?g|svg)(?=[)\" \n])")
_COMMAND = re.compile(r"(?:\.venv/bin/)?makeready (.+)")
_TARGET = re.compile(r"make(?: ([a-z][a-z-]*))?(?: [A-Z]+=.*)?(?: +#.*)?")
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>'


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block of a page: its language, text and line; and the block that follows it."""

    page: Path
    line: int
    language: str
    text: str
    result: str | None = None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def _examples(*languages: str) -> list[Example]:
    found = []
    for page in PAGES:
        fences = [token for token in _tokens(page) if token.type == "fence"]
        for token, following in zip_longest(fences, fences[1:]):
            assert token.map is not None
            result = None
            if following is not None and following.info == "html":
                assert following.map is not None
                if following.map[0] - token.map[1] < LINES_BETWEEN:
                    result = following.content
            # The files of a book's own styles are tried in a book.
            is_style = 'title="styles/' in token.info
            language = "style" if is_style else token.info.partition(" ")[0]
            if language in languages:
                line = token.map[0] + 2
                found.append(Example(page, line, language, token.content, result))
    return found


def _code(page: Path) -> list[str]:
    """Return the code in the lines of a page."""
    return [
        child.content.strip()
        for token in _tokens(page)
        for child in token.children or []
        if child.type == "code_inline"
    ]


def _normal(body: str) -> str:
    text = re.sub(r' data-line="\d+"', "", body)
    return re.sub(r"\s+", " ", re.sub(r"\s*(</?[^>]*>)\s*", r"\1", text)).strip()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a book with the images and files that the examples name."""
    folder = tmp_path_factory.mktemp("book")
    cited = '[citations]\nsources = ["references.bib"]\n'
    (folder / "book.toml").write_text(f"{BOOK}{cited}", "utf-8")
    for example in _examples("markdown"):
        for name in _IMAGE.findall(example.text):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_SVG.encode() if path.suffix == ".svg" else png())
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("example", _examples("markdown"), ids=str)
def test_an_example_is_read_without_an_error(example: Example, book: Path) -> None:
    text = example.text if example.text.startswith(("# ", "---\n", "+++\n")) else ""
    (book / "chapter-1.md").write_text(text or f"# Title\n\n{example.text}", "utf-8")
    findings = Findings()
    assert read_book(book, findings) is not None
    wrong = [
        f"{finding.location}: {finding.message}"
        for finding in findings
        if finding.location and finding.location.path == "chapter-1.md"
        if finding.severity is not Severity.NOTE and finding.id != NO_PROGRAM
    ]
    assert wrong == []


@pytest.mark.parametrize("example", [e for e in _examples("markdown") if e.result], ids=str)
def test_an_example_gives_what_the_page_shows(example: Example, book: Path) -> None:
    path = book / "example.md"
    document = xhtml_of_text(example.text.encode(), path, "en", Findings())
    assert document is not None
    body = document.decode().partition("<body>")[2].partition("</body>")[0]
    assert _normal(body) == _normal(example.result or "")


@pytest.mark.parametrize("example", _examples("toml"), ids=str)
def test_an_example_of_toml_is_accepted(example: Example, tmp_path: Path) -> None:
    if "[[title]]" in example.text:
        (tmp_path / "titles.toml").write_text(example.text, "utf-8")
        for name in ("garden", "river"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "book.toml").write_text(BOOK, "utf-8")
        assert read_catalogue(tmp_path / "titles.toml")
        return
    if re.search(r"^\[(roles|scripts|\[family\])", example.text, re.MULTILINE):
        (tmp_path / "fonts.toml").write_text(example.text, "utf-8")
        assert read_declaration((built_in_styles() / "fonts.toml", tmp_path / "fonts.toml"))
        return
    given = {line.partition("=")[0].strip() for line in example.text.splitlines() if "=" in line}
    lines = [line for line in BOOK.splitlines() if line.partition("=")[0].strip() not in given]
    (tmp_path / "book.toml").write_text("\n".join([*lines, example.text]), "utf-8")
    findings = Findings()
    assert read_config(tmp_path, findings) is not None
    # An example shows some keys of a table, and not those that it must have.
    assert not [f for f in findings if f.severity is not Severity.NOTE and f.id != "MET-006"]


def _commands(page: Path) -> list[str]:
    blocks = [e.text for e in _examples("sh") if e.page == page]
    return [*_code(page), *(line.strip() for block in blocks for line in block.splitlines())]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_exists_with_its_options(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for text in _commands(page):
        if (found := _COMMAND.fullmatch(text)) and not text.endswith("…"):
            name, *arguments = shlex.split(found[1], comments=True)
            if name.startswith("--"):
                assert name in {option for p in command_line.params for option in p.opts}, text
                continue
            command = command_line.commands[name]
            known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
            given = {a.partition("=")[0] for a in arguments if a.startswith("--")}
            assert given <= known | {"--help"}, text
            assert any(isinstance(p, click.Argument) for p in command.params) or not [
                a for a in arguments[:1] if not a.startswith("-")
            ], text
        elif found := _TARGET.fullmatch(text):
            assert found[1] is None or found[1] in targets, text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_to_a_page_and_its_heading(page: Path) -> None:
    addresses = [
        str(child.attrs.get("href") or child.attrs.get("src"))
        for token in _tokens(page)
        for child in token.children or []
        if child.type in {"link_open", "image"}
    ]
    for address in addresses:
        if address.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, heading = address.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), address
        assert not heading or heading in _heading_ids(target), address


def _heading_ids(page: Path) -> set[str]:
    tokens = _tokens(page)
    headings = [
        tokens[index + 1].content for index, t in enumerate(tokens) if t.type == "heading_open"
    ]
    return {
        re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", text)).lower().replace(" ", "-")
        for text in headings
    }


def test_every_page_of_the_manual_is_a_chapter_and_listed() -> None:
    book = (MANUAL / "book.toml").read_text("utf-8")
    listed = (MANUAL / "README.md").read_text("utf-8")
    pages = [page.relative_to(MANUAL).as_posix() for page in MANUAL.rglob("*.md")]
    pages.remove("README.md")
    assert [page for page in pages if f'"{page}"' not in book] == []
    assert [page for page in pages if f"({page})" not in listed] == []


@pytest.mark.parametrize(
    "example", list(pictured_examples()), ids=lambda example: example.path.stem
)
def test_a_picture_is_that_of_its_example(example: Pictured) -> None:
    assert example.is_current(), "run .venv/bin/python tests/manual/form_pictures.py"


def test_each_form_has_a_picture_and_each_picture_its_form() -> None:
    shown = {example.path for example in pictured_examples()}
    assert shown == {*(MANUAL / "images" / "forms").iterdir()}
    pictured = {path.name.rpartition("-")[0] for path in shown}
    forms = {page.stem for page in (MANUAL / "forms").glob("*.md")}
    assert forms == pictured
