"""The structure of a section: its title, its headings, and clean blocks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from makeready.book.kinds import Kind
from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import (
    BLOCKS,
    HEADING_MARK,
    HEADINGS,
    NOTE_CALL,
    VERBATIM,
    VOID,
)
from makeready.manuscript.anchors import names_of
from makeready.manuscript.figures import classes
from makeready.manuscript.line_joins import join_lines
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.raw_html import append_text
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.source import TAB_WIDTH
from makeready.manuscript.tree import NO_BREAK_SPACE

_NEWLINE = re.compile(r"(?<! )[ ]*\n[ ]*")
_WHITE_SPACE = " \t\n\r"
_BEFORE_TITLE = frozenset({"div", "section", "header", "p", "figure", "img", "a", "span", "br"})
"""Elements that may be before a section's title, as long as they contain no text."""
_SHOWN_WITHOUT_WORDS = ("img", "svg", "math", "object")


def plain_text(element: Element) -> str:
    """Return the text of an element on one line, without note calls."""
    pieces: list[str] = []

    def walk(node: Element) -> None:
        if node.tag != NOTE_CALL and node.get("data-note") is None:
            text = node.get("alttext", "") if node.tag == "math" else node.text or ""
            pieces.append(" " if node.tag == "br" else text)
            for child in node:
                walk(child)
                pieces.append(child.tail or "")

    walk(element)
    return re.sub(r"[ \t\n\r]+", " ", "".join(pieces)).strip(_WHITE_SPACE)


def clean_up(tree: Element) -> None:
    """Break verse into lines; remove line ends, white space around blocks, and empty paragraphs."""
    for verse in tree.iter("div"):
        if "verse" in classes(verse):
            for stanza in verse.iter("p"):
                _break_lines(stanza)
    for rule in tree.iter("hr"):
        rule.set("class", " ".join(["break", *classes(rule)]))
    for span in tree.iter("span"):
        if "index" in classes(span):
            names = ["index-term" if name == "index" else name for name in classes(span)]
            span.set("class", " ".join(names))
    for element in tree.iter():
        if element.tag not in VERBATIM:
            _join_lines(element)
    for element in tree.iter("code"):
        element.text = element.text and element.text.expandtabs(TAB_WIDTH)
    for element in list(tree.iter("p")):
        parent = element.getparent()
        if parent is not None and not (len(element) or (element.text or "").strip(_WHITE_SPACE)):
            parent.remove(element)


def _join_lines(element: Element) -> None:
    if any(ancestor.tag == "pre" for ancestor in element.iterancestors()):
        return
    join_lines(element)
    if element.tag in BLOCKS:
        _trim(element)


def _trim(block: Element) -> None:
    if block.text:
        block.text = block.text.lstrip(_WHITE_SPACE)
    if len(block):
        if block[-1].tail:
            block[-1].tail = block[-1].tail.rstrip(_WHITE_SPACE)
    elif block.text:
        block.text = block.text.rstrip(_WHITE_SPACE)
    for child in block:
        if child.tag in BLOCKS:
            child.tail = (child.tail or "").strip(_WHITE_SPACE) or None
        elif child.tag == "br" and child.tail:
            child.tail = child.tail.lstrip(_WHITE_SPACE)


def _break_lines(element: Element) -> None:
    """Insert a ``br`` at the end of each line of verse, within inline markup too."""
    for child in list(element):
        _break_lines(child)
    children = list(element)
    texts = [element.text, *(child.tail for child in children)]
    element.text = None
    for child in children:
        element.remove(child)
        child.tail = None
    for index, text in enumerate(texts):
        if index:
            element.append(children[index - 1])
        for number, line in enumerate(_NEWLINE.split(text or "")):
            if number:
                etree.SubElement(element, "br")
            append_text(element, line)


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a section: its text, a ``span`` of its markup, and its ids with their line."""

    text: str
    tree: Element
    names: tuple[tuple[str, int], ...] = ()


def drop_empty_headings(tree: Element) -> None:
    """Make an empty paragraph of each heading without words, which keeps only its ids.

    Some books have one as a page break or to close a section: ``# {.unlisted}``.
    """
    for heading in list(tree.iter(*HEADINGS)):
        if plain_text(heading) or next(heading.iter(*_SHOWN_WITHOUT_WORDS), None) is not None:
            continue
        anchor = heading.get("id")
        heading.tag = "p"
        heading.attrib.clear()
        if anchor:
            etree.SubElement(heading, "span", id=anchor)


def extract_title(
    tree: Element, kind: Kind, path: str, findings: Findings, fallback: str, given: str = ""
) -> Title:
    """Remove the title from ``tree`` and return it.

    A section without a title has the ``given`` one, or else ``fallback``, which is reported if its
    kind needs a title.
    """
    titles = list(tree.iter("h1"))
    span = etree.Element("span")
    if not titles:
        if kind.titled and not (kind.generated or given):
            findings.add("MAN-007", SourceLocation(path, 1))
        span.text = given if kind.titled and given else fallback
        return Title(span.text, span)
    first = titles[0]
    line = source_line(first)
    if _has_text_before(first, tree):
        findings.add("MAN-029", SourceLocation(path, source_line(tree[0])))
    if language := first.get("lang"):
        span.set("lang", language)
    names = tuple((anchor, line) for anchor in names_of(first))
    span.set(LINE, str(line))
    span.text = first.text
    span.extend(list(first))
    _remove_title(first, tree)
    words = plain_text(span)
    if not words:
        findings.add("MAN-007", SourceLocation(path, line))
    return Title(words.replace(NO_BREAK_SPACE, " "), span, names)


def _has_text_before(title: Element, tree: Element) -> bool:
    """Return whether there is anything but images and empty elements before the title."""
    around = set(title.iterancestors())
    for element in tree.iter():
        if element is title:
            return False
        texts = [element.text] if element in around else [element.text, element.tail]
        is_content = element.tag not in _BEFORE_TITLE and element is not tree
        if is_content or any((text or "").strip(_WHITE_SPACE) for text in texts):
            return True
    return False


def _remove_title(title: Element, tree: Element) -> None:
    """Remove the title, and the elements around it that contain nothing else."""
    element = title
    while (parent := element.getparent()) is not None:
        remove_element(element)
        if parent is tree or len(parent) or (parent.text or "").strip(_WHITE_SPACE):
            return
        element = parent


def set_language(tree: Element, language: str) -> None:
    """Set the language of the blocks of a section that is not in the language of the book."""
    for block in tree:
        block.set("lang", block.get("lang", language))


def raise_headings(tree: Element, title: str) -> None:
    """Make a title of the heading that a file begins with, if its levels begin below the first.

    All its headings go up with it. A ``title`` that the file was given takes no other heading's
    place; it is removed where that heading says it too: “A - Keywords”, “Appendix A: Keywords”.
    """
    blocks = [block for block in tree if block.tag not in _BEFORE_TITLE or plain_text(block)]
    given = blocks.pop(0) if blocks and blocks[0].tag == "h1" and title else None
    first = blocks[0] if blocks else None
    if first is None or first.tag not in HEADINGS[1:]:
        return
    if given is not None:
        words, own = _letters(first), _letters(given)
        if not own or not (words.endswith(own) or own.endswith(words)):
            return
        remove_element(given)
    if next(tree.iter("h1"), None) is None:
        up = int(str(first.tag)[1]) - 1
        for heading in tree.iter(*HEADINGS[1:]):
            heading.tag = f"h{max(int(str(heading.tag)[1]) - up, 2)}"
        first.tag = "h1"


def _letters(element: Element) -> str:
    return "".join(filter(str.isalnum, plain_text(element))).casefold()


def lower_titles(tree: Element, path: str, findings: Findings, *, begins: bool) -> list[Element]:
    """Make headings of the titles in a tree whose section has one already, and return them.

    The headings after such a title are those of its text, and go down one level with it. It is
    reported, unless it ``begins`` a file of its own.
    """
    lowered: list[Element] = []
    for heading in tree.iter(*HEADINGS):
        is_title = heading.tag == "h1"
        if is_title and (lowered or not begins):
            location = SourceLocation(path, source_line(heading))
            findings.add("MAN-008", location, title=plain_text(heading))
        begins = False
        if is_title or lowered:
            heading.tag = f"h{min(int(str(heading.tag)[1]) + 1, 6)}"
            lowered.append(heading)
    return lowered


def check_headings(
    tree: Element, path: str, findings: Findings, lowered: Collection[Element] = ()
) -> None:
    """Report headings that are more than one level below the one before.

    Those that are ``lowered`` are one level higher in their files. Those of quotations, of which
    some tools make boxes, are not parts of the section.
    """
    level = 1
    below = set(lowered)
    for heading in tree.iter(*HEADINGS[1:]):
        if next(heading.iterancestors("blockquote"), None) is not None:
            continue
        deeper = int(str(heading.tag)[1])
        if deeper > level + 1:
            written = heading in below
            findings.add(
                "MAN-009",
                SourceLocation(path, source_line(heading)),
                level=deeper - written,
                previous_level=level - written,
                marks="#" * (level + 1 - written),
            )
        level = deeper


def check_rows(tree: Element, path: str, findings: Findings) -> None:
    """Report rows of a table that have more cells than its head."""
    for table in tree.iter("table"):
        head = table.find("thead/tr")
        if head is None or any(cell.get("colspan") for cell in table.iter("td", "th")):
            continue
        for row in table.iterfind("tbody/tr"):
            if len(row) > len(head):
                location = SourceLocation(path, source_line(row))
                findings.add("MAN-037", location, cells=len(row), columns=len(head))


def finish_tree(tree: Element) -> None:
    """Keep source lines on blocks only, and make the tree valid as HTML when serialised."""
    for element in tree.iter():
        element.attrib.pop(HEADING_MARK, "")
        tag = str(element.tag)
        if tag not in BLOCKS:
            element.attrib.pop(LINE, "")
        elif element is not tree and not element.get(LINE):
            element.set(LINE, str(source_line(element)))
        if tag not in VOID and len(element) == 0:
            element.text = element.text or ""
