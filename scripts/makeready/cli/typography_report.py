"""What was measured of finished PDFs as a web page in one file, with pictures of the worst places.

The file needs nothing from elsewhere, and the texts of a stranger's PDF are nothing but text in it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from makeready.cli.typography_words import KINDS, ROWS, SECTION_COLUMNS, page_of, type_of
from makeready.findings import SourceLocation
from makeready.wording import clipped, counted, one_line

if TYPE_CHECKING:
    from makeready.build.measure_files import LocatedPlace, MeasuredFile

_LONGEST_TEXT = 160
_LONGEST_TITLE = 80
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = Markup("""
:root { color-scheme: light dark; --paper: #faf8f4; --ink: #22201d; --soft: #5c564d;
  --edge: #d5cfc4; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1c1e; --ink: #ebe8e2; --soft: #b3aea6;
  --edge: #43474d; } }
body { max-width: 980px; margin: 0 auto; padding: 24px 20px 64px; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 48px 0 8px; overflow-wrap: anywhere; }
h3 { font-size: 16px; margin: 32px 0 4px; }
p { margin: 0 0 12px; }
.soft, figcaption .where { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--edge); text-align: right;
  white-space: nowrap; }
th { font-weight: 600; }
tbody th, thead th:first-child { text-align: left; font-weight: 400; }
tbody th { min-width: 9em; white-space: normal; }
tbody th.part { padding-left: 20px; color: var(--soft); }
summary { margin: 16px 0 8px; cursor: pointer; }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 12px 0; padding: 0;
  list-style: none; }
a { color: inherit; text-underline-offset: 3px; }
.places { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(430px, 100%), 1fr));
  gap: 4px 24px; align-items: start; }
figure { margin: 8px 0 16px; }
figure img { display: block; max-width: 100%; height: auto; border: 1px solid var(--edge);
  border-radius: 3px; background: #fff; }
figcaption { margin-top: 4px; overflow-wrap: anywhere; }
figcaption b { font-weight: 600; }
""")

Original = Callable[[SourceLocation], SourceLocation]
"""Returns a place in the manuscript as the user knows it."""


def report_of(files: Sequence[MeasuredFile], original: Original) -> bytes:
    """Return the page."""
    names = ", ".join(one.path.name for one in files)
    body = [
        Markup("<h1>How the lines and pages are set</h1><p class='soft'>{}</p>").format(names),
        _figures(files),
        *(_sections(one) for one in files),
        *(_places(number, one, original) for number, one in enumerate(files)),
    ]
    page = Markup(
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        '<meta http-equiv="Content-Security-Policy" content="{}">'
        "<title>Typography: {}</title><style>{}</style></head><body>{}</body></html>\n"
    ).format(_POLICY, names, _STYLE, Markup("\n").join(body))
    return page.encode()


def _figures(files: Sequence[MeasuredFile]) -> Markup:
    rows = [
        ("type size, leading", *(type_of(one) for one in files)),
        ("measure", *(f"{one.typography.measure_pt:g} pt" for one in files)),
        *((title, *(value(one.typography.figures) for one in files)) for title, value in ROWS),
    ]
    return _table(("", *(one.path.name for one in files)), rows)


def _sections(one: MeasuredFile) -> Markup:
    rows = [
        (
            clipped(one_line(section.title), _LONGEST_TITLE),
            str(section.page + 1),
            *(value(section.figures) for _, value in SECTION_COLUMNS),
        )
        for section in one.typography.sections
    ]
    header = ("", "page", *(title for title, _ in SECTION_COLUMNS))
    return Markup("<details><summary>Sections of {}</summary>{}</details>").format(
        one.path.name, _table(header, rows)
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(cell) for cell in header)
    lines = []
    for first, *cells in rows:
        part = Markup(" class='part'") if first.startswith("  ") else ""
        columns = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
        line = Markup("<tr><th scope='row'{}>{}</th>{}</tr>").format(part, first.strip(), columns)
        lines.append(line)
    return Markup(
        "<div class='wide' tabindex='0'><table><thead><tr>{}</tr></thead>"
        "<tbody>{}</tbody></table></div>"
    ).format(head, Markup("").join(lines))


def _places(number: int, one: MeasuredFile, original: Original) -> Markup:
    kinds = {kind: places for kind, places in one.worst.items() if places}
    if not kinds:
        text = Markup("<h2>{}</h2><p>No place of this file is worth a picture.</p>")
        return text.format(one.path.name)
    links = Markup("").join(
        Markup('<li><a href="#f{}-{}">{}</a></li>').format(number, kind.value, KINDS[kind][0])
        for kind in kinds
    )
    parts = Markup("").join(
        Markup('<section id="f{}-{}"><h3>{}</h3><div class="places">{}</div></section>').format(
            number,
            kind.value,
            KINDS[kind][0],
            Markup("").join(_place(located, one, original) for located in places),
        )
        for kind, places in kinds.items()
    )
    return Markup("<h2>The worst places of {}</h2><nav><ul>{}</ul></nav>{}").format(
        one.path.name, links, parts
    )


def _place(located: LocatedPlace, one: MeasuredFile, original: Original) -> Markup:
    place, picture = located.place, located.picture
    text = clipped(one_line(place.text), _LONGEST_TEXT)
    value = KINDS[place.kind][1](place)
    where = page_of(one, place)
    if located.location is not None:
        where += f" · {original(located.location)}"
    image = Markup("")
    if picture is not None:
        encoded = base64.b64encode(picture.content).decode("ascii")
        image = Markup(
            '<img alt="{}" width="{}" height="{}" src="data:image/webp;base64,{}">'
        ).format(_described(located), picture.width // 2, picture.height // 2, encoded)
    shown = Markup("<b>{}</b> ").format(value) if value else ""
    return Markup(
        "<figure>{}<figcaption>{}<span class='where'>{}</span><br>{}</figcaption></figure>"
    ).format(image, shown, where, text)


def _described(located: LocatedPlace) -> str:
    place = located.place
    if place.left is not None:
        return (
            f"Two facing pages; the shorter one, page {place.page + 1}, ends with the marked line"
        )
    return f"The line on page {place.page + 1}, marked, with {counted(2, 'line')} before it"
