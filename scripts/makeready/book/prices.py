"""Prices: their normalised form, and the five digits of the barcode add-on (EAN-5)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any

_PRICE = re.compile(r"([A-Z]{3}) ([0-9]{1,6})(?:\.([0-9]{2}))?")

NO_PRICE = "none"
"""The price of an edition whose barcode says that no price is given."""


def normalised_price(written: str) -> str | None:
    """Return a price for a barcode as ``USD 19.95``, or ``none``; None if it is not a price.

    The amount may stand before the currency, as in ``19.95 usd``.
    """
    if written.strip().lower() == NO_PRICE:
        return NO_PRICE
    return _parse_price(barcode_currencies(), written)


def normalised_trade_price(written: str) -> str | None:
    """Return a price in any currency as ``EUR 17.90``; None if it is not a price."""
    return _parse_price(_currency_table()["trade"].split(), written)


def _parse_price(known: Collection[str], written: str) -> str | None:
    words = written.upper().split()
    if len(words) == 2 and words[0][0].isdigit():  # noqa: PLR2004 - an amount and a currency
        words.reverse()
    match = _PRICE.fullmatch(" ".join(words))
    if match is None or match[1] not in known:
        return None
    return f"{match[1]} {int(match[2])}.{match[3] or '00'}"


def price_digits(price: str) -> str:
    """Return the EAN-5 digits of a normalised price: ``51995`` for ``USD 19.95``.

    A price too high for four digits is encoded as the highest possible one; an empty price has
    no digits.
    """
    if not price:
        return ""
    table = _currency_table()
    if price == NO_PRICE:
        return str(table["no_price"])
    currency, amount = price.split()
    hundredths = min(int(amount.replace(".", "")), int(table["most"]))
    return f"{table['digits'][currency]}{hundredths:04d}"


def barcode_currencies() -> tuple[str, ...]:
    """Return the currencies that an EAN-5 add-on can encode."""
    return tuple(_currency_table()["digits"])


@cache
def _currency_table() -> dict[str, Any]:
    return tomllib.loads(files("makeready.book").joinpath("currencies.toml").read_text("utf-8"))
