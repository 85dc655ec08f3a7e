"""The data of a product, which is one edition as the book trade sells it."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.book.model import Edition
from makeready.onix.accessibility import Feature


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a product; ``kind`` is of code list 5, ``scheme`` a name of our own."""

    kind: str
    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """The extent of a product; ``kind`` is of code list 23, ``unit`` of list 24."""

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
    """A related product by its identifiers; ``kind`` is of code list 51."""

    kind: str
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product; ``forms`` are its form and form details, ``reference`` identifies its record."""

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
