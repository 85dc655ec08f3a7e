"""Links to the web whose address is not in the text, so that a printed book does not show it."""

from __future__ import annotations

from collections.abc import Iterator

from makeready.book.model import Book, Element
from makeready.book.text_position import counted_letters
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.structure import plain_text

_SCHEMES = ("https://", "http://")
_SHOWN_WORDS = 40


def report_hidden_addresses(book: Book, findings: Findings) -> None:
    """Report the links of a book that show no address, at the first of them."""
    found = [
        (SourceLocation(section.source_path, source_line(link)), link)
        for section in book.sections
        for tree in (section.title_tree, section.tree, *(note.tree for note in section.notes))
        for link in tree.iter("a")
        if _hides_address(link)
    ]
    if found:
        location, link = found[0]
        text = " ".join(plain_text(link).split())[:_SHOWN_WORDS]
        findings.add("LAY-018", book.located(location), links=len(found), text=text)


def _hides_address(link: Element) -> bool:
    address = str(link.get("href") or "")
    text = counted_letters(plain_text(link)).casefold()
    if not address.startswith(_SCHEMES) or not text:
        return False
    return not any(shown in text for shown in _shown_forms(address))


def _shown_forms(address: str) -> Iterator[str]:
    """Yield what a text has that shows an address, without what goes unsaid."""
    for scheme in _SCHEMES:
        if address.startswith(scheme):
            rest = address.removeprefix(scheme).removeprefix("www.").removesuffix("/")
            yield counted_letters(rest).casefold()
