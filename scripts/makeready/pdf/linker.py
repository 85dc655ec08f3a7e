"""Fragments bound into one file: each in its place, and the frame that holds them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from makeready.fonts import Font
from makeready.pdf.document import CATALOGUE, INFO, DocumentObjects, PlacedFragment
from makeready.pdf.fonts import union
from makeready.pdf.fragment import FontUse, Fragment
from makeready.pdf.pdfx import VERSIONS
from makeready.pdf.renumber import NumberMap, ObjectBlock, block, size_of
from makeready.pdf.writer import write_file

RenumberTask = tuple[str, Fragment, NumberMap]
"""A fragment's key, the fragment, and where it is to go."""

PlaceAll = Callable[[Sequence[RenumberTask]], Iterable[ObjectBlock]]

_ROOM = 1024
"""Numbers are given out by so many in a packed file: a small edit then moves no other section."""


@dataclass(frozen=True, slots=True)
class LinkedSection:
    """A fragment, by its key, in its place: a label for each page, and blank pages before it."""

    key: str
    fragment: Fragment
    labels: Sequence[str]
    blanks_before: int = 0


@dataclass
class PdfLinker:
    """What it takes to bind one file; ``pages_of`` gives the label of the page of an anchor.

    A file for the press has nothing that only a screen can use, keeps to the standard ``pdf_x``,
    and is written plainly: older software at printers does not read packed objects.
    """

    fonts: Sequence[Font]
    pages_of: dict[str, str]
    place_all: PlaceAll
    for_press: bool
    pdf_x: str = "none"
    _pictures: dict[str, int] = field(default_factory=dict)

    def write(
        self, parts: Sequence[LinkedSection], labels: Sequence[str], blanks_after: int = 0
    ) -> bytes:
        """Bind the parts in their order; ``labels`` is one for each page, blanks included."""
        uses = union(part.fragment.fonts for part in parts)
        frame = DocumentObjects(tagged=not self.for_press, fonts=list(uses), pdf_x=self.pdf_x)
        tasks = self._tasks(parts, frame)
        blocks = list(self.place_all(tasks))
        firsts = [placement.first_number for _, _, placement in tasks]
        bound = [
            PlacedFragment(part.fragment, first, part.blanks_before)
            for part, first in zip(parts, firsts, strict=True)
        ]
        end = firsts[-1] + size_of(parts[-1].fragment.extracted.objects, packed=self._packed)
        head, tail = self._frame_blocks(frame, bound, labels, uses, blanks_after, end)
        return write_file(
            [head, *blocks, tail],
            version=VERSIONS[self.pdf_x] if self.for_press else "1.7",
            packed=self._packed,
            root=CATALOGUE,
            info=INFO,
        )

    @property
    def _packed(self) -> bool:
        return not self.for_press

    def _tasks(self, parts: Sequence[LinkedSection], frame: DocumentObjects) -> list[RenumberTask]:
        tasks: list[RenumberTask] = []
        number = self._rounded(frame.reserved + 1)
        for part in parts:
            objects = part.fragment.extracted.objects
            known = tuple((f"font.{f}", frame.font_number(f)) for f in sorted(part.fragment.fonts))
            placement = NumberMap(
                first_number=number,
                packed=self._packed,
                known=(*frame.known, *known),
                wanted=tuple(self._wanted(part)),
                shared=tuple(self._shared(part.fragment, number)),
            )
            tasks.append((part.key, part.fragment, placement))
            number = self._rounded(number + size_of(objects, packed=self._packed))
        return tasks

    def _rounded(self, number: int) -> int:
        return -(-number // _ROOM) * _ROOM if self._packed else number

    def _wanted(self, part: LinkedSection) -> Iterable[tuple[int, str]]:
        for key, number in enumerate(part.fragment.numbers):
            if number.glyphs:
                label = self.pages_of[number.target] if number.target else part.labels[number.page]
                if label.isdigit():
                    yield key, label

    def _shared(self, fragment: Fragment, first: int) -> Iterable[tuple[int, int]]:
        """Find the images that a section before shows already."""
        objects = fragment.extracted.objects
        for local, stream in enumerate(objects.streams, len(objects.plain)):
            if stream.picture:
                number = self._pictures.setdefault(stream.picture, first + local)
                if number != first + local:
                    yield local, number

    def _frame_blocks(
        self,
        frame: DocumentObjects,
        bound: Sequence[PlacedFragment],
        labels: Sequence[str],
        uses: dict[str, FontUse],
        blanks_after: int,
        end: int,
    ) -> tuple[ObjectBlock, ObjectBlock]:
        """Write the frame in two runs: what sections refer to, and all else after them."""
        objects = frame.objects(bound, labels, uses, self.fonts, blanks_after)
        kept = frame.reserved
        padding = {str(n).encode(): b"%d 0 R" % (n + 1) for n in range(kept)}
        padding |= {
            str(n).encode(): b"%d 0 R" % (end + n - kept) for n in range(kept, objects.count)
        }
        head = block(objects.plain[:kept], (), padding, 1, packed=self._packed)
        tail = block(objects.plain[kept:], objects.streams, padding, end, packed=self._packed)
        return head, tail
