"""The accessibility of an EPUB, and whether its accessibility metadata are true.

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
    document_faults,
    has_description,
    images_in,
    is_cover,
    is_decorative,
)
from makeready.checks.epub.cascade import StyleReader
from makeready.checks.epub.contrast import LowContrast, low_contrasts
from makeready.checks.epub.page_lists import (
    TYPE,
    navigation_lists,
    navigation_violations,
    ncx_lists,
    ncx_pages,
    page_breaks,
)
from makeready.checks.epub.publication import (
    OPF,
    ManifestItem,
    Publication,
    UnreadableError,
    read_publication,
    reading_archive,
    text_of,
)
from makeready.findings import Findings, SourceLocation
from makeready.wording import counted

_DOCUMENT = "application/xhtml+xml"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_LARGEST_STYLESHEET_BYTES = 8_000_000
_REQUIRED_PROPERTIES = (
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
    """The contents of an EPUB's documents, as far as accessibility metadata depend on them."""

    images_without_description: int = 0
    meaningful_images: int = 0
    has_formulas: bool = False
    has_index: bool = False
    page_breaks: list[str] = field(default_factory=list)
    navigation: etree._Element | None = None
    navigation_path: str = ""
    lists: set[str] = field(default_factory=set)
    """The kinds of lists in the navigation document, or of an EPUB 2 in the NCX."""

    def add(self, item: ManifestItem, tree: etree._Element) -> None:
        """Add a document."""
        images = list(images_in(tree))
        self.images_without_description += sum(not has_description(image) for image in images)
        self.meaningful_images += sum(
            not (is_decorative(image) or is_cover(image)) for image in images
        )
        self.has_formulas |= next(tree.iter(_MATH), None) is not None
        self.has_index |= any(map(_is_index, tree.iter(etree.Element)))
        self.page_breaks += [f"{item.path}#{mark.get('id')}" for mark in page_breaks(tree)]
        if "nav" in item.properties:
            self.navigation, self.navigation_path = tree, item.path
            self.lists.update(navigation_lists(tree))

    def add_epub_2(self, publication: Publication) -> None:
        """Add the lists of an NCX, the pages that it marks, and what the guide names."""
        ncx = publication.ncx
        tree = publication.tree(ncx.path) if ncx else None
        if tree is not None:
            self.page_breaks += ncx_pages(tree)
            self.lists.update(ncx_lists(tree))
        guide = publication.package.iter(f"{OPF}reference")
        self.has_index |= any(reference.get("type") == "index" for reference in guide)


def check_accessibility(file: Path | IO[bytes], name: str, findings: Findings) -> None:
    """Check an EPUB that has a package; the locations of findings begin with ``name``."""
    try:
        with reading_archive(), zipfile.ZipFile(file) as archive:
            _check(read_publication(archive), name, findings)
    except UnreadableError as error:
        findings.add("EPU-001", SourceLocation(name), reason=error)


def _check(publication: Publication, name: str, findings: Findings) -> None:
    found = Findings()
    contents = _Contents()
    # The spine comes first: page breaks are compared in reading order.
    documents = {item.path: item for item in (*publication.spine(), *publication.present())}
    low: list[LowContrast] = []
    styles, is_fixed = _style_reader(publication), publication.is_fixed_layout
    for path, item in documents.items():
        location = f"{name}/{path}"
        if item.media_type == _DOCUMENT:
            tree = publication.tree(path)
            _check_document(tree, item, contents, location, found)
            if tree is not None and not is_fixed:
                low += low_contrasts(path, tree, styles.rules_of(path, tree))
    _report_contrast(name, low, found)
    if publication.is_epub_2:
        contents.add_epub_2(publication)
    elif contents.navigation is not None:
        path = contents.navigation_path
        breaks = contents.page_breaks
        for rule, values in navigation_violations(publication, path, contents.navigation, breaks):
            found.add(rule, SourceLocation(f"{name}/{path}"), **values)
    _check_metadata(publication, contents, SourceLocation(name), found)
    _check_claim(publication, SourceLocation(name), found)
    findings.extend(found)


def _check_document(
    tree: etree._Element | None,
    item: ManifestItem,
    contents: _Contents,
    path: str,
    findings: Findings,
) -> None:
    # EPUBCheck reports documents that are not XHTML.
    if tree is None or tree.tag != f"{XHTML}html":
        return
    contents.add(item, tree)
    for fault in document_faults(tree):
        findings.add(fault.rule, SourceLocation(path, fault.line), **fault.values)


def _is_index(element: etree._Element) -> bool:
    return element.get("role") == "doc-index" or "index" in (element.get(TYPE) or "").split()


def _style_reader(publication: Publication) -> StyleReader:
    names = {item.path for item in publication.present()}

    def content(name: str) -> bytes | None:
        is_readable = name in names and publication.bytes_of(name) <= _LARGEST_STYLESHEET_BYTES
        return publication.archive.read(name) if is_readable else None

    return StyleReader(content)


def _report_contrast(name: str, low: list[LowContrast], findings: Findings) -> None:
    """Report each rule once, with its lowest contrast in any document."""
    worst: dict[tuple[str, int], LowContrast] = {}
    for one in sorted(low, key=lambda one: one.ratio):
        worst.setdefault((one.path, one.line), one)
    for (path, line), one in sorted(worst.items()):
        values = {"selector": one.selector[:60], "ratio": one.ratio, "minimum": one.least}
        findings.add("ACC-021", SourceLocation(f"{name}/{path}", line), **values)


def _property_values(publication: Publication, prefix: str) -> dict[str, list[str]]:
    """Return the values of the package's properties with a prefix, by name without it.

    EPUB 2 has them as ``name`` and ``content``.
    """
    values: dict[str, list[str]] = {}
    for meta in publication.package.iter(f"{OPF}meta", f"{OPF}link"):
        name = meta.get("property") or meta.get("rel") or meta.get("name") or ""
        if name.startswith(prefix):
            value = text_of(meta).strip() or meta.get("href") or meta.get("content") or ""
            values.setdefault(name.removeprefix(prefix), []).append(value)
    return values


def _check_metadata(
    publication: Publication, contents: _Contents, location: SourceLocation, findings: Findings
) -> None:
    properties = _property_values(publication, "schema:")
    missing = [
        f"schema:{name}" for name in _REQUIRED_PROPERTIES if not any(properties.get(name, []))
    ]
    if missing:
        findings.add("ACC-026", location, names=", ".join(missing))
    for claim, reason in _false_claims(properties, contents):
        findings.add("ACC-027", location, claim=claim, reason=reason)


def _false_claims(
    properties: dict[str, list[str]], contents: _Contents
) -> Iterator[tuple[str, str]]:
    """Yield each property that the contents contradict, and the reason."""
    features = set(properties.get("accessibilityFeature", []))
    count = contents.images_without_description
    missing_text = f"it has {counted(count, 'image')} without description"
    if "alternativeText" in features and contents.images_without_description:
        yield "alternativeText", missing_text
    if (
        "textual" in properties.get("accessModeSufficient", [])
        and contents.images_without_description
    ):
        yield "accessModeSufficient textual", missing_text
    if "visual" not in properties.get("accessMode", ["visual"]) and contents.meaningful_images:
        yield "accessMode without visual", "it has meaningful images"
    for feature, holds, reason in (
        ("pageBreakMarkers", bool(contents.page_breaks), "it marks no pages"),
        ("printPageNumbers", bool(contents.page_breaks), "it marks no pages"),
        ("index", contents.has_index, "it has no index"),
        ("MathML", contents.has_formulas, "it has no formula"),
        ("pageNavigation", "page-list" in contents.lists, "it has no page list"),
        ("tableOfContents", "toc" in contents.lists, "it has no table of contents"),
    ):
        if feature in features and not holds:
            yield feature, reason


def _check_claim(publication: Publication, location: SourceLocation, findings: Findings) -> None:
    has_faults = bool(list(findings))
    claims = _property_values(publication, "dcterms:").get("conformsTo", [])
    certifiers = _property_values(publication, "a11y:").get("certifiedBy", [])
    for claim in (one for one in claims if "accessib" in one.lower()):
        if not (_CLAIM.fullmatch(claim) or claim.startswith(_CLAIM_OF_1_0)):
            findings.add("ACC-028", location, claim=claim, problem="is not a known claim")
        elif not any(certifiers):
            findings.add("ACC-028", location, claim=claim, problem="names no certifier")
        elif has_faults:
            problem = "is contradicted by other findings"
            findings.add("ACC-028", location, claim=claim, problem=problem)
