"""Accessibility metadata, worked out from what the documents hold.

Source: EPUB Accessibility 1.1, section 2; the values are those of the Schema.org
Accessibility Properties for Discoverability Vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from makeready.templates.page_breaks import PAGE_BREAK_ROLE

_XHTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}svg"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_PAGE = f".//{_XHTML}span[@role='{PAGE_BREAK_ROLE}']"
_INDEX = f".//{_XHTML}section[@role='doc-index']"
# True of every book made here: the layouts, the navigation document and the stylesheet see
# to it, whatever the text.
_ALWAYS = frozenset(
    {"ARIA", "displayTransformability", "readingOrder", "structuralNavigation", "tableOfContents"}
)


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What the package says of its accessibility: Schema.org properties, and a summary."""

    properties: tuple[tuple[str, str], ...]
    summary: str


def accessibility_of(documents: Iterable[etree._Element], *, moving: bool) -> Accessibility:
    """Describe the sections' documents; ``moving`` tells that some image is an animation."""
    images = described = formulas = 0
    indexed = paged = False
    for document in documents:
        paged |= document.find(_PAGE) is not None
        indexed |= document.find(_INDEX) is not None
        for element in document.iter(f"{_XHTML}img", _SVG, _MATH):
            if element.tag == _MATH:
                formulas += 1
            elif not _decorative(element):
                images += 1
                described += _has_alternative(element)
    features = set(_ALWAYS)
    if images and images == described:
        features.add("alternativeText")
    if formulas:
        features.add("MathML")
    if indexed:
        features.add("index")
    if paged:
        features |= {"pageBreakMarkers", "pageNavigation"}
    properties = [("accessMode", "textual")]
    if images:
        properties.append(("accessMode", "visual"))
    properties.append(
        ("accessModeSufficient", "textual" if images == described else "textual,visual")
    )
    properties += [("accessibilityFeature", feature) for feature in sorted(features, key=str.lower)]
    hazards = (
        ("unknownFlashingHazard", "unknownMotionSimulationHazard", "noSoundHazard")
        if moving
        else ("none",)
    )
    properties += [("accessibilityHazard", hazard) for hazard in hazards]
    return Accessibility(tuple(properties), _summary(images, described, moving=moving, paged=paged))


def _decorative(element: etree._Element) -> bool:
    return element.get("alt") == "" or element.get("role") in ("presentation", "none")


def _has_alternative(element: etree._Element) -> bool:
    title = element.find("{http://www.w3.org/2000/svg}title")
    return bool(element.get("alt") or element.get("aria-label")) or title is not None


def _summary(images: int, described: int, *, moving: bool, paged: bool) -> str:
    sentences = [
        "The whole text can be read aloud, in braille, or in any size, typeface and colour.",
        "It has a table of contents, headings for every section, and a set reading order;"
        " notes and cross-references are links.",
    ]
    if paged:
        sentences.append("It has the page numbers of a printed edition.")
    if not images:
        sentences.append("It has no pictures but the cover.")
    elif images == described:
        sentences.append("Every picture that carries meaning is described in words.")
    else:
        sentences.append(f"{images - described} of {images} pictures are not described in words.")
    if moving:
        sentences.append("Some pictures move; whether they flash is not known.")
    return " ".join(sentences)
