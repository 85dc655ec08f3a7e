"""What a text has that a printed book cannot show: remote images, templates, output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from makeready.importing.outline import lines_outside_code, outline_of
from makeready.wording import counted

_REMOTE = re.compile(
    r"!\[[^\]\n]{0,300}\]\([ \t]*<?(https?://[^\s()<>]{1,500})|"
    r"<img\b[^<>]{0,1000}?\bsrc[ \t]*=[ \t]*[\"'](https?://[^\"'\n]{1,500})"
)
_TEMPLATE = re.compile(r"\{\{(?![#<%])[^{}\n]{1,300}\}\}|\{%(?![ \t]*include)[^%\n]{1,300}%\}")
_COMPUTED = re.compile(r"`\{(?:r|python|julia)\}[ \t][^`\n]{1,500}`")
_INLINE_CODE = re.compile(r"`(?:r|python|julia|\{(?:r|python|julia)\})[ \t][^`\n]{1,500}`")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]{1,1000}?(?<!`)\1(?!`)")
_CHUNK = re.compile(r"\{(?:code-cell|[A-Za-z]\w{0,20})\b(?![.:-])")
_EXECUTED = frozenset(
    {"r", "python", "julia", "ojs", "bash", "sh", "sql", "rcpp", "stan", "code-cell", "js", "node"}
)


def code_to_run(text: str) -> list[int]:
    """Return the lines on which blocks of code begin that a tool would run."""
    found = []
    for fence in outline_of(text).fences:
        chunk = _CHUNK.match(fence.info)
        name = re.sub(r"\W.*", "", fence.info.lstrip("{").replace("code-cell", "code_cell"))
        if chunk is not None and name.replace("_", "-").lower() in _EXECUTED:
            found.append(fence.line)
    return found


def not_brought(text: str, *, is_computed: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield the line and the name of each thing in a text that is not brought into a book.

    The third value is whether a build of the book reports it too. ``is_computed``: the tool runs
    what its text has in backquotes after the name of a language.
    """
    lines = text.split("\n")
    templates, computed = [], []
    for index in lines_outside_code(text):
        number, words = index + 1, _CODE_SPAN.sub("", lines[index])
        for match in _REMOTE.finditer(words):
            yield number, f"The image is on a website: {match[1] or match[2]}.", False
        if _TEMPLATE.search(words):
            templates.append(number)
        computing = _INLINE_CODE if is_computed else _COMPUTED
        if computing.search(lines[index]):
            computed.append(number)
    if templates:
        count = counted(len(templates), "line")
        yield templates[0], f"{count} with {{{{ … }}}} or {{% … %}}, which is not filled in.", True
    if computed:
        yield computed[0], f"{counted(len(computed), 'line')} with values that code computes.", True
