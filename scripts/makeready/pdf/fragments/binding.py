"""Fragments bound into one file: each in its place, and the frame that holds them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from makeready.faces import Face
from makeready.pdf.fragments.fonts import union
from makeready.pdf.fragments.fragment import FontUse, Fragment
from makeready.pdf.fragments.frame import CATALOGUE, INFO, Bound, Frame
from makeready.pdf.fragments.place import Block, Placement, block, size_of
from makeready.pdf.fragments.writing import write_file
from makeready.pdf.standard import VERSIONS

Task = tuple[str, Fragment, Placement]
"""A fragment's key, the fragment, and where it is to go."""

PlaceAll = Callable[[Sequence[Task]], Iterable[Block]]

_ROOM = 1024
"""Numbers are given out by so many in a packed file: a small edit then moves no other section."""


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment, by its key, in its place: a label for each page, and blank pages before it."""

    key: str
    fragment: Fragment
    labels: Sequence[str]
    blanks_before: int = 0


@dataclass
class Binding:
    """What it takes to bind one file; ``pages_of`` gives the label of the page of an anchor.

    A file for the press has nothing that only a screen can use, keeps to the standard ``pdf_x``,
    and is written plainly: older software at printers does not read packed objects.
    """

    faces: Sequence[Face]
    pages_of: dict[str, str]
    place_all: PlaceAll
    for_press: bool
    pdf_x: str = "none"
    _pictures: dict[str, int] = field(default_factory=dict)

    def write(self, parts: Sequence[Part], labels: Sequence[str], blanks_after: int = 0) -> bytes:
        """Bind the parts in their order; ``labels`` is one for each page, blanks included."""
        uses = union(part.fragment.fonts for part in parts)
        frame = Frame(tagged=not self.for_press, fonts=list(uses), pdf_x=self.pdf_x)
        tasks = self._tasks(parts, frame)
        blocks = list(self.place_all(tasks))
        firsts = [placement.first_number for _, _, placement in tasks]
        bound = [
            Bound(part.fragment, first, part.blanks_before)
            for part, first in zip(parts, firsts, strict=True)
        ]
        end = firsts[-1] + size_of(parts[-1].fragment.cut.objects, packed=self._packed)
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

    def _tasks(self, parts: Sequence[Part], frame: Frame) -> list[Task]:
        tasks: list[Task] = []
        number = self._rounded(frame.reserved + 1)
        for part in parts:
            objects = part.fragment.cut.objects
            known = tuple((f"font.{f}", frame.font_number(f)) for f in sorted(part.fragment.fonts))
            placement = Placement(
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

    def _wanted(self, part: Part) -> Iterable[tuple[int, str]]:
        for key, number in enumerate(part.fragment.numbers):
            if number.glyphs:
                label = self.pages_of[number.target] if number.target else part.labels[number.page]
                if label.isdigit():
                    yield key, label

    def _shared(self, fragment: Fragment, first: int) -> Iterable[tuple[int, int]]:
        """Find the images that a section before shows already."""
        objects = fragment.cut.objects
        for local, stream in enumerate(objects.streams, len(objects.plain)):
            if stream.picture:
                number = self._pictures.setdefault(stream.picture, first + local)
                if number != first + local:
                    yield local, number

    def _frame_blocks(
        self,
        frame: Frame,
        bound: Sequence[Bound],
        labels: Sequence[str],
        uses: dict[str, FontUse],
        blanks_after: int,
        end: int,
    ) -> tuple[Block, Block]:
        """Write the frame in two runs: what sections refer to, and all else after them."""
        objects = frame.objects(bound, labels, uses, self.faces, blanks_after)
        kept = frame.reserved
        filling = {str(n).encode(): b"%d 0 R" % (n + 1) for n in range(kept)}
        filling |= {
            str(n).encode(): b"%d 0 R" % (end + n - kept) for n in range(kept, objects.count)
        }
        head = block(objects.plain[:kept], (), filling, 1, packed=self._packed)
        tail = block(objects.plain[kept:], objects.streams, filling, end, packed=self._packed)
        return head, tail
