"""What an edition's printer does not take is a finding with its line, and no file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_reading import letters, page_texts

from conftest import CACHE, makeready


def test_too_few_pages(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book, output = broken_book(), tmp_path / "out"
    text = (book / "book.toml").read_text("utf-8")
    for_kdp = text.replace('printer = "generic"', 'printer = "kdp"\npaper = "cream"')
    assert for_kdp != text
    (book / "book.toml").write_text(for_kdp, "utf-8")
    run = makeready(
        "build", "paperback", "--book", book, "--output", output, "--cache", CACHE, "--json"
    )
    assert run.code == 1, run.err
    assert run.findings == [("PRN-003", "leaflet-paperback.pdf", None)]
    assert not output.exists() or not list(output.iterdir())


REFUSED = """
[editions.nobody]
kind = "print"
printer = "kpd"

[editions.tiny]
kind = "print"
printer = "kdp"
paper = "cream"
trim = "3x4in"

[editions.calf]
kind = "print"
printer = "kdp"
paper = "vellum"

[editions.barnes]
kind = "print"
printer = "bnpress"
binding = "hardcover"

[editions.case]
kind = "print"
printer = "kdp"
binding = "hardcover"
paper = "cream"
trim = "5x8in"

[editions.lulu]
kind = "print"
printer = "lulu"
paper = "white"
ink = "premium-colour"

[editions.wide]
kind = "print"
printer = "generic"
inside_mm = 70
"""


def test_each_edition_is_refused_on_the_line_that_asks_for_it(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book(), tmp_path / "out"
    text = (book / "book.toml").read_text("utf-8") + REFUSED
    (book / "book.toml").write_text(text, "utf-8")
    run = makeready(
        "build", "nobody", "tiny", "calf", "barnes", "case", "lulu", "wide",
        "--book", book, "--output", output, "--cache", CACHE, "--json",
    )  # fmt: skip
    assert run.code == 1, run.err
    lines = text.splitlines()
    asked = [(rule, path, lines[(line or 0) - 1]) for rule, path, line in run.findings]
    assert asked == [
        ("PRN-020", "book.toml", 'printer = "kpd"'),
        ("PRN-020", "book.toml", 'trim = "3x4in"'),
        ("PRN-020", "book.toml", 'paper = "vellum"'),
        ("PRN-020", "book.toml", 'binding = "hardcover"'),
        ("PRN-020", "book.toml", 'trim = "5x8in"'),
        ("PRN-020", "book.toml", 'ink = "premium-colour"'),
        ("PRN-020", "book.toml", "inside_mm = 70"),
    ]
    assert not output.exists() or not list(output.iterdir())


SCREEN = '\n[editions.screen]\nkind = "screen"\n'


@pytest.mark.parametrize(
    ("printer", "is_made"),
    [
        ('printer = "kdp"', True),
        ('printer = "kdp"\npaper = "vellum"', True),
        ('printer = "kpd"', False),
    ],
)
def test_a_screen_edition_is_made_without_what_only_paper_needs(
    printer: str, is_made: bool, broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book(), tmp_path / "out"
    text = (book / "book.toml").read_text("utf-8")
    text = text.replace('printer = "generic"', printer) + SCREEN
    (book / "book.toml").write_text(text, "utf-8")
    where = ("--book", book, "--output", output, "--cache", CACHE, "--json")
    run = makeready("build", "screen", *where)
    assert [rule for rule, *_ in run.findings] == ([] if is_made else ["PRN-020"])
    assert (output / "leaflet-screen.pdf").exists() is is_made


PRINTERS = """
[editions.ingram]
kind = "print"
printer = "ingramspark"
trim = "5.5x8.5in"
paper = "cream"

[editions.lulu]
kind = "print"
printer = "lulu"
trim = "5.5x8.5in"
paper = "cream"

[editions.barnes]
kind = "print"
printer = "bnpress"
trim = "5.5x8.5in"
"""


def test_one_manuscript_for_several_printers(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book("garden"), tmp_path / "out"
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.write(PRINTERS)
    names = ("ingram", "lulu", "barnes")
    run = makeready("build", *names, "--book", book, "--output", output, "--cache", CACHE)
    assert run.code == 0, run.err
    pages = {name: page_texts(output / f"walled-garden-{name}.pdf") for name in names}
    printed = {name: len("".join(texts).split()) for name, texts in pages.items()}
    assert len(set(printed.values())) == 1
    filled = max(number for number, text in enumerate(pages["barnes"], 1) if text.strip())
    assert len(pages["barnes"]) == filled + filled % 2
    assert len(pages["ingram"]) == filled + 1 + (filled + 1) % 2
    assert pages["ingram"][-1].strip() == ""
    assert len(pages["lulu"]) % 4 == 0
    assert not "".join(pages["lulu"][filled:]).strip()
    inside_pt = min(letter.x for letter in letters(output / "walled-garden-barnes.pdf", 10))
    assert inside_pt >= 0.75 * 72


@pytest.mark.slow
def test_the_smallest_page_keeps_the_widest_margins(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book("garden"), tmp_path / "out"
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.write('[editions.tiny]\nkind = "print"\nprinter = "bnpress"\ntrim = "4x6in"\n')
    where = ("--book", book, "--output", output, "--cache", CACHE)
    assert makeready("build", "tiny", *where).code == 0
    # Long running heads, and letters that reach out of their lines, are measured too.
    found = makeready("check", *where, "--json").findings
    assert [rule for rule, path, _ in found if rule.startswith("PRN")] == []
