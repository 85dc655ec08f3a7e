"""A build request, and the result of a build."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from makeready.book.model import BOOK_FILE, NO_PAGE_LIST, Book, Edition, EditionKind, Ignore
from makeready.build.manifest import DRAFT, PROOF, Artefact
from makeready.errors import UsageError
from makeready.findings import Finding, Findings, SourceLocation, rules_by_id
from makeready.workers.profile import RunProfile
from makeready.workers.shared_pool import PoolAddress

COVER, WRAP, GUIDES, REFERENCE = "cover", "wrap", "guides", "reference"
ONIX = "onix"


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """Proofs instead of editions: compared with the revision ``since``, with a watermark."""

    since: str = ""
    watermark: str = "Proof"


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to make: editions by name or by kind (all, when neither is given).

    ``cover_only`` makes the covers and nothing else, with ``guides`` once more with their
    measures drawn over them. ``jobs`` sections are typeset at a time, each within
    ``section_seconds``, by the run's own workers, by those of a ``shared`` pool, or of the
    cluster whose ``scheduler`` is at that address. Without ``page_list`` e-books list no pages of
    the print edition. With ``reference`` PDFs are also made by the engine alone. Made ``as_draft``
    all files are marked as drafts, and written whatever is found; without ``marks_drafts`` their
    pages are not marked, for a preview, and of drafts of ``pages_only``, to be compared, no covers
    are made and nothing is checked. A ``release`` is refused if the manuscript has open queries,
    unless ``open_queries`` accepts them. A ``proof`` is made of editions as a draft is, by default
    of the first with pages and of the first e-book. ``typography`` measures how the lines and pages
    of the PDFs are set. ``temporary`` is this run's own folder in the output folder, where files
    are written before they are checked.

    A check is of the book's finished files, or of ``files`` of any program, and e-books are
    checked against the rules of ``stores``: those that their editions name, when there are none.
    """

    book: Path
    output: Path
    cache: Path
    editions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    cover_only: bool = False
    guides: bool = False
    jobs: int = 1
    section_seconds: float = 300.0
    shared: PoolAddress | None = None
    scheduler: str = ""
    page_list: bool = True
    reference: bool = False
    as_draft: bool = False
    marks_drafts: bool = True
    release: bool = False
    open_queries: bool = False
    proof: ProofRequest | None = None
    pages_only: bool = False
    typography: bool = False
    temporary: Path | None = None
    files: tuple[Path, ...] = ()
    stores: tuple[str, ...] = ()

    @property
    def temporary_folder(self) -> Path:
        """The folder of files that are not checked yet, in a run that writes to the output."""
        assert self.temporary is not None
        return self.temporary

    @property
    def is_whole(self) -> bool:
        """Whether everything the book has is requested."""
        return not (self.editions or self.kinds or self.cover_only)

    def has(self, artefact: Artefact) -> bool:
        """Return whether a file of an earlier run is requested again."""
        if self.proof is not None or artefact.kind == PROOF:
            return False
        if self.as_draft or artefact.kind == DRAFT:
            return self.as_draft and artefact.kind == DRAFT and self._names(artefact)
        if artefact.kind in (GUIDES, REFERENCE, ONIX):
            return {GUIDES: self.guides, REFERENCE: self.reference}.get(artefact.kind, False)
        if self.cover_only:
            return artefact.kind in {COVER, WRAP}
        # A cover goes with the editions that it is made for.
        kind = {COVER: EditionKind.EPUB, WRAP: EditionKind.PRINT}.get(artefact.kind, artefact.kind)
        return self._names(artefact) or kind in self.kinds

    def _names(self, artefact: Artefact) -> bool:
        return self.is_whole or artefact.edition in self.editions

    def absolute(self) -> BuildRequest:
        """Return the request with paths that are valid in another process or on another machine."""
        return replace(self, book=self.book.absolute(), cache=self.cache.absolute())

    def wants_cover(self, book: Book) -> bool:
        """Return whether the cover image is requested, by itself or for an e-book."""
        kinds = [edition.kind for edition in self.editions_of(book)]
        return self.cover_only or EditionKind.EPUB in kinds

    def editions_of(self, book: Book) -> tuple[Edition, ...]:
        """Return the requested editions, in the order of ``book.toml``."""
        if self.cover_only:
            return ()
        known = {edition.name for edition in book.editions}
        for name in self.editions:
            if name not in known:
                raise UsageError(
                    f"Unknown edition “{name}”.", f"The book has: {', '.join(sorted(known))}."
                )
        if self.is_whole:
            return book.editions if self.proof is None else _proofread(book.editions)
        chosen = tuple(
            edition
            for edition in book.editions
            if edition.name in self.editions or edition.kind.value in self.kinds
        )
        if not chosen:
            kinds = " or ".join(self.kinds)
            listed = ", ".join(f"{edition.name} ({edition.kind})" for edition in book.editions)
            raise UsageError(f"The book has no edition of kind {kinds}.", f"It has: {listed}.")
        return chosen


def _proofread(editions: tuple[Edition, ...]) -> tuple[Edition, ...]:
    """Return the editions that a proof is made of: the first with pages, and the first e-book."""
    by_kind: dict[EditionKind, Edition] = {}
    for edition in editions:
        by_kind.setdefault(edition.kind, edition)
    paged = by_kind.get(EditionKind.PRINT) or by_kind.get(EditionKind.SCREEN)
    return tuple(one for one in (paged, by_kind.get(EditionKind.EPUB)) if one is not None)


def print_edition_of(ebook: Edition, book: Book) -> Edition | None:
    """Return the print edition whose pages an e-book lists: the one it names, or the first."""
    if ebook.page_list == NO_PAGE_LIST:
        return None
    printed = [edition for edition in book.editions if edition.kind is EditionKind.PRINT]
    if ebook.page_list:
        printed = [edition for edition in printed if edition.name == ebook.page_list]
    return printed[0] if printed else None


def file_name(book: Book, edition: Edition) -> str:
    """Return the file name of an edition."""
    if edition.kind is not EditionKind.EPUB:
        return f"{book.metadata.slug}-{edition.name}.pdf"
    return f"{ebook_stem(book, edition.name)}.epub"


def proof_name(name: str) -> str:
    """Return the name of a file's proof."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.proof.{suffix}"


def draft_name(name: str) -> str:
    """Return the name of a file's draft; the dot keeps it apart from the name of an edition."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.draft.{suffix}"


def ebook_stem(book: Book, edition: str) -> str:
    """Return the stem of an e-book's files: the book's slug, if it has only one e-book."""
    several = sum(other.kind is EditionKind.EPUB for other in book.editions) > 1
    return f"{book.metadata.slug}-{edition}" if several and edition else book.metadata.slug


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The artefacts and findings of a run, and its profile.

    ``folders`` are the folders it made, each as the page in it to open, in the output folder.
    """

    artefacts: tuple[Artefact, ...] = ()
    findings: tuple[Finding, ...] = ()
    profile: RunProfile | None = None
    folders: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is a finding at error level."""
        return any(finding.severity == "error" for finding in self.findings)


def apply_ignores(
    ignores: Iterable[Ignore],
    findings: Findings,
    *,
    report_unused: bool,
    unchecked: Collection[str] = (),
) -> None:
    """Drop the findings that the book accepts.

    An ignore that drops none is a finding itself, if its rule is none of the ``unchecked``, and so
    is one of a finding that no book can accept.
    """
    rules = rules_by_id()
    for ignore in ignores:
        location = SourceLocation(BOOK_FILE, ignore.line)
        matching = [
            finding
            for finding in findings
            if finding.id == ignore.id
            and (not ignore.path or (finding.location and finding.location.path == ignore.path))
        ]
        if matching and ignore.id in rules and not rules[ignore.id].ignorable:
            findings.add("MET-093", location, id=ignore.id)
            continue
        for finding in matching:
            findings.drop(finding)
        if not matching and report_unused and ignore.id not in unchecked:
            findings.add("MET-090", location, id=ignore.id)


def passes(ignores: Iterable[Ignore], found: Findings) -> bool:
    """Return whether an edition may be written: no error but those the book accepts."""
    left = Findings()
    left.extend(found)
    apply_ignores(ignores, left, report_unused=False)
    return not left.errors


def report_not_made(
    editions: Iterable[Edition], written: Iterable[Artefact], findings: Findings
) -> None:
    """Report editions that were not written, unless an error that is left says why."""
    if findings.errors:
        return
    made = {artefact.edition for artefact in written}
    for edition in editions:
        if edition.name not in made:
            findings.add("MET-094", edition.location(), edition=edition.name)
