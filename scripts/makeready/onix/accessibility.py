"""What a finished EPUB says of its accessibility, in the codes of ONIX.

It is read from the package document, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from makeready.checks.epub.publication import OPF, text_of
from makeready.onix.codes import codes

# Code list 79: what a feature of the product's form is about.
_ACCESSIBILITY, _HAZARD = "09", "12"
_NAMED_BY_URL = {"88": "89", "90": "93"}


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a product's form; ``description`` is in words, where the code asks for them."""

    kind: str
    code: str
    description: str = ""


def features_of(package: etree._Element) -> tuple[Feature, ...]:
    """Return what the package says, in the order of the codes and none twice."""
    found = dict.fromkeys(_features(package))
    return tuple(sorted(found, key=lambda one: (one.kind, one.code, one.description)))


def _features(package: etree._Element) -> Iterator[Feature]:
    told = codes()["accessibility"]
    for name, value in _properties(package):
        if name == "schema:accessibilityFeature":
            yield from _known(_ACCESSIBILITY, told["features"], value)
        elif name == "schema:accessModeSufficient":
            yield from _known(_ACCESSIBILITY, told["sufficient"], value)
        elif name == "schema:accessibilityHazard":
            yield from _known(_HAZARD, codes()["hazards"]["codes"], value)
        elif name == "dcterms:conformsTo":
            yield from _conformance(value)
        elif name == "a11y:exemption":
            yield from _known(_ACCESSIBILITY, told["exemptions"], value)
        elif name in told["said"]:
            code = told["said"][name]
            is_url = value.startswith(("https://", "http://"))
            yield Feature(_ACCESSIBILITY, _NAMED_BY_URL.get(code, code) if is_url else code, value)


def _known(kind: str, known: dict[str, str], value: str) -> Iterator[Feature]:
    if value in known:
        yield Feature(kind, known[value])


def _conformance(claim: str) -> Iterator[Feature]:
    """Yield the codes of a claim; those of the guidelines and the level only with the standard's.

    Source: EPUB Accessibility 1.1, section 2.2: ``EPUB Accessibility 1.1 - WCAG 2.2 Level AA``.
    """
    told = codes()["accessibility"]
    yield from _known(_ACCESSIBILITY, told["older"], claim)
    standard, dash, rest = claim.partition(" - ")
    guidelines, _, level = rest.partition(" Level ")
    if not dash or standard not in told["standards"]:
        return
    yield Feature(_ACCESSIBILITY, told["standards"][standard])
    yield from _known(_ACCESSIBILITY, told["guidelines"], guidelines)
    yield from _known(_ACCESSIBILITY, told["levels"], f"Level {level}")


def _properties(package: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield what the package says of itself: properties with their values, and links."""
    for element in package.iter(f"{OPF}meta"):
        yield element.get("property") or "", " ".join(text_of(element).split())
    for element in package.iter(f"{OPF}link"):
        # A report may be linked to instead of named.
        if element.get("rel") in codes()["accessibility"]["said"]:
            yield element.get("rel") or "", element.get("href") or ""
        elif element.get("rel") == "dcterms:conformsTo":
            yield "dcterms:conformsTo", element.get("href") or ""
