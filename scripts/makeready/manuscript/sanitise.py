"""Removal of elements and attributes that are not allowed, each with a finding."""

from __future__ import annotations

import re

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import (
    ACTIVE,
    ALIGNMENTS,
    BLOCKS,
    CITATION,
    CITATION_ATTRIBUTES,
    CITE,
    DIAGRAM,
    DIAGRAM_ATTRIBUTES,
    FORMULA,
    FORMULA_ATTRIBUTES,
    GIVEN_NUMBER,
    INLINES,
    MEANINGLESS_ATTRIBUTES,
    NEW_PAGE,
    NOTE_CALL,
    NOTE_ID,
    PAGE_BREAK,
    SPAN_ATTRIBUTES,
    UNCLOSED,
    VOID,
    is_allowed,
)
from makeready.manuscript.highlighting import is_known_language
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.source import MAX_DEPTH
from makeready.manuscript.suppressed import MissingTargets

MAX_SPAN = 50
# As HTML has it; an id that XML or a reading system does not take gets another one later.
_ID = re.compile(r"\S+")
_CLASS = re.compile(r"[\w-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_OWN_ATTRIBUTES = {
    FORMULA: FORMULA_ATTRIBUTES,
    DIAGRAM: DIAGRAM_ATTRIBUTES,
    CITATION: CITATION_ATTRIBUTES,
    CITE: CITATION_ATTRIBUTES,
}
_PAGE_BREAK_STYLE = re.compile(
    r"(?:page-)?break-(before|after)\s*:\s*(?:always|page|left|right|recto|verso)(?:\s*!important)?"
)
_PAGE_BREAKS = frozenset(
    {"page-break", "page-break-before", "page-break-after", "pagebreak", "newpage"}
)
_HARMLESS_AT_BREAKS = frozenset(
    {"", "clear: both", "clear:both", "display: block", "display:block"}
)
_ALLOWED = BLOCKS | INLINES
_INTERNAL = {LINE, NOTE_ID}
_ADVICE = {
    "active": "Delete it; a book shows only text and images.",
    "img": "Write it as ![what it shows](images/name.jpg).",
    "unknown": "Delete the tag; its text is kept. Write &lt; for a plain <.",
}


def source_line(element: Element) -> int:
    """Return the source line of an element, or of its nearest ancestor that has one."""
    ancestor: Element | None = element
    while ancestor is not None:
        line = ancestor.get(LINE, "")
        if line.isdigit():
            return int(line)
        ancestor = ancestor.getparent()
    return 1


def remove_element(element: Element, *, keep_content: bool = False) -> None:
    """Remove an element from its tree, but not its tail, nor its content if ``keep_content``."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    pieces = [element.text or ""] if keep_content else [""]
    children = list(element) if keep_content else []
    tail = element.tail or ""
    element.tail = None
    parent.remove(element)
    _add_before(parent, index, pieces[0])
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    _add_before(parent, index + len(children), tail)


def _add_before(parent: Element, index: int, text: str) -> None:
    if not text:
        return
    if index == 0:
        parent.text = (parent.text or "") + text
    else:
        before = parent[index - 1]
        before.tail = (before.tail or "") + text


_MEASURED_BY_CONTENT = frozenset({"col", "colgroup", "hr", "table", "td", "th", "tr"})
"""Elements whose size on a page is that of what they contain."""


def sanitise(tree: Element, path: str, findings: Findings, missing_targets: MissingTargets) -> None:
    """Remove from ``tree`` what is not allowed in a book, and report it."""
    _limit_depth(tree, path, findings)
    for element in list(tree.iter()):
        if element is tree or _is_detached(element, tree):
            continue
        tag = str(element.tag)
        location = SourceLocation(path, source_line(element))
        if tag == NOTE_CALL:
            for key in [k for k in element.attrib if k not in _INTERNAL]:
                del element.attrib[key]
        elif tag in _OWN_ATTRIBUTES:
            for key in [k for k in element.attrib if k != LINE and k not in _OWN_ATTRIBUTES[tag]]:
                del element.attrib[key]
        elif tag in ACTIVE or tag not in _ALLOWED:
            advice = "active" if tag in ACTIVE else "unknown"
            findings.add("MAN-015", location, element=tag, hint=_ADVICE[advice])
            missing_targets.add(element)
            remove_element(element, keep_content=tag not in ACTIVE)
        else:
            _check_attributes(element, location, findings, missing_targets)


def _limit_depth(tree: Element, path: str, findings: Findings) -> None:
    """Remove elements nested beyond the limit; report the first."""
    level = list(tree)
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
    if level:
        findings.add("MAN-013", SourceLocation(path, source_line(level[0])), limit=MAX_DEPTH)
    for element in level:
        remove_element(element)


def _is_detached(element: Element, tree: Element) -> bool:
    """Return whether an element was removed with one of its ancestors."""
    ancestor = element
    while (parent := ancestor.getparent()) is not None:
        ancestor = parent
    return ancestor is not tree


def _check_attributes(
    element: Element, location: SourceLocation, findings: Findings, missing_targets: MissingTargets
) -> None:
    tag = str(element.tag)
    _translate_attributes(element)
    for key, value in list(element.attrib.items()):
        key = str(key)  # noqa: PLW2901 - lxml's keys are str or bytes to its stubs
        value = str(value)  # noqa: PLW2901
        if key in {LINE, UNCLOSED}:
            continue
        if not is_allowed(tag, key) or not _is_valid(element, key, value):
            del element.attrib[key]
            if key == "id":
                findings.add("REF-008", location, id=value)
                missing_targets.ids.add(value)
            elif not (tag == "img" and key == "decorative"):
                findings.add("MAN-016", location, attribute=key, element=tag)
        elif key in SPAN_ATTRIBUTES and int(value) > MAX_SPAN:
            element.set(key, str(MAX_SPAN))
            findings.add("MAN-028", location, span=value, limit=MAX_SPAN)
    if tag in VOID:
        element.text = None


def _translate_attributes(element: Element) -> None:
    """Write old attributes as they are written today, and remove those that mean nothing here."""
    for key in MEANINGLESS_ATTRIBUTES:
        if "attachment" not in (element.get(key) or "").lower():
            element.attrib.pop(key, "")
    if element.tag in _MEASURED_BY_CONTENT:
        for side in ("width", "height"):
            element.attrib.pop(side, "")
    names = [name for name in (element.get("class") or "").split() if _CLASS.fullmatch(name)]
    names = _with_page_breaks(element, names)
    alignment = str(element.attrib.pop("align", "")).strip().lower()
    if alignment in ALIGNMENTS:
        names.append(f"align-{alignment}")
    elif alignment:
        element.set("align", alignment)
    language = str(element.get("lang") or "")
    if element.tag == "pre" and language and is_known_language(language):
        # On GitHub, preformatted text has the language of its code here.
        del element.attrib["lang"]
        names.append(f"language-{language}")
    if names:
        element.set("class", " ".join(names))
    else:
        element.attrib.pop("class", "")
    if element.tag == "a" and (name := str(element.attrib.pop("name", ""))):
        element.set("id", element.get("id") or name)


def _with_page_breaks(element: Element, names: list[str]) -> list[str]:
    """Return the classes of an element with those for its style or class that breaks pages."""
    kept: list[str] = []
    styles = str(element.get("style") or "").split(";")
    is_empty = len(element) == 0 and not (element.text or "").strip()
    before = after = False
    for style in styles:
        found = _PAGE_BREAK_STYLE.fullmatch(style.strip().lower())
        if found is None:
            kept.append(style)
        elif found[1] == "before":
            before = True
        else:
            after = True
    if before or after:
        if not is_empty and any(one.strip().lower() not in _HARMLESS_AT_BREAKS for one in kept):
            element.set("style", ";".join(kept))
        else:
            element.attrib.pop("style", "")
    lower = {name.lower() for name in names}
    before = before or "page-break-before" in lower
    after = after or "page-break-after" in lower or (is_empty and bool(lower & _PAGE_BREAKS))
    marks = [NEW_PAGE] if before and not is_empty else []
    marks += [PAGE_BREAK] if after or (before and is_empty) else []
    return [*(name for name in names if name.lower() not in _PAGE_BREAKS or not marks), *marks]


_VALID_FORMS = {
    "id": _ID,
    "lang": _LANGUAGE,
    "dir": re.compile("ltr|rtl|auto"),
    "type": re.compile("[1aAiI]"),
    "open": re.compile("(?:open)?"),
    "reversed": re.compile("(?:reversed)?"),
    "scope": re.compile("(?:row|col)(?:group)?"),
    "datetime": re.compile(
        r"(?:\d{4,}(?:-\d\d(?:-\d\d)?)?|\d{4,}-W\d\d|-?-?\d\d-\d\d)?"
        r"(?:(?:^|(?<=.)[T ])\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
        re.ASCII,
    ),
    "rowspan": re.compile(r"\d{1,9}", re.ASCII),
    **dict.fromkeys(("colspan", "span"), re.compile(r"0*[1-9]\d{0,8}", re.ASCII)),
    "start": re.compile(r"-?\d{1,9}", re.ASCII),
    "data-place": re.compile("before|after"),
    GIVEN_NUMBER: re.compile(r"[\w.:-]{1,20}"),
    "data-line-number": re.compile(r"\d{1,9}", re.ASCII),
    "data-widths": re.compile(r"\d{1,9}(?:\.\d{1,6})?(?: \d{1,9}(?:\.\d{1,6})?){0,199}", re.ASCII),
}
_ITEM_NUMBER = _VALID_FORMS["start"]


def _is_valid(element: Element, key: str, value: str) -> bool:
    if key == "value" and element.tag == "li":
        # Only the items of a numbered list have numbers.
        parent = element.getparent()
        is_numbered = parent is not None and parent.tag == "ol"
        return is_numbered and _ITEM_NUMBER.fullmatch(value) is not None
    if key == "datetime" and not value:
        return False
    form = _VALID_FORMS.get(key)
    return form is None or form.fullmatch(value) is not None
