"""Changes to trees for verse, wide tables, and first words."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.templates.balance import balanced_lines
from makeready.templates.forms import (
    mark_drama,
    mark_image_paragraphs,
    split_verse_lines,
    wrap_wide_tables,
)
from makeready.templates.trees import mark_lead_in


def tree(markup: str) -> etree._Element:
    return etree.fromstring(f"<div>{markup}</div>")


def text_of(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode").removeprefix("<div>").removesuffix("</div>")


VERSE = (
    '<div class="verse"><p>One <em>line</em>,<br/>\u00a0another;<br/>third.</p><p>Last.</p></div>'
)


def test_each_line_of_verse_is_an_element() -> None:
    paged, flowing = tree(VERSE), tree(VERSE)
    split_verse_lines(paged, keep_breaks=False)
    split_verse_lines(flowing, keep_breaks=True)
    lines = paged.findall(".//p/span[@class='verse-line']")
    assert ["".join(line.itertext()) for line in lines] == [
        "One line,",
        "\u00a0another;",
        "third.",
        "Last.",
    ]
    assert not list(paged.iter("br"))
    assert [len(line.findall("br")) for line in flowing.iter("span")] == [1, 1, 0, 0]
    assert "".join(flowing.itertext()) == "".join(tree(VERSE).itertext())


def test_verse_with_a_break_inside_other_markup_is_unchanged() -> None:
    inside = '<div class="verse"><p><em>One<br/>two</em><br/>three</p></div>'
    whole = tree(inside)
    split_verse_lines(whole, keep_breaks=True)
    assert text_of(whole) == inside


@pytest.mark.parametrize(("columns", "wrapped"), [(4, False), (5, True)])
def test_a_table_of_many_columns_is_wrapped(columns: int, wrapped: bool) -> None:
    cells = "<td>1</td>" * columns
    whole = tree(f"<p>a</p><table><tbody><tr>{cells}</tr></tbody></table>after<p>b</p>")
    wrap_wide_tables(whole)
    frames = whole.findall("div[@class='wide-table']")
    assert len(frames) == wrapped
    assert "".join(whole.itertext()) == f"a{'1' * columns}afterb"
    assert all(frame.get("tabindex") == "0" and len(frame) == 1 for frame in frames)


@pytest.mark.parametrize(
    ("before", "led"),
    [
        ("", "The calendar says"),
        ('<blockquote class="epigraph"><p>Dig.</p></blockquote>', "The calendar says"),
        ("<blockquote><p>Dig.</p></blockquote>", None),
        ("<h2>Dig</h2>", None),
    ],
)
def test_only_an_epigraph_may_come_before_the_lead_in(before: str, led: str | None) -> None:
    whole = tree(f"{before}<p>The calendar says one thing.</p>")
    mark_lead_in(whole)
    assert whole.findtext(".//span[@class='lead-in']") == led


def test_bound_words_depend_on_the_language() -> None:
    title = "Talking about die casting works"
    assert balanced_lines(title, 18, "en-GB") == ["Talking about die", "casting works"]
    assert balanced_lines(title, 18, "de") == ["Talking about", "die casting works"]
    assert balanced_lines(title, 18, "xx") == ["Talking about die", "casting works"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<img/>", "picture"),
        ("<img/> <br/><img/>", "picture"),
        ('<a href="#a"><img/></a>', "picture"),
        ('<a href="#a"> <em><img/></em></a> <img/>', "picture"),
        ('<a href="#a"><img/></a> and words', "image-first"),
        ('<a href="#a"><img/> and words</a>', None),
        ('Words and <a href="#a"><img/></a>', None),
        ('<a href="#a"></a>', None),
    ],
)
def test_paragraphs_of_images_are_not_indented(content: str, name: str | None) -> None:
    marked = tree(f"<p>{content}</p>")
    mark_image_paragraphs(marked)
    assert marked[0].get("class") == name


def test_every_fifth_line_of_numbered_verse_has_its_number() -> None:
    lines = "<br/>".join(f"line {n}" for n in range(1, 8))
    stanzas = f"<p>{lines}</p><p>line 8<br/>line 9<br/>line 10</p>"
    verse = tree(f'<div class="verse numbered">{stanzas}</div>')
    split_verse_lines(verse, keep_breaks=False)
    numbered = verse.xpath("//span[@data-verse-number]")
    assert [(one.get("data-verse-number"), one.text) for one in numbered] == [
        ("5", "line 5"),
        ("10", "line 10"),
    ]


def test_a_play_has_speakers_and_directions() -> None:
    text = (
        "<p><em>Night.</em></p><p>Ann: It is <em>cold</em>.</p><p>The gardener: Yes.</p>"
        "<p><em>Aside</em>, she adds: no.</p><p>He waits. Then: silence.</p>"
    )
    play = tree(f'<div class="drama">{text}</div><p>Ann: no play.</p>')
    mark_drama(play)
    assert [(one.text, one.tail) for one in play.xpath("//span[@class='speaker']")] == [
        ("Ann", " It is "),
        ("The gardener", " Yes."),
    ]
    assert [one.get("class") for one in play.iter("p")] == [
        "stage-direction",
        "speech",
        "speech",
        None,
        None,
        None,
    ]
