"""What stays ready between runs: what was read, the faces, the workers, the fragments."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from makeready.book.model import Book
from makeready.cluster import cluster_at
from makeready.errors import MakereadyError
from makeready.faces import Face, libraries_by_name, load_faces, seal_fontconfig
from makeready.layout.environment import Layouts
from makeready.manuscript.reader import read_front
from makeready.manuscript.readings import Readings
from makeready.order import Order
from makeready.pdf.markups import KeptMarkups
from makeready.pdf.picture import LARGEST_BYTES, CoverPicture, design_of
from makeready.stopwatch import Stopwatch
from makeready.store import Store
from makeready.workers import SharedWorkers

if TYPE_CHECKING:
    from makeready.pdf.fragments.crew import Crew
    from makeready.pdf.fragments.store import FragmentStore


_WRAPS_BYTES = 50_000_000


class ComposingRoom:
    """The room that books are set in; ``dismiss`` it when the last one is made."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._crew: Crew | None = None
        self._store: FragmentStore | None = None
        self._cover: CoverPicture | None = None
        self.wraps = Store(order.cache / "wraps", ".wrap", _WRAPS_BYTES)
        self._covers = Store(order.cache / "covers", ".cover", LARGEST_BYTES)
        self._layouts: dict[Path, Layouts] = {}
        self._faces: dict[bytes, tuple[Face, ...]] = {}
        self.readings = Readings(order.cache / "readings")
        self.markups = KeptMarkups()

    def layouts(self, book: Path) -> Layouts:
        """Return the layouts and stylesheets of the book in that folder."""
        if book not in self._layouts:
            self._layouts[book] = Layouts(book)
        return self._layouts[book]

    def faces(self, layouts: Layouts) -> tuple[Face, ...]:
        """Return the faces that a book is set in, with fontconfig sealed for them."""
        declaration = layouts.data_file("fonts.toml")
        content = declaration.read_bytes()
        if content not in self._faces:
            self._faces[content] = load_faces(declaration, self._order.cache / "faces")
        faces = self._faces[content]
        seal_fontconfig(faces)
        return faces

    def renew(self) -> None:
        """Forget what was made of layouts, stylesheets and images: some of them have changed."""
        self._layouts.clear()
        self._faces.clear()
        if self._crew is not None:
            self._crew.renew()

    def crew(self, stopwatch: Stopwatch) -> Crew:
        """Return the workers, begun once; to be called after fontconfig is sealed."""
        if self._crew is None:
            # The engine is imported only after fontconfig is sealed.
            with libraries_by_name():
                from makeready.pdf.fragments.crew import Crew  # noqa: PLC0415

            order = self._order
            executor: Executor | None = None
            if order.shared is not None:
                executor = SharedWorkers(order.shared, order.jobs)
            elif order.scheduler:
                executor = cluster_at(order.scheduler)
            elsewhere = bool(order.scheduler)
            self._crew = Crew(order.jobs, order.section_seconds, executor, elsewhere=elsewhere)
        self._crew.stopwatch = stopwatch
        return self._crew

    def store(self) -> FragmentStore:
        """Return where fragments are kept."""
        if self._store is None:
            from makeready.pdf.fragments.store import FragmentStore  # noqa: PLC0415

            self._store = FragmentStore(self._order.cache / "fragments")
        return self._store

    def cover(self, book: Book, layouts: Layouts, faces: tuple[Face, ...]) -> CoverPicture:
        """Return the picture of a book's cover, the one that was begun where it is the same."""
        design = design_of(book, layouts, faces)
        if self._cover is None or self._cover.design != design:
            self._forget_cover()
            self._cover = CoverPicture(design, self._covers)
        return self._cover

    def begin_cover(self) -> None:
        """Have the cover drawn beside, while the book is being read, where one is ordered."""
        # Whatever is wrong with the book is told of when it has been read.
        with suppress(MakereadyError):
            book = read_front(self._order.book) if self._order.jobs > 1 else None
            if book is not None and self._order.wants_cover(book):
                layouts = self.layouts(book.root)
                self.cover(book, layouts, self.faces(layouts)).begin()

    def _forget_cover(self) -> None:
        if self._cover is not None:
            self._cover.dismiss()
            self._cover = None

    def trim(self) -> None:
        """Drop the fragments used longest ago, where any were asked for."""
        if self._store is not None:
            self._store.trim()

    def dismiss(self) -> None:
        """Let the workers go."""
        self._forget_cover()
        if self._crew is not None:
            self._crew.dismiss()
            self._crew = None
