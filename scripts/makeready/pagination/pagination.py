"""An edition typeset until its margins and its page numbers hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from makeready.book.model import Book, Edition, EditionKind, PageMap, Section
from makeready.book.toml_lines import TomlLines
from makeready.engine.resources import FileDigests, resource_folders
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font
from makeready.pagination.cache_key import key_of, seed_of
from makeready.pagination.document_cache import DocumentCache, SectionDocuments
from makeready.pagination.fixed_point import Markup, PageNumberSolver, Solution, failed
from makeready.pagination.fragment_cache import FragmentStore
from makeready.pagination.gutter import MOST_ROUNDS, settle_gutter
from makeready.pagination.imposition import Imposition
from makeready.pagination.length_estimate import expected_pages, letters_to_a_page
from makeready.pagination.page_geometry import Geometry, page_geometry
from makeready.pagination.section_pool import SectionPool
from makeready.pdf.fragment import Fragment, PageNumber
from makeready.pdf.inks import ink_of
from makeready.pdf.linker import RenumberTask
from makeready.pdf.objects import Objects
from makeready.pdf.renumber import NumberMap, ObjectBlock, renumber
from makeready.printers.padding import padding_of
from makeready.printers.profile import Profile, profile_of
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH
from makeready.printers.unsupported import UnsupportedError
from makeready.templates.cover import cover_document, cover_rule
from makeready.templates.documents import paged_section
from makeready.templates.environment import Layouts
from makeready.templates.trees import Medium

_BOOK_FILE = "book.toml"

OnSection = Callable[[str], None]
Stage = Callable[[str], AbstractContextManager[None]]
"""Tells of a stage of the work, and takes its time, for as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class Paginated:
    """A settled edition, with the geometry and the recipe it was set to."""

    settled: Solution
    geometry: Geometry
    typesetter_config: TypesetterConfig
    markup: Markup


@dataclass
class Pagination:
    """What it takes to typeset the paged editions of one book."""

    book: Book
    layouts: Layouts
    fonts: tuple[Font, ...]
    findings: Findings
    section_pool: SectionPool
    store: FragmentStore
    on_section: OnSection = field(default=lambda _: None)
    stage: Stage = field(default=lambda _: nullcontext())
    documents: DocumentCache = field(default_factory=DocumentCache)
    _digests: FileDigests = field(default_factory=FileDigests)

    def typesetter_config(
        self, *stylesheets: str, edition: Edition | None = None
    ) -> TypesetterConfig:
        """Make a recipe of some stylesheets, for an edition or for the cover's picture."""
        screen = edition is not None and edition.kind is EditionKind.SCREEN
        ink = None
        if edition is not None and not screen:
            ink = ink_of(edition, black_only=edition.ink == "black")
        folders = resource_folders(self.book, self.layouts, self.fonts)
        return TypesetterConfig(
            stylesheets, self.fonts, folders, ink, "pdf/ua-1" if screen else None
        )

    def seed(self, typesetter_config: TypesetterConfig) -> bytes:
        """Digest what all that is set by a recipe depends on alike."""
        return seed_of(typesetter_config, self.layouts)

    def images(self, markup: str) -> bytes:
        """Digest the images that a document shows."""
        folders = dict(resource_folders(self.book, self.layouts, self.fonts))
        return self._digests.digest_of_images(folders, markup)

    def place_of(self, edition: Edition, key: str = "") -> SourceLocation:
        """Return where ``book.toml`` tells of an edition, or of one of its keys."""
        text = (self.book.root / _BOOK_FILE).read_text("utf-8")
        path = ("editions", edition.name, *([key] if key else []))
        return SourceLocation(_BOOK_FILE, TomlLines(text).line_of(path))

    def paginate(self, edition: Edition) -> Paginated:
        """Typeset an edition, the gutter following the page count until both hold.

        A screen edition takes the geometry of the first print edition of its trim size, so
        that its pages are the printed ones.
        """
        profile = profile_of(self._printed(edition))
        geometry = self._geometry(edition, profile, profile.gutter_pt(0))
        paginated, lacking_pt = settle_gutter(
            profile.gutter_pt(expected_pages(self.book.sections, geometry)),
            lambda gutter_pt: self._settle(edition, profile, gutter_pt),
            lambda one: profile.gutter_pt(one.settled.imposition.page_count),
        )
        if lacking_pt is not None:
            self.findings.add(
                "LAY-008",
                SourceLocation(_BOOK_FILE),
                rounds=MOST_ROUNDS,
                pages=paginated.settled.imposition.page_count,
                gutter_mm=f"{lacking_pt / PT_PER_INCH * MM_PER_INCH:.1f}",
            )
        if edition.kind is EditionKind.PRINT:
            self._check_limits(edition, profile, paginated.settled.imposition)
        return paginated

    def refuses(self, edition: Edition) -> bool:
        """Tell whether an edition asks its printer for what it does not make; it is a finding."""
        edition = self._printed(edition)
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        try:
            profile = profile_of(edition)
            profile.maximum_pages(trim, edition.paper, edition.ink)
            profile.pdf_x_standard(edition.pdf_x)
        except UnsupportedError as error:
            self.findings.add(
                "PRN-020",
                self.place_of(edition, error.key),
                edition=edition.name,
                problem=error.message,
                hint=error.hint,
            )
            return True
        return False

    def place_all(self, tasks: Sequence[RenumberTask]) -> list[ObjectBlock]:
        """Put fragments in their places, those anew that were not there the last time."""
        blocks = {key: self.store.get_block(key, placement) for key, _, placement in tasks}
        missing = [task for task in tasks if blocks[task[0]] is None]
        made = self.section_pool.map(
            _placed, [(f.extracted.objects, f.numbers, p) for _, f, p in missing]
        )
        for (key, _, placement), new in zip(missing, made, strict=True):
            self.store.put_block(key, placement, new)
            blocks[key] = new
        return [block for key, _, _ in tasks if (block := blocks[key]) is not None]

    def _printed(self, edition: Edition) -> Edition:
        """Return the print edition whose pages an edition shows."""
        if edition.kind is EditionKind.PRINT:
            return edition
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        for other in self.book.editions:
            same = (other.trim_width_pt, other.trim_height_pt) == trim
            if other.kind is EditionKind.PRINT and same:
                return other
        return edition

    def _geometry(self, edition: Edition, profile: Profile, gutter_pt: float) -> Geometry:
        bleeds = self.book.needs_bleed(self._printed(edition))
        geometry = page_geometry(
            edition.trim_width_pt,
            edition.trim_height_pt,
            gutter_pt,
            profile.outside_margin_pt(bleed=bleeds),
            self.layouts.data_file("measures.toml"),
        )
        if not bleeds:
            return geometry
        bleed_pt, spine_pt = profile.bleed_pt
        return replace(geometry, bleed_pt=bleed_pt, spine_bleed_pt=spine_pt)

    def _settle(self, edition: Edition, profile: Profile, gutter_pt: float) -> Paginated:
        geometry = self._geometry(edition, profile, gutter_pt)
        screen = edition.kind is EditionKind.SCREEN
        names = ("book.css", "print.css", "screen.css") if screen else ("book.css", "print.css")
        sheets = [self.layouts.stylesheet(name) for name in names]
        typesetter_config = self.typesetter_config(
            *sheets, geometry.rule(mirrored=not screen), edition=edition
        )
        markup = self._markups(Medium.SCREEN if screen else Medium.PRINT)
        settling = PageNumberSolver(
            sections=self.book.sections,
            anchors=self.book.anchors,
            markup=markup,
            images=self.images,
            chapters_open=self._printed(edition).chapters_open,
            typesetter_config=typesetter_config,
            section_pool=self.section_pool,
            store=self.store,
            seed=self.seed(typesetter_config),
            letters_to_a_page=letters_to_a_page(geometry),
            findings=self.findings,
            on_done=self.on_section,
            padding=padding_of(self._printed(edition)),
        )
        return Paginated(settling.settle(), geometry, typesetter_config, markup)

    def _markups(self, medium: Medium) -> SectionDocuments:
        def render(section: Section, page_map: PageMap) -> str:
            return paged_section(self.book, self.layouts, section, medium, page_map, self.fonts)

        return SectionDocuments(medium, render, self.documents)

    def begin_cover(
        self, width_pt: float, height_pt: float, edition: Edition
    ) -> Callable[[], tuple[str, Fragment]]:
        """Begin to set the front cover as a page of an edition.

        What is returned waits for it, and returns it with its key.
        """
        sheet = self.layouts.stylesheet("cover.css")
        typesetter_config = self.typesetter_config(
            sheet, cover_rule(width_pt, height_pt), edition=edition
        )
        section_job = SectionJob(
            "cover", "book.toml", cover_document(self.book, self.layouts), 1, on_verso=False
        )
        key = key_of(self.seed(typesetter_config), section_job, self.images(section_job.markup))
        kept = self.store.get(key)
        if kept is not None:
            return lambda: (key, kept)
        awaited = self.section_pool.submit_one(typesetter_config, section_job)

        def cover() -> tuple[str, Fragment]:
            result = awaited()
            if isinstance(result, Failure):
                raise failed("cover", SourceLocation(_BOOK_FILE), result, self.findings)
            self.store.put(key, result)
            return key, result

        return cover

    def _check_limits(self, edition: Edition, profile: Profile, imposition: Imposition) -> None:
        pages, printed = imposition.page_count, imposition.printed_count
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        values = {"edition": edition.name, "pages": pages, "printer": profile.title}
        most = profile.maximum_pages(trim, edition.paper, edition.ink)
        if most is not None and pages > most:
            self.findings.add("PRN-021", SourceLocation(_BOOK_FILE), maximum=most, **values)
        padding = padding_of(edition)
        if padding.adds_for_minimum(printed):
            values |= {"blanks": pages - printed, "least": padding.minimum_pages}
            self.findings.add("PRN-067", self.place_of(edition), **values)


def _placed(task: tuple[Objects, tuple[PageNumber, ...], NumberMap]) -> ObjectBlock:
    return renumber(*task)
