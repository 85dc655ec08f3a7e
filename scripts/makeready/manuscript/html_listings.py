"""Preformatted text of HTML, ``<pre>``, in lines as the code of a fence: highlighted and hung."""

from __future__ import annotations

from lxml import etree

from makeready.book.model import CodeStyle, Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import BLOCKS
from makeready.manuscript.highlighting import CodeLine, Highlighter, is_known_language
from makeready.manuscript.listings import CODE_LINE, LINE_NUMBER
from makeready.manuscript.raw_html import append_text
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.source import TAB_WIDTH

_WRAPPERS = frozenset({"code", "samp", "kbd"})
_PREFIXES = ("language-", "lang-", "highlight-source-")


def divide_into_lines(tree: Element, style: CodeStyle, path: str, findings: Findings) -> None:
    """Put each line of the preformatted text of HTML in ``tree`` into a ``span``.

    Text in a known language is highlighted, unless there is markup in it.
    """
    highlighter = Highlighter()
    for pre in list(tree.iter("pre")):
        if _is_read(pre) or not (len(pre) or pre.text):
            continue
        language = _language(pre)
        content = _content(pre)
        if len(content):
            lines = _with_markup(content)
        else:
            text = (content.text or "").removeprefix("\n").rstrip("\n")
            text = "\n".join(line.expandtabs(TAB_WIDTH) for line in text.split("\n"))
            coded, is_too_much = highlighter.lines(text, language if style.highlights else "")
            lines = [_coded(line) for line in coded]
            if is_too_much:
                location = SourceLocation(path, source_line(pre))
                findings.add("MAN-060", location, language=language)
        first = 1 if style.numbers_lines and language else 0
        for number, line in enumerate(lines):
            if first:
                line.set(LINE_NUMBER, str(first + number))
            if number < len(lines) - 1:
                append_text(line, "\n")
        content.text = None
        for child in list(content):
            content.remove(child)
        content.extend(lines)


def _is_read(pre: Element) -> bool:
    """Return whether the text is in lines, or has blocks, which no line has."""
    return any(
        CODE_LINE in (element.get("class") or "").split() or element.tag in BLOCKS
        for element in pre.iterdescendants()
    )


def _content(pre: Element) -> Element:
    """Return the element with the text: the only child, if it is one for code."""
    has_text = (pre.text or "").strip() or any((child.tail or "").strip() for child in pre)
    if len(pre) != 1 or has_text or pre[0].tag not in _WRAPPERS:
        return pre
    pre.text = pre[0].tail = None
    return pre[0]


def _language(pre: Element) -> str:
    """Return the language that the classes of the text name."""
    for element in (pre, *list(pre)[:1]):
        for name in (element.get("class") or "").lower().split():
            prefix = next((p for p in _PREFIXES if name.startswith(p)), "")
            if prefix or is_known_language(name):
                return name.removeprefix(prefix)
    return ""


def _coded(pieces: CodeLine) -> Element:
    line = etree.Element("span", {"class": CODE_LINE})
    for name, text in pieces:
        if name:
            etree.SubElement(line, "span", {"class": name}).text = text
        else:
            append_text(line, text)
    return line


def _with_markup(content: Element) -> list[Element]:
    """Return the lines of text with markup; an element that goes on is in each of its lines."""
    lines = _Lines()
    lines.add_content(content)
    lines.remove_empty()
    last = lines.finished[-1]
    if len(lines.finished) > 1 and len(last) == 0 and not last.text:
        del lines.finished[-1]
    return lines.finished


class _Lines:
    """The lines of a text, while its elements are opened and closed."""

    def __init__(self) -> None:
        self.finished: list[Element] = []
        self._open: list[Element] = []
        self._continued: list[Element] = []
        self._column = 0
        self._is_at_start = True
        self._begin()

    def add_content(self, element: Element) -> None:
        """Add the text and the elements in an element."""
        self._add_text(element.text or "")
        for child in element:
            if child.tag == "br":
                self._begin()
            else:
                copy = etree.Element(str(child.tag))
                copy.attrib.update(child.attrib)
                self._open[-1].append(copy)
                self._open.append(copy)
                self._is_at_start = False
                self.add_content(child)
                self._open.pop()
            self._add_text(child.tail or "")

    def remove_empty(self) -> None:
        """Remove the elements that go on in a line in which they have nothing."""
        for element in reversed(self._continued):
            if len(element) == 0 and not element.text:
                remove_element(element)

    def _begin(self) -> None:
        """Begin a line, in which the open elements are open again."""
        line = etree.Element("span", {"class": CODE_LINE})
        self.finished.append(line)
        opened = [line]
        for element in self._open[1:]:
            copy = etree.SubElement(opened[-1], str(element.tag))
            copy.attrib.update(element.attrib)
            copy.attrib.pop("id", "")
            opened.append(copy)
        self._continued += opened[1:]
        self._open = opened
        self._column = 0

    def _add_text(self, text: str) -> None:
        if self._is_at_start and text:
            text = text.removeprefix("\n")
            self._is_at_start = False
        for number, piece in enumerate(text.split("\n")):
            if number:
                self._begin()
            expanded = f"{' ' * self._column}{piece}".expandtabs(TAB_WIDTH)[self._column :]
            self._column += len(expanded)
            if expanded:
                append_text(self._open[-1], expanded)
