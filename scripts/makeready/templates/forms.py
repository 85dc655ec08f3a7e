"""Changes to trees for what a stylesheet cannot do: definitions, verse, wide tables."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from makeready.book.model import Element
from makeready.book.roman import roman
from makeready.manuscript.figures import NUMBER

_VERSE_LINE = "verse-line"
_NUMBERED_VERSE_LINE = 5
_SPEAKER = re.compile(r"\s*([^\W\d][^:.!?\n]{0,40}):\s+")
_MANY_COLUMNS = 5
"""The number of columns from which a table may not fit on a phone."""

_MOST_NUMERALS = 100
_MAXIMUM_DIGITS = 4
_CELLS = frozenset({"th", "td"})
_AROUND_IMAGES = frozenset({"a", "em", "span", "strong"})
_SHORT_ENTRY, _SHORT_ENTRIES_TOGETHER = 14, 32
"""Letters in one entry that is kept on its line, and in all such columns side by side."""


def group_definitions(tree: Element) -> None:
    """Wrap each term of a definition list, with its definitions, in a ``div``.

    HTML allows a ``div`` in a ``dl`` for such groups.
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
    """Wrap each line of verse in a ``span``, so that turnover lines can have a hanging indent.

    ``keep_breaks`` keeps the line breaks for reading systems without styles. A stanza with a
    break inside other markup is left unchanged.
    """
    for stanza in _stanzas(tree):
        if any("footnote" in (e.get("class") or "").split() for e in stanza.iterancestors()):
            continue
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
    _number_verse_lines(tree)


def _stanzas(tree: Element) -> list[Element]:
    verses = [one for one in tree.iter("div") if "verse" in (one.get("class") or "").split()]
    return list({id(p): p for verse in verses for p in verse.iter("p")}.values())


def _number_verse_lines(tree: Element) -> None:
    """Give every fifth line of verse of the class ``numbered`` its number."""
    for verse in tree.iter("div"):
        if {"verse", "numbered"} <= set((verse.get("class") or "").split()):
            lines = (one for one in verse.iter("span") if one.get("class") == _VERSE_LINE)
            for number, line in enumerate(lines, start=1):
                if number % _NUMBERED_VERSE_LINE == 0:
                    line.set("data-verse-number", str(number))


def mark_drama(tree: Element) -> None:
    """Mark the speeches, their speakers and the stage directions of plays.

    A paragraph that begins with a name and a colon is a speech; the colon goes. One that is in
    italics as a whole is a direction.
    """
    for play in tree.iter("div"):
        if "drama" not in (play.get("class") or "").split():
            continue
        for paragraph in play.iter("p"):
            speaker = _SPEAKER.match(paragraph.text or "")
            if speaker is not None:
                name = etree.Element("span", {"class": "speaker"})
                name.text, name.tail = speaker[1], f" {speaker.string[speaker.end() :]}"
                paragraph.text = None
                paragraph.insert(0, name)
                _add_class(paragraph, "speech")
            elif len(paragraph) == 1 and paragraph[0].tag in {"em", "i"}:
                around = f"{paragraph.text or ''}{paragraph[0].tail or ''}"
                if not any(letter.isalnum() for letter in around):
                    _add_class(paragraph, "stage-direction")


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _width(number: int, style: str | None) -> int:
    """Return the width of the mark of an item in digits."""
    if number > 0 and style in {"i", "I"}:
        return -(-len(roman(number)) * 2 // 3) if style == "i" else len(roman(number))
    return 1 if style in {"a", "A"} else len(str(number))


def mark_long_numbers(tree: Element) -> None:
    """Give each numbered list whose numbers have several digits a class, for a wider indent."""
    for listing in tree.iter("ol"):
        start = listing.get("start") or ""
        first = int(start) if start.removeprefix("-").isdecimal() else 1
        last = first + sum(child.tag == "li" for child in listing) - 1
        digits = max(_width(number, listing.get("type")) for number in {first, last})
        if listing.get("type") in {"i", "I"}:
            numerals = range(max(first, 1), min(last, _MOST_NUMERALS) + 1)
            digits = max((_width(number, "i") for number in numerals), default=digits)
        digits += "brackets" in (listing.get("class") or "").split()
        if digits > 1:
            name = f"digits-{min(digits, _MAXIMUM_DIGITS)}"
            listing.set("class", f"{listing.get('class', '')} {name}".strip())


def keep_short_columns(tree: Element) -> None:
    """Mark the cells of columns that hold short entries only, which are not to be broken.

    Otherwise the engine would break "item 20" where a wide column beside it has room to give.
    A table without a wide column is left alone: its columns may have to share too little room.
    """
    for table in tree.iter("table"):
        rows = [[cell for cell in row if cell.tag in _CELLS] for row in table.iter("tr")]
        spans = any(cell.get("colspan") for row in rows for cell in row)
        if spans or len({len(row) for row in rows}) != 1:
            continue
        columns = list(zip(*rows, strict=True))
        lengths = [max(len(" ".join(c.itertext()).strip()) for c in column) for column in columns]
        short = [length <= _SHORT_ENTRY for length in lengths]
        if all(short) or sum(n for n, is_short in zip(lengths, short, strict=True) if is_short) > (
            _SHORT_ENTRIES_TOGETHER
        ):
            continue
        for column, is_short in zip(columns, short, strict=True):
            for cell in column if is_short else ():
                cell.set("class", f"{cell.get('class', '')} short".strip())


def mark_image_paragraphs(tree: Element) -> None:
    """Give paragraphs of images alone the class ``picture``, and others ``image-first``.

    An image as wide as the text would run out of a first line that is indented.
    """
    for paragraph in tree.iter("p"):
        if not len(paragraph) or not _is_image(paragraph[0]) or (paragraph.text or "").strip():
            continue
        is_of_images = all(
            (child.tag == "br" or _is_image(child)) and not (child.tail or "").strip()
            for child in paragraph
        )
        name = "picture" if is_of_images else "image-first"
        paragraph.set("class", f"{paragraph.get('class', '')} {name}".strip())


def _is_image(element: Element) -> bool:
    """Return whether an element is an image, or has images alone in it, as a link may have."""
    if element.tag in _AROUND_IMAGES:
        has_text = any((text or "").strip() for text in (element.text, *(c.tail for c in element)))
        return len(element) > 0 and not has_text and all(map(_is_image, element))
    return element.tag == "img"


def assign_figure_ids(tree: Element, section: str) -> None:
    """Give each numbered figure without an id one, for the list of illustrations.

    Of several with one number, such as a figure that is shown again, each has its own.
    """
    given: set[str] = set()
    counts: Counter[str] = Counter()
    for figure in tree.iter("figure"):
        number = figure.get(NUMBER)
        if number and not figure.get("id"):
            name = first = f"{section}-figure-{number}"
            while name in given:
                counts[first] += 1
                name = f"{first}-{counts[first] + 1}"
            given.add(name)
            figure.set("id", name)


def wrap_wide_tables(tree: Element) -> None:
    """Wrap tables of many columns in an element that scrolls if the screen is too narrow."""
    for table in list(tree.iter("table")):
        columns = max((len(row) for row in table.iter("tr")), default=0)
        parent = table.getparent()
        if columns < _MANY_COLUMNS or parent is None:
            continue
        # What scrolls has to be reachable with the keyboard.
        wrapper = etree.Element("div", {"class": "wide-table", "tabindex": "0"})
        parent.replace(table, wrapper)
        wrapper.tail, table.tail = table.tail, None
        wrapper.append(table)
