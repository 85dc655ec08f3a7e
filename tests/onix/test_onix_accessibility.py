"""What an EPUB says of its accessibility, in the codes of the trade: the same, no more, no less."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.onix.accessibility import Feature, features_of

SAID = {
    "schema:accessMode": ["textual", "visual"],
    "schema:accessModeSufficient": ["textual", "textual,visual"],
    "schema:accessibilityFeature": [
        *("tableOfContents", "readingOrder", "structuralNavigation", "ARIA"),
        *("displayTransformability", "alternativeText", "pageNavigation", "pageBreakMarkers"),
    ],
    "schema:accessibilityHazard": ["noFlashingHazard", "noSoundHazard"],
    "schema:accessibilitySummary": ["All of it can be read aloud."],
    "dcterms:conformsTo": ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"],
    "a11y:certifiedBy": ["Potting Shed Press"],
    "dcterms:modified": ["2026-11-01T00:00:00Z"],
}
CODES = {"04", "11", "13", "14", "19", "29", "30", "36", "41", "52", "82", "85"}


def package(said: dict[str, list[str]], links: str = "") -> etree._Element:
    properties = "".join(
        f'<meta property="{name}">{value}</meta>'
        for name, values in said.items()
        for value in values
    )
    return etree.fromstring(
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata>'
        f"{properties}{links}</metadata></package>"
    )


def codes(said: dict[str, list[str]]) -> set[str]:
    return {
        one.code for one in features_of(package(said)) if one.kind == "09" and not one.description
    }


def test_all_that_is_said_has_its_code() -> None:
    features = features_of(package(SAID))
    assert {one.code for one in features if one.kind == "09" and not one.description} == CODES
    assert [one for one in features if one.description] == [
        Feature("09", "00", "All of it can be read aloud."),
        Feature("09", "90", "Potting Shed Press"),
    ]
    assert [one.code for one in features if one.kind == "12"] == ["14", "16"]


@pytest.mark.parametrize(
    ("name", "value", "lost"),
    [
        ("schema:accessibilityFeature", "pageNavigation", {"41"}),
        ("schema:accessibilityFeature", "alternativeText", {"14"}),
        ("schema:accessModeSufficient", "textual", {"52"}),
        ("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", {"04", "82", "85"}),
    ],
)
def test_what_is_not_said_has_none(name: str, value: str, lost: set[str]) -> None:
    left = {**SAID, name: [one for one in SAID[name] if one != value]}
    assert CODES - codes(left) == lost


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("EPUB Accessibility 1.1 - WCAG 2.1 Level A", {"04", "81", "84"}),
        ("EPUB Accessibility 1.1 - WCAG 2.0 Level AAA", {"04", "80", "86"}),
        ("http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-aa", {"03"}),
        ("none", set()),
        ("EPUB Accessibility 9.9 - WCAG 2.2 Level AA", set()),
        ("anything - at all", set()),
    ],
)
def test_only_a_claim_of_a_known_standard_is_one(claim: str, found: set[str]) -> None:
    assert codes({"dcterms:conformsTo": [claim]}) == found


def test_what_is_linked_to_is_said_too() -> None:
    standard = "http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-a"
    links = (
        f'<link rel="dcterms:conformsTo" href="{standard}"/>'
        '<link rel="a11y:certifierReport" href="https://example.com/report"/>'
    )
    features = features_of(package({"a11y:certifiedBy": ["https://example.com"]}, links))
    assert [(one.code, one.description) for one in features] == [
        ("02", ""),
        ("93", "https://example.com"),
        ("94", "https://example.com/report"),
    ]


@pytest.mark.parametrize("exemption", ["eaa-microenterprise", "eaa-disproportionate-burden"])
def test_an_exemption_is_told(exemption: str) -> None:
    assert codes({"a11y:exemption": [exemption]}) in ({"75"}, {"76"})
