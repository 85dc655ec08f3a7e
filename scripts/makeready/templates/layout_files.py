"""The texts of layouts: the built-in ones, and those of a book's own styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import jinja2

from makeready.errors import FindingsError

LAYOUTS = "styles/layouts"
BUILT_IN = "house/"
"""The prefix of the names of built-in layouts, where others may have the same name."""

OF_THEME = "theme/"
"""The prefix of the names of a theme's layouts, and of built-in ones where it has none."""


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """What is wrong with a layout; ``path`` is relative to the book's folder.

    One that ``is_lasting`` would come again, after as long a time, with any other section.
    """

    problem: str
    hint: str
    path: str
    line: int | None = None
    is_lasting: bool = False

    def error(self) -> FindingsError:
        """Return the error to raise for it."""
        return FindingsError(self.problem, self.hint, self.path, self.line)


@dataclass(frozen=True)
class LayoutFiles:
    """The texts of layouts by name, and what is wrong with files that have none.

    A name is a path relative to the folder of layouts, and nothing outside it has one. ``own``
    has the paths of the book's own, relative to its folder, by their names.
    """

    texts: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, LayoutFault] = field(default_factory=dict)

    @property
    def loader(self) -> jinja2.BaseLoader:
        """What finds a layout by its name, for Jinja2; a faulty one raises `FindingsError`."""
        return jinja2.FunctionLoader(self._source)

    def _source(self, name: str) -> tuple[str, str, None] | None:
        if name in self.faults:
            raise self.faults[name].error()
        if name not in self.texts:
            return None
        return self.texts[name], self.path_of(name), None

    def path_of(self, name: str) -> str:
        """Return the path that is shown of a layout: of a book's own, relative to its folder.

        It is the path itself where Jinja2 gives that for the name.
        """
        if name in self.own.values():
            return name
        if name in self.own:
            return self.own[name]
        return f"{BUILT_IN}{name.removeprefix(BUILT_IN)}"
