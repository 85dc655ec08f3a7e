"""A store's file, and the stores there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import ConfigDict, with_config

from makeready.book.store_names import store_names
from makeready.printers.figures import Figures
from makeready.printers.toml_reader import (
    ProfileError,
    contradictions,
    figure_files,
    read_strictly,
    tables_of,
)
from makeready.printers.unsupported import unknown
from makeready.stores.figures import (
    Cover,
    CoverPage,
    Files,
    Images,
    Metadata,
    Navigation,
    Text,
)

_FOLDER = "stores"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFile:
    """The whole file of one store; a table that is not there is a rule it has not published."""

    title: str
    cover: Cover
    cover_page: CoverPage | None = None
    images: Images | None = None
    files: Files | None = None
    navigation: Navigation | None = None
    text: Text | None = None
    metadata: Metadata | None = None

    def tables(self) -> Iterator[tuple[str, Figures]]:
        """Yield every table with the name it has in the file."""
        return tables_of(self)


@dataclass(frozen=True, slots=True)
class Store:
    """One store by the name it has in ``book.toml``, with the rules of its file."""

    name: str
    rules: StoreFile

    @property
    def title(self) -> str:
        """The store's name as it writes it."""
        return self.rules.title


def parse_store(name: str, text: str) -> Store:
    """Read the text of ``<name>.toml``; a fault in it is a ``ProfileError``."""
    place = f"{_FOLDER}/{name}.toml"
    file, lines = read_strictly(place, text, StoreFile)
    for table, figures in file.tables():
        for path, message in contradictions((table,), figures):
            raise ProfileError(f"{place}:{lines.line_of(path)}: {message}")
    return Store(name, file)


@cache
def read_store(name: str) -> Store:
    """Read a store's file; an unknown name is a refusal that tells the nearest."""
    texts = figure_files(_FOLDER)
    if name not in texts:
        raise unknown("stores", "There is no store", name, texts)
    return parse_store(name, texts[name])


def stores_named(names: tuple[str, ...]) -> tuple[Store, ...]:
    """Read the stores of these names, or every one when none is named."""
    return tuple(map(read_store, names or store_names()))
