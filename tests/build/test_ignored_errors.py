"""Errors that a book accepts with [[ignore]] do not keep it from being built.

What can be built is built; what cannot says so. A build that ends well has made its files.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pdf_reading import page_texts

from conftest import CACHE, Run, makeready
from makeready.external.epubcheck import run_epubcheck
from manuscript.tiny_book import PNG, write_book

CHAPTER = """\
# One

- outer1
  - inner2

link3 [file4](chapter-2.md#frost) and [empty5]() and [label6][nothing] and [bad7](javascript:x).

dead8 [own9](#nowhere) and [](#nowhere) and [page10](#nowhere){.page} end11.

[](#same){.number} is 12number.

same13
{#same}

same14
{#same}

wrong15
{#1wrong}

tags16 <blink>blink17</blink> <b>bold18 <font color="red">font19</font>

/// nonsuch
block20
///

/// caption
caption21
///

call22[^a] and call23[^undefined] and call24[^a].

[^a]: note25 text with a call[^b] inside.
[^b]: This note is not called.

![none](images/none.png) after26 ![remote](http://example.org/a.png)

![](images/a.png)

- ![bleeds](images/a.png){.bleed} item27

closed28 <<} here.

bell29 \a rings30
"""
SECOND = """\
before31

# Two {#two}

# Another32

## Frost33

/// div | foo=bar
inner34
///

The [same36]{#two}.

:::

/// verse
verse35
"""
BOOK = """\
title = "Ignored"
titel = "Ignored"
language = "en"
modified = 2026-11-01
frontmatter = ["titlepage", "toc"]
bodymatter = ["chapter-1", "chapter-2", "chapter-3"]
isbn = "no"

[[contributors]]
name = "Ann Writer"
role = "xyz"

[editions.paperback]
kind = "print"
isbn = "978"

[editions.screen]
kind = "screen"

[editions.ebook]
kind = "epub"
page_list = "hardback"
"""


def build(book: Path, output: Path, *more: str) -> Run:
    return makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json", *more)


def ignore(book: Path, ids: Iterable[str]) -> None:
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.writelines(f'\n[[ignore]]\nid = "{one}"\nreason = "It is known."\n' for one in ids)


def replace(book: Path, name: str, old: str, new: str) -> None:
    text = (book / name).read_text("utf-8")
    assert old in text
    (book / name).write_text(text.replace(old, new), "utf-8")


def errors(run: Run) -> set[str]:
    return {f["id"] for f in json.loads(run.out)["findings"] if f["severity"] == "error"}


@pytest.mark.slow
def test_a_book_full_of_accepted_errors_is_built_with_all_its_text(tmp_path: Path) -> None:
    book = write_book(
        tmp_path / "book",
        {
            "book.toml": BOOK,
            "chapter-1.md": CHAPTER,
            "chapter-2.md": SECOND,
            "chapter-3.md": "no37 title.\n",
            "images/a.png": PNG,
        },
    )
    output = tmp_path / "out"
    first = build(book, output)
    assert first.code == 1
    known = errors(first)
    assert len(known) >= 24
    ignore(book, known)
    run = build(book, output)
    assert (run.code, errors(run)) == (0, set()), run.out
    texts = {
        path.name: re.sub(r"\s+", " ", "".join(page_texts(path))) for path in output.glob("*.pdf")
    }
    with zipfile.ZipFile(output / "ignored.epub") as archive:
        documents = [name for name in archive.namelist() if name.endswith(".xhtml")]
        texts["ignored.epub"] = "".join(archive.read(name).decode() for name in documents)
    assert sorted(texts) == ["ignored-paperback.pdf", "ignored-screen.pdf", "ignored.epub"]
    words = re.findall(r"\b[a-zA-Z]+\d+\b", CHAPTER + SECOND + "no37")
    for name, text in texts.items():
        assert [word for word in words if word.lower() not in text.lower()] == [], name
    serious = [f for f in run_epubcheck(output / "ignored.epub") if f.severity == "error"]
    assert serious == []


def test_an_accepted_list_that_is_badly_indented_is_built(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    replace(book, "chapter-2.md", "The end is here.", "1. The end\n  - is here.")
    ignore(book, ["MAN-024"])
    run = build(book, tmp_path / "out", "ebook", "--no-page-list")
    assert (run.code, run.findings) == (0, []), run.out
    assert (tmp_path / "out" / "leaflet.epub").is_file()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda book: (book / "chapter-2.md").write_bytes(b"# Two\n\n\xff\n"), "MAN-010"),
        (lambda book: replace(book, "book.toml", '"generic"', '"kpd"'), "PRN-020"),
    ],
)
def test_an_error_that_leaves_nothing_to_build_cannot_be_accepted(
    change: Callable[[Path], object],
    rule: str,
    broken_book: Callable[..., Path],
    tmp_path: Path,
) -> None:
    book = broken_book()
    change(book)
    ignore(book, [rule])
    run = build(book, tmp_path / "out", "paperback")
    assert run.code == 1
    assert sorted(f[0] for f in run.findings) == sorted([rule, "MET-093"])
    assert not list((tmp_path / "out").glob("*.pdf"))


def test_a_kind_that_the_book_does_not_have_is_refused(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    toml = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(toml.split("[editions")[0] + '[editions.p]\nkind = "print"\n')
    run = build(book, tmp_path / "out", "--kind", "epub", "--kind", "screen")
    assert run.code == 2
    assert "no edition of kind epub or screen" in run.err
    assert "p (print)" in run.err
