"""A section's pages extracted from the PDF that the engine wrote of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, String

from makeready.pdf.inks import InkConverter
from makeready.pdf.objects import ObjectId, Objects, parse_objects, placeholder
from makeready.pdf.press import finish_pages
from makeready.pdf.transparency import remove_transparency_groups

OTHER_SECTION_URL = "https://elsewhere.invalid/#"
"""The start of the URL by which a section's document links to an anchor in another section."""

_BOXES = ("/MediaBox", "/TrimBox", "/BleedBox")
_DOCUMENT_KEYS = ("/Lang", "/ViewerPreferences", "/MarkInfo")


@dataclass(frozen=True, slots=True)
class ExtractedSection:
    """The objects of a section, and which of them the linker has to refer to.

    ``pages``, ``elements`` (the top structure elements) and ``parent_tree`` (the node of the
    parent tree; None if the section is not tagged) are numbers of ``objects``. So are the values
    of ``element_ids``, the structure elements that have an id in the whole file.
    ``catalog_entries`` are entries for the catalog and, with the prefix ``/Info``, for the
    document information, as PDF text. ``boxes`` are those of the first page, which blank pages
    beside it get too, and ``metadata`` is the XMP packet.
    """

    objects: Objects
    pages: tuple[int, ...]
    elements: tuple[int, ...] = ()
    parent_tree: int | None = None
    element_ids: dict[str, int] = field(default_factory=dict)
    catalog_entries: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[float, ...]] = field(default_factory=dict)
    metadata: bytes = b""


def extract_section(content: bytes, name: str, ink: InkConverter | None) -> ExtractedSection:
    """Extract the section ``name`` from the PDF that the engine wrote of it.

    With an ``ink`` the pages are finished for the press; without, they keep links and tags.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = [page.obj for page in pdf.pages]
        outside: dict[ObjectId, str] = {pdf.Root.Pages.objgen: "pages"}
        fonts = pages[0].Resources.get("/Font", Dictionary())
        for font in list(fonts.keys()):
            fonts[font] = placeholder(f"font.{font.removeprefix('/')}")
        elements: list[pikepdf.Object] = []
        parent_trees: list[pikepdf.Object] = []
        named: list[pikepdf.Object] = []
        if ink is not None:
            finish_pages(pdf, ink)
            for page in pdf.pages:
                remove_transparency_groups(page)
        else:
            _link_by_name(pages)
            document = pdf.Root.StructTreeRoot.K[0]
            outside[document.objgen] = "document"
            # A page that is one decorative image has none.
            elements = list(document.get("/K", ()))
            parent_trees = [_parent_tree_node(pdf, pages)]
            for element in elements:
                named += _prefix_ids(element, name)
        objects, numbers = parse_objects([*pages, *elements, *parent_trees], outside, pdf)
        return ExtractedSection(
            objects=objects,
            pages=tuple(numbers[page.objgen] for page in pages),
            elements=tuple(numbers[element.objgen] for element in elements),
            parent_tree=numbers[parent_trees[0].objgen] if parent_trees else None,
            element_ids={str(element.ID): numbers[element.objgen] for element in named},
            catalog_entries=_catalog_entries(pdf),
            boxes={k: tuple(map(float, pages[0][k])) for k in _BOXES if k in pages[0]},
            metadata=pdf.Root.Metadata.read_bytes() if "/Metadata" in pdf.Root else b"",
        )


def _catalog_entries(pdf: pikepdf.Pdf) -> dict[str, str]:
    entries = {k: _pdf_text(pdf.Root[k]) for k in _DOCUMENT_KEYS if k in pdf.Root}
    return entries | {f"/Info{key}": _pdf_text(String(str(v))) for key, v in pdf.docinfo.items()}


def _pdf_text(value: pikepdf.Object) -> str:
    text: bytes = value.unparse(resolved=True)
    return text.decode("latin-1")


def _link_by_name(pages: Sequence[pikepdf.Object]) -> None:
    """Turn links with the URL of another section into links to a named destination."""
    for page in pages:
        for annotation in page.get("/Annots", ()):
            action = annotation.get("/A")
            url = str(action.get("/URI", "")) if action is not None else ""
            if url.startswith(OTHER_SECTION_URL):
                anchor = url.removeprefix(OTHER_SECTION_URL)
                del annotation["/A"]
                annotation.Dest = String(anchor)


def _parent_tree_node(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> pikepdf.Object:
    """Make the section's parent tree a node of the whole file's (ISO 32000-1, 14.7.4.4).

    Its keys become placeholders, there and in the pages, forms and annotations that have them.
    """
    rows = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    rows[::2] = keys = [placeholder(f"key.{int(key)}") for key in rows[::2]]
    for drawn in (*pages, *_forms(pages)):
        if "/StructParents" in drawn:
            drawn.StructParents = placeholder(f"key.{int(drawn.StructParents)}")
    for page in pages:
        for annotation in page.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = placeholder(f"key.{int(annotation.StructParent)}")
    node = Dictionary(Limits=Array([keys[0], keys[-1]]), Nums=Array(rows))
    return pdf.make_indirect(node)


def _forms(pages: Sequence[pikepdf.Object]) -> Iterator[pikepdf.Object]:
    """Yield the forms that pages show, also those in other forms, once each."""
    seen: set[ObjectId] = set()
    stack = list(pages)
    while stack:
        resources = stack.pop().get("/Resources", Dictionary())
        for form in resources.get("/XObject", Dictionary()).values():
            if form.get("/Subtype") == "/Form" and form.objgen not in seen:
                seen.add(form.objgen)
                stack.append(form)
                yield form


def _prefix_ids(element: pikepdf.Object, prefix: str) -> list[pikepdf.Object]:
    """Prefix the ids of structure elements, and the references to them; return those with one.

    They are numbered from the start in each section; in the whole file they must differ.
    """
    named: list[pikepdf.Object] = []
    stack = [element]
    while stack:
        current = stack.pop()
        if not isinstance(current, pikepdf.Dictionary):
            continue
        if "/ID" in current:
            current.ID = String(f"{prefix}-{current.ID}")
            named.append(current)
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
    return named
