"""Titles of a book at the head of each of its files, above the file's own title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from makeready.importing.imported_book import ImportedBook
from makeready.importing.outline import Heading, outline_of
from makeready.importing.source_folder import SourceFolder

_START_OF_SERIES = re.compile(r".*(?::|\s[-–—|])\s+")
_REST = re.compile(r"\s*[:|–—(]|\s-\s")
_END_OF_SERIES = re.compile(r"(?:\s[-–—|(]|,\s).*")


def take_repeated_title(source: SourceFolder, names: Sequence[str], book: ImportedBook) -> str:
    """Take the title of a book out of the files of a folder; return it, or nothing.

    It is the first title of several files, and in those that it is taken out of another title
    follows it at once. The texts without it, whose lines keep their numbers, go to ``book.texts``.
    """
    titles = {name: outline_of(source.text(name)).titles for name in names}
    first = Counter(_work(found[0].plain) for found in titles.values() if found)
    taken = ""
    for name, found in titles.items():
        # Of a series, the files beside its books may name the series alone.
        if len(found) > 1 and first[_work(found[0].plain)] > 1:
            lines = source.text(name).split("\n")
            if _follows_at_once(lines, found[0], found[1]):
                lines[found[0].line - 1 : found[1].line - 1] = [""] * (
                    found[1].line - found[0].line
                )
                book.texts[name] = "\n".join(lines)
                taken = found[0].plain
    return taken


def _work(title: str) -> str:
    """Return what a title says before a colon, a dash or a bracket."""
    return _REST.split(title, maxsplit=1)[0]


def _follows_at_once(lines: Sequence[str], title: Heading, following: Heading) -> bool:
    between = lines[title.line : following.line - 1]
    return not "".join(between).strip("=-*_ \t")


def without_series(titles: Sequence[str]) -> list[str]:
    """Return the titles of several books without the words of the series that all have.

    “The Work: Hammers, 2nd Edition” and “The Work: Nails, 2nd Edition” are “Hammers” and “Nails”.
    """
    if len(set(titles)) < 2:  # noqa: PLR2004 - one of several
        return list(titles)
    start = _START_OF_SERIES.match(_common_start(titles))
    begin = start.end() if start is not None else 0
    rest = [title[begin:] for title in titles]
    common = _common_start([title[::-1] for title in rest])[::-1]
    end = _END_OF_SERIES.search(common)
    length = len(common) - end.start() if end is not None else 0
    return [title[: len(title) - length].strip() or title for title in rest]


def _common_start(texts: Sequence[str]) -> str:
    length = 0
    for letters in zip(*texts, strict=False):
        if len(set(letters)) > 1:
            break
        length += 1
    return texts[0][:length]
