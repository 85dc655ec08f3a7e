"""``makeready kit``: a folder for each printer and store, with all that is uploaded there."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pypdfium2

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.check_book import check_printed, read_ordered
from makeready.build.manifest import Artefact, read_manifest
from makeready.build.request import WRAP, BuildRequest, BuildResult, apply_ignores
from makeready.distribution.folder import as_json, take_away, whole_folder, write_sums
from makeready.distribution.missing import find_missing, line_of, no_cover
from makeready.distribution.store_folders import pack_for_stores
from makeready.distribution.upload_form import Entry, entries
from makeready.errors import UsageError
from makeready.findings import Finding, Findings
from makeready.printers.profile import GENERIC, profile_of
from makeready.templates.environment import Layouts
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import supervised_result

KIT = "kit"
_THUMBNAIL_PX = 160


def make_kits(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Make the upload folders of every edition that is ordered, in a child process."""
    return supervised_result(_make_kits, request, report, step_seconds)


def _make_kits(request: BuildRequest, report: Report) -> BuildResult:
    findings = Findings()
    book = read_ordered(request, findings, report)
    if book is None:
        return BuildResult(findings=tuple(findings))
    artefacts = [a for a in read_manifest(request.output) if a.is_of(book.metadata.slug)]
    if not artefacts:
        raise UsageError(
            f"There is nothing of this book in {request.output.as_posix()}.", "Run `make` first."
        )
    apply_ignores(book.ignores, findings, report_unused=False)
    sound = not findings.errors
    names = folder_names(book)
    for edition in request.editions_of(book):
        if edition.kind is EditionKind.EPUB:
            folders = request.output / KIT
            taken = frozenset(names.values())
            pack_for_stores(
                request, book, edition, artefacts, folders, taken, findings, report, sound=sound
            )
        if edition.name not in names or request.stores:
            continue
        found = Findings()
        own = [a for a in artefacts if a.edition == edition.name]
        check_printed(request, book, edition, own, found, report)
        apply_ignores(book.ignores, found, report_unused=False)
        target = request.output / KIT / names[edition.name]
        reason = _refused(edition, own, found, sound=sound)
        if reason:
            # A folder of an earlier run would be sent in its place.
            take_away(target)
            location = line_of(book, edition)
            found.add("PRN-064", location, edition=edition.name, reason=reason)
        else:
            report(Step("Packing", edition.name))
            missing = Findings()
            find_missing(book, edition, _pages(own), missing)
            apply_ignores(book.ignores, missing, report_unused=False)
            found.extend(missing)
            with whole_folder(target) as folder:
                _fill(folder, request, book, edition, own, tuple(found), tuple(missing))
        findings.extend(found)
    return BuildResult(findings=tuple(findings))


def folder_names(book: Book) -> dict[str, str]:
    """Name each printed edition's folder: its printer, and its own name where there are two."""
    printed = [edition for edition in book.editions if edition.kind is EditionKind.PRINT]
    counts = Counter(edition.printer or GENERIC for edition in printed)
    return {
        edition.name: printer if counts[printer] == 1 else f"{printer}-{edition.name}"
        for edition in printed
        for printer in [edition.printer or GENERIC]
    }


def _refused(edition: Edition, own: Sequence[Artefact], found: Findings, *, sound: bool) -> str:
    """Say why an edition cannot be sent; empty if it can."""
    if not sound:
        return "the book has errors"
    if not any(artefact.kind == EditionKind.PRINT for artefact in own):
        return "its interior has not been made"
    if any(artefact.outdated for artefact in own):
        return "its files are of an earlier text"
    if found.errors:
        return "its check found errors"
    has_cover = any(artefact.kind == WRAP for artefact in own)
    if not has_cover and no_cover(edition, _pages(own)) is None:
        return "its cover has not been made"
    return ""


def _pages(own: Sequence[Artefact]) -> int:
    return next((a.pages or 0 for a in own if a.kind == EditionKind.PRINT), 0)


def _fill(
    folder: Path,
    request: BuildRequest,
    book: Book,
    edition: Edition,
    own: Sequence[Artefact],
    found: Sequence[Finding],
    missing: Sequence[Finding],
) -> None:
    interior = next(a for a in own if a.kind == EditionKind.PRINT)
    covers = [a for a in own if a.kind == WRAP]
    rules = profile_of(edition).rules.file
    names = []
    patterns = [(interior, rules.interior_name), *((a, rules.cover_name) for a in covers)]
    for artefact, pattern in patterns:
        named = pattern and edition.isbn
        name = pattern.format(isbn=edition.isbn) if named else artefact.path
        shutil.copyfile(request.output / artefact.path, folder / name)
        names.append(name)
    form = entries(book, edition, request.output / interior.path)
    _write_pages(folder, book, edition, form, names, found, missing)
    write_sums(folder)


def _write_pages(
    folder: Path,
    book: Book,
    edition: Edition,
    form: Sequence[Entry],
    files: Sequence[str],
    found: Sequence[Finding],
    missing: Sequence[Finding],
) -> None:
    """Write what is typed into the form and what the check found, for people and machines."""
    layouts = Layouts(book.root)
    thumbnails = [one for name in files for one in _thumbnails(folder, name)]
    shared = {"metadata": book.metadata, "edition": edition, "files": files}
    pages = {
        "form.html": layouts.render("kit-form", entries=form, missing=missing, **shared),
        "report.html": layouts.render("kit-report", found=found, thumbnails=thumbnails, **shared),
        "form.json": as_json({entry.key: entry.value for entry in form}),
        "report.json": as_json({"files": files, "findings": [asdict(one) for one in found]}),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


def _thumbnails(folder: Path, name: str) -> list[dict[str, str]]:
    """Draw every page of a file small, and return where each is."""
    pictures = folder / "pages"
    pictures.mkdir(exist_ok=True)
    made = []
    with pypdfium2.PdfDocument(folder / name) as document:
        for number, page in enumerate(document, start=1):
            scale = _THUMBNAIL_PX / max(page.get_width(), 1)
            if len(document) == 1:
                scale *= 4
            picture = f"{Path(name).stem}-{number:04d}.png"
            page.render(scale=scale).to_pil().save(pictures / picture)
            page.close()
            made.append({"source": f"pages/{picture}", "file": name, "number": str(number)})
    return made
