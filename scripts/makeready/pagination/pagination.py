"""An edition typeset until its margins and its page numbers hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import nlargest
from pathlib import Path

from makeready.book.model import (
    BOOK_FILE,
    Balance,
    Book,
    Edition,
    EditionKind,
    NoteStyle,
    PageMap,
    Section,
)
from makeready.engine.resources import FileDigests, resource_folders
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font
from makeready.pagination.cache_key import config_digest, section_key
from makeready.pagination.document_cache import DocumentCache, SectionDocuments
from makeready.pagination.fixed_point import (
    MakeDocument,
    PageNumberSolver,
    Solution,
    section_failed,
)
from makeready.pagination.fragment_cache import FragmentCache
from makeready.pagination.gutter import MOST_ROUNDS, converge_gutter
from makeready.pagination.imposition import Imposition
from makeready.pagination.length_estimate import estimated_page_count, letters_per_page
from makeready.pagination.measures import TypeSize
from makeready.pagination.page_geometry import PageGeometry, page_geometry
from makeready.pagination.section_pool import SectionPool
from makeready.pdf.fragment import Fragment, PageNumber
from makeready.pdf.images import ImageTarget, image_target
from makeready.pdf.inks import InkConverter, ink_converter
from makeready.pdf.linker import RenumberTask
from makeready.pdf.objects import Objects
from makeready.pdf.renumber import NumberMap, ObjectBlock, renumber
from makeready.printers.padding import padding_of
from makeready.printers.print_job import PrintJob
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH
from makeready.templates.cover import cover_document, cover_page_rule
from makeready.templates.documents import paged_section
from makeready.templates.environment import Layouts
from makeready.templates.mirrored_css import mirrored
from makeready.templates.trees import Medium

_CHANGED_SIZE = 2

OnSection = Callable[[str], None]
Stage = Callable[[str], AbstractContextManager[None]]
"""Tells of a stage of the work, and takes its time, for as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class Paginated:
    """An edition whose page numbers hold, and what it was typeset with.

    ``document`` makes the document of a section, given the page map.
    """

    solution: Solution
    geometry: PageGeometry
    typesetter_config: TypesetterConfig
    document: MakeDocument


@dataclass
class Pagination:
    """Typesets the paged editions of one book."""

    book: Book
    layouts: Layouts
    fonts: tuple[Font, ...]
    findings: Findings
    section_pool: SectionPool
    cache: FragmentCache
    on_section: OnSection = field(default=lambda _: None)
    stage: Stage = field(default=lambda _: nullcontext())
    documents: DocumentCache = field(default_factory=DocumentCache)
    image_cache: Path | None = None
    _digests: FileDigests = field(default_factory=FileDigests)

    def typesetter_config(
        self,
        *stylesheets: str,
        ink: InkConverter | None = None,
        images: ImageTarget | None = None,
        tagged: bool = False,
        balance: Balance = Balance.NONE,
    ) -> TypesetterConfig:
        """Return the configuration of a typesetter with these stylesheets.

        Without ``ink`` colours stay as they are. ``images`` says what images become, by default
        in the same inks. ``tagged`` documents have a structure tree.
        """
        folders = resource_folders(self.book, self.layouts, self.fonts)
        variant = "pdf/ua-1" if tagged else None
        return TypesetterConfig(
            stylesheets,
            self.fonts,
            folders,
            images or ImageTarget(ink),
            variant,
            self.image_cache,
            balance,
        )

    def config_digest(self, typesetter_config: TypesetterConfig) -> bytes:
        """Return a digest of what all sections typeset with a configuration depend on."""
        return config_digest(typesetter_config, self.layouts)

    def images_digest(self, typesetter_config: TypesetterConfig, markup: str) -> bytes:
        """Return a digest of the images that a document shows, and of what they become."""
        digest = self._digests.digest_of_images(dict(typesetter_config.folders), markup)
        target = repr(typesetter_config.image_target).encode()
        return hashlib.sha256(digest + target).digest() if digest else b""

    def paginate(self, edition: Edition, job: PrintJob) -> Paginated:
        """Typeset an edition, the gutter following the page count until both hold.

        ``job`` is that of the print edition whose pages the edition shows: of itself, or for the
        screen of the print edition that `shown_edition` names.
        """
        gutter_pt = job.profile.gutter_pt
        geometry = self._geometry(job, gutter_pt(0))
        paginated, lacking_pt = converge_gutter(
            gutter_pt(estimated_page_count(self.book.sections, geometry)),
            lambda inner_pt: self._solve(edition, job, inner_pt),
            lambda one: gutter_pt(one.solution.imposition.page_count),
        )
        if lacking_pt is not None:
            self.findings.add(
                "LAY-008",
                edition.location(),
                rounds=MOST_ROUNDS,
                pages=paginated.solution.imposition.page_count,
                gutter_mm=f"{lacking_pt / PT_PER_INCH * MM_PER_INCH:.1f}",
            )
        if edition.kind is EditionKind.PRINT:
            self._check_limits(job, paginated.solution.imposition)
        return paginated

    def renumber_all(self, tasks: Sequence[RenumberTask]) -> list[ObjectBlock]:
        """Renumber fragments, those that are not in the cache with these numbers."""
        blocks = {key: self.cache.get_block(key, number_map) for key, _, number_map in tasks}
        missing = [task for task in tasks if blocks[task[0]] is None]
        made = self.section_pool.map(
            _renumber, [(f.extracted.objects, f.page_numbers, numbers) for _, f, numbers in missing]
        )
        for (key, _, number_map), new in zip(missing, made, strict=True):
            self.cache.put_block(key, number_map, new)
            blocks[key] = new
        return [block for key, _, _ in tasks if (block := blocks[key]) is not None]

    def _geometry(self, job: PrintJob, gutter_pt: float) -> PageGeometry:
        bleeds = self.book.needs_bleed(job.edition)
        geometry = page_geometry(
            *job.trim,
            gutter_pt,
            job.profile.outside_margin_pt(bleed=bleeds),
            self.layouts.data_files("measures.toml"),
            self.book.metadata.language,
            TypeSize(job.edition.size_pt, job.edition.leading_pt),
        )
        if not bleeds:
            return geometry
        bleed_pt, spine_pt = job.profile.bleed_pt
        return replace(geometry, bleed_pt=bleed_pt, spine_bleed_pt=spine_pt)

    def _solve(self, edition: Edition, job: PrintJob, gutter_pt: float) -> Paginated:
        geometry = self._geometry(job, gutter_pt)
        screen = edition.kind is EditionKind.SCREEN
        names = ("book.css", "print.css", "screen.css") if screen else ("book.css", "print.css")
        language = self.book.metadata.language
        sheets = [self.layouts.stylesheet(name, language) for name in names]
        ink = ink_converter(job, black_only=job.edition.ink == "black")
        config = self.typesetter_config(
            *sheets,
            self._page_rule(geometry.rule(mirrored=not screen)),
            images=None if screen else image_target(job, ink),
            tagged=screen,
            balance=self._balance(job),
        )
        document = self._documents(Medium.SCREEN if screen else Medium.PRINT, edition.notes)
        solver = PageNumberSolver(
            sections=self.book.sections,
            anchors=self.book.anchors,
            make_document=document,
            images_digest=partial(self.images_digest, config),
            chapters_open=job.edition.chapters_open,
            typesetter_config=config,
            section_pool=self.section_pool,
            cache=self.cache,
            config_digest=self.config_digest(config),
            letters_per_page=letters_per_page(geometry),
            findings=self.findings,
            on_done=self.on_section,
            padding=padding_of(job),
            changed_last=self._changed_last(),
        )
        return Paginated(solver.solve(), geometry, config, document)

    def _changed_last(self) -> list[str]:
        """Return the names of the sections whose files were written last."""

        def written(section: Section) -> float:
            with suppress(OSError):
                return (self.book.root / section.source_path).stat().st_mtime
            return 0.0

        named = (section for section in self.book.sections if section.source_path)
        return [section.name for section in nlargest(_CHANGED_SIZE, named, key=written)]

    def _page_rule(self, rule: str) -> str:
        """Return the rules of the pages, whose sides change places from right to left."""
        return mirrored(rule) if self.book.metadata.direction == "rtl" else rule

    def _balance(self, job: PrintJob) -> Balance:
        """Return which pages end on one line.

        Pages of a size that no print edition has are read one at a time; none faces another.
        """
        balance, is_printed = self.book.balance, job.edition.kind is EditionKind.PRINT
        return balance if is_printed or balance is not Balance.SPREADS else Balance.NONE

    def _documents(self, medium: Medium, notes: NoteStyle) -> SectionDocuments:
        def render(section: Section, page_map: PageMap) -> str:
            return paged_section(self.book, self.layouts, section, medium, page_map, self.fonts)

        return SectionDocuments(medium, render, self.documents, notes)

    def begin_cover(self, edition: Edition) -> Callable[[], tuple[str, Fragment]]:
        """Start to typeset the front cover as a page of a screen edition.

        Return a function that waits for it, and returns its cache key and its fragment.
        """
        rule = cover_page_rule(edition.trim_width_pt, edition.trim_height_pt)
        cover_css = self.layouts.stylesheet("cover.css", self.book.metadata.language)
        config = self.typesetter_config(cover_css, rule, tagged=True)
        document = cover_document(self.book, self.layouts)
        section_job = SectionJob("cover", BOOK_FILE, document, 1, on_verso=False)
        images = self.images_digest(config, document)
        key = section_key(self.config_digest(config), section_job, images)
        kept = self.cache.get(key)
        if kept is not None:
            return lambda: (key, kept)
        result_of = self.section_pool.submit_one(config, section_job)

        def cover() -> tuple[str, Fragment]:
            result = result_of()
            if isinstance(result, Failure):
                raise section_failed("cover", SourceLocation(BOOK_FILE), result, self.findings)
            self.cache.put(key, result)
            return key, result

        return cover

    def _check_limits(self, job: PrintJob, imposition: Imposition) -> None:
        pages, printed = imposition.page_count, imposition.printed_count
        values = {"edition": job.edition.name, "pages": pages, "printer": job.profile.title}
        most = job.maximum_pages
        if most is not None and pages > most:
            self.findings.add("PRN-021", job.location(), maximum=most, **values)
        padding = padding_of(job)
        if padding.adds_for_minimum(printed):
            values |= {"blanks": pages - printed, "minimum": padding.minimum_pages}
            self.findings.add("PRN-067", job.location(), **values)


def _renumber(task: tuple[Objects, tuple[PageNumber, ...], NumberMap]) -> ObjectBlock:
    return renumber(*task)
