"""Files that a text includes, whole or in part, in the spelling of the tools that have includes.

mdBook has ``{{#include file:2:10}}``, by an anchor ``{{#include file:name}}``, and
``{{#rustdoc_include …}}`` and ``{{#playground …}}`` for code; Quarto ``{{< include file >}}``;
snippets of MkDocs ``--8<-- "file:2:5"``; Leanpub ``<<[title](code/file.rb)``; MyST
``{literalinclude}`` and ``{include}`` fences. A file must be in the book's folder. A path begins at
the folder of the file that includes it, or else at the book's folder.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.findings import Findings
from makeready.manuscript.source import MAX_BYTES, Lines, split_lines

_MAX_FILES_DEEP = 8
_MAX_INCLUDES = 1_000
_MAX_READ = 20_000_000
"""The number of includes, and the bytes of files that are kept, in a section."""

_LINE = re.compile(
    r"""(?<!\\)\{\{\#(?P<mdbook>include|rustdoc_include|playground|playpen)[ \t]+
        (?P<path>[^{}\n]{1,500})\}\}
    |(?<!\\)\{\{<[ \t]*include[ \t]+(?P<quarto>[^<>{}\n]{1,500})>\}\}
    |(?:^|(?<=[ \t>]))-{1,4}8<-{1,4}[ \t]+["'](?P<snippet>[^"'\n]{1,500})["'](?=[ \t]*$)
    |(?:^|(?<=[ \t>]))<<(?:\[(?P<title>[^\[\]\n]{0,300})\])?
        \((?P<leanpub>[^()\n]{1,300})\)(?=[ \t]*$)
    """,
    re.VERBOSE,
)
_MARK = re.compile(r"\{\{[#<]|8<-|<<[\[(]")
_CONTAINERS = r"(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*+"
_PREFIX = re.compile(_CONTAINERS)
_FENCE = re.compile(rf"({_CONTAINERS})(`{{3,}}|~{{3,}})([^\n]*)$")
_INCLUDE_FENCE = re.compile(r"[ \t]*\{include\}[ \t]+(\S[^\n]{0,300})")
_BLOCK_OF_SNIPPETS = re.compile(r"[ \t]*-{1,4}8<-{1,4}[ \t]*$")
_ANCHOR = re.compile(r"ANCHOR(?P<end>_END)?:[ \t]*(?P<name>[\w-]+)")
_SECTION = re.compile(
    r"-{1,4}8<-{1,4}[ \t]*\[[ \t]*(?P<kind>start|end)[ \t]*:[ \t]*(?P<name>[\w-]+)"
)
_TAG = re.compile(r"(?<![\w-])(?P<kind>tag|end)::(?P<name>[\w-]+)\[\]")


class IncludeError(Exception):
    """A file that cannot be included; the message completes “cannot be included:”."""

    def __init__(self, problem: str, *, is_missing: bool = False) -> None:
        super().__init__(problem)
        self.is_missing = is_missing


@dataclass(frozen=True, slots=True)
class IncludeProblem:
    """An include that failed: the line, the path as it is written, and what is wrong.

    ``is_left_out``: it is a line of text that names a file that is not there.
    """

    line: int
    file: str
    problem: str
    is_left_out: bool = False


@dataclass(slots=True)
class IncludedFiles:
    """The files that a section includes, from the book's folder ``root``.

    ``digests`` are the SHA-256 of the files that were looked for, empty for those that cannot be
    read, by path. ``new_lines`` returns what is added to the number of a line of a file that is
    included as Markdown: a path, and how many lines it has.
    """

    root: Path
    new_lines: Callable[[str, int], int] = lambda _path, _count: 0
    digests: dict[str, str] = field(default_factory=dict)
    problems: list[IncludeProblem] = field(default_factory=list)
    _folders: list[str] = field(default_factory=list)
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _left: int = MAX_BYTES
    _includes: int = 0
    _kept: int = 0

    # Code

    def code(self, text: str, line: int) -> str:
        """Return code with the files in it that are included; ``line`` is where it begins."""
        if not _MARK.search(text):
            return text
        lines: list[str] = []
        for number, source in enumerate(text.split("\n"), start=line):
            found = _LINE.search(source)
            if found is None or found["leanpub"]:
                lines.append(source)
                continue
            before, after = source[: found.start()], source[found.end() :]
            try:
                _, parts = self._included(found)
            except IncludeError as error:
                self.problems.append(IncludeProblem(number, _path_in(found), str(error)))
                continue
            is_alone = not before.strip() and not after.strip()
            indent = before if is_alone else ""
            lines += [f"{indent if part else ''}{part}" for part in parts[:-1] if is_alone]
            if is_alone:
                lines.append(f"{indent}{parts[-1]}")
            else:
                lines.append(f"{before}{' '.join(parts)}{after}")
        return "\n".join(lines)

    def file_of_code(self, path: str, options: dict[str, str], line: int) -> str:
        """Return the code of a file of which a directive's options may select a part."""
        try:
            _, lines = self._read(path)
            return "\n".join(self._counted(_part_by_options(lines, options)))
        except IncludeError as error:
            self.problems.append(IncludeProblem(line, path, str(error)))
            return ""

    # Markdown

    def markdown(self, lines: Lines, path: str) -> Lines:
        """Return the lines of a file with those of the files that it includes as Markdown."""
        self._folders = [posixpath.dirname(path)]
        if not any(_MARK.search(text) or "{include}" in text for text in lines.text):
            return lines
        result = Lines()
        self._expand(lines, (path,), result)
        return result

    def _expand(self, lines: Lines, chain: tuple[str, ...], result: Lines) -> None:
        fence = ""
        index = 0
        while index < len(lines):
            text, number = lines.text[index], lines.origin[index]
            mark = _FENCE.match(text) if "```" in text or "~~~" in text else None
            if fence:
                if mark and mark[2].startswith(fence) and not mark[3].strip():
                    fence = ""
                result.add(text, number)
            elif mark and not (mark[2][0] == "`" and "`" in mark[3]):
                index = self._expand_fence(lines, index, mark, chain, result)
                if index < 0:
                    fence, index = mark[2], -index - 1
            elif _BLOCK_OF_SNIPPETS.match(text):
                index = self._expand_block(lines, index, chain, result)
            elif _MARK.search(text) and "`" not in text:
                self._expand_line(text, number, chain, result)
            else:
                result.add(text, number)
            index += 1

    def _expand_fence(
        self, lines: Lines, index: int, mark: re.Match[str], chain: tuple[str, ...], result: Lines
    ) -> int:
        """Read a fence ``{include}``, and return the index of its end; else ``-index - 1``."""
        include = _INCLUDE_FENCE.match(mark[3])
        if include is None:
            result.add(lines.text[index], lines.origin[index])
            return -index - 1
        self._add_file(include[1].strip(), (mark[1], ""), lines.origin[index], chain, result)
        for end in range(index + 1, len(lines)):
            closing = _FENCE.match(lines.text[end])
            if closing and closing[2].startswith(mark[2]) and not closing[3].strip():
                return end
        return index

    def _expand_block(self, lines: Lines, index: int, chain: tuple[str, ...], result: Lines) -> int:
        """Read a block of snippets, a path on each line; return the index of its end."""
        ends = range(index + 1, min(index + 100, len(lines)))
        end = next((i for i in ends if _BLOCK_OF_SNIPPETS.match(lines.text[i])), None)
        if end is None:
            result.add(lines.text[index], lines.origin[index])
            return index
        for text, number in zip(
            lines.text[index + 1 : end], lines.origin[index + 1 : end], strict=True
        ):
            name = text.strip()
            if name and not name.startswith(";"):
                prefix = text[: len(text) - len(text.lstrip())]
                self._add_file(name, (prefix, ""), number, chain, result)
        return end

    def _expand_line(self, text: str, number: int, chain: tuple[str, ...], result: Lines) -> None:
        found = _LINE.search(text)
        before = text[: found.start()] if found else ""
        is_whole_line = found and (found["leanpub"] or found["snippet"])
        if found is None or (is_whole_line and not _PREFIX.fullmatch(before)):
            result.add(text, number)
            return
        after = text[found.end() :]
        is_code = found["leanpub"] or found["mdbook"] in {"playground", "playpen"}
        if is_code:
            for line in _code_fence(found):
                result.add(f"{before}{line}", number)
        else:
            self._add_file(found, (before, after), number, chain, result)

    def _add_file(
        self,
        what: re.Match[str] | str,
        around: tuple[str, str],
        number: int,
        chain: tuple[str, ...],
        result: Lines,
    ) -> None:
        """Add the lines of a file, between what is before and after the include on its line."""
        before, after = around
        spec = what if isinstance(what, str) else _path_in(what)
        try:
            path, texts = self._part(spec) if isinstance(what, str) else self._included(what)
            _check_chain((*chain, path))
        except IncludeError as error:
            problem = IncludeProblem(number, spec, str(error), is_left_out=error.is_missing)
            self.problems.append(problem)
            result.add(f"{before}{after}" if before.strip() or after.strip() else "", number)
            return
        inner = Lines()
        whole = self._texts[path]
        first = _index_of(texts, whole)
        shift = self.new_lines(path, len(whole))
        own = Lines(texts, [shift + first + n if shift else number for n in range(len(texts))])
        self._folders.append(posixpath.dirname(path))
        self._expand(own, (*chain, path), inner)
        self._folders.pop()
        prefix = _PREFIX.match(before)
        indent = prefix[0] if prefix else ""
        further = "".join(c if c in " \t>" else " " for c in indent)
        for index, (text, line) in enumerate(zip(inner.text, inner.origin, strict=True)):
            start = before if index == 0 else further
            end = after if index == len(inner) - 1 else ""
            result.add(f"{start}{text}{end}" if text or start.strip() or end else "", line)

    # Files

    def _included(self, found: re.Match[str]) -> tuple[str, list[str]]:
        """Return the path and the lines of the file of an include."""
        spec = _path_in(found)
        if found["mdbook"]:
            words = spec.split()
            return self._part(words[0] if words else spec, single_is_line=True)
        return self._part(spec)

    def _part(self, spec: str, *, single_is_line: bool = False) -> tuple[str, list[str]]:
        """Return the path and lines of ``file``, ``file:2:10``, ``file:1:3,6:8``, ``file:name``."""
        name, sign, selection = spec.partition(":")
        if sign and selection.startswith("//"):
            raise IncludeError("it is not a file of the book")
        path, lines = self._read(name)
        if not sign:
            return path, self._counted(_without_marks(lines))
        if re.fullmatch(r"[\d:,\s-]*", selection):
            part = [
                line
                for numbers in selection.split(",")
                for line in _lines_by_numbers(lines, numbers, single_is_line=single_is_line)
            ]
            part = _without_marks(part)
        else:
            part = _named_part(lines, selection.strip())
        if not part:
            raise IncludeError(f"it has no lines {selection}")
        return path, self._counted(part)

    def _counted(self, lines: list[str]) -> list[str]:
        self._left -= sum(len(line) + 1 for line in lines)
        if self._left < 0:
            raise IncludeError(f"a section includes no more than {MAX_BYTES // 1_000_000} MB")
        return lines

    def _read(self, name: str) -> tuple[str, list[str]]:
        """Return the path and the lines of a file."""
        self._includes += 1
        if self._includes > _MAX_INCLUDES:
            raise IncludeError(f"a section includes no more than {_MAX_INCLUDES:,} times")
        name = name.strip().strip("\"'")
        folders = ["", "resources"] if name.startswith("/") else [*self._folders[::-1], ""]
        folders = list(dict.fromkeys([*folders, "resources", "manuscript"]))
        refused: FileRefusedError | None = None
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, name.lstrip("/")))
            if path in self._texts:
                return path, self._texts[path]
            try:
                raw = read_book_file(self.root, path, MAX_BYTES)
            except FileRefusedError as error:
                self.digests[path] = ""
                is_better = refused is None or (refused.is_missing and not error.is_missing)
                refused = error if is_better else refused
                continue
            self.digests[path] = hashlib.sha256(raw).hexdigest()
            lines = split_lines(raw, path, Findings())
            if lines is None:
                raise IncludeError("it is not text in UTF-8")
            self._kept += len(raw)
            if self._kept > _MAX_READ:
                raise IncludeError(f"a section reads no more than {_MAX_READ // 1_000_000} MB")
            texts = lines.text[:-1] if lines.text[-1:] == [""] else lines.text
            self._texts[path] = texts
            return path, texts
        assert refused is not None
        outside = posixpath.normpath(posixpath.join(folders[0], name)).startswith("..")
        if refused.is_missing and outside:
            raise IncludeError("it is outside the book's folder")
        raise IncludeError(refused.problem, is_missing=refused.is_missing)


def _check_chain(chain: tuple[str, ...]) -> None:
    """Raise IncludeError for files that include each other in a circle, or too deep."""
    if chain[-1] in chain[:-1]:
        raise IncludeError("it includes itself")
    if len(chain) > _MAX_FILES_DEEP:
        raise IncludeError(f"files include each other more than {_MAX_FILES_DEEP} deep")


def are_unchanged(root: Path, digests: Mapping[str, str]) -> bool:
    """Return whether the files are still what they were when they had these digests."""
    return all(_digest(root, path) == digest for path, digest in digests.items())


def _digest(root: Path, path: str) -> str:
    try:
        return hashlib.sha256(read_book_file(root, path, MAX_BYTES)).hexdigest()
    except FileRefusedError:
        return ""


def _path_in(found: re.Match[str]) -> str:
    groups = ("path", "quarto", "snippet", "leanpub")
    return next(found[name] for name in groups if found[name]).strip()


def _code_fence(found: re.Match[str]) -> list[str]:
    """Return the fence that a directive for a file of code stands for."""
    words = _path_in(found).split() if found["mdbook"] else [_path_in(found)]
    options = [f":title: {found['title']}"] if found["title"] else []
    return [f"```{{literalinclude}} {words[0]}", *options, "```"]


def _lines_by_numbers(lines: list[str], numbers: str, *, single_is_line: bool) -> list[str]:
    """Return the lines from ``2:10``, ``2:``, ``:10`` or ``2``."""
    start, sign, end = numbers.strip().partition(":")
    first = int(start[:9]) if start.strip().isdigit() else 1
    last = int(end[:9]) if end.strip().isdigit() else len(lines)
    if not sign and single_is_line:
        last = first
    return lines[max(first, 1) - 1 : last]


def _marks(line: str) -> tuple[str, str] | None:
    """Return the name of the part that a line begins or ends, and which of the two."""
    if "ANCHOR" in line and (mark := _ANCHOR.search(line)):
        return mark["name"], "end" if mark["end"] else "start"
    if "8<-" in line and (mark := _SECTION.search(line)):
        return mark["name"], mark["kind"]
    if "::" in line and (mark := _TAG.search(line)):
        return mark["name"], "end" if mark["kind"] == "end" else "start"
    return None


def _without_marks(lines: list[str]) -> list[str]:
    return [line for line in lines if _marks(line) is None]


def _named_part(lines: list[str], name: str) -> list[str]:
    """Return the lines between the marks of a part; IncludeError if there is none."""
    part: list[str] = []
    is_inside = is_known = False
    for line in lines:
        mark = _marks(line)
        if mark is not None:
            if mark[0] == name:
                is_inside = mark[1] == "start"
                is_known = True
        elif is_inside:
            part.append(line)
    if not is_known:
        raise IncludeError(f"it has no part named {name}")
    return part


def _part_by_options(lines: list[str], options: dict[str, str]) -> list[str]:
    """Return the lines that ``:lines:``, ``:start-after:`` and ``:end-before:`` select."""
    if "lines" in options:
        ranges = [numbers.replace("-", ":") for numbers in options["lines"].split(",")]
        lines = [
            line for one in ranges for line in _lines_by_numbers(lines, one, single_is_line=True)
        ]
    for key, is_start, skip in (
        ("start-after", True, 1),
        ("start-at", True, 0),
        ("end-before", False, 0),
        ("end-at", False, 1),
    ):
        if mark := options.get(key):
            at = next((index for index, line in enumerate(lines) if mark in line), None)
            if at is None:
                raise IncludeError(f"it has no line with {mark}")
            lines = lines[at + skip :] if is_start else lines[: at + skip]
    return _without_marks(lines)


def _index_of(part: Sequence[str], whole: Sequence[str]) -> int:
    """Return the number of the line of a file at which a part begins, from 1."""
    if not part:
        return 1
    return next((n for n, line in enumerate(whole, start=1) if line == part[0]), 1)
