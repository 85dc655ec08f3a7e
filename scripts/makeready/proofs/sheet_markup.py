"""The document of the sheets of a proof: all that is text on them but the book's own pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from makeready.book.queries import QueryKind
from makeready.proofs.marks import PlacedQuery, ProofMarks
from makeready.proofs.note_stack import fitting, stacked
from makeready.proofs.page_lines import BookLines
from makeready.proofs.sheet import Sheet
from makeready.wording import counted

NOTE_CLASS = "note"
EVERY = 5
"""Every so many lines have their number printed."""

_GAP_PT = 5.0
_SHORT_WORDS = 9
_NUMBER_WIDTH_PT = 18.0
_TITLES = {
    QueryKind.QUERY: "",
    QueryKind.INSERTION: "insert",
    QueryKind.DELETION: "delete",
    QueryKind.REPLACEMENT: "replace",
    QueryKind.HIGHLIGHT: "marked",
}
_XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class ProofHead:
    """What the sheets of a proof say of it: ``dated`` is the revision, ``since`` that compared."""

    title: str
    edition: str
    language: str
    dated: str
    since: str
    watermark: str


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note in the margin: its top and height, downwards from the page's top, in points.

    ``query`` is None for the line that names the queries for which there is no room.
    """

    query: PlacedQuery | None
    markup: Markup
    top: float
    height: float


def full_note(one: PlacedQuery) -> Markup:
    """Return a note of a query as it is in the margin."""
    return _note(one, _body(one))


def short_note(one: PlacedQuery) -> Markup:
    """Return the first words of a query, where there is no room for all of it."""
    words = one.query.words.split()
    text = " ".join(words[:_SHORT_WORDS])[:70]
    more = Markup('… <a class="more" href="#q{}">whole in the list</a>').format(one.number)
    return _note(one, escape(text) + more)


def _note(one: PlacedQuery, body: Markup) -> Markup:
    return Markup(
        '<div class="note {kind}"><a class="number" href="#q{number}">{number}</a> '
        '<span class="place">{line}</span> {body}</div>'
    ).format(kind=one.query.kind.value, number=one.number, line=_line(one), body=body)


def _line(one: PlacedQuery) -> str:
    line = one.places[0].line
    return f"l. {line.number}" if line is not None else ""


def _body(one: PlacedQuery) -> Markup:
    query = one.query
    deleted = Markup("<del>{}</del>").format(query.marked)
    inserted = Markup("<ins>{}</ins>").format(query.text)
    label = Markup("<span class='kind'>{}</span> ").format(_TITLES[query.kind])
    match query.kind:
        case QueryKind.INSERTION:
            return label + inserted
        case QueryKind.DELETION:
            return label + deleted
        case QueryKind.REPLACEMENT:
            return label + deleted + Markup(" → ") + inserted
        case QueryKind.HIGHLIGHT:
            return label + Markup("“{}”").format(query.marked)
        case _:
            return Markup("{}").format(query.text)


def measuring_document(queries: Sequence[PlacedQuery], head: ProofHead) -> str:
    """Return a document of all notes, whole and short by turns, to be measured."""
    notes = Markup("").join(note for one in queries for note in (full_note(one), short_note(one)))
    rest = _rest_note(queries) if queries else Markup("")
    return _document(head, Markup("<section class='measured'>{}{}</section>").format(notes, rest))


def measuring_rule(sheet: Sheet) -> str:
    """Return the page rule of the document to be measured."""
    return f"@page{{size:{sheet.note_width}pt 1000000pt;margin:0}}"


def sheet_rule(sheet: Sheet) -> str:
    """Return the page rules of the sheets."""
    size = f"{sheet.width}pt {sheet.height}pt"
    return (
        f"@page{{size:{size};margin:48pt 56pt 56pt}}@page sheet{{size:{size};margin:0}}"
        f".sheet{{width:{sheet.width}pt;height:{sheet.height}pt}}"
        f".placed,.note{{width:{sheet.note_width}pt}}.head,.foot{{width:{sheet.width - 52}pt}}"
    )


def place_notes(
    queries: Sequence[PlacedQuery], heights: dict[int, tuple[float, float]], sheet: Sheet
) -> list[PlacedNote]:
    """Return the notes beside a page: whole as far as there is room, each near its line.

    ``heights`` are those of the whole and of the short note of each query, by its number.
    """
    room = sheet.page_height
    shown = list(queries)
    shortened = None
    while shown:
        full, short = zip(*(heights[one.number] for one in shown), strict=True)
        left = room if len(shown) == len(queries) else room - heights[0][0] - _GAP_PT
        shortened = fitting(full, short, left, _GAP_PT)
        if shortened is not None:
            break
        shown.pop()
    notes = [
        (one, short_note(one) if is_short else full_note(one), heights[one.number][is_short])
        for one, is_short in zip(shown, shortened or [], strict=True)
    ]
    wanted = [_wanted_top(one, sheet) for one, _, _ in notes]
    sizes = [height for _, _, height in notes]
    if len(shown) < len(queries):
        sizes.append(heights[0][0])
        wanted.append(room)
    tops = stacked(sizes, wanted, room, _GAP_PT)
    placed = [
        PlacedNote(one, markup, top, height)
        for (one, markup, height), top in zip(notes, tops, strict=False)
    ]
    if len(shown) < len(queries):
        rest = _rest_note(queries[len(shown) :])
        placed.append(PlacedNote(None, rest, tops[-1], heights[0][0]))
    return placed


def _wanted_top(one: PlacedQuery, sheet: Sheet) -> float:
    line = one.places[0].line or one.places[0].text
    return sheet.page_height - line.baseline - line.size * 0.9 if line is not None else 0.0


def _rest_note(left: Sequence[PlacedQuery]) -> Markup:
    more = counted(len(left), "more query", "more queries")
    return Markup(
        '<div class="note rest">{}: <a class="more" href="#q{}">see the list</a></div>'
    ).format(more, left[0].number)


def sheets_document(
    head: ProofHead,
    sheet: Sheet,
    lines: BookLines,
    titles: dict[int, str],
    notes: Sequence[Sequence[PlacedNote]],
    marks: ProofMarks,
    facts: Sequence[str],
) -> str:
    """Return the document of all sheets and of the list of queries.

    ``titles`` are those of the sections by the page that they begin on, ``notes`` those of each
    page, ``facts`` what is said of the whole proof.
    """
    pages: list[Markup] = []
    title = ""
    for page, placed in enumerate(notes):
        starts = page in titles
        title = titles.get(page, title)
        pages.append(_sheet(head, sheet, lines, page, title, placed, starts=starts))
    listed = _list(head, lines, marks, facts)
    return _document(head, Markup("").join(pages) + listed)


def _sheet(
    head: ProofHead,
    sheet: Sheet,
    lines: BookLines,
    page: int,
    title: str,
    notes: Sequence[PlacedNote],
    *,
    starts: bool,
) -> Markup:
    # The first sheet of a section is what its bookmark leads to.
    is_heading = starts and title
    heading, paragraph = Markup('<h1 class="section">{}</h1>'), Markup('<p class="section">{}</p>')
    section = heading if is_heading else paragraph
    parts = [_watermark(head, sheet, page)] if head.watermark else []
    parts.append(
        Markup(
            '<div class="head"><p class="what">{}, {}</p>{}<p class="page">page {}</p></div>'
        ).format(head.title, head.edition, section.format(title), lines.labels[page])
    )
    since = f" · bars: changed since {head.since}" if head.since else ""
    parts.append(
        Markup('<div class="foot"><p>{}{}</p><p class="page">sheet {} of {}</p></div>').format(
            head.dated, since, page + 1, len(lines.labels)
        )
    )
    parts += _numbers(sheet, lines, page)
    left = sheet.note_left(page)
    for note in notes:
        name = f"m{note.query.number}" if note.query is not None else f"more{page}"
        top = sheet.page_top_from_top + note.top
        parts.append(
            Markup(
                '<div class="placed" id="{}" style="left:{:.2f}pt;top:{:.2f}pt">{}</div>'
            ).format(name, left, top, note.markup)
        )
    return Markup('<section class="sheet" id="s{}">{}</section>').format(
        page, Markup("").join(parts)
    )


def _watermark(head: ProofHead, sheet: Sheet, page: int) -> Markup:
    letters = max(len(head.watermark), 1)
    diagonal = (sheet.page_width**2 + sheet.page_height**2) ** 0.5
    size = min(diagonal * 0.5 / (letters * 0.62), sheet.page_width * 0.3)
    middle = sheet.page_top_from_top + sheet.page_height / 2 - size * 0.6
    return Markup(
        '<div class="watermark" style="left:{:.2f}pt;top:{:.2f}pt;width:{:.2f}pt;'
        'font-size:{:.2f}pt">{}</div>'
    ).format(
        sheet.page_left(page) + sheet.page_width / 2 - diagonal / 2,
        middle,
        diagonal,
        size,
        head.watermark,
    )


def _numbers(sheet: Sheet, lines: BookLines, page: int) -> Iterator[Markup]:
    edge, is_verso = sheet.number_edge(page), sheet.is_verso(page)
    for line in lines.pages.get(page, ()):
        if line.number % EVERY:
            continue
        top = sheet.page_top_from_top + sheet.page_height - line.baseline
        left, side = (edge, "left") if is_verso else (edge - _NUMBER_WIDTH_PT, "right")
        yield Markup(
            '<p class="line" style="left:{:.2f}pt;top:{:.2f}pt;text-align:{}">{}</p>'
        ).format(left, top - 6.6, side, line.number)


def _list(head: ProofHead, lines: BookLines, marks: ProofMarks, facts: Sequence[str]) -> Markup:
    items = Markup("").join(
        Markup(
            '<tr id="q{number}" class="{kind}">'
            '<td class="number"><a href="#s{page}">{number}</a></td>'
            '<td class="at"><a href="#s{page}">{label}</a></td><td class="at">{line}</td>'
            '<td>{body}<span class="file">{location}</span></td></tr>'
        ).format(
            number=one.number,
            kind=one.query.kind.value,
            page=one.places[0].page,
            label=lines.labels[one.places[0].page],
            line=one.places[0].line.number if one.places[0].line is not None else "",
            body=_listed(one),
            location=one.location,
        )
        for one in marks.queries
    )
    table = Markup(
        '<table><thead><tr><th></th><th class="at">page</th><th class="at">line</th>'
        "<th>query</th></tr></thead><tbody>{}</tbody></table>"
    ).format(items)
    return Markup('<section class="list"><h1>Proof of {}</h1>{}{}</section>').format(
        head.title,
        Markup("").join(Markup('<p class="fact">{}</p>').format(fact) for fact in facts),
        table if marks.queries else "",
    )


def _listed(one: PlacedQuery) -> Markup:
    marked = one.query.marked if one.query.kind is QueryKind.QUERY else ""
    about = Markup('<span class="about">“{}”</span> ').format(marked) if marked else Markup("")
    return about + _body(one)


def _document(head: ProofHead, content: Markup) -> str:
    return Markup(
        '<html xmlns="{}" lang="{}"><head><title>{}</title></head><body>{}</body></html>'
    ).format(_XHTML, head.language, f"Proof of {head.title}", content)
