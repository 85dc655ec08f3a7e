"""The widths of table columns: shared out for the lowest table, and left alone where it fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from makeready.templates.table_columns import set_column_widths

SENTENCE = "Leaves out every bag of which less than one seed in ten is likely to come up"


def table(*rows: tuple[str, ...], attributes: str = "") -> etree._Element:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return etree.fromstring(f"<div><table{attributes}><tbody>{body}</tbody></table></div>")


def widths(tree: etree._Element) -> list[float]:
    set_column_widths(tree)
    styles = [cell.get("style") for cell in tree.find(".//tr")]
    return [float(s.partition(";")[0].removeprefix("width:").rstrip("%")) for s in styles if s]


def test_a_column_of_sentences_gets_the_room_that_others_do_not_need() -> None:
    found = widths(table(("--today", SENTENCE, "this one"), ("--pretend", SENTENCE, "true")))
    assert sum(found) == pytest.approx(100, abs=0.2)
    assert found[1] > 2 * found[0] and found[1] > 2 * found[2]


def test_columns_alike_share_alike() -> None:
    found = widths(table((SENTENCE, SENTENCE), (SENTENCE, SENTENCE)))
    assert found == pytest.approx([50, 50], abs=5)


def test_a_word_of_code_may_be_broken_after_a_hyphen() -> None:
    option = "<code>--only-what-may-still-come-up</code>"
    broken = widths(table((option, SENTENCE)))
    whole = widths(table((option.replace("-", "_"), SENTENCE)))
    assert broken[0] < whole[0]


@pytest.mark.parametrize(
    "tree",
    [
        table(("short", "entries", "only")),
        table((SENTENCE, SENTENCE), attributes=' style="width:50%"'),
        table((SENTENCE, "one"), (SENTENCE,)),
        etree.fromstring(f'<div><table><tr><td colspan="2">{SENTENCE}</td></tr></table></div>'),
        etree.fromstring("<div><table><tr/></table></div>"),
    ],
    ids=["fits", "has a width", "irregular", "spans", "empty"],
)
def test_a_table_that_is_left_alone(tree: etree._Element) -> None:
    before = etree.tostring(tree)
    set_column_widths(tree)
    assert etree.tostring(tree) == before


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        *((23, None), (24, "smaller"), (27, "smaller"), (28, "smallest"), (36, "smallest")),
        *((37, "over-wide smallest"), (45, "over-wide smallest"), (46, "turned smallest")),
    ],
)
def test_a_table_that_does_not_fit_is_set_smaller_or_turned(
    letters: int, expected: str | None
) -> None:
    tree = table(("x" * letters, "y" * letters))
    set_column_widths(tree)
    found = tree.find("table")
    assert found is not None
    assert found.get("class") == expected


@pytest.mark.parametrize(
    ("letter", "count", "expected"),
    [("i", 30, None), ("m", 15, "smaller"), ("W", 15, "smaller"), ("x", 22, None)],
)
def test_the_room_for_a_word_is_that_of_its_letters(
    letter: str, count: int, expected: str | None
) -> None:
    tree = table((letter * count, letter * count), ("a", "b"))
    set_column_widths(tree)
    found = tree.find("table")
    assert found is not None
    assert (found.get("class") or "").split()[:1] == ([expected] if expected else [])


def test_pages_with_longer_lines_have_widths_of_their_own() -> None:
    entries = ("considerable", "Number(s)", "Value", "disabled", "Sets the next row as resistant")
    tree = table(entries, entries)
    narrow = widths(tree)
    found = tree.find("table")
    assert found is not None
    assert "whole-if-wide" in (found.get("class") or "").split()
    styles = [cell.get("style", "") for cell in tree.find(".//tr")]
    wide = [float(style.partition("--on-wide-pages:")[2].rstrip("%")) for style in styles]
    assert sum(wide) == pytest.approx(100, abs=0.3)
    assert wide[-1] > narrow[-1] + 5

    short = table((SENTENCE[:29], SENTENCE[:29]))
    set_column_widths(short)
    assert {e.get("style") for e in short.iter("td")} == {"width:50.0%;--on-wide-pages:auto"}
    assert [e.get("style") for e in short.iter("table")] == ["width:100%;--on-wide-pages:auto"]


def test_a_table_in_a_list_is_not_turned() -> None:
    tree = table(("x" * 80, "y" * 80))
    tree.tag = "li"
    set_column_widths(etree.ElementTree(tree).getroot())
    found = tree.find("table")
    assert found is not None
    assert found.get("class") == "smallest"


CELLS = st.lists(st.sampled_from(["a", "word", "longer-word", "of", "considerable"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_any_table_gets_all_of_the_width_or_none(rows: list[tuple[list[str], ...]]) -> None:
    found = widths(table(*(tuple(" ".join(cell) for cell in row) for row in rows)))
    assert not found or sum(found) == pytest.approx(100, abs=0.3)
    assert all(width > 0 for width in found)
