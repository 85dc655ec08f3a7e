"""Links and cross-references.

``[](#id)`` becomes ``a.xref`` with ``data-form``: ``number`` (``title`` if the target has none),
or ``title``, ``page``, ``number`` by its class, or ``text`` if the author wrote the link text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote

from makeready.book.model import Anchor, Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import VERBATIM
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.source import Lines
from makeready.manuscript.structure import plain_text
from makeready.manuscript.suppressed import MissingTargets

_NO_TARGET = "??"
_FORMS = ("number", "title", "page")
_ADDRESS = re.compile(r"[ >]*(?:(?:[-*+:]|\d{1,3}\.)[ ]+)*\[([^\[\]]*)\]:")
_WEB = re.compile(r"(?:https?://[^/\s]|mailto:[^\s])", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0]")
_UNDEFINED = re.compile(r"\[([^\[\]]{1,200})\]\[([^\[\]]{0,200})\]")


def check_links(tree: Element, path: str, findings: Findings) -> None:
    """Keep links to the web and within the book; report and remove all others."""
    for link in list(tree.iter("a")):
        href = link.get("href")
        location = SourceLocation(path, source_line(link))
        if href is None:
            continue
        target = _INVISIBLE.sub("", href)
        if target.startswith("#") and len(target) > 1:
            _make_reference(link, unquote(target[1:]))
        elif _WEB.match(target):
            link.set("href", target)
            if not plain_text(link) and link.find(".//img") is None:
                link.text = target.removeprefix("mailto:")
        else:
            if target in {"", "#"}:
                findings.add("REF-013", location)
            elif _SCHEME.match(target):
                findings.add("MAN-017", location, address=target[:80])
            else:
                new_target = _suggestion(target)
                findings.add("REF-009", location, address=target[:80], target=new_target)
            remove_element(link, keep_content=True)
    _report_undefined(tree, path, findings)


def report_unused_addresses(
    names: Iterable[str], texts: Iterable[Lines], path: str, findings: Findings
) -> None:
    """Report the addresses ``[name]: …`` that no link uses, where each is."""
    unused = set(names)
    for lines in texts if unused else ():
        for text, origin in zip(lines.text, lines.origin, strict=True):
            match = _ADDRESS.match(text)
            if match and match[1].strip().lower() in unused:
                unused.remove(match[1].strip().lower())
                findings.add("MAN-038", SourceLocation(path, origin), name=match[1])


def _suggestion(target: str) -> str:
    file, _, fragment = target.partition("#")
    anchor = fragment or PurePosixPath(file).stem
    return f"[](#{anchor})" if fragment or file.endswith(".md") else "[](#id)"


def _make_reference(link: Element, anchor: str) -> None:
    forms = [c for c in classes(link) if c in _FORMS]
    # Text before a page number belongs to it, and is dropped where there are no pages.
    has_own_words = plain_text(link) and "page" not in forms
    form = "text" if has_own_words else next(iter(forms), "")
    other_classes = [c for c in classes(link) if c not in _FORMS]
    link.set("class", " ".join(["xref", *other_classes]))
    link.set("href", f"#{anchor}")
    link.set("data-form", form)


def _report_undefined(tree: Element, path: str, findings: Findings) -> None:
    for element in tree.iter():
        texts = [element.tail] if element.tag in VERBATIM else [element.text, element.tail]
        for text in texts:
            for match in _UNDEFINED.finditer(text or "") if text and "][" in text else ():
                location = SourceLocation(path, source_line(element))
                label = match[2] or match[1]
                findings.add("REF-011", location, text=match[1], label=label)


def resolve_references(
    tree: Element,
    path: str,
    anchors: dict[str, Anchor],
    findings: Findings,
    missing_targets: MissingTargets,
) -> None:
    """Report references to missing targets, and choose the form of those without one."""
    for link in list(tree.iter("a")):
        form = link.get("data-form")
        if form is None:
            continue
        target = (link.get("href") or "").removeprefix("#")
        anchor = anchors.get(target)
        if anchor is None:
            if not missing_targets.may_contain(target):
                close = difflib.get_close_matches(target, anchors, n=1, cutoff=0.5)
                suggestion = f" Did you mean “#{close[0]}”?" if close else ""
                location = SourceLocation(path, source_line(link))
                findings.add("REF-001", location, id=target, suggestion=suggestion)
            _remove_address(link)
        elif not form:
            link.set("data-form", "number" if anchor.number else "title")
        elif form == "number" and not anchor.number and target not in missing_targets.ids:
            findings.add("REF-010", SourceLocation(path, source_line(link)), id=target)


def _remove_address(link: Element) -> None:
    """Make text of a reference to a missing target; one without text shows question marks."""
    if not plain_text(link):
        link.text = _NO_TARGET
    for key in ("href", "data-form"):
        del link.attrib[key]
    link.tag = "span"
    kept = [name for name in classes(link) if name != "xref"]
    if kept:
        link.set("class", " ".join(kept))
    else:
        del link.attrib["class"]
