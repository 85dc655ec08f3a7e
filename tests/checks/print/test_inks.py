"""The inks of an interior: how much lies on one spot, and which are not the book's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from check_samples import Break, Change, fill_up, paint, painting, printer, proved, stream
from pikepdf import Array, Dictionary, Name, Object, Pdf

from makeready.checks.print import total_ink
from makeready.checks.print.requirements import PrintRequirements

pytest_plugins = ["check_fixtures"]

INGRAM = printer("ingramspark")
IN_COLOUR = replace(INGRAM, ink="premium-colour")
LULU = replace(printer("lulu"), ink="premium-colour")
GENERIC = replace(printer("generic"), ink="premium-colour")
KDP = printer("kdp")


def four_pages(change: Change) -> Change:
    def run(pdf: Pdf) -> None:
        change(pdf)
        fill_up(pdf, 4)

    return run


def multiplied(pdf: Pdf) -> None:
    state = Dictionary(M=Dictionary(BM=Name.Multiply))
    squares = b"1 1 0 0 k 100 100 50 50 re f /M gs 0 0 1 1 k 100 100 50 50 re f"
    paint(pdf, squares, ExtGState=state)


def image(samples: bytes, space: object) -> Change:
    def change(pdf: Pdf) -> None:
        picture = stream(
            pdf, samples * 90_000, Type=Name.XObject, Subtype=Name.Image, Width=300,
            Height=300, BitsPerComponent=8, ColorSpace=space,
        )  # fmt: skip
        paint(pdf, b"72 0 0 72 100 100 cm /Own Do", XObject=Dictionary(Own=picture))

    return change


def spot(name: str = "/Gold") -> Change:
    def change(pdf: Pdf) -> None:
        turned = Dictionary(FunctionType=2, N=1, C0=Array([0] * 4), C1=Array([0, 0.2, 0.6, 0.2]))
        turned.Domain = Array([0, 1])
        space = Array([Name.Separation, Object.parse(name.encode()), Name.DeviceCMYK, turned])
        paint(pdf, b"/Own cs 1 scn 100 100 50 50 re f", ColorSpace=Dictionary(Own=space))

    return change


SQUARE = b" 100 100 50 50 re f"
DEEP = painting(b"0.7 0.4 0.4 1 k" + SQUARE)


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        (painting(b"0.6 0.4 0.4 1 k" + SQUARE), IN_COLOUR, None),
        (DEEP, IN_COLOUR, "PRN-017 PDF page 2: total ink coverage is 250 %;"),
        (DEEP, LULU, None),
        (
            image(b"\xb2\x66\x66\xff", Name.DeviceCMYK),
            IN_COLOUR,
            "PRN-017 PDF page 2: total ink coverage is 250",
        ),
        (multiplied, GENERIC, "PRN-017 PDF page 2: total ink coverage is 400 %"),
        # What is narrower than a millimetre dries.
        (painting(b"1 1 1 1 k 100 100 200 1 re f"), IN_COLOUR, None),
        # What is of red, green and blue alone has no ink yet.
        (painting(b"0 g 0 1 0 0 k 10 w 100 400 50 50 re f 0 0 0 rg" + SQUARE), LULU, None),
        (painting(b"1 1 1 1 k" + SQUARE), KDP, "PRN-029 PDF page 2: inks other than black,"),
    ],
    ids=["rich", "deep", "elsewhere", "image", "multiplied", "thin", "rgb", "no limit"],
)
def test_total_ink(
    change: Change, requirements: PrintRequirements, expected: str | None, broken_interior: Break
) -> None:
    found = proved(broken_interior(four_pages(change)), requirements)
    assert [line[: len(expected or "")] for line in found] == ([expected] if expected else [])


def gs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what puts a script in the place of Ghostscript; with nothing in it, there is none."""

    def put(script: str) -> None:
        monkeypatch.setenv("PATH", str(folder))
        if script:
            program = folder / "gs"
            program.write_text("#!/bin/sh\n" + script, encoding="utf-8")
            program.chmod(0o700)

    return put


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("", "Ghostscript is not installed."),
        ("exit 1", "Ghostscript cannot render it."),
        ("exit 0", "Ghostscript cannot render it."),
        ("echo '   **** Error: it is broken.' >&2", "Ghostscript cannot render it: Error: it is"),
        ("exec /bin/sleep 30", "Ghostscript took longer than 0.5 s."),
    ],
)
def test_what_cannot_be_measured_is_told(
    script: str,
    reason: str,
    broken_interior: Break,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = broken_interior(four_pages(DEEP))
    monkeypatch.setattr(total_ink, "_SECONDS", 0.5)
    (tmp_path / "bin").mkdir()
    gs(tmp_path / "bin", monkeypatch)(script)
    (found,) = proved(path, IN_COLOUR)
    assert found.startswith(f"PRN-018 PDF page 2: total ink coverage was not measured: {reason}")


def test_a_book_in_black_needs_no_ghostscript(
    broken_interior: Break, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    black = painting(b"0 0 0 1 k" + SQUARE + b" 0 g 0.5 g" + SQUARE)
    assert proved(broken_interior(four_pages(black)), IN_COLOUR) == []


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        (spot(), IN_COLOUR, "PRN-026 PDF page 2: spot colour Gold; IngramSpark prints"),
        (spot(), replace(KDP, ink="premium-colour"), "PRN-027 PDF page 2: spot colour"),
        (spot(), GENERIC, None),
        (spot("/Black"), IN_COLOUR, None),
        (spot("/Gr#fcn"), IN_COLOUR, "PRN-026 PDF page 2: spot colour Gr#fcn; Ingram"),
        (painting(b"0 1 0 0 k" + SQUARE), INGRAM, "PRN-028 PDF page 2: inks other than"),
        (painting(b"0 1 0 0 K" + SQUARE), KDP, "PRN-029 PDF page 2: inks other than"),
        (painting(b"/DeviceCMYK cs 0 0 .5 1 sc" + SQUARE), KDP, "PRN-029 PDF page 2: inks other"),
        (painting(b"q /DeviceCMYK cs Q .5 sc" + SQUARE), KDP, None),
        (painting(b"0 0 0 .5 k" + SQUARE), INGRAM, None),
        (image(b"\0\0\0", Name.DeviceRGB), KDP, "PRN-061 PDF page 2: image in DeviceRGB"),
        (image(b"\0\0\0\xff", Name.DeviceCMYK), INGRAM, "PRN-028 PDF page 2: inks other"),
    ],
)
def test_inks_that_are_not_the_book_s(
    change: Change, requirements: PrintRequirements, expected: str | None, broken_interior: Break
) -> None:
    found = proved(broken_interior(four_pages(change)), requirements)
    assert [line[: len(expected or "")] for line in found] == ([expected] if expected else [])


def profiled(channels: int, colour: bytes) -> Change:
    def change(pdf: Pdf) -> None:
        space = Array([Name.ICCBased, stream(pdf, b"", N=channels)])
        operators = b"/Own cs " + colour + b" scn 100 100 50 50 re f"
        paint(pdf, operators, ColorSpace=Dictionary(Own=space))

    return change


@pytest.mark.parametrize(
    ("change", "requirements", "expected"),
    [
        # A grey is grey, whatever its profile; but where no profile is taken.
        (profiled(1, b"0.5"), KDP, []),
        (profiled(1, b"0.5"), INGRAM, ["PRN-007"]),
        (profiled(3, b"0 0 0"), KDP, ["PRN-060"]),
        (profiled(4, b"0 0 0 1"), KDP, ["PRN-060"]),
        (profiled(4, b"0 1 0 1"), KDP, ["PRN-029", "PRN-060"]),
        (profiled(4, b"1 1 1 1"), LULU, ["PRN-017"]),
    ],
)
def test_what_has_a_profile(
    change: Change, requirements: PrintRequirements, expected: list[str], broken_interior: Break
) -> None:
    found = proved(broken_interior(four_pages(change)), requirements)
    assert sorted(line[:7] for line in found) == expected


def shaded(*ends: tuple[float, ...]) -> Change:
    def change(pdf: Pdf) -> None:
        between = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]))
        between.C0, between.C1 = (Array(end) for end in ends)
        shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Function=between)
        shading.Coords = Array([0, 0, 9, 9])
        paint(pdf, b"q 100 100 50 50 re W n /Own sh Q", Shading=Dictionary(Own=shading))

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (shaded((0, 0, 0, 0), (0, 0, 0, 1)), []),
        (shaded((0, 0, 0, 0), (0, 1, 0, 1)), ["PRN-029"]),
    ],
)
def test_a_shading_goes_between_its_inks(
    change: Change, expected: list[str], broken_interior: Break
) -> None:
    found = proved(broken_interior(four_pages(change)), KDP)
    assert [line[:7] for line in found] == expected


def test_what_an_annotation_looks_like_is_looked_at(broken_interior: Break) -> None:
    def stamped(pdf: Pdf) -> None:
        look = stream(pdf, b"1 0 0 rg", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0] * 4))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 9, 9]))
        note.AP = Dictionary(N=Dictionary(On=look))
        pdf.pages[1].obj["/Annots"] = Array([pdf.make_indirect(note)])

    found = proved(broken_interior(stamped), KDP)
    assert sorted(line[:7] for line in found) == ["PRN-009", "PRN-060"]
