"""Front matter: the block of YAML or TOML at the head of a file, as other tools write it.

``---`` … ``---`` is YAML, ``+++`` … ``+++`` TOML. Its title, subtitle and author become text of the
section, its language that of the section; everything else is left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from makeready.book.model import Contributor
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.source import Lines

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_KEY = re.compile(
    r"""["']?(?P<key>[A-Za-z_][\w.-]*(?:[ ][\w.-]+){0,2})["']?[ ]*"""
    r"""(?P<sign>[:=])(?:[ ]+(?P<value>.*))?$"""
)
_CONTINUED = re.compile(r"[ #\[\]{}]|-[ ]|$")
_MOST_LINES = 500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
UNUSED_KEYS = "MAN-039"
"""The finding that keys are not used, which is reported once for a book."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values of a file's front matter that are used, on one line each, and its keys' lines.

    ``author`` is empty if a contributor of the book has the name.
    """

    title: str = ""
    subtitle: str = ""
    author: str = ""
    language: str = ""
    lines: Mapping[str, int] | None = None

    @property
    def has_text(self) -> bool:
        """Whether there is a text that is shown in the section."""
        return bool(self.title or self.subtitle or self.author)

    def line_of(self, key: str) -> int:
        """Return the source line of a key."""
        return (self.lines or {}).get(key, 1)


def cut_front_matter(
    lines: Lines, contributors: tuple[Contributor, ...], path: str, findings: Findings
) -> tuple[Lines, FrontMatter]:
    """Return the lines below the front matter, and its values; report keys that are not used."""
    end = _end_of(lines.text)
    if end is None:
        return lines, FrontMatter()
    rest = Lines(lines.text[end:] or [""], lines.origin[end:] or lines.origin[-1:])
    keys = {
        match["key"]: line
        for text, line in zip(lines.text[1 : end - 1], lines.origin[1 : end - 1], strict=True)
        if (match := _KEY.match(text))
    }
    values = _values_of(lines.text[0], lines.text[1 : end - 1])
    used = {
        "title": _one_line(values.get("title")),
        "subtitle": _one_line(values.get("subtitle")),
        "author": _other_authors(_names(values.get("author")), contributors),
        "lang": _one_line(values.get("lang") or values.get("language")),
    }
    if not _LANGUAGE.fullmatch(used["lang"]):
        used["lang"] = ""
    unused = [key for key in values if key not in {*used, "language"}]
    if unused:
        location = SourceLocation(path, keys.get(unused[0], 1))
        findings.add(UNUSED_KEYS, location, keys=", ".join(unused))
    return rest, FrontMatter(used["title"], used["subtitle"], used["author"], used["lang"], keys)


def read_front_matter(text: list[str]) -> tuple[int, dict[str, Any]]:
    """Return the number of lines that a file's front matter has, 0 if it has none; its values."""
    end = _end_of(text)
    if end is None:
        return 0, {}
    values = _values_of(text[0], text[1 : end - 1])
    return end, {str(key): value for key, value in values.items()}


def with_headings(lines: Lines, front_matter: FrontMatter, title_end: int) -> Lines:
    """Return the lines with the title of the front matter, unless they have one, and the rest.

    ``title_end`` is the index after their own title, 0 if they have none.
    """
    out = Lines(lines.text[:title_end], lines.origin[:title_end])
    if title_end == 0 and front_matter.title:
        out.add(f"# {front_matter.title}", front_matter.line_of("title"))
    for key, text in (("subtitle", front_matter.subtitle), ("author", front_matter.author)):
        if text:
            for line in ("", text, f"{{.{key}}}"):
                out.add(line, front_matter.line_of(key))
    if len(out) > title_end:
        out.add("", out.origin[-1])
    return Lines(out.text + lines.text[title_end:], out.origin + lines.origin[title_end:])


def _end_of(text: list[str]) -> int | None:
    """Return the index after the front matter; None if there is none.

    With other text than keys and their values, the line at the head is a scene break. A key may
    have several words, but not the first: "She said: no" begins a scene.
    """
    closing = _FENCES.get(text[0].rstrip(" ")) if text else None
    if closing is None or not text[1:2] or not text[1].strip():
        return None
    if (first := _KEY.match(text[1])) and " " in first["key"]:
        return None
    for index, line in enumerate(text[1:_MOST_LINES], 1):
        if line.rstrip(" ") in closing:
            return index + 1
        if not _KEY.match(line) and not _CONTINUED.match(line):
            return None
    return None


def _values_of(fence: str, text: list[str]) -> dict[str, Any]:
    """Return the keys and values of front matter; line by line where it is not valid.

    A title with a colon is not valid in YAML without quotation marks.
    """
    try:
        source = "\n".join(text)
        values = tomllib.loads(source) if fence[0] == "+" else _load_yaml(source)
    except (tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError, ValueError):
        values = None
    return values if isinstance(values, dict) else dict(_simple_values(text))


def _load_yaml(source: str) -> Any:
    # The base loader makes nothing but texts, lists and mappings.
    return yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506


def _simple_values(text: list[str]) -> Iterator[tuple[str, str]]:
    for line in text:
        if match := _KEY.match(line):
            value = (match["value"] or "").strip()
            is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            yield match["key"], value[1:-1] if is_quoted else value


def _one_line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(value: object) -> list[str]:
    """Return the names of authors: one, a list, or tables that each have a name."""
    values = value if isinstance(value, list) else [value]
    names = (_one_line(v.get("name") if isinstance(v, dict) else v) for v in values)
    return [name for name in names if name]


def _other_authors(names: list[str], contributors: tuple[Contributor, ...]) -> str:
    """Return the names that are not those of the book's contributors, or parts of them."""
    known = [set(person.name.casefold().split()) for person in contributors]
    others = (
        name for name in names if not any(set(name.casefold().split()) <= words for words in known)
    )
    return ", ".join(others)
