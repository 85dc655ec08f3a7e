"""Every footnote that is called is printed once, divided over pages if it is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import note_texts
import pytest
from note_report import Report, area_of, lines_of, report, text_of

from conftest import CACHE, ROOT
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

SMALL = """
@page { size: 100px 60px; margin: 0; @footnote { margin: 0 } }
html { font: 10px/10px "EB Garamond"; orphans: 2; widows: 2 }
body, p, h1, ul, table { margin: 0 }
table { border-spacing: 0 }
td, th { padding: 0 }
aside { float: footnote; footnote-policy: line }
aside > p:first-child { display: inline }
aside::footnote-call { font: inherit; vertical-align: baseline }
aside::footnote-marker { content: "" }
"""
"""Pages of six lines, of the text and of notes alike."""

TALL = SMALL.replace("100px 60px", "100px 300px")

Typeset = Callable[[str, str], Any]
Lines = list[str]


@pytest.fixture(scope="module")
def typeset() -> Typeset:
    """Typeset a body by a stylesheet; the result is the typeset section."""
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.text_cache import cached_text_layout  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    def section(style: str, body: str) -> Any:
        typesetter = Typesetter((style,), fonts, BookFetcher({}))
        with cached_text_layout():
            return typesetter.typeset(f"<html><body>{body}</body></html>", 1, on_verso=False)

    return section


def lines(section: Any) -> list[tuple[Lines, Lines]]:
    """Return the lines of the text and of the notes of each page."""
    pages = []
    for page in section.pages:
        area = area_of(page)
        text = [text_of(line) for line in lines_of(page._page_box.children[0])]
        pages.append((text, [text_of(line) for line in lines_of(area)] if area else []))
    return pages


def broken(*numbers: str) -> str:
    return "<br/>".join(numbers)


def paragraph(*numbers: str) -> str:
    return f"<p>{broken(*numbers)}</p>"


def note(*numbers: str) -> str:
    return f"<aside>{broken(*numbers)}</aside>"


# What is lost or printed twice by the engine alone.


def test_a_note_of_the_last_first_line_of_a_paragraph(typeset: Typeset) -> None:
    body = paragraph("1" + note("A"), "2", "3", "4") + paragraph("5", "6" + note("B"), "7", "8")
    assert lines(typeset(SMALL, body)) == [
        (["11", "2", "3", "4"], ["A"]),
        (["5", "62", "7", "8"], ["B"]),
    ]


PASSES = (
    "b::after { content: target-counter(url(#end), page) } p { orphans: 1; widows: 1 }"
    "aside { orphans: 1; widows: 1 }"
)


def test_a_note_moved_from_a_page_that_is_not_laid_out_again(typeset: Typeset) -> None:
    reference = paragraph("<b></b>", "2", "3", "4", "5", "6")
    middle = paragraph("1", "2", "3" + note("A", "a", "a", "a"), "4", "5", "6")
    section = typeset(SMALL + PASSES, reference + middle + reference + '<p id="end">1</p>')
    assert [notes for _, notes in lines(section)] == [[], ["A", "a", "a"], ["a"], []]
    assert [text[0] for text, _ in lines(section)] == ["4", "1", "4", "3"]


def test_a_note_moved_to_a_page_that_is_not_laid_out_again(typeset: Typeset) -> None:
    first = paragraph("<b></b>", "2", "3" + note("A", "a", "a", "a"), "4", "5", "6")
    middle = paragraph("1", "2", "3", "4", "5", "6")
    last = paragraph("<b></b>", "2", "3", "4", "5", "6") + '<p id="end">1</p>'
    notes = [notes for _, notes in lines(typeset(SMALL + PASSES, first + middle + last))]
    assert notes == [["A", "a", "a"], ["a"], [], []]


def test_the_head_of_a_table_that_is_repeated_calls_its_note_once(typeset: Typeset) -> None:
    head = f"<thead><tr><th>h{note('A', 'a')}</th></tr></thead>"
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(8))
    body = f"<table>{head}<tbody>{rows}</tbody></table>"
    assert lines(typeset(SMALL, body)) == [
        (["h1", "0", "1", "2"], ["A", "a"]),
        (["h1", "3", "4", "5", "6", "7"], []),
    ]


def test_the_head_of_a_table_is_not_left_out_for_its_long_notes(typeset: Typeset) -> None:
    cells = (f"<th>h{note(*(name * 9))}</th>" for name in "ABC")
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(4))
    body = f"<table><thead><tr>{''.join(cells)}</tr></thead><tbody>{rows}</tbody></table>"
    pages = lines(typeset(SMALL, body))
    assert pages[0][0] == ["h1", "h2", "h3", "0"]
    assert "".join(line for _, notes in pages for line in notes) == "A" * 9 + "B" * 9 + "C" * 9


def test_the_head_of_a_table_is_not_left_out_for_the_notes_of_its_first_row(
    typeset: Typeset,
) -> None:
    numbers = [f"A{number}" for number in range(10)]
    first = paragraph("1" + note(*numbers), "2")
    row = f"<tr><td>3{note('B')}</td></tr>"
    table = f"<table><thead><tr><th>h</th></tr></thead><tbody>{row}</tbody></table>"
    assert lines(typeset(SMALL, first + table)) == [
        (["11", "2"], numbers[:4]),
        (["h", "32"], numbers[4:8]),
        ([], [*numbers[8:], "B"]),
    ]


def test_the_head_of_a_table_is_not_left_out_for_the_rest_of_a_note(typeset: Typeset) -> None:
    numbers = [f"A{number}" for number in range(9)]
    first = paragraph("1" + note(*numbers), "2")
    table = "<table><thead><tr><th>h<br/>h</th></tr></thead><tr><td>3</td></tr></table>"
    assert lines(typeset(SMALL, first + table)) == [
        (["11", "2"], numbers[:4]),
        (["h", "h", "3"], numbers[4:7]),
        ([], numbers[7:]),
    ]


def test_the_head_of_a_table_is_not_left_out_where_notes_move_on(typeset: Typeset) -> None:
    numbers = [f"A{number}" for number in range(10)]
    first = paragraph("1" + note(*numbers) + note("B1", "B2", "B3"), "2")
    row = f"<tr><td>3{note('C')}</td></tr>"
    table = f"<table><thead><tr><th>h</th></tr></thead><tbody>{row}</tbody></table>"
    assert lines(typeset(SMALL, first + table))[1:] == [
        (["h", "33"], numbers[4:8]),
        ([], [*numbers[8:], "B1", "B2", "B3", "C"]),
    ]


# Long notes.


def test_a_long_note_is_divided(typeset: Typeset) -> None:
    body = paragraph("1", "2", "3" + note("A1", "A2", "A3", "A4", "A5"), "4", "5", "6")
    assert lines(typeset(SMALL, body)) == [
        (["1", "2", "31"], ["A1", "A2", "A3"]),
        (["4", "5", "6"], ["A4", "A5"]),
    ]


def test_the_rest_comes_before_the_notes_of_its_page(typeset: Typeset) -> None:
    body = paragraph("1", "2", "3" + note("A1", "A2", "A3", "A4", "A5"), "4" + note("B"), "5")
    assert lines(typeset(SMALL, body))[1] == (["42", "5"], ["A4", "A5", "B"])


def test_a_note_longer_than_a_page_leaves_room_for_text_on_each(typeset: Typeset) -> None:
    numbers = [f"A{number}" for number in range(10)]
    body = paragraph("1" + note(*numbers), *map(str, range(2, 9)))
    pages = lines(typeset(SMALL, body))
    assert [notes for _, notes in pages] == [numbers[:4], numbers[4:8], numbers[8:]]
    assert [text for text, _ in pages] == [["11", "2"], ["3", "4"], ["5", "6", "7", "8"]]


def test_notes_after_the_last_text_have_a_page_of_their_own(typeset: Typeset) -> None:
    style = SMALL + "@page text { margin-top: 10px; @top-left { content: counter(page) } }"
    style += "body { page: text }"
    numbers = [f"A{number}" for number in range(10)]
    section = typeset(style, paragraph("1", "2", "3", "4" + note(*numbers)))
    assert lines(section) == [
        (["1", "2"], []),
        (["3", "41"], numbers[:3]),
        ([], numbers[3:8]),
        ([], numbers[8:]),
    ]
    heads = [text_of(page._page_box.children[-1]) for page in section.pages]
    assert heads == ["1", "2", "3", "4"], "the page of notes has its number as the others have"


def test_orphans_and_widows_of_notes(typeset: Typeset) -> None:
    """Four lines of a note are divided two and two, if at all; three are not."""
    text = paragraph("1", "2", "3", "4{}", "5", "6", "7", "8", "9")
    four = lines(typeset(SMALL, text.format(note("A1", "A2", "A3", "A4"))))
    assert [notes for _, notes in four][:2] == [["A1", "A2"], ["A3", "A4"]]
    three = lines(typeset(SMALL, text.format(note("A1", "A2", "A3"))))
    assert three[0] == (["1", "2", "3"], [])
    assert three[1] == (["41", "5", "6"], ["A1", "A2", "A3"])
    more = SMALL + "aside { orphans: 3; widows: 1 }"
    assert lines(typeset(more, text.format(note("A1", "A2", "A3", "A4"))))[0][1] == []


def test_a_widow_is_better_than_a_note_away_from_its_call(typeset: Typeset) -> None:
    """The call is in the first line of a page, which cannot move to another."""
    body = paragraph("1" + note("A1", "A2", "A3") + note("B1", "B2", "B3"), "2", "3")
    assert [notes for _, notes in lines(typeset(SMALL, body))] == [
        ["A1", "A2", "A3", "B1", "B2"],
        ["B3"],
    ]


def test_a_divided_note_takes_what_the_text_leaves(typeset: Typeset) -> None:
    """The second paragraph does not fit below the first; the note has its room."""
    body = paragraph("1" + note(*(f"A{number}" for number in range(8)))) + "<h1>H</h1>"
    style = SMALL + "h1 { break-after: avoid; font: inherit }"
    pages = lines(typeset(style, body + paragraph("2", "3", "4")))
    assert pages[0] == (["11"], [f"A{number}" for number in range(5)])


def test_a_note_that_fits_is_not_divided(typeset: Typeset) -> None:
    numbers = [f"A{number}" for number in range(20)]
    body = paragraph("1", "2", "3", "4", "5" + note(*numbers), "6", "7", "8")
    assert lines(typeset(TALL, body)) == [(["1", "2", "3", "4", "51", "6", "7", "8"], numbers)]


def test_a_page_that_goes_on_with_a_note_has_its_style(typeset: Typeset) -> None:
    style = SMALL + "@page continued-note { @footnote { border-top: 1px solid } }"
    body = paragraph("1", "2", "3" + note("A1", "A2", "A3", "A4", "A5"), "4" + note("B"), "5")
    body += '<p style="break-before: page">' + "6" + note("C") + "</p>"
    areas = [area_of(page) for page in typeset(style, body).pages]
    assert [area.border_top_width for area in areas] == [0, 1, 0]


def test_a_note_with_several_paragraphs_is_divided_between_them(typeset: Typeset) -> None:
    paragraphs = "".join(paragraph(f"{name}1", f"{name}2") for name in "ABC")
    body = paragraph("1", "2" + f"<aside>{paragraphs}</aside>", "3", "4", "5", "6")
    assert [notes for _, notes in lines(typeset(SMALL, body))] == [
        ["A1", "A2", "B1", "B2"],
        ["C1", "C2"],
    ]


BLOCKS = {
    "list": "<ul><li>A1</li><li>A2</li><li>A3</li><li>A4</li></ul>",
    "numbered list": "<ol><li>A1</li><li>A2</li><li>A3</li><li>A4</li></ol>",
    "quotation": "<blockquote><p>A1</p><p>A2</p><p>A3</p><p>A4</p></blockquote>",
    "definitions": "<dl><dt>A1</dt><dd>A2</dd><dt>A3</dt><dd>A4</dd></dl>",
    "code": "<pre>A1<br/>A2<br/>A3<br/>A4</pre>",
    "table": "<table><tr><td>A1</td></tr><tr><td>A2</td></tr><tr><td>A3</td></tr>"
    "<tr><td>A4</td></tr></table>",
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_note_with_other_blocks_is_divided(typeset: Typeset, kind: str) -> None:
    style = SMALL + "ol, dl, dd, blockquote, pre { margin: 0 } pre { font-family: inherit }"
    body = paragraph("1", "2" + f"<aside><p>A0</p>{BLOCKS[kind]}<p>A5</p></aside>", "3", "4", "5")
    pages = lines(typeset(style, body))
    printed = [line for _, notes in pages for line in notes if line[0] == "A"]
    assert printed == [f"A{number}" for number in range(6)]
    assert len(pages) == 2


# The numbers of notes in the text.

HOUSE_STYLE = """
:root { --size: 11pt; --leading: 14pt; --text-height: 452pt; --ink: black }
@page { size: 5in 8in; margin: 20mm 17mm }
"""


def test_no_line_begins_with_the_number_of_a_note(typeset: Typeset) -> None:
    style = (ROOT / "styles" / "css" / "print.css").read_text("utf-8") + HOUSE_STYLE
    call = '<aside class="footnote" data-note="1"><p>A.</p></aside>'
    ends = (".", "!", "?", "…", "—", ",", "%", "<em>!</em>")
    words = "Words that nearly fill the first of two lines "
    body = "".join(
        f"<p>{words}{'i' * width} end{end}{call * count} and more words</p>"
        for width in range(10, 30)
        for end in ends
        for count in (1, 2)
    )
    pages = lines(typeset(style, f'<section class="bodymatter">{body}</section>'))
    starts = [line[0] for text, _ in pages for line in text]
    assert len(starts) > len(ends) * 40
    assert not {start for start in starts if start.isdigit() or start == "\u2060"}


# Notes that are called several times.


def numbered(number: int, *numbers: str) -> str:
    return f'<aside data-note="{number}">{broken(*numbers)}</aside>'


def test_a_note_called_twice_on_a_page_is_printed_once(typeset: Typeset) -> None:
    one = numbered(1, "A1", "A2")
    body = paragraph("1" + one, "2" + numbered(2, "B"), "3" + one)
    assert [notes for _, notes in lines(typeset(SMALL, body))] == [["A1", "A2", "B"]]


def test_a_note_called_on_two_pages_is_printed_on_both(typeset: Typeset) -> None:
    one = numbered(1, "A")
    body = paragraph("1" + one, "2", "3", "4", "5") + paragraph("6", "7", "8" + one, "9")
    assert [notes for _, notes in lines(typeset(SMALL, body))] == [["A"], ["A"]]


def test_a_note_called_where_its_rest_is_printed(typeset: Typeset) -> None:
    one = numbered(1, *(f"A{number}" for number in range(5)))
    body = paragraph("1", "2", "3" + one, "4" + one, "5" + numbered(2, "B"), "6", "7", "8")
    pages = lines(typeset(SMALL, body))
    assert [notes for _, notes in pages] == [["A0", "A1", "A2"], ["A3", "A4", "B"], []]


def test_a_further_call_moves_to_the_next_page_with_its_line(typeset: Typeset) -> None:
    one = numbered(1, "A")
    body = paragraph("1", "2" + one, "3", "4" + numbered(2, "B", "b"), "5" + one, "6")
    style = SMALL + "p { orphans: 1; widows: 1 } aside { orphans: 2; widows: 2 }"
    pages = lines(typeset(style, body))
    assert [notes for _, notes in pages] == [["A"], ["B", "b", "A"]]


# Where notes can be called.


@pytest.mark.parametrize("policy", ["auto", "line", "block"])
@pytest.mark.parametrize("display", ["block", "inline"])
def test_every_policy_and_display_prints_every_note(
    typeset: Typeset, policy: str, display: str
) -> None:
    style = SMALL + f"aside {{ footnote-policy: {policy}; footnote-display: {display} }}"
    numbers = range(12)
    body = "".join(paragraph("1", f"2{note(f'A{number}', 'a')}", "3", "4") for number in numbers)
    printed = "".join(line for _, notes in lines(typeset(style, body)) for line in notes)
    assert printed.replace(" ", "") == "".join(f"A{number}a" for number in numbers)


PLACES = {
    "heading": "<h1>0{}</h1><p>1</p>",
    "list": "<ul><li>1{}</li><li>2{}</li></ul>",
    "cells": "<table><tr><td>1{}</td><td>2{}</td></tr><tr><td>3{}</td><td>4</td></tr></table>",
    "caption": "<table><caption>0{}</caption><tr><td>1</td></tr></table>",
    "quotation": "<blockquote><p>1{}</p><p>2{}</p></blockquote>",
    "float": '<p><span style="float: left">1{}</span>2</p>',
    "inline block": '<p><span style="display: inline-block">1{}</span>2</p>',
    "positioned": '<p style="position: relative">1<span style="position: absolute">2{}</span></p>',
    "positioned on the page": '<p>1<span style="position: absolute; top: 0">2{}</span></p>',
    "flex": '<div style="display: flex"><p>1{}</p><p>2{}</p></div>',
    "grid": '<div style="display: grid"><p>1{}</p><p>2{}</p></div>',
    "columns": '<div style="columns: 2"><p>1{}</p><p>2{}</p><p>3</p><p>4{}</p></div>',
    "one line": "<p>1{}{}{}</p>",
    "unbreakable": '<div style="break-inside: avoid"><p>1{}</p><p>2</p><p>3{}</p></div>',
}


@pytest.mark.parametrize("place", PLACES)
def test_a_note_is_printed_once_wherever_it_is_called(typeset: Typeset, place: str) -> None:
    markup = PLACES[place]
    numbers = iter(range(1000))

    def notes() -> Iterator[str]:
        for number in numbers:
            yield note(f"A{number}.", *("a" * (number % 5)))

    written = notes()
    count = markup.count("{}")
    blocks = []
    for _ in range(8):
        blocks.append(markup.format(*(next(written) for _ in range(count))))
        blocks.append(paragraph("7", "8", "9"))
    pages = lines(typeset(SMALL + "@page { size: 200px 100px }", "".join(blocks)))
    printed = "".join(line for _, on_page in pages for line in on_page)
    expected = [f"A{number}." + "a" * (number % 5) for number in range(8 * count)]
    assert sorted(printed.replace("A", " A").split()) == sorted(expected)


@pytest.mark.slow
def test_160_notes_in_a_chapter(typeset: Typeset) -> None:
    style = SMALL + "@page { size: 200px 200px }"
    body = "".join(
        paragraph(*(f"{number}{note(f'A{number}.')}" for number in range(start, start + 4)))
        for start in range(0, 160, 4)
    )
    pages = lines(typeset(style, body))
    printed = [line for _, notes in pages for line in notes]
    assert printed == [f"A{number}." for number in range(160)]
    assert all(len(text) == len(notes) for text, notes in pages)


# Random texts.


def faults_of(typeset: Typeset, seed: int, *, columns: bool = False) -> Report:
    text = note_texts.NoteWriter(seed, columns=columns).text()
    return report(typeset(text.style, text.markup).pages)


@pytest.mark.parametrize("seed", [1, 7, 9, 10])
def test_random_texts(typeset: Typeset, seed: int) -> None:
    found = faults_of(typeset, seed)
    assert found.notes
    assert found.faults == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 40))
def test_more_random_texts(typeset: Typeset, seed: int) -> None:
    assert faults_of(typeset, seed).faults == {}
    assert faults_of(typeset, seed, columns=True).faults == {}
