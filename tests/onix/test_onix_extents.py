"""The pages of an interior, as the trade counts them."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from makeready.onix.extents import interior_extents


@pytest.mark.parametrize(("blanks", "highest"), [(0, "4"), (1, "3"), (4, None)])
def test_a_number_on_a_blank_page_does_not_count(
    tmp_path: Path, blanks: int, highest: str | None
) -> None:
    """Two pages in Roman numbers, then four, the last of them blank."""
    path = tmp_path / "interior.pdf"
    with pikepdf.new() as pdf:
        for number in range(6):
            page = pdf.add_blank_page(page_size=(360, 576))
            if number < 6 - blanks:
                page.contents_add(b"0 0 9 9 re f")
        styles = [(0, "/r"), (2, "/D")]
        numbers = [
            one
            for first, style in styles
            for one in (first, pikepdf.Dictionary(S=pikepdf.Name(style)))
        ]
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(numbers))
        pdf.save(path)
    counted = {extent.kind: extent.value for extent in interior_extents(path)}
    assert counted == ({"00": highest} if highest else {}) | {"06": "6"}
