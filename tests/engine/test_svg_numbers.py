"""Numbers in drawings mean what the engine takes them for."""

from __future__ import annotations

from contextlib import nullcontext
from unittest.mock import patch

import weasyprint.svg
from weasyprint import HTML

from makeready.engine.svg_numbers import svg_numbers_read

DRAWING = """
<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="120" viewBox="0 0 100 100">
  <path d="M1.5.5 10,10L20-5e-1 1e1 2q1 1 2 2t3 3c1 1 2 2 3 3a3 4 0 01 5 5h3v-2H5V6z"/>
  <rect x="10%" y="1em" width="2ex" height=" 3 " rx="1px"/>
  <circle cx="50" cy="5mm" r="4" stroke-width=".5" stroke="black"/>
  <text x="1rem" y="20pt" font-size="6" letter-spacing="0.1em">words</text>
  <line x1="" y1="nonsense" x2="40" y2="1in" stroke="black" stroke-dasharray="2 1mm"/>
  <use href="#none" x="3"/>
</svg>
"""


def test_a_drawing_is_as_the_engine_draws_it() -> None:
    made = []
    for reading in (nullcontext(), svg_numbers_read()):
        with reading:
            made.append(HTML(string=DRAWING).write_pdf())
    assert made[0] == made[1]


def test_numbers_without_a_unit_are_not_looked_at_again() -> None:
    looked_at = []

    def size(string: str, *_: object) -> float:
        looked_at.append(string)
        return 1.0

    with patch.object(weasyprint.svg, "size", size), svg_numbers_read():
        assert [weasyprint.svg.size(text) for text in ("1.5", " 2", "3mm", "")] == [1.5, 2.0, 1, 0]
    assert looked_at == ["3mm"]
