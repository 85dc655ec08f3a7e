"""The process that makes pages: it keeps open between saves whatever has not changed."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.context import BuildContext
from makeready.build.job import start_fork_pool
from makeready.build.pdf_editions import FinishedPdf, link_interior, link_screen
from makeready.build.request import BuildRequest, apply_ignores
from makeready.build.session import BuildSession
from makeready.cover.wrap import FinishedWrap, make_wrap
from makeready.files import write_whole
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.pagination.fixed_point import SectionFailedError
from makeready.pdf.fragment import TextLine
from makeready.pdf.page_digests import numbered_digest, page_digests
from makeready.preview.made import (
    CoverRequest,
    EditionName,
    Guide,
    MadeCover,
    MadePages,
    PageEntry,
    PagesRequest,
    SectionEntry,
)
from makeready.printers.cover import CoverBox
from makeready.printers.print_job import PrintJob
from makeready.workers.profile import Profiler
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import Work

_COVER = "cover"


def begin_making(request: BuildRequest) -> Work[MadePages | MadeCover]:
    """Open a session that stays open between requests; runs in the child."""
    session = BuildSession(request, start_fork_pool(request))
    session.store().keep_in_memory()
    return PageMaker(session).make


@dataclass
class PageMaker:
    """Makes the pages of one edition at a time, and its printed cover after them."""

    session: BuildSession
    _job: tuple[BuildContext, PrintJob, int] | None = None
    """What the printed cover is made of: the last pages' job, and their number."""

    _digests: dict[str, tuple[bytes, ...]] = field(default_factory=dict)

    def make(self, request: PagesRequest | CoverRequest, report: Report) -> MadePages | MadeCover:
        """Serve a request.

        Python looks for garbage while the cover is made, and not while pages are waited for.
        """
        if isinstance(request, CoverRequest):
            gc.collect()
            return self._make_cover(request)
        if not request.text_alone:
            self.session.invalidate()
        gc.disable()
        try:
            return self._make_pages(request, report)
        finally:
            gc.enable()
            self.session.warm_up()

    def _make_pages(self, request: PagesRequest, report: Report) -> MadePages:
        self._job = None
        findings = Findings()
        book = read_book(
            request.build.book,
            findings,
            lambda name: report(Step("Reading", name)),
            self.session.unchanged_sections,
        )
        if book is None:
            return MadePages(request.edition, findings=tuple(findings))
        editions = request.build.editions_of(book)
        edition = _chosen(editions, request.edition)
        made = MadePages(
            edition.name if edition else "",
            book.metadata.full_title,
            book.metadata.language,
            tuple(EditionName(one.name, str(one.kind)) for one in editions),
        )
        finished = None
        if edition is not None:
            context = BuildContext(request.build, book, findings, report, Profiler(), self.session)
            with context.errors_reported():
                context.prepare()
                with context.errors_reported(edition.name):
                    finished = self._link(context, edition)
        if finished is not None:
            made = self._with_pages(made, book, finished, request)
        apply_ignores(book.ignores, findings, report_unused=False)
        return replace(made, findings=tuple(findings))

    def _link(self, context: BuildContext, edition: Edition) -> FinishedPdf | None:
        found = Findings()
        try:
            job = context.print_job(edition, found)
            if job is None:
                return None
            pagination = context.pagination(found, edition)
            if edition.kind is EditionKind.SCREEN:
                return link_screen(pagination, edition, job)
            finished = link_interior(pagination, job)
            if not job.stands_in:
                self._job = context, job, finished.page_count
        except SectionFailedError:
            return None
        else:
            return finished
        finally:
            context.findings.extend(found, edition.name)

    def _with_pages(
        self, made: MadePages, book: Book, finished: FinishedPdf, request: PagesRequest
    ) -> MadePages:
        write_whole(request.file, finished.content)
        names = {key: name for name, key in finished.paginated.solution.keys.items()}
        sections = {section.name: section for section in book.sections}
        entries: dict[str, SectionEntry] = {}
        lines: dict[str, tuple[TextLine, ...]] = {}
        for linked in finished.sections:
            name = names.get(linked.key, _COVER)
            if name in sections:
                section = sections[name]
                entries[linked.key] = SectionEntry(name, section.title, section.origins)
            if linked.key not in request.known:
                lines[linked.key] = linked.fragment.lines
        return replace(
            made,
            file=request.file,
            pages=tuple(self._pages(finished)),
            sections=entries,
            lines=lines,
        )

    def _pages(self, finished: FinishedPdf) -> Iterable[PageEntry]:
        """Yield all pages of a file, blank ones included."""
        kept, self._digests = self._digests, {}
        labels, label_of = finished.labels, finished.page_map.label
        number = 0
        for linked in finished.sections:
            for _ in range(linked.blanks_before):
                yield PageEntry(labels[number], "blank")
                number += 1
            digests = kept.get(linked.key) or page_digests(linked.fragment)
            self._digests[linked.key] = digests
            for index, (label, digest) in enumerate(zip(linked.labels, digests, strict=True)):
                shown = numbered_digest(digest, linked.fragment, index, label, label_of)
                yield PageEntry(label, shown, linked.key, index)
                number += 1
        for label in labels[number:]:
            yield PageEntry(label, "blank")

    def _make_cover(self, request: CoverRequest) -> MadeCover:
        if self._job is None:
            return MadeCover("")
        (context, job, pages), found = self._job, Findings()
        name = job.edition.name
        wrap: FinishedWrap | None = None
        with context.errors_reported(name):
            pagination = context.pagination(found, job.edition)
            wrap = make_wrap(pagination, job, pages, self.session.wraps)
        apply_ignores(context.book.ignores, found, report_unused=False)
        findings = Findings()
        findings.extend(found, name)
        if wrap is None:
            return MadeCover(name, findings=tuple(findings))
        write_whole(request.file, wrap.content)
        return MadeCover(
            name,
            request.file,
            hashlib.sha256(wrap.content).hexdigest()[:24],
            wrap.geometry.width_mm,
            wrap.geometry.height_mm,
            tuple(_guides(wrap)),
            tuple(findings),
        )


def _chosen(editions: Iterable[Edition], name: str) -> Edition | None:
    """Return the edition of that name, or else the first one that has pages."""
    paged = [edition for edition in editions if edition.kind is not EditionKind.EPUB]
    return next((edition for edition in paged if edition.name == name), next(iter(paged), None))


def _guides(wrap: FinishedWrap) -> Iterable[Guide]:
    geometry = wrap.geometry
    sheet = CoverBox(0.0, 0.0, geometry.width_mm, geometry.height_mm)
    edge = "bleed" if geometry.binding == "paperback" else "turn-in"
    areas = [(edge, sheet), ("trim", geometry.trim), ("spine", geometry.spine)]
    areas += [("hinge", hinge) for hinge in geometry.hinges]
    areas += [
        ("fold", CoverBox(fold_mm, 0.0, 0.0, geometry.height_mm)) for fold_mm in geometry.folds_mm
    ]
    safe = (geometry.back_safe, geometry.front_safe, geometry.spine_text)
    areas += [("safe area", box) for box in safe if box is not None]
    areas += [("barcode", box) for box in {geometry.barcode, wrap.barcode} if box is not None]
    for kind, box in areas:
        yield Guide(kind, box.left_mm, box.top_mm, box.width_mm, box.height_mm)
