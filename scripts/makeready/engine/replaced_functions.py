"""Functions of WeasyPrint replaced by our own for as long as a context lasts.

Every replacement goes through here. ``tests/engine/test_replaced_functions.py`` lists them all
with the digest of the original's source, and fails when an upgrade of the engine changes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import getattr_static
from typing import Any


@contextmanager
def replaced(owner: Any, **functions: Callable[..., Any]) -> Iterator[None]:
    """Replace functions of a module, or methods of a class, and put the originals back."""
    # A static method stays one.
    originals = {name: getattr_static(owner, name) for name in functions}
    for name, function in functions.items():
        setattr(owner, name, function)
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(owner, name, original)
