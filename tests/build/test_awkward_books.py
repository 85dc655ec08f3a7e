"""Books that a reviewer broke: each comes out right, or is told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_reading import letters, page_texts

from conftest import CACHE, Run, makeready

PARAGRAPH = "Some words that make a paragraph of ordinary length, to fill a line or two. "
LONG = (
    "A very long title that goes on and on about everything there is in the world and some more "
    "besides so that it needs a good deal of room"
)


def build(book: Path, output: Path, *editions: str) -> Run:
    return makeready(
        "build", *editions, "--book", book, "--output", output, "--cache", CACHE, "--json"
    )


@pytest.mark.parametrize("inline", ["*Union*", "**Union**", "[Union](https://e.org)", "USSR"])
def test_a_line_before_an_inline_element_breaks_at_its_last_space(
    inline: str, broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    (book / "chapter-2.md").write_text(
        "# Two\n\nFirst.\n\nMr. Tokaev worked in the Ministry of Foreign Affairs of the "
        f"{inline} in 1984-1985 and in 1979-1983. In the meantime, he studied elsewhere.\n",
        "utf-8",
    )
    run = build(book, tmp_path / "out", "paperback")
    assert (run.code, run.findings) == (0, [])
    lines = page_texts(tmp_path / "out" / "leaflet-paperback.pdf")[-2].splitlines()
    assert any("Tokaev worked in the Ministry" in line.replace("\u00a0", " ") for line in lines)


def test_a_line_spaced_far_apart_is_told(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = broken_book()
    far = "Mr. Tokaev saw https://example.org/" + "x" * 45 + " and much else besides that."
    (book / "chapter-2.md").write_text(f"# Two\n\n{far}\n", "utf-8")
    run = build(book, tmp_path / "out", "paperback")
    assert run.findings == [("LAY-011", "chapter-2.md", 3)]


def test_running_heads_keep_to_one_line(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = broken_book()
    toml = (book / "book.toml").read_text("utf-8").replace("A Leaflet", LONG)
    (book / "book.toml").write_text(toml, "utf-8")
    text = f"# {LONG}\n\n" + (PARAGRAPH * 12 + "\n\n") * 9
    (book / "chapter-2.md").write_text(text, "utf-8")
    run = build(book, tmp_path / "out", "paperback")
    assert (run.code, run.findings) == (0, [])
    path = tmp_path / "out" / "leaflet-paperback.pdf"
    headed = 0
    for index in range(len(page_texts(path))):
        heads = {round(a.y, 1) for a in letters(path, index) if abs(a.size_pt - 9.5) < 0.01}
        headed += bool(heads)
        assert len(heads) <= 1, index
    assert headed >= 3


def test_a_head_above_the_page_is_told(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = broken_book()
    (book / "styles" / "css").mkdir(parents=True)
    (book / "styles" / "css" / "print.css").write_text(
        "@page body:left { @top-center { content: string(book); font-size: 60pt; "
        "line-height: 80pt } }",
        "utf-8",
    )
    (book / "chapter-2.md").write_text("# Two\n\n" + (PARAGRAPH * 12 + "\n\n") * 8, "utf-8")
    run = build(book, tmp_path / "out", "paperback")
    assert run.findings == [("LAY-005", "chapter-2.md", None)]


def test_lists_nest(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = broken_book()
    (book / "chapter-2.md").write_text(
        "# Two\n\n- a\n    - b\n        - c\n\nThe end of it.\n", "utf-8"
    )
    run = build(book, tmp_path / "out", "paperback")
    assert (run.code, run.findings) == (0, [])


def test_ten_authors_leave_the_title_page_one_page(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    people = "".join(f'[[contributors]]\nname = "Author Number {n}"\n' for n in range(10))
    toml = (book / "book.toml").read_text("utf-8")
    (book / "book.toml").write_text(
        toml.replace('[[contributors]]\nname = "Somebody"\n', people), "utf-8"
    )
    run = build(book, tmp_path / "out", "paperback")
    assert (run.code, run.findings) == (0, [])
    first, second = page_texts(tmp_path / "out" / "leaflet-paperback.pdf")[:2]
    assert "Number 9" in " ".join(first.split())
    assert not second.strip()


def test_an_output_that_is_a_file_is_refused_at_once(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    run = build(broken_book(), tmp_path / "file")
    assert run.code == 2
    assert "Cannot create the output folder" in run.err
    assert "Typesetting" not in run.err
