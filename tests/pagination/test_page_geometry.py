"""Pages of every trim size keep the printer's margins and a readable line."""

from __future__ import annotations

from pathlib import Path

import pytest

from makeready.book.styles_folder import built_in_styles
from makeready.errors import FindingsError
from makeready.pagination.measures import TypeSize
from makeready.pagination.page_geometry import page_geometry
from makeready.printers.profile import printer_names, read_profile

HEAD_PT = 10.5
"""How far a running head reaches over the blank line above the text."""

TRIMS = [
    (name, width * 72, height * 72)
    for name in printer_names()
    for row in read_profile(name).rules.sizes
    for width, height in row.trims_in
]


@pytest.mark.parametrize(("name", "width_pt", "height_pt"), TRIMS)
def test_margins(name: str, width_pt: float, height_pt: float) -> None:
    printer, measures = read_profile(name), built_in_styles() / "measures.toml"
    for pages in (24, 150, 151, 300, 301, 500, 501, 700, 701, 828):
        gutter_pt, outside_pt = printer.gutter_pt(pages), printer.outside_margin_pt()
        page = page_geometry(width_pt, height_pt, gutter_pt, outside_pt, measures)
        assert page.inner_pt >= gutter_pt + 1, pages
        assert min(page.outer_pt, page.top_pt, page.bottom_pt) >= outside_pt + 1, pages
        assert page.top_pt - page.leading_pt - HEAD_PT >= outside_pt + 1, pages
        assert page.measure_pt <= 32.01 * page.size_pt
        text_height_pt = page.line_count * page.leading_pt
        assert page.top_pt + page.bottom_pt + text_height_pt == pytest.approx(height_pt, abs=0.02)
        assert page.inner_pt + page.measure_pt + page.outer_pt == pytest.approx(width_pt)


@pytest.mark.parametrize(
    ("width", "height", "head_in"),
    [(5, 8, 0.5), (5.5, 8.5, 0.5), (6, 9, 0.5), (8.5, 8.5, 0.5), (4, 6, 0.28)],
)
def test_running_heads_keep_half_an_inch_where_there_is_room(
    width: float, height: float, head_in: float
) -> None:
    kdp = read_profile("kdp")
    assert kdp.outside_margin_pt() == 18
    measures = built_in_styles() / "measures.toml"
    page = page_geometry(width * 72, height * 72, kdp.gutter_pt(200), 18, measures)
    assert page.top_pt - page.leading_pt - HEAD_PT >= head_in * 72
    assert page.bottom_pt >= page.top_pt


def test_the_repository_book() -> None:
    page = page_geometry(360, 576, 27, 18, built_in_styles() / "measures.toml")
    letters_to_a_line = page.measure_pt / page.size_pt / 0.382
    assert 60 <= letters_to_a_line <= 66
    assert page.outer_pt > page.inner_pt
    assert page.bottom_pt > page.top_pt


@pytest.mark.parametrize(("width", "is_wide"), [(6, False), (7, True)])
def test_tables_have_widths_of_their_own_on_wide_pages(width: float, is_wide: bool) -> None:
    page = page_geometry(width * 72, 10 * 72, 27, 18, built_in_styles() / "measures.toml")
    assert ("var(--on-wide-pages)" in page.rule(mirrored=True)) is is_wide


def test_an_edition_has_a_type_size_of_its_own() -> None:
    measures = built_in_styles() / "measures.toml"
    usual = page_geometry(6 * 72, 9 * 72, 27, 18, measures)
    small = page_geometry(6 * 72, 9 * 72, 27, 18, measures, type_size=TypeSize(10.5))
    assert (usual.size_pt, usual.leading_pt, usual.line_count) == (12.0, 15.5, 32)
    assert (small.size_pt, small.leading_pt, small.line_count) == (10.5, 13.5, 37)
    assert small.measure_pt == pytest.approx(usual.measure_pt)
    assert "--head-size:8.31pt;--head-leading:10.5pt;--note-size:8.92pt" in small.rule(
        mirrored=True
    )
    tiny = page_geometry(6 * 72, 9 * 72, 27, 18, measures, type_size=TypeSize(8))
    assert tiny.measure_pt == pytest.approx(29 * 8)
    large = page_geometry(6 * 72, 9 * 72, 27, 18, measures, type_size=TypeSize(16, 22))
    assert (large.size_pt, large.leading_pt) == (16, 22)
    assert large.measure_pt == pytest.approx(usual.measure_pt)


def test_a_file_with_one_table_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    own = tmp_path / "measures.toml"
    own.write_text("[type]\nhead_size_pt = 8\nrule_pt = 1\n", "utf-8")
    page = page_geometry(6 * 72, 9 * 72, 27, 18, (built_in_styles() / "measures.toml", own))
    assert "--head-size:8pt;" in page.rule(mirrored=True) and "--rule:1pt;" in page.rule(
        mirrored=True
    )
    assert page.line_count == 32


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("[scripts.jpan]\nsize = 0.01\n", r"measures\.toml:2: .*size"),
        ("[scripts.jpan]\nleading = 0.01\n", r"measures\.toml:2: .*leading"),
        ("[scripts.japn]\nsize = 0.9\n", r"measures\.toml:1: no script “japn” is known"),
        (
            "[[measure]]\nup_to_width_in = 99.0\nsize_pt = 11.0\nleading_pt = 14.0\n"
            "line_em = 0.3\n[scripts.jpan]\nwhole_em = true\n",
            r"measures\.toml:5: .* no room for a letter",
        ),
    ],
)
def test_measures_that_hold_no_text_are_errors(tmp_path: Path, own: str, words: str) -> None:
    (tmp_path / "measures.toml").write_text(own, "utf-8")
    files = (built_in_styles() / "measures.toml", tmp_path / "measures.toml")
    with pytest.raises(FindingsError, match=words):
        page_geometry(6 * 72, 9 * 72, 27, 18, files, language="ja")
