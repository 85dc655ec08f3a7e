"""Keys and insertions of MkDocs, and the sizes of images in Obsidian."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import PNG, body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("++ctrl+alt+del++", "<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd>"),
        ('Press ++"x"++.', "Press <kbd>x</kbd>."),
        ("i++ and j++ and c++/c++", "i++ and j++ and c++/c++"),
        ("a++b++ ++nokey++", "a++b++ ++nokey++"),
        ("`++ctrl++`", "<code>++ctrl++</code>"),
        ("^^new *words*^^", "<ins>new <em>words</em></ins>"),
        ("x^2^ and a^^b", "x<sup>2</sup> and a^^b"),
    ],
)
def test_keys_and_insertions(text: str, expected: str, tmp_path: Path) -> None:
    assert body(tmp_path, text).replace("\u00a0", " ") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a|100](a.png)", 'alt="a" width="100px"'),
        ("![a|100x40](a.png)", 'alt="a" width="40px"'),
        ("![a|b](a.png)", 'alt="a|b"'),
        ("![1984](a.png)", 'alt="1984"'),
    ],
)
def test_an_image_has_the_size_in_its_description(text: str, expected: str, tmp_path: Path) -> None:
    assert body(tmp_path, text, a_png=PNG) == f'<p><img src="a.png" {expected}/></p>'
