"""The index terms of one section, ``[term]{.index …}``: checked and normalised.

=================  ========================================================================
``entry=a!b``      the heading and subheading, if they differ from the text of the term
``sort=a!b``       what they are sorted by; a single one is for the last heading
``see=c!d; e``     cross-references to other entries, without a page
``see-also=c``     cross-references to other entries, besides the page
``range=begin``    the start of a range that ends at the same entry with ``range=end``
``main``           the principal discussion
=================  ========================================================================

In a section's tree a term is a ``span.index-term`` with these as ``data-`` attributes.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import islice, zip_longest

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import INDEX_ATTRIBUTES
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.typography import with_typography
from makeready.wording import counted

TERM_CLASS = "index-term"
LEVEL_SEPARATOR, TARGET_SEPARATOR = "!", ";"
UNREADABLE_TERM = "!"
"""Stands for an invalid term among the ids that are missing; it is not a valid id."""
_MOST_LEVELS = 3
_TEXT_ATTRIBUTES = ("entry", "see", "see-also")
_FARTHEST_TEXT = 100
_TEXT_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "h6"})


def split_headings(value: str) -> tuple[str, ...]:
    """Return the headings of an entry's path, outermost first."""
    return tuple(" ".join(part.split()) for part in value.split(LEVEL_SEPARATOR))


def mark_index_terms(
    tree: Element, language: str, path: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Check and normalise the index terms of a tree; invalid ones become plain text."""
    for span in list(tree.iter("span")):
        attributes = {
            key: str(span.attrib.pop(key)) for key in sorted(INDEX_ATTRIBUTES) if key in span.attrib
        }
        location = SourceLocation(path, source_line(span))
        if TERM_CLASS not in classes(span):
            for key in attributes:
                findings.add("MAN-016", location, attribute=key, element="span")
        elif _is_valid(span, attributes, location, findings):
            for key, value in attributes.items():
                text = with_typography(value, language) if key in _TEXT_ATTRIBUTES else value
                span.set(f"data-{key}", text)
        else:
            missing_targets.ids.add(UNREADABLE_TERM)
            remove_element(span, keep_content=True)
    without_text = [block for block in tree.iter("p") if _has_terms_only(block)]
    skipped = frozenset(without_text)
    for block in without_text:
        _merge_into_neighbour(block, skipped)


def _is_valid(
    span: Element, attributes: dict[str, str], location: SourceLocation, findings: Findings
) -> bool:
    if "entry" not in attributes and not plain_text(span):
        findings.add("REF-030", location)
        return False
    for key, value in attributes.items():
        problem, hint = _problem(key, value, len(split_headings(attributes.get("entry", ""))))
        if problem:
            findings.add(
                "REF-031", location, attribute=key, value=value, problem=problem, hint=hint
            )
            return False
    return True


def _problem(key: str, value: str, levels: int) -> tuple[str, str]:
    """Return what is wrong with an attribute of a term, and a hint; both empty if it is valid."""
    if key == "range" and value not in {"begin", "end"}:
        return "range is either begin or end", "Write range=begin or range=end."
    if key in {"range", "main"}:
        return "", ""
    paths = value.split(TARGET_SEPARATOR) if key.startswith("see") else [value]
    for parts in map(split_headings, paths):
        if not all(parts):
            return "a part of it is empty", 'Write entry="heading!subheading".'
        if len(parts) > _MOST_LEVELS:
            return f"it has {counted(len(parts), 'level')}", f"Use at most {_MOST_LEVELS} levels."
        if key == "sort" and len(parts) not in {1, levels}:
            return (
                "its levels differ from those of the entry",
                'Give as many levels as the entry has, or only the last one: entry="a!b" sort="c".',
            )
    return "", ""


def _merge_into_neighbour(block: Element, has_terms_only: AbstractSet[Element]) -> None:
    """Move the index terms of a paragraph without any text into the text nearest to it."""
    neighbour, is_before = _nearest_text(block, has_terms_only)
    if neighbour is None:
        return
    marks = list(block)
    for mark in marks:
        mark.tail = None
    if is_before:
        neighbour.extend(marks)
    else:
        marks[-1].tail, neighbour.text = neighbour.text, None
        neighbour[:0] = marks
    remove_element(block)


def _has_terms_only(block: Element) -> bool:
    marks = list(block)
    return (
        bool(marks)
        and not plain_text(block)
        and all(TERM_CLASS in classes(mark) and not len(mark) for mark in marks)
    )


def _nearest_text(
    block: Element, has_terms_only: AbstractSet[Element]
) -> tuple[Element | None, bool]:
    """Return the nearest sibling with text, and whether it stands before the block."""
    before = islice(block.itersiblings(preceding=True), _FARTHEST_TEXT)
    after = islice(block.itersiblings(), _FARTHEST_TEXT)
    for pair in zip_longest(before, after):
        for sibling, is_before in zip(pair, (True, False), strict=True):
            is_text = sibling is not None and sibling.tag in _TEXT_BLOCKS
            if is_text and sibling not in has_terms_only:
                return sibling, is_before
    return None, False
