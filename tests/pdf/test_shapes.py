"""Books of several shapes, each compared with the engine's own file of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reference_rendering import assert_interior_is_reference, assert_screen_is_reference
from typeset_fixtures import TypesetBook

_SENTENCE = "What is told here is told at some length, so that it fills the lines of a page. "
_CHAPTER = """\
# The {name}

See [](#{other}) [on](#{other}){{.page}}, [](#map-{n}) [on](#map-{n}){{.page}} and the preface
[on](#preface){{.page}}.[^a]

{text}

## A part of it {{#part-{n}}}

{text}[^b]

![A map](images/map.png "Map {n}"){{#map-{n}}}

{text}

[^a]: The first note of the {name}, with a word [on](#part-{n}){{.page}}.
[^b]: The second one.
"""


def write_book(folder: Path, chapters_open: str) -> Path:
    """Write a book of three chapters that refer to one another, and to Roman numerals."""
    names = ["chapter-1", "chapter-2", "chapter-3"]
    (folder / "images").mkdir(parents=True)
    Image.new("L", (1200, 500), 160).save(folder / "images" / "map.png")
    (folder / "book.toml").write_text(
        'title = "Shapes"\nlanguage = "en"\nmodified = 2026-01-01\n'
        f'frontmatter = ["titlepage", "toc", "preface"]\nbodymatter = {names}\n'.replace("'", '"')
        + '[[contributors]]\nname = "A"\n'
        '[editions.paperback]\nkind = "print"\nprinter = "generic"\ntrim = "4.5x6in"\n'
        f'chapters_open = "{chapters_open}"\n'
        '[editions.screen]\nkind = "screen"\ntrim = "4.5x6in"\n',
        "utf-8",
    )
    (folder / "preface.md").write_text(f"# Preface\n\n{_SENTENCE * 20}\n", "utf-8")
    for n, name in enumerate(names, 1):
        other = names[n % len(names)]
        text = _SENTENCE * (9 + 4 * n)
        (folder / f"{name}.md").write_text(
            _CHAPTER.format(name=name, other=other, n=n, text=text), "utf-8"
        )
    return folder


def as_it_is(_: Path) -> None:
    """Change nothing."""


def proportional_figures(folder: Path) -> None:
    """Set page numbers in figures of unequal widths, which cannot be swapped in place.

    Where pages are numbered in Roman numerals, they show Arabic ones all the same.
    """
    css = folder / "styles" / "css"
    css.mkdir(parents=True)
    (css / "print.css").write_text(
        ".page-number, .entry-page { font-variant-numeric: oldstyle-nums proportional-nums }\n"
        "@page front { @bottom-center { content: counter(page) } }\n"
        "@page body { @bottom-center { content: counter(page); font-variant-numeric: "
        "proportional-nums } }\n",
        "utf-8",
    )


def coloured_numbers(folder: Path) -> None:
    """Set page numbers in a colour, which is rewritten for the press."""
    css = folder / "styles" / "css"
    css.mkdir(parents=True)
    (css / "print.css").write_text(".page-number { color: #733 }\n", "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "chapters_open"),
    [
        pytest.param(as_it_is, "any", marks=pytest.mark.long),
        (proportional_figures, "recto"),
        pytest.param(coloured_numbers, "any", marks=pytest.mark.long),
    ],
)
def test_every_shape_is_the_same_as_the_reference(
    change: Callable[[Path], None], chapters_open: str, tmp_path: Path
) -> None:
    folder = write_book(tmp_path / "book", chapters_open)
    change(folder)
    typeset_book = TypesetBook(folder, tmp_path / "store")
    assert_screen_is_reference(typeset_book)
    if change is not coloured_numbers:
        # The reference is not made black for the press: a grey is another grey.
        assert_interior_is_reference(typeset_book)
    assert not typeset_book.findings.errors


@pytest.mark.parametrize("trim", ["148x210mm", "4.37x7in", "6x9in"])
def test_a_title_page_with_a_publisher_is_one_page(trim: str, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(
        'title = "The Ledger"\nsubtitle = "Of no river"\nlanguage = "en"\nmodified = 2026-01-01\n'
        'publisher = "The Press"\nfrontmatter = ["titlepage"]\nbodymatter = ["chapter-1"]\n'
        '[[contributors]]\nname = "A"\n'
        f'[editions.paperback]\nkind = "print"\nprinter = "generic"\ntrim = "{trim}"\n',
        "utf-8",
    )
    (tmp_path / "chapter-1.md").write_text(f"# One\n\n{_SENTENCE}\n", "utf-8")
    typeset_book = TypesetBook(tmp_path, tmp_path / "store")
    typeset_book.interior()
    solution = typeset_book.paginate("paperback").solution
    assert solution.fragments["titlepage"].page_count == 1


@pytest.mark.slow
def test_a_book_of_many_short_chapters_can_be_read(tmp_path: Path) -> None:
    names = [f"chapter-{n}" for n in range(1, 41)]
    (tmp_path / "book.toml").write_text(
        f'title = "Short"\nlanguage = "en"\nmodified = 2026-01-01\nbodymatter = {names}\n'.replace(
            "'", '"'
        )
        + '[[contributors]]\nname = "A"\n[editions.screen]\nkind = "screen"\n',
        "utf-8",
    )
    for name in names:
        (tmp_path / f"{name}.md").write_text("# I\n\nO.\n", "utf-8")
    content = TypesetBook(tmp_path, tmp_path / "store").screen()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == len(names) + 1
