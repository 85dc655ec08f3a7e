"""The result of parsing one section by itself, and its serialisation for the cache.

It does not depend on other sections: numbers that count through the book and the targets of
references are not in it. The serialised form is JSON and XML, so that loading it is safe whoever
wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Any

from lxml import etree

from makeready.book.line_origins import LineRun
from makeready.book.model import Element, Note, Resource
from makeready.book.queries import Query, QueryKind, QueryPlace
from makeready.findings import Finding, finding_from_dict
from makeready.manuscript.images import ImageLookup


@dataclass(frozen=True, slots=True)
class SectionText:
    """The text of a section; whoever parsed or loaded it may change its trees.

    ``names`` are the ids of its title, each with its line.
    """

    title: str
    title_tree: Element
    tree: Element
    notes: tuple[Note, ...]
    queries: tuple[Query, ...]
    names: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """What was parsed of the files of a section: its text, and its findings.

    ``texts`` are several for a file of several sections, and none if it cannot be read. ``ids``
    and ``has_unread_text`` are those of its ``MissingTargets``; ``images`` are the results of
    looking for the images it shows, by source; ``includes`` are the digests of the files it
    includes, by path; ``programs`` are the versions of those that drew its diagrams, by language.
    ``line_runs`` are the lines of the files after the first.
    """

    texts: tuple[SectionText, ...]
    findings: tuple[Finding, ...] = ()
    ids: frozenset[str] = frozenset()
    has_unread_text: bool = False
    images: Mapping[str, ImageLookup] | None = None
    includes: Mapping[str, str] | None = None
    programs: Mapping[str, str] | None = None
    line_runs: tuple[LineRun, ...] = ()


def dump(parsed: ParsedSection) -> bytes:
    """Serialise a parsed section."""
    sidecar = {
        "texts": [
            {
                "title": text.title,
                "names": text.names,
                "notes": [[note.number, note.line] for note in text.notes],
                "queries": list(map(_query_to_json, text.queries)),
            }
            for text in parsed.texts
        ],
        "findings": [asdict(finding) for finding in parsed.findings],
        "ids": sorted(parsed.ids),
        "has_unread_text": parsed.has_unread_text,
        "includes": dict(parsed.includes or {}),
        "programs": dict(parsed.programs or {}),
        "images": {
            source: _lookup_to_json(image) for source, image in (parsed.images or {}).items()
        },
        "line_runs": list(map(astuple, parsed.line_runs)),
    }
    # In ASCII, names of files that are not valid text are escaped too.
    parts = [json.dumps(sidecar).encode(), b"\n<sections>"]
    for text in parsed.texts:
        trees = [text.title_tree, text.tree, *(note.tree for note in text.notes)]
        parts += [
            b"<section>",
            *(etree.tostring(tree, encoding="utf-8", with_tail=False) for tree in trees),
            b"</section>",
        ]
    return b"".join([*parts, b"</sections>"])


def load(content: bytes) -> ParsedSection | None:
    """Return the parsed section that ``dump`` serialised; None if the content is invalid."""
    sidecar, _, markup = content.partition(b"\n")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return _parsed_from_json(json.loads(sidecar), etree.fromstring(markup, parser))
    except (ValueError, LookupError, TypeError, AttributeError, etree.XMLSyntaxError):
        return None


def _parsed_from_json(data: dict[str, Any], root: Element) -> ParsedSection:
    return ParsedSection(
        texts=tuple(
            _text_from_json(text, section)
            for text, section in zip(data["texts"], root, strict=True)
        ),
        findings=tuple(map(finding_from_dict, data["findings"])),
        ids=frozenset(data["ids"]),
        has_unread_text=data["has_unread_text"],
        images={source: _lookup_from_json(*row) for source, row in data["images"].items()},
        includes={str(path): str(digest) for path, digest in data["includes"].items()},
        programs={str(name): str(version) for name, version in data["programs"].items()},
        line_runs=tuple(LineRun(*row) for row in data["line_runs"]),
    )


def _text_from_json(data: dict[str, Any], section: Element) -> SectionText:
    trees = list(section)
    for tree in trees:
        section.remove(tree)
    title_tree, tree, *bodies = trees
    return SectionText(
        title=data["title"],
        title_tree=title_tree,
        tree=tree,
        notes=tuple(
            Note(number, body, line)
            for (number, line), body in zip(data["notes"], bodies, strict=True)
        ),
        queries=tuple(_query_from_json(*row) for row in data["queries"]),
        names=tuple((name, line) for name, line in data["names"]),
    )


def _query_to_json(query: Query) -> list[Any]:
    place = astuple(query.place) if query.place is not None else None
    return [query.text, query.line, query.kind.value, query.marked, place]


def _query_from_json(
    text: str, line: int, kind: str, marked: str, place: list[Any] | None
) -> Query:
    return Query(text, line, QueryKind(kind), marked, QueryPlace(*place) if place else None)


def _lookup_to_json(image: ImageLookup) -> list[Any]:
    resource = image.resource
    return [
        [resource.path, resource.media_type, resource.ratio, resource.families]
        if resource
        else None,
        image.rule,
        dict(image.values),
        image.is_animated,
    ]


def _lookup_from_json(
    resource: list[Any] | None, rule: str, values: dict[str, str], is_animated: object
) -> ImageLookup:
    if resource is None:
        return ImageLookup(None, rule, values)
    path, media_type, ratio, families = resource
    names = tuple(tuple(map(str, family)) for family in families)
    image = Resource(path, media_type, float(ratio), names)
    return ImageLookup(image, rule, values, is_animated=bool(is_animated))
