"""Pages of every trim size keep the printer's margins and a readable line."""

from __future__ import annotations

import pytest

from makeready.layout.environment import house_styles
from makeready.pdf.geometry import page_geometry
from makeready.printers.profile import read_profile

TRIMS = [
    (width * 72, height * 72)
    for limit in read_profile("kdp").page_limits
    for width, height in limit.trims_in
]


@pytest.mark.parametrize("pages", [24, 150, 151, 300, 301, 500, 501, 700, 701, 828])
@pytest.mark.parametrize(("width_pt", "height_pt"), TRIMS)
def test_margins(width_pt: float, height_pt: float, pages: int) -> None:
    kdp = read_profile("kdp")
    page = page_geometry(
        width_pt,
        height_pt,
        kdp.gutter_pt(pages),
        kdp.outside_margin_pt(),
        house_styles() / "measures.toml",
    )
    assert page.inner_pt >= kdp.gutter_pt(pages) + 1
    assert min(page.outer_pt, page.top_pt, page.bottom_pt) >= kdp.outside_margin_pt() + 1
    assert page.measure_pt <= 27.01 * page.size_pt
    assert page.top_pt + page.bottom_pt + page.line_count * page.leading_pt == pytest.approx(
        height_pt, abs=0.02
    )
    assert page.inner_pt + page.measure_pt + page.outer_pt == pytest.approx(width_pt)


def test_the_repository_book() -> None:
    page = page_geometry(360, 576, 27, 18, house_styles() / "measures.toml")
    letters_to_a_line = page.measure_pt / page.size_pt / 0.382
    assert 60 <= letters_to_a_line <= 66
    assert page.outer_pt > page.inner_pt
    assert page.bottom_pt > page.top_pt
