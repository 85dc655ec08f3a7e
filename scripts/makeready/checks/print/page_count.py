"""How many pages an interior has, and which of them are blank."""

from __future__ import annotations

from collections.abc import Mapping

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import in_words
from makeready.findings import Findings, SourceLocation


def check_page_count(
    count: int, requirements: PrintRequirements, findings: Findings, location: SourceLocation
) -> None:
    """Check a page count against the printer's least and most, and what it is a multiple of."""
    least, most = requirements.least_pages(), requirements.most_pages()
    multiple = requirements.profile.page_multiple
    values = {"count": count, "printer": requirements.printer}
    if least is not None and count < least:
        findings.add("PRN-003", location, least=least, **values)
    elif most is not None and count > most:
        findings.add("PRN-023", location, most=most, **values)
    elif count % multiple:
        rule = "PRN-022" if requirements.profile.fills_up else "PRN-002"
        findings.add(rule, location, multiple=multiple, **values)


def check_blanks(
    blank: Mapping[int, bool],
    count: int,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Check the blank pages: that the last is one where it has to be, and not too many in a row.

    ``blank`` tells of the pages that were looked at, by their numbers from 1.
    """
    if requirements.profile.last_page_blank and not blank.get(count, True):
        findings.add("PRN-024", location, printer=requirements.printer)
    rule = requirements.profile.rules.blanks
    if rule is None:
        return
    run: list[int] = []
    for number in range(1, count + 2):
        if blank.get(number):
            run.append(number)
            continue
        at_end = number == count + 1
        most = rule.maximum_at_end if at_end else rule.maximum_run
        if len(run) > most:
            findings.add(
                "PRN-025", location, pages=in_words(run), most=most, printer=requirements.printer
            )
        run = []
