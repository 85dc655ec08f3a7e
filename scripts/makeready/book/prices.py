"""Prices: as the trade is told them, and the five digits beside a barcode."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any

_PRICE = re.compile(r"([A-Z]{3}) ([0-9]{1,6})(?:\.([0-9]{2}))?")

NO_PRICE = "none"
"""What a book says whose barcode is to say that no price is given."""


def normalised_price(written: str) -> str | None:
    """Return a price as ``USD 19.95``, or ``none``; None for what is not a price.

    The amount may stand before the currency, as in ``19.95 usd``.
    """
    if written.strip().lower() == NO_PRICE:
        return NO_PRICE
    return _price_in(currencies(), written)


def normalised_trade_price(written: str) -> str | None:
    """Return a price in any currency as ``EUR 17.90``; None for what is not a price."""
    return _price_in(_figures()["trade"].split(), written)


def _price_in(known: Collection[str], written: str) -> str | None:
    words = written.upper().split()
    if len(words) == 2 and words[0][0].isdigit():  # noqa: PLR2004 - an amount and a currency
        words.reverse()
    match = _PRICE.fullmatch(" ".join(words))
    if match is None or match[1] not in known:
        return None
    return f"{match[1]} {int(match[2])}.{match[3] or '00'}"


def price_digits(price: str) -> str:
    """Return the five digits of a normalised price: ``USD 19.95`` is ``51995``; empty of none.

    A price that has more than four digits is shown as the highest there is.
    """
    if not price:
        return ""
    figures = _figures()
    if price == NO_PRICE:
        return str(figures["no_price"])
    currency, amount = price.split()
    hundredths = min(int(amount.replace(".", "")), int(figures["most"]))
    return f"{figures['digits'][currency]}{hundredths:04d}"


def currencies() -> tuple[str, ...]:
    """List the currencies that a barcode can say."""
    return tuple(_figures()["digits"])


@cache
def _figures() -> dict[str, Any]:
    return tomllib.loads(files("makeready.book").joinpath("currencies.toml").read_text("utf-8"))
