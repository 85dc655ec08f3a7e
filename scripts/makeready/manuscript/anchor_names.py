"""The names by which a reference can mean an anchor, section by section.

An author's id is a name in its own section, and in others unless two sections have it. A heading
also has the ids that other tools give it: GitHub's, Pandoc's, and ours without the section.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.model import Anchor
from makeready.book.slugs import slug_of

_NOT_IN_ID = re.compile(r"[^\w\s-]")
_SEPARATORS = re.compile(r"[\s_-]+")
_NOT_LETTERS = re.compile(r"^[\W\d_]+")
_MOST_SEARCHES = 100
"""The searches for a similar name in one book: each compares all names."""


def heading_id(title: str) -> str:
    """Return the id that GitHub gives a heading, with one hyphen for several."""
    return _SEPARATORS.sub("-", _NOT_IN_ID.sub("", title.lower())).strip("-")


@dataclass(slots=True)
class _SectionNames:
    """The names in one section, each with the id of its anchor."""

    ids: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def add_heading(self, title: str, anchor: str) -> None:
        """Add a heading; GitHub numbers those with one text from the second on."""
        name = heading_id(title)
        count = self._counts[name]
        self._counts[name] += 1
        forms = (name, _NOT_LETTERS.sub("", name), slug_of(title))
        for form in forms:
            if form:
                self.headings.setdefault(f"{form}-{count}" if count else form, anchor)


@dataclass(slots=True)
class AnchorNames:
    """The names of a book's anchors.

    ``sections`` are the names of its sections, ``anchors`` the anchors by their ids.
    """

    sections: Sequence[str]
    anchors: Mapping[str, Anchor]
    _names: dict[str, _SectionNames] = field(default_factory=dict)
    _searches: int = 0

    def add(self, section: str, name: str, anchor: str) -> bool:
        """Add an author's id; return whether it is new in its section."""
        ids = self._of(section).ids
        return ids.setdefault(name, anchor) == anchor

    def add_heading(self, section: str, title: str, anchor: str) -> None:
        """Add a heading or the title of a section, in the order of the text."""
        self._of(section).add_heading(title, anchor)

    def _of(self, section: str) -> _SectionNames:
        return self._names.setdefault(section, _SectionNames())

    def find(self, section: str, name: str) -> list[str]:
        """Return the ids of the anchors that a name in a section may mean: none, one or several."""
        own = self._of(section)
        if name in own.ids:
            return [own.ids[name]]
        others = self._anchors_by_id(name)
        if len(others) == 1:
            return others
        if not others and name in self.anchors:
            return [name]
        heading = heading_id(name)
        if heading in own.headings:
            return [own.headings[heading]]
        found = (names.headings.get(heading) for names in self._names.values())
        return others or [anchor for anchor in found if anchor is not None]

    def find_in(self, section: str, name: str) -> str | None:
        """Return the id of the anchor of that name in a section, or None."""
        own = self._of(section)
        if name in own.ids:
            return own.ids[name]
        if name in self.anchors and self.anchors[name].section == section:
            return name
        return own.headings.get(heading_id(name))

    def _anchors_by_id(self, name: str) -> list[str]:
        return [names.ids[name] for names in self._names.values() if name in names.ids]

    def nearest(self, section: str, name: str) -> str | None:
        """Return the name most like one that means nothing, which means one anchor there."""
        own = self._of(section)
        close = self._close([*own.ids, *own.headings, *self.anchors], name) or self._close(
            [other for names in self._names.values() for other in names.ids], name
        )
        return next((other for other in close if len(self.find(section, other)) == 1), None)

    def nearest_in(self, section: str, name: str) -> str | None:
        """Return the name in a section that is most like one that means nothing there."""
        own = self._of(section)
        return next(iter(self._close([*own.ids, *own.headings], name)), None)

    def _close(self, names: Iterable[str], name: str) -> list[str]:
        """Return the names that are like another, as long as this was not asked too often."""
        self._searches += 1
        if self._searches > _MOST_SEARCHES:
            return []
        return difflib.get_close_matches(name, dict.fromkeys(names), n=3, cutoff=0.5)
