"""The names by which a reference can mean an anchor, file by file.

An author's id is a name in its own file, then in its section, and in others unless two files have
it. A heading also has the ids that other tools give it: GitHub's, Pandoc's, and ours without the
section. A file is found by its path, its name or the name of its section.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from makeready.book.model import Anchor
from makeready.book.slugs import slug_of

_NOT_IN_ID = re.compile(r"[^\w\s-]")
_SEPARATORS = re.compile(r"[\s_-]+")
_NOT_LETTERS = re.compile(r"^[\W\d_]+")
FILE_ENDINGS = frozenset({".md", ".markdown", ".qmd", ".rmd", ".html", ".htm", ".xhtml"})
"""The endings of sections' files, and of the pages that other tools make of them."""

_INDEXES = ("index", "readme", "_index")
_MOST_SEARCHES = 100
"""The searches for a similar name in one book: each compares all names."""


def heading_id(title: str) -> str:
    """Return the id that GitHub gives a heading, with one hyphen for several."""
    return _SEPARATORS.sub("-", _NOT_IN_ID.sub("", title.lower())).strip("-")


@dataclass(slots=True)
class _FileNames:
    """The names in one file, each with the id of its anchor."""

    ids: dict[str, str] = field(default_factory=dict)
    equations: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def anchor_of(self, name: str) -> str | None:
        """Return the anchor with an author's id, or else the equation with that label."""
        return self.ids.get(name) or self.equations.get(name)

    def add_heading(self, title: str, anchor: str) -> None:
        """Add a heading; GitHub numbers those with one text from the second on."""
        name = heading_id(title)
        count = self._counts[name]
        self._counts[name] += 1
        forms = (name, _NOT_LETTERS.sub("", name), slug_of(title))
        for form in forms:
            if form:
                self.headings.setdefault(f"{form}-{count}" if count else form, anchor)


@dataclass(frozen=True, slots=True)
class LinkedFiles:
    """The files that a link names, one or those of a section, and the id of where they begin."""

    files: tuple[str, ...]
    start: str


@dataclass(slots=True)
class AnchorNames:
    """The names of a book's anchors, which are in ``anchors`` by their ids.

    A section without a file is a file of its name here.
    """

    anchors: Mapping[str, Anchor]
    starts: dict[str, str] = field(default_factory=dict)
    """The ids of the anchors that files begin at."""

    _names: dict[str, _FileNames] = field(default_factory=dict)
    _files: dict[str, list[str]] = field(default_factory=dict)
    """The files of each section, by its name."""

    _sections: dict[str, list[str]] = field(default_factory=dict)
    """The names of the sections that are in each file."""

    _file_of_anchor: dict[str, str] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)
    """The files by their paths without an ending, and by the folders that they are the index of."""

    _searches: int = 0

    def add_file(self, section: str, file: str, start: str) -> None:
        """Add a file of a section, which begins at the anchor ``start``."""
        self.starts.setdefault(file, start)
        self._files.setdefault(section, []).append(file)
        self._sections.setdefault(file, []).append(section)
        path = PurePosixPath(file)
        self._paths.setdefault(_without_ending(file), file)
        if path.stem.lower() in _INDEXES:
            folder = path.parent
            for name in (folder, *(folder / index for index in _INDEXES)):
                self._paths.setdefault(name.as_posix(), file)

    def add(self, file: str, name: str, anchor: str) -> bool:
        """Add an author's id; return whether it is new in its file."""
        self._file_of_anchor.setdefault(anchor, file)
        ids = self._of(file).ids
        return ids.setdefault(name, anchor) == anchor

    def add_equation(self, file: str, name: str, anchor: str) -> None:
        """Add the label of an equation, which may be the name of something else too."""
        self._file_of_anchor.setdefault(anchor, file)
        self._of(file).equations.setdefault(name, anchor)

    def find_equation(self, file: str, name: str) -> list[str]:
        """Return the ids of the equations that a label in a file may mean."""
        for one in self._near(file):
            if (found := self._of(one).equations.get(name)) is not None:
                return [found]
        return [n.equations[name] for n in self._names.values() if name in n.equations]

    def add_heading(self, file: str, title: str, anchor: str) -> None:
        """Add a heading or the title of a section, in the order of the text."""
        self._file_of_anchor.setdefault(anchor, file)
        self._of(file).add_heading(title, anchor)

    def _of(self, file: str) -> _FileNames:
        return self._names.setdefault(file, _FileNames())

    def file_of(self, anchor: str) -> str:
        """Return the file that an anchor is in."""
        return self._file_of_anchor.get(anchor, self.anchors[anchor].section)

    def linked_files(self, path: str, file: str) -> LinkedFiles | None:
        """Return what a link in ``file`` means by a path; None if it is no file of the book.

        The path is relative to the folder of the file or to the book's folder. Another folder is
        of no account where the name says which file is meant.
        """
        near = posixpath.join(posixpath.dirname(file), path.lstrip("/"))
        for candidate in (near, path.lstrip("/")):
            found = self._paths.get(_without_ending(posixpath.normpath(candidate)))
            if found is not None:
                return LinkedFiles((found,), self.starts[found])
        stem = PurePosixPath(_without_ending(path)).name
        named = [known for known in self.starts if PurePosixPath(known).stem == stem]
        if len(named) == 1 and stem.lower() not in _INDEXES:
            return LinkedFiles((named[0],), self.starts[named[0]])
        if stem in self._files:
            return LinkedFiles(tuple(self._files[stem]), stem)
        return None

    def find(self, file: str, name: str) -> list[str]:
        """Return the ids of the anchors that a name in a file may mean: none, one or several."""
        near = self._near(file)
        if (found := self._id_in(near, name)) is not None:
            return [found]
        others = self._anchors_by_id(name)
        if len(others) == 1:
            return others
        if not others and name in self.anchors:
            return [name]
        heading = heading_id(name)
        if (found := self._heading_in(near, heading)) is not None:
            return [found]
        headings = (names.headings.get(heading) for names in self._names.values())
        return others or self._likeliest([anchor for anchor in headings if anchor is not None])

    def _likeliest(self, headings: list[str]) -> list[str]:
        """Return those of some headings that a name means which each could have.

        One with an id of the author's has no other in the tool that the name is from. A title
        comes before the headings in other sections.
        """
        if len(headings) > 1:
            given = {anchor for names in self._names.values() for anchor in names.ids.values()}
            headings = [anchor for anchor in headings if anchor not in given] or headings
        if len(headings) > 1:
            titles = [anchor for anchor in headings if anchor in self.starts.values()]
            headings = titles if len(titles) == 1 else headings
        return headings

    def find_in(self, files: Sequence[str], name: str) -> str | None:
        """Return the id of the anchor of that name in files, or else in their sections, or None."""
        if (found := self._id_in(files, name)) is not None:
            return found
        sections = {section for file in files for section in self._sections.get(file, ())}
        if name in self.anchors and self.anchors[name].section in sections:
            return name
        near = [*files, *(other for file in files for other in self._near(file))]
        heading = heading_id(name)
        found = self._heading_in(files, heading)
        return found or self._id_in(near, name) or self._heading_in(near, heading)

    def _near(self, file: str) -> list[str]:
        """Return a file, and then the others of its section."""
        sections = self._sections.get(file, ())
        others = [other for section in sections for other in self._files[section]]
        return [file, *(other for other in others if other != file)]

    def _id_in(self, files: Iterable[str], name: str) -> str | None:
        found = (self._of(file).anchor_of(name) for file in files)
        return next((anchor for anchor in found if anchor is not None), None)

    def _heading_in(self, files: Iterable[str], name: str) -> str | None:
        return next((h[name] for file in files if name in (h := self._of(file).headings)), None)

    def _anchors_by_id(self, name: str) -> list[str]:
        found = (names.anchor_of(name) for names in self._names.values())
        return [anchor for anchor in found if anchor is not None]

    def nearest(self, file: str, name: str) -> str | None:
        """Return the name most like one that means nothing, which means one anchor there."""
        own = [name for one in self._near(file) for name in self._names_in(one)]
        close = self._close([*own, *self.anchors], name) or self._close(
            [other for names in self._names.values() for other in names.ids], name
        )
        return next((other for other in close if len(self.find(file, other)) == 1), None)

    def nearest_in(self, files: Sequence[str], name: str) -> str | None:
        """Return the name in files that is most like one that means nothing there."""
        names = [name for file in files for name in self._names_in(file)]
        return next(iter(self._close(names, name)), None)

    def nearest_file(self, path: str) -> str:
        """Return the id of the section or file whose name is most like that of a path."""
        starts = {PurePosixPath(file).stem: start for file, start in self.starts.items()}
        starts |= {section: section for section in self._files}
        stem = PurePosixPath(path).stem
        return starts[next(iter(difflib.get_close_matches(stem, starts, 1, 0.5)), min(starts))]

    def _names_in(self, file: str) -> list[str]:
        names = self._of(file)
        return [*names.ids, *names.equations, *names.headings]

    def _close(self, names: Iterable[str], name: str) -> list[str]:
        """Return the names that are like another, as long as this was not asked too often."""
        self._searches += 1
        if self._searches > _MOST_SEARCHES:
            return []
        return difflib.get_close_matches(name, dict.fromkeys(names), n=3, cutoff=0.5)


def _without_ending(path: str) -> str:
    """Return a path without the ending of a section's file, or of what other tools make of it."""
    suffix = PurePosixPath(path).suffix
    return path.removesuffix(suffix) if suffix.lower() in FILE_ENDINGS else path
