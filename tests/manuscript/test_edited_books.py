"""After any edits of a book, reading it with the cache gives the book as it is now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from book_comparison import book_in, read_description, toml
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_book import png

from makeready.manuscript.reuse import UnchangedSections

LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "# Again",
            "## Under",
            "#### Deep",
            "A [^n] call, a [](#fig-a) and [](#chapter-1).",
            "[^n]: Another.",
            "![x](images/a.png)",
            '![x](images/b.png "Title"){#fig-b}',
            "![](images/none.png)",
            "/// verse",
            "///",
            "{>> Why? <<}",
            "```",
            "<div id=fig-a>",
            "</div>",
            "[place]{#tab} “quoted 'words'” -- 1-2 &#13;&nbsp;&#x85;",
            "<span lang=fr>« Oui »</span> NASA",
            "    indented",
            "> quoted",
            "- item",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
PICTURES = [png(), png(5), png(2, "JPEG"), png()[:-9], b"", b"<svg xmlns='a'/>", None]
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("replace"), st.integers(1, 3), st.integers(0, 30), LINES),
        st.tuples(st.just("insert"), st.integers(1, 3), st.integers(0, 30), LINES),
        st.tuples(st.just("delete"), st.integers(1, 3), st.integers(0, 30)),
        st.tuples(st.just("order"), st.permutations([1, 2, 3])),
        st.tuples(st.just("title"), st.sampled_from(["Kept", "Known"])),
        st.tuples(st.just("language"), st.sampled_from(["en", "de", "fr-CA"])),
        st.tuples(st.just("image"), st.sampled_from("ab"), st.sampled_from(PICTURES)),
    ),
    min_size=1,
    max_size=5,
)


class EditedBook:
    """A book that is being edited."""

    def __init__(self, root: Path) -> None:
        self.root = book_in(root)
        self.facts: dict[str, object] = {}

    def edit(self, what: str, *how: object) -> None:
        if what == "image":
            path = self.root / f"images/{how[0]}.png"
            path.unlink(missing_ok=True)
            if isinstance(how[1], bytes):
                path.write_bytes(how[1])
        elif what in {"order", "title", "language"}:
            self.facts[what] = how[0]
            (self.root / "book.toml").write_text(toml(**self.facts), "utf-8")
        else:
            path = self.root / f"chapter-{how[0]}.md"
            lines = path.read_text("utf-8").split("\n")
            index = int(str(how[1])) % len(lines)
            lines[index : index + (what != "insert")] = [str(how[2])] if len(how) > 2 else []
            path.write_bytes("\n".join(lines).encode())


@pytest.mark.slow
@given(edits=EDITS)
@settings(max_examples=20)
def test_after_any_edits_the_cached_book_equals_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    book = EditedBook(folder / "book")
    unchanged_sections = UnchangedSections(folder / "kept")
    read_description(book.root, unchanged_sections)
    for edit in edits:
        book.edit(*edit)  # type: ignore[arg-type]
        fresh = read_description(book.root)
        assert read_description(book.root, unchanged_sections) == fresh
        assert read_description(book.root, UnchangedSections(folder / "kept")) == fresh
    shutil.rmtree(folder)
