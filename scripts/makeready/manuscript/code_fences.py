"""What stands after the mark of a code fence, in the spelling of each tool that has one.

A fence has a language and options: ``rust,ignore``, ``python title="a.py" hl_lines="2 3"``,
``{.python #lst-a .numberLines startFrom="10"}``, ``jsx {1,4-6}``, ``{r, echo=FALSE}``. In a cell of
code that a tool runs, options may be lines at the start: ``#| label: lst-a``. What is not known is
left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from markdown_it.common.utils import unescapeAll
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from makeready.external.diagrams import PROGRAMS

# Braces in the value of an option are no group.
_GROUP = re.compile(
    r"""[=:][ \t]*+(?:"(?:[^"\\]|\\.)*+"|'[^']*+')|\{([^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+)\}"""
)
_OPTION = re.compile(
    r"""(?<![#\w])([A-Za-z][\w.-]*+)[ \t]*+(?:=|:(?=[ \t"']|\S))[ \t]*+"""
    r"""("(?:[^"\\]|\\.)*+"|'[^']*+'|\[[^\]]*+\]|\{[^}]*+\}|[^\s,}]++)"""
)
_NAME = re.compile(r"([.#])((?:[^\s.#,={}]|(?<=\w)[#.](?![\s.#])|[+#]++(?=[\s,]|$))++)")
_LANGUAGE = re.compile(r"(?:language-|lang-)?([^\W\d_][\w+#-]*+)")
FILE_NAME_PATTERN = r"[\w@+~-]*+(?:[./\\][\w@+~-]++)++"
"""Texts that look like the name of a file, with or without its folders."""

_FILE_AFTER_LANGUAGE = re.compile(rf":({FILE_NAME_PATTERN})(?=[\s,]|$)")
"""As Qiita and Zenn have it: ``python:src/app.py``."""
_RANGES = re.compile(r"[\d\s,;:\"'–-]*\d[\d\s,;:\"'–-]*")
_RANGE = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
_CELL_OPTION = re.compile(r"[ \t]*(?:#|//|--|%%|%|;|!|\*)\|[ \t]?([\w.-]+)[ \t]*:[ \t]*(.*)")
_CELL_LINE = re.compile(r"[ \t]*(?:#|//|--|%%|%|;|!|\*)\|")
_FIELD = re.compile(r":([\w-]+):(?:[ \t]+(.*))?")
_YAML_FIELD = re.compile(r"([\w-]+):[ \t]+(.+)")
_YAML_BLOCK = re.compile(r"[|>][+-]?")
_MOST_OPTION_LINES = 100
_DIRECTIVES = frozenset({"code", "code-block", "code-cell", "sourcecode", "literalinclude"})
_FILE_OPTIONS = frozenset({"literalinclude"})
_NO_LANGUAGES = frozenset(
    {"annotate", "lineanchors", "numberlines", "number-lines", "sourcecode", "line-numbers"}
)
_DIAGRAM_TITLES = ("fig-cap", "caption", "title", "cap")
_MARKDOWN_TITLES = ("caption", "lst-cap")
_TITLES = (*_MARKDOWN_TITLES, "title", "label-title")
_FILE_NAMES = ("filename", "file", "file-name")
_IDS = ("id", "lst-label", "name", "label")
_FIRST_NUMBERS = (
    *("startfrom", "start-from", "linenostart", "lineno-start", "starting-line-number"),
    *("number-from", "first-number"),
)
_MARKED_IN_FILE = ("hl_lines", "hl-lines", "highlight", "emphasize-lines", "mark", "marks")
_MARKED = (*_MARKED_IN_FILE, "lines")
"""Of a file that is included, ``lines`` are those that are shown."""
_WITH_NUMBERS = (
    *("linenums", "linenos", "line-numbers", "line_numbers", "showlinenumbers", "lines-numbers"),
    *("code-line-numbers", "numberlines", "number-lines", "number_lines"),
)
_NO = frozenset({"", "0", "false", "no", "off", "none", "f"})
_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
_ATTRIBUTES = re.compile(r"\{[^{}\n]+\}")
_MAX_MARKED = 10_000
_MAX_LETTERS = 1_000
"""The letters of an info or of an option line that are read."""

_SIGNS = {"+": "p", "#": "sharp"}


@dataclass(frozen=True, slots=True)
class CodeFence:
    """What a fence says of its code; ``title`` and ``id`` are empty if it has none.

    ``file_name`` is the name of a file that is shown; ``has_markdown_title`` is whether the title
    is Markdown, and no plain text.
    ``first_number`` is the number of the first line, None if the fence does not say whether lines
    are numbered, 0 if they are not. ``marked`` are the lines to be marked, from 1.
    ``option_lines`` are lines at the start that are options, ``file`` is that of the code.
    ``is_cell`` means that a tool runs the code, and ``is_hidden`` that only its result is shown.
    ``diagram`` is the language of a diagram that is to be drawn, a key of `PROGRAMS`.
    ``is_as_typed`` means that the files that the code names are not included.
    """

    language: str = ""
    title: str = ""
    id: str = ""
    file_name: str = ""
    has_markdown_title: bool = False
    first_number: int | None = None
    marked: frozenset[int] = frozenset()
    option_lines: int = 0
    is_cell: bool = False
    is_hidden: bool = False
    file: str = ""
    diagram: str = ""
    is_as_typed: bool = False
    options: dict[str, str] = field(default_factory=dict)


def read_fence(info: str, lines: Sequence[str], before: str = "") -> CodeFence:
    """Return what a fence's info and its first lines say of its code.

    The info is as it is typed, with escaped signs and references. ``before`` is a list of
    attributes in braces before the fence.
    """
    options: dict[str, str] = {}
    info, before = info[:_MAX_LETTERS], before[:_MAX_LETTERS]
    groups = [match[1] for match in _GROUP.finditer(info) if match[1] is not None]
    rest = _GROUP.sub(lambda match: match[0] if match[1] is None else " ", info).strip()
    language, is_cell, directive = "", False, ""
    for group in groups:
        if _RANGES.fullmatch(group):
            options.setdefault("mark", group)
            continue
        found, is_word = _read_group(group, options)
        if is_word and found in _DIRECTIVES and group.strip() == found:
            directive = found
        elif found:
            language, is_cell = found, is_word
    file = ""
    if directive in _FILE_OPTIONS or (is_cell and language in PROGRAMS and "." in rest):
        file = rest
    elif rest:
        language = _read_words(rest, options) or language
    if before:
        language = language or _read_group(before, options)[0]
    count = 0
    is_diagram_cell = is_cell and language.lower() in PROGRAMS
    if directive or (is_diagram_cell and lines and lines[0].startswith(":")):
        count = _read_fields(lines, options)
    elif is_cell:
        count = _read_cell_options(lines, options)
    is_cell = is_cell or directive == "code-cell"
    language = (options.get("lang") or options.get("format") or language).strip()
    if directive == "literalinclude":
        language = options.get("language") or PurePosixPath(file).suffix[1:]
    if is_diagram_cell:
        file = file or options.pop("file", "")
    if diagram := _diagram_language(language, options, is_cell=is_cell):
        return CodeFence(
            language=class_name(language),
            title=_first(options, _DIAGRAM_TITLES),
            id=_first(options, _IDS),
            option_lines=count,
            file=file,
            diagram=diagram,
            options=options,
        )
    has_caption = _named_first(options, _TITLES) in _MARKDOWN_TITLES
    # A title beside a caption is the name of the file.
    file_names = (*_FILE_NAMES, "title") if has_caption else _FILE_NAMES
    marks = _MARKED if directive not in _FILE_OPTIONS else _MARKED_IN_FILE
    return CodeFence(
        language=class_name(language),
        title=_first(options, _TITLES),
        file_name=_first(options, file_names),
        has_markdown_title=has_caption,
        id=_id_of(options, is_cell=is_cell),
        first_number=_first_number(options),
        marked=frozenset(_numbers_in(_first(options, marks))),
        option_lines=count,
        is_cell=is_cell,
        is_hidden=is_cell and (_is_off(options, "echo") or _is_off(options, "include")),
        file=file,
        is_as_typed=not is_cell and _is_off(options, "eval"),
        options=options,
    )


def attributes_before_fences(state: StateCore) -> None:
    """Put the attributes on the line before a fence into its ``meta``.

    Leanpub has them there: ``{title="a.py", lang=python}``.
    """
    result: list[Token] = []
    for token in state.tokens:
        before = result[-3:]
        if token.type == "fence" and [t.type for t in before] == _PARAGRAPH:
            line = before[1].content
            is_adjacent = before[1].map and token.map and before[1].map[1] == token.map[0]
            if is_adjacent and _ATTRIBUTES.fullmatch(line[:_MAX_LETTERS]):
                token.meta["attributes"] = line[1:-1]
                del result[-3:]
        result.append(token)
    state.tokens = result


def class_name(language: str) -> str:
    """Return a language as the name of a class: ``c++`` is ``cpp``, ``c#`` is ``csharp``."""
    match = _LANGUAGE.match(language)
    name = match[1].rstrip("-") if match else ""
    return "".join(_SIGNS.get(character, character) for character in name)


def _read_words(text: str, options: dict[str, str]) -> str:
    """Read the words of an info without braces; return the language, its first word."""
    first = re.match(r"[^\s,:={}]+", text)
    word = first[0] if first else ""
    rest = text[len(word) :]
    if word and (file := _FILE_AFTER_LANGUAGE.match(rest)):
        options.setdefault("filename", file[1])
        rest = rest[file.end() :]
    if rest.startswith("="):
        word, rest = "", text
    for name, value in _options_in(rest):
        options.setdefault(name, value)
    for flag in re.findall(r"(?<![\w=\"'-])[A-Za-z][\w-]*(?![\w=\"'-])", _OPTION.sub(" ", rest)):
        options.setdefault(flag.lower(), "true" if flag.lower() in _WITH_NUMBERS else flag)
    return unescapeAll(word).lstrip(".")


def _read_group(group: str, options: dict[str, str]) -> tuple[str, bool]:
    """Read a group in braces; return the language, and whether it is a word without a point."""
    text = group.strip().removeprefix(":").lstrip()
    word = re.match(r"([A-Za-z][\w+#-]*)(?=[\s,]|$)", text)
    for name, value in _options_in(text):
        options.setdefault(name, value)
    language = ""
    for sign, name in _NAME.findall(_OPTION.sub(" ", text)):
        if sign == "#":
            options.setdefault("id", name)
        elif name.lower() in _WITH_NUMBERS:
            options.setdefault("linenos", "true")
        elif not language and name.lower() not in _NO_LANGUAGES:
            language = name
    return (word[1], True) if word else (language, False)


def _options_in(text: str) -> Iterator[tuple[str, str]]:
    for name, value in _OPTION.findall(text):
        # The options of knitr have points: fig.cap, lst.cap.
        yield name.lower().replace(".", "-"), unescapeAll(_plain(value))


def _plain(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _read_cell_options(lines: Sequence[str], options: dict[str, str]) -> int:
    """Read option lines such as ``#| label: a``; return their number."""
    count = 0
    for line in lines:
        if not _CELL_LINE.match(line):
            break
        count += 1
        if option := _CELL_OPTION.match(line[:_MAX_LETTERS]):
            options[option[1].lower()] = _plain(option[2])
    return count


def _read_fields(lines: Sequence[str], options: dict[str, str]) -> int:
    """Read the fields of a directive, ``:caption: …``; return the number of their lines."""
    count = _read_yaml(lines, options)
    if count:
        return count
    for line in lines:
        found = _FIELD.fullmatch(line.strip()[:_MAX_LETTERS])
        if found is None:
            break
        options[found[1].lower()] = _plain(found[2] or "") or "true"
        count += 1
    if count and count < len(lines) and not lines[count].strip():
        count += 1
    return count


def _read_yaml(lines: Sequence[str], options: dict[str, str]) -> int:
    """Read the options between lines ``---``; return the number of lines, 0 without such options.

    Those that are nested are about the output of a cell.
    """
    if not lines or lines[0].rstrip() != "---":
        return 0
    block = ""
    for count, line in enumerate(lines[1:_MOST_OPTION_LINES], start=2):
        if line.rstrip() == "---":
            return count
        if found := _YAML_FIELD.fullmatch(line.rstrip()[:_MAX_LETTERS]):
            block = found[1].lower() if _YAML_BLOCK.fullmatch(found[2]) else ""
            options[found[1].lower()] = "" if block else _plain(found[2])
        elif block and line[:1].isspace():
            options[block] = f"{options[block]} {line.strip()}".strip()[:_MAX_LETTERS]
    return 0


def _named_first(options: Mapping[str, str], names: Sequence[str]) -> str:
    return next((name for name in names if options.get(name)), "")


def _first(options: Mapping[str, str], names: Sequence[str]) -> str:
    return options.get(_named_first(options, names), "")


def _is_off(options: Mapping[str, str], name: str) -> bool:
    return name in options and options[name].lower() in _NO


def _id_of(options: Mapping[str, str], *, is_cell: bool) -> str:
    """Return the id; the label of a cell is one only if it is that of a listing."""
    if is_cell:
        label = _first(options, ("lst-label", "label", "id"))
        return label if label.startswith("lst-") else ""
    return _first(options, _IDS)


def _diagram_language(language: str, options: Mapping[str, str], *, is_cell: bool) -> str:
    """Return the language of a diagram; an empty text for code that is to be shown as such."""
    name = language.lower()
    is_shown = _is_off(options, "eval") or _first(options, _IDS).startswith("lst-")
    if name not in PROGRAMS or is_shown or any(option in options for option in _WITH_NUMBERS):
        return ""
    return name if is_cell or name != "uml" else ""


def _first_number(options: Mapping[str, str]) -> int | None:
    start = _first(options, _FIRST_NUMBERS)
    if re.fullmatch(r"\d{1,6}", start):
        return int(start)
    said = [options[name] for name in _WITH_NUMBERS if name in options]
    if not said:
        return 0 if "no-line-numbers" in options else None
    if re.fullmatch(r"[1-9]\d{0,5}", said[0]):
        return int(said[0])
    return 0 if said[0].lower() in _NO else 1


def _numbers_in(text: str) -> Iterator[int]:
    """Yield the numbers of ranges such as ``1,4-6`` or ``1 4-6``."""
    left = _MAX_MARKED
    for first, last in _RANGE.findall(text):
        for number in range(int(first), int(last or first) + 1):
            if left == 0:
                return
            left -= 1
            yield number
