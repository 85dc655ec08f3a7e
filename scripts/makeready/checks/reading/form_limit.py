"""Check that the forms on each page can be painted at all."""

from __future__ import annotations

from contextlib import suppress

import pikepdf

from makeready.checks.reading.document import pages_text
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.form_count import MOST_FORMS, FormCounter


def check_form_count(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> bool:
    """Return whether every page paints a number of forms that ends; report the others."""
    counter, endless = FormCounter(), []
    for number, page in enumerate(pdf.pages, start=1):
        # Content that cannot be read is reported where its colours are.
        with suppress(pikepdf.PikepdfError, TypeError, ValueError):
            if counter.count(page) > MOST_FORMS:
                endless.append(number)
    if endless:
        reason = f"{pages_text(endless)} paints more than {MOST_FORMS:,} forms in each other"
        findings.add("PRN-052", location, reason=reason)
    return not endless
