"""Numbers of chapters and pages in the words of a language, in titles and references."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import TOML, read

from makeready.book.model import PageMap
from makeready.templates.references import label_of, paged_resolver


@pytest.mark.parametrize(
    ("language", "title", "number", "rest"),
    [
        ("zh", "第3章 山", 3, "山"),
        ("zh", "第二十三章:山", 23, "山"),
        ("ja", "第十章　山", 10, "山"),
        ("ja", "第百二十三章　山", 123, "山"),
        ("zh", "第一百零五章:山", 105, "山"),
        ("zh", "第一百二十章:山", 120, "山"),
        ("zh", "第二千零九章:山", 2009, "山"),
        ("ko", "제2장 산", 2, "산"),
        ("hu", "3. fejezet: A hegy", 3, "A hegy"),
        ("kk", "3-тарау. Тау", 3, "Тау"),
    ],
)
def test_the_number_in_a_title_is_that_of_its_chapter(
    language: str, title: str, number: int, rest: str, tmp_path: Path
) -> None:
    toml = TOML.replace('"en"', f'"{language}"')
    book, _ = read(tmp_path, {"book.toml": toml, "chapter-1.md": f"# {title}\n\n山.\n"})
    assert book is not None
    section = book.section("chapter-1")
    assert (section.number, section.title) == (number, rest)
    assert str(number) in label_of(book, book.anchors["chapter-1"])


@pytest.mark.parametrize(
    ("language", "reference", "shown"),
    [
        ("ru", "[](#chapter-1){.page}", "страница~7"),
        ("ru", "[на странице](#chapter-1){.page}", "на странице~7"),
        ("ru", "[см. с.](#chapter-1){.page}", "см. с.~7"),
        ("en", "[on](#chapter-1){.page}", "on page~7"),
        ("hu", "[](#chapter-1){.page}", "7.~oldal"),
        ("ja", "[](#chapter-1){.page}", "7ページ"),
    ],
)
def test_a_reference_to_a_page_keeps_the_word_of_its_sentence(
    language: str, reference: str, shown: str, tmp_path: Path
) -> None:
    toml = TOML.replace('"en"', f'"{language}"')
    book, found = read(tmp_path, {"book.toml": toml, "chapter-1.md": f"# T\n\n{reference}\n"})
    assert book is not None
    assert found == []
    (link,) = book.section("chapter-1").tree.iter("a")
    paged_resolver(book, PageMap({"chapter-1": "7"}))(link)
    assert "".join(link.itertext()).replace("\u00a0", "~") == shown
