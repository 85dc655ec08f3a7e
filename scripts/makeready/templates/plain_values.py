"""The values that layouts are given: plain and frozen, since a layout may be a stranger's.

What a layout can reach from them is text, numbers, tuples and the classes of this module: nothing
that reads a file, and no code but ours. `plain_conversion` makes them of the values of a book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias


class Choice(str):
    """A word of a fixed list, such as the kind of an edition; ``value`` is the same word."""

    __slots__ = ()


class View:
    """A value with named fields, which `sandbox` lets a layout read, and nothing else."""

    __slots__ = ("_fields", "_name")
    _fields: Mapping[str, Plain]
    _name: str

    def __init__(self, name: str, named_fields: Mapping[str, Plain]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_fields", dict(named_fields))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} of a frozen value")

    def __reduce__(self) -> tuple[type[View], tuple[str, Mapping[str, Plain]]]:
        return View, (self._name, self._fields)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, View):
            return NotImplemented
        return (self._name, self._fields) == (other._name, other._fields)

    def __hash__(self) -> int:
        return hash((self._name, tuple(self._fields)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._fields.items())
        return f"{self._name}({shown})"


class ReadOnlyMapping(Mapping[str, "Plain"]):
    """A mapping that cannot be changed."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Plain]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Plain:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __reduce__(self) -> tuple[type[ReadOnlyMapping], tuple[Mapping[str, Plain]]]:
        return ReadOnlyMapping, (self._items,)

    def __repr__(self) -> str:
        return repr(self._items)


class Lookup:
    """A table that a layout looks values up in, by a call or in brackets.

    ``missing`` is the value of a key that is not in it.
    """

    __slots__ = ("_missing", "_values")

    def __init__(self, values: Mapping[str, Plain], missing: Plain) -> None:
        self._values, self._missing = values, missing

    def __call__(self, key: str) -> Plain:
        """Return the value of a key."""
        return self._values.get(key, self._missing)

    def __getitem__(self, key: str) -> Plain:
        return self(key)

    def __reduce__(self) -> tuple[type[Lookup], tuple[Mapping[str, Plain], Plain]]:
        return type(self), (self._values, self._missing)

    def __repr__(self) -> str:
        return "a table"


class PageLabels(Lookup):
    """The page labels by anchor; ``label`` is the table itself."""

    __slots__ = ()


Plain: TypeAlias = "str | int | float | tuple[Plain, ...] | View | ReadOnlyMapping | Lookup | None"
"""A value that a layout may have; ``str`` includes `Markup` and `Choice`."""


def field_of(view: View, name: str) -> Plain:
    """Return a field of a view; KeyError if it has none of that name."""
    return view._fields[name]


def view_name(view: View) -> str:
    """Return the name of a view's kind, such as ``Edition``."""
    return view._name
