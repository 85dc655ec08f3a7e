"""The checks on a print interior: a clean file, and the same file broken in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from check_samples import INTERIOR, Break, paint, stream
from pikepdf import Array, Dictionary, Name, Pdf

from makeready.checks.print.interior import check_interior
from makeready.checks.print.requirements import PrintRequirements
from makeready.findings import Findings
from makeready.printers.profile import read_profile

pytest_plugins = ["check_fixtures"]


def check(path: Path, requirements: PrintRequirements = INTERIOR) -> list[tuple[str, str]]:
    findings = Findings()
    check_interior(path, requirements, findings)
    assert {str(finding.location) for finding in findings} <= {path.name}
    return [(finding.id, finding.message) for finding in findings]


def image(pdf: Pdf, space: object) -> pikepdf.Object:
    return stream(
        pdf, b"abc", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
        BitsPerComponent=8, ColorSpace=space,
    )  # fmt: skip


def test_a_clean_interior(interior: Path) -> None:
    assert check(interior) == []


def _wide(pdf: Pdf) -> None:
    pdf.pages[1].obj["/MediaBox"] = Array([0, 0, 432, 648])


def _trimmed(pdf: Pdf) -> None:
    pdf.pages[0].obj["/TrimBox"] = Array([9, 9, 351, 567])


def _third_page(pdf: Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def _turned(pdf: Pdf) -> None:
    pdf.pages[0].rotate(90, relative=False)


def _whole_font(pdf: Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and "/BaseFont" in item:
            item.BaseFont = Name("/" + str(item.BaseFont).partition("+")[2])


def _no_font_file(pdf: Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and "/FontFile2" in item:
            del item["/FontFile2"]


def _attachment(pdf: Pdf) -> None:
    pdf.attachments["note.txt"] = b"hidden"


def _annotation(pdf: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    pdf.pages[1].obj["/Annots"] = Array([pdf.make_indirect(note)])


def _outline(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("One", 0))


def _root(**entries: object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value

    return change


def _page(**entries: object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.pages[1].obj[f"/{key}"] = value

    return change


_AND_THEN = Dictionary(S=Name.GoTo, Next=Dictionary(S=Name.JavaScript, JS=pikepdf.String("1")))
_SCRIPT = Dictionary(S=Name.JavaScript, JS=pikepdf.String("1"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_wide, "PRN-001 PDF page 2: the page is 432 × 648 pt; the trim size is 360 × 576 pt."),
        (_trimmed, "PRN-001 PDF page 1: the page is 342 × 558 pt; the trim size is 360 × 576 pt."),
        (_turned, "PRN-001 PDF page 1: the page is 576 × 360 pt; the trim size is 360 × 576 pt."),
        (_third_page, "PRN-002 The PDF has 3 pages; any printer needs a multiple of 2."),
        (_no_font_file, "PRN-004 The font Letters is not embedded."),
        (_annotation, "PRN-009 PDF page 2: links or comments."),
        (_outline, "PRN-010 The PDF has bookmarks."),
        (_root(OpenAction=_SCRIPT), "PRN-011 The PDF has an action that runs on opening."),
        (
            _root(Names=Dictionary(JavaScript=Dictionary(Names=Array(["a", _SCRIPT])))),
            "PRN-011 The PDF has scripts.",
        ),
        (
            _root(AA=Dictionary(WC=_SCRIPT)),
            "PRN-011 The PDF has actions that run while it is read.",
        ),
        (
            _root(AcroForm=Dictionary(Fields=Array([Dictionary()]))),
            "PRN-011 The PDF has form fields.",
        ),
        (_root(OpenAction=_AND_THEN), "PRN-011 The PDF has an action that runs on"),
        (_page(AA=Dictionary(O=_SCRIPT)), "PRN-011 The PDF has actions that run while it is read."),
        (_root(AcroForm=Dictionary(XFA=Array([]))), "PRN-011 The PDF has form fields."),
        (_root(AF=Array([Dictionary()])), "PRN-014 The PDF has attached files"),
        (_page(AF=Array([Dictionary()])), "PRN-014 The PDF has attached files"),
        (_attachment, "PRN-014 The PDF has attached files"),
        (_root(OCProperties=Dictionary()), "PRN-014 The PDF has layers"),
    ],
)
def test_one_fault(change: Callable[[Pdf], None], expected: str, broken_interior: Break) -> None:
    ((rule, message),) = check(broken_interior(change))
    assert f"{rule} {message}".startswith(expected)


def test_whole_fonts_are_refused_only_by_a_printer_that_needs_subsets(
    broken_interior: Break, interior: Path
) -> None:
    whole = broken_interior(_whole_font)
    assert check(whole) == []
    profile = INTERIOR.profile
    file = replace(profile.rules.file, fonts="subsets")
    strict = replace(profile, rules=replace(profile.rules, file=file))
    needs_subsets = replace(INTERIOR, profile=strict)
    assert check(interior, needs_subsets) == []
    assert check(whole, needs_subsets) == [
        ("PRN-005", "The font Letters is embedded whole; any printer needs subsets.")
    ]


def _fonts(pdf: Pdf) -> dict[str, pikepdf.Object]:
    """Make a font that is not embedded, and a Type 3 font whose one glyph shows its text."""
    bare = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    drawn = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, Name=Name.Drawn, FontBBox=Array([0, 0, 9, 9]),
        FontMatrix=Array([1, 0, 0, 1, 0, 0]), FirstChar=97, LastChar=97, Widths=Array([9]),
        Encoding=Dictionary(Differences=Array([97, Name.a])),
        CharProcs=Dictionary(a=stream(pdf, b"9 0 d0 BT /Bare 1 Tf (x) Tj ET")),
    )  # fmt: skip
    made = {"Bare": pdf.make_indirect(bare), "Drawn": pdf.make_indirect(drawn)}
    made["Drawn"].Resources = Dictionary(Font=Dictionary(Bare=made["Bare"]))
    return made


def _listing(operators: bytes) -> Callable[[Pdf], None]:
    """Return what lists both fonts on a page, and adds operators to it."""
    return lambda pdf: paint(pdf, operators, Font=Dictionary(**_fonts(pdf)))


def _holding(operators: bytes, inner: bytes, kind: str = "XObject") -> Callable[[Pdf], None]:
    """Return what adds operators to a page that lists a form, pattern or state ``Own``."""

    def change(pdf: Pdf) -> None:
        fonts = _fonts(pdf)
        held = stream(
            pdf, inner, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
            PatternType=1, PaintType=1, TilingType=1, XStep=9, YStep=9,
            Resources=Dictionary(Font=Dictionary(**fonts)),
        )  # fmt: skip
        own = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=held)) if kind == "Mask" else held
        category = {"Mask": "ExtGState"}.get(kind, kind)
        paint(pdf, operators, Font=Dictionary(**fonts), **{category: Dictionary(Own=own)})

    return change


def _by_state(pdf: Pdf) -> None:
    state = Dictionary(Font=Array([_fonts(pdf)["Bare"], 9]))
    paint(pdf, b"/Own gs BT (x) Tj ET", ExtGState=Dictionary(Own=state))


_SHOWN = b"BT /Bare 9 Tf (x) Tj ET"
_BARE = ["PRN-004 The font Helvetica is not embedded."]


@pytest.mark.parametrize(
    "change",
    [
        _listing(_SHOWN),
        _listing(b"BT /Bare 9 Tf [-20 (x)] TJ ET"),
        _listing(b"BT /Bare 9 Tf (x) ' ET"),
        _listing(b'BT /Bare 9 Tf 0 0 (x) " ET'),
        _listing(b"q /Drawn 9 Tf Q /Bare 9 Tf q /Drawn 9 Tf Q BT (x) Tj ET"),
        _holding(b"/Own Do", _SHOWN),
        # A form begins with the font of what paints it.
        _holding(b"/Bare 9 Tf /Own Do", b"BT (x) Tj ET"),
        _holding(b"/Pattern cs /Own scn", _SHOWN, "Pattern"),
        _holding(b"/Own gs", _SHOWN, "Mask"),
        _by_state,
    ],
)
def test_a_font_that_text_is_shown_in(
    change: Callable[[Pdf], None], broken_interior: Break
) -> None:
    fonts = [f"{rule} {text}" for rule, text in check(broken_interior(change)) if rule < "PRN-007"]
    assert fonts == _BARE


@pytest.mark.parametrize(
    "change",
    [
        _listing(b""),
        _listing(b"BT /Bare 9 Tf ET"),
        _listing(b"BT /Bare 9 Tf () Tj [-20 ()] TJ ET"),
        _listing(b"q /Bare 9 Tf Q BT (x) Tj ET"),
        _listing(b"BT /Other 9 Tf (x) Tj ET"),
        _holding(b"", _SHOWN),
        _holding(b"/Bare 9 Tf /Own Do", b"BT /Drawn 9 Tf ET"),
    ],
)
def test_a_font_that_no_text_is_shown_in(
    change: Callable[[Pdf], None], broken_interior: Break
) -> None:
    assert check(broken_interior(change)) == []


def test_a_type_3_font_and_the_font_of_its_glyphs(broken_interior: Break) -> None:
    found = check(broken_interior(_listing(b"BT /Drawn 9 Tf (a) Tj ET")))
    assert sorted(found) == [
        ("PRN-004", "The font Helvetica is not embedded."),
        ("PRN-006", "The font Drawn is a Type 3 font."),
    ]


def test_the_fonts_of_a_page_that_cannot_be_read(broken_interior: Break) -> None:
    def change(pdf: Pdf) -> None:
        _nested(101)(pdf)
        for name, font in _fonts(pdf).items():
            pdf.pages[1].resources.Font[f"/{name}"] = font

    found = [rule for rule, _ in check(broken_interior(change))]
    assert sorted(found) == ["PRN-004", "PRN-006", "PRN-013"]


def test_too_few_pages_for_the_printer(interior: Path) -> None:
    kdp = replace(INTERIOR, profile=read_profile("kdp"), paper="cream")
    assert check(interior, kdp) == [
        ("PRN-003", "The PDF has 2 pages; Amazon KDP binds no fewer than 24.")
    ]


def _operator(pdf: Pdf) -> None:
    paint(pdf, b"1 0 0 RG")


def _named_space(pdf: Pdf) -> None:
    paint(pdf, b"/DeviceRGB cs 1 0 0 sc")


def _lab(pdf: Pdf) -> None:
    lab = Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])
    paint(pdf, b"/Own cs 1 0 0 scn", ColorSpace=Dictionary(Own=lab))


def _icc(pdf: Pdf) -> None:
    paint(pdf, b"/Own CS", ColorSpace=Dictionary(Own=Array([Name.ICCBased, stream(pdf, b"", N=4)])))


def _in_a_form(pdf: Pdf) -> None:
    form = stream(pdf, b"1 0 0 rg", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0] * 4))
    paint(pdf, b"/Own Do", XObject=Dictionary(Own=form))


def _in_a_form_that_draws_itself(pdf: Pdf) -> None:
    form = stream(
        pdf, b"/Own Do 1 0 0 rg", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0] * 4)
    )
    form.Resources = Dictionary(XObject=Dictionary(Own=form))
    paint(pdf, b"/Own Do", XObject=Dictionary(Own=form))


def _nested(depth: int) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        inner = stream(pdf, b"1 0 0 rg", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0] * 4))
        for _ in range(depth - 1):
            inner = stream(
                pdf, b"/Own Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0] * 4),
                Resources=Dictionary(XObject=Dictionary(Own=inner)),
            )  # fmt: skip
        paint(pdf, b"/Own Do", XObject=Dictionary(Own=inner))

    return change


def _shading(pdf: Pdf) -> None:
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB)
    paint(pdf, b"/Own sh", Shading=Dictionary(Own=shading))


def _pattern(pdf: Pdf) -> None:
    tile = stream(pdf, b"1 0 0 rg", PatternType=1, Resources=Dictionary())
    paint(pdf, b"/Pattern cs /Own scn", Pattern=Dictionary(Own=tile))


def _mask(pdf: Pdf) -> None:
    form = stream(pdf, b"1 0 0 rg", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0] * 4))
    state = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=form))
    paint(pdf, b"/Own gs", ExtGState=Dictionary(Own=state))


def _spot(pdf: Pdf) -> None:
    space = Array([Name.Separation, Name.Gold, Name.DeviceRGB, Dictionary()])
    paint(pdf, b"/Own cs 1 scn", ColorSpace=Dictionary(Own=space))


def _image(pdf: Pdf) -> None:
    paint(pdf, b"/Own Do", XObject=Dictionary(Own=image(pdf, Name.DeviceRGB)))


def _palette_image(pdf: Pdf) -> None:
    space = Array([Name.Indexed, Name.DeviceRGB, 0, pikepdf.String(b"abc")])
    paint(pdf, b"/Own Do", XObject=Dictionary(Own=image(pdf, space)))


def _inline_image(pdf: Pdf) -> None:
    paint(pdf, b"BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI")


@pytest.mark.parametrize(
    ("change", "rule", "space"),
    [
        (_operator, "PRN-007", "DeviceRGB"),
        (_named_space, "PRN-007", "DeviceRGB"),
        (_lab, "PRN-007", "Lab"),
        (_icc, "PRN-007", "ICCBased"),
        (_in_a_form, "PRN-007", "DeviceRGB"),
        (_nested(100), "PRN-007", "DeviceRGB"),
        (_in_a_form_that_draws_itself, "PRN-007", "DeviceRGB"),
        (_shading, "PRN-007", "DeviceRGB"),
        (_pattern, "PRN-007", "DeviceRGB"),
        (_mask, "PRN-007", "DeviceRGB"),
        (_spot, "PRN-007", "DeviceRGB"),
        (_image, "PRN-008", "DeviceRGB"),
        (_palette_image, "PRN-008", "DeviceRGB"),
        (_inline_image, "PRN-008", "DeviceRGB"),
    ],
)
def test_a_colour_that_is_not_of_ink(
    change: Callable[[Pdf], None], rule: str, space: str, broken_interior: Break
) -> None:
    ((found, message),) = check(broken_interior(change))
    assert found == rule
    assert message.startswith("PDF page 2: ") and f"in {space}; it must be" in message


def test_forms_nested_without_end_are_reported(broken_interior: Break) -> None:
    ((rule, message),) = check(broken_interior(_nested(101)))
    assert rule == "PRN-013"
    assert message.endswith("page 2: more than 100 forms lie one within the other.")


def _listed_only(pdf: Pdf) -> None:
    paint(pdf, b"", ColorSpace=Dictionary(Own=Array([Name.Lab, Dictionary()])))


def _ink(pdf: Pdf) -> None:
    paint(pdf, b"0 0 0 1 k 0 g BI /W 1 /H 1 /IM true /BPC 1 ID a EI")


def _grey_image(pdf: Pdf) -> None:
    paint(pdf, b"/Own Do", XObject=Dictionary(Own=image(pdf, Name.DeviceGray)))


def _a_place_to_open_at(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])


def _half_a_point(pdf: Pdf) -> None:
    for key in ("/MediaBox", "/BleedBox", "/TrimBox"):
        pdf.pages[0].obj[key] = Array([0, 0, 360.4, 575.6])


@pytest.mark.parametrize(
    "change", [_listed_only, _ink, _grey_image, _a_place_to_open_at, _half_a_point]
)
def test_what_a_printer_can_live_with(
    change: Callable[[Pdf], None], broken_interior: Break
) -> None:
    assert check(broken_interior(change)) == []


@pytest.mark.parametrize("user", ["", "secret"])
def test_encryption(user: str, interior: Path, tmp_path: Path) -> None:
    target = tmp_path / "book.pdf"
    with pikepdf.open(interior) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="owner", user=user))
    assert check(target) == [("PRN-012", "The PDF is encrypted.")]


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf(content: bytes, tmp_path: Path) -> None:
    target = tmp_path / "book.pdf"
    target.write_bytes(content)
    ((rule, message),) = check(target)
    assert rule == "PRN-013"
    assert str(tmp_path) not in message


def test_pages_are_named_in_ranges(interior: Path, tmp_path: Path) -> None:
    target = tmp_path / "book.pdf"
    with pikepdf.open(interior) as pdf, pikepdf.open(interior) as other:
        for _ in range(3):
            pdf.pages.extend(other.pages)
        for number in (0, 1, 2, 5):
            pdf.pages[number].obj["/MediaBox"] = Array([0, 0, 400, 600])
        pdf.save(target)
    ((_, message),) = check(target)
    assert message.startswith("PDF pages 1–3, 6: the page is 400 × 600 pt")
