"""What a build keeps open between runs: sections read, fonts, workers and caches."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from makeready.book.model import Book
from makeready.book.style_files import read_style_text
from makeready.book.themes import theme_of
from makeready.build.request import BuildRequest
from makeready.cache import DiskCache
from makeready.cover.design import cover_design
from makeready.cover.image import LARGEST_BYTES, CoverImageTask
from makeready.errors import MakereadyError
from makeready.fonts import Font, seal_fontconfig
from makeready.fonts.instances import load_book_fonts
from makeready.manuscript.reader import read_ahead, read_front
from makeready.manuscript.reuse import READINGS, UnchangedSections
from makeready.pagination.document_cache import DocumentCache
from makeready.pagination.fragment_cache import FragmentCache
from makeready.pagination.section_pool import SectionPool
from makeready.pdf.images import IMAGE_SUFFIX
from makeready.pdf.images import LARGEST_BYTES as LARGEST_IMAGES_BYTES
from makeready.templates.environment import Layouts
from makeready.templates.note_placement import NotePlacement
from makeready.workers.cluster import cluster_executor
from makeready.workers.fork_pool import ForkPool
from makeready.workers.shared_pool import SharedPoolExecutor
from makeready.workers.side_process import side_process

FONTS_FILE = "fonts.toml"
_WRAPS_BYTES = 50_000_000
_PROOFS_BYTES = 200_000
"""The entries have no content, but each takes a block of the disk."""


class BuildSession:
    """The workers and caches of one or more builds; ``close`` it after the last one.

    ``fork_pool`` starts its workers while this process does something else.
    """

    def __init__(self, request: BuildRequest, fork_pool: ForkPool | None) -> None:
        self._request = request
        self._forks = fork_pool is not None
        executor: Executor | None = fork_pool
        if request.shared is not None:
            executor = SharedPoolExecutor(request.shared, request.jobs)
        elif request.scheduler:
            executor = cluster_executor(request.scheduler)
        remote = bool(request.scheduler)
        self.section_pool = SectionPool(
            request.jobs, request.section_seconds, executor, remote=remote
        )
        self._store: FragmentCache | None = None
        self._cover: CoverImageTask | None = None
        self.wraps = DiskCache(request.cache / "wraps", ".wrap", _WRAPS_BYTES)
        self.proved = DiskCache(request.cache / "proofs", ".proof", _PROOFS_BYTES)
        self._covers = DiskCache(request.cache / "covers", ".cover", LARGEST_BYTES)
        self.images_folder = request.cache / "images"
        self.images = DiskCache(self.images_folder, IMAGE_SUFFIX, LARGEST_IMAGES_BYTES)
        self._layouts: dict[Path, Layouts] = {}
        self._fonts: dict[tuple[Path | None, tuple[str, ...]], tuple[Font, ...]] = {}
        self.fonts_in_use: tuple[Font, ...] = ()
        self._fonts_folder = request.cache / "faces"
        self._future_fonts: Future[tuple[Font, ...]] | None = None
        self.unchanged_sections = UnchangedSections(request.cache / READINGS)
        self.documents = DocumentCache()
        self.notes = NotePlacement()

    def layouts(self, book: Path) -> Layouts:
        """Return the layouts and stylesheets of the book in that folder."""
        theme = theme_of(book)
        layouts = self._layouts.get(book)
        if layouts is None or layouts.theme != theme:
            layouts = self._layouts[book] = Layouts(book)
        return layouts

    def fonts(self, layouts: Layouts) -> tuple[Font, ...]:
        """Return the fonts of a book, and seal fontconfig for them."""
        files = layouts.data_files(FONTS_FILE)
        read = tuple(read_style_text(path, f"styles/{path.name}") for path in files)
        key = layouts.book_root, read
        if key not in self._fonts:
            made = self._fonts_from_worker()
            self._fonts[key] = made or load_book_fonts(files, layouts.book_root, self._fonts_folder)
        fonts = self.fonts_in_use = self._fonts[key]
        seal_fontconfig(fonts)
        return fonts

    def start_fonts(self) -> None:
        """Have a worker create the fonts while the book is read, if the cache has none."""
        if not self._fonts and not self._fonts_folder.exists():
            layouts = self.layouts(self._request.book)
            self._future_fonts = self.section_pool.submit_local(
                load_book_fonts,
                layouts.data_files(FONTS_FILE),
                layouts.book_root,
                self._fonts_folder,
            )

    def _fonts_from_worker(self) -> tuple[Font, ...]:
        """Return the fonts that a worker created; none if it failed, as the caller then will."""
        begun, self._future_fonts = self._future_fonts, None
        with suppress(Exception):
            return begun.result() if begun is not None else ()
        return ()

    def invalidate(self) -> None:
        """Forget what depends on layouts, stylesheets and images, some of which have changed."""
        self._layouts.clear()
        self._fonts.clear()
        self.section_pool.invalidate()

    def store(self) -> FragmentCache:
        """Return the cache of fragments."""
        if self._store is None:
            self._store = FragmentCache(self._request.cache / "fragments")
        return self._store

    def cover(self, book: Book, layouts: Layouts, fonts: tuple[Font, ...]) -> CoverImageTask:
        """Return the task of a book's cover image, the one that was started if it is the same."""
        design = cover_design(book, layouts, fonts)
        if self._cover is None or self._cover.design != design:
            self._cover = CoverImageTask(design, self._covers)
        return self._cover

    def reading_ahead(self) -> AbstractContextManager[None]:
        """Have another process parse the last sections, if the cache has none.

        The context is for this process to read the book in, from the first section on. It is to
        be entered before this process has threads.
        """
        if self._forks and not (self._request.cache / READINGS).exists():
            return side_process(read_ahead, self._request.book, self.unchanged_sections.cache)
        return nullcontext()

    def start_cover(self) -> None:
        """Have a worker draw the cover while the book is read, if one is requested."""
        # Reading the book reports whatever is wrong with it.
        with suppress(MakereadyError):
            book = read_front(self._request.book) if self._request.jobs > 1 else None
            if book is not None and self._request.wants_cover(book):
                layouts = self.layouts(book.root)
                self.cover(book, layouts, self.fonts(layouts)).start(self.section_pool.submit_local)

    def warm_up(self) -> None:
        """Prepare the workers for a change to the book that was just built."""
        with suppress(BrokenExecutor):
            self.section_pool.warm_up()

    def trim(self) -> None:
        """Evict what was used longest ago from the caches that this run used."""
        if self._store is not None:
            self._store.evict()
        self.images.evict()
        self.proved.evict()

    def close(self) -> None:
        """End the workers."""
        self.section_pool.close()
