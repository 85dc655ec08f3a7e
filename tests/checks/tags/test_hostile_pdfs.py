"""Tagged PDFs made to keep a reader busy: each is read in about linear time, and never crashes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tagged_pdf import e, tagged_pdf

from makeready.checks.reading.read_aloud import read_aloud
from makeready.checks.tagged_pdf.tagged_pdf import check_tags
from makeready.findings import Findings, SourceLocation

Change = Callable[[pikepdf.Pdf, int], None]


def _open_marks(pdf: pikepdf.Pdf, size: int) -> None:
    pdf.pages[0].contents_add(b"/Span BMC /P << /MCID 7 >> BDC 0 0 1 1 re f " * size)


def _ends_of_nothing(pdf: pikepdf.Pdf, size: int) -> None:
    pdf.pages[0].contents_add(b"EMC Q " * size)


def _forms(pdf: pikepdf.Pdf, size: int) -> None:
    """Show forms that each show the next one ten times, and the last of them the first."""
    forms = [
        pdf.make_stream(
            b"/X Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
        )
        for _ in range(max(size // 1000, 2))
    ]
    for one, other in zip(forms, [*forms[1:], forms[0]], strict=True):
        one.Resources = Dictionary(XObject=Dictionary(X=other))
    pdf.pages[0].resources.XObject = Dictionary(X=forms[0])
    pdf.pages[0].contents_add(b"/X Do")


def _text_in_form(pdf: pikepdf.Pdf, size: int) -> None:
    """Show a form with much text again and again."""
    resources = pdf.pages[0].resources
    shown = b"BT /F 9 Tf 9 9 Td (%b) Tj ET" % (b"word " * size)
    form = pdf.make_stream(
        shown, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
        Resources=Dictionary(Font=resources.Font),
    )  # fmt: skip
    resources.XObject = Dictionary(X=form)
    pdf.pages[0].contents_add(b"/P << /MCID 0 >> BDC %b EMC" % (b"/X Do " * size))


def _unicode_map(pdf: pikepdf.Pdf, size: int) -> None:
    font = pdf.pages[0].resources.Font.F
    ranges = b"<0000> <ffff> <0041> " * size
    font.ToUnicode = pdf.make_stream(
        b"beginbfchar " * size + b"beginbfrange " + ranges + b"endbfrange"
    )


def _role_map(pdf: pikepdf.Pdf, size: int) -> None:
    names = [Name(f"/R{number}") for number in range(size)]
    mapped = dict(zip(map(str, names), [*names[1:], names[0]], strict=True))
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(mapped)
    document = pdf.Root.StructTreeRoot.K[0]
    for name in names[:200]:
        document.K.append(pdf.make_indirect(Dictionary(Type=Name.StructElem, S=name)))


def _wide_row(pdf: pikepdf.Pdf, size: int) -> None:
    cells = Array([Dictionary(S=Name.TD, K=Array([0])) for _ in range(size)])
    row = Dictionary(S=Name.TR, K=cells)
    pdf.Root.StructTreeRoot.K[0].K.append(Dictionary(S=Name.Table, K=Array([row])))


def _many_rows_of_high_cells(pdf: pikepdf.Pdf, size: int) -> None:
    high = Dictionary(O=Name.Table, RowSpan=1000, ColSpan=1000)
    rows = [Dictionary(S=Name.TR, K=Array([Dictionary(S=Name.TD, A=high)])) for _ in range(size)]
    pdf.Root.StructTreeRoot.K[0].K.append(Dictionary(S=Name.Table, K=Array(rows)))


def _parent_tree_in_itself(pdf: pikepdf.Pdf, size: int) -> None:
    tree = pdf.Root.StructTreeRoot.ParentTree
    tree.Kids = Array([tree] * size)


def _values_of_other_types(pdf: pikepdf.Pdf, _: int) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    document.K.extend([True, String("x"), Name.X, Array(), Dictionary(Type=Name.MCR)])
    for key in ("Alt", "ActualText", "Lang", "ID", "E"):
        document[f"/{key}"] = 7
    document.A, document.C, document.Pg = String("x"), Array([1]), 3
    pdf.Root.StructTreeRoot.RoleMap = Array()
    pdf.Root.StructTreeRoot.ParentTree = Dictionary(Nums=Array([Name.X, 1, 2]), Kids=7)
    pdf.Root.MarkInfo = Name.X
    pdf.pages[0].obj.Annots = Array([7, Dictionary(Subtype=7, F=Name.X), Name.X])
    pdf.pages[0].obj.StructParents = Name.X
    font = pdf.pages[0].resources.Font.F
    font.ToUnicode, font.Encoding = 7, Dictionary(BaseEncoding=7, Differences=Array([Name.X, "x"]))


def _operands_of_other_types(pdf: pikepdf.Pdf, _: int) -> None:
    pdf.pages[0].contents_add(
        b"/P 7 BDC /P /None BDC BMC (x) BMC EMC Tj /F Tf /F /F Tf Tm cm Td TL Do 7 Do (a) Tj "
        b"[/X 7] TJ"
    )


@pytest.mark.parametrize(
    "change",
    [
        _open_marks,
        _ends_of_nothing,
        _forms,
        _text_in_form,
        _unicode_map,
        _role_map,
        _wide_row,
        _many_rows_of_high_cells,
        _parent_tree_in_itself,
        _values_of_other_types,
        _operands_of_other_types,
    ],
)
def test_it_is_read_in_seconds(change: Change) -> None:
    pdf = tagged_pdf(e("Document", e("P", "Words")))
    change(pdf, 4000)
    begin = time.process_time()
    findings = Findings()
    check_tags(pdf, SourceLocation("x.pdf"), findings)
    assert read_aloud(pdf) is not None
    assert time.process_time() - begin < 10
