"""Stores and the files with their rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import ConfigDict, with_config

from makeready.book.store_names import store_names
from makeready.printers.tables import SourcedTable
from makeready.printers.toml_reader import (
    ProfileError,
    parse_strictly,
    rule_files,
    table_errors,
    tables_of,
)
from makeready.printers.unsupported import unknown_name
from makeready.stores.tables import (
    CoverImageRules,
    CoverPageRules,
    EpubRules,
    ImageRules,
    MetadataLimits,
    NavigationRules,
    PageNumberRules,
    TextRules,
)

_PACKAGE = "stores"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFile:
    """The whole file of one store; a table is missing if the store has no such rules."""

    title: str
    cover: CoverImageRules
    cover_page: CoverPageRules | None = None
    page_numbers: PageNumberRules | None = None
    images: ImageRules | None = None
    files: EpubRules | None = None
    navigation: NavigationRules | None = None
    text: TextRules | None = None
    metadata: MetadataLimits | None = None

    def tables(self) -> Iterator[tuple[str, SourcedTable]]:
        """Yield every table with its name in the file."""
        return tables_of(self)


@dataclass(frozen=True, slots=True)
class Store:
    """One store, with its name in ``book.toml`` and the rules of its file."""

    name: str
    rules: StoreFile

    @property
    def title(self) -> str:
        """The store's name as it writes it."""
        return self.rules.title


def parse_store(name: str, text: str) -> Store:
    """Return the store of the file ``<name>.toml``; ProfileError if the text is invalid."""
    shown_path = f"{_PACKAGE}/{name}.toml"
    file, lines = parse_strictly(shown_path, text, StoreFile)
    for name_in_file, table in file.tables():
        for path, message in table_errors((name_in_file,), table):
            raise ProfileError(f"{shown_path}:{lines.line_of(path)}: {message}")
    return Store(name, file)


@cache
def read_store(name: str) -> Store:
    """Read a store's file; UnsupportedError, with the nearest name, if there is none."""
    texts = rule_files(_PACKAGE)
    if name not in texts:
        raise unknown_name("stores", f"Unknown store “{name}”.", name, texts)
    return parse_store(name, texts[name])


def stores_named(names: tuple[str, ...]) -> tuple[Store, ...]:
    """Return the stores of these names, or all stores if none is named."""
    return tuple(map(read_store, names or store_names()))
