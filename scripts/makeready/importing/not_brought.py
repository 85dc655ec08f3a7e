"""What a text has that a printed book cannot show: widgets, remote images, templates, output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from makeready.importing.outline import outline_of
from makeready.wording import counted

_REMOTE = re.compile(
    r"!\[[^\]\n]{0,300}\]\([ \t]*<?(https?://[^\s()<>]{1,500})|"
    r"<img\b[^<>]{0,1000}?\bsrc[ \t]*=[ \t]*[\"'](https?://[^\"'\n]{1,500})"
)
_ACTIVE = re.compile(r"<(script|iframe|video|audio|object|embed|canvas)\b", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{(?![#<%])[^{}\n]{1,300}\}\}|\{%(?![ \t]*include)[^%\n]{1,300}%\}")
_INLINE_CODE = re.compile(r"`(?:r|python|julia|\{(?:r|python|julia)\})[ \t][^`\n]{1,500}`")
_CHUNK = re.compile(r"\{(?:code-cell|[A-Za-z]\w{0,20})\b(?![.:-])")
_EXECUTED = frozenset(
    {"r", "python", "julia", "ojs", "bash", "sh", "sql", "rcpp", "stan", "code-cell", "js", "node"}
)


def not_brought(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the line and the name of each thing in a text that is not brought into a book.

    The third value is whether a build of the book reports it too.
    """
    outline = outline_of(text)
    lines = text.split("\n")
    chunks = []
    for fence in outline.fences:
        found = _CHUNK.match(fence.info)
        name = re.sub(r"\W.*", "", fence.info.lstrip("{").replace("code-cell", "code_cell"))
        if found is not None and name.replace("_", "-").lower() in _EXECUTED:
            chunks.append(fence.line)
        end = fence.line + fence.content.count("\n") + 1
        lines[fence.line - 1 : end] = [""] * len(lines[fence.line - 1 : end])
    if chunks:
        count = counted(len(chunks), "block")
        yield chunks[0], f"{count} of code to run: the code is shown, what it makes is not.", True
    templates, computed = [], []
    for number, line in enumerate(lines, 1):
        for match in _REMOTE.finditer(line):
            yield number, f"The image is on a website: {match[1] or match[2]}.", False
        for match in _ACTIVE.finditer(line):
            yield number, f"<{match[1].lower()}> is left out.", True
        if _TEMPLATE.search(line):
            templates.append(number)
        if _INLINE_CODE.search(line):
            computed.append(number)
    if templates:
        count = counted(len(templates), "line")
        yield templates[0], f"{count} with {{{{ … }}}} or {{% … %}}, which is not filled in.", True
    if computed:
        yield computed[0], f"{counted(len(computed), 'line')} with values that code computes.", True
