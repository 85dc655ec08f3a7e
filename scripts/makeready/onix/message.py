"""An ONIX message written: releases 3.0 and 3.1, in reference names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lxml import etree

from makeready.book.dates import normalised_datetime
from makeready.book.model import Metadata
from makeready.onix.description import describe_content, describe_form
from makeready.onix.markup import OnixBlock
from makeready.onix.product import Identifier, Product
from makeready.onix.supply import publishing_detail, supply

Release = Literal["3.0", "3.1"]
RELEASES: tuple[Release, ...] = ("3.0", "3.1")
_NAMESPACE = "http://ns.editeur.org/onix/{}/reference"
# Who has made the message, of a book that names no publisher.
_MAKER = "makeready"
# Code list 1: an advance notice, or one on publication. Code list 3: from the publisher.
_IN_ADVANCE, _PUBLISHED, _FROM_PUBLISHER = "02", "03", "01"


def message(metadata: Metadata, products: Sequence[Product], release: Release) -> bytes:
    """Return the message about a book's products as XML in UTF-8; the same book, the same bytes."""
    namespace = _NAMESPACE.format(release)
    root = etree.fromstring(f'<ONIXMessage xmlns="{namespace}" release="{release}"/>')
    whole = OnixBlock(root)
    header = whole.block("Header")
    header.block("Sender").text("SenderName", metadata.publisher or _MAKER)
    header.text("SentDateTime", metadata.modified.replace("-", "").replace(":", ""))
    for product in products:
        _write(whole.block("Product"), metadata, product)
    content = etree.tostring(root, encoding="utf-8", pretty_print=True)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content


def _write(block: OnixBlock, metadata: Metadata, product: Product) -> None:
    forthcoming = bool(metadata.date) and normalised_datetime(metadata.date) > metadata.modified
    block.text("RecordReference", product.reference)
    block.text("NotificationType", _IN_ADVANCE if forthcoming else _PUBLISHED)
    if metadata.publisher:
        block.text("RecordSourceType", _FROM_PUBLISHER)
    _identify(block, product.identifiers)
    detail = block.block("DescriptiveDetail")
    describe_form(detail, product)
    describe_content(detail, metadata, product)
    if metadata.description:
        text = block.block("CollateralDetail").block("TextContent")
        # Code list 153: a description; 154: for everybody; 34: plain text.
        text.text("TextType", "03")
        text.text("ContentAudience", "00")
        text.text("Text", metadata.description, textformat="06")
    publishing_detail(block, metadata, forthcoming=forthcoming)
    if product.relations:
        related = block.block("RelatedMaterial")
        for relation in product.relations:
            one = related.block("RelatedProduct")
            one.text("ProductRelationCode", relation.kind)
            _identify(one, relation.identifiers)
    supply(block, metadata, product, forthcoming=forthcoming)


def _identify(block: OnixBlock, identifiers: Sequence[Identifier]) -> None:
    for identifier in identifiers:
        one = block.block("ProductIdentifier")
        one.text("ProductIDType", identifier.kind)
        one.text("IDTypeName", identifier.scheme)
        one.text("IDValue", identifier.value)
