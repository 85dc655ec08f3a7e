"""Links and images in a text, changed in their lines: no line is added or removed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from makeready.importing.outline import outline_of
from makeready.importing.referenced_files import IMAGES

_TEXT = r"(?:[^\[\]\\`]|\\.|`[^`\n]{0,300}`|\[[^\[\]\n]{0,300}\]){0,1000}?"
_DESTINATION = r"[ \t]*<?(?P<{0}>(?:[^()\s<>]|\([^()\s<>]{{0,300}}\)){{1,1000}})>?"
_TITLE = r"(?P<{0}>\s+[\"'][^\"'\n]{{0,1000}}[\"'])?[ \t]*\)"
_ATTRIBUTES = r"(?P<{0}>\{{[^{{}}\n]{{0,300}}\}})?"
_LINK = re.compile(
    r"(?P<code>(?<!`)(`+)(?!`)[^`]{0,1000}\2(?!`))"
    r"|\[(?P<inner>!\[[^\[\]]{0,1000}\]\([^()\n]{0,1000}\)(?:\{[^{}\n]{0,300}\})?)\]\("
    + _DESTINATION.format("around")
    + _TITLE.format("around_title")
    + _ATTRIBUTES.format("around_attributes")
    + rf"|(?P<mark>!?)\[(?P<text>{_TEXT})\]\("
    + _DESTINATION.format("path")
    + _TITLE.format("title")
    + _ATTRIBUTES.format("attributes")
    + r"|(?P<img><img\b[^<>]{0,2000}>)",
    re.DOTALL,
)
_DEFINITION = re.compile(
    r"^(?P<start>[ ]{0,3}\[(?P<label>[^\[\]\n^]{1,300})\]:[ \t]*<?)(?P<path>[^\s<>]{1,1000})"
    r"(?P<end>>?(?:[ \t]+[\"'(][^\n]{0,1000})?)$",
    re.MULTILINE,
)
_REFERENCE = re.compile(
    rf"(?P<code>(?<!`)(`+)(?!`)[^`]{{0,1000}}\2(?!`))"
    rf"|(?<![!\]\\])!?\[(?P<text>{_TEXT})\](?:\[(?P<label>[^\[\]]{{0,300}})\])?(?![\[(:])",
    re.DOTALL,
)
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)[^`]{0,1000}(?<!`)\1(?!`)")
_SOURCE = re.compile(r"(\bsrc[ \t]*=[ \t]*[\"']?)([^\"'\s<>]{1,1000})")
_ALT = re.compile(r"\balt[ \t]*=[ \t]*(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')")
_OTHER_PROJECT = re.compile(
    r"(?:\{doc\}|:doc:)`(?:(?P<words>[^<>`]{1,300}?)[ \n]*<(?=[^<>`]{1,300}>))?"
    r"(?P<target>[A-Za-z][\w.-]{0,60}:[\w/.-]{1,200})>?`"
)
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)

Rewrite = Callable[[str, bool, int], str | None]
"""Returns the path that a path is to be, empty if nothing is there; None leaves it as it is.

It is given the path, whether it is that of an image, and its line.
"""


def with_links(text: str, rewrite: Rewrite) -> str:
    """Return a text with other paths in its links and images.

    A link that leads nowhere becomes its words, an image that is nowhere its description. An image
    that is on a website becomes a link to it.
    """
    pieces, line = [], 1
    gone: set[str] = set()
    for is_code, piece in _pieces(text):
        new = piece if is_code else _rewritten(piece, line, rewrite)
        if not is_code:
            new = _with_definitions(new, line, rewrite, gone)
        pieces.append((is_code, new))
        line += piece.count("\n")
    return "".join(
        piece if is_code or not gone else _without_references(piece, gone)
        for is_code, piece in pieces
    )


def without_other_projects(text: str) -> tuple[str, list[tuple[str, int]]]:
    """Return a text in which links of Sphinx to other projects are words; and each with its line.

    ``{doc}`words <project:page>``` is such a link.
    """
    found: list[tuple[str, int]] = []

    def words(match: re.Match[str]) -> str:
        found.append((match["target"], text.count("\n", 0, match.start()) + 1))
        return match["words"] or match["target"].rpartition(":")[2].rpartition("/")[2]

    return _OTHER_PROJECT.sub(words, text), found


def outside_code(
    text: str, pattern: re.Pattern[str], replaced: Callable[[re.Match[str], int], str]
) -> str:
    """Return a text in which what a pattern finds outside code is replaced.

    ``replaced`` is given the match and its line.
    """
    pieces, first_line = [], 1
    for is_code, piece in _pieces(text):
        pieces.append(piece if is_code else _replaced(piece, first_line, pattern, replaced))
        first_line += piece.count("\n")
    return "".join(pieces)


def _replaced(
    text: str,
    first_line: int,
    pattern: re.Pattern[str],
    replaced: Callable[[re.Match[str], int], str],
) -> str:
    spans = [match.span() for match in _CODE.finditer(text)]
    starts = [start for start, _ in spans]
    line_of = _line_counter(text, first_line)

    def outside(match: re.Match[str]) -> str:
        index = bisect_right(starts, match.start()) - 1
        if index >= 0 and match.start() < spans[index][1]:
            return match[0]
        return replaced(match, line_of(match))

    return pattern.sub(outside, text)


def _line_counter(text: str, first_line: int) -> Callable[[re.Match[str]], int]:
    """Return a function that returns the line of a match in a text."""
    ends = [index for index, letter in enumerate(text) if letter == "\n"]
    return lambda match: first_line + bisect_left(ends, match.start())


def is_remote(path: str) -> bool:
    """Return whether a path is on a website."""
    return _REMOTE.match(path) is not None


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the text in pieces: blocks of code, and what is between them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    start = 0
    for first, end in outline_of(text).code:
        yield False, "".join(lines[start:first])
        yield True, "".join(lines[first:end])
        start = end
    yield False, "".join(lines[start:])


def _rewritten(text: str, first_line: int, rewrite: Rewrite) -> str:
    line_of = _line_counter(text, first_line)

    def image(match: re.Match[str]) -> str:
        return _LINK.sub(replaced, match["inner"])

    def replaced(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        if match["img"]:
            return _with_source(match[0], line_of(match), rewrite)
        if match["inner"]:
            if is_remote(match["inner"].rpartition("](")[2].lstrip("<")):
                words = match["inner"][2:].partition("](")[0] or match["around"]
                inner = words
                rewrite(match["inner"].rpartition("](")[2].rstrip(")"), True, line_of(match))
            else:
                inner = image(match)
            new = rewrite(match["around"], False, line_of(match))
            if new == "":
                return inner
            end = f"{match['around_title'] or ''}){match['around_attributes'] or ''}"
            return f"[{inner}]({new or match['around']}{end}"
        return _link(match, line_of(match), rewrite)

    return _LINK.sub(replaced, text)


def _with_definitions(text: str, first_line: int, rewrite: Rewrite, gone: set[str]) -> str:
    """Return a text with other paths in its definitions of links; ``gone`` gets their labels."""
    line_of = _line_counter(text, first_line)

    def replaced(match: re.Match[str]) -> str:
        line = line_of(match)
        is_image = match["path"].lower().endswith(IMAGES)
        new = rewrite(match["path"], is_image, line)
        if new == "":
            gone.add(_label(match["label"]))
            return ""
        return match["start"] + (new or match["path"]) + match["end"]

    return _DEFINITION.sub(replaced, text)


def _without_references(text: str, gone: set[str]) -> str:
    """Return a text in which the links with these labels are their words."""

    def replaced(match: re.Match[str]) -> str:
        if match["code"] or _label(match["label"] or match["text"]) not in gone:
            return match[0]
        return match["text"]

    return _REFERENCE.sub(replaced, text)


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _link(match: re.Match[str], line: int, rewrite: Rewrite) -> str:
    path, words = match["path"], match["text"]
    is_image = bool(match["mark"])
    new = rewrite(path, is_image, line)
    if is_image and is_remote(path):
        return f"[{words}]({path})" if words.strip() else f"<{path}>"
    if new is None:
        return match[0]
    if not new:
        return words + "\n" * (match[0].count("\n") - words.count("\n"))
    end = f"{match['title'] or ''}){match['attributes'] or ''}"
    return f"{match['mark']}[{words}]({new}{end}"


def _with_source(tag: str, line: int, rewrite: Rewrite) -> str:
    source = _SOURCE.search(tag)
    if source is None:
        return tag
    new = rewrite(source[2], True, line)
    if new == "" or is_remote(source[2]):
        alt = _ALT.search(tag)
        words = (alt[1] or alt[2] or "") if alt else ""
        return " ".join(words.split()) + "\n" * tag.count("\n")
    return tag if new is None else f"{tag[: source.start(2)]}{new}{tag[source.end(2) :]}"
