"""ONIX messages of releases 3.0 and 3.1, with reference names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lxml import etree

from makeready.book.dates import normalised_datetime
from makeready.book.model import Metadata
from makeready.onix.description import write_content, write_form
from makeready.onix.markup import OnixBlock
from makeready.onix.product import Identifier, Product
from makeready.onix.supply import write_publishing_detail, write_supply

Release = Literal["3.0", "3.1"]
RELEASES: tuple[Release, ...] = ("3.0", "3.1")
_NAMESPACE = "http://ns.editeur.org/onix/{}/reference"
# The sender of a message about a book without a publisher.
_SENDER = "makeready"
# Code list 1: an advance notice, or one on publication. Code list 3: from the publisher.
_IN_ADVANCE, _PUBLISHED, _FROM_PUBLISHER = "02", "03", "01"


def message(metadata: Metadata, products: Sequence[Product], release: Release) -> bytes:
    """Return the message about a book's products as XML in UTF-8."""
    namespace = _NAMESPACE.format(release)
    root = etree.fromstring(f'<ONIXMessage xmlns="{namespace}" release="{release}"/>')
    top = OnixBlock(root)
    header = top.block("Header")
    header.block("Sender").text("SenderName", metadata.publisher or _SENDER)
    header.text("SentDateTime", metadata.modified.replace("-", "").replace(":", ""))
    for product in products:
        _write_product(top.block("Product"), metadata, product)
    content = etree.tostring(root, encoding="utf-8", pretty_print=True)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content


def _write_product(block: OnixBlock, metadata: Metadata, product: Product) -> None:
    forthcoming = bool(metadata.date) and normalised_datetime(metadata.date) > metadata.modified
    block.text("RecordReference", product.reference)
    block.text("NotificationType", _IN_ADVANCE if forthcoming else _PUBLISHED)
    if metadata.publisher:
        block.text("RecordSourceType", _FROM_PUBLISHER)
    _write_identifiers(block, product.identifiers)
    detail = block.block("DescriptiveDetail")
    write_form(detail, product)
    write_content(detail, metadata, product)
    if metadata.description:
        text = block.block("CollateralDetail").block("TextContent")
        # Code list 153: a description; 154: for everybody; 34: plain text.
        text.text("TextType", "03")
        text.text("ContentAudience", "00")
        text.text("Text", metadata.description, textformat="06")
    write_publishing_detail(block, metadata, forthcoming=forthcoming)
    if product.relations:
        related = block.block("RelatedMaterial")
        for relation in product.relations:
            one = related.block("RelatedProduct")
            one.text("ProductRelationCode", relation.kind)
            _write_identifiers(one, relation.identifiers)
    write_supply(block, metadata, product, forthcoming=forthcoming)


def _write_identifiers(block: OnixBlock, identifiers: Sequence[Identifier]) -> None:
    for identifier in identifiers:
        one = block.block("ProductIdentifier")
        one.text("ProductIDType", identifier.kind)
        one.text("IDTypeName", identifier.scheme)
        one.text("IDValue", identifier.value)
