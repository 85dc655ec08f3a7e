"""Cover geometry against the printers' worked examples, and the areas on covers."""

import pytest

from makeready.book.model import Edition, EditionKind
from makeready.errors import UsageError
from makeready.printers.cover import CoverBox, cover_geometry
from makeready.printers.print_job import print_job
from printer_editions import PAGES, jobs_with_cover, name_of

IN = 25.4


def job(printer, paper="cream", binding="paperback", trim=(6, 9), **more):
    width, height = trim
    return print_job(
        Edition(
            "wrap",
            EditionKind.PRINT,
            width * 72.0,
            height * 72.0,
            printer=printer,
            paper=paper,
            binding=binding,
            **more,
        )
    )


def sides(box):
    return box.left_mm, box.top_mm, box.right_mm, box.bottom_mm


def sides_in(box):
    return tuple(side / IN for side in sides(box))


@pytest.mark.parametrize(
    ("printer", "paper", "binding", "pages", "width_in", "height_in"),
    [
        ("kdp", "cream", "paperback", 240, 12.850, 9.250),
        ("kdp", "white", "paperback", 200, 12.700, 9.250),
        ("kdp", "cream", "hardcover", 240, 14.364, 10.417),
        ("kdp", "white", "hardcover", 200, 14.214, 10.417),
        ("ingramspark", "cream", "hardcover", 200, 13.88 + 0.625, 10.5),
        ("ingramspark", "cream", "paperback", 400, 12.25 + 0.890, 9.25),
        ("lulu", "white", "paperback", 210, 920 / 72, 666 / 72),
        ("lulu", "white", "hardcover", 210, 1.5 + 12.25 + 0.75, 9 + 0.25 + 1.5),
    ],
)
def test_worked_examples(printer, paper, binding, pages, width_in, height_in):
    cover = cover_geometry(job(printer, paper, binding), pages)
    assert cover.width_mm / IN == pytest.approx(width_in, abs=0.006)
    assert cover.height_mm / IN == pytest.approx(height_in, abs=0.0005)
    assert cover.width_pt == pytest.approx(cover.width_mm / IN * 72)


@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.parametrize("one", list(jobs_with_cover()), ids=name_of)
def test_every_area_is_within_its_panel(one, right_to_left):
    cover = cover_geometry(one, PAGES, right_to_left=right_to_left)
    rules = one.profile.rules
    sheet = CoverBox(0, 0, cover.width_mm, cover.height_mm)
    left, right = (cover.front, cover.back) if right_to_left else (cover.back, cover.front)
    assert sides(cover.trim) == pytest.approx(sides(sheet.inset(cover.edge_mm)))
    assert left.left_mm == pytest.approx(cover.edge_mm)
    assert right.right_mm == pytest.approx(cover.width_mm - cover.edge_mm)
    assert left.right_mm <= cover.spine.left_mm + 1e-9
    assert cover.spine.right_mm <= right.left_mm + 1e-9
    assert cover.spine.width_mm == pytest.approx(cover.spine_width.width_mm)
    assert cover.spine.left_mm + cover.spine.width_mm / 2 == pytest.approx(cover.width_mm / 2)
    assert cover.front.contains(cover.front_safe)
    assert cover.back.contains(cover.back_safe)
    assert (cover.spine_text is None) is (rules.spine_text is None)
    assert cover.spine_text is None or cover.spine.contains(cover.spine_text)
    assert (cover.barcode is None) is (rules.barcodes == ())
    assert cover.barcode is None or cover.back.contains(cover.barcode)
    places = (cover.front_safe, cover.back_safe, cover.barcode, cover.spine_text)
    for hinge in cover.hinges:
        for readable in filter(None, places):
            apart = readable.right_mm <= hinge.left_mm + 1e-6
            assert apart or readable.left_mm >= hinge.right_mm - 1e-6
    for edge in (cover.spine.left_mm, cover.spine.right_mm):
        assert any(fold == pytest.approx(edge) for fold in cover.folds_mm)
    assert len(cover.folds_mm) == (2 if one.edition.binding == "paperback" else 4)
    assert list(cover.folds_mm) == sorted(cover.folds_mm)


def test_kdp_paperback_in_inches():
    cover = cover_geometry(job("kdp"), 240)
    assert sides_in(cover.back) == pytest.approx((0.125, 0.125, 6.125, 9.125))
    assert sides_in(cover.spine) == pytest.approx((6.125, 0.125, 6.725, 9.125))
    assert sides_in(cover.front) == pytest.approx((6.725, 0.125, 12.725, 9.125))
    # A quarter of an inch from the file's edge, as much from the spine's fold as from the trim.
    assert sides_in(cover.front_safe) == pytest.approx((6.85, 0.25, 12.6, 9.0))
    assert sides_in(cover.spine_text) == pytest.approx((6.1875, 0.25, 6.6625, 9.0))
    assert sides_in(cover.barcode) == pytest.approx((3.875, 7.675, 5.875, 8.875))
    assert cover.barcode.pdf_rect_pt(cover.height_mm) == pytest.approx(
        (3.875 * 72, 0.375 * 72, 5.875 * 72, 1.575 * 72)
    )


def test_kdp_barcode_of_a_book_read_from_right_to_left_is_on_the_lower_left():
    cover = cover_geometry(job("kdp"), 240, right_to_left=True)
    assert cover.back.left_mm > cover.front.left_mm
    assert cover.barcode.left_mm - cover.spine.right_mm == pytest.approx(0.25 * IN)


def test_kdp_case_in_millimetres():
    cover = cover_geometry(job("kdp", binding="hardcover"), 240)
    assert (cover.back.width_mm, cover.back.height_mm) == pytest.approx((157.4, 234.6))
    assert cover.edge_mm == pytest.approx(15)
    assert cover.spine.left_mm == pytest.approx(cover.back.right_mm)
    assert [hinge.width_mm for hinge in cover.hinges] == pytest.approx([10, 10])
    assert cover.hinges[0].right_mm == pytest.approx(cover.back.right_mm)
    assert cover.back.right_mm - 10 - cover.barcode.right_mm == pytest.approx(0.25 * IN)
    assert cover.back.bottom_mm - cover.barcode.bottom_mm == pytest.approx(0.375 * IN)
    assert cover.height_mm - cover.barcode.bottom_mm > 0.76 * IN


def test_ingramspark_case_has_its_hinges_beside_the_boards():
    cover = cover_geometry(job("ingramspark", binding="hardcover"), 200)
    assert sides_in(cover.back) == pytest.approx((0.625, 0.625, 6.44, 9.875))
    assert cover.hinges[0].left_mm == pytest.approx(cover.back.right_mm)
    assert cover.hinges[0].right_mm == pytest.approx(cover.spine.left_mm)
    assert cover.hinges[0].width_mm == pytest.approx(0.5 * IN)


@pytest.mark.parametrize(
    ("printer", "paper", "pages", "clearance_in"),
    [
        ("kdp", "cream", 78, None),
        ("kdp", "cream", 79, 0.0625),
        ("kdp", "cream", 80, 0.0625),
        ("ingramspark", "cream", 46, None),
        ("ingramspark", "cream", 48, 0.03125),
        ("ingramspark", "cream", 150, 0.03125),
        ("ingramspark", "cream", 152, 0.0625),
        ("lulu", "white", 80, None),
        ("lulu", "white", 84, None),  # allowed, but the clearance leaves no room
        ("lulu", "white", 100, 0.125),
        ("generic", "", 200, 0.125),
    ],
)
def test_the_area_for_spine_text(printer, paper, pages, clearance_in):
    one = job(printer, paper, spine_mm=20.0 if printer == "generic" else None)
    cover = cover_geometry(one, pages)
    if clearance_in is None:
        assert cover.spine_text is None
    else:
        room = cover.spine_text.left_mm - cover.spine.left_mm
        assert room == pytest.approx(clearance_in * IN)
        assert cover.spine.right_mm - cover.spine_text.right_mm == pytest.approx(room)


@pytest.mark.parametrize(
    ("printer", "size_in"),
    [("kdp", (2.0, 1.2)), ("ingramspark", (1.75, 1.0)), ("lulu", (3.625, 1.25))],
)
def test_the_area_for_the_barcode(printer, size_in):
    box = cover_geometry(job(printer, "white"), 200).barcode
    assert (box.width_mm / IN, box.height_mm / IN) == pytest.approx(size_in)


def test_the_spine_of_the_template_determines_the_sheet():
    cover = cover_geometry(job("kdp", spine_mm=20.0), 240)
    assert cover.width_mm == pytest.approx(2 * 6.125 * IN + 20)
    assert cover.spine_width.basis == "template"


@pytest.mark.parametrize(
    ("printer", "binding"),
    [("bnpress", "paperback"), ("lulu", "linen-wrap"), ("lulu", "coil")],
)
def test_a_cover_without_published_measures_is_refused(printer, binding):
    with pytest.raises(UsageError) as refused:
        cover_geometry(job(printer, binding=binding, spine_mm=10.0), 200)
    assert "publishes no cover size for" in refused.value.message
