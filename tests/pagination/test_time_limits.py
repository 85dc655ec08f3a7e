"""Findings of pagination that fails: too many pages, no convergence, a section that fails."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from typeset_fixtures import TypesetBook

from conftest import BOOKS
from makeready.build.job import terminated_result
from makeready.build.request import BuildRequest
from makeready.engine.section_job import SectionJob
from makeready.findings import SourceLocation
from makeready.printers.profile import Profile
from makeready.workers.progress import Step
from makeready.workers.supervisor import Terminated

Reported = list[tuple[str, SourceLocation | None]]
BOOK_FILE = SourceLocation("book.toml")
EDITION = SourceLocation("book.toml", 11)
"""The line of the leaflet's paperback."""

FOR_KDP = 'printer = "kdp"\npaper = "cream"'


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fragments")


def paginated(folder: Path, store: Path) -> tuple[int, Reported]:
    """Return the page count of a book's paperback, and the ids and locations of its findings."""
    typeset_book = TypesetBook(folder, store)
    imposition = typeset_book.paginate("paperback").solution.imposition
    return imposition.page_count, [(f.id, f.location) for f in typeset_book.findings]


def test_more_pages_than_the_printer_binds(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, reported = paginated(BOOKS / "leaflet", store)
    assert reported == []
    for most, expected in ((pages, []), (pages - 1, [("PRN-021", EDITION)])):
        monkeypatch.setattr(Profile, "maximum_pages", lambda *_, most=most: most)
        assert paginated(BOOKS / "leaflet", store) == (pages, expected)


@pytest.mark.parametrize(("chapters", "is_filled"), [(6, False), (7, True)])
def test_fewer_pages_than_the_printer_binds(
    broken_book: Callable[..., Path], store: Path, chapters: int, *, is_filled: bool
) -> None:
    book = broken_book()
    names = [f"chapter-{number}" for number in range(1, chapters + 1)]
    for name in names:
        (book / f"{name}.md").write_text("# A chapter\n\nOf one page.\n", "utf-8")
    listing = (book / "book.toml").read_text("utf-8")
    listing = listing.replace('printer = "generic"', FOR_KDP)
    listing = listing.replace('["chapter-1", "chapter-2"]', str(names).replace("'", '"'))
    (book / "book.toml").write_text(listing, "utf-8")
    line = listing.splitlines().index("[editions.paperback]") + 1
    reported = [("PRN-067", SourceLocation("book.toml", line))] if is_filled else []
    assert paginated(book, store) == (24 if is_filled else 14, reported)


def test_a_gutter_that_never_converges(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("makeready.pagination.gutter.MOST_ROUNDS", 2)
    wider = count(40)
    monkeypatch.setattr(Profile, "gutter_pt", lambda *_: float(next(wider)))
    assert paginated(BOOKS / "leaflet", store)[1] == [("LAY-008", EDITION)]


def test_page_numbers_that_never_converge(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = count()
    monkeypatch.setattr("makeready.pagination.fixed_point._MOST_ROUNDS", 2)
    monkeypatch.setattr(
        "makeready.pagination.fixed_point.section_key", lambda *_: f"{next(keys):064x}"
    )
    assert paginated(BOOKS / "leaflet", store)[1] == [("LAY-002", BOOK_FILE)]


def test_a_section_the_engine_fails_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typeset_book = TypesetBook(BOOKS / "leaflet", tmp_path)
    # The engine is imported only after fontconfig is sealed.
    from makeready.pagination import worker  # noqa: PLC0415
    from makeready.pagination.fixed_point import SectionFailedError  # noqa: PLC0415

    render_section = worker.render_section

    def render_or_fail(typesetter: object, section_job: SectionJob) -> object:
        if section_job.name == "chapter-2":
            raise ArithmeticError("no such line")
        return render_section(typesetter, section_job)

    monkeypatch.setattr(worker, "render_section", render_or_fail)
    with pytest.raises(SectionFailedError):
        typeset_book.interior()
    (reported,) = typeset_book.findings
    assert (reported.id, reported.location) == ("LAY-010", SourceLocation("chapter-2.md"))
    assert "ArithmeticError: no such line" in reported.message


@pytest.mark.parametrize(
    ("terminated", "rule"),
    [
        (Terminated(Step("Typesetting", "chapter-1"), reason="the process ended"), "LAY-010"),
        (Terminated(Step("Typesetting", "chapter-1"), seconds=3), "LAY-009"),
    ],
)
def test_a_run_that_is_terminated_in_a_section(
    tmp_path: Path, terminated: Terminated, rule: str
) -> None:
    outcome = terminated_result(BuildRequest(BOOKS / "leaflet", tmp_path, tmp_path), terminated)
    assert outcome.failed
    reported = [(f.id, f.location) for f in outcome.findings]
    assert reported == [(rule, SourceLocation("chapter-1.md"))]


def test_a_font_that_does_not_exist(broken_book: Callable[..., Path], store: Path) -> None:
    book = broken_book()
    (book / "chapter-2.md").write_text("# A chapter\n\nOf *one* page.\n", "utf-8")
    own = book / "styles" / "css" / "print.css"
    own.parent.mkdir(parents=True)
    own.write_text("p em { font-weight: 900 }", "utf-8")
    typeset_book = TypesetBook(book, store)
    typeset_book.interior()
    reported = [(f.id, f.location) for f in typeset_book.findings]
    assert reported == [("LAY-004", SourceLocation("chapter-2.md", 3))]
