"""Whether an EPUB can be read by everybody, and says no more of that than is true.

Source: EPUB Accessibility 1.1; WCAG 2.2, level AA, as far as a program can judge.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree

from makeready.checks.epub.accessible_document import (
    XHTML,
    described,
    faults_of,
    is_cover,
    is_decorative,
    pictures,
)
from makeready.checks.epub.contrast import faint_rules
from makeready.checks.epub.page_lists import listing_faults, navigations_of, page_breaks
from makeready.checks.epub.publication import (
    OPF,
    ManifestItem,
    Publication,
    UnreadableError,
    read_publication,
    readable,
    text_of,
)
from makeready.findings import Findings, SourceLocation

_DOCUMENT, _STYLESHEET = "application/xhtml+xml", "text/css"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_LARGEST_SHEET_BYTES = 8_000_000
_DEMANDED = (
    "accessMode",
    "accessModeSufficient",
    "accessibilityFeature",
    "accessibilityHazard",
    "accessibilitySummary",
)
_CLAIM = re.compile(r"EPUB Accessibility 1\.1 - WCAG 2\.[012] Level A{1,3}")
_CLAIM_OF_1_0 = "http://www.idpf.org/epub/a11y/accessibility-"


@dataclass(slots=True)
class _Contents:
    """What the documents of an EPUB hold, as far as its metadata speak of it."""

    undescribed: int = 0
    meaningful: int = 0
    has_formulas: bool = False
    has_index: bool = False
    breaks: list[str] = field(default_factory=list)
    navigation: etree._Element | None = None
    navigation_path: str = ""

    def take(self, item: ManifestItem, tree: etree._Element) -> None:
        shown = list(pictures(tree))
        self.undescribed += sum(not described(picture) for picture in shown)
        self.meaningful += sum(not (is_decorative(one) or is_cover(one)) for one in shown)
        self.has_formulas |= next(tree.iter(_MATH), None) is not None
        self.has_index |= tree.find(".//*[@role='doc-index']") is not None
        self.breaks += [f"{item.path}#{mark.get('id')}" for mark in page_breaks(tree)]
        if "nav" in item.properties:
            self.navigation, self.navigation_path = tree, item.path

    def lists(self, kind: str) -> bool:
        """Tell whether the navigation document has a list of a kind."""
        return self.navigation is not None and kind in navigations_of(self.navigation)


def check_accessibility(file: Path | IO[bytes], name: str, findings: Findings) -> None:
    """Check an EPUB, which has a package; findings are placed in the file ``name``."""
    try:
        with readable(), zipfile.ZipFile(file) as archive:
            _check(read_publication(archive), name, findings)
    except UnreadableError as error:
        findings.add("EPU-001", SourceLocation(name), reason=error)


def _check(publication: Publication, name: str, findings: Findings) -> None:
    found = Findings()
    contents = _Contents()
    # In the order that pages are counted in.
    documents = {item.path: item for item in (*publication.spine(), *publication.present())}
    for path, item in documents.items():
        place = f"{name}/{path}"
        if item.media_type == _DOCUMENT:
            _check_document(publication.tree(path), item, contents, place, found)
        elif item.media_type == _STYLESHEET and publication.bytes_of(path) <= _LARGEST_SHEET_BYTES:
            _check_contrast(publication.archive.read(path), place, found)
    if contents.navigation is not None:
        path = contents.navigation_path
        breaks = contents.breaks
        for rule, values in listing_faults(publication, path, contents.navigation, breaks):
            found.add(rule, SourceLocation(f"{name}/{path}"), **values)
    _check_metadata(publication, contents, SourceLocation(name), found)
    _check_claim(publication, SourceLocation(name), found)
    findings.extend(found)


def _check_document(
    tree: etree._Element | None,
    item: ManifestItem,
    contents: _Contents,
    place: str,
    findings: Findings,
) -> None:
    # What is no XHTML at all is EPUBCheck's to report.
    if tree is None or tree.tag != f"{XHTML}html":
        return
    contents.take(item, tree)
    for fault in faults_of(tree):
        findings.add(fault.rule, SourceLocation(place, fault.line), **fault.values)


def _check_contrast(content: bytes, place: str, findings: Findings) -> None:
    for faint in faint_rules(content):
        values = {"selector": faint.selector[:60], "ratio": faint.ratio, "least": faint.least}
        findings.add("ACC-021", SourceLocation(place, faint.line), **values)


def _said(publication: Publication, prefix: str) -> dict[str, list[str]]:
    """Return what the package says under the names of one vocabulary."""
    said: dict[str, list[str]] = {}
    for meta in publication.package.iter(f"{OPF}meta", f"{OPF}link"):
        name = meta.get("property") or meta.get("rel") or ""
        if name.startswith(prefix):
            value = text_of(meta).strip() or meta.get("href") or ""
            said.setdefault(name.removeprefix(prefix), []).append(value)
    return said


def _check_metadata(
    publication: Publication, contents: _Contents, location: SourceLocation, findings: Findings
) -> None:
    said = _said(publication, "schema:")
    missing = [f"schema:{name}" for name in _DEMANDED if not any(said.get(name, []))]
    if missing:
        findings.add("ACC-026", location, names=", ".join(missing))
    for claim, reason in _untrue(said, contents):
        findings.add("ACC-027", location, claim=claim, reason=reason)


def _untrue(said: dict[str, list[str]], contents: _Contents) -> Iterator[tuple[str, str]]:
    """Yield what the package says of the book and the book does not bear out."""
    features = set(said.get("accessibilityFeature", []))
    undescribed = f"{contents.undescribed} of its images are not described"
    if "alternativeText" in features and contents.undescribed:
        yield "alternativeText", undescribed
    if "textual" in said.get("accessModeSufficient", []) and contents.undescribed:
        yield "accessModeSufficient textual", undescribed
    if "visual" not in said.get("accessMode", ["visual"]) and contents.meaningful:
        yield "accessMode without visual", "it has images that say something"
    for feature, holds, reason in (
        ("pageBreakMarkers", bool(contents.breaks), "no page is marked in it"),
        ("printPageNumbers", bool(contents.breaks), "no page is marked in it"),
        ("index", contents.has_index, "it has no index"),
        ("MathML", contents.has_formulas, "it has no formula"),
        ("pageNavigation", contents.lists("page-list"), "it lists no pages"),
        ("tableOfContents", contents.lists("toc"), "it has no contents"),
    ):
        if feature in features and not holds:
            yield feature, reason


def _check_claim(publication: Publication, location: SourceLocation, findings: Findings) -> None:
    has_faults = bool(list(findings))
    claims = _said(publication, "dcterms:").get("conformsTo", [])
    certifiers = _said(publication, "a11y:").get("certifiedBy", [])
    for claim in (one for one in claims if "accessib" in one.lower()):
        if not (_CLAIM.fullmatch(claim) or claim.startswith(_CLAIM_OF_1_0)):
            findings.add("ACC-028", location, claim=claim, reason="is no claim that is known")
        elif not any(certifiers):
            findings.add("ACC-028", location, claim=claim, reason="names nobody who certifies it")
        elif has_faults:
            reason = "does not hold: other findings speak against it"
            findings.add("ACC-028", location, claim=claim, reason=reason)
