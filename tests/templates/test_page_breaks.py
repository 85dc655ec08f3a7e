"""Page break markers: all of them, once, in order, at the letter at which the page begins."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tiny_book import PNG, chapter

from makeready.book.model import Book, Element, PageBreak, PageMap
from makeready.book.text_position import BlockCounter, counted_letters
from makeready.templates.page_breaks import PAGE_BREAK_ROLE, PageBreakMarks
from makeready.templates.references import epub_resolver, paged_resolver
from makeready.templates.trees import EPUB_NAMESPACE, Medium, body_markup

WORDS = st.lists(
    st.sampled_from(["a", "of", "harvest", "straße", "漢字", "o’er", "`if x:`"]), min_size=1
)
IMAGE = "![A square](images/a.png)"
# A form of inline markup; the inner one is put in place of the braces.
INLINE = (
    "{}", "*{}*", "**{}**", "[{}]{{.smallcaps}}", "[{}]{{lang=fr}}", "[{}](#here)",
    "[{}](https://example.org)", "H~2~O {}", "{}^2^", "see [](#here), {}",
    "see [](#here){{.title}} {}", "(on [](#here){{.page}}) {}", "[on](#here){{.page}} {}",
    "{}[^note]", f"{IMAGE} {{}}", "<kbd>{}</kbd>",
    "<ruby>{} 漢<rt>kan</rt></ruby>", "{}<br>after a break",
)  # fmt: skip
BLOCK = (
    "{0}", "## {0}", "> {0}\n>\n> {1}", "- {0}\n\n    {1}\n\n- {1}\n    - {0}", "1. {0}\n2. {1}",
    "Term\n:   {0}\n\n    {1}", "| a | b |\n|---|---|\n| {2} | {3} |\n| {3} | {2} |",
    "/// verse\n{2}\n    {3}\n{2}\n\n{3}\n{2}\n///", "```\n{2}\n    {3}\n```", "    {2}\n    {3}",
    "/// epigraph\n{0}\n\n{1}\n///", '![A square](images/a.png "{3}")', IMAGE, f"{IMAGE} {IMAGE}",
    "<div>\n\n{2} <b>{3}</b>\n\n</div>", "***",
)  # fmt: skip


@st.composite
def phrases(draw: st.DrawFn) -> str:
    """Return a line of words in nested inline markup, with one call of a note at most."""
    phrase = " ".join(draw(WORDS))
    for form in draw(st.lists(st.sampled_from(INLINE), max_size=3, unique=True)):
        phrase = f"{' '.join(draw(WORDS))} {form.format(phrase)} {' '.join(draw(WORDS))}"
    return phrase


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return the Markdown of a chapter."""
    blocks = []
    for form in draw(st.lists(st.sampled_from(BLOCK), min_size=1, max_size=5)):
        plain = [" ".join(draw(WORDS)) for _ in range(2)]
        blocks.append(form.format(draw(phrases()), draw(phrases()), *plain))
    text = "\n\n<!-- -->\n\n".join(blocks)
    parts = text.split("[^note]")
    calls = "".join(f"{part}[^{n}]" for n, part in enumerate(parts[:-1])) + parts[-1]
    notes = "".join(f"\n\n[^{n}]: A note." for n in range(len(parts) - 1))
    return f"## Here {{#here}}\n\n{calls}\n\n{IMAGE}{notes}"


class Letter:
    """A letter or an image of the e-book: its block, how many are before it there in print."""

    def __init__(self, text: str, block: tuple[int, int], printed: int) -> None:
        self.text, self.block, self.printed = text, block, printed


class Letters:
    """The letters of a section's tree in the order of the document."""

    def __init__(self, book: Book, page_map: PageMap) -> None:
        section = book.section("chapter-1")
        self._tree = copy.deepcopy(section.tree)
        self._print, self._ebook = paged_resolver(book, page_map), epub_resolver(book, section.name)
        self._counter = BlockCounter()
        self._printed: dict[tuple[int, int], int] = {}
        self.found: list[Letter] = []
        self._walk(self._tree, (0, 0))

    def _walk(self, element: Element, block: tuple[int, int]) -> None:
        block = self._counter.count(element.get("data-line")) or block
        if element.tag == "img":
            self._add("\ufffc", block)
        elif element.get("class") == "xref" and element.get("data-form") != "text":
            self._add_reference(element, block)
        else:
            self._add(element.text or "", block)
            for child in element:
                self._walk(child, block)
                self._add(child.tail or "", block)

    def _add(self, text: str, block: tuple[int, int]) -> None:
        for letter in counted_letters(text):
            before = self._printed.get(block, 0)
            self.found.append(Letter(letter, block, before))
            self._printed[block] = before + 1

    def _add_reference(self, element: Element, block: tuple[int, int]) -> None:
        """Add a reference; no page begins inside one whose text is different in print."""
        printed, ebook = copy.deepcopy(element), copy.deepcopy(element)
        self._print(printed)
        parent = etree.Element("p")
        parent.append(ebook)
        ebook.tail = ""
        self._ebook(ebook)
        words = counted_letters("".join(map(str, printed.itertext())))
        shown = counted_letters("".join(map(str, parent.itertext())))
        if words == shown:
            self._add(words, block)
            return
        before = self._printed.get(block, 0)
        self.found += [Letter(letter, block, before) for letter in shown]
        self._printed[block] = before + len(words)


def marks_and_text(markup: str) -> tuple[list[tuple[str, int]], str]:
    """Return the markers of a section, each with the letters before it, and all its letters."""
    root = etree.fromstring(f"<div xmlns:epub='{EPUB_NAMESPACE}'>{markup}</div>")
    marks, text = [], ""

    def pieces(element: Element) -> Iterator[str]:
        nonlocal text
        if element.get("role") == PAGE_BREAK_ROLE:
            marks.append((element.get("aria-label") or "", len(text)))
        elif element.tag == "img":
            text += "\ufffc"
        elif element.get("role") != "doc-noteref":
            text += counted_letters(element.text or "")
        for child in element:
            yield from pieces(child)
            text += counted_letters(child.tail or "")

    list(pieces(root))
    return marks, text


def without_marks(markup: str) -> str:
    root = etree.fromstring(f"<div xmlns:epub='{EPUB_NAMESPACE}'>{markup}</div>")
    for mark in root.findall(f".//*[@role='{PAGE_BREAK_ROLE}']"):
        assert len(mark) == 0
        assert not mark.text
        parent, previous, tail = mark.getparent(), mark.getprevious(), mark.tail or ""
        assert parent is not None
        if previous is None:
            parent.text = (parent.text or "") + tail
        else:
            previous.tail = (previous.tail or "") + tail
        parent.remove(mark)
    return etree.tostring(root, method="c14n").decode()


def assert_marked(book: Book, letters: list[Letter], starts: list[int]) -> None:
    """Let pages begin at the letters with these indices, and compare the e-book's markers."""
    section = book.section("chapter-1")
    breaks = (
        PageBreak("1"),
        *(
            PageBreak(str(number), *letters[start].block, letters[start].printed)
            for number, start in enumerate(starts, 2)
        ),
    )
    page_map = PageMap({"here": "41"}, {section.name: breaks})
    resolve = epub_resolver(book, section.name)
    plain = "".join(body_markup(section, resolve, Medium.EPUB))
    marked = "".join(
        body_markup(section, resolve, Medium.EPUB, PageBreakMarks(book, section, page_map))
    )
    marks, text = marks_and_text(marked)
    assert without_marks(marked) == without_marks(plain)
    assert text == "".join(letter.text for letter in letters)
    assert marks == [(f"page {number}", start) for number, start in enumerate(starts, 2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page_breaks")


@settings(max_examples=80, derandomize=True)
@given(text=texts(), data=st.data())
def test_each_page_has_its_marker_at_its_first_letter(
    folder: Path, text: str, data: st.DataObject
) -> None:
    book = chapter(folder, text, images__a_png=PNG)
    letters = Letters(book, PageMap({"here": "41"})).found
    possible = range(1, len(letters))
    starts = data.draw(st.lists(st.sampled_from(possible), max_size=12, unique=True).map(sorted))
    starts = [s for s in starts if is_start(letters, s)]
    assert_marked(book, letters, starts)


def is_start(letters: list[Letter], index: int) -> bool:
    """Whether a page can begin at a letter: not inside words that are different in print."""
    before = letters[index - 1]
    return (before.block, before.printed) != (letters[index].block, letters[index].printed)
