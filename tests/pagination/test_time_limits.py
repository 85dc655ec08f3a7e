"""What never comes to rest, and what a printer cannot bind, is told; and nothing is that can."""

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

Told = list[tuple[str, SourceLocation | None]]
TOP = SourceLocation("book.toml")
FOR_KDP = 'printer = "kdp"\npaper = "cream"'


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fragments")


def paginated(folder: Path, store: Path) -> tuple[int, Told]:
    """Return how many pages the paperback of a book has, and what is told of it."""
    typeset_book = TypesetBook(folder, store)
    imposition = typeset_book.paginate("paperback").solution.imposition
    return imposition.page_count, [(f.id, f.location) for f in typeset_book.findings]


def test_more_pages_than_are_bound(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, told = paginated(BOOKS / "leaflet", store)
    assert told == []
    for most, expected in ((pages, []), (pages - 1, [("PRN-021", TOP)])):
        monkeypatch.setattr(Profile, "maximum_pages", lambda *_, most=most: most)
        assert paginated(BOOKS / "leaflet", store) == (pages, expected)


@pytest.mark.parametrize(("chapters", "is_filled"), [(6, False), (7, True)])
def test_a_few_leaves_too_few(
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
    told = [("PRN-067", SourceLocation("book.toml", line))] if is_filled else []
    assert paginated(book, store) == (24 if is_filled else 14, told)


def test_a_gutter_that_every_count_of_pages_widens(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makeready.pagination.gutter.MOST_ROUNDS", 2)
    wider = count(40)
    monkeypatch.setattr(Profile, "gutter_pt", lambda *_: float(next(wider)))
    assert paginated(BOOKS / "leaflet", store)[1] == [("LAY-008", TOP)]


def test_sections_that_change_whenever_they_are_set(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = count()
    monkeypatch.setattr("makeready.pagination.fixed_point._MOST_ROUNDS", 2)
    monkeypatch.setattr("makeready.pagination.fixed_point.key_of", lambda *_: f"{next(keys):064x}")
    assert paginated(BOOKS / "leaflet", store)[1] == [("LAY-002", TOP)]


def test_a_section_that_the_engine_fails_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typeset_book = TypesetBook(BOOKS / "leaflet", tmp_path)
    # The engine is imported only after fontconfig is sealed.
    from makeready.pagination import worker  # noqa: PLC0415
    from makeready.pagination.fixed_point import SectionFailedError  # noqa: PLC0415

    whole = worker.render_section

    def set_or_fail(typesetter: object, section_job: SectionJob) -> object:
        if section_job.name == "chapter-2":
            raise ArithmeticError("no such line")
        return whole(typesetter, section_job)

    monkeypatch.setattr(worker, "render_section", set_or_fail)
    with pytest.raises(SectionFailedError):
        typeset_book.interior()
    (told,) = typeset_book.findings
    assert (told.id, told.location) == ("LAY-010", SourceLocation("chapter-2.md"))
    assert "ArithmeticError: no such line" in told.message


@pytest.mark.parametrize(
    ("stopped", "rule"),
    [
        (Terminated(Step("Typesetting", "chapter-1"), reason="the process ended"), "LAY-010"),
        (Terminated(Step("Typesetting", "chapter-1"), seconds=3), "LAY-009"),
    ],
)
def test_a_run_that_ends_within_a_section(tmp_path: Path, stopped: Terminated, rule: str) -> None:
    outcome = terminated_result(BuildRequest(BOOKS / "leaflet", tmp_path, tmp_path), stopped)
    assert outcome.failed
    told = [(f.id, f.location) for f in outcome.findings]
    assert told == [(rule, SourceLocation("chapter-1.md"))]


def test_a_font_that_is_not_there(broken_book: Callable[..., Path], store: Path) -> None:
    book = broken_book()
    (book / "chapter-2.md").write_text("# A chapter\n\nOf *one* page.\n", "utf-8")
    own = book / "styles" / "css" / "print.css"
    own.parent.mkdir(parents=True)
    own.write_text("p em { font-weight: 900 }", "utf-8")
    typeset_book = TypesetBook(book, store)
    typeset_book.interior()
    told = [(f.id, f.location) for f in typeset_book.findings]
    assert told == [("LAY-004", SourceLocation("chapter-2.md", 3))]
