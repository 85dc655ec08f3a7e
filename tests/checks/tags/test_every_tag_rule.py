"""The rules of PDF/UA-1: a clean PDF has no finding, and one fault has its own and no other."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tagged_pdf import SMALL, E, e, table, tagged_pdf

from conftest import makeready
from makeready.checks.tagged_pdf.tagged_pdf import check_tagged_file, check_tags
from makeready.findings import Finding, Findings, SourceLocation

Change = Callable[[pikepdf.Pdf], None]
SCOPE = {"A": table("Table", Scope=Name.Row)}


def findings_of(pdf: pikepdf.Pdf) -> list[Finding]:
    findings = Findings()
    check_tags(pdf, SourceLocation("small.pdf"), findings)
    return list(findings)


def found(pdf: pikepdf.Pdf) -> list[str]:
    return [finding.id for finding in findings_of(pdf)]


def test_the_clean_file_has_no_finding(tmp_path: Path) -> None:
    target = tmp_path / "small.pdf"
    tagged_pdf().save(target)
    findings = Findings()
    check_tagged_file(target, findings)
    assert list(findings) == []


def element(pdf: pikepdf.Pdf, tag: str) -> pikepdf.Object:
    """Return the first element with a tag."""
    stack = [pdf.Root.StructTreeRoot.K[0]]
    while stack:
        item = stack.pop()
        if isinstance(item, Dictionary) and item.get("/S") == f"/{tag}":
            return item
        if isinstance(item, Dictionary):
            stack.extend(reversed(list(item.get("/K", Array()))))
    raise AssertionError(tag)


def _without(tag: str, key: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        del element(pdf, tag)[f"/{key}"]

    return change


def _setting(tag: str, key: str, value: object) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        element(pdf, tag)[f"/{key}"] = value

    return change


def _in_root(key: str, value: object) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root[f"/{key}"] = value

    return change


def _painting(operators: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(operators)

    return change


def _roles(**roles: Name) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.StructTreeRoot.RoleMap = Dictionary(**roles)

    return change


def _unknown_tag(pdf: pikepdf.Pdf) -> None:
    element(pdf, "BlockQuote").S = Name.Citation


def _tag_mapped_to_itself(pdf: pikepdf.Pdf) -> None:
    _unknown_tag(pdf)
    _roles(Citation=Name.Other, Other=Name.Citation)(pdf)


def _twice(pdf: pikepdf.Pdf) -> None:
    section = element(pdf, "Sect")
    section.K.append(section.K[0])


def _malformed(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages.append(pdf.pages[0])
    del page
    second = pdf.pages[1].obj
    second.Contents = pdf.make_stream(b"q [")
    del second["/Annots"], second["/StructParents"]


def _no_unicode(pdf: pikepdf.Pdf) -> None:
    font = pdf.pages[0].resources.Font.F
    font.Encoding = Dictionary(
        BaseEncoding=Name.WinAnsiEncoding, Differences=Array([ord("g"), Name("/g17")])
    )


def _nothing_mapped(pdf: pikepdf.Pdf) -> None:
    font = pdf.pages[0].resources.Font.F
    font.ToUnicode = pdf.make_stream(b"1 beginbfchar <67> <0000> endbfchar")


def _glyph_shown(glyph: int) -> Change:
    """Show a glyph of a composite font with five glyphs, in an artifact."""

    def change(pdf: pikepdf.Pdf) -> None:
        table_place = struct.pack(">LHHHH", 0x10000, 1, 0, 0, 0)
        table_place += struct.pack(">4sLLL", b"maxp", 0, 28, 6)
        program = pdf.make_stream(table_place + struct.pack(">LH", 0x5000, 5))
        descendant = Dictionary(
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Other,
            FontDescriptor=Dictionary(FontName=Name.Other, FontFile2=program),
        )
        pdf.pages[0].resources.Font.G = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name.Other,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([descendant]),
                ToUnicode=pdf.make_stream(b"1 beginbfchar <%04x> <0061> endbfchar" % glyph),
            )
        )
        _painting(b"/Artifact BMC BT /G 9 Tf 20 30 Td <%04x> Tj ET EMC" % glyph)(pdf)

    return change


def _lost_mark(pdf: pikepdf.Pdf) -> None:
    element(pdf, "Quote").K = Array([99])


def _two_tags(pdf: pikepdf.Pdf) -> None:
    element(pdf, "Quote").K.append(element(pdf, "H1").K[0])


def _number_twice(pdf: pikepdf.Pdf) -> None:
    _painting(b"/P << /MCID 0 >> BDC BT /F 9 Tf 20 30 Td (again) Tj ET EMC")(pdf)


def _form(pdf: pikepdf.Pdf, times: int) -> None:
    """Show a form with tagged content, in an element of its own."""
    page, tree = pdf.pages[0], pdf.Root.StructTreeRoot
    form = pdf.make_stream(
        b"/P << /MCID 0 >> BDC BT /F 9 Tf 20 30 Td (form) Tj ET EMC",
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 99, 99]), StructParents=50,
        Resources=page.resources,
    )  # fmt: skip
    page.resources.XObject = Dictionary(X=form)
    mark = Dictionary(Type=Name.MCR, MCID=0, Stm=form, Pg=page.obj)
    section = element(pdf, "Sect")
    made = pdf.make_indirect(Dictionary(S=Name.P, P=section, Pg=page.obj, K=Array([mark])))
    section.K.append(made)
    tree.ParentTree.Nums.extend([50, Array([made])])
    _painting(b"/X Do " * times)(pdf)


def _form_twice(pdf: pikepdf.Pdf) -> None:
    _form(pdf, 2)


def _parents_lost(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/StructParents"]


def _parents_mixed(pdf: pikepdf.Pdf) -> None:
    row = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    row[0], row[1] = row[1], row[0]


def _link(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Annots[0]


def _link_in_no_tag(pdf: pikepdf.Pdf) -> None:
    reference = element(pdf, "Link")
    reference.K = Array([reference.K[0]])


def _link_in_other_tag(pdf: pikepdf.Pdf) -> None:
    element(pdf, "Link").S = Name.Span


def _link_without_words(pdf: pikepdf.Pdf) -> None:
    del _link(pdf)["/Contents"]


def _link_named_by_target(pdf: pikepdf.Pdf) -> None:
    _link(pdf).Contents, _link(pdf).Dest = String("chapter-6"), String("chapter-6")


def _link_parent(pdf: pikepdf.Pdf) -> None:
    _link(pdf).StructParent = 77


def _comment(pdf: pikepdf.Pdf) -> None:
    comment = Dictionary(Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String("Why?"))
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(comment))


def _no_tab_order(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/Tabs"]


def _no_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


def _no_title(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes().replace(b"Small", b"")
    pdf.Root.Metadata.write(packet)


def _text_in_list(pdf: pikepdf.Pdf) -> None:
    _swap_kids(element(pdf, "L"), element(pdf, "Quote"))


def _swap_kids(one: pikepdf.Object, other: pikepdf.Object) -> None:
    """Move the text of an element to another, which the parent tree then follows."""
    one.K = Array([*one.K, *other.K])
    other.S, other.K = Name.NonStruct, Array()


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (_in_root("MarkInfo", Dictionary(Marked=True, Suspects=True)), ["ACC-030"]),
        (_no_metadata, ["ACC-031"]),
        (_no_title, ["ACC-031"]),
        (_unknown_tag, ["ACC-033"]),
        (_tag_mapped_to_itself, ["ACC-033"]),
        (_roles(P=Name.H1), ["ACC-033"]),
        (_in_root("Lang", String("English, please")), ["ACC-034"]),
        (_setting("Quote", "Lang", String("x y")), ["ACC-034"]),
        (_twice, ["ACC-035"]),
        (_no_unicode, ["ACC-037"]),
        (_nothing_mapped, ["ACC-037"]),
        (_glyph_shown(0), ["ACC-063"]),
        (_glyph_shown(1), []),
        (_glyph_shown(4), []),
        (_glyph_shown(5), ["ACC-063"]),
        (_painting(b"BT /F 9 Tf 20 30 Td (lost) Tj ET"), ["ACC-038"]),
        (_painting(b"0 0 9 9 re f"), ["ACC-038"]),
        (_painting(b"/Span BMC 0 0 9 9 re f EMC"), ["ACC-038"]),
        (_painting(b"/Artifact BMC /P << /MCID 99 >> BDC EMC EMC"), ["ACC-040"]),
        (_painting(b"/P << /MCID 99 >> BDC 0 0 9 9 re f EMC"), ["ACC-041"]),
        (_number_twice, ["ACC-041"]),
        (_two_tags, ["ACC-041"]),
        (_form_twice, ["ACC-043"]),
        (_parents_lost, ["ACC-044"]),
        (_parents_mixed, ["ACC-044"]),
        (_link_in_no_tag, ["ACC-045"]),
        (_link_in_other_tag, ["ACC-045"]),
        (_comment, ["ACC-045"]),
        (_link_without_words, ["ACC-046"]),
        (_link_named_by_target, ["ACC-046"]),
        (_no_tab_order, ["ACC-047"]),
        (_link_parent, ["ACC-048"]),
        (_without("Figure", "Alt"), ["ACC-056"]),
        (_setting("Figure", "Alt", String(" ")), ["ACC-056"]),
        (_without("Formula", "Alt"), ["ACC-057"]),
        (_without("Note", "ID"), ["ACC-059"]),
    ],
)
def test_one_fault_in_the_file(change: Change, rules: list[str]) -> None:
    pdf = tagged_pdf()
    change(pdf)
    assert found(pdf) == rules


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: _form(pdf, 1),
        _painting(b"/Artifact BMC 0 0 9 9 re f EMC"),
        _painting(b"0 0 9 9 re W n"),
        _roles(Citation=Name.BlockQuote),
        _setting("Figure", "ActualText", String("W")),
        _in_root("Lang", String("zh-Hant-TW")),
    ],
)
def test_what_is_right_too(change: Change) -> None:
    pdf = tagged_pdf()
    change(pdf)
    assert found(pdf) == []


def test_marks_in_the_wrong_place() -> None:
    pdf = tagged_pdf()
    content = pdf.pages[0].Contents.read_bytes()
    content = content.replace(b"/H2 << /MCID", b"/H2 << /MCID", 1)
    first = content.index(b"EMC", content.index(b"/H1 "))
    inside = content[:first] + b"/Artifact BMC 0 0 1 1 re f EMC " + content[first:]
    pdf.pages[0].Contents = pdf.make_stream(inside)
    assert found(pdf) == ["ACC-039"]


def test_a_tag_without_its_mark_and_a_page_that_cannot_be_read() -> None:
    pdf = tagged_pdf()
    _lost_mark(pdf)
    assert sorted(found(pdf)) == ["ACC-041", "ACC-042"]
    pdf = tagged_pdf()
    pdf.add_blank_page(page_size=(300, 400))
    pdf.pages[1].obj.Contents = pdf.make_stream(b"BT /F 9 Tf (a) Tj ET", Filter=Name.Foo)
    assert found(pdf) == ["ACC-036"]


def test_encryption_that_keeps_readers_out(tmp_path: Path) -> None:
    for allowed, rules in ((False, ["ACC-032"]), (True, [])):
        target = tmp_path / "small.pdf"
        permissions = pikepdf.Permissions(accessibility=allowed)
        # The old encryption is the one in which readers can be kept out.
        encryption = pikepdf.Encryption(
            owner="a", allow=permissions, R=3, aes=False, metadata=False
        )
        tagged_pdf().save(target, encryption=encryption)
        with pikepdf.open(target) as pdf:
            assert found(pdf) == rules


def _item(*kids: str | E) -> E:
    return e("LI", e("Lbl", "1."), *kids)


def _cell(text: str, **span: int) -> E:
    return e("TD", text, A=table("Table", **span)) if span else e("TD", text)


@pytest.mark.parametrize(
    ("tree", "rules"),
    [
        ((e("H1", "One"), e("H2", "Two"), e("H3", "Three"), e("H1", "Four")), []),
        ((e("H2", "One"),), ["ACC-049"]),
        ((e("H1", "One"), e("H3", "Two")), ["ACC-049"]),
        ((e("H", "One"), e("Sect", e("H", "Two"))), []),
        ((e("H", "One"), e("H1", "Two")), ["ACC-050"]),
        ((e("L", _item(e("LBody", "a")), e("L", _item(e("LBody", "b")))),), []),
        ((e("L", e("P", "a")),), ["ACC-051"]),
        ((e("L", "a"),), ["ACC-051"]),
        ((e("L", _item(e("P", "a"))),), ["ACC-051"]),
        ((e("Div", _item(e("LBody", "a"))),), ["ACC-051"]),
        ((e("Table", e("TR", e("P", "a"))),), ["ACC-052"]),
        ((e("Table", e("TD", "a")),), ["ACC-052"]),
        ((e("TR", e("TD", "a")),), ["ACC-052"]),
        ((e("TOC", e("TOCI", "Beds"), e("TOC", e("TOCI", e("P", "Peas")))),), ["ACC-053"]),
        ((e("TOC", e("P", "Beds")),), ["ACC-053"]),
        ((e("TOCI", e("P", "Beds")),), ["ACC-053"]),
        ((e("Table", e("TR", e("TH", "a", **SCOPE), e("TD", "b"))),), []),
        ((e("Table", e("TR", e("TH", "a"), e("TD", "b"))),), ["ACC-054"]),
        (
            (
                e(
                    "Table",
                    e("TR", e("TH", "a", ID=String("h")), e("TH", "b")),
                    e("TR", e("TD", "c", A=table("Table", Headers=Array(["h"]))), e("TD", "d")),
                ),
            ),
            [],
        ),
        ((e("Table", e("TR", _cell("a"), _cell("b")), e("TR", _cell("c"))),), ["ACC-055"]),
        ((e("Table", e("TR", _cell("a"), _cell("b")), e("TR", _cell("c", ColSpan=2))),), []),
        (
            (e("Table", e("TR", _cell("a", RowSpan=2), _cell("b")), e("TR", _cell("c"))),),
            [],
        ),
        ((e("P"),), ["ACC-058"]),
        ((e("L", _item(e("LBody"))),), ["ACC-058"]),
        ((e("Note", "a", ID=String("n")), e("Note", "b", ID=String("n"))), ["ACC-059"] * 2),
    ],
)
def test_a_tree(tree: tuple[E, ...], rules: list[str]) -> None:
    assert found(tagged_pdf(e("Document", *tree))) == rules


def test_hyphens_at_the_ends_of_lines() -> None:
    pdf = tagged_pdf(
        e("Document", e("P", "hun~\ndred well-\nknown sev\xad\nenty ~ "), e("P", "a~"))
    )
    font = pdf.pages[0].resources.Font.F
    font.ToUnicode = pdf.make_stream(b"1 beginbfchar <7e> <2010> endbfchar")
    (finding,) = findings_of(pdf)
    assert finding.id == "ACC-060"
    assert "1 line end" in finding.message
    assert "hun\u2010dred" in finding.message


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("one\ntwo\nthree\nfour", ["ACC-061"]),
        ("one \ntwo\n three \nfour", []),
        ("one\ntwo\nthree", []),
        ("one \ntwo \nthree \nfour\nfive\nsix\nseven", []),
        ("one,\n2\n–\nfour", []),
    ],
)
def test_words_that_run_together(text: str, rules: list[str]) -> None:
    assert found(tagged_pdf(e("Document", e("P", text)))) == rules
    # Each line may have a mark of its own.
    spans = (e("Span", line) for line in text.split("\n"))
    assert found(tagged_pdf(e("Document", e("P", *spans)))) == rules
    assert found(tagged_pdf(e("Document", e("Code", text)))) == []
    drawing = e("Figure", e("Span", text), Alt=String("A scale"))
    assert found(tagged_pdf(e("Document", drawing))) == []


def test_a_finding_names_the_page_and_the_words() -> None:
    (finding,) = findings_of(tagged_pdf(e("Document", e("H2", "The kitchen garden"))))
    assert finding.message == (
        "A heading is of level 2, and it is the first heading on page 1 (“The kitchen garden”)."
    )


def test_many_faults_of_one_kind_are_told_in_part() -> None:
    heads = (e("Figure", draws=True) for _ in range(80))
    assert len(findings_of(tagged_pdf(e("Document", *heads)))) == 1
    figures = (e("Note", f"note {number}") for number in range(80))
    assert len(findings_of(tagged_pdf(e("Document", *figures)))) == 50


def test_the_command_checks_a_pdf_of_any_program(tmp_path: Path) -> None:
    clean, bad = tmp_path / "clean.pdf", tmp_path / "bad.pdf"
    tagged_pdf().save(clean)
    pdf = tagged_pdf()
    _without("Figure", "Alt")(pdf)
    pdf.save(bad)
    run = makeready("check", clean, "--json")
    assert (run.code, run.findings) == (0, [])
    run = makeready("check", clean, bad, "--json")
    assert (run.code, run.findings) == (1, [("ACC-056", bad.as_posix(), None)])


def test_a_pdf_without_tags(tmp_path: Path) -> None:
    target = tmp_path / "plain.pdf"
    pdf = tagged_pdf()
    del pdf.Root.StructTreeRoot
    pdf.save(target)
    findings = Findings()
    check_tagged_file(target, findings)
    assert [finding.id for finding in findings] == ["ACC-001"]


def test_the_sample_has_every_kind_of_element() -> None:
    stack, tags = [SMALL], set[str]()
    while stack:
        one = stack.pop()
        tags.add(one.tag)
        stack += [kid for kid in one.kids if isinstance(kid, E)]
    assert tags >= {"TOC", "Note", "L", "Table", "THead", "Figure", "Formula", "Link", "Quote"}
