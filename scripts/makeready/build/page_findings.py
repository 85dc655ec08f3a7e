"""The findings on the pages of a book with errors, so that one run tells all there is to put right.

The sections that were typeset for it are in the cache when the book is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from makeready.book.model import EditionKind
from makeready.build.context import REFUSED, BuildContext
from makeready.findings import Finding, Findings, Severity

_FAMILY = "LAY-"


def add_findings_of_pages(context: BuildContext) -> None:
    """Typeset the requested editions of a book that is not sound, and add what their pages show.

    Editions with values in ``book.toml`` that cannot be read are left out.
    """
    # Typesetting imports much that a book which cannot be typeset does not need.
    from makeready.build.paged_editions import make_pdf  # noqa: PLC0415

    known, context.findings = context.findings, Findings()
    in_error = {
        name for finding in known.errors if finding.id != REFUSED for name in finding.editions
    }
    try:
        for edition in context.request.editions_of(context.book):
            if edition.kind is not EditionKind.EPUB and edition.name not in in_error:
                with context.errors_reported(edition.name):
                    make_pdf(context, edition)
    finally:
        found, context.findings = context.findings, known
    for finding in _of_the_pages(found, known):
        known.append(finding)


def _of_the_pages(found: Findings, known: Findings) -> Iterator[Finding]:
    """Yield the findings that do not follow from an error in the same line, or from one elsewhere.

    How many pages there are, and what is on the last one, is not known until the text is right.
    """
    places = {finding.location for finding in known.errors}
    for finding in found:
        has_line = finding.location is not None and finding.location.line is not None
        is_error = finding.severity is Severity.ERROR
        if (
            finding.id.startswith(_FAMILY)
            and (has_line or is_error)
            and finding.location not in places
        ):
            yield finding
