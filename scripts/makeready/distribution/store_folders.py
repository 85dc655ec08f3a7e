"""A store's upload folder: the e-book as the store accepts it, its cover, the form's values."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.check_book import check_ebook, check_for_store, stores_of
from makeready.build.ebook_without_pages import write_without_pages
from makeready.build.manifest import Artefact
from makeready.build.request import BuildRequest, apply_ignores, print_edition_of
from makeready.distribution.folder import as_json, delete_folder, whole_folder, write_checksums
from makeready.distribution.listing import store_form_entries
from makeready.epub.remove_cover_page import remove_cover_page
from makeready.findings import Findings
from makeready.onix.write_files import edition_messages, not_current_reason
from makeready.stores.store import Store
from makeready.templates.environment import Layouts
from makeready.workers.progress import Report, Step

_COVER = "EPUB/cover.jpg"
# EPUBCheck's note that no document shows an image: here that is the cover, as the store wants.
_UNREFERENCED = "OPF-097"


def pack_for_stores(
    request: BuildRequest,
    book: Book,
    edition: Edition,
    artefacts: Sequence[Artefact],
    folders: Path,
    printer_folders: frozenset[str],
    findings: Findings,
    report: Report,
    *,
    book_has_errors: bool,
) -> list[str]:
    """Make the folder of each requested store, or of each that an e-book names in ``book.toml``.

    A folder must not have a name of ``printer_folders``. A store whose rules the e-book breaks
    gets none. Returns the names of the folders.
    """
    names: list[str] = []
    if edition.stores is None and not request.stores:
        return names
    packer = _StorePacker(request, book, edition, artefacts, report)
    reason = "the book has errors" if book_has_errors else not_current_reason(edition, artefacts)
    found = Findings()
    if not reason:
        check_ebook(request, packer.ebook, found, report)
        apply_ignores(book.ignores, found, report_unused=False)
        reason = "its files have errors" if found.errors else ""
    findings.extend(found, edition.name)
    for store in stores_of(request, edition):
        target = folders / _folder_name(store, book, edition, printer_folders)
        own = Findings()
        own.extend(found)
        store_reason = reason or packer.pack(store, target, own)
        if store_reason:
            # The folder of an earlier run must not be uploaded instead.
            delete_folder(target)
            values = {"edition": edition.name, "store": store.title, "reason": store_reason}
            own.add("STO-025", edition.location(), **values)
        else:
            names.append(target.name)
        findings.extend(own, edition.name)
    return names


def _folder_name(
    store: Store, book: Book, edition: Edition, printer_folders: frozenset[str]
) -> str:
    ebooks = sum(other.kind is EditionKind.EPUB for other in book.editions)
    is_unique = ebooks == 1 and store.name not in printer_folders
    return store.name if is_unique else f"{store.name}-{edition.name}"


@dataclass(frozen=True, slots=True)
class _StorePacker:
    """The upload folders of one e-book."""

    request: BuildRequest
    book: Book
    edition: Edition
    artefacts: Sequence[Artefact]
    report: Report

    @property
    def ebook(self) -> Path:
        """The finished file."""
        own = (a for a in self.artefacts if a.edition == self.edition.name)
        return self.request.output / next(a.path for a in own if a.kind == EditionKind.EPUB)

    def pack(self, store: Store, target: Path, findings: Findings) -> str:
        """Check the e-book as the store gets it, and fill its folder; return why there is none."""
        draft = self.request.temporary_folder / self._ebook_name(store)
        try:
            self._write_ebook(store, draft, findings)
            check_for_store(draft, store, findings, self.report)
            apply_ignores(self.book.ignores, findings, report_unused=False)
            if findings.errors:
                return "its files have errors"
            self.report(Step("Packing", store.title))
            with whole_folder(target) as folder:
                shutil.move(draft, folder / draft.name)
                self._fill(folder, draft.name, store, findings)
        finally:
            draft.unlink(missing_ok=True)
        return ""

    def _write_ebook(self, store: Store, draft: Path, findings: Findings) -> None:
        page, numbers = store.rules.cover_page, store.rules.page_numbers
        found = Findings()
        if numbers is not None and print_edition_of(self.edition, self.book) is not None:
            self.report(Step("Packing", f"{self.ebook.name} without page numbers"))
            own = (self.request, self.book, self.edition)
            found.extend(write_without_pages(*own, made=self.ebook, target=draft))
        else:
            shutil.copyfile(self.ebook, draft)
            if page is None or page.page == "wanted":
                return
        if page is not None and page.page == "unwanted":
            whole = draft.rename(draft.with_suffix(".whole"))
            try:
                remove_cover_page(whole, draft)
            finally:
                whole.unlink()
        check_ebook(self.request, draft, found, self.report)
        for finding in found:
            if page is None or page.page == "wanted" or finding.id != _UNREFERENCED:
                findings.append(finding)

    def _ebook_name(self, store: Store) -> str:
        files = store.rules.files
        is_by_isbn = files is not None and files.name == "isbn" and self.edition.isbn
        return f"{self._isbn}.epub" if is_by_isbn else self.ebook.name

    @property
    def _isbn(self) -> str:
        return self.edition.isbn.replace("-", "")

    def _cover_name(self, store: Store) -> str:
        pattern = store.rules.cover.name
        if pattern and self.edition.isbn:
            return pattern.format(isbn=self._isbn)
        return f"{self.ebook.stem}-cover.jpg"

    def _fill(self, folder: Path, ebook: str, store: Store, findings: Findings) -> None:
        book, edition = self.book, self.edition
        missing, limits = Findings(), Findings()
        messages = edition_messages(book, edition, self.artefacts, self.request, missing)
        form = store_form_entries(book, edition, store, limits, edition.location())
        for more in (missing, limits):
            apply_ignores(book.ignores, more, report_unused=False)
            findings.extend(more)
        cover = self._cover_name(store)
        # The store's rules were checked on the cover image in the EPUB.
        with zipfile.ZipFile(folder / ebook) as archive:
            (folder / cover).write_bytes(archive.read(_COVER))
        for name, content in messages.items():
            (folder / name).write_bytes(content)
        files = [ebook, cover, *messages]
        shared = {"metadata": book.metadata, "edition": edition, "files": files}
        picture = {"source": cover, "file": cover, "number": "1", "small": "yes"}
        layouts, found = Layouts(book.root), tuple(findings)
        pages = {
            "form.html": layouts.render(
                "kit-form", entries=form, missing=tuple(missing), asks="store", **shared
            ),
            "report.html": layouts.render(
                "kit-report", found=found, thumbnails=[picture], **shared
            ),
            "form.json": as_json({entry.key: entry.value for entry in form}),
            "report.json": as_json({"files": files, "findings": [asdict(one) for one in found]}),
        }
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8")
        write_checksums(folder)
