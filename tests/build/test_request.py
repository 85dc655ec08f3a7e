"""What is ordered of a book: its editions, and the files of a run before that are made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from makeready.book.model import Book, Edition, EditionKind, Metadata
from makeready.build.manifest import Artefact
from makeready.build.request import BuildRequest, BuildResult, file_name, print_edition_of
from makeready.errors import UsageError
from makeready.findings import Findings

PAPERBACK = Edition("paperback", EditionKind.PRINT)
HARDBACK = Edition("hardback", EditionKind.PRINT)
SCREEN = Edition("screen", EditionKind.SCREEN)
EBOOK = Edition("ebook", EditionKind.EPUB)
FILES = (
    "paperback print",
    "hardback print",
    "screen screen",
    "ebook epub",
    "ebook cover",
    "paperback wrap",
    "hardback wrap",
    "paperback guides",
    "paperback reference",
    "onix",
)
"""The edition and the kind of each file of a run before."""

WHOLE = ("paperback", "hardback", "screen", "ebook")
NO_EDITION: tuple[str, ...] = ()


def book_of(*editions: Edition) -> Book:
    metadata = Metadata("Small", "small", "en", "urn:isbn:1", "2026-11-01T00:00:00Z")
    return Book(Path("book"), metadata, (), (), editions, {}, {})


BOOK = book_of(PAPERBACK, HARDBACK, SCREEN, EBOOK)


def request(**more: object) -> BuildRequest:
    return BuildRequest(Path("book"), Path("out"), Path("cache"), **more)


def artefact(file: str) -> Artefact:
    edition, _, kind = file.rpartition(" ")
    return Artefact("a", edition, kind, None, 0, "")


@pytest.mark.parametrize(
    ("ordered", "editions", "files"),
    [
        ({}, WHOLE, FILES[:7]),
        ({"guides": True, "reference": True}, WHOLE, FILES[:9]),
        ({"editions": ("hardback",)}, ("hardback",), ("hardback print", "hardback wrap")),
        (
            {"editions": ("ebook", "hardback")},
            ("hardback", "ebook"),
            ("hardback print", "hardback wrap", "ebook epub", "ebook cover"),
        ),
        ({"kinds": ("print",)}, ("paperback", "hardback"), FILES[:2] + FILES[5:7]),
        ({"kinds": ("epub",)}, ("ebook",), ("ebook epub", "ebook cover")),
        ({"kinds": ("screen",), "editions": ("ebook",)}, ("screen", "ebook"), FILES[2:5]),
        ({"cover_only": True}, NO_EDITION, FILES[4:7]),
        ({"cover_only": True, "guides": True}, NO_EDITION, FILES[4:8]),
        ({"cover_only": True, "kinds": ("print",)}, NO_EDITION, FILES[4:7]),
    ],
)
def test_what_is_ordered(
    ordered: dict[str, object], editions: tuple[str, ...], files: tuple[str, ...]
) -> None:
    asked = request(**ordered)
    assert tuple(edition.name for edition in asked.editions_of(BOOK)) == editions
    assert {file for file in FILES if asked.has(artefact(file))} == set(files)
    assert asked.wants_cover(BOOK) is ("ebook" in editions or asked.cover_only)
    assert asked.is_whole is (editions == WHOLE)


def test_a_book_without_an_e_book_wants_no_picture_of_its_cover() -> None:
    assert not request().wants_cover(book_of(PAPERBACK, SCREEN))
    assert request(cover_only=True).wants_cover(book_of(PAPERBACK))


def test_an_edition_that_the_book_does_not_have() -> None:
    with pytest.raises(UsageError) as refused:
        request(editions=("paperback", "hardcover")).editions_of(BOOK)
    assert "“hardcover”" in refused.value.message
    assert "ebook, hardback, paperback, screen" in refused.value.hint
    assert request(editions=("x",), cover_only=True).editions_of(BOOK) == ()


def test_a_file_is_named_for_its_book_and_edition() -> None:
    assert [file_name(BOOK, edition) for edition in BOOK.editions] == [
        "small-paperback.pdf",
        "small-hardback.pdf",
        "small-screen.pdf",
        "small.epub",
    ]
    other = Edition("kindle", EditionKind.EPUB)
    two = book_of(EBOOK, other)
    assert [file_name(two, edition) for edition in (EBOOK, other)] == [
        "small-ebook.epub",
        "small-kindle.epub",
    ]


@pytest.mark.parametrize(
    ("page_list", "edition"),
    [("", PAPERBACK), ("hardback", HARDBACK), ("screen", None), ("none", None)],
)
def test_an_e_book_lists_the_pages_of_one_print_edition(
    page_list: str, edition: Edition | None
) -> None:
    ebook = Edition("ebook", EditionKind.EPUB, page_list=page_list)
    assert print_edition_of(ebook, BOOK) is edition
    assert print_edition_of(ebook, book_of(SCREEN, ebook)) is None


def test_a_run_fails_by_an_error_alone() -> None:
    findings = Findings()
    assert not BuildResult().failed
    findings.add("MET-092")
    assert not BuildResult(findings=tuple(findings)).failed
    findings.add("MAN-007")
    assert BuildResult(findings=tuple(findings)).failed


def test_paths_of_an_order_hold_in_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = request(kinds=("epub",)).absolute()
    assert (asked.book, asked.cache) == (tmp_path / "book", tmp_path / "cache")
    assert asked.kinds == ("epub",)
