"""A Markdown file by itself, without a book around it, as XHTML."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.labels import labels_for
from makeready.book.model import Balance, CodeStyle, CoverColours, Element, Metadata, Note
from makeready.findings import Findings
from makeready.manuscript.allowed_html import HEADINGS, TERM
from makeready.manuscript.diagrams import expand_drawings
from makeready.manuscript.formulas import expand_mathml
from makeready.manuscript.images import BookImages
from makeready.manuscript.section_parser import SectionParser
from makeready.manuscript.structure import finish_tree, plain_text
from makeready.manuscript.suppressed import MissingTargets

_NAMESPACE = "http://www.w3.org/1999/xhtml"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def xhtml_of_text(raw: bytes, path: Path, language: str, findings: Findings) -> bytes | None:
    """Return the content of a Markdown file as an XHTML document; None if it is not text.

    Blocks have their lines in ``data-line``. The paths of findings are relative to the folder of
    ``path``, in which images are looked for. References are links as the author wrote them: what
    they refer to, and the numbers of figures, depend on the book.
    """
    metadata = Metadata(title=path.stem, slug="", language=language, identifier="", modified="")
    config = BookConfig(
        metadata=metadata,
        sections=(),
        editions=(),
        cover=CoverColours(),
        labels=labels_for(language, {}, Findings()),
        acronyms_small_caps=False,
        balance=Balance.NONE,
        code=CodeStyle(),
        contents_depth=1,
        ignores=(),
    )
    parser = SectionParser(config, BookImages(path.parent, MissingTargets()))
    parsed = parser.parse_file(raw, path.name, findings)
    return None if parsed is None else _document(*parsed, path.stem)


def _document(tree: Element, notes: list[Note], language: str, fallback: str) -> bytes:
    """Return an XHTML document with the blocks of a tree, and its notes at the end."""
    for one in (tree, *(note.tree for note in notes)):
        finish_tree(one)
    heading = next(tree.iter(*HEADINGS), None)
    title = plain_text(heading) if heading is not None else ""
    root = etree.Element("html", {"lang": language, _XML_LANGUAGE: language})
    root.set("xmlns", _NAMESPACE)
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title or fallback
    body = etree.SubElement(root, "body")
    body.extend(list(tree))
    if notes:
        section = etree.SubElement(body, "section", {"role": "doc-endnotes"})
        items = etree.SubElement(section, "ol")
        for note in notes:
            item = etree.SubElement(items, "li", {"id": f"note-{note.number}"})
            item.extend(deepcopy(list(note.tree)))
    expand_mathml(body)
    expand_drawings(body)
    for span in body.iter("span"):
        span.attrib.pop(TERM, "")
    for link in body.iter("a"):
        for key in ("data-form", "data-call"):
            link.attrib.pop(key, "")
        if number := str(link.attrib.pop("data-note", "")):
            link.attrib.update({"href": f"#note-{number}", "role": "doc-noteref"})
            link.text = number
    etree.indent(head)
    for block in (*body, head, body):
        block.tail = "\n"
    body.text = root.text = "\n"
    written: bytes = etree.tostring(
        root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>"
    )
    return written + b"\n"
