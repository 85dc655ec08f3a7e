"""The text position at which each page begins is right to the letter."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from lxml import etree
from typeset_fixtures import TypesetBook

from makeready.book.model import Section

_NOT_COUNTED = re.compile("[\\s\u00ad\u200b\u2060]")


def blocks_by_line(section: Section) -> dict[int, list[etree._Element]]:
    """Return the blocks of each source line, in their order."""
    blocks: dict[int, list[etree._Element]] = {}
    for element in section.tree.iter():
        if line := element.get("data-line"):
            blocks.setdefault(int(line), []).append(element)
    return blocks


def own_letters(block: etree._Element) -> str:
    """Return the letters of a block, without those of the blocks inside it."""
    text = block.text or ""
    for child in block:
        if child.get("data-line") is None:
            text += own_letters(child)
        text += child.tail or ""
    return _NOT_COUNTED.sub("", text)


_LONG = (
    "The circumnavigation of the archipelago, notwithstanding the uncharacteristic "
    "temperature, was undertaken well-nigh without misunderstanding by the "
    "superintendent’s half-hearted correspondents, whose “incomprehensible” instructions "
)
_BLOCKS = (
    "{0} {0}{0}[^{1}]\n\n[^{1}]: A note of its own: {0}",
    "- {0}\n- *{0}* and more of it: {0}\n\n    {0}\n\n- {0}",
    "> {0}\n>\n> {0}",
    "{0} *{0}* {0} `code` {0}",
    "| A | B |\n|---|---|\n| {1} one | {1} two |\n| three | four |\n\n/// caption\nTable {1}\n///",
    "/// verse\nA line of verse\nAnother line of it\n///",
)


@pytest.fixture(scope="module")
def typeset_book(tmp_path_factory: pytest.TempPathFactory) -> TypesetBook:
    folder = tmp_path_factory.mktemp("page_starts")
    (folder / "book.toml").write_text(
        'title = "Starts"\nlanguage = "en"\nmodified = 2026-01-01\n'
        'bodymatter = ["chapter-1", "chapter-2"]\n[[contributors]]\nname = "A"\n'
        '[editions.paperback]\nkind = "print"\nprinter = "generic"\ntrim = "4.5x6in"\n',
        "utf-8",
    )
    for chapter in (1, 2):
        texts = [
            _BLOCKS[(n * chapter) % len(_BLOCKS)].format(f"{_LONG}({n}) ", n) for n in range(36)
        ]
        text = "\n\n".join([f"# Chapter {chapter} of starts", *texts])
        (folder / f"chapter-{chapter}.md").write_text(text + "\n", "utf-8")
    return TypesetBook(folder, folder / "store")


def test_each_page_shows_the_letters_at_its_start(typeset_book: TypesetBook) -> None:
    solution = typeset_book.paginate("paperback").solution
    furniture = {"", "Starts", *(_NOT_COUNTED.sub("", s.title) for s in typeset_book.book.sections)}
    inside = 0
    with pypdfium2.PdfDocument(io.BytesIO(typeset_book.interior())) as pdf:
        for placed in solution.imposition.sections:
            blocks = blocks_by_line(placed.section)
            fragment = solution.fragments[placed.section.name]
            assert len(fragment.page_starts) == fragment.page_count
            for page, start in enumerate(fragment.page_starts[1:], 1):
                letters = own_letters(blocks[start.line][start.occurrence])[start.letters :][:16]
                text = pdf[placed.first_index + page].get_textpage().get_text_range()
                shown = _NOT_COUNTED.sub("", text).replace("\ufffe", "")
                assert letters, (placed.section.name, page, start, shown[:60])
                before, found, _ = shown.partition(letters)
                assert found, (placed.section.name, page, letters, shown[:80])
                assert before.removesuffix("AB").strip("0123456789") in furniture, (
                    placed.section.name,
                    page,
                )
                inside += start.letters > 0
    assert inside >= 8


def test_each_line_shows_the_letters_at_its_start(typeset_book: TypesetBook) -> None:
    solution = typeset_book.paginate("paperback").solution
    checked = notes = 0
    with pypdfium2.PdfDocument(io.BytesIO(typeset_book.interior())) as pdf:
        for placed in solution.imposition.sections:
            blocks = blocks_by_line(placed.section)
            for line in solution.fragments[placed.section.name].lines:
                notes += line.is_note
                if not line.line or line.is_note:
                    continue
                shown_page = pdf[placed.first_index + line.page].get_textpage()
                low, high = line.baseline - 1, line.baseline + line.size / 2
                text = shown_page.get_text_bounded(line.left - 1, low, line.right + 1, high)
                shown = _NOT_COUNTED.sub("", text)[:8]
                letters = own_letters(blocks[line.line][line.occurrence])[line.letters :]
                assert letters.startswith(shown.rstrip("-\ufffe")), (line, shown, letters[:20])
                checked += len(shown) > 1
    assert checked > 400
    assert notes > 10
