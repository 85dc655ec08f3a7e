"""Classes that templates give to lists and tables, from both sides of their limits."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.templates.forms import keep_short_columns, mark_long_numbers


def tree(markup: str) -> etree._Element:
    return etree.fromstring(f"<div>{markup}</div>")


@pytest.mark.parametrize(
    ("items", "attributes", "expected"),
    [
        (9, "", None),
        (10, "", "digits-2"),
        (99, "", "digits-2"),
        (100, "", "digits-3"),
        (2, ' start="9"', "digits-2"),
        (1, ' start="9"', None),
        (1, ' start="100000"', "digits-4"),
        (10, ' class="steps"', "steps digits-2"),
    ],
)
def test_a_list_with_numbers_of_several_digits(
    items: int, attributes: str, expected: str | None
) -> None:
    whole = tree(f"<ol{attributes}>{'<li>a</li>' * items}</ol>")
    mark_long_numbers(whole)
    assert whole[0].get("class") == expected


WIDE = "a description that is somewhat long"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (("x" * 14, WIDE), [True, False]),
        (("x" * 15, WIDE), [False, False]),
        (("short", "also short"), [False, False]),
        (("x" * 12, "x" * 12, "x" * 8, WIDE), [True, True, True, False]),
        (("x" * 12, "x" * 12, "x" * 9, WIDE), [False, False, False, False]),
    ],
)
def test_short_entries_are_kept_on_their_line(
    entries: tuple[str, ...], expected: list[bool]
) -> None:
    row = "".join(f"<td>{entry}</td>" for entry in entries)
    whole = tree(f"<table><tr>{'<th>h</th>' * len(entries)}</tr><tr>{row}</tr></table>")
    keep_short_columns(whole)
    for cells in whole.iter("tr"):
        assert [cell.get("class") == "short" for cell in cells] == expected


def test_a_table_whose_cells_span_columns_is_left_alone() -> None:
    whole = tree(
        f'<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>{WIDE}</td></tr></table>'
    )
    keep_short_columns(whole)
    assert not [cell for cell in whole.iter("td") if cell.get("class")]
