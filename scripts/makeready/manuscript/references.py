"""Links and cross-references.

``[](#id)`` becomes ``a.xref`` with ``data-form``: ``number`` (``title`` if the target has none),
or ``title``, ``page``, ``number``, ``numeral`` (the number alone) by its class, or ``text`` if the
author wrote the link text. So does a link to a file of the book, ``chapter-2.md#id``, whose
``href`` is resolved later.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from makeready.book.kinds import GROUPS
from makeready.book.model import Anchor, Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import VERBATIM
from makeready.manuscript.anchor_names import AnchorNames
from makeready.manuscript.cross_references import SHORT
from makeready.manuscript.draft import Draft
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.section_numbers import group_label
from makeready.manuscript.structure import plain_text
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.typography import with_typography
from makeready.manuscript.web_address import web_address

_NO_TARGET = "??"
_QUOTATION_MARKS = '"“”„«»'
_FORMS = ("number", "numeral", "title", "page", "eqref", SHORT)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_LABEL = re.compile(
    r"(?!(?:data|file|javascript|mailto|tel|vbscript):)[A-Za-z][\w-]*:[\w.-]+", re.I
)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0]")
# What no XML can have.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Brackets after a letter are an index: “a[i][0]”.
_UNDEFINED = re.compile(r"(?<![\w)\]])\[([^\[\]]{1,200})\]\[([^\[\]]{0,200})\](?!\[)")
_LETTER = re.compile(r"[^\W\d_]")


def check_links(tree: Element, path: str, findings: Findings) -> None:
    """Keep links to the web and within the book; report and remove all others."""
    for link in list(tree.iter("a")):
        href = link.get("href")
        location = SourceLocation(path, source_line(link))
        if href is None:
            continue
        target = _INVISIBLE.sub("", href)
        plain = _INVISIBLE.sub("", unquote(target))
        is_empty = target in {"", "#"}
        if is_empty and link.get("id") and not plain_text(link):
            # An anchor in the form of other tools: [](){#id}.
            del link.attrib["href"]
        elif not is_empty and not _SCHEME.match(plain):
            _make_reference(link, _decoded(target))
        elif _LABEL.fullmatch(target) and not plain_text(link) and link.find(".//img") is None:
            # An id with a colon, as MyST writes it: [](eq:sum).
            _make_reference(link, f"#{target}")
        elif address := web_address(target):
            link.set("href", address)
            if not plain_text(link) and link.find(".//img") is None:
                link.text = target.removeprefix("mailto:")
        else:
            if is_empty:
                findings.add("REF-013", location)
            else:
                findings.add("MAN-017", location, address=plain[:80])
            remove_element(link, keep_content=True)
    _report_undefined(tree, path, findings)


def _decoded(target: str) -> str:
    """Return a target without its percent signs, or as it is if it stands for no text."""
    decoded = unquote(target)
    return target if _NO_TEXT.search(decoded) else decoded


def _make_reference(link: Element, target: str) -> None:
    forms = [c for c in classes(link) if c in _FORMS]
    # Text before a page number belongs to it, and is dropped where there are no pages.
    has_own_words = plain_text(link) and "page" not in forms
    form = "text" if has_own_words else next(iter(forms), "")
    other_classes = [c for c in classes(link) if c not in _FORMS]
    link.set("class", " ".join(["xref", *other_classes]))
    link.set("href", target)
    link.set("data-form", form)


def _report_undefined(tree: Element, path: str, findings: Findings) -> None:
    for element in tree.iter():
        texts = [element.tail] if element.tag in VERBATIM else [element.text, element.tail]
        for text in texts:
            if "][" not in (text or "") or next(element.iterancestors(*VERBATIM), None) is not None:
                continue
            for match in _UNDEFINED.finditer(text or ""):
                if _LETTER.search(match[0]):
                    location = SourceLocation(path, source_line(element))
                    label = match[2] or match[1]
                    findings.add("REF-011", location, text=match[1], label=label)


@dataclass(frozen=True, slots=True)
class ReferenceResolver:
    """Resolves the references of a book: finds their anchors and chooses their forms."""

    names: AnchorNames
    findings: Findings
    missing_targets: MissingTargets
    labels: dict[str, str]
    language: str

    def resolve(self, tree: Element, draft: Draft) -> None:
        """Resolve the references of a section; report those to missing targets."""
        group = group_label(draft if draft.kind.name in GROUPS else draft.within, self.labels)
        for link in list(tree.iter("a")):
            if link.get("data-form") is None:
                continue
            line = source_line(link)
            location = SourceLocation(draft.path, line)
            target = str(link.get("href"))
            is_equation = link.get("data-form") == "eqref"
            anchor = self._find(target, draft.file_at(line), location, is_equation=is_equation)
            if anchor is None:
                _remove_address(link)
                continue
            link.set("href", f"#{anchor.id}")
            self._set_form(link, anchor, target, location)
            if link.get("data-form") == "number" and anchor.within not in {"", group}:
                link.set("data-form", "full-number")

    def _set_form(
        self, link: Element, anchor: Anchor, target: str, location: SourceLocation
    ) -> None:
        form = link.get("data-form")
        if form == "numeral" and anchor.number:
            return
        if form in {SHORT, "numeral"} and not anchor.number:
            if anchor.title:
                link.text = self._quoted(anchor.title)
            link.set("data-form", "text" if anchor.title else "title")
        elif not form or form == SHORT:
            link.set("data-form", "number" if anchor.number else "title")
        elif (
            form == "number"
            and not anchor.number
            and target.removeprefix("#") not in self.missing_targets.ids
        ):
            self.findings.add("REF-010", location, id=anchor.id)

    def _quoted(self, title: str) -> str:
        """Return a title in quotation marks, unless it has some of its own."""
        has_own = any(mark in title for mark in _QUOTATION_MARKS)
        return with_typography(title if has_own else f'"{title}"', self.language)

    def _find(
        self, target: str, file: str, location: SourceLocation, *, is_equation: bool
    ) -> Anchor | None:
        """Return the anchor of a reference; None, with a finding, if there is not one.

        ``file`` is the one that the reference is in.
        """
        path, _, fragment = target.partition("#")
        if path:
            return self._find_in_file(path, fragment, target, file, location)
        found = self.names.find_equation(file, fragment) if is_equation else []
        found = found or self.names.find(file, fragment)
        if len(found) == 1:
            return self.names.anchors[found[0]]
        if found:
            files = list(dict.fromkeys(map(self.names.file_of, found)))
            near = posixpath.relpath(files[0], posixpath.dirname(file) or ".")
            self.findings.add(
                "REF-014",
                location,
                id=fragment,
                sections=", ".join(name.removesuffix(".md") for name in files),
                example=f"{near}#{fragment}",
            )
        elif not self.missing_targets.may_contain(fragment):
            nearest = self.names.nearest(file, fragment)
            suggestion = f" Did you mean “#{nearest}”?" if nearest else ""
            self.findings.add("REF-001", location, id=f"#{fragment}", suggestion=suggestion)
        return None

    def _find_in_file(
        self, path: str, fragment: str, target: str, file: str, location: SourceLocation
    ) -> Anchor | None:
        linked = self.names.linked_files(path, file)
        if linked is None:
            # As MyST links to a label: [words](label).
            named = self.names.find(file, path) if path == target and "/" not in path else []
            if len(named) == 1:
                return self.names.anchors[named[0]]
            if not self.missing_targets.has_unread_text:
                example = f"[](#{self.names.nearest_file(path)})"
                self.findings.add("REF-009", location, address=target[:80], target=example)
            return None
        anchor = self.names.find_in(linked.files, fragment) if fragment else linked.start
        if anchor is not None:
            return self.names.anchors[anchor]
        if not self.missing_targets.may_contain(fragment):
            nearest = self.names.nearest_in(linked.files, fragment)
            suggestion = f" Did you mean “{path}#{nearest}”?" if nearest else ""
            self.findings.add("REF-001", location, id=target, suggestion=suggestion)
        return None


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
