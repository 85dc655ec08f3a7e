"""Comparison with the reference rendering: the engine's own file of the same sections."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from typeset_fixtures import TypesetBook

from makeready.book.model import Book
from makeready.templates.outline import depths_in_outline


def pages(content: bytes) -> Iterator[tuple[str, Image.Image]]:
    """Yield each page's text and picture."""
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            text = page.get_textpage().get_text_bounded()
            yield text, page.render(scale=1.5, grayscale=True).to_pil()


def assert_same_pages(ours: bytes, reference: bytes) -> None:
    own, theirs = list(pages(ours)), list(pages(reference))
    assert len(own) == len(theirs)
    for number, ((text, picture), (its_text, its_picture)) in enumerate(
        zip(own, theirs, strict=True)
    ):
        assert text == its_text, number
        assert ImageChops.difference(picture, its_picture).getbbox() is None, number


def structure(content: bytes) -> list[str]:
    """Return the sequence of structure types, depth first."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        sequence: list[str] = []
        stack: list[pikepdf.Object] = [pdf.Root.StructTreeRoot.K[0]]
        while stack:
            current = stack.pop()
            if isinstance(current, pikepdf.Dictionary) and "/S" in current:
                sequence.append(str(current.S))
                kids = current.get("/K")
                if isinstance(kids, pikepdf.Array):
                    stack.extend(reversed(list(kids)))
        return sequence


def destinations(content: bytes) -> dict[str, tuple[int, float, float]]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        names = pdf.Root.Names.Dests.Names
        return {
            str(names[n]): (
                index[names[n + 1][0].objgen],
                float(names[n + 1][2]),
                float(names[n + 1][3]),
            )
            for n in range(0, len(names), 2)
        }


def outline(content: bytes) -> list[tuple[int, str, int]]:
    with pypdfium2.PdfDocument(content) as pdf:
        return [(m.level, m.get_title(), m.get_dest().get_index()) for m in pdf.get_toc()]


def _under_parts(entries: list[tuple[int, str, int]], book: Book) -> Iterator[tuple[int, str, int]]:
    """Yield the entries of an outline, those of chapters under the part that they are in."""
    depths, depth = depths_in_outline(book), 0
    for level, title, page in entries:
        if level == 0:
            depth = next(depths[s.name] for s in book.sections if title.endswith(s.title))
        yield level + depth, title, page


def assert_interior_is_reference(typeset_book: TypesetBook) -> None:
    """Compare a print interior with the reference, pixel by pixel and in its text."""
    ours, reference = typeset_book.interior(), typeset_book.reference("paperback")
    with pypdfium2.PdfDocument(ours) as pdf, pypdfium2.PdfDocument(reference) as whole:
        trailing_blank = len(pdf) - len(whole)
    assert trailing_blank in {0, 1}
    with pikepdf.open(io.BytesIO(ours)) as pdf:
        if trailing_blank:
            del pdf.pages[-1]
        out = io.BytesIO()
        pdf.save(out)
    assert_same_pages(out.getvalue(), reference)


def assert_screen_is_reference(typeset_book: TypesetBook) -> None:
    """Compare a screen edition with the reference: structure, destinations and outline."""
    ours, reference = typeset_book.screen(), typeset_book.reference("screen")
    with pikepdf.open(io.BytesIO(ours)) as pdf:
        cover_kids = sum(1 for kid in pdf.Root.StructTreeRoot.K[0].K if _page_index(pdf, kid) == 0)
    assert cover_kids
    # Only the linker knows the parts of the book.
    own = [role for role in structure(ours) if role != "/Part"]
    theirs = structure(reference)
    assert own[-len(theirs) + 1 :] == theirs[1:]
    blanks = [n for n, (text, _) in enumerate(pages(reference)) if not text.strip()]
    kept = [n for n in range(len(list(pages(reference)))) if n not in blanks]
    new_index = {old: new + 1 for new, old in enumerate(kept)}
    found, wanted = destinations(ours), destinations(reference)
    assert found.keys() == wanted.keys()
    for name, (page, *point) in wanted.items():
        assert found[name][0] == new_index[page], name
        assert found[name][1:] == pytest.approx(point, abs=0.05), name
    assert outline(ours) == [
        (level, title, new_index[page])
        for level, title, page in _under_parts(outline(reference), typeset_book.book)
    ]


def _page_index(pdf: pikepdf.Pdf, element: pikepdf.Object) -> int:
    while "/Pg" not in element:
        element = element.K[0]
    return next(n for n, page in enumerate(pdf.pages) if page.obj.objgen == element.Pg.objgen)
