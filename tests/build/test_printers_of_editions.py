"""What an edition's printer does not take is a finding with its line, and no file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reading import letters, page_texts

from conftest import CACHE, makeready


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('printer = "generic"', 'printer = "kpd"', ("PRN-020", "book.toml", 13)),
        (
            'printer = "generic"',
            'printer = "kdp"\npaper = "cream"\ntrim = "3x4in"',
            ("PRN-020", "book.toml", 15),
        ),
        ('printer = "generic"', 'printer = "kdp"\npaper = "vellum"', ("PRN-020", "book.toml", 14)),
        (
            'printer = "generic"',
            'printer = "kdp"\npaper = "cream"',
            ("PRN-003", "leaflet-paperback.pdf", None),
        ),
        (
            'printer = "generic"',
            'printer = "bnpress"\nbinding = "hardcover"',
            ("PRN-020", "book.toml", 14),
        ),
        (
            'printer = "generic"',
            'printer = "kdp"\nbinding = "hardcover"\npaper = "cream"\ntrim = "5x8in"',
            ("PRN-020", "book.toml", 16),
        ),
        (
            'printer = "generic"',
            'printer = "lulu"\npaper = "white"\nink = "premium-colour"',
            ("PRN-020", "book.toml", 15),
        ),
        (
            'printer = "generic"',
            'printer = "generic"\ninside_mm = 60',
            ("PRN-020", "book.toml", 14),
        ),
        ('printer = "generic"', 'printer = "lulu"\nspine_mm = "6"', ("MET-021", "book.toml", 14)),
    ],
    ids=[
        "unknown printer",
        "trim not cut",
        "no such paper",
        "too few pages",
        "no such binding",
        "trim not cut in this binding",
        "no such ink",
        "margins that leave no room",
        "a spine that is no number",
    ],
)
def test_refused(
    old: str,
    new: str,
    expected: tuple[str, str, int | None],
    broken_book: Callable[..., Path],
    tmp_path: Path,
) -> None:
    book, output = broken_book(), tmp_path / "out"
    text = (book / "book.toml").read_text("utf-8")
    assert old in text
    (book / "book.toml").write_text(text.replace(old, new), "utf-8")
    run = makeready(
        "build", "paperback", "--book", book, "--output", output, "--cache", CACHE, "--json"
    )
    assert run.code == 1, run.err
    assert run.findings == [expected]
    assert not output.exists() or not list(output.iterdir())


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
