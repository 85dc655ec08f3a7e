"""What one section comes to, read by itself, and its form as bytes.

Nothing of the other sections is in it: no number that counts through the book, no reference
resolved. The form is JSON and XML: a kept reading is data, whoever wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from makeready.book.model import Element, Note, Query, Resource
from makeready.findings import Finding, finding_from_dict
from makeready.manuscript.images import ImageLookup


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a section; its trees are its reader's own, to be changed."""

    title: str
    title_tree: Element
    tree: Element
    notes: tuple[Note, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """One section's text, None when it has none that can be read, and all that was seen of it.

    ``places`` and ``has_unread_text`` are its losses; ``images`` says what came of looking for each
    image that it shows, by the source it gives.
    """

    text: Text | None
    findings: tuple[Finding, ...] = ()
    ids: frozenset[str] = frozenset()
    has_unread_text: bool = False
    images: Mapping[str, ImageLookup] | None = None


def dump(reading: ParsedSection) -> bytes:
    """Write a reading that has a text as one block of bytes."""
    text = reading.text
    assert text is not None
    sidecar = {
        "title": text.title,
        "notes": [[note.number, note.line] for note in text.notes],
        "queries": [[query.text, query.line] for query in text.queries],
        "findings": [asdict(finding) for finding in reading.findings],
        "places": sorted(reading.ids),
        "passages": reading.has_unread_text,
        "images": {source: _looked(image) for source, image in (reading.images or {}).items()},
    }
    trees = [text.title_tree, text.tree, *(note.tree for note in text.notes)]
    # ASCII escapes a file's name that is no text as well.
    lines = [json.dumps(sidecar).encode(), b"\n<reading>"]
    lines += [etree.tostring(tree, encoding="utf-8", with_tail=False) for tree in trees]
    return b"".join([*lines, b"</reading>"])


def load(block: bytes) -> ParsedSection | None:
    """Read what ``dump`` wrote; None when it is no such thing."""
    sidecar, _, markup = block.partition(b"\n")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return _reading(json.loads(sidecar), etree.fromstring(markup, parser))
    except (ValueError, LookupError, TypeError, AttributeError, etree.XMLSyntaxError):
        return None


def _reading(data: dict[str, Any], root: Element) -> ParsedSection:
    trees = list(root)
    for tree in trees:
        root.remove(tree)
    title_tree, tree, *bodies = trees
    return ParsedSection(
        text=Text(
            title=data["title"],
            title_tree=title_tree,
            tree=tree,
            notes=tuple(
                Note(number, body, line)
                for (number, line), body in zip(data["notes"], bodies, strict=True)
            ),
            queries=tuple(Query(words, line) for words, line in data["queries"]),
        ),
        findings=tuple(map(finding_from_dict, data["findings"])),
        ids=frozenset(data["places"]),
        has_unread_text=data["passages"],
        images={source: _image(*row) for source, row in data["images"].items()},
    )


def _looked(image: ImageLookup) -> list[Any]:
    resource = image.resource
    return [
        [resource.path, resource.media_type] if resource else None,
        image.rule,
        dict(image.values),
    ]


def _image(resource: list[str] | None, rule: str, values: dict[str, str]) -> ImageLookup:
    return ImageLookup(Resource(*resource) if resource else None, rule, values)
