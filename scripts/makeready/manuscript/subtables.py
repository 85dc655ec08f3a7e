"""Several tables under one number, as Quarto has them in a block with the id of a table.

They are ``figure.table-group``, with its caption first. Each table has ``data-letter``, and its
letter before its own caption; on a page they are one under the other.
"""

from __future__ import annotations

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.allowed_html import COLUMN_WIDTHS
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.subfigures import LETTER, add_letter, letter_of

TABLE_GROUP = "table-group"
_LEAST = 2


def build_table_group(block: Element, caption: Element | None) -> bool:
    """Make a group of the tables in a block, if it contains nothing but two or more and a caption.

    Return whether it is one.
    """
    tables = [child for child in block if child is not caption]
    texts = [block.text, *(child.tail for child in block)]
    if len(tables) < _LEAST or any(table.tag != "table" for table in tables):
        return False
    if any((text or "").strip() for text in texts):
        return False
    block.tag = "figure"
    block.set("class", " ".join([*(block.get("class") or "").split(), TABLE_GROUP]))
    if caption is None:
        caption = etree.Element("figcaption", {LINE: str(source_line(block))})
    caption.tag, caption.tail = "figcaption", None
    for key in ("class", COLUMN_WIDTHS):
        caption.attrib.pop(key, "")
    block.insert(0, caption)
    for number, table in enumerate(tables, start=1):
        own = table.find("caption")
        if own is None:
            own = etree.Element("caption", {LINE: str(source_line(table))})
            table.insert(0, own)
        letter = letter_of(number)
        table.set(LETTER, letter)
        if not table.get("id"):
            table.set("id", f"{block.get('id')}-{number}")
        add_letter(own[0] if len(own) and own[0].tag == "p" else own, letter)
    return True
