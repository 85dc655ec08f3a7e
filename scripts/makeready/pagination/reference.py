"""The reference rendering: an edition written by the engine itself, as one document.

It is slow and takes the whole book's memory. The linked edition must look the same to the pixel,
and have the same structure, destinations and outline; the tests compare the two.
"""

from __future__ import annotations

from makeready.book.model import Book
from makeready.engine.typesetter import TypesetSection, write_pdf
from makeready.pagination.pagination import Paginated
from makeready.pagination.worker import make_typesetter

_BLANK = '<html lang="{language}"><body class="blank"></body></html>'


def reference_pdf(book: Book, paginated: Paginated) -> tuple[bytes, int]:
    """Return the reference rendering of an edition, and its page count.

    It has the blank pages between sections but no cover, and the engine's own colours.
    """
    solution, config = paginated.solution, paginated.typesetter_config
    typesetter = make_typesetter(config)
    blank = _BLANK.format(language=book.metadata.language)
    sections: list[TypesetSection] = []
    page_count = 0
    for placed in solution.imposition.sections:
        for _ in range(placed.blanks_before):
            sections.append(typesetter.typeset(blank, 1, on_verso=page_count % 2 == 1))
            page_count += 1
        document = paginated.document(placed.section, solution.page_map)
        section = typesetter.typeset(document, placed.first_number, on_verso=placed.on_verso)
        sections.append(section)
        page_count += len(section.pages)
    return write_pdf(sections, config.variant, config.fonts), page_count
