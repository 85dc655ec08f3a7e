"""A small tagged PDF that conforms to PDF/UA-1, of every kind of element, made by hand."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from pikepdf import Array, Dictionary, Name, String

PAGE = (300, 400)
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">Small</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


@dataclass
class E:
    """An element: its tag, the texts and elements in it, and the keys of its dictionary."""

    tag: str
    kids: tuple[str | E, ...] = ()
    keys: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    draws: bool = False


def e(tag: str, *kids: str | E, link: str = "", draws: bool = False, **keys: Any) -> E:
    """Return an element; a line end in a text begins a line."""
    return E(tag, kids, keys, link, draws)


def table(owner: str, **attributes: Any) -> Dictionary:
    return Dictionary(O=Name(f"/{owner}"), **attributes)


HEAD = {"A": table("Table", Scope=Name.Column)}
SMALL = e(
    "Document",
    e(
        "Sect",
        e("H1", "The garden"),
        e("TOC", e("TOCI", e("Reference", e("Link", "Beds 1", link="Beds, page 1")))),
        e(
            "P",
            "It is old\xad\nfashioned and ",
            e("Span", "tout petit", Lang=String("fr")),
            ", says ",
            e("Span", "RHS", E=String("Royal Society")),
            e("Reference", e("Link", "1", link="Note 1")),
            ".",
        ),
        e("Note", e("Lbl", e("Link", "1", link="Back from note 1")), "A note.", ID=String("n1")),
        e("H2", "Beds"),
        e(
            "L",
            e("LI", e("Lbl", "1."), e("LBody", e("P", "Beans"))),
            e("LI", e("Lbl", "2."), e("LBody", "Peas ", e("Link", "here", link="Peas"))),
            A=table("List", ListNumbering=Name.Decimal),
        ),
        e(
            "Table",
            e("Caption", "Yields"),
            e("THead", e("TR", e("TH", "Bed", **HEAD), e("TH", "Pounds", **HEAD))),
            e("TBody", e("TR", e("TD", "North"), e("TD", "4")), e("TR", e("TD", "South"), e("TD"))),
        ),
        e("Figure", draws=True, Alt=String("A wall"), A=table("Layout", BBox=Array([0, 0, 9, 9]))),
        e("Formula", draws=True, Alt=String("x squared")),
        e("BlockQuote", e("P", e("Quote", "Dig."))),
    ),
)


@cache
def font_file() -> bytes:
    """Return a static TrueType font of the letters of ASCII."""
    spec = find_spec("fontpkg_fira_code")
    assert spec is not None and spec.submodule_search_locations
    source = Path(next(iter(spec.submodule_search_locations))) / "files" / "FiraCode[wght].ttf"
    font = TTFont(source)
    subsetter = Subsetter(Options(layout_features=[], notdef_outline=True))
    subsetter.populate(unicodes=[*range(32, 127), 0xAD])
    subsetter.subset(font)
    target = io.BytesIO()
    instantiateVariableFont(font, {"wght": 400}).save(target)
    return target.getvalue()


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    program = font_file()
    made = TTFont(io.BytesIO(program))
    scale = 1000 / made["head"].unitsPerEm
    characters, metrics = made.getBestCmap(), made["hmtx"]
    widths = [
        round(metrics[characters[code]][0] * scale) if code in characters else 600
        for code in range(32, 256)
    ]
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/AAAAAA+Fira"), Flags=32, ItalicAngle=0,
        FontBBox=Array([-1000, -500, 2000, 1500]), Ascent=900, Descent=-200, CapHeight=700,
        StemV=80, FontFile2=pdf.make_stream(program, Length1=len(program)),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/AAAAAA+Fira"),
            FirstChar=32,
            LastChar=255,
            Widths=Array(widths),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


class _Writer:
    """The writer of one page and its structure tree."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.content = [b"/Artifact BMC BT /F 8 Tf 20 10 Td (1) Tj ET EMC"]
        self.parents: list[pikepdf.Object] = []
        self.annotations: list[tuple[pikepdf.Object, pikepdf.Object]] = []
        self.top = PAGE[1]

    def write(self, element: E, parent: pikepdf.Object, page: pikepdf.Object) -> pikepdf.Object:
        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.tag}"), P=parent, Pg=page)
        )
        for key, value in element.keys.items():
            # An object belongs to the first file that it is put into.
            made[f"/{key}"] = pikepdf.Object.parse(value.unparse())
        kids = Array()
        for kid in element.kids:
            kids.append(
                self._mark(element.tag, kid, made)
                if isinstance(kid, str)
                else self.write(kid, made, page)
            )
        if element.draws:
            kids.append(self._mark(element.tag, "", made))
        if element.link:
            annotation = self.pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array([20, 20, 40, 30]),
                    F=4,
                    Contents=String(element.link),
                    Border=Array([0, 0, 0]),
                    Dest=Array([page, Name.Fit]),
                )
            )
            self.annotations.append((annotation, made))
            kids.append(Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page))
        if len(kids):
            made.K = kids
        return made

    def _mark(self, tag: str, text: str, element: pikepdf.Object) -> int:
        number = len(self.parents)
        self.parents.append(element)
        self.content.append(b"/%b << /MCID %d >> BDC" % (tag.encode(), number))
        for line in text.split("\n"):
            self.top -= 12
            if line:
                self.content.append(b"BT /F 10 Tf 20 %d Td %b ET" % (self.top, _shown(line)))
        if not text:
            self.content.append(b"20 %d 5 5 re f" % self.top)
        self.content.append(b"EMC")
        return number


def _shown(text: str) -> bytes:
    return b"<%b> Tj" % text.encode("cp1252").hex().encode()


def tagged_pdf(tree: E = SMALL) -> pikepdf.Pdf:
    """Return a PDF of one page with a structure tree."""
    pdf = pikepdf.Pdf.new()
    page = pdf.add_blank_page(page_size=PAGE).obj
    writer = _Writer(pdf)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    root.K = Array([writer.write(tree, root, page)])
    numbers = Array([0, Array(writer.parents)])
    for key, (annotation, element) in enumerate(writer.annotations, start=1):
        annotation.StructParent = key
        numbers.extend([key, element])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(writer.annotations) + 1
    page.Contents = pdf.make_stream(b"\n".join(writer.content))
    page.Resources = Dictionary(Font=Dictionary(F=_font(pdf)))
    page.StructParents, page.Tabs = 0, Name.S
    page.Annots = Array([annotation for annotation, _ in writer.annotations])
    catalog = pdf.Root
    catalog.StructTreeRoot, catalog.Lang = root, String("en-GB")
    catalog.MarkInfo = Dictionary(Marked=True)
    catalog.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    catalog.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    catalog.Metadata = pdf.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("The garden", 0))
    pdf.docinfo["/Title"] = "Small"
    return pdf
