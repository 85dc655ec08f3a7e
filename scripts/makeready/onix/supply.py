"""The publisher and the supply of a product. Source: ONIX for Books, blocks 4 and 6."""

from __future__ import annotations

import re

from makeready.book.dates import normalised_datetime
from makeready.book.model import EditionKind, Metadata
from makeready.book.subject_codes import WORLD
from makeready.onix.codes import codes
from makeready.onix.markup import OnixBlock
from makeready.onix.product import Product

# Code list 64 and 68: forthcoming, or on sale.
_FORTHCOMING, _ACTIVE = "02", "04"
# Code list 65, by whether a product is printed on demand and whether it is forthcoming.
_AVAILABILITY = {
    (False, False): "20",
    (False, True): "10",
    (True, False): "23",
    (True, True): "12",
}
# Code list 58: the recommended price before tax, and with it.
_BEFORE_TAX, _WITH_TAX = "01", "02"
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-\d{2})?")
# Code list 55, by the characters of a date without hyphens.
_DATE_FORMS = {4: "05", 6: "01", 8: "00"}


def write_publishing_detail(block: OnixBlock, metadata: Metadata, *, forthcoming: bool) -> None:
    """Write publisher, status, date and rights; nothing without an imprint or a publisher.

    ONIX requires one of them.
    """
    if not metadata.imprint and not metadata.publisher:
        return
    detail = block.block("PublishingDetail")
    if metadata.imprint:
        detail.block("Imprint").text("ImprintName", metadata.imprint)
    if metadata.publisher:
        publisher = detail.block("Publisher")
        # Code list 45: the publisher.
        publisher.text("PublishingRole", "01")
        publisher.text("PublisherName", metadata.publisher)
    detail.text("PublishingStatus", _FORTHCOMING if forthcoming else _ACTIVE)
    if metadata.date:
        date = _onix_date(metadata.date)
        one = detail.block("PublishingDate")
        # Code list 163: the date of publication.
        one.text("PublishingDateRole", "01")
        one.text("Date", date, dateformat=_DATE_FORMS[len(date)])
    if metadata.territories:
        rights = detail.block("SalesRights")
        # Code list 46: for sale, whether or not by this publisher alone.
        rights.text("SalesRightsType", "02")
        _write_territory(rights, metadata)


def write_supply(
    block: OnixBlock, metadata: Metadata, product: Product, *, forthcoming: bool
) -> None:
    """Write market, supplier, availability and prices, if publisher and price are known."""
    if not metadata.publisher or not product.prices:
        return
    product_supply = block.block("ProductSupply")
    if metadata.territories:
        _write_territory(product_supply.block("Market"), metadata)
        market = product_supply.block("MarketPublishingDetail")
        market.text("MarketPublishingStatus", _FORTHCOMING if forthcoming else _ACTIVE)
    detail = product_supply.block("SupplyDetail")
    supplier = detail.block("Supplier")
    # Code list 93: the publisher, to retailers.
    supplier.text("SupplierRole", "01")
    supplier.text("SupplierName", metadata.publisher)
    is_printed = product.edition.kind is EditionKind.PRINT and product.on_demand
    detail.text("ProductAvailability", _AVAILABILITY[is_printed, forthcoming])
    for price in product.prices:
        currency, amount = price.split()
        before_tax = currency in codes()["prices"]["before_tax"]
        one = detail.block("Price")
        one.text("PriceType", _BEFORE_TAX if before_tax else _WITH_TAX)
        one.text("PriceAmount", amount)
        one.text("CurrencyCode", currency)


def _onix_date(written: str) -> str:
    """Return a date without hyphens, as exact as it is written: a year, a month or a day."""
    text = written if _YEAR_OR_MONTH.fullmatch(written) else normalised_datetime(written)[:10]
    return text.replace("-", "")


def _write_territory(block: OnixBlock, metadata: Metadata) -> None:
    territory = block.block("Territory")
    if WORLD in metadata.territories:
        territory.text("RegionsIncluded", WORLD)
    else:
        territory.text("CountriesIncluded", " ".join(metadata.territories))
