"""The linker: it joins fragments, and the objects that belong to none, to one PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from makeready.fonts import Font
from makeready.pdf.document import CATALOG, INFO, DocumentObjects, NumberedFragment
from makeready.pdf.fonts import merge_font_uses
from makeready.pdf.fragment import FontUse, Fragment
from makeready.pdf.parts import part_tree
from makeready.pdf.pdfx import PDF_VERSIONS
from makeready.pdf.renumber import NumberMap, ObjectBlock, number_count, write_objects
from makeready.pdf.writer import write_file

RenumberTask = tuple[str, Fragment, NumberMap]
"""A fragment's key in the cache, the fragment, and the numbers its objects get."""

RenumberAll = Callable[[Sequence[RenumberTask]], Iterable[ObjectBlock]]

_NUMBER_STEP = 256
"""In a packed file the first number of each section is a multiple of it.

A small edit then changes the numbers of no other section, whose objects stay in the cache. qpdf
takes a file for damaged whose numbers are higher than a third of its bytes, so the step must be
less than a third of the bytes of the shortest section.
"""


@dataclass(frozen=True, slots=True)
class LinkedSection:
    """A fragment to link: its key in the cache, its page labels, and the blank pages before it.

    ``division`` is that of the book, empty for the cover, and ``depth`` the number of the parts and
    books that it is in.
    """

    key: str
    fragment: Fragment
    labels: Sequence[str]
    blanks_before: int = 0
    division: str = ""
    depth: int = 0


@dataclass
class PdfLinker:
    """The linker of one file.

    ``pages_of`` gives the label of the page of each anchor, and ``renumber_all`` renumbers
    fragments. A file for the press has no links, outline or tags, keeps to the standard
    ``pdf_x``, and has no object streams, which older software at printers does not read. With
    ``right_to_left`` pages follow each other in that direction.
    """

    fonts: Sequence[Font]
    pages_of: dict[str, str]
    renumber_all: RenumberAll
    for_press: bool
    pdf_x: str = "none"
    right_to_left: bool = False
    _images: dict[str, int] = field(default_factory=dict)
    """The numbers of images that are in the file already, by their digests."""

    def write(
        self, sections: Sequence[LinkedSection], labels: Sequence[str], blanks_after: int = 0
    ) -> bytes:
        """Link sections in their order, and return the file.

        ``labels`` has a label for each page, blank pages included.
        """
        uses = merge_font_uses(section.fragment.fonts for section in sections)
        document = DocumentObjects(
            tagged=not self.for_press,
            fonts=list(uses),
            pdf_x=self.pdf_x,
            right_to_left=self.right_to_left,
            parts=part_tree([(section.division, section.depth) for section in sections]),
        )
        tasks = self._tasks(sections, document)
        blocks = list(self.renumber_all(tasks))
        first_numbers = [number_map.first_number for _, _, number_map in tasks]
        numbered = [
            NumberedFragment(section.fragment, first, section.blanks_before, section.depth)
            for section, first in zip(sections, first_numbers, strict=True)
        ]
        last_objects = sections[-1].fragment.extracted.objects
        end = first_numbers[-1] + number_count(last_objects, packed=self._packed)
        head, tail = self._document_blocks(document, numbered, labels, uses, blanks_after, end)
        return write_file(
            [head, *blocks, tail],
            version=PDF_VERSIONS[self.pdf_x] if self.for_press else "1.7",
            packed=self._packed,
            root=CATALOG,
            info=INFO,
        )

    @property
    def _packed(self) -> bool:
        return not self.for_press

    def _tasks(
        self, sections: Sequence[LinkedSection], document: DocumentObjects
    ) -> list[RenumberTask]:
        tasks: list[RenumberTask] = []
        number = self._round_up(document.reserved + 1)
        for index, section in enumerate(sections):
            fragment = section.fragment
            fonts = ((f"font.{f}", document.font_number(f)) for f in sorted(fragment.fonts))
            number_map = NumberMap(
                first_number=number,
                packed=self._packed,
                references=(*document.references(index), *fonts),
                page_numbers=tuple(self._page_number_texts(section)),
                duplicates=tuple(self._duplicate_images(fragment, number)),
            )
            tasks.append((section.key, fragment, number_map))
            count = number_count(fragment.extracted.objects, packed=self._packed)
            number = self._round_up(number + count)
        return tasks

    def _round_up(self, number: int) -> int:
        return -(-number // _NUMBER_STEP) * _NUMBER_STEP if self._packed else number

    def _page_number_texts(self, section: LinkedSection) -> Iterable[tuple[int, str]]:
        """Yield the index and the text of each page number that can be changed."""
        for index, number in enumerate(section.fragment.page_numbers):
            if number.glyphs:
                label = (
                    self.pages_of[number.target] if number.target else section.labels[number.page]
                )
                if label.isdigit():
                    yield index, label

    def _duplicate_images(self, fragment: Fragment, first: int) -> Iterable[tuple[int, int]]:
        """Yield the index of each image that an earlier section has, and its number there."""
        objects = fragment.extracted.objects
        for index, stream in enumerate(objects.streams, len(objects.plain)):
            if stream.image_digest:
                number = self._images.setdefault(stream.image_digest, first + index)
                if number != first + index:
                    yield index, number

    def _document_blocks(
        self,
        document: DocumentObjects,
        numbered: Sequence[NumberedFragment],
        labels: Sequence[str],
        uses: dict[str, FontUse],
        blanks_after: int,
        end: int,
    ) -> tuple[ObjectBlock, ObjectBlock]:
        """Write the objects of no section in two blocks.

        The first has those that sections refer to, from 1; the second all others, from ``end``.
        """
        objects = document.objects(numbered, labels, uses, self.fonts, blanks_after)
        reserved = document.reserved
        values = {str(n).encode(): b"%d 0 R" % (n + 1) for n in range(reserved)}
        values |= {
            str(n).encode(): b"%d 0 R" % (end + n - reserved)
            for n in range(reserved, objects.count)
        }
        head = write_objects(objects.plain[:reserved], (), values, 1, packed=self._packed)
        tail = write_objects(
            objects.plain[reserved:], objects.streams, values, end, packed=self._packed
        )
        return head, tail
