"""A tagged PDF as it is checked: its elements in order, their pages, and their text."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from makeready.pdf_content.marked_content import (
    MarkedContents,
    MarkedText,
    read_marked_contents,
)
from makeready.pdf_content.structure_tree import (
    Element,
    MarkedContent,
    StructureTree,
    read_structure_tree,
)

_MOST_STEPS = 200
_SOFT_HYPHEN = "\u00ad"


class TaggedDocument:
    """The structure tree and the marked content of a PDF; pages count from 0."""

    def __init__(self, pdf: pikepdf.Pdf, tree: StructureTree, *, with_text: bool) -> None:
        self.pdf = pdf
        self.tree = tree
        self.contents: MarkedContents = read_marked_contents(pdf, with_text=with_text)
        self.page_numbers = {page: n for n, page in enumerate(self.contents.page_ids)}
        self.elements = list(tree.elements())
        self.page_of = self._first_pages()

    def _first_pages(self) -> dict[Element, int]:
        """Return the page that each element with content begins on."""
        pages: dict[Element, int] = {}
        # Those in an element come after it.
        for element in reversed(self.elements):
            for kid in element.kids:
                if isinstance(kid, Element):
                    page = pages.get(kid)
                else:
                    page = self.page_numbers.get(kid.page)
                if page is not None:
                    pages[element] = page
                    break
        return pages

    def marked_text(self, kid: MarkedContent) -> MarkedText | None:
        """Return what the content of an element shows; None if its page does not have it."""
        return self.contents.marks.get((kid.holder, kid.mcid))

    def text(self, element: Element, most: int = 80) -> str:
        """Return the first letters of an element, those of the elements in it too."""
        pieces: list[str] = []
        length = steps = 0
        stack: list[object] = [element]
        while stack and length < most and steps < _MOST_STEPS:
            steps += 1
            kid = stack.pop()
            piece = ""
            if isinstance(kid, MarkedContent):
                marked = self.marked_text(kid)
                piece = marked.text if marked is not None else ""
            elif isinstance(kid, Element):
                if kid.actual_text is None:
                    stack.extend(reversed(kid.kids))
                piece = kid.actual_text or ""
            pieces.append(piece)
            length += len(piece)
        return " ".join("".join(pieces).replace(_SOFT_HYPHEN, "").split())[:most]


def read_tagged_document(pdf: pikepdf.Pdf, *, with_text: bool = True) -> TaggedDocument | None:
    """Read a tagged PDF, a file of our own also without its text; None if it has no tree."""
    tree = read_structure_tree(pdf)
    return None if tree is None else TaggedDocument(pdf, tree, with_text=with_text)


def elements_of_role(document: TaggedDocument, *roles: str) -> Iterator[Element]:
    """Yield the elements of some roles, in the order of reading."""
    return (element for element in document.elements if element.role in roles)
