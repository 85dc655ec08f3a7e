"""A section's own file as the engine draws it, made into the objects that a whole file takes in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, String

from makeready.pdf.inks import InkConverter
from makeready.pdf.objects import ObjectId, Objects, blank, parse_objects
from makeready.pdf.press import finish_pages

OTHER_SECTION_URL = "https://elsewhere.invalid/#"
"""The address a link to another section has in a fragment, until it is given a place by name."""

_BOXES = ("/MediaBox", "/TrimBox", "/BleedBox")
_DOCUMENT_KEYS = ("/Lang", "/ViewerPreferences", "/MarkInfo")


@dataclass(frozen=True, slots=True)
class ExtractedSection:
    """The objects of a section, and which of them are its pages, its elements and their tree.

    Numbers are places in ``objects``. ``elements`` are the heads of its structure and
    ``parents`` the node that leads from its pages to them, where it is tagged. ``catalog_entries``
    is what
    the file says of the document, as PDF text by key, ``metadata`` its XMP, and ``boxes`` the
    boxes of its first page, which a blank one before it has too.
    """

    objects: Objects
    pages: tuple[int, ...]
    elements: tuple[int, ...] = ()
    parents: int | None = None
    catalog_entries: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[float, ...]] = field(default_factory=dict)
    metadata: bytes = b""


def extract_section(content: bytes, name: str, ink: InkConverter | None) -> ExtractedSection:
    """Cut a section's pages out of the file the engine drew: finished in an ink, or tagged."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = [page.obj for page in pdf.pages]
        known: dict[ObjectId, str] = {pdf.Root.Pages.objgen: "pages"}
        fonts = pages[0].Resources.get("/Font", Dictionary())
        for font in list(fonts.keys()):
            fonts[font] = blank(f"font.{font.removeprefix('/')}")
        elements: list[pikepdf.Object] = []
        parents: list[pikepdf.Object] = []
        if ink is not None:
            finish_pages(pdf, ink)
        else:
            _name_links(pages)
            document = pdf.Root.StructTreeRoot.K[0]
            known[document.objgen] = "document"
            elements = list(document.K)
            parents = [_parent_node(pdf, pages)]
            for element in elements:
                _prefix_ids(element, name)
        objects, numbers = parse_objects([*pages, *elements, *parents], known, pdf)
        return ExtractedSection(
            objects=objects,
            pages=tuple(numbers[page.objgen] for page in pages),
            elements=tuple(numbers[element.objgen] for element in elements),
            parents=numbers[parents[0].objgen] if parents else None,
            catalog_entries=_catalog_entries(pdf),
            boxes={k: tuple(map(float, pages[0][k])) for k in _BOXES if k in pages[0]},
            metadata=pdf.Root.Metadata.read_bytes() if "/Metadata" in pdf.Root else b"",
        )


def _catalog_entries(pdf: pikepdf.Pdf) -> dict[str, str]:
    entries = {k: _text(pdf.Root[k]) for k in _DOCUMENT_KEYS if k in pdf.Root}
    return entries | {f"/Info{key}": _text(String(str(v))) for key, v in pdf.docinfo.items()}


def _text(value: pikepdf.Object) -> str:
    text: bytes = value.unparse(resolved=True)
    return text.decode("latin-1")


def _name_links(pages: Sequence[pikepdf.Object]) -> None:
    """Turn the addresses of other sections into links to named places."""
    for page in pages:
        for annotation in page.get("/Annots", ()):
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if action is not None else ""
            if address.startswith(OTHER_SECTION_URL):
                anchor = address.removeprefix(OTHER_SECTION_URL)
                del annotation["/A"]
                annotation.Dest = String(anchor)
                annotation.Contents = String(anchor)


def _parent_node(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> pikepdf.Object:
    """Make the section's tree of parents a node of a larger one; keys become blanks."""
    rows = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    rows[::2] = keys = [blank(f"key.{int(key)}") for key in rows[::2]]
    for page in pages:
        if "/StructParents" in page:
            page.StructParents = blank(f"key.{int(page.StructParents)}")
        for annotation in page.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = blank(f"key.{int(annotation.StructParent)}")
    node = Dictionary(Limits=Array([keys[0], keys[-1]]), Nums=Array(rows))
    return pdf.make_indirect(node)


def _prefix_ids(element: pikepdf.Object, prefix: str) -> None:
    """Prefix the ids of table headers, and the references to them, below an element."""
    stack = [element]
    while stack:
        current = stack.pop()
        if not isinstance(current, pikepdf.Dictionary):
            continue
        if "/ID" in current:
            current.ID = String(f"{prefix}-{current.ID}")
        attributes = current.get("/A")
        if isinstance(attributes, pikepdf.Dictionary) and "/Headers" in attributes:
            attributes.Headers = Array(
                [String(f"{prefix}-{header}") for header in attributes.Headers]
            )
        kids = current.get("/K")
        if isinstance(kids, pikepdf.Array):
            stack.extend(list(kids))
        elif kids is not None:
            stack.append(kids)
