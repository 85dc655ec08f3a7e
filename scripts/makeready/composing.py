"""What stays ready between runs: what was read, the faces, the workers, the fragments."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from pathlib import Path

from makeready.book.model import Book
from makeready.cluster import cluster_at
from makeready.errors import MakereadyError
from makeready.faces import Face, seal_fontconfig
from makeready.faces.instances import load_faces
from makeready.foreman import Foreman
from makeready.layout.environment import Layouts
from makeready.manuscript.reader import read_front
from makeready.manuscript.readings import Readings
from makeready.order import Order
from makeready.pdf.fragments.crew import Crew
from makeready.pdf.fragments.store import FragmentStore
from makeready.pdf.markups import KeptMarkups
from makeready.pdf.picture import LARGEST_BYTES, CoverPicture, design_of
from makeready.store import Store
from makeready.workers import SharedWorkers

_WRAPS_BYTES = 50_000_000
_IMAGES_BYTES = 200_000_000


class ComposingRoom:
    """The room that books are set in; ``dismiss`` it when the last one is made.

    A ``foreman`` makes workers ready while this process does something else.
    """

    def __init__(self, order: Order, foreman: Foreman | None) -> None:
        self._order = order
        executor: Executor | None = foreman
        if order.shared is not None:
            executor = SharedWorkers(order.shared, order.jobs)
        elif order.scheduler:
            executor = cluster_at(order.scheduler)
        elsewhere = bool(order.scheduler)
        self.crew = Crew(order.jobs, order.section_seconds, executor, elsewhere=elsewhere)
        self._store: FragmentStore | None = None
        self._cover: CoverPicture | None = None
        self.wraps = Store(order.cache / "wraps", ".wrap", _WRAPS_BYTES)
        self._covers = Store(order.cache / "covers", ".cover", LARGEST_BYTES)
        self.images = Store(order.cache / "images", ".image", _IMAGES_BYTES)
        self._layouts: dict[Path, Layouts] = {}
        self._faces: dict[bytes, tuple[Face, ...]] = {}
        self._faces_folder = order.cache / "faces"
        self._begun_faces: Future[tuple[Face, ...]] | None = None
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
            made = self._made_beside()
            self._faces[content] = made or load_faces(declaration, self._faces_folder)
        faces = self._faces[content]
        seal_fontconfig(faces)
        return faces

    def begin_faces(self) -> None:
        """Have a worker make the faces while the book is being read, where none are kept."""
        if not self._faces and not self._faces_folder.exists():
            declaration = self.layouts(self._order.book).data_file("fonts.toml")
            self._begun_faces = self.crew.begin(load_faces, declaration, self._faces_folder)

    def _made_beside(self) -> tuple[Face, ...]:
        """Return the faces that a worker made; none when it met a fault, to be met here too."""
        begun, self._begun_faces = self._begun_faces, None
        with suppress(Exception):
            return begun.result() if begun is not None else ()
        return ()

    def renew(self) -> None:
        """Forget what was made of layouts, stylesheets and images: some of them have changed."""
        self._layouts.clear()
        self._faces.clear()
        self.crew.renew()

    def store(self) -> FragmentStore:
        """Return where fragments are kept."""
        if self._store is None:
            self._store = FragmentStore(self._order.cache / "fragments")
        return self._store

    def cover(self, book: Book, layouts: Layouts, faces: tuple[Face, ...]) -> CoverPicture:
        """Return the picture of a book's cover, the one that was begun where it is the same."""
        design = design_of(book, layouts, faces)
        if self._cover is None or self._cover.design != design:
            self._cover = CoverPicture(design, self._covers)
        return self._cover

    def begin_cover(self) -> None:
        """Have the cover drawn beside, while the book is being read, where one is ordered."""
        # Whatever is wrong with the book is told of when it has been read.
        with suppress(MakereadyError):
            book = read_front(self._order.book) if self._order.jobs > 1 else None
            if book is not None and self._order.wants_cover(book):
                layouts = self.layouts(book.root)
                self.cover(book, layouts, self.faces(layouts)).begin(self.crew.begin)

    def rehearse(self) -> None:
        """Have the workers ready for a change to the book that was just made."""
        with suppress(BrokenExecutor):
            self.crew.rehearse()

    def trim(self) -> None:
        """Drop the fragments used longest ago, where any were asked for."""
        if self._store is not None:
            self._store.trim()
        self.images.trim()

    def dismiss(self) -> None:
        """Let the workers go."""
        self.crew.dismiss()
