"""One edition as a product of the trade: all that is known of it, before it is written."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.book.model import Edition
from makeready.onix.accessibility import Feature


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a product; ``kind`` is of code list 5, a scheme of our own has a name."""

    kind: str
    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is of a product: code lists 23 and 24."""

    kind: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a printed product in millimetres; ``kind`` is of code list 48."""

    kind: str
    value_mm: str


@dataclass(frozen=True, slots=True)
class Relation:
    """How another product is related to this one: code list 51, and its identifiers."""

    kind: str
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product; ``forms`` are its form and the details of it, ``reference`` its record's."""

    edition: Edition
    reference: str
    identifiers: tuple[Identifier, ...]
    forms: tuple[str, ...]
    features: tuple[Feature, ...] = ()
    measures: tuple[Measure, ...] = ()
    extents: tuple[Extent, ...] = ()
    relations: tuple[Relation, ...] = ()
    prices: tuple[str, ...] = ()
    on_demand: bool = False
    """Whether each copy is printed when it is ordered."""
