"""A file with several sections in it, cut into a file for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makeready.importing.imported_book import Entry, ImportedBook

CHAPTER, PART, DIVISION = "chapter", "part", "division"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line, by its index, with which a chapter begins, or which is a part's title or a sign.

    ``value`` is the title of a chapter or part, or what a sign says.
    """

    index: int
    kind: str
    value: str = ""


def split_file(
    book: ImportedBook, file: str, lines: Sequence[str], marks: Sequence[Mark]
) -> list[tuple[Mark, Entry]]:
    """Return the marks of a file in their order, with the entry that each makes.

    The text before the first title goes with it. A part's title and a sign are left out of the
    text. Each piece has blank lines instead of what is above it, so that every line has the number
    that it has in the file.
    """
    texts = list(lines)
    for mark in marks:
        if mark.kind != CHAPTER:
            texts[mark.index] = ""
    begins: list[tuple[Mark, int]] = []
    free = 0
    for mark in marks:
        if mark.kind != CHAPTER:
            free = mark.index + 1
            begins.append((mark, mark.index))
        else:
            is_first = not begins or begins[-1][0].kind != CHAPTER
            begins.append((mark, free if is_first else mark.index))
    if not any(line.strip() for line in texts):
        begins = [each for each in begins if each[0].kind != CHAPTER]
    elif not any(mark.kind == CHAPTER for mark, _ in begins):
        begins.append((Mark(len(texts), CHAPTER), free))
        if free and any(line.strip() for line in texts[:free]):
            begins[-1] = (begins[-1][0], 0)
    chapters = [begin for mark, begin in begins if mark.kind == CHAPTER]
    stem, _, suffix = file.rpartition(".")
    found = []
    for number, (mark, begin) in enumerate(begins):
        if mark.kind != CHAPTER:
            found.append((mark, Entry(kind=mark.kind, title=mark.value)))
            continue
        name = f"{stem}-{chapters.index(begin) + 1}.{suffix}" if len(chapters) > 1 else file
        if len(begins) > 1:
            end = begins[number + 1][1] if number + 1 < len(begins) else len(texts)
            book.texts[name] = "\n".join([""] * begin + texts[begin:end])
        found.append((mark, Entry([name], mark.value)))
    return found
