"""Keys that are pressed together are one element, within which no line ends."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.templates.key_combinations import group_keys


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Press <kbd>Ctrl</kbd>-<kbd>C</kbd> twice.",
            'Press <span class="keys"><kbd>Ctrl</kbd>-<kbd>C</kbd></span> twice.',
        ),
        (
            "<kbd>a</kbd>+<kbd>b</kbd>+<kbd>c</kbd>",
            '<span class="keys"><kbd>a</kbd>+<kbd>b</kbd>+<kbd>c</kbd></span>',
        ),
        ("<kbd>a</kbd> or <kbd>b</kbd>", "<kbd>a</kbd> or <kbd>b</kbd>"),
        ("<kbd>a</kbd>-<em>b</em>", "<kbd>a</kbd>-<em>b</em>"),
        ("<kbd>a</kbd>-", "<kbd>a</kbd>-"),
        ("<kbd>a</kbd><kbd>b</kbd>", "<kbd>a</kbd><kbd>b</kbd>"),
    ],
)
def test_keys_with_joints_are_one_element(text: str, expected: str) -> None:
    tree = etree.fromstring(f"<p>{text}</p>")
    group_keys(tree)
    assert etree.tostring(tree, encoding="unicode") == f"<p>{expected}</p>"
