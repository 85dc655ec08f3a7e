"""Where long words of code may be broken over lines."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.templates.long_words import allow_breaks_in_long_words


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("std::collections::HashMap", "std::\u200bcollections::\u200bHash\u200bMap"),
        ("--location of", "-\u2060-\u2060location of"),
        ("x.y", "x.y"),
        ("a - b", "a - b"),
        ("./.env", ".\u2060/\u2060.\u2060env"),
        (".#nixosConfigurations", ".\u2060#\u2060nixos\u200bConfigurations"),
    ],
)
def test_no_sign_is_left_alone(code: str, wanted: str) -> None:
    tree = etree.fromstring(f"<p>a <code>{code}</code> b</p>")
    allow_breaks_in_long_words(tree)
    assert tree[0].text == wanted
