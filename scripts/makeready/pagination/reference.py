"""The reference rendering: the engine's own file of the same sections, with literal numbers.

It is slow and takes the whole book's memory. What is bound must be the same to the
pixel, and its structure, destinations and outline the same; the tests hold it to that.
"""

from __future__ import annotations

from makeready.book.model import Book
from makeready.engine.typesetter import TypesetSection, write_pdf
from makeready.pagination.pagination import Paginated
from makeready.pagination.worker import typesetter_of

_BLANK = '<html lang="{language}"><body class="blank"></body></html>'


def reference_pdf(book: Book, paginated: Paginated) -> tuple[bytes, int]:
    """Return an edition as the engine itself writes it, and its page count.

    Its blanks between sections are included, and its cover is not; black is the engine's.
    """
    solution, typesetter = paginated.solution, typesetter_of(paginated.typesetter_config)
    blank = _BLANK.format(language=book.metadata.language)
    sections: list[TypesetSection] = []
    page_count = 0
    for place in solution.imposition.places:
        for _ in range(place.blanks_before):
            sections.append(typesetter.typeset(blank, 1, on_verso=page_count % 2 == 1))
            page_count += 1
        markup = paginated.document(place.section, solution.page_map)
        section = typesetter.typeset(markup, place.first_number, on_verso=place.on_verso)
        sections.append(section)
        page_count += len(section.pages)
    return write_pdf(sections, paginated.typesetter_config.variant), page_count
