"""PDFs that other programs made: true findings for a printer, and never a crash."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from conftest import makeready
from makeready.build import check_file
from makeready.build.check_file import ExternalFiles, check_external_files
from makeready.build.request import BuildResult
from makeready.errors import UsageError

Change = Callable[[Pdf], None]


def written(
    path: Path, change: Change = lambda _: None, content: bytes = b"", **options: object
) -> Path:
    """Write 24 pages of 6 × 9 in, changed in one place; each has a square in its middle."""
    with Pdf.new() as pdf:
        for _ in range(24):
            page = pdf.add_blank_page(page_size=(432, 648))
            page.contents_add(b"0 g 200 300 20 20 re f " + content)
        change(pdf)
        pdf.save(path, **options)
    return path


def proved(path: Path, printer: str = "kdp", **what: object) -> BuildResult:
    return check_external_files(
        ExternalFiles(interior=path, printer=printer, **what), lambda _: None, 60
    )


def found(path: Path, printer: str = "kdp", **what: object) -> list[str]:
    outcome = proved(path, printer, **what)
    assert {finding.location.path for finding in outcome.findings if finding.location} <= {
        path.as_posix()
    }
    return sorted({finding.id for finding in outcome.findings})


def draws_itself(pdf: Pdf) -> None:
    form = pdf.make_stream(b"/Again Do")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    form.Resources = Dictionary(XObject=Dictionary(Again=form))
    form = pdf.make_indirect(form)
    form.Resources.XObject.Again = form
    page = pdf.pages[2]
    page.Resources = Dictionary(XObject=Dictionary(Again=form))
    page.contents_add(b"/Again Do")


def in_every_page(**entries: object) -> Change:
    def change(pdf: Pdf) -> None:
        for page in pdf.pages:
            for key, value in entries.items():
                page.obj[f"/{key}"] = value

    return change


def shortened(pdf: Pdf) -> None:
    del pdf.pages[20:]


def emptied(pdf: Pdf) -> None:
    del pdf.pages[:]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda _: None, []),
        (emptied, ["PRN-063"]),
        (shortened, ["PRN-003"]),
        (draws_itself, []),
        (in_every_page(MediaBox=Array([0, 0, 2_000_000, 2_000_000])), ["PRN-062"]),
        (in_every_page(UserUnit=2), ["PRN-062"]),
        (in_every_page(Rotate=90), ["PRN-062"]),
        (in_every_page(Rotate=180), []),
        (in_every_page(Annots=Array([Dictionary(Subtype=Name.Text)])), ["PRN-009"]),
        (in_every_page(MediaBox=Array([0, 0])), []),
        (in_every_page(Rotate=Name.Up), []),
        (in_every_page(UserUnit=Name.Large), []),
    ],
    ids=[
        "sound",
        "no pages",
        "short",
        "itself",
        "huge",
        "unit",
        "90",
        "180",
        "note",
        "no box",
        "no turn",
        "no number",
    ],
)
def test_a_file_from_elsewhere(tmp_path: Path, change: Change, wanted: list[str]) -> None:
    assert found(written(tmp_path / "own.pdf", change)) == wanted


def with_a_page(number: int, times: float, content: bytes = b"") -> Change:
    def change(pdf: Pdf) -> None:
        page = pdf.pages[number - 1]
        page.MediaBox = Array([0, 0, 432 * times, 648])
        page.contents_add(content)

    return change


@pytest.mark.parametrize(
    ("times", "wanted"),
    [(1, ["PRN-042"]), (1.99, ["PRN-001", "PRN-042"]), (2.01, ["PRN-001"])],
)
def test_no_page_of_another_kind_is_measured(
    tmp_path: Path, times: float, wanted: list[str]
) -> None:
    change = with_a_page(3, times, b"200 0 20 20 re f")
    assert found(written(tmp_path / "own.pdf", change)) == wanted


@pytest.mark.parametrize("number", [1, 3, 24])
def test_the_size_of_most_pages_is_the_book_s(tmp_path: Path, number: int) -> None:
    path = written(tmp_path / "own.pdf", with_a_page(number, 1.5))
    ((finding),) = proved(path).findings
    assert finding.id == "PRN-001"
    assert finding.message.startswith(f"PDF page {number}: the page is 648 × 648 pt; the trim size")


@pytest.mark.parametrize(("times", "wanted"), [(1, "PRN-017"), (3, "PRN-001")])
def test_nor_is_its_ink(tmp_path: Path, times: float, wanted: str) -> None:
    change = with_a_page(3, times, b"1 1 1 1 k 200 300 20 20 re f")
    sound, path = written(tmp_path / "sound.pdf"), written(tmp_path / "own.pdf", change)
    before, after = (found(one, "ingramspark", ink="standard-colour") for one in (sound, path))
    assert set(after) - set(before) == {wanted}


def test_a_last_page_of_another_kind_is_not_said_to_be_printed(tmp_path: Path) -> None:
    sound = found(written(tmp_path / "sound.pdf"), "ingramspark")
    other = found(written(tmp_path / "own.pdf", with_a_page(24, 3)), "ingramspark")
    assert set(sound) ^ set(other) == {"PRN-024", "PRN-001"}


def painted_with(operators: bytes, **resources: object) -> Change:
    def change(pdf: Pdf) -> None:
        page = pdf.pages[2]
        page.Resources = Dictionary({f"/{kind}": value for kind, value in resources.items()})
        page.contents_add(operators)

    return change


def nested(pdf: Pdf) -> None:
    """Have forms show forms, deeper than any program looks."""
    inner = pdf.make_stream(b"")
    for _ in range(2000):
        outer = pdf.make_stream(b"/In Do")
        outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        outer.Resources = Dictionary(XObject=Dictionary(In=inner))
        inner = outer
    painted_with(b"/In Do", XObject=Dictionary(In=inner))(pdf)


@pytest.mark.parametrize(
    "change",
    [
        painted_with(b"/Own gs", ExtGState=Dictionary(Own=Dictionary(ca=Name.Half))),
        painted_with(b"/Own gs", ExtGState=Dictionary(Own=Array([]))),
        painted_with(b"/Own cs 1 sc", ColorSpace=Dictionary(Own=Array([]))),
        painted_with(b"/Own cs 1 sc", ColorSpace=Dictionary(Own=Array([Name.ICCBased]))),
        painted_with(b"/Own cs 1 sc", ColorSpace=Dictionary(Own=Array([Name.Separation]))),
        painted_with(b"/A cs 1 sc", ColorSpace=Dictionary(A=Name.B, B=Name.A)),
        painted_with(b"/Own sh", Shading=Dictionary(Own=Array([]))),
        painted_with(b"/Own Do", XObject=Dictionary(Own=Name.Own)),
        painted_with(b"/Pattern cs /Own scn", Pattern=Dictionary(Own=Array([]))),
        painted_with(b"(a) g (b) (c) k cs scn gs Do sh 1 g Q Q Q"),
        painted_with(b".5 g BT /F Tf 1 Tm (a) Td Tj (a) Tj Q ET .5 0 cm"),
        in_every_page(Annots=Array([Name.Note, Dictionary(AP=Dictionary(N=Name.None_))])),
        in_every_page(Annots=Name.None_),
        in_every_page(TrimBox=Array([0, 0])),
        in_every_page(BleedBox=Name.Wide),
        nested,
    ],
)
def test_nonsense_is_told_or_passed_over(tmp_path: Path, change: Change) -> None:
    path = written(tmp_path / "own.pdf", change)
    assert set(found(path, ink="premium-colour")) <= {"PRN-009", "PRN-013", "PRN-052", "PRN-060"}


def test_one_with_a_password(tmp_path: Path) -> None:
    locked = pikepdf.Encryption(owner="one", user="two")
    assert found(written(tmp_path / "locked.pdf", encryption=locked)) == ["PRN-012"]


@pytest.mark.parametrize("kept", [0, 5, 400])
def test_one_that_was_cut_off(tmp_path: Path, kept: int) -> None:
    path = written(tmp_path / "cut.pdf")
    path.write_bytes(path.read_bytes()[:kept])
    outcome = proved(path)
    assert outcome.failed
    assert not any(str(tmp_path) in finding.message for finding in outcome.findings)


@pytest.mark.parametrize(
    ("printer", "ink", "wanted"),
    [
        ("kdp", "black", "PRN-060 warning"),
        ("ingramspark", "black", "PRN-007 error"),
        ("lulu", "black", "PRN-060 warning"),
        ("lulu", "premium-colour", ""),
    ],
)
def test_what_a_printer_takes_of_rgb(tmp_path: Path, printer: str, ink: str, wanted: str) -> None:
    plain, coloured = written(tmp_path / "p.pdf"), written(tmp_path / "c.pdf", content=b"1 0 0 rg ")
    before, after = (
        {f"{finding.id} {finding.severity}" for finding in proved(path, printer, ink=ink).findings}
        for path in (plain, coloured)
    )
    assert after - before == ({wanted} if wanted else set())


def test_a_cover_is_measured_for_its_interior(tmp_path: Path) -> None:
    interior, cover = written(tmp_path / "own.pdf"), tmp_path / "cover.pdf"
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(700, 700))
        pdf.save(cover)
    findings = proved(interior, cover=cover, paper="white").findings
    assert [(f.id, f.location and f.location.path) for f in findings] == [
        ("COV-021", cover.as_posix())
    ]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="File not found"):
        proved(tmp_path / "none.pdf")
    with pytest.raises(UsageError, match="Unknown printer"):
        proved(written(tmp_path / "own.pdf"), "kpd")


@pytest.mark.slow
def test_on_the_command_line(tmp_path: Path) -> None:
    path = written(tmp_path / "own.pdf", in_every_page(UserUnit=2))
    run = makeready("check", "--printer", "kdp", path, "--json")
    assert (run.code, run.findings) == (1, [("PRN-062", path.as_posix(), None)])
    # Without a printer it is checked for readers with assistive technology.
    run = makeready("check", path, "--json")
    assert (run.code, ("ACC-001", path.as_posix(), None) in run.findings) == (1, True)
    assert makeready("check", path, "--cover", path).code == 2


def painting_in_each_other(levels: int, times: int, *, own_resources: bool = True) -> Change:
    """Have forms paint the next form several times each, level by level."""

    def change(pdf: Pdf) -> None:
        forms = {}
        inner = None
        for level in range(levels):
            content = f"/F{level - 1} Do ".encode() * times if level else b""
            form = pdf.make_indirect(pdf.make_stream(content))
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
            if own_resources:
                named = {} if inner is None else {f"/F{level - 1}": inner}
                form.Resources = Dictionary(XObject=Dictionary(named))
            inner = forms[f"/F{level}"] = form
        painted_with(f"/F{levels - 1} Do".encode(), XObject=Dictionary(forms))(pdf)

    return change


@pytest.mark.parametrize("own_resources", [True, False])
@pytest.mark.parametrize(
    ("levels", "times", "wanted"), [(18, 2, ["PRN-052"]), (30, 10, ["PRN-052"]), (10, 2, [])]
)
def test_forms_that_would_never_be_painted_to_the_end(
    tmp_path: Path, levels: int, times: int, own_resources: bool, wanted: list[str]
) -> None:
    change = painting_in_each_other(levels, times, own_resources=own_resources)
    path = written(tmp_path / "own.pdf", change)
    assert found(path) == wanted
    for finding in proved(path).findings:
        assert "page 3 paints more than 200,000 forms" in finding.message


def with_metadata(metadata: bytes) -> Change:
    def change(pdf: Pdf) -> None:
        pdf.Root.Metadata = pdf.make_stream(metadata, Type=Name.Metadata, Subtype=Name.XML)

    return change


_RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%b</rdf:RDF>'
_PACKET = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>%b<?xpacket end="w"?>' % _RDF


@pytest.mark.parametrize(
    ("metadata", "wanted"),
    [
        (_RDF % b"", []),
        (_PACKET % b"", []),
        (_PACKET % b"" + b" " * 2000, []),
        (b"", []),
        (b"<x/>", ["PRN-068"]),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///dev/zero">]><x>&e;</x>', ["PRN-068"]),
        (_RDF % b"<rdf:Description", ["PRN-068"]),
        (b"nothing", ["PRN-068"]),
    ],
)
def test_metadata_that_are_none(tmp_path: Path, metadata: bytes, wanted: list[str]) -> None:
    change = with_metadata(metadata)
    path = written(tmp_path / "own.pdf", change, fix_metadata_version=False)
    assert found(path) == wanted
    run = makeready("check", "--printer", "kdp", path)
    assert "Traceback" not in run.err
    assert "parsing" not in run.err


def with_filter(name: str, **parameters: object) -> Change:
    def change(pdf: Pdf) -> None:
        page = pdf.pages[2]
        page.Contents = pdf.make_indirect(pdf.make_stream(b"0 g"))
        page.Contents.write(
            b"0 g", filter=Name(name), decode_parms=Dictionary(**parameters), type_check=False
        )

    return change


@pytest.mark.parametrize(
    ("bits", "colours", "columns"), [(2**28, 2**28, 2), (3, 1, 1), (8, 2**30, 2**30), (-8, -1, -1)]
)
@pytest.mark.parametrize("name", ["/LZWDecode", "/FlateDecode"])
def test_filters_that_nothing_can_decode(
    tmp_path: Path, name: str, bits: int, colours: int, columns: int
) -> None:
    change = with_filter(name, Predictor=12, BitsPerComponent=bits, Colors=colours, Columns=columns)
    path = written(tmp_path / "own.pdf", change)
    assert "PRN-013" in found(path)
    run = makeready("check", "--printer", "kdp", path)
    assert run.code == 1
    assert "Traceback" not in run.err
    assert "bug" not in run.err


def test_a_check_that_reaches_its_time_limit_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*_: object) -> None:
        time.sleep(60)

    monkeypatch.setattr(check_file, "_interior", slowly)
    path = written(tmp_path / "own.pdf")
    outcome = check_external_files(ExternalFiles(interior=path, printer="kdp"), lambda _: None, 1)
    ((finding),) = outcome.findings
    assert (finding.id, str(finding.location)) == ("PRN-069", path.as_posix())
    assert finding.message == ("The check did not finish: Checking own.pdf took longer than 1 s.")
