"""Index terms of one section: ``[term]{.index …}``, each checked and put in one form.

=================  ========================================================================
``entry=a!b``      the heading and subheading, where they are not the words of the term
``sort=a!b``       what they are sorted by; alone it is the last one's
``see=c!d; e``     everything is under other entries: no page is given
``see-also=c``     there is more under other entries
``range=begin``    a passage that goes on until the same entry with ``range=end``
``main``           the place that matters most
=================  ========================================================================

What is left of it in a section's tree is a ``span.index-term`` with these as ``data-``.
"""

from __future__ import annotations

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import INDEX_ATTRIBUTES
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.typography import with_typography

TERM = "index-term"
LEVEL, TARGET = "!", ";"
LOST = "!"
"""Stands among the lost places for a term that could not be read: no id is spelt so."""
_MOST_LEVELS = 3
_WORDED = ("entry", "see", "see-also")
_PLACED = frozenset({"p", "h2", "h3", "h4", "h5", "h6"})


def headings_of(value: str) -> tuple[str, ...]:
    """Return the headings of an entry's path as it is written, outermost first."""
    return tuple(" ".join(part.split()) for part in value.split(LEVEL))


def set_marks(
    tree: Element, language: str, path: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Check the index terms of a tree and put them in their form; faulty ones are text again."""
    for span in list(tree.iter("span")):
        given = {
            key: str(span.attrib.pop(key)) for key in sorted(INDEX_ATTRIBUTES) if key in span.attrib
        }
        location = SourceLocation(path, source_line(span))
        if TERM not in classes(span):
            for key in given:
                findings.add("MAN-016", location, attribute=key, element="span")
        elif _is_sound(span, given, location, findings):
            for key, value in given.items():
                worded = with_typography(value, language) if key in _WORDED else value
                span.set(f"data-{key}", worded)
        else:
            missing_targets.ids.add(LOST)
            remove_element(span, keep_content=True)
    for block in list(tree.iter("p")):
        _join_to_text(block)


def _is_sound(
    span: Element, given: dict[str, str], location: SourceLocation, findings: Findings
) -> bool:
    if "entry" not in given and not plain_text(span):
        findings.add("REF-030", location)
        return False
    for key, value in given.items():
        problem, hint = _problem(key, value, len(headings_of(given.get("entry", ""))))
        if problem:
            findings.add(
                "REF-031", location, attribute=key, value=value, problem=problem, hint=hint
            )
            return False
    return True


def _problem(key: str, value: str, levels: int) -> tuple[str, str]:
    """Say what is wrong with an attribute of a term, and what to do; empty when nothing is."""
    if key == "range" and value not in {"begin", "end"}:
        return "a range begins or ends", "Write range=begin or range=end."
    if key in {"range", "main"}:
        return "", ""
    paths = value.split(TARGET) if key.startswith("see") else [value]
    for parts in map(headings_of, paths):
        if not all(parts):
            return "a part of it is empty", 'Write entry="heading!subheading".'
        if len(parts) > _MOST_LEVELS:
            return f"it has {len(parts)} levels", f"Use {_MOST_LEVELS} levels at most."
        if key == "sort" and len(parts) not in {1, levels}:
            return (
                "it has other levels than the entry",
                'Write as many as the entry has, or the last one alone: entry="a!b" sort="c".',
            )
    return "", ""


def _join_to_text(block: Element) -> None:
    """Move the marks of a paragraph that holds nothing else into the text beside it."""
    marks = list(block)
    alone = marks and not plain_text(block) and all(TERM in classes(m) for m in marks)
    if not alone or any(len(mark) for mark in marks):
        return
    before, after = block.getprevious(), block.getnext()
    holder = next((b for b in (before, after) if b is not None and b.tag in _PLACED), None)
    if holder is None:
        return
    for mark in marks:
        mark.tail = None
    if holder is before:
        holder.extend(marks)
    else:
        marks[-1].tail, holder.text = holder.text, None
        holder[:0] = marks
    remove_element(block)
