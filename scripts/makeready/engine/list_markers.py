"""Markers of list items with ``content`` of their own.

The engine gives the box of a marker and the text in it one style, and sets in it that the box is
beside the text: the text itself is set so too, and typesetting fails. No upstream issue known;
when ``li::marker { content: "→" }`` is laid out by the engine, this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

from weasyprint.formatting_structure import build

from makeready.engine.replaced_functions import replaced


@contextmanager
def markers_with_content() -> Iterator[Set[Any]]:
    """Have the engine lay out the content of markers within a context.

    Yields a set of the elements whose first line has a marker at its left, which grows while
    the boxes of a document are made.
    """
    original = build.marker_to_box
    beside_markers: set[Any] = set()

    def marker_to_box(element: Any, *arguments: Any, **options: Any) -> Iterator[Any]:
        for box in original(element, *arguments, **options):
            if box.is_outside_marker:
                beside_markers.update(_first_elements(element))
            shared = box.style
            if box.is_outside_marker and any(child.style is shared for child in box.children):
                box.style = shared.copy()
                shared["position"] = "static"
                # As the engine sets its own markers, which end in a space.
                shared["white_space"] = "pre-wrap"
            yield box

    with replaced(build, marker_to_box=marker_to_box):
        yield beside_markers


def _first_elements(element: Any) -> Iterator[Any]:
    """Yield an element and those that begin where it begins."""
    yield element
    while not (element.text or "").strip() and len(element):
        element = element[0]
        yield element
