"""The manual as a book: its generated chapters, and its files, which pass every check."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from generated_chapters import FAMILIES, MANUAL, chapters
from tinyhtml5.parser import HTMLParser

from conftest import CACHE, makeready
from makeready.findings import Findings, Severity, rules_by_id
from makeready.manuscript.reader import read_book
from verapdf_program import path_with_verapdf

_GENERATED = chapters()


@pytest.mark.parametrize("path", _GENERATED)
def test_a_generated_chapter_is_up_to_date(path: str) -> None:
    text = (MANUAL / path).read_text("utf-8")
    assert text == _GENERATED[path], "run .venv/bin/python tests/manual/generated_chapters.py"


def test_every_finding_is_explained_once() -> None:
    texts = [text for path, text in _GENERATED.items() if path.startswith("findings/")]
    explained = [name for text in texts for name in re.findall(r"^## (\S+)$", text, re.MULTILINE)]
    assert sorted(explained) == sorted(rules_by_id())
    assert len(texts) == len(FAMILIES)


def test_the_manual_is_read_without_a_warning() -> None:
    findings = Findings()
    assert read_book(MANUAL, findings) is not None
    assert [f"{f.location}: {f.message}" for f in findings if f.severity is not Severity.NOTE] == []


@pytest.mark.long
def test_the_manual_passes_every_check(manual: Path, tmp_path: Path) -> None:
    path = path_with_verapdf(tmp_path)
    place = ("--book", MANUAL, "--output", manual, "--cache", CACHE)
    run = makeready("check", "--strict", *place, PATH=path)
    assert run.code == 0, run.out + run.err
    screen = manual / "makeready-manual-screen.pdf"
    single = makeready("check", screen, "--cache", CACHE, PATH=path)
    assert single.code == 0, single.out + single.err
    with pikepdf.open(screen) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.long
def test_the_manual_builds_without_a_warning_and_its_site_is_valid(tmp_path: Path) -> None:
    place = ("--book", MANUAL, "--output", tmp_path, "--cache", CACHE, "--strict")
    run = makeready("build", *place)
    assert run.code == 0, run.out + run.err
    assert makeready("site", *place).code == 0
    pages = list((tmp_path / "site").glob("*.html"))
    assert len(pages) > len(_GENERATED)
    for page in pages:
        parser = HTMLParser()
        parser.parse(page.read_text("utf-8"))
        assert parser.errors == [], page.name


@pytest.mark.long
def test_a_book_is_made_with_the_styles_of_the_manual(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book("garden")
    text = (MANUAL / "styles.md").read_text("utf-8")
    examples = re.findall(
        r'^```\w+ title="(styles/[^"]+)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL
    )
    assert len(examples) == 7
    for name, content in examples:
        # That of the fonts is a part of the built-in file.
        if name != "styles/fonts.toml":
            (book / name).parent.mkdir(parents=True, exist_ok=True)
            (book / name).write_text(content, "utf-8")
    place = ("--book", book, "--output", tmp_path / "dist", "--cache", CACHE)
    assert makeready("build", *place).code == 0
