"""The accessibility metadata of a finished EPUB in the codes of ONIX.

It is read from the package document, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from makeready.checks.epub.publication import OPF, text_of
from makeready.onix.codes import codes

# Code list 79: the subject of a product form feature.
_ACCESSIBILITY, _HAZARD = "09", "12"
_NAMED_BY_URL = {"88": "89", "90": "93"}


@dataclass(frozen=True, slots=True)
class Feature:
    """A product form feature; ``description`` is text, which some codes require."""

    kind: str
    code: str
    description: str = ""


def features_of(package: etree._Element) -> tuple[Feature, ...]:
    """Return the features that a package document names, sorted by code, without duplicates."""
    unique = dict.fromkeys(_features(package))
    return tuple(sorted(unique, key=lambda one: (one.kind, one.code, one.description)))


def _features(package: etree._Element) -> Iterator[Feature]:
    tables = codes()["accessibility"]
    for name, value in _properties(package):
        if name == "schema:accessibilityFeature":
            yield from _coded(_ACCESSIBILITY, tables["features"], value)
        elif name == "schema:accessModeSufficient":
            yield from _coded(_ACCESSIBILITY, tables["sufficient"], value)
        elif name == "schema:accessibilityHazard":
            yield from _coded(_HAZARD, codes()["hazards"]["codes"], value)
        elif name == "dcterms:conformsTo":
            yield from _conformance(value)
        elif name == "a11y:exemption":
            yield from _coded(_ACCESSIBILITY, tables["exemptions"], value)
        elif name in tables["descriptions"]:
            code = tables["descriptions"][name]
            is_url = value.startswith(("https://", "http://"))
            yield Feature(_ACCESSIBILITY, _NAMED_BY_URL.get(code, code) if is_url else code, value)


def _coded(kind: str, table: dict[str, str], value: str) -> Iterator[Feature]:
    """Yield the feature of a value, if the table has a code for it."""
    if value in table:
        yield Feature(kind, table[value])


def _conformance(claim: str) -> Iterator[Feature]:
    """Yield the features of a conformance claim; guidelines and level only with the standard.

    Source: EPUB Accessibility 1.1, section 2.2: ``EPUB Accessibility 1.1 - WCAG 2.2 Level AA``.
    """
    tables = codes()["accessibility"]
    yield from _coded(_ACCESSIBILITY, tables["older"], claim)
    standard, dash, rest = claim.partition(" - ")
    guidelines, _, level = rest.partition(" Level ")
    if not dash or standard not in tables["standards"]:
        return
    yield Feature(_ACCESSIBILITY, tables["standards"][standard])
    yield from _coded(_ACCESSIBILITY, tables["guidelines"], guidelines)
    yield from _coded(_ACCESSIBILITY, tables["levels"], f"Level {level}")


def _properties(package: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the properties of a package document with their values, links among them."""
    for element in package.iter(f"{OPF}meta"):
        yield element.get("property") or "", " ".join(text_of(element).split())
    for element in package.iter(f"{OPF}link"):
        # A certifier's report may be a link instead of a property.
        if element.get("rel") in codes()["accessibility"]["descriptions"]:
            yield element.get("rel") or "", element.get("href") or ""
        elif element.get("rel") == "dcterms:conformsTo":
            yield "dcterms:conformsTo", element.get("href") or ""
