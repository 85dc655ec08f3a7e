"""The structure tree of a merged file: one document over the sections' own trees."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String


class StructureTree:
    """Takes in the trees of fragments whose pages are already in the merged file."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root)
        )
        self._kids: list[pikepdf.Object] = []
        self._numbers: list[int | pikepdf.Object] = []
        self._next_key = 0

    def take(self, source: pikepdf.Pdf, pages: Sequence[pikepdf.Object], prefix: str) -> None:
        """Take in the tree of ``source``; ``pages`` are its pages as copied.

        Ids of table cells get ``prefix``, so that they stay unique in the whole.
        """
        tree = source.Root.StructTreeRoot
        document = self._pdf.copy_foreign(tree.K[0])
        parents = list(self._pdf.copy_foreign(source.make_indirect(tree.ParentTree)).Nums)
        for kid in document.K:
            kid.P = self._document
            self._kids.append(kid)
            _prefix_ids(kid, prefix)
        highest = -1
        for key, value in zip(parents[::2], parents[1::2], strict=True):
            self._numbers += [self._next_key + int(key), value]
            highest = max(highest, int(key))
        for page in pages:
            if "/StructParents" in page:
                page.StructParents = self._next_key + int(page.StructParents)
            for annotation in page.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = self._next_key + int(annotation.StructParent)
        self._next_key += highest + 1

    def write(self) -> None:
        """Write the whole tree into the merged file."""
        self._document.K = Array(self._kids)
        self._root.K = Array([self._document])
        self._root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(self._numbers)))
        self._root.ParentTreeNextKey = self._next_key
        self._pdf.Root.StructTreeRoot = self._root


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
