"""``makeready onix``: the messages about a book, from its finished files."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.artefacts import write_whole
from makeready.book.model import Book, Edition
from makeready.errors import UsageError
from makeready.findings import Findings, SourceLocation
from makeready.manifest import Artefact, add_to_manifest, describe, read_manifest
from makeready.onix.gaps import tell_gaps
from makeready.onix.message import RELEASES, message
from makeready.onix.products import editions_sold, products_of
from makeready.order import ONIX, Order, Outcome, apply_ignores
from makeready.preflight import read_ordered
from makeready.progress import Report, Step
from makeready.watchdog import guarded_result


def make_onix(order: Order, report: Report, step_seconds: float) -> Outcome:
    """Write a message in each release of ONIX, in a child process."""
    return guarded_result(_make_onix, order, report, step_seconds)


def _make_onix(order: Order, report: Report) -> Outcome:
    read = Findings()
    book = read_ordered(order, read, report)
    if book is None or read.errors:
        return Outcome(findings=tuple(read))
    # What the text has of notes and warnings, a build and a check tell.
    findings = Findings()
    artefacts = [a for a in read_manifest(order.output) if a.is_of(book.metadata.slug)]
    if not artefacts:
        raise UsageError(
            f"There is nothing of this book in {order.output.as_posix()}.", "Run `make` first."
        )
    ordered = {edition.name for edition in order.editions_of(book)}
    editions = [edition for edition in editions_sold(book) if edition.name in ordered]
    written: list[Artefact] = []
    if editions and _all_made(editions, artefacts, findings):
        report(Step("Describing"))
        products = products_of(book, editions, artefacts, order.output)
        tell_gaps(book, products, findings)
        for release in RELEASES:
            name = f"{book.metadata.slug}-onix-{release}.xml"
            write_whole(order.output / name, message(book.metadata, products, release))
            slug = book.metadata.slug
            written.append(describe(order.output, name, "", ONIX, book=slug))
        add_to_manifest(order.output, written)
    apply_ignores(book.ignores, findings, report_unused=False)
    return Outcome(tuple(written), tuple(findings))


def _all_made(
    editions: Sequence[Edition], artefacts: Sequence[Artefact], findings: Findings
) -> bool:
    """Tell whether the file of every edition is there and as the book is now."""
    for edition in editions:
        if reason := unmade(edition, artefacts):
            findings.add("ONX-011", SourceLocation("book.toml"), name=edition.name, reason=reason)
    return not findings.errors


def unmade(edition: Edition, artefacts: Sequence[Artefact]) -> str:
    """Say why an edition's file cannot be described; empty if it can."""
    own = [a for a in artefacts if a.edition == edition.name and a.kind == edition.kind]
    if not own:
        return "it has not been made"
    return "its file is of an earlier text" if any(a.outdated for a in own) else ""


def messages_about(
    book: Book, edition: Edition, artefacts: Sequence[Artefact], order: Order, findings: Findings
) -> dict[str, bytes]:
    """Return the messages about one edition, by the name of their file."""
    products = products_of(book, (edition,), artefacts, order.output)
    tell_gaps(book, products, findings)
    return {
        f"{book.metadata.slug}-onix-{release}.xml": message(book.metadata, products, release)
        for release in RELEASES
    }
