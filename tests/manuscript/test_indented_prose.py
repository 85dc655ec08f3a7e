"""Indented code that is evidently prose is told from code."""

from __future__ import annotations

import pytest

from makeready.manuscript.indented_prose import is_prose

PROSE = [
    "The frost came late that year, and nobody was ready.",
    "“It is late,” she said,\nand closed the door on all of them.",
    "Мороз пришёл поздно в том году, и никто не был готов.",
    "— Il est tard, dit-elle, et elle ferma la porte.",
    "It was cold (in 1985 it was colder) and the wall stood in the rain.",
    "L'hiver vint tard cette année-là, et le jardin dormait encore.",
]
CODE = [
    "make clean && make",
    "print the frost came late that year.",
    "The frost = late; that year it was cold.",
    "def frost(late):\n    return that_year.",
    "SELECT name FROM seeds WHERE planted IS NULL AND water IN (1, 2);",
    "$ makeready build the book and nothing else.",
    "Late frost.",
    "Roses are red and the day is long\nthe wall is old and the bird has a song",
    "Name    Amount   What it costs in all.",
    "Error: cannot open https://example.com for the reason that it is closed.",
    "open the gate and close it again when the cat is in.",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize("text", CODE)
def test_code(text: str) -> None:
    assert not is_prose(text)
