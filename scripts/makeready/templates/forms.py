"""Forms of text that a stylesheet cannot set by itself: definitions, verse, wide tables."""

from __future__ import annotations

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.figures import NUMBER, lone_image

_MANY_COLUMNS = 5
"""From how many columns on a table may not fit a telephone."""


def group_definitions(tree: Element) -> None:
    """Give each term of a definition list and what defines it an element of their own.

    A ``div`` in a ``dl`` is HTML's own way to hold such a group together.
    """
    for listing in tree.iter("dl"):
        group: Element | None = None
        for child in list(listing):
            if child.tag == "dt" and (group is None or group[-1].tag == "dd"):
                group = etree.Element("div", {"class": "entry"})
                child.addprevious(group)
            if group is not None and child.tag in {"dt", "dd"}:
                child.tail = None
                group.append(child)


def split_verse_lines(tree: Element, *, keep_breaks: bool) -> None:
    """Give each line of verse an element of its own, so that what is turned over can hang.

    ``keep_breaks``: a reader without styles still sees lines. A stanza with a break inside
    other markup stays as it is.
    """
    for stanza in tree.iterfind(".//div[@class='verse']//p"):
        breaks = [child for child in stanza if child.tag == "br"]
        if len(breaks) != sum(1 for _ in stanza.iter("br")):
            continue
        line = etree.Element("span", {"class": "verse-line"})
        line.text, stanza.text = stanza.text, None
        lines = [line]
        for child in list(stanza):
            if child.tag != "br":
                line.append(child)
                continue
            stanza.remove(child)
            tail, child.tail = child.tail, None
            if keep_breaks:
                line.append(child)
            line = etree.Element("span", {"class": "verse-line"})
            line.text = tail
            lines.append(line)
        stanza.extend(lines)


def set_pictures_apart(tree: Element) -> None:
    """Mark the paragraphs that are an image and nothing else."""
    for paragraph in tree.iter("p"):
        if lone_image(paragraph) is not None:
            paragraph.set("class", f"{paragraph.get('class', '')} picture".strip())


def name_figures(tree: Element, section: str) -> None:
    """Give each numbered figure of a section that has no id one, to be listed by."""
    for figure in tree.iter("figure"):
        number = figure.get(NUMBER)
        if number and not figure.get("id"):
            figure.set("id", f"{section}-figure-{number}")


def wrap_wide_tables(tree: Element) -> None:
    """Give a table of many columns a frame to be moved in, where the screen is narrower."""
    for table in list(tree.iter("table")):
        columns = max((len(row) for row in table.iter("tr")), default=0)
        parent = table.getparent()
        if columns < _MANY_COLUMNS or parent is None:
            continue
        # What can be moved must be within reach of a keyboard.
        frame = etree.Element("div", {"class": "wide-table", "tabindex": "0"})
        parent.replace(table, frame)
        frame.tail, table.tail = table.tail, None
        frame.append(table)
