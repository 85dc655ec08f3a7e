"""Our books as readers have them: in two reading engines, narrow and wide, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from readers import SHOTS, Reader, opened

pytestmark = pytest.mark.slow
BOOKS = (
    pytest.param("interview", marks=pytest.mark.long),
    pytest.param("manual", marks=pytest.mark.long),
    "lighthouse",
)
_OF_THE_ENGINE = (
    # Chromium's warning to the engine, of how it holds a book.
    "for its sandbox attribute",
    # foliate-js 1.0.1 sets the styles of a section whose frame has no body yet, when its own size
    # changes meanwhile (View.render in paginator.js); a page without a body fails in other tests.
    "Cannot destructure property 'style' of 'el' as it is null",
)


@pytest.fixture(params=BOOKS)
def book(request: pytest.FixtureRequest) -> Path:
    (path,) = request.getfixturevalue(request.param).glob("*.epub")
    assert isinstance(path, Path)
    return path


def complaints(reader: Reader) -> list[str]:
    return [one for one in reader.complaints if not any(known in one for known in _OF_THE_ENGINE)]


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (320, "dark"),
        (1200, "light"),
        pytest.param(320, "light", marks=pytest.mark.long),
        pytest.param(1200, "dark", marks=pytest.mark.long),
    ],
)
def test_every_section_fits_the_screen_and_can_be_read(book: Path, width: int, scheme: str) -> None:
    shots = SHOTS / f"{book.stem}-{width}-{scheme}"
    shots.mkdir(parents=True, exist_ok=True)
    with opened("foliate", book, width, dark=scheme == "dark") as reader:
        assert len(reader.files) > 10
        for index, name in enumerate(reader.files):
            assert reader.call("show", index), name
            assert reader.call("text").strip() or name == "cover.xhtml", name
            assert reader.call("runsOver") == [], name
            assert reader.call("faint") == [], name
            reader.page.screenshot(path=shots / f"{index:02}-{name}.png")
        assert complaints(reader) == []


@pytest.mark.parametrize("engine", ["foliate", "epubjs"])
def test_contents_and_page_list_lead_where_they_say(book: Path, engine: str) -> None:
    with opened(engine, book, 600) as reader:
        for kind, least in (("toc", 8), ("pages", 15)):
            links = reader.call("list", kind)
            assert len(links) >= least
            assert [link for link in links if not reader.call("follow", link)] == []
        assert complaints(reader) == []


@pytest.mark.parametrize("engine", ["foliate", "epubjs"])
def test_a_note_opens_and_returns(lighthouse: Path, engine: str) -> None:
    with opened(engine, lighthouse / "keepers-reckoning.epub", 600) as reader:
        assert reader.call("show", reader.files.index("chapter-2.xhtml"))
        assert reader.call("click", "a[href='#chapter-2-note-2']")
        assert reader.call("click", "#chapter-2-note-2 a")
        assert complaints(reader) == []


def test_a_note_pops_up_by_itself(lighthouse: Path) -> None:
    with opened("foliate", lighthouse / "keepers-reckoning.epub", 600) as reader:
        assert reader.call("show", reader.files.index("chapter-2.xhtml"))
        popped = reader.call("pop", "a[href='#chapter-2-note-1']")
        assert "cost less than one mantle" in popped
        assert "The boat came on the 12th" not in popped
        assert complaints(reader) == []


@pytest.mark.parametrize("width", [320, 1200])
def test_every_section_fits_in_the_older_engine_too(book: Path, width: int) -> None:
    with opened("epubjs", book, width) as reader:
        for index, name in enumerate(reader.files):
            assert reader.call("show", index), name
            assert reader.call("text").strip() or name == "cover.xhtml", name
            assert reader.call("runsOver") == [], name
        assert complaints(reader) == []
