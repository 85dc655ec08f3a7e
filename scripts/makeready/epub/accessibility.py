"""Accessibility metadata, determined from the contents of the documents.

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
_PAGE_BREAK = f".//{_XHTML}span[@role='{PAGE_BREAK_ROLE}']"
_INDEX = f".//{_XHTML}section[@role='doc-index']"
# The layouts, the navigation document and the stylesheet provide these in every book.
_ALWAYS = frozenset(
    {"ARIA", "displayTransformability", "readingOrder", "structuralNavigation", "tableOfContents"}
)


@dataclass(frozen=True, slots=True)
class Accessibility:
    """Accessibility metadata of a package: Schema.org properties, and a summary."""

    properties: tuple[tuple[str, str], ...]
    summary: str


def accessibility_of(documents: Iterable[etree._Element], *, has_animation: bool) -> Accessibility:
    """Return the metadata of the sections' documents, of which some image may be animated."""
    images = images_with_text = formulas = 0
    has_index = has_pages = False
    for document in documents:
        has_pages |= document.find(_PAGE_BREAK) is not None
        has_index |= document.find(_INDEX) is not None
        for element in document.iter(f"{_XHTML}img", _SVG, _MATH):
            if element.tag == _MATH:
                formulas += 1
            elif not _is_decorative(element):
                images += 1
                images_with_text += _has_alternative(element)
    features = set(_ALWAYS)
    if images and images == images_with_text:
        features.add("alternativeText")
    if formulas:
        features.add("MathML")
    if has_index:
        features.add("index")
    if has_pages:
        features |= {"pageBreakMarkers", "pageNavigation"}
    properties = [("accessMode", "textual")]
    if images:
        properties.append(("accessMode", "visual"))
    properties.append(
        ("accessModeSufficient", "textual" if images == images_with_text else "textual,visual")
    )
    properties += [("accessibilityFeature", feature) for feature in sorted(features, key=str.lower)]
    hazards = (
        ("unknownFlashingHazard", "unknownMotionSimulationHazard", "noSoundHazard")
        if has_animation
        else ("none",)
    )
    properties += [("accessibilityHazard", hazard) for hazard in hazards]
    return Accessibility(
        tuple(properties),
        _summary(images, images_with_text, has_animation=has_animation, has_pages=has_pages),
    )


def _is_decorative(element: etree._Element) -> bool:
    return element.get("alt") == "" or element.get("role") in ("presentation", "none")


def _has_alternative(element: etree._Element) -> bool:
    title = element.find("{http://www.w3.org/2000/svg}title")
    return bool(element.get("alt") or element.get("aria-label")) or title is not None


def _summary(images: int, images_with_text: int, *, has_animation: bool, has_pages: bool) -> str:
    sentences = [
        "The whole text can be read aloud, in braille, or in any size, typeface and colour.",
        "It has a table of contents, headings for every section, and a set reading order;"
        " notes and cross-references are links.",
    ]
    if has_pages:
        sentences.append("It has the page numbers of a printed edition.")
    if not images:
        sentences.append("It has no pictures but the cover.")
    elif images == images_with_text:
        sentences.append("Every picture that carries meaning is described in words.")
    else:
        sentences.append(
            f"{images - images_with_text} of {images} pictures are not described in words."
        )
    if has_animation:
        sentences.append("Some pictures move; whether they flash is not known.")
    return " ".join(sentences)
